/**
 * Strings that a compiler has split into the operands of instructions. GCC and clang copy a short constant string by
 * `movabs $imm64, %reg` (REX.W B8+r io; Intel SDM volume 2, "MOV") and a store, eight bytes at a time: the string
 * stands in the file in pieces with opcodes between them, where no scan for its bytes finds it, Nix's own included.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import type { Occurrence, SplitPiece } from '../../store/scan.ts';
import { DIGEST_LENGTH, isDigestAt, isStoreNameByte, type StoreDir } from '../../store/store-path.ts';
import { EM_X86_64, PF_X, PT_LOAD } from './constants.ts';
import type { ElfFile } from './file.ts';

/** Bytes of one operand. */
const OPERAND = 8;
/** Bytes of `movabs` before its operand. */
const OPCODE = 2;
/** How far behind an operand the next one, or its own store, may stand: compilers load two registers, then store both. */
const MAX_GAP = 40;
/** Bytes of a path that are put together at most. */
const LONGEST = 1024;
/** So many bytes of the store directory must stand in the first operand: less is chance. */
const LEAST = 4;
const CHUNK = 4 * 1024 * 1024;
/** No split path spans more code than this. */
const SPAN = (LONGEST / OPERAND) * (OPERAND + MAX_GAP);

interface Operand {
  /** Where its bytes stand. */
  readonly at: number;
  /** Where in memory it is stored, relative to the register that the store goes by. */
  readonly memory: number;
}

const isOperandAt = (bytes: Buffer, at: number) =>
  at >= OPCODE &&
  at + OPERAND <= bytes.length &&
  ((bytes[at - 2] as number) & 0xf8) === 0x48 &&
  ((bytes[at - 1] as number) & 0xf8) === 0xb8;

/** The displacement of `mov %reg, disp(...)` at `at`, if that is what stands there (REX.W 89 /r). */
function storeOf(bytes: Buffer, at: number, register: number): number | undefined {
  const rex = bytes[at] as number;
  const modrm = bytes[at + 2] as number;
  if ((rex & 0xf8) !== 0x48 || bytes[at + 1] !== 0x89) return undefined;
  if ((((rex & 4) << 1) | ((modrm >> 3) & 7)) !== register) return undefined;
  const mode = modrm >> 6;
  const displacementAt = at + 3 + ((modrm & 7) === 4 ? 1 : 0);
  if (mode === 0) return 0;
  if (mode === 1 && displacementAt < bytes.length) return bytes.readInt8(displacementAt);
  if (mode === 2 && displacementAt + 4 <= bytes.length) return bytes.readInt32LE(displacementAt);
  return undefined;
}

/** The operand at `at` with the place that it is stored to. */
function operandAt(bytes: Buffer, at: number): Operand | undefined {
  if (!isOperandAt(bytes, at)) return undefined;
  const register = (((bytes[at - 2] as number) & 1) << 3) | ((bytes[at - 1] as number) & 7);
  for (let next = at + OPERAND; next <= Math.min(at + OPERAND + MAX_GAP, bytes.length - 4); next++) {
    const memory = storeOf(bytes, next, register);
    if (memory !== undefined) return { at, memory };
  }
  return undefined;
}

/** The operands of one split string in the order of the code, the first one at `first`. */
function operandsFrom(bytes: Buffer, first: number): Operand[] {
  const operands: Operand[] = [];
  for (let at: number | undefined = first; at !== undefined && operands.length < LONGEST / OPERAND; ) {
    const operand = operandAt(bytes, at);
    const byte = bytes[at] as number;
    if (operand === undefined || byte <= 0x20 || byte >= 0x7f) break;
    // What is stored elsewhere belongs to another string.
    const before = operands.at(-1)?.memory;
    if (before !== undefined && (operand.memory <= before || operand.memory > before + OPERAND)) break;
    operands.push(operand);
    at = nextOperand(bytes, at);
  }
  return operands;
}

/** The offset of the operand that follows the one at `at`. */
function nextOperand(bytes: Buffer, at: number): number | undefined {
  for (let next = at + OPERAND + OPCODE; next <= at + OPERAND + MAX_GAP; next++) {
    if (isOperandAt(bytes, next)) return next;
  }
  return undefined;
}

/**
 * The string as it is in memory afterwards: the last operands may overlap those before them. It ends where nothing is
 * stored, since shorter operands (`movl`, `movw`) are not followed.
 */
function textOf(bytes: Buffer, operands: readonly Operand[]): Buffer {
  const start = operands[0]?.memory ?? 0;
  const text = Buffer.alloc(LONGEST);
  const isSet = new Uint8Array(LONGEST);
  for (const { at, memory } of operands) {
    const to = memory - start;
    if (to < 0 || to + OPERAND > LONGEST) continue;
    bytes.copy(text, to, at, at + OPERAND);
    isSet.fill(1, to, to + OPERAND);
  }
  const end = isSet.indexOf(0);
  return text.subarray(0, end < 0 ? LONGEST : end);
}

function baseNameIn(text: Buffer, at: number): string {
  let end = at + DIGEST_LENGTH;
  if (text[end] === 0x2d && isStoreNameByte(text[end + 1] ?? 0)) {
    end++;
    while (end < text.length && isStoreNameByte(text[end] as number)) end++;
  }
  return text.toString('latin1', at, end);
}

/** Where the bytes `[at, at + length)` of the string stand; those that overlapping operands hold twice are given twice. */
function piecesOf(operands: readonly Operand[], at: number, length: number): SplitPiece[] {
  const start = operands[0]?.memory ?? 0;
  return operands.flatMap((operand) => {
    const begins = operand.memory - start;
    const from = Math.max(at, begins);
    const to = Math.min(at + length, begins + OPERAND);
    return to > from ? [{ offset: operand.at + from - begins, length: to - from, from: from - at }] : [];
  });
}

/** The split path whose first byte stands at `start`, if one does; offsets are those of the given bytes. */
function splitPathAt(bytes: Buffer, start: number, dir: StoreDir): Occurrence | undefined {
  for (let first = start; first >= start - (OPERAND - LEAST); first--) {
    if (!isOperandAt(bytes, first)) continue;
    const operands = operandsFrom(bytes, first);
    const text = textOf(bytes, operands);
    const at = start - first;
    const digestAt = at + dir.needle.length;
    if (digestAt + DIGEST_LENGTH > text.length || !isDigestAt(text, digestAt)) continue;
    if (text.compare(dir.needle, 0, dir.needle.length, at, digestAt) !== 0) continue;
    const baseName = baseNameIn(text, digestAt);
    const end = text.indexOf(0);
    return {
      offset: start,
      digest: baseName.slice(0, DIGEST_LENGTH),
      baseName,
      split: {
        pieces: piecesOf(operands, at, dir.path.length),
        digestPieces: piecesOf(operands, digestAt, DIGEST_LENGTH),
        text: text.toString('latin1', at, end < 0 ? text.length : end),
      },
    };
  }
  return undefined;
}

/**
 * Every store path that stands in operands of the program's code, by the offset of its first byte in the file.
 * x86-64 only: AArch64 loads such strings from .rodata, where they are whole.
 */
export function splitPaths(source: ByteSource, elf: ElfFile, dir: StoreDir): Occurrence[] {
  if (elf.machine !== EM_X86_64) return [];
  const found = new Map<number, Occurrence>();
  const beginning = dir.needle.subarray(0, LEAST);
  for (const { type, flags, offset, filesz } of elf.segments) {
    if (type !== PT_LOAD || (flags & PF_X) === 0) continue;
    const end = Math.min(offset + filesz, source.size);
    for (let start = offset; start < end; start += CHUNK) {
      const lead = Math.min(start - offset, OPERAND + 2);
      const bytes = source.read(start - lead, Math.min(lead + CHUNK + SPAN, end - start + lead));
      const base = start - lead;
      for (
        let at = bytes.indexOf(beginning, lead);
        at >= 0 && at < lead + CHUNK;
        at = bytes.indexOf(beginning, at + 1)
      ) {
        const path = splitPathAt(bytes, at, dir);
        if (path?.split === undefined) continue;
        const moved = (pieces: readonly SplitPiece[]) =>
          pieces.map((piece) => ({ ...piece, offset: base + piece.offset }));
        const { pieces, digestPieces, text } = path.split;
        const split = { pieces: moved(pieces), digestPieces: moved(digestPieces), text };
        found.set(base + at, { ...path, offset: base + at, split });
      }
    }
  }
  return [...found.values()];
}
