/**
 * Writes LZMA2 (LZMA SDK, "LZMA specification"), with the same bytes for the same contents everywhere. Matches are found by
 * chains of hashes and taken greedily, with one look ahead: up to a fifth larger than `xz -6` makes them.
 */

import * as model from './lzma-model.ts';
import { matchFinder } from './match-finder.ts';

const { MOVE_BITS, PROBABILITY_BITS, TOP } = model;
const FULL = 1 << PROBABILITY_BITS;

/** lc = 3, lp = 0, pb = 2: what xz takes, too. */
const LITERAL_CONTEXT = 3;
const POSITION_MASK = 3;
const PROPERTIES = (2 * 5 + 0) * 9 + LITERAL_CONTEXT;

/** Bounds of a chunk: sizes are written in 16 and 21 bits. */
const MOST_PACKED = 1 << 16;
const MOST_UNPACKED = 1 << 21;
/** What one symbol takes at most, and the end of the range coder, bytes. */
const SPARE = 64;
const MOST_STORED = 1 << 16;

/** A match further back than this is not looked for, bytes. */
const REACH = 1 << 25;

/** Matches of three bytes pay off only when they are near. */
const NEAR = 1 << 12;

/**
 * Packs contents.
 *
 * @param dictionary how far back a match may reach, bytes
 */
export function encodeLzma2(contents: Buffer, dictionary: number): Buffer {
  const encoder = new Encoder(contents, Math.min(dictionary, REACH));
  const chunks: Buffer[] = [];
  for (let at = 0; at < contents.length; ) {
    const { size, data } = encoder.chunk();
    const header = Buffer.alloc(at === 0 ? 6 : 5);
    // The first one resets everything, the others nothing.
    header[0] = (at === 0 ? 0xe0 : 0x80) | ((size - 1) >>> 16);
    header.writeUInt16BE((size - 1) & 0xffff, 1);
    header.writeUInt16BE(data.length - 1, 3);
    if (at === 0) header[5] = PROPERTIES;
    chunks.push(header, data);
    at += size;
  }
  return Buffer.concat([...chunks, Buffer.from([0])]);
}

/** The contents as they are, in chunks. */
export function storeLzma2(contents: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < contents.length; at += MOST_STORED) {
    const data = contents.subarray(at, at + MOST_STORED);
    const header = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    header.writeUInt16BE(data.length - 1, 1);
    chunks.push(header, data);
  }
  return Buffer.concat([...chunks, Buffer.from([0])]);
}

interface Chunk {
  /** Bytes of contents. */
  readonly size: number;
  readonly data: Buffer;
}

/** What is coded next: a match of `length` bytes at one of the last four distances, at a new one, or (length 1) a byte. */
interface Symbol {
  readonly length: number;
  /** From 0, as it is coded. */
  readonly distance: number;
  /** Which of the last four distances it is; -1 for a new one. */
  readonly repeat: number;
}

const LITERAL: Symbol = { length: 1, distance: 0, repeat: -1 };

class Encoder {
  private readonly bytes: Buffer;
  private readonly probabilities = new Uint16Array(model.probabilitiesOf(LITERAL_CONTEXT)).fill(model.HALF);
  private readonly repeats = new Uint32Array(4);
  private readonly finder: ReturnType<typeof matchFinder>;
  private state = 0;
  private at = 0;
  /** What was found one byte ahead; right as long as a literal comes before it. */
  private ahead: Symbol | undefined;
  private readonly out = Buffer.alloc(MOST_PACKED + SPARE);
  private written = 0;
  private low = 0;
  private width = 0xffffffff;
  private held = 0;
  private heldCount = 1;

  constructor(bytes: Buffer, dictionary: number) {
    this.bytes = bytes;
    this.finder = matchFinder(bytes, dictionary, model.MAX_MATCH);
  }

  chunk(): Chunk {
    const start = this.at;
    this.written = 0;
    this.low = 0;
    this.width = 0xffffffff;
    this.held = 0;
    this.heldCount = 1;
    const { bytes } = this;
    while (
      this.at < bytes.length &&
      this.at - start <= MOST_UNPACKED - model.MAX_MATCH &&
      this.written + this.heldCount <= MOST_PACKED - SPARE
    ) {
      const symbol = this.choose();
      this.put(symbol);
      this.finder.skipTo(this.at + symbol.length);
      this.at += symbol.length;
    }
    for (let i = 0; i < 5; i++) this.shift();
    return { size: this.at - start, data: Buffer.from(this.out.subarray(0, this.written)) };
  }

  /** The best match at a place, as far as one can tell without trying. */
  private best(at: number): Symbol {
    const { bytes, repeats, finder } = this;
    let best = LITERAL;
    for (let i = 0; i < 4; i++) {
      const length = finder.matchLength(at, repeats[i] as number);
      if (length >= model.MIN_MATCH && length > best.length)
        best = { length, distance: repeats[i] as number, repeat: i };
    }
    if (best.length === model.MAX_MATCH || at + 3 > bytes.length) return best;
    const { length, distance } = finder.longest(at);
    // A new distance costs some two bytes more than one that is known.
    if (length < 3 || (length === 3 && distance >= NEAR)) return best;
    return length > best.length + 1 ? { length, distance, repeat: -1 } : best;
  }

  private choose(): Symbol {
    const here = this.ahead ?? this.best(this.at);
    this.ahead = undefined;
    if (here.length === 1) return this.single();
    if (here.length >= 64 || this.at + here.length >= this.bytes.length) return here;
    const next = this.best(this.at + 1);
    if (next.length <= here.length + (next.repeat < 0 && here.repeat >= 0 ? 1 : 0)) return here;
    this.ahead = next;
    return LITERAL;
  }

  /** One byte: where it is the one at the last distance, that is shorter. */
  private single(): Symbol {
    const from = this.at - (this.repeats[0] as number) - 1;
    const isRepeat = from >= 0 && this.at > 0 && this.bytes[from] === this.bytes[this.at] && this.state >= 7;
    return isRepeat ? { length: 1, distance: this.repeats[0] as number, repeat: 0 } : LITERAL;
  }

  private put({ length, distance, repeat }: Symbol): void {
    const position = this.at & POSITION_MASK;
    const { state, repeats } = this;
    const isLiteral = length === 1 && repeat < 0;
    this.bit(model.IS_MATCH + (state << 4) + position, isLiteral ? 0 : 1);
    if (isLiteral) {
      this.literal();
      return;
    }
    this.bit(model.IS_REPEAT + state, repeat < 0 ? 0 : 1);
    if (repeat < 0) {
      this.length(model.MATCH_LENGTH, position, length - model.MIN_MATCH);
      this.distance(length, distance);
      repeats.copyWithin(1, 0, 3);
      repeats[0] = distance;
      this.state = model.afterMatch(state);
      return;
    }
    this.bit(model.IS_REPEAT_0 + state, repeat === 0 ? 0 : 1);
    if (repeat === 0) this.bit(model.IS_REPEAT_0_LONG + (state << 4) + position, length === 1 ? 0 : 1);
    else {
      this.bit(model.IS_REPEAT_1 + state, repeat === 1 ? 0 : 1);
      if (repeat > 1) this.bit(model.IS_REPEAT_2 + state, repeat - 2);
      for (let i = repeat; i > 0; i--) repeats[i] = repeats[i - 1] as number;
      repeats[0] = distance;
    }
    if (length === 1) {
      this.state = model.afterShortRepeat(state);
      return;
    }
    this.length(model.REPEAT_LENGTH, position, length - model.MIN_MATCH);
    this.state = model.afterRepeat(state);
  }

  private literal(): void {
    const { bytes, at, state } = this;
    const before = at === 0 ? 0 : (bytes[at - 1] as number);
    const base = model.LITERAL + model.LITERAL_SIZE * (before >>> (8 - LITERAL_CONTEXT));
    const byte = bytes[at] as number;
    let symbol = 1;
    let left = 8;
    if (state >= model.FIRST_MATCH_STATE) {
      const match = bytes[at - (this.repeats[0] as number) - 1] as number;
      while (left > 0) {
        left--;
        const expected = (match >>> left) & 1;
        const bit = (byte >>> left) & 1;
        this.bit(base + 0x100 + (expected << 8) + symbol, bit);
        symbol = (symbol << 1) | bit;
        if (expected !== bit) break;
      }
    }
    while (left > 0) {
      left--;
      const bit = (byte >>> left) & 1;
      this.bit(base + symbol, bit);
      symbol = (symbol << 1) | bit;
    }
    this.state = model.afterLiteral(state);
  }

  private length(base: number, position: number, length: number): void {
    this.bit(base + model.LENGTH_CHOICE, length < 8 ? 0 : 1);
    if (length < 8) {
      this.tree(base + model.LENGTH_LOW + (position << 3), 3, length);
      return;
    }
    this.bit(base + model.LENGTH_CHOICE_2, length < 16 ? 0 : 1);
    if (length < 16) this.tree(base + model.LENGTH_MIDDLE + (position << 3), 3, length - 8);
    else this.tree(base + model.LENGTH_HIGH, 8, length - 16);
  }

  private distance(length: number, distance: number): void {
    const set = model.SLOT + (model.slotSet(length) << 6);
    if (distance < model.FIRST_SLOT_WITH_BITS) {
      this.tree(set, 6, distance);
      return;
    }
    const top = 31 - Math.clz32(distance);
    const slot = (top << 1) | ((distance >>> (top - 1)) & 1);
    this.tree(set, 6, slot);
    const bits = top - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    const rest = distance - base;
    if (slot < model.FIRST_SLOT_WITH_DIRECT_BITS) {
      this.reverseTree(model.SPECIAL + base - slot, bits, rest);
      return;
    }
    this.direct(rest >>> model.ALIGN_BITS, bits - model.ALIGN_BITS);
    this.reverseTree(model.ALIGN, model.ALIGN_BITS, rest & 15);
  }

  private tree(base: number, bits: number, value: number): void {
    let symbol = 1;
    for (let i = bits - 1; i >= 0; i--) {
      const bit = (value >>> i) & 1;
      this.bit(base + symbol, bit);
      symbol = (symbol << 1) | bit;
    }
  }

  private reverseTree(base: number, bits: number, value: number): void {
    let symbol = 1;
    for (let i = 0; i < bits; i++) {
      const bit = (value >>> i) & 1;
      this.bit(base + symbol, bit);
      symbol = (symbol << 1) | bit;
    }
  }

  private direct(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.width >>>= 1;
      if ((value >>> i) & 1) this.low += this.width;
      this.fill();
    }
  }

  private bit(index: number, bit: number): void {
    const { probabilities } = this;
    const probability = probabilities[index] as number;
    const bound = (this.width >>> PROBABILITY_BITS) * probability;
    if (bit === 0) {
      this.width = bound;
      probabilities[index] = probability + ((FULL - probability) >>> MOVE_BITS);
    } else {
      this.low += bound;
      this.width -= bound;
      probabilities[index] = probability - (probability >>> MOVE_BITS);
    }
    this.fill();
  }

  private fill(): void {
    if (this.width >= TOP) return;
    this.width = (this.width << 8) >>> 0;
    this.shift();
  }

  /** Puts out the top byte, unless a later carry may still change it. */
  private shift(): void {
    if (this.low < 0xff000000 || this.low >= 0x100000000) {
      const carry = this.low >= 0x100000000 ? 1 : 0;
      for (; this.heldCount > 0; this.heldCount--) {
        this.out[this.written++] = (this.held + carry) & 0xff;
        this.held = 0xff;
      }
      this.held = Math.floor(this.low / TOP) & 0xff;
    }
    this.heldCount++;
    this.low = (this.low % TOP) * 256;
  }
}
