/** Our parser against Nix's own: programs made at random, and the Nix files of this project. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNix } from '../../src/syntax/nix/parser.ts';
import { stringText } from '../../src/syntax/nix/string-text.ts';
import type { Expression } from '../../src/syntax/nix/tree.ts';
import { projectFiles, root } from '../structure/source-files.ts';
import { brokenProgram, indentedString, program } from './programs.ts';
import { nixVerdicts, stringsOfTree, type Verdict } from './reference.ts';

let work: string;
beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-nix-')));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function verdicts(texts: readonly string[]): Verdict[] {
  const files = texts.map((text, i) => {
    const file = join(work, `${i}.nix`);
    writeFileSync(file, text);
    return file;
  });
  return nixVerdicts(files);
}

/** Fails with the program that is read in two ways. */
function compare(source: string, verdict: Verdict): void {
  if (verdict.accepted === undefined) return;
  const text = Buffer.from(source).toString('latin1');
  const { expression, errors } = parseNix(text);
  const ours = { source, accepted: errors.length === 0, message: errors[0]?.message };
  expect(ours, verdict.message).toMatchObject({ accepted: verdict.accepted });
  if (verdict.strings !== undefined) {
    expect({ source, strings: stringsOfTree(expression, text) }).toEqual({ source, strings: verdict.strings });
  }
}

const sum = fc.array(indentedString, { minLength: 1, maxLength: 3 }).map((strings) => strings.join(' + '));

/** The strings that are added up, in order. */
function operandsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' ? [...operandsOf(expression.left), expression.right] : [expression];
}

describe('the Nix parser agrees with nix-instantiate', () => {
  it('on programs, and on their strings', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(program, { minLength: 40, maxLength: 60 }), (programs) => {
        const all = verdicts(programs);
        for (const [i, source] of programs.entries()) {
          const verdict = all[i] as Verdict;
          if (verdict.accepted) accepted++;
          compare(source, verdict);
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('on broken programs', () => {
    fc.assert(
      fc.property(fc.array(brokenProgram, { minLength: 15, maxLength: 20 }), (programs) => {
        const all = verdicts(programs);
        for (const [i, source] of programs.entries()) compare(source, all[i] as Verdict);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it('on the Nix files of this project', () => {
    const files = projectFiles().filter((path) => path.endsWith('.nix') && !path.includes('/fixtures/'));
    expect(files.length).toBeGreaterThan(5);
    const all = nixVerdicts(files.map((path) => `${root}/${path}`));
    for (const [i, path] of files.entries()) compare(readFileSync(`${root}/${path}`, 'utf8'), all[i] as Verdict);
  });

  it('on what an indented string says, a sum of some too, and on where its characters come from', () => {
    fc.assert(
      fc.property(fc.array(sum, { minLength: 100, maxLength: 120 }), (strings) => {
        const file = join(work, 'strings.nix');
        writeFileSync(file, `[\n${strings.map((text) => `(${text})`).join('\n')}\n]`);
        const result = spawnSync('nix-instantiate', ['--eval', '--strict', '--json', '--store', 'dummy://', file], {
          encoding: 'utf8',
        });
        expect(result.stderr.replace(/^warning.*\n/gm, '')).toBe('');
        const values = JSON.parse(result.stdout) as string[];
        for (const [i, source] of strings.entries()) {
          const { expression } = parseNix(source);
          const said = stringText(operandsOf(expression), source);
          const text = said.text.replace(/[\ue000-\uf8ff]/g, '#');
          expect({ source, text }).toEqual({ source, text: values[i] });
          for (let at = 0; at < text.length; at++) {
            const from = source.slice(said.sourceOffset(at), said.sourceEnd(at + 1));
            const isEscape = from.startsWith("''") || from.startsWith('${');
            if (!isEscape) expect(from).toBe(text[at]);
          }
        }
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});
