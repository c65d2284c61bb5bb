/**
 * What the LZMA coder and decoder share (LZMA SDK, "LZMA specification"; XZ Utils, lzma_common.h): the layout of the
 * adaptive probabilities in one array, and how the state remembers the last few symbols.
 */

/** Probabilities have 11 bits. */
export const PROBABILITY_BITS = 11;
export const HALF = 1 << (PROBABILITY_BITS - 1);
/** How quickly a probability follows what is seen. */
export const MOVE_BITS = 5;
/** The range is filled up again below this. */
export const TOP = 2 ** 24;

export const MIN_MATCH = 2;
export const MAX_MATCH = 273;
/** Distance slots below this have no bits of their own. */
export const FIRST_SLOT_WITH_BITS = 4;
/** Slots below this have all their bits under a model; above, only the lowest four. */
export const FIRST_SLOT_WITH_DIRECT_BITS = 14;
export const ALIGN_BITS = 4;

const STATES = 12;
const POSITION_STATES = 16;
/** Literals follow each other below this state. */
export const FIRST_MATCH_STATE = 7;

/** Offsets of a length coder's parts, from its start. */
export const LENGTH_CHOICE = 0;
export const LENGTH_CHOICE_2 = 1;
export const LENGTH_LOW = 2;
export const LENGTH_MIDDLE = LENGTH_LOW + POSITION_STATES * 8;
export const LENGTH_HIGH = LENGTH_MIDDLE + POSITION_STATES * 8;
const LENGTH_SIZE = LENGTH_HIGH + 256;

export const IS_MATCH = 0;
export const IS_REPEAT = IS_MATCH + STATES * POSITION_STATES;
export const IS_REPEAT_0 = IS_REPEAT + STATES;
export const IS_REPEAT_1 = IS_REPEAT_0 + STATES;
export const IS_REPEAT_2 = IS_REPEAT_1 + STATES;
export const IS_REPEAT_0_LONG = IS_REPEAT_2 + STATES;
export const SLOT = IS_REPEAT_0_LONG + STATES * POSITION_STATES;
/** Trees of the slots' bits; each is used from its index 1, so the first slot's may begin before its own place. */
export const SPECIAL = SLOT + 4 * 64;
export const ALIGN = SPECIAL + 128;
export const MATCH_LENGTH = ALIGN + 16;
export const REPEAT_LENGTH = MATCH_LENGTH + LENGTH_SIZE;
export const LITERAL = REPEAT_LENGTH + LENGTH_SIZE;
export const LITERAL_SIZE = 0x300;

/** How many probabilities there are, for `literalBits` = lc + lp. All begin as `HALF`. */
export const probabilitiesOf = (literalBits: number) => LITERAL + (LITERAL_SIZE << literalBits);

export const afterLiteral = (state: number) => (state < 4 ? 0 : state < 10 ? state - 3 : state - 6);
export const afterMatch = (state: number) => (state < FIRST_MATCH_STATE ? 7 : 10);
export const afterRepeat = (state: number) => (state < FIRST_MATCH_STATE ? 8 : 11);
export const afterShortRepeat = (state: number) => (state < FIRST_MATCH_STATE ? 9 : 11);

/** Which of the four sets of distance slots a match of this length uses. */
export const slotSet = (length: number) => Math.min(length - MIN_MATCH, 3);
