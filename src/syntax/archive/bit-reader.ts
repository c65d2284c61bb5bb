/** Bits of a file, the highest of each byte first. */

export interface BitReader {
  /** The next `count` bits as a number, at most 24. Throws `END_OF_BITS` where there are not so many. */
  read(count: number): number;
  /** Where the next whole byte begins. */
  end(): number;
}

export const END_OF_BITS = new Error('no more bits');

export function bitReader(bytes: Buffer, start: number): BitReader {
  let at = start;
  let held = 0;
  let count = 0;
  return {
    read(wanted) {
      while (count < wanted) {
        const byte = bytes[at++];
        if (byte === undefined) throw END_OF_BITS;
        held = ((held & 0xffffff) << 8) | byte;
        count += 8;
      }
      count -= wanted;
      return (held >>> count) & (2 ** wanted - 1);
    },
    end: () => at,
  };
}
