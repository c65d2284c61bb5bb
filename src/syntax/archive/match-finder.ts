/**
 * Finds earlier copies of what follows: by chains of places with the same hash of four bytes, and by the last place with the
 * same three.
 */

export interface Match {
  readonly length: number;
  /** From 0: the byte before has distance 0. */
  readonly distance: number;
}

export interface MatchFinder {
  /** The longest match at a place, of 3 bytes at least; the nearest of several. Length 0 for none. */
  longest(at: number): Match;
  /** How many bytes at a place are those at a distance before it. */
  matchLength(at: number, distance: number): number;
  /** Makes every place before this one known. Places are asked for in order, with one look ahead. */
  skipTo(at: number): void;
}

/** Of the hash of three bytes, and least and most of that of four: a table of about as many entries as there are bytes. */
const SHORT_BITS = 16;
const LEAST_BITS = 10;
const MOST_BITS = 20;
/** Places that are tried for one match. */
const MOST_TRIES = 24;
/** A match of this length is not bettered. */
const GOOD = 128;
const NONE: Match = { length: 0, distance: 0 };

/**
 * @param reach how far back matches may lie, bytes
 * @param longestMatch bytes
 */
export function matchFinder(bytes: Buffer, reach: number, longestMatch: number): MatchFinder {
  const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, 32 - Math.clz32(bytes.length)));
  const heads = new Int32Array(1 << bits).fill(-1);
  const short = new Int32Array(1 << SHORT_BITS).fill(-1);
  const chains = new Int32Array(bytes.length);
  let known = 0;
  const three = (at: number) =>
    ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  const hash = (value: number, width: number) => Math.imul(value, 0x9e3779b1) >>> (32 - width);
  const hashAt = (at: number) => hash(three(at) | ((bytes[at + 3] as number) << 24), bits);
  const matchLength = (at: number, distance: number) => {
    const from = at - distance - 1;
    if (from < 0) return 0;
    const most = Math.min(longestMatch, bytes.length - at);
    let length = 0;
    while (length < most && bytes[from + length] === bytes[at + length]) length++;
    return length;
  };
  const skipTo = (at: number) => {
    const end = Math.min(at, bytes.length - 3);
    for (; known < end; known++) {
      const key = hashAt(known);
      chains[known] = heads[key] as number;
      heads[key] = known;
      short[hash(three(known), SHORT_BITS)] = known;
    }
  };
  return {
    matchLength,
    skipTo,
    longest(at) {
      skipTo(at);
      if (at + 4 > bytes.length) return NONE;
      const nearest = short[hash(three(at), SHORT_BITS)] as number;
      const near = nearest < 0 || at - nearest > reach ? 0 : matchLength(at, at - nearest - 1);
      let best = near < 3 ? NONE : { length: near, distance: at - nearest - 1 };
      let from = heads[hashAt(at)] as number;
      for (let tries = 0; from >= 0 && tries < MOST_TRIES; tries++) {
        const distance = at - from - 1;
        if (distance >= reach) break;
        // Only what agrees in the next byte can be longer.
        if (bytes[from + best.length] === bytes[at + best.length]) {
          const length = matchLength(at, distance);
          if (length > best.length) best = { length, distance };
          if (length >= GOOD) break;
        }
        from = chains[from] as number;
      }
      return best;
    },
  };
}
