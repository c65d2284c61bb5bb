/**
 * Words of bash that makeWrapper writes, read to the last byte: what they expand to depends on variables only, never on
 * splitting, patterns, commands or options. Anything else is not understood.
 */

/** Values that are named; one character a byte. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** `$0`. */
  | { readonly kind: 'name' }
  /** The directory of the file itself; no wrapper has it. */
  | { readonly kind: 'own-directory' }
  /** `$x`. */
  | { readonly kind: 'value'; readonly variable: string }
  /** `${x+word}`, `${x:+word}`, `${x-word}`, `${x:-word}`, and `${x#word}`, `${x%word}` where the word is literal. */
  | { readonly kind: ConditionKind | 'without-start' | 'without-end'; readonly variable: string; readonly word: Word }
  /** `${x/word/by}`: the first place, literally. */
  | { readonly kind: 'replaced'; readonly variable: string; readonly word: Word; readonly by: Word };

export type ConditionKind = 'if-set' | 'if-filled' | 'or-unset' | 'or-empty';

export type Word = readonly Part[];

/** A place in a text, moved on while reading. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Where a word stands: what may end it, and what its bytes mean there. */
interface Place {
  /** Unquoted characters that end the word. */
  readonly end: RegExp;
  /** Whether unquoted expansions would be split into fields. */
  readonly splits: boolean;
  readonly inDouble: boolean;
  readonly depth: number;
}

/** Deeper nesting is nobody's wrapper. */
const MAX_DEPTH = 6;

/** Unquoted bytes that mean themselves wherever a word may stand. */
const PLAIN = /[A-Za-z0-9_.:=@%+,^/-]/;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/**
 * Variables that bash sets, reads or guards by itself (bash manual, "Bash Variables"): what a wrapper does with them is
 * more than setting a variable.
 */
const SPECIAL =
  /^(?:_|BASH.*|COMP_.*|COMPREPLY|COPROC|DIRSTACK|EPOCH.*|EUID|EXECIGNORE|FCEDIT|FIGNORE|FUNC.*|GLOB.*|GROUPS|HIST.*|HOSTFILE|HOSTNAME|HOSTTYPE|IFS|IGNOREEOF|INPUTRC|INSIDE_EMACS|LINENO|MACHTYPE|MAIL.*|MAPFILE|OLDPWD|OPT(?:ARG|ERR|IND)|OSTYPE|PIPESTATUS|POSIXLY_CORRECT|PPID|PROMPT_.*|PS[0-4]|PWD|RANDOM|READLINE_.*|REPLY|SECONDS|SHELLOPTS|SHLVL|SRANDOM|TIMEFORMAT|TMOUT|UID|auto_resume|histchars|ignoreeof)$/;
/** Variables that bash fills when they are not in the environment: their values are not known here. */
const FILLED = /^(?:HOME|SHELL|TERM|LINES|COLUMNS)$/;

export const mayAssign = (name: string) => !SPECIAL.test(name);
export const mayRead = (name: string) => mayAssign(name) && !FILLED.test(name);

export function takeName(cursor: Cursor): string | undefined {
  NAME.lastIndex = cursor.at;
  const found = NAME.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

export function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}

/** `$'...'` behind its first quote. */
function ansiText(cursor: Cursor): string | undefined {
  let value = '';
  for (;;) {
    const char = cursor.text[cursor.at++];
    if (char === undefined) return undefined;
    if (char === "'") return value;
    if (char !== '\\') {
      value += char;
      continue;
    }
    const rest = cursor.text.slice(cursor.at, cursor.at + 3);
    const number = /^(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2})/.exec(rest)?.[0];
    const byte = number?.startsWith('x')
      ? Number.parseInt(number.slice(1), 16)
      : Number.parseInt(number ?? '', 8) & 0xff;
    const code = number === undefined ? ESCAPES[rest[0] ?? ''] : String.fromCharCode(byte);
    // A NUL would end the string.
    if (code === undefined || code === '\0') return undefined;
    value += code;
    cursor.at += number?.length ?? 1;
  }
}

function singleText(cursor: Cursor): string | undefined {
  const end = cursor.text.indexOf("'", cursor.at);
  if (end < 0) return undefined;
  const text = cursor.text.slice(cursor.at, end);
  cursor.at = end + 1;
  return text;
}

/** What stands behind `${`. */
function takeBraces(cursor: Cursor, place: Place): Part | undefined {
  const variable = takeName(cursor);
  if (variable === undefined || !mayRead(variable)) return undefined;
  if (take(cursor, '}')) return { kind: 'value', variable };
  const inner = { ...place, splits: false, depth: place.depth + 1 };
  const upTo = (end: RegExp) => readWord(cursor, { ...inner, end });
  const operator = /[:+\-#%/]/.exec(cursor.text[cursor.at++] ?? '')?.[0];
  const colon = operator === ':';
  const sign = colon ? cursor.text[cursor.at++] : operator;
  if (sign === '+' || sign === '-') {
    const word = upTo(/}/);
    const kinds = { '+': ['if-set', 'if-filled'], '-': ['or-unset', 'or-empty'] } as const;
    const kind = kinds[sign][colon ? 1 : 0] as ConditionKind;
    return word && take(cursor, '}') ? { kind, variable, word } : undefined;
  }
  if (colon || sign === undefined) return undefined;
  if (sign === '/') {
    const word = upTo(/[/}]/);
    if (word === undefined || !isPattern(word) || !take(cursor, '/')) return undefined;
    const by = upTo(/}/);
    // bash 5.2 reads `&` and backslashes in what is put there.
    if (by === undefined || !/^[^&\\]*$/.test(literalOf(by) ?? '&')) return undefined;
    return take(cursor, '}') ? { kind: 'replaced', variable, word, by } : undefined;
  }
  // `##` and `%%` are other operators.
  if (cursor.text[cursor.at] === sign) return undefined;
  const word = upTo(/}/);
  if (word === undefined || literalOf(word) === undefined || !take(cursor, '}')) return undefined;
  return { kind: sign === '#' ? 'without-start' : 'without-end', variable, word };
}

/** A literal that cannot be taken for one of the signs before patterns, whatever version reads it. */
function isPattern(word: Word): boolean {
  const text = literalOf(word);
  return text !== undefined && /^[^/#%]/s.test(text);
}

function takeDollar(cursor: Cursor, place: Place): Part | undefined {
  if (!place.inDouble && take(cursor, "'")) {
    const text = ansiText(cursor);
    return text === undefined ? undefined : { kind: 'text', text };
  }
  if (place.splits && !place.inDouble) return undefined;
  if (take(cursor, '{')) return place.depth < MAX_DEPTH ? takeBraces(cursor, place) : undefined;
  if (take(cursor, '0')) return /[0-9]/.test(cursor.text[cursor.at] ?? '') ? undefined : { kind: 'name' };
  const variable = takeName(cursor);
  return variable !== undefined && mayRead(variable) ? { kind: 'value', variable } : undefined;
}

/** The parts between double quotes, behind the first. */
function takeDouble(cursor: Cursor, place: Place): Word | undefined {
  const parts: Part[] = [];
  for (;;) {
    const char = cursor.text[cursor.at++];
    if (char === '"') return parts;
    if (char === undefined || char === '`') return undefined;
    if (char === '$') {
      const part = takeDollar(cursor, { ...place, inDouble: true });
      if (part === undefined) return undefined;
      parts.push(part);
    } else if (char === '\\') {
      const next = cursor.text[cursor.at++] ?? '';
      // Inside of braces, versions of bash differ about backslashes.
      if (place.depth > 0 || next === '' || next === '\n') return undefined;
      parts.push({ kind: 'text', text: /["$`\\]/.test(next) ? next : `\\${next}` });
    } else parts.push({ kind: 'text', text: char });
  }
}

function readWord(cursor: Cursor, place: Place): Word | undefined {
  const parts: Part[] = [];
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined || place.end.test(char)) return merged(parts);
    cursor.at++;
    if (char === '"') {
      const inner = takeDouble(cursor, place);
      if (inner === undefined) return undefined;
      // Quotes without anything between them make a word where there would be none.
      parts.push({ kind: 'text', text: '' }, ...inner);
    } else if (char === "'") {
      // Between double quotes a single quote may mean itself.
      const text = place.inDouble ? undefined : singleText(cursor);
      if (text === undefined) return undefined;
      parts.push({ kind: 'text', text });
    } else if (char === '$') {
      const part = takeDollar(cursor, place);
      if (part === undefined) return undefined;
      parts.push(part);
    } else if (char === '\\') {
      const next = place.inDouble ? undefined : cursor.text[cursor.at++];
      if (next === undefined || next === '\n') return undefined;
      parts.push({ kind: 'text', text: next });
    } else if (PLAIN.test(char)) parts.push({ kind: 'text', text: char });
    else return undefined;
  }
}

/** Neighbouring texts as one. */
function merged(parts: readonly Part[]): Word {
  const result: Part[] = [];
  let text: string | undefined;
  const flush = () => {
    if (text !== undefined) result.push({ kind: 'text', text });
    text = undefined;
  };
  for (const part of parts) {
    if (part.kind === 'text') text = (text ?? '') + part.text;
    else {
      flush();
      result.push(part);
    }
  }
  flush();
  return result;
}

/** The word's text, when it holds nothing else. */
export function literalOf(word: Word): string | undefined {
  if (word.length === 0) return '';
  const [only] = word;
  return word.length === 1 && only?.kind === 'text' ? only.text : undefined;
}

const TOP = { end: /[ \t\n]/, inDouble: false, depth: 0 };

/** The value of an assignment, or an operand of `[[ ]]`: never split. */
export const takeValue = (cursor: Cursor) => readWord(cursor, { ...TOP, splits: false });

/** An argument of a command: exactly one field; undefined when nothing stands there. */
export function takeArgument(cursor: Cursor): Word | undefined {
  const word = readWord(cursor, { ...TOP, splits: true });
  return word?.length === 0 ? undefined : word;
}

/** A quoted text between the stars of a `[[ ]]` pattern. */
export const takeUpToStar = (cursor: Cursor) => readWord(cursor, { ...TOP, end: /[*]/, splits: false });
