/**
 * Compressed files: one text, in one or several pieces that can each be unpacked alone (members of gzip, streams of xz and
 * bzip2, frames of zstd). What is packed again are the pieces that change.
 */

import type { Unopened } from './unopened.ts';

/** Half-open, in bytes: where it stands in the file, and in the contents. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/**
 * How to pack: as small as it gets, or in such a way that Nix sees what it saw before. `stored` leaves all contents
 * visible in the packed bytes.
 */
export type Packing = 'packed' | 'stored';

export interface Compressed {
  readonly contents: Buffer;
  readonly pieces: readonly Piece[];
  /** Why it may not be packed again. */
  readonly sealed?: string | undefined;
  /** Packs contents in the manner of one of the pieces: with its header, name, time and kind of checksum. */
  pack(piece: Piece, contents: Buffer, packing: Packing): Buffer | Promise<Buffer>;
}

/** Unpacks a whole file: at most `limit` bytes. */
export type ReadCompressed = (bytes: Buffer, limit: number) => Compressed | Unopened;

/** The piecewise changes: where old and new contents have the same length each piece stands for itself. */
function changedPieces({ contents, pieces }: Compressed, after: Buffer): { piece: Piece; last: Piece; to: number }[] {
  const shift = after.length - contents.length;
  const isSame = ({ from, to }: Piece, by: number) =>
    contents.subarray(from, to).equals(after.subarray(Math.max(0, from + by), Math.max(0, to + by)));
  if (shift === 0) {
    return pieces.filter((piece) => !isSame(piece, 0)).map((piece) => ({ piece, last: piece, to: piece.to }));
  }
  const first = pieces.findIndex((piece) => !isSame(piece, 0));
  const piece = pieces[first] ?? pieces.at(-1);
  if (piece === undefined) return [];
  let last = pieces.length - 1;
  while (last > Math.max(first, 0) && isSame(pieces[last] as Piece, shift)) last--;
  const end = pieces[last] as Piece;
  return [{ piece, last: end, to: end.to + shift }];
}

/** The file again, with other contents; pieces in which nothing changes keep their bytes. */
export async function repack(bytes: Buffer, compressed: Compressed, after: Buffer, packing: Packing): Promise<Buffer> {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { piece, last, to } of changedPieces(compressed, after)) {
    parts.push(bytes.subarray(at, piece.start), await compressed.pack(piece, after.subarray(piece.from, to), packing));
    at = last.end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
