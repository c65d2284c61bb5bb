/** Every text format in other bytes, and far too large or too deep: each path becomes one site, and no site is lost. */

import { describe, expect, test } from 'vitest';
import { contentAnalyzers } from '../../src/analyzers/registry.ts';
import { DIGESTS, type Rewritten, rewrite } from '../rewriting.ts';
import { samples } from './samples.ts';

const D = `/nix/store/${DIGESTS[1]}-dep`;

/** Readers of programs, bytecode and first lines, which `bytes.test.ts`, `test/python` and `test/shebang` have. */
const binary = ['elf', 'shebang', 'python-bytecode'];

const shown = ({ sites }: Rewritten) =>
  sites.map(
    ({ site, remedy }) => `${site.rule} ${site.role} ${remedy.kind} ${remedy.kind === 'none' ? remedy.code : ''}`,
  );

test('there is a sample for every reader of texts', () => {
  const ids = contentAnalyzers.map(({ id }) => id).filter((id) => !binary.includes(id));
  expect(samples.map(({ analyzer }) => analyzer).sort()).toEqual([...ids].sort());
});

const variants: Readonly<Record<string, (text: string) => string>> = {
  'byte order mark': (text) => `\xef\xbb\xbf${text}`,
  'carriage returns': (text) => text.replaceAll('\n', '\r\n'),
  'no final newline': (text) => text.slice(0, -1),
  'bytes that are no UTF-8': (text) => text.replaceAll('/a', '/\xe9\xff'),
  tabs: (text) => text.replaceAll(/(?<=[ =:])(?=\/nix)/g, '\t'),
};

describe.each(samples)('$analyzer', ({ analyzer, rules = analyzer, file, text, filler }) => {
  test('the sample is its own', async () => {
    const { sites } = await rewrite(file, text(D), '/nix/store');
    expect(sites.map(({ site }) => site.rule.split('/')[0])).toEqual(sites.map(() => rules));
    expect(sites.length).toBeGreaterThan(0);
  });

  test.each(Object.entries(variants))('%s', async (_name, turn) => {
    const plain = await rewrite(file, text(D), '/nix/store');
    const turned = await rewrite(file, turn(text(D)), '/nix/store');
    expect(shown(turned)).toEqual(shown(plain));
  });

  test('a file of 50 MB', async () => {
    const many = filler.repeat(25_000_000 / filler.length);
    const { sites } = await rewrite(file, `${text(D)}${many}${text(D)}${many}${text(D)}`, '/nix/store');
    expect(sites.length).toBe(3 * (await rewrite(file, text(D), '/nix/store')).sites.length);
    const lost = sites.filter(({ site, remedy }) => site.role === 'run-time' && remedy.kind === 'none');
    expect(lost).toEqual([]);
  });

  test('a line of 3 MB', async () => {
    const one = await rewrite(file, text(`${D}/${'x'.repeat(1_000_000)}`), '/nix/store');
    expect(one.sites.length).toBe((await rewrite(file, text(D), '/nix/store')).sites.length);
  });

  test.each(['(', '[', '{', '<', '<a>', '"', '"$(', '`', '${', '\\', '"""', '{"a":', 'if x; then ', 'do '])(
    'thirty thousand times %s',
    async (mark) => {
      const deep = mark.repeat(30_000);
      for (const contents of [`${deep}${text(D)}`, `${text(D)}${deep}`, `${text(`${deep}${D}`)}`]) {
        const { sites } = await rewrite(file, contents, '/nix/store');
        expect(sites.length).toBeGreaterThan(0);
      }
    },
  );
});
