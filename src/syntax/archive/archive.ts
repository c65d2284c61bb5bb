/** Files that hold others, in one shape: what is inside, and how to pack it again. */

import { type ArMember, readAr, writeAr } from './ar.ts';
import { type Packing, type ReadCompressed, repack } from './compressed.ts';
import { readTar, type TarMember, writeTar } from './tar.ts';
import { type Unopened, unsupported } from './unopened.ts';
import { isWheelRecord, repairRecord } from './wheel-record.ts';
import { readZip, type Zip, type ZipMember } from './zip.ts';
import { writeZip } from './zip-writer.ts';

export interface ArchiveMember {
  /** Path of the inner file: as it stands in the archive; for a compressed file, its own without the extension. */
  readonly name: string;
  readonly contents: Buffer;
  /** Where its contents stand in the archive, packed or as they are. */
  readonly start: number;
  readonly end: number;
}

/** Why the archive was not written. */
export interface NotWritten {
  readonly reason: string;
}

export interface Archive {
  readonly members: readonly ArchiveMember[];
  /** Whether contents stand in the archive as they are. */
  readonly plain: boolean;
  /** Members that could not be read, though others can. */
  readonly skipped: readonly { readonly name: string; readonly why: Unopened }[];
  /** Why no member may change, though it can be read. */
  readonly sealed: string | undefined;
  /** Whether only linkers read it. */
  readonly forLinkers: boolean;
  /** Packs again; members that are not in the map keep their bytes. */
  write(changed: ReadonlyMap<ArchiveMember, Buffer>, packing: Packing): Promise<Buffer | NotWritten>;
}

const plain = { plain: true, sealed: undefined, forLinkers: false };

const written = (result: Buffer | string): Buffer | NotWritten =>
  typeof result === 'string' ? { reason: result } : result;

export function openTar(bytes: Buffer): Archive | Unopened {
  const tar = readTar(bytes);
  if ('code' in tar) return tar;
  return {
    ...plain,
    members: tar.members,
    skipped: tar.sparse.map((name) => ({ name, why: unsupported('it is a sparse file') })),
    write: async (changed) => written(writeTar(bytes, changed as ReadonlyMap<TarMember, Buffer>)),
  };
}

export function openAr(bytes: Buffer): Archive | Unopened {
  const ar = readAr(bytes);
  if ('code' in ar) return ar;
  return {
    ...plain,
    members: ar.members,
    skipped: [],
    sealed: ar.debian ? 'a package of Debian lists the hashes of its files' : undefined,
    forLinkers: !ar.debian,
    write: async (changed) => written(writeAr(bytes, changed as ReadonlyMap<ArMember, Buffer>)),
  };
}

/**
 * Signatures: of jars (JAR File Specification, "Signed JAR File"), wheels (PEP 427), Office and OpenDocument files, NuGet
 * packages.
 */
const signature = new RegExp(
  [
    '^META-INF/[^/]+\\.(?:SF|RSA|DSA|EC)$',
    '^[^/]+\\.dist-info/RECORD\\.(?:jws|p7s)$',
    '^_xmlsignatures/',
    '^META-INF/documentsignatures\\.xml$',
    '^\\.signature\\.p7s$',
  ].join('|'),
  'i',
);

/** Before the central directory (Android, "APK Signature Scheme v2"). */
const BLOCK_SIGNATURE = 'APK Sig Block 42';

function zipSeal({ bytes, members, skipped, centralStart, isZip64 }: Zip): string | undefined {
  const names = [...members, ...skipped].map(({ name }) => name);
  const hasBlock = bytes.toString('latin1', centralStart - BLOCK_SIGNATURE.length, centralStart) === BLOCK_SIGNATURE;
  if (hasBlock || names.some((name) => signature.test(name))) return 'the archive is signed';
  return isZip64 ? 'it has ZIP64 headers, which are read but not written' : undefined;
}

export function openZip(bytes: Buffer, limit: number): Archive | Unopened {
  const zip = readZip(bytes, limit);
  if ('code' in zip) return zip;
  return {
    members: zip.members,
    plain: false,
    skipped: zip.skipped,
    sealed: zipSeal(zip),
    forLinkers: false,
    async write(changed, packing) {
      const all = new Map(changed as ReadonlyMap<ZipMember, Buffer>);
      const byName = new Map([...changed].map(([{ name }, contents]) => [name, contents]));
      for (const member of zip.members.filter(({ name }) => isWheelRecord(name))) {
        const repaired = repairRecord(all.get(member) ?? member.contents, byName);
        if ('reason' in repaired) return repaired;
        all.set(member, repaired.record);
      }
      return writeZip(zip, all, packing);
    },
  };
}

const extensions: readonly (readonly [RegExp, string])[] = [
  [/\.t(?:gz|xz|zst|bz2?)$/i, '.tar'],
  [/\.svgz$/i, '.svg'],
  [/\.(?:gz|xz|zst|bz2)$/i, ''],
];

function innerName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [pattern, extension] = extensions.find(([ending]) => ending.test(name)) ?? [];
  return pattern === undefined ? name : name.replace(pattern, extension as string);
}

export function openCompressed(read: ReadCompressed, path: string, bytes: Buffer, limit: number): Archive | Unopened {
  const compressed = read(bytes, limit);
  if ('code' in compressed) return compressed;
  const member = { name: innerName(path), contents: compressed.contents, start: 0, end: bytes.length };
  return {
    members: [member],
    plain: false,
    skipped: [],
    sealed: compressed.sealed,
    forLinkers: false,
    write: (changed, packing) => repack(bytes, compressed, changed.get(member) ?? member.contents, packing),
  };
}
