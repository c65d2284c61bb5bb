/** The few kinds of marshalled objects that are put into bytecode, without numbers for references (CPython Python/marshal.c). */

/** What can be written: text (one character a byte of UTF-8), bytes, a number of 32 bits, a tuple. */
export type MarshalValue = string | Buffer | number | readonly MarshalValue[];

/** Fits the length into one byte. */
const SHORT = 0xff;

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);

function withLength(type: string, length: number, contents: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, contents]);
}

/** @param flag bit to set in the type's byte */
export function marshalled(value: MarshalValue, flag = 0): Buffer {
  const bytes = unflagged(value);
  bytes[0] = (bytes[0] as number) | flag;
  return bytes;
}

function unflagged(value: MarshalValue): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.from('i\0\0\0\0');
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') {
    const contents = Buffer.from(value, 'latin1');
    if (!isAscii(value)) return withLength('u', contents.length, contents);
    if (contents.length > SHORT) return withLength('a', contents.length, contents);
    return Buffer.concat([Buffer.from('z'), Buffer.of(contents.length), contents]);
  }
  if (Buffer.isBuffer(value)) return withLength('s', value.length, value);
  return withLength(
    '(',
    value.length,
    Buffer.concat((value as readonly MarshalValue[]).map((item) => marshalled(item))),
  );
}
