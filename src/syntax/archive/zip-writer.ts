/** Zip files with other contents of some members; every byte that need not change stays. */

import { crc32 } from 'node:zlib';
import type { Packing } from './compressed.ts';
import { deflate } from './deflate.ts';
import { STORED, type Zip, type ZipMember } from './zip.ts';

/** A file that is no ZIP64 one. */
export function writeZip(zip: Zip, changed: ReadonlyMap<ZipMember, Buffer>, packing: Packing): Buffer {
  const { bytes, centralStart, endRecord } = zip;
  const parts: Buffer[] = [];
  const tail = Buffer.from(bytes.subarray(centralStart));
  const byLocal = new Map([...changed].map(([member, contents]) => [member.local, { member, contents }] as const));
  let from = 0;
  let shift = 0;
  for (const { local, central } of zip.places) {
    tail.writeUInt32LE(local + shift, central - centralStart + 42);
    const change = byLocal.get(local);
    if (change === undefined) continue;
    const { member, contents } = change;
    const data = member.method === STORED ? contents : deflate(contents, packing);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(contents), 0);
    sums.writeUInt32LE(data.length, 4);
    sums.writeUInt32LE(contents.length, 8);
    sums.copy(tail, central - centralStart + 16);
    const header = Buffer.from(bytes.subarray(from, member.start));
    if (member.descriptor === undefined) sums.copy(header, local + 14 - from);
    parts.push(header, data);
    from = member.end;
    if (member.descriptor !== undefined) {
      parts.push(bytes.subarray(from, member.descriptor.start), sums);
      from = member.descriptor.end;
    }
    shift += data.length - (member.end - member.start);
  }
  tail.writeUInt32LE(centralStart + shift, endRecord - centralStart + 16);
  return Buffer.concat([...parts, bytes.subarray(from, centralStart), tail]);
}
