/** The stub's configuration: both sides of the layout agree, and what was written is read back. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeStubConfig,
  encodeStubConfig,
  STUB_HEADER_SIZE,
  type StubConfig,
} from '../../src/syntax/loader-stub-config.ts';
import { must } from '../toy-store.ts';

const address = fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) }).map(Number);
const word = fc.nat({ max: 0xffffffff });
const path = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
  minLength: 1,
});
const configs: fc.Arbitrary<StubConfig> = fc.record({
  stubAddress: address,
  originalEntry: address,
  debugAddress: address,
  stripComponents: word,
  flags: word,
  aliasDescriptor: word,
  loader: path,
});

test('what is encoded is decoded, whatever follows', () => {
  fc.assert(
    fc.property(configs, fc.uint8Array({ maxLength: 100 }), (config, rest) => {
      const bytes = encodeStubConfig(config);
      expect(bytes.length % 16).toBe(0);
      expect(decodeStubConfig(Buffer.concat([bytes, rest]))).toEqual(config);
    }),
  );
});

test('a configuration that is cut off or changed in its frame is none', () => {
  fc.assert(
    fc.property(configs, fc.nat(), (config, cut) => {
      const bytes = encodeStubConfig(config);
      expect(decodeStubConfig(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
    }),
  );
  const bytes = encodeStubConfig({
    stubAddress: 1,
    originalEntry: 2,
    debugAddress: 3,
    stripComponents: 4,
    flags: 5,
    aliasDescriptor: 6,
    loader: 'loader',
  });
  for (const [offset, value] of [
    [0, 0],
    [44, STUB_HEADER_SIZE - 1],
    [44, bytes.length],
    [48, bytes.length + 1],
  ] as const) {
    const changed = Buffer.from(bytes);
    changed.writeUInt32LE(value, offset);
    expect(decodeStubConfig(changed)).toBeUndefined();
  }
  expect(decodeStubConfig(Buffer.concat([bytes.subarray(0, STUB_HEADER_SIZE), Buffer.alloc(100, 1)]))).toBeUndefined();
});

test('stub/config.h reads what the TypeScript side writes', () => {
  const work = mkdtempSync(join(tmpdir(), 'unmoor-config-'));
  const source = `
    #include <stdio.h>
    #include "config.h"
    int main(void) {
      struct config c;
      if (fread(&c, sizeof c, 1, stdin) != 1) return 1;
      char loader[64] = "";
      if (fread(loader, 1, c.length - sizeof c, stdin) != c.length - sizeof c) return 2;
      printf("%zu %.6s%d%d %llx %llx %llx %x %x %x %u %u %u %s\\n", sizeof c, c.magic, c.magic[6], c.magic[7],
        (long long)c.stub_address, (long long)c.original_entry, (long long)c.debug_address, c.strip_components, c.flags,
        c.alias_fd, c.loader_offset, c.length, c.reserved, loader + c.loader_offset - sizeof c);
      return 0; }`;
  const program = join(work, 'reader');
  const stub = new URL('../../stub', import.meta.url).pathname;
  try {
    must('gcc', ['-Wall', '-Werror', `-I${stub}`, '-x', 'c', '-', '-o', program], { input: source });
    const config = {
      stubAddress: 0x1122334455667,
      originalEntry: 0x7766554433221,
      debugAddress: 0x1020304050607,
      stripComponents: 0x11223344,
      flags: 0x55667788,
      aliasDescriptor: 0xaabbccdd,
      loader: 'digest-glibc/lib/ld.so',
    };
    const bytes = encodeStubConfig(config);
    const file = join(work, 'config');
    must('sh', ['-c', `printf '%s' "$1" | base64 -d > "$2"`, 'sh', bytes.toString('base64'), file]);
    expect(must('sh', ['-c', '"$1" < "$2"', 'sh', program, file])).toBe(
      `${STUB_HEADER_SIZE} UNMOOR01 1122334455667 7766554433221 1020304050607 11223344 55667788 aabbccdd ` +
        `${STUB_HEADER_SIZE} ${bytes.length} 0 ${config.loader}\n`,
    );
  } finally {
    rmSync(work, { recursive: true });
  }
});
