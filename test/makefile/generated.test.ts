/** Generated Makefiles: make prints the same before and after, under every prefix that it can read at all. */

import { renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('generated');
const other = store.object('other');
afterAll(() => store.remove());

const path = fc.constantFrom(object, other, `${other}/lib`, `-I${object}/include`);
const piece = fc.oneof(
  path,
  fc.constantFrom(
    ' ',
    '$(A)',
    '${A}',
    '$$x',
    '\\#',
    ':',
    '=',
    '%',
    '\\\\',
    '(',
    ')',
    '"',
    ',',
    '~',
    '$(notdir x/y)',
    '\xe9',
  ),
  path.map((value) => `$(addsuffix /x,${value} b)`),
  path.map((value) => `$(if $(A),${value},$(subst a,b,${value}))`),
);
const value = fc.array(piece, { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
const flavour = fc.constantFrom('=', ':=', '?=', '+=', 'define');

function makefile(cases: readonly (readonly [string, string])[]): string {
  const definitions = cases.map(([kind, text], i) =>
    kind === 'define' ? `define V${i}\nv${text}\nendef` : `V${i} ${kind} v${text} # of ${other}`,
  );
  // The values go through files, since no quotes are right for all of them.
  const recipes = cases.map((_, i) => `$(file >>$(OUT),${i} $(V${i}))`);
  return `# of ${object}\nA = a\n${definitions.join('\n')}\nall:\n\t$(foreach x,1,${recipes.join('')})@: '${other}'\n`;
}

function evaluate(root: string): string {
  const out = join(store.work, 'out');
  writeFileSync(out, '');
  const file = join(root, basename(object), 'lib/generated.mk');
  const echoed = must('make', ['-f', file, `OUT=${out}`, 'all', '-n']);
  must('make', ['-s', '-f', file, `OUT=${out}`, 'all']);
  return (echoed + must('cat', [out])).replaceAll(root, '<store>');
}

test('definitions, functions and recipes', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(flavour, value), { minLength: 5, maxLength: 20 }), async (cases) => {
      const file = store.write(join(object, 'lib/generated.mk'), '');
      writeFileSync(file, makefile(cases), 'latin1');
      const before = evaluate(store.storeDir);
      let place = join(store.work, `${run++}`);
      await relocate({ paths: [object], to: place, storeDir: store.storeDir, workers: 1 });
      for (const name of ['plain', 'c,x=y@+', 'ünï~(x)&']) {
        const prefix = join(store.work, `${run}${name}`);
        renameSync(place, prefix);
        place = prefix;
        expect(evaluate(join(prefix, 'store'))).toBe(before);
      }
    }),
    { numRuns: 12 },
  );
});
