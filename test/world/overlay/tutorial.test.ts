/** docs/overlay.md, done as it says: its files are written, its commands are run, their output is compared. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { removeTree } from '../../../src/pipeline/staging.ts';
import { root, run } from '../../cli/run-unmoor.ts';
import { nixConfiguration, sourcesDirectory } from '../build.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-tutorial-')));
afterAll(() => removeTree(work));

interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

function blocks(page: string): Block[] {
  const fence = /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms;
  return [...page.matchAll(fence)].map(([, language, file, text]) => ({
    language: language as string,
    file,
    text: text as string,
  }));
}

/** Commands of a console block, each with the output that the page shows. */
function commands(text: string): { readonly command: string; readonly output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const end = entry.indexOf('\n');
      return { command: entry.slice(0, end), output: entry.slice(end + 1) };
    });
}

test('every command of docs/overlay.md does what the page says', () => {
  expect(inject('world').hello).toBeDefined();
  symlinkSync(root, join(work, 'unmoor'));
  mkdirSync(join(work, 'nixpkgs'));
  // <nixpkgs> is the world, which has to know where its sources are.
  writeFileSync(
    join(work, 'nixpkgs', 'default.nix'),
    `arguments: import ${root}/test/world/nixpkgs (arguments // { sources = ${sourcesDirectory}; })\n`,
  );
  const env = { NIX_CONFIG: nixConfiguration, NIX_PATH: `nixpkgs=${join(work, 'nixpkgs')}` };
  let count = 0;
  for (const { language, file, text } of blocks(readFileSync(join(root, 'docs/overlay.md'), 'utf8'))) {
    if (file !== undefined) writeFileSync(join(work, file), text);
    if (language !== 'console') continue;
    for (const { command, output } of commands(text)) {
      count++;
      const result = run('bash', ['-c', command], { cwd: work, env });
      // grep -c has exit code 1 when it counts nothing.
      if (result.code !== 0 && !command.startsWith('grep'))
        throw new Error(`${command}\n${result.stderr.slice(-3000)}`);
      if (!command.startsWith('nix-build')) expect(`$ ${command}\n${result.stdout}`).toBe(`$ ${command}\n${output}`);
    }
  }
  expect(count).toBeGreaterThan(12);
});
