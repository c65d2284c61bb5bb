/**
 * What `--fix` writes means what was there before: both texts are evaluated by Nix and run by bash in a store, the links
 * lead to the same files, and those of the fixed one still do where the store has moved and the old place is gone.
 */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedText } from '../../src/check/fix.ts';
import { run } from '../cli/run-unmoor.ts';

const DEP = '0123456789abcdfghijklmnpqrsvwxyz-dep';
const OUT = 'zyxwvsrqpnmlkjihgfdcba9876543210-out';
const settings = { storeDir: '/nix/store', rules: {} };

let work: string;
beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor links ')));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const source = fc.constantFrom(
  '${dep}/lib/libx.so.1',
  '${dep}/bin/tool',
  '"${dep}/share/a b"',
  '${dep}',
  '"${dep}"/bin/tool',
  '$out/real/file',
  '"$out/real"/file',
);
const command = fc
  .tuple(
    fc.constantFrom('-s', '-sf', '-s -f', '-sfn', '-sv', '-fs', '--symbolic', '-s --'),
    source,
    fc.constantFrom('$out/bin/', '$out/', '"$out/a b/', '$out/x/y/'),
  )
  .map(([option, from, to]) => ({ option, from, to }));

/** Numbers the links, so that each has a place of its own. */
function script(commands: readonly { readonly option: string; readonly from: string; readonly to: string }[]): string {
  const lines = commands.flatMap(({ option, from, to }, i) => {
    const target = to.startsWith('"') ? `${to}l${i}"` : `${to}l${i}`;
    return [`    mkdir -p "$(dirname ${target})"`, `    ln ${option} ${from} ${target}`];
  });
  return `{ dep }:\n\n{\n  buildCommand = ''\n${lines.join('\n')}\n    cd $out/bin2\n    ln -s \${dep}/bin/tool\n  '';\n}\n`;
}

/** Runs the phase of an expression in a new store; returns the store. */
function build(text: string, name: string): string {
  const store = join(work, name, 'store');
  const dep = join(store, DEP);
  for (const path of ['lib', 'bin', 'share']) mkdirSync(join(dep, path), { recursive: true });
  for (const path of ['lib/libx.so.1', 'bin/tool', 'share/a b']) writeFileSync(join(dep, path), path);
  const out = join(store, OUT);
  for (const path of ['real', 'bin2']) mkdirSync(join(out, path), { recursive: true });
  writeFileSync(join(out, 'real/file'), 'real');
  const file = join(work, 'phase.nix');
  writeFileSync(file, text);
  const args = [
    '--eval',
    '--strict',
    '--json',
    '--store',
    'dummy://',
    file,
    '--argstr',
    'dep',
    '@dep@',
    '-A',
    'buildCommand',
  ];
  const evaluated = run('nix-instantiate', args);
  expect(evaluated.stderr).toBe('');
  // Store paths have no blanks; the directory of this test does, and stands for one by a variable.
  const phase = (JSON.parse(evaluated.stdout) as string).replaceAll('@dep@', '$dep');
  const finished = run('bash', ['-eu', '-c', `IFS=\n${phase}`], { env: { out, dep } });
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  return store;
}

/** Every link below the output: where it leads, seen from the store. */
function leads(store: string): Record<string, string> {
  const out = join(store, OUT);
  const links: Record<string, string> = {};
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(out, path);
    if (!lstatSync(full).isSymbolicLink()) continue;
    links[path] = existsSync(full) ? relative(store, realpathSync(full)) : 'nowhere';
  }
  return links;
}

describe('ln -s, rewritten', () => {
  it('leads to the same files, here and elsewhere', () => {
    let round = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 6 }), (commands) => {
        round++;
        const text = script(commands);
        const { text: fixed, fixed: count } = fixedText('a.nix', text, settings);
        expect(count).toBe(commands.length + 1);
        const before = leads(build(text, `${round}-before`));
        expect(Object.values(before)).not.toContain('nowhere');
        const store = build(fixed, `${round}-after`);
        expect(leads(store)).toEqual(before);
        const moved = join(work, `${round}-after`, 'moved here');
        renameSync(store, moved);
        expect(leads(moved)).toEqual(before);
        for (const path of Object.keys(before)) expect(readlinkSync(join(moved, OUT, path))).toMatch(/^\.\.?\/|^real/);
      }),
      { numRuns: 25 },
    );
  });
});
