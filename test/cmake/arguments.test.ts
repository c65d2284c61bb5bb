/** Generated commands with store paths in every kind of argument: CMake gives them the same values under any prefix. */

import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('generated');
const other = store.object('other');
afterAll(() => store.remove());

const path = fc.constantFrom(object, other, `${other}/lib`, `${object}/share/a.b+c`);
const quotedPiece = fc.oneof(
  path,
  fc.constantFrom(
    ' ',
    ';',
    '\\"',
    '\\\\',
    '\\;',
    '\\n',
    '$<CONFIG:x>',
    '\\${x}',
    '\\@x@',
    '[[',
    ']]',
    '(',
    '#',
    "'",
    '${a}',
    '\n',
    '\xe9',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '=', ':', ','), maxLength: 4 }),
);
const unquotedPiece = fc.oneof(
  path,
  fc.constantFrom(';', '\\ ', '\\(', '\\#', '${a}', '-I', '=', ':', '$<A:b>', '"c d"', '\xe9'),
);
const bracketPiece = fc.oneof(
  path,
  fc.constantFrom(
    ' ',
    ';',
    '"',
    '\\',
    '\\"',
    '${a}',
    '@a@',
    '$ENV{HOME}',
    '(',
    '#',
    ']',
    '[',
    '\n',
    '\xe9',
    '$<A:b>',
    '\\\\',
  ),
);
const text = (piece: fc.Arbitrary<string>) =>
  fc.array(piece, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
const argument = fc.oneof(
  text(quotedPiece).map((content) => `"${content}"`),
  text(unquotedPiece).map((content) => `x${content}`),
  text(bracketPiece).map((content) => `[=[${content}]=]`),
);
const scope = fc.constantFrom('file', 'function', 'macro');

/** A file that prints its arguments, each between marks. */
function program(cases: readonly (readonly [string, string])[]): string {
  const lines = cases.map(([where, value], i) => {
    const print = `set(values ${value})\nforeach(value IN LISTS values)\n  message("${i} <\${value}>")\nendforeach()`;
    // In a macro a value may not hold what the macro itself replaces: it takes no arguments.
    return where === 'file' ? print : `${where}(part_${i})\n${print}\nend${where}()\npart_${i}()`;
  });
  return `# of ${other}\ncmake_minimum_required(VERSION 3.20)\nset(a A)\n${lines.join('\n')}\n`;
}

const evaluate = (root: string) =>
  must('sh', ['-c', 'cmake -P "$1" 2>&1', 'sh', join(root, basename(object), 'lib/cmake/generated.cmake')])
    .replaceAll(root, '<store>')
    // Lines of error messages; there are none in what is compared.
    .split('\n');

test('arguments of every kind', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(scope, argument), { minLength: 20, maxLength: 40 }), async (cases) => {
      store.write(join(object, 'lib/cmake/generated.cmake'), '');
      const file = Buffer.from(program(cases), 'latin1');
      must('sh', ['-c', 'cat > "$1"', 'sh', join(object, 'lib/cmake/generated.cmake')], {
        input: file.toString('latin1'),
      });
      const before = evaluate(store.storeDir);
      let place = join(store.work, `${run++}`);
      await relocate({ paths: [object], to: place, storeDir: store.storeDir, workers: 1 });
      for (const name of ['plain', 'two  blanks', 'a$b{c}(d)&#@e@', 'ünï"quote\'']) {
        const prefix = join(store.work, `${run} ${name}`);
        renameSync(place, prefix);
        place = prefix;
        expect(evaluate(join(prefix, 'store'))).toEqual(before);
      }
    }),
    { numRuns: 5 },
  );
});
