/** Generated fields and variables: the words that a shell makes of pkgconf's answer are the same before and after. */

import { renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';
import { collapse } from './questions.ts';

const store = new ToyStore();
const object = store.object('generated');
const other = store.object('other');
afterAll(() => store.remove());

const path = fc.constantFrom(object, other, `${other}/lib`);
const reference = fc.constantFrom('${prefix}', '${quoted}', '${single}', '${derived}', '${plain}');
const bare = fc.oneof(path, reference, fc.constantFrom('-I', '-DX=', 'a', '=', ',', '\\ ', '\\"', '/x'));
const between = fc.oneof(bare, fc.constantFrom(' ', '  b '));
const word = fc.oneof(
  fc.array(bare, { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  fc.array(between, { minLength: 1, maxLength: 4 }).map((all) => `"${all.join('')}"`),
  fc.array(between, { minLength: 1, maxLength: 4 }).map((all) => `'${all.join('').replaceAll('\\', '')}'`),
);
/** One argument: a flag that pkgconf keeps in its place, and words without a blank between them. */
const argument = fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => `-DW${all.join('')}`);

const module = (flags: readonly string[]) => `prefix=${object}
quoted="${other}/q"
single='${object}/s'
derived=\${prefix}/d
plain=p
Name: generated
Description: of ${other}
Version: 1
Cflags: ${flags.join(' ')} # ${other}
Libs: -L\${prefix}/lib -L"${other}/lib"
`;

function words(root: string): string[] {
  const script = 'eval "set -- $(PKG_CONFIG_LIBDIR=$1 pkgconf --cflags --libs generated)"; printf "%s\\0" "$@"';
  return must('sh', ['-c', script, 'sh', join(root, basename(object), 'lib/pkgconfig')])
    .split('\0')
    .map((text) => collapse(text).replaceAll(root, '<store>'));
}

test('flags in every kind of quotes', async () => {
  let run = 0;
  const file = store.write(join(object, 'lib/pkgconfig/generated.pc'), '');
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { minLength: 10, maxLength: 30 }), async (flags) => {
      writeFileSync(file, module(flags), 'latin1');
      const before = words(store.storeDir);
      let place = join(store.work, `${run++}`);
      await relocate({ paths: [object], to: place, storeDir: store.storeDir, workers: 1 });
      for (const name of ['plain', 'two  blanks', 'c,x=y@+']) {
        const prefix = join(store.work, `${run} ${name}`.replace(name === 'plain' ? ' ' : '', ''));
        renameSync(place, prefix);
        place = prefix;
        expect(words(join(prefix, 'store'))).toEqual(before);
      }
    }),
    { numRuns: 30 },
  );
});
