/** What a file is, by its first bytes: as much as decides whether bytes in it may change without breaking it. */

/** How a format takes a change of bytes that keeps the length. */
export type Tolerance =
  /** Readers look at the bytes alone. */
  | 'sound'
  /** Checksums or compression cover the bytes. */
  | 'checked'
  /** Members may be of any kind, and headers may have checksums. */
  | 'container'
  | 'unknown';

export interface FileFormat {
  readonly name: string;
  readonly tolerance: Tolerance;
}

interface Signature {
  readonly offset: number;
  readonly bytes: string;
  readonly format: FileFormat;
}

const sound = (name: string): FileFormat => ({ name, tolerance: 'sound' });
const checked = (name: string): FileFormat => ({ name, tolerance: 'checked' });
const container = (name: string): FileFormat => ({ name, tolerance: 'container' });

const signatures: readonly Signature[] = [
  { offset: 0, bytes: '\x1f\x8b', format: checked('gzip') },
  { offset: 0, bytes: 'PK\x03\x04', format: checked('zip') },
  { offset: 0, bytes: 'PK\x05\x06', format: checked('zip') },
  { offset: 0, bytes: '\xfd7zXZ\x00', format: checked('xz') },
  { offset: 0, bytes: '\x28\xb5\x2f\xfd', format: checked('zstd') },
  { offset: 0, bytes: 'BZh', format: checked('bzip2') },
  { offset: 0, bytes: '\x89PNG\r\n', format: checked('PNG') },
  { offset: 0, bytes: 'hsqs', format: checked('squashfs') },
  { offset: 0, bytes: 'PACK', format: checked('git pack') },
  { offset: 0, bytes: 'GIF8', format: checked('GIF') },
  { offset: 0, bytes: '7z\xbc\xaf\x27\x1c', format: checked('7z') },
  { offset: 0, bytes: '\xca\xfe\xba\xbe', format: sound('Java class') },
  { offset: 0, bytes: '!<thin>\n', format: container('ar archive') },
  { offset: 0, bytes: '!<arch>\n', format: container('ar archive') },
  { offset: 0, bytes: 'SQLite format 3\0', format: sound('SQLite database') },
  { offset: 0, bytes: '\xde\x12\x04\x95', format: sound('GNU message catalogue') },
  { offset: 0, bytes: '\x95\x04\x12\xde', format: sound('GNU message catalogue') },
  { offset: 0, bytes: 'GOBJ\nMETADATA\r\n\x1a', format: sound('GObject typelib') },
  { offset: 0, bytes: 'GVariant', format: sound('GVariant database') },
  { offset: 0, bytes: ';ELC', format: sound('Emacs bytecode') },
  { offset: 257, bytes: 'ustar', format: container('tar archive') },
];

/** CPython's magic numbers end in CR LF (Lib/importlib/_bootstrap_external.py). */
function isPythonBytecode(head: Buffer, path: string): boolean {
  return path.endsWith('.pyc') && head.length >= 16 && head[2] === 0x0d && head[3] === 0x0a;
}

/** Recognises binary formats; undefined for text: no NUL in the first bytes. */
export function binaryFormat(head: Buffer, path: string): FileFormat | undefined {
  if (isPythonBytecode(head, path)) return sound('CPython bytecode');
  const text = head.toString('latin1');
  const known = signatures.find(({ offset, bytes }) => text.startsWith(bytes, offset));
  if (known !== undefined) return known.format;
  return head.includes(0) ? { name: 'binary', tolerance: 'unknown' } : undefined;
}
