/** Reads LZMA2 (XZ Utils, lzma2_decoder.c and lzma_decoder.c describe it), with a bound on what comes out. */

import * as model from './lzma-model.ts';

const { MOVE_BITS, PROBABILITY_BITS, TOP } = model;
const FULL = 1 << PROBABILITY_BITS;

/** Thrown inside of this module only. */
class Damage extends Error {}

export interface Lzma2 {
  readonly contents: Buffer;
  /** Where the data end, in the input. */
  readonly end: number;
}

export type Lzma2Failure = 'damaged' | 'too-large';

/** Bytes that are put out, in a buffer that grows up to a limit; also the dictionary. */
interface Output {
  bytes: Buffer;
  length: number;
}

const FIRST_SIZE = 1 << 16;

function room(output: Output, wanted: number, limit: number): void {
  if (output.length + wanted <= output.bytes.length) return;
  const size = Math.min(limit, Math.max(2 * output.bytes.length, output.length + wanted));
  const bytes = Buffer.allocUnsafeSlow(size);
  output.bytes.copy(bytes, 0, 0, output.length);
  output.bytes = bytes;
}

/**
 * Unpacks LZMA2 data.
 *
 * @param start where they begin in `input`
 * @param limit most bytes of contents
 * @param dictionary how far back a match may reach, bytes
 */
export function decodeLzma2(input: Buffer, start: number, limit: number, dictionary: number): Lzma2 | Lzma2Failure {
  const output: Output = { bytes: Buffer.allocUnsafeSlow(Math.min(limit, FIRST_SIZE)), length: 0 };
  const decoder = new Decoder(input, output, dictionary);
  let at = start;
  let needsDictionary = true;
  try {
    for (;;) {
      const control = input[at] ?? -1;
      if (control === 0) return { contents: output.bytes.subarray(0, output.length), end: at + 1 };
      const isPacked = control >= 0x80;
      if (control < 0 || (!isPacked && control > 2)) return 'damaged';
      const resetsDictionary = control === 1 || control >= 0xe0;
      if (needsDictionary && !resetsDictionary) return 'damaged';
      needsDictionary = false;
      if (at + 6 > input.length) return 'damaged';
      const size = ((isPacked ? control & 0x1f : 0) << 16) + input.readUInt16BE(at + 1) + 1;
      if (output.length + size > limit) return 'too-large';
      room(output, size, limit);
      if (resetsDictionary) decoder.forget();
      if (isPacked) {
        const packed = input.readUInt16BE(at + 3) + 1;
        const hasProperties = control >= 0xc0;
        const from = at + (hasProperties ? 6 : 5);
        if (from + packed > input.length) return 'damaged';
        if (hasProperties) decoder.configure(input[at + 5] as number);
        else if (control >= 0xa0) decoder.reset();
        decoder.run(from, from + packed, size);
        at = from + packed;
      } else {
        const from = at + 3;
        if (from + size > input.length) return 'damaged';
        input.copy(output.bytes, output.length, from, from + size);
        output.length += size;
        at = from + size;
      }
    }
  } catch (error) {
    if (error instanceof Damage) return 'damaged';
    throw error;
  }
}

/** The state that lives from chunk to chunk. A class, since its fields are read millions of times. */
class Decoder {
  private readonly input: Buffer;
  private readonly output: Output;
  private readonly dictionary: number;
  private probabilities: Uint16Array = new Uint16Array(0);
  private literalContext = 0;
  private literalMask = 0;
  private positionMask = 0;
  private state = 0;
  private readonly repeats = new Uint32Array(4);
  /** Where the dictionary begins, in the output. */
  private origin = 0;
  /** Range and code: kept in an array of 32-bit numbers, which are never boxed. */
  private readonly range = new Uint32Array(2);
  private at = 0;
  private end = 0;

  constructor(input: Buffer, output: Output, dictionary: number) {
    this.input = input;
    this.output = output;
    this.dictionary = dictionary;
  }

  forget(): void {
    this.origin = this.output.length;
  }

  configure(properties: number): void {
    if (properties >= 9 * 5 * 5) throw new Damage();
    const literalContext = properties % 9;
    const literalPosition = Math.floor(properties / 9) % 5;
    if (literalContext + literalPosition > 4) throw new Damage();
    this.literalContext = literalContext;
    this.literalMask = (1 << literalPosition) - 1;
    this.positionMask = (1 << Math.floor(properties / 45)) - 1;
    const fresh = model.probabilitiesOf(literalContext + literalPosition);
    if (this.probabilities.length !== fresh) this.probabilities = new Uint16Array(fresh);
    this.reset();
  }

  reset(): void {
    if (this.probabilities.length === 0) throw new Damage();
    this.probabilities.fill(model.HALF);
    this.state = 0;
    this.repeats.fill(0);
  }

  private bit(index: number): number {
    const { range, probabilities } = this;
    let width = range[0] as number;
    let code = range[1] as number;
    if (width < TOP) {
      width = (width << 8) >>> 0;
      code = ((code << 8) | (this.input[this.at++] as number)) >>> 0;
    }
    const probability = probabilities[index] as number;
    const bound = (width >>> PROBABILITY_BITS) * probability;
    if (code < bound) {
      range[0] = bound;
      range[1] = code;
      probabilities[index] = probability + ((FULL - probability) >>> MOVE_BITS);
      return 0;
    }
    range[0] = width - bound;
    range[1] = code - bound;
    probabilities[index] = probability - (probability >>> MOVE_BITS);
    return 1;
  }

  private tree(base: number, bits: number): number {
    return this.follow(base, 1, 1 << bits) - (1 << bits);
  }

  /** Reads bits of a tree from `start` until the symbol is `end` at least. The one loop that all time goes into: kept in one piece. */
  private follow(base: number, start: number, end: number): number {
    const { range, probabilities, input } = this;
    let width = range[0] as number;
    let code = range[1] as number;
    let symbol = start;
    while (symbol < end) {
      if (width < TOP) {
        width = (width << 8) >>> 0;
        code = ((code << 8) | (input[this.at++] as number)) >>> 0;
      }
      const index = base + symbol;
      const probability = probabilities[index] as number;
      const bound = (width >>> PROBABILITY_BITS) * probability;
      if (code < bound) {
        width = bound;
        probabilities[index] = probability + ((FULL - probability) >>> MOVE_BITS);
        symbol <<= 1;
      } else {
        width -= bound;
        code -= bound;
        probabilities[index] = probability - (probability >>> MOVE_BITS);
        symbol = (symbol << 1) | 1;
      }
    }
    range[0] = width;
    range[1] = code;
    return symbol;
  }

  private reverseTree(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Bits without a model. */
  private direct(bits: number): number {
    const { range } = this;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      let width = range[0] as number;
      let code = range[1] as number;
      if (width < TOP) {
        width = (width << 8) >>> 0;
        code = ((code << 8) | (this.input[this.at++] as number)) >>> 0;
      }
      width >>>= 1;
      const bit = code >= width ? 1 : 0;
      if (bit === 1) code -= width;
      range[0] = width;
      range[1] = code;
      value = (value << 1) | bit;
    }
    return value >>> 0;
  }

  private length(base: number, position: number): number {
    if (this.bit(base + model.LENGTH_CHOICE) === 0) return this.tree(base + model.LENGTH_LOW + (position << 3), 3);
    if (this.bit(base + model.LENGTH_CHOICE_2) === 0) {
      return 8 + this.tree(base + model.LENGTH_MIDDLE + (position << 3), 3);
    }
    return 16 + this.tree(base + model.LENGTH_HIGH, 8);
  }

  private literal(): void {
    const { output, state } = this;
    const position = output.length - this.origin;
    const before = position === 0 ? 0 : (output.bytes[output.length - 1] as number);
    const context = ((position & this.literalMask) << this.literalContext) + (before >>> (8 - this.literalContext));
    const base = model.LITERAL + model.LITERAL_SIZE * context;
    let symbol = 1;
    if (state >= model.FIRST_MATCH_STATE) {
      let match = this.byteBack(this.repeats[0] as number);
      do {
        match <<= 1;
        const expected = match & 0x100;
        const bit = this.bit(base + 0x100 + expected + symbol);
        symbol = (symbol << 1) | bit;
        if (expected >>> 8 !== bit) break;
      } while (symbol < 0x100);
    }
    output.bytes[output.length++] = this.follow(base, symbol, 0x100) & 0xff;
    this.state = model.afterLiteral(state);
  }

  /** @throws {Damage} when there is no such byte in the dictionary. */
  private byteBack(distance: number): number {
    const at = this.output.length - distance - 1;
    if (at < this.origin || distance >= this.dictionary) throw new Damage();
    return this.output.bytes[at] as number;
  }

  private copy(length: number, limit: number): void {
    const { output } = this;
    const distance = this.repeats[0] as number;
    this.byteBack(distance);
    if (output.length + length > limit) throw new Damage();
    const { bytes } = output;
    let from = output.length - distance - 1;
    let to = output.length;
    for (let i = 0; i < length; i++) bytes[to++] = bytes[from++] as number;
    output.length = to;
  }

  private distance(length: number): number {
    const slot = this.tree(model.SLOT + (Math.min(length, 3) << 6), 6);
    if (slot < model.FIRST_SLOT_WITH_BITS) return slot;
    const bits = (slot >>> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < model.FIRST_SLOT_WITH_DIRECT_BITS) return base + this.reverseTree(model.SPECIAL + base - slot, bits);
    const high = (this.direct(bits - model.ALIGN_BITS) << model.ALIGN_BITS) >>> 0;
    return base + high + this.reverseTree(model.ALIGN, model.ALIGN_BITS);
  }

  /** Takes a repeated distance to the front. @returns whether only one byte is copied. */
  private repeat(state: number, position: number): boolean {
    const { repeats } = this;
    if (this.bit(model.IS_REPEAT_0 + state) === 0) {
      return this.bit(model.IS_REPEAT_0_LONG + (state << 4) + position) === 0;
    }
    let which = 1;
    if (this.bit(model.IS_REPEAT_1 + state) === 1) which = 2 + this.bit(model.IS_REPEAT_2 + state);
    const distance = repeats[which] as number;
    for (let i = which; i > 0; i--) repeats[i] = repeats[i - 1] as number;
    repeats[0] = distance;
    return false;
  }

  /** Unpacks one chunk, `[start, end)` of the input, to `size` bytes. */
  run(start: number, end: number, size: number): void {
    const { input, output, repeats } = this;
    if (this.probabilities.length === 0 || end - start < 5 || input[start] !== 0) throw new Damage();
    this.range[0] = 0xffffffff;
    this.range[1] = input.readUInt32BE(start + 1);
    this.at = start + 5;
    this.end = end;
    const limit = output.length + size;
    while (output.length < limit) {
      const position = (output.length - this.origin) & this.positionMask;
      const { state } = this;
      if (this.bit(model.IS_MATCH + (state << 4) + position) === 0) {
        this.literal();
      } else if (this.bit(model.IS_REPEAT + state) === 0) {
        const length = this.length(model.MATCH_LENGTH, position);
        repeats.copyWithin(1, 0, 3);
        repeats[0] = this.distance(length);
        this.state = model.afterMatch(state);
        this.copy(length + model.MIN_MATCH, limit);
      } else if (this.repeat(state, position)) {
        this.state = model.afterShortRepeat(state);
        this.copy(1, limit);
      } else {
        const length = this.length(model.REPEAT_LENGTH, position);
        this.state = model.afterRepeat(state);
        this.copy(length + model.MIN_MATCH, limit);
      }
      if (this.at > this.end) throw new Damage();
    }
    // The last byte may not have been needed yet.
    if ((this.range[0] as number) < TOP) {
      this.range[1] = ((((this.range[1] as number) << 8) | (input[this.at++] as number)) >>> 0) as number;
    }
    if (this.at !== this.end || this.range[1] !== 0) throw new Damage();
  }
}
