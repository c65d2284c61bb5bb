/** RECORD of an installed Python package: a line of comma-separated values for each file (packaging.python.org, "Recording installed projects"). */

import { posix } from 'node:path';

/** Part of the text; offsets of bytes. */
interface Field {
  readonly start: number;
  readonly text: string;
}

export interface RecordRow {
  readonly start: number;
  readonly end: number;
  /** Without quotes. */
  readonly path: string;
  /** `<algorithm>=<digest>`, base64 for URLs without padding. */
  readonly hash: Field;
  /** Bytes, in decimal. */
  readonly size: Field;
}

export function isRecord(path: string): boolean {
  return /(?:^|\/)[^/]+\.dist-info\/RECORD$/.test(path);
}

/** Where the files of a record are counted from: the directory that holds the package's own one; no slash at its end. */
export function recordBase(path: string): string {
  return posix.join(posix.dirname(path), '..').replace(/^\.$/, '');
}

const ROW = /(?:"((?:[^"]|"")*)"|([^",\r\n]*)),([^",\r\n]*),([^",\r\n]*)(?=\r?\n|$)/y;

/** Rows of three fields; other lines are left out. */
export function recordRows(text: string): RecordRow[] {
  const rows: RecordRow[] = [];
  for (let at = 0; at < text.length; ) {
    ROW.lastIndex = at;
    const row = ROW.exec(text);
    if (row !== null) {
      const [whole, quoted, plain, hash, size] = row as unknown as [string, string?, string?, string?, string?];
      const end = at + whole.length;
      const sizeStart = end - (size as string).length;
      rows.push({
        start: at,
        end,
        path: quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'),
        hash: { start: sizeStart - 1 - (hash as string).length, text: hash as string },
        size: { start: sizeStart, text: size as string },
      });
    }
    const next = text.indexOf('\n', row === null ? at : ROW.lastIndex);
    at = next < 0 ? text.length : next + 1;
  }
  return rows;
}
