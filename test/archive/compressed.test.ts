/** gzip, xz, zstd and bzip2: made and read by the real programs; what is read, what is not, and what it becomes. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBzip2 } from '../../src/syntax/archive/bzip2.ts';
import { type ReadCompressed, repack } from '../../src/syntax/archive/compressed.ts';
import { readGzip } from '../../src/syntax/archive/gzip.ts';
import { readXz } from '../../src/syntax/archive/xz.ts';
import { readZstd } from '../../src/syntax/archive/zstd.ts';
import { HERE, REWRITTEN, repackFile, TEXT, told, unseen } from './packed.ts';

const LIMIT = 1 << 20;

function filter(command: string, args: readonly string[], input: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync(command, args, { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

interface Format {
  readonly name: string;
  readonly extension: string;
  readonly read: ReadCompressed;
  readonly pack: (contents: Buffer, ...options: string[]) => Buffer;
  readonly unpack: (packed: Buffer) => Buffer;
}

const byProgram = (name: string, extension: string, read: ReadCompressed): Format => ({
  name,
  extension,
  read,
  pack: (contents, ...options) => filter(name, ['-c', ...options], contents),
  unpack: (packed) => filter(name, ['-dc'], packed),
});

const written: readonly Format[] = [
  byProgram('gzip', 'gz', readGzip),
  byProgram('xz', 'xz', readXz),
  byProgram('zstd', 'zst', readZstd),
];
const formats: readonly Format[] = [...written, byProgram('bzip2', 'bz2', readBzip2)];

/** Contents in which runs, repeats and noise follow each other. */
const contents = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(255), fc.nat(5000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
      fc.constantFrom(TEXT, 'some words that come again and again; ', 'x'.repeat(700)).map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));

describe.each(formats)('$name', ({ name, extension, read, pack }) => {
  it('reads what the program made, in one piece and in several', () => {
    fc.assert(
      fc.property(fc.array(contents, { minLength: 1, maxLength: 3 }), (parts) => {
        const result = read(Buffer.concat(parts.map((part) => pack(part))), LIMIT);
        if ('code' in result) throw new Error(result.reason);
        expect(result.contents.equals(Buffer.concat(parts))).toBe(true);
        expect(result.pieces.map(({ from, to }) => to - from)).toEqual(parts.map(({ length }) => length));
      }),
      { numRuns: 25 },
    );
  });

  it('never throws, and reads nothing wrong, when bytes are changed or cut off', () => {
    const original = Buffer.from('some text, some text, some other text\n'.repeat(20));
    const packed = pack(original);
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(packed.length), (changes, length) => {
        const bytes = Buffer.from(packed);
        for (const [at, byte] of changes) bytes[at] = byte;
        const cut = bytes.subarray(0, length);
        const result = read(cut, LIMIT);
        if (cut.length > 0 && !('code' in result) && result.contents.length > 0) {
          expect(result.contents.equals(original)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves bombs, and other bytes behind the end', () => {
    const bomb = pack(Buffer.alloc(64 * LIMIT));
    expect(read(bomb, LIMIT)).toMatchObject({ code: 'too-large' });
    const text = pack(Buffer.from('text'));
    expect(read(Buffer.concat([text, Buffer.from('more')]), LIMIT)).toMatchObject({ code: 'damaged' });
    expect(read(Buffer.concat([text, bomb]), LIMIT)).toMatchObject({ code: 'too-large' });
  });

  it('leaves files of very many small parts, in time', () => {
    const piece = pack(Buffer.from('x'));
    expect(read(Buffer.concat(Array(100_000).fill(piece)), LIMIT)).toMatchObject({ code: 'too-large' });
    expect(read(Buffer.concat(Array(1000).fill(piece)), LIMIT)).toMatchObject({
      contents: Buffer.from('x'.repeat(1000)),
    });
  });

  it('finds the paths, and names the inner file', async () => {
    const result = await repackFile(`share/list.${extension}`, pack(Buffer.from(TEXT)));
    const done = name === 'bzip2' ? 'none(sealed)' : 'alias';
    expect(told(result)).toEqual(Array(3).fill(`${done} archive/member run-time list`));
    expect(unseen(result)).toEqual([]);
  });
});

describe.each(written)('$name, written', ({ extension, read, pack, unpack }) => {
  it('is what the program unpacks to the new contents; unchanged pieces keep their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(contents, { minLength: 1, maxLength: 3 }),
        contents,
        fc.constantFrom('packed' as const, 'stored' as const),
        async (parts, after, packing) => {
          const packed = parts.map((part) => pack(part));
          const before = Buffer.concat(packed);
          const result = read(before, LIMIT);
          if ('code' in result) throw new Error(result.reason);
          const whole = Buffer.concat([...parts.slice(0, -1), after]);
          const again = await repack(before, result, whole, packing);
          expect(unpack(again).equals(whole)).toBe(true);
          const reread = read(again, LIMIT);
          expect('contents' in reread && reread.contents.equals(whole)).toBe(true);
          const kept = Buffer.concat(packed.slice(0, -1));
          if (!after.equals(parts.at(-1) as Buffer) && parts.at(-1)?.length === after.length) {
            expect(again.subarray(0, kept.length).equals(kept)).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is read by the program after a relocation, whatever options it was made with', async () => {
    const options: Record<string, string[][]> = {
      gz: [['-1'], ['-9n']],
      xz: [['-0'], ['-9e'], ['--check=crc32'], ['--check=sha256'], ['--check=none'], ['--block-size=40'], ['-T2']],
      zst: [['-1'], ['-19'], ['--no-check'], ['--long=27']],
    };
    for (const some of options[extension] as string[][]) {
      const result = await repackFile(`list.${extension}`, pack(Buffer.from(TEXT), ...some));
      expect(unpack(result.bytes).toString()).toBe(REWRITTEN);
    }
  });

  it('keeps the pieces in which nothing changes', async () => {
    const pieces = ['nothing here\n', TEXT, 'nothing there\n', TEXT].map((text) => pack(Buffer.from(text)));
    const result = await repackFile(`list.${extension}`, Buffer.concat(pieces));
    expect(unpack(result.bytes).toString()).toBe(`nothing here\n${REWRITTEN}nothing there\n${REWRITTEN}`);
    const [first, , third] = pieces as [Buffer, Buffer, Buffer, Buffer];
    expect(result.bytes.subarray(0, first.length).equals(first)).toBe(true);
    expect(result.bytes.includes(third)).toBe(true);
  });
});

it('gives the same bytes with every version of Node', async () => {
  const before = Buffer.from('some words that come again and again; '.repeat(400));
  const after = Buffer.from(`${before.toString().replaceAll('come', 'go on')}${TEXT}`);
  const hashes: string[] = [];
  for (const { read, pack } of written) {
    const packed = pack(before);
    const result = read(packed, LIMIT);
    if ('code' in result) throw new Error(result.reason);
    const again = await repack(packed, result, after, 'packed');
    // The time and the name of a gzip header come from outside.
    const own = packed[0] === 0x1f ? again.subarray(10) : again;
    hashes.push(createHash('sha256').update(own).digest('hex').slice(0, 16));
  }
  expect(hashes).toEqual(['d4ba2a331e273997', 'c93f2409a58618b8', '120305080fa0574d']);
});

describe('gzip files', () => {
  it('keep name and time', async () => {
    const made = gzipSync(TEXT);
    const named = Buffer.concat([made.subarray(0, 10), Buffer.from('list\0'), made.subarray(10)]);
    named[3] = 8;
    named.writeUInt32LE(1234, 4);
    const { bytes } = await repackFile('list.gz', named);
    expect(bytes.subarray(0, 15)).toEqual(named.subarray(0, 15));
  });

  it('with zeros behind them keep these', async () => {
    const { bytes } = await repackFile('list.gz', Buffer.concat([gzipSync(TEXT), Buffer.alloc(512)]));
    expect(bytes.subarray(-512)).toEqual(Buffer.alloc(512));
    expect(filter('gzip', ['-dc'], bytes).toString()).toBe(REWRITTEN);
  });

  it('with an index in the header, as dictzip makes them, are read and not written', async () => {
    const made = gzipSync(TEXT);
    const extra = Buffer.from([10, 0, ...Buffer.from('RA'), 6, 0, 1, 0, 0xff, 0xff, 1, 0]);
    const indexed = Buffer.concat([made.subarray(0, 10), extra, made.subarray(10)]);
    indexed[3] = 4;
    expect(told(await repackFile('list.dz', indexed))).toEqual(
      Array(3).fill('none(sealed) archive/member run-time list.dz'),
    );
  });
});

describe('references that Nix sees', () => {
  it('in stored bytes stay visible, those in packed bytes hidden', async () => {
    const visible = gzipSync(TEXT, { level: 0 });
    const result = await repackFile('list.gz', visible);
    expect(told(result)).toEqual(Array(3).fill('alias archive/member run-time list'));
    expect(visible.includes(HERE.slice(11, 43))).toBe(true);
    expect(result.bytes.includes(HERE.slice(11, 43))).toBe(true);
    expect((await repackFile('list.gz', gzipSync(TEXT))).bytes.includes(HERE.slice(11, 43))).toBe(false);
  });

  it('a zstd file with frames beside its contents is not written', async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
    const result = await repackFile('list.zst', Buffer.concat([zstdCompressSync(TEXT), skippable]));
    expect(told(result)).toEqual(Array(3).fill('none(sealed) archive/member run-time list'));
  });
});

it('xz files with other filters are said not to be looked into', async () => {
  const filtered = filter('xz', ['-c', '--x86', '--lzma2'], Buffer.from(TEXT));
  const result = await repackFile('list.xz', filtered);
  expect(unseen(result)).toEqual(['unsupported xz -']);
});
