/** Scripts that are no scripts, or as bad as they can be: nothing throws, nothing takes long, no path is lost. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeEdited } from '../../src/pipeline/apply-edits.ts';
import { planContents } from '../../src/pipeline/entry.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { scanBytes } from '../../src/store/scan.ts';
import { storeDir } from '../../src/store/store-path.ts';

const dir = storeDir('/nix/store');
const P = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-dep';

async function rewrite(
  text: string,
  file = 'bin/x',
  object: string | undefined = 'zyxwvsrqpnmlkjihgfdcba9876543210-out',
) {
  const bytes = Buffer.from(text, 'latin1');
  const { occurrences } = scanBytes(bytes, dir);
  const plan = await planContents(file, { executable: true, secure: false }, bufferSource(bytes), occurrences, {
    object,
    transform: {
      storeDir: dir,
      alias: '/dev/fd/87',
      aliasDescriptor: 87,
      aliasPolicy: 'inherit',
      stub: () => ({ missing: 'none needed' }),
      exists: () => true,
    },
  });
  expect(plan.sites.length).toBe(occurrences.length);
  const chunks: Buffer[] = [];
  writeEdited(bufferSource(bytes), plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  return { text: Buffer.concat(chunks).toString('latin1'), sites: plan.sites };
}

const kinds = async (text: string, file?: string, object?: string) =>
  (await rewrite(text, file, object)).sites.map(({ site, remedy }) => `${site.rule} ${remedy.kind}`);

const n = 20000;
test.each([
  ['substitutions', `${'$(echo '.repeat(n)}${P}${')'.repeat(n)}`],
  ['quotes', `${'"$(echo '.repeat(n)}${P}${')"'.repeat(n)}`],
  ['expansions', `echo ${`\${x:-`.repeat(n)}${P}${'}'.repeat(n)}`],
  ['groups', `${'{ '.repeat(n)}${P};${' }'.repeat(n)}`],
  ['conditions', `${'if a; then '.repeat(n)}${P};${' fi;'.repeat(n)}`],
  ['braces', `echo ${'{a,'.repeat(n)}${P}${'}'.repeat(n)}`],
  ['open quotes', `echo "${'$('.repeat(n)}${P}`],
  ['backquotes', `echo ${'`\\'.repeat(n)}${P}`],
  ['a long line', `echo ${`${P} `.repeat(n)}`],
  ['a long comment', `echo\n# ${`${P} `.repeat(n)}`],
  ['here-documents', `cat <<'E'\n${P}\nE\n`.repeat(n / 4)],
  ['evaluated strings', `eval '${P}'\n`.repeat(n / 4)],
])('deep or long: %s', async (_, code) => {
  await rewrite(`#!/bin/bash\n${code}\n`);
});

test('any bytes behind a shebang', async () => {
  const piece = fc.constantFrom(
    P,
    P,
    '\n',
    ' ',
    '"',
    "'",
    '`',
    '$',
    '$(',
    ')',
    '${x',
    '}',
    '\\',
    '<<E',
    "<<'E'",
    'E',
    '#',
    '((',
    '[[',
    ']]',
    'case',
    'in',
    'esac',
    ';;',
    'eval',
    '\r',
    '\0',
    '\xff',
    'alias',
    '=',
    '&',
    'fi',
    'if',
    '{',
    ':-',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
      const once = await rewrite(`#!/bin/bash\n${pieces.join('')}`);
      const twice = await rewrite(once.text);
      expect(twice.text).toBe(once.text);
    }),
    { numRuns: 3000 },
  );
});

describe('bytes', () => {
  test('carriage returns, no final newline, bytes that are no UTF-8', async () => {
    const { text } = await rewrite(`#!/bin/sh\n# c\r\n\techo \xff\xfe "${P}" \x80\r\necho '${P}'`);
    expect(text).toMatch(/^#!\/bin\/sh\n# c\r\n\t__unmoor_file=.*;echo \xff\xfe "\$__unmoor_store\/\w+-dep" \x80\r\n/);
    expect(text).toMatch(/\necho "\$__unmoor_store"'\/\w+-dep'$/);
  });

  test('a NUL makes no script', async () => {
    expect(await kinds(`#!/bin/sh\necho ${P} ${'x'.repeat(5000)}\0`)).toEqual(['opaque alias']);
  });

  test('what cannot be parsed is left to rule opaque', async () => {
    expect(await kinds(`#!/bin/sh\necho ${P}\nif`)).toEqual(['opaque alias']);
    expect(await kinds(`#!/bin/sh\n$((${P}))\n`)).toEqual(['opaque alias']);
  });

  test('other languages behind a shell', async () => {
    for (const header of [
      'exec tclsh "$0" "$@"',
      `eval 'exec perl -x -wS $0 \${1+"$@"}' if 0`,
      `'''exec' python3 "$0" "$@"\n'''`,
    ])
      expect(await kinds(`#!/bin/sh\n${header}\nset x "${P}"\n`)).toEqual(['opaque alias']);
  });

  test('roles: comments, dead references, setup hooks, files outside of the store', async () => {
    const dead = `/nix/store/${'e'.repeat(32)}-x`;
    expect(await kinds(`#!/bin/sh\necho ${dead} # ${P}\n`)).toEqual(['shell/word none', 'shell/comment none']);
    expect(await kinds(`x=${P}\n`, 'nix-support/setup-hook')).toEqual(['shell/word relative']);
    expect(await kinds(`x=\\${P}\n`, 'nix-support/setup-hook')).toEqual(['shell/word none']);
    expect((await rewrite(`#!/bin/sh\nx=${P}\n`, 'bin/x', undefined)).sites.length).toBe(1);
  });
});
