/** Files that hold others, in one shape: what is inside, and how to pack it again. */

import { isGzip, readGzip, writeGzip } from './gzip.ts';
import { isZip, readZip, writeZip, type ZipMember } from './zip.ts';

export interface ContainerMember {
  /** Path of the inner file: as it stands in the archive; for a compressed file, its own without the extension. */
  readonly name: string;
  readonly contents: Buffer;
}

export interface Container {
  readonly members: readonly ContainerMember[];
  /** Why no member may change, though all can be read. */
  readonly sealed: string | undefined;
  /** Packs again; members that are not in the map keep their bytes. */
  write(changed: ReadonlyMap<ContainerMember, Buffer>): Buffer;
}

export function isContainerHead(head: Buffer): boolean {
  return isGzip(head) || isZip(head);
}

/** Signatures of jars (JAR File Specification, "Signed JAR File"), and the hashes of wheels (PEP 427). */
const signature = /^META-INF\/[^/]+\.(?:SF|RSA|DSA|EC)$/i;
const record = /^[^/]+\.(?:dist-info\/RECORD)$/;

/** @param limit most bytes of contents; @returns undefined for what is not looked into */
export function readContainer(path: string, bytes: Buffer, limit: number): Container | undefined {
  if (isZip(bytes)) {
    const zip = readZip(bytes, limit);
    return (
      zip && {
        members: zip.members,
        sealed: zip.members.some(({ name }) => signature.test(name) || record.test(name))
          ? 'the archive is signed, or lists the hashes of its members'
          : undefined,
        write: (changed) => writeZip(zip, changed as ReadonlyMap<ZipMember, Buffer>),
      }
    );
  }
  const gzip = readGzip(bytes, limit);
  if (gzip === undefined) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, '');
  const member: ContainerMember = { name, contents: gzip.contents };
  return {
    members: [member],
    sealed: undefined,
    write: (changed) => writeGzip(gzip, changed.get(member) ?? gzip.contents),
  };
}
