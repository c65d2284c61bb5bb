/** The code that rewritten bytecode begins with: start.py, compiled, around the module's own code. */

import { inflateRawSync } from 'node:zlib';
import type { PythonVersion } from '../../syntax/python/versions.ts';
import { type MarshalValue, marshalled } from './marshal-writer.ts';
import { starts } from './starts.ts';

export interface StartArguments {
  /** Path of the source, as the module's own code names it; one character a byte. */
  readonly file: string;
  /** Whether `file` lost the store directory. */
  readonly named: boolean;
  /** What to change: `changes` of `prepare` in start.py. */
  readonly changes: MarshalValue;
  /** Components of the module's path below the store directory. */
  readonly up: number;
  readonly alias: string;
}

/** A string that capture.py left in the compiled code for a value to be put in. */
function marker(name: string): Buffer {
  const text = `@${name}@`;
  return Buffer.from(`u${String.fromCharCode(text.length)}\0\0\0${text}`, 'latin1');
}

function replaced(code: Buffer, name: string, value: Buffer): Buffer {
  const mark = marker(name);
  const pieces: Buffer[] = [];
  let at = 0;
  for (let next = code.indexOf(mark); next >= 0; next = code.indexOf(mark, at)) {
    pieces.push(code.subarray(at, next), value);
    at = next + mark.length;
  }
  return Buffer.concat([...pieces, code.subarray(at)]);
}

/** What stands before and behind the module's own marshalled code. */
export function startAround(version: PythonVersion, values: StartArguments): [Buffer, Buffer] {
  const compiled = inflateRawSync(Buffer.from(starts[version.name] as string, 'base64'));
  const own = compiled.indexOf(marker('code'));
  const before = compiled.subarray(0, own);
  const behind = compiled.subarray(own + marker('code').length);
  const entries = Object.entries({ ...values, named: Number(values.named) });
  const put = (code: Buffer) => entries.reduce((text, [name, value]) => replaced(text, name, marshalled(value)), code);
  return [put(before), put(behind)];
}
