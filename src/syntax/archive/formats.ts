/** Which files hold others, by their first bytes. */

import { isAr } from './ar.ts';
import { type Archive, openAr, openCompressed, openTar, openZip } from './archive.ts';
import { isBzip2, readBzip2 } from './bzip2.ts';
import { isGzip, readGzip } from './gzip.ts';
import { isTar } from './tar.ts';
import type { Unopened } from './unopened.ts';
import { isXz, readXz } from './xz.ts';
import { isZip } from './zip.ts';
import { isZstd, readZstd } from './zstd.ts';

export interface ArchiveFormat {
  /** As people call it. */
  readonly name: string;
  readonly is: (head: Buffer) => boolean;
  /** Whether contents stand in it as they are. */
  readonly plain?: true;
  /** Unpacks at most `limit` bytes. Without it, the format is known by name only. */
  readonly open?: (path: string, bytes: Buffer, limit: number) => Archive | Unopened;
}

/** Bytes that `formatOf` has to see. */
export const HEAD_LENGTH = 512;

const startsWith = (magic: string, at = 0) => {
  const bytes = Buffer.from(magic, 'latin1');
  return (head: Buffer) => head.subarray(at, at + bytes.length).equals(bytes);
};

/** A zip file behind a shebang, as Python's zipapp makes it. */
const isZipBehindScript = (head: Buffer) =>
  head[0] === 0x23 && head[1] === 0x21 && head.indexOf('\nPK\x03\x04', 2, 'latin1') === head.indexOf(0x0a);

const formats: readonly ArchiveFormat[] = [
  { name: 'gzip', is: isGzip, open: (path, bytes, limit) => openCompressed(readGzip, path, bytes, limit) },
  { name: 'xz', is: isXz, open: (path, bytes, limit) => openCompressed(readXz, path, bytes, limit) },
  { name: 'zstd', is: isZstd, open: (path, bytes, limit) => openCompressed(readZstd, path, bytes, limit) },
  { name: 'bzip2', is: isBzip2, open: (path, bytes, limit) => openCompressed(readBzip2, path, bytes, limit) },
  { name: 'zip', is: isZip, open: (_path, bytes, limit) => openZip(bytes, limit) },
  { name: 'ar archive', is: isAr, plain: true, open: (_path, bytes) => openAr(bytes) },
  { name: 'tar archive', is: isTar, plain: true, open: (_path, bytes) => openTar(bytes) },
  { name: '7z archive', is: startsWith('7z\xbc\xaf\x27\x1c') },
  { name: 'squashfs image', is: startsWith('hsqs') },
  { name: 'AppImage', is: (head) => startsWith('\x7fELF')(head) && startsWith('AI\x02', 8)(head) },
  { name: 'RPM package', is: startsWith('\xed\xab\xee\xdb') },
  { name: 'lzip', is: startsWith('LZIP\x01') },
  { name: 'lz4', is: startsWith('\x04\x22\x4d\x18') },
  { name: 'lzop', is: startsWith('\x89LZO\x00\x0d\x0a\x1a\x0a') },
  { name: 'compress', is: startsWith('\x1f\x9d') },
  { name: 'cabinet', is: startsWith('MSCF\0\0\0\0') },
  { name: 'RAR archive', is: startsWith('Rar!\x1a\x07') },
  { name: 'Java module', is: startsWith('JM\x01\x00PK') },
  { name: 'zip behind a script', is: isZipBehindScript },
];

/** First bytes of all formats but tar: most files are none, and that is quickly told. */
const firstBytes = new Uint8Array(256);
for (const byte of Buffer.from('\x1f\xfd\x28BP!7h\x7f\xedL\x04\x89MRJ#', 'latin1')) firstBytes[byte] = 1;

/** The format of a file that begins like this; undefined for all others. */
export function formatOf(head: Buffer): ArchiveFormat | undefined {
  // 257: "ustar".
  if (firstBytes[head[0] ?? 0] === 0 && head[257] !== 0x75) return undefined;
  return formats.find(({ is }) => is(head));
}
