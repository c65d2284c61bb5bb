/** Flags as a compiler gets them: quotes and blanks in the file and in the prefix, and a C program that is built by them. */

import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';
import { collapse } from './questions.ts';

const store = new ToyStore();
const object = store.object('widget');
const other = store.object('gear');
const moved = join(store.work, 'moved');

/** Every way to put quotes around a path or a variable. */
const quoted = `prefix=${object}
quoted="${other}"
single='${other}/single'
derived=\${prefix}/derived
blank=${other}/a b
Name: quoted
Description: all kinds of quotes
Version: 1
Cflags: -I"${other}/one" "-I${other}/two words" -I'${other}/three' -DS=\\"\${prefix}\\" \\
 "-I\${prefix}/four" -I"\${derived}"'/five six' -I"\${blank}/seven" -I\${quoted}/eight '-I\${single}' -DX="a  b" # "
Libs: -L"\${prefix}/lib" -L'\${prefix}/lib'64 -lone
Libs.private: "-L${other}/lib" -lm
`;

const library = `prefix=${object}
libdir=\${prefix}/lib
Name: widget
Description: a library
Version: 1
Requires.private: gear
Cflags: -I"\${prefix}/include"
Libs: -L\${libdir} -lwidget
`;

const dependency = `Name: gear
Description: another library
Version: 1
Cflags: -I${other}/include
Libs: -L"${other}/lib" -lgear
`;

beforeAll(async () => {
  store.write(join(object, 'lib/pkgconfig/quoted.pc'), quoted);
  store.write(join(object, 'lib/pkgconfig/widget.pc'), library);
  store.write(join(object, 'lib/pkgconfig/gear.pc'), dependency);
  store.write(join(other, 'include/gear.h'), 'int gear(void);\n');
  store.write(join(object, 'include/widget.h'), '#include <gear.h>\nint widget(void);\n');
  for (const [place, name, source] of [
    [other, 'gear', 'int gear(void) { return 40; }'],
    [object, 'widget', 'int gear(void); int widget(void) { return gear() + 2; }'],
  ] as const) {
    must('mkdir', ['-p', join(place, 'lib')]);
    must('gcc', ['-c', '-x', 'c', '-', '-o', join(store.work, `${name}.o`)], { input: source });
    must('ar', ['rcsD', join(place, 'lib', `lib${name}.a`), join(store.work, `${name}.o`)]);
  }
  const report = await relocate({ paths: [object, other], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.totals.byRule['pkg-config/path']).toBe(11);
});
afterAll(() => store.remove());

/** The words that a shell makes of pkgconf's answer, `..` taken out. */
function words(root: string, module: string): string[] {
  const search = join(root, basename(object), 'lib/pkgconfig');
  const script = 'eval "set -- $(PKG_CONFIG_LIBDIR=$1 pkgconf --cflags --libs --static $2)"; printf "%s\\0" "$@"';
  return must('sh', ['-c', script, 'sh', search, module])
    .split('\0')
    .map((word) => collapse(word).replaceAll(root, '<store>'));
}

function at<Result>(name: string, use: (root: string) => Result): Result {
  const prefix = join(store.work, name);
  renameSync(moved, prefix);
  try {
    return use(join(prefix, 'store'));
  } finally {
    renameSync(prefix, moved);
  }
}

describe.each(['plain', 'with  two blanks', 'ünï+c,x=y@%'])('from a prefix: %s', (name) => {
  test('quotes keep their meaning', () => {
    const before = words(store.storeDir, 'quoted');
    const now = at(name, (root) => words(root, 'quoted'));
    const split = (list: readonly string[]) => list.filter((word) => !/seven|^-DS=/.test(word));
    expect(split(before)).toContain(`-I<store>/${basename(other)}/two words`);
    // A blank inside a quoted variable is right where the prefix has none.
    if (name.includes(' ')) expect(split(now)).toEqual(expect.arrayContaining(split(before)));
    else expect(now).toEqual(before);
  });

  test('a C program is built', () => {
    const source = '#include <widget.h>\n#include <stdio.h>\nint main(void) { printf("%d\\n", widget()); }\n';
    const script = `eval "gcc -x c - -x none -o '${store.work}/program' $(PKG_CONFIG_LIBDIR=$1 pkgconf --cflags --libs --static widget)"`;
    at(name, (root) =>
      must('sh', ['-c', script, 'sh', join(root, basename(object), 'lib/pkgconfig')], { input: source }),
    );
    expect(must(join(store.work, 'program'), [])).toBe('42\n');
  });
});
