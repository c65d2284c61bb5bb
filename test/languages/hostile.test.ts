/** Broken, mixed and large sources: nothing throws, nothing is lost, nothing takes long. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIGESTS, rewrite } from '../rewriting.ts';

const D = `/nix/store/${DIGESTS[1]}-dep`;
const extensions = ['js', 'mjs', 'ts', 'tsx', 'pm', 'rb', 'lua', 'tcl', 'php', 'fish', 'bash', 'zsh', 'py'] as const;

const pieces = [
  ...[
    D,
    `'${D}'`,
    `"${D}"`,
    `\`${D}\``,
    `[[${D}]]`,
    `{${D}}`,
    `(${D})`,
    `%w[${D}]`,
    `qw(${D})`,
    `\\${D}`,
    `\${${D}}`,
    `# ${D}\n`,
  ],
  ...[
    `// ${D}\n`,
    `-- ${D}\n`,
    `/* ${D} */`,
    `<<'E'\n${D}\nE\n`,
    `<<E\n${D}\nE\n`,
    `/${D}/`,
    `#{${D}}`,
    `__END__\n${D}`,
    `=begin\n${D}\n=end\n`,
  ],
  ...[
    '\n',
    '\r\n',
    ' ',
    ';',
    "'",
    '"',
    '`',
    '\\',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '$',
    '@',
    '%',
    '#',
    '/',
    '<',
    '=',
    '\xff',
    '\xef\xbb\xbf',
  ],
  ...[
    'use strict;',
    'x = ',
    'print ',
    'puts ',
    'set x ',
    'const y = ',
    'import x from ',
    'sub f ',
    'def f ',
    'end',
    'q',
    's',
    'eval ',
    '<?php ',
    '?>',
    "awk '",
    "sed -e '",
    's|',
    'for x (y) ',
    'constructor ',
    '\0',
    '\x1a',
    '\x04',
  ],
];

test('2600 shuffled sources: every path becomes one site, twice is once', async () => {
  const sources = fc.sample(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), { numRuns: 200, seed: 17 });
  let sites = 0;
  for (const parts of sources) {
    for (const extension of extensions)
      sites += (await rewrite(`lib/x.${extension}`, parts.join(''), '/nix/store')).sites.length;
  }
  expect(sites).toBeGreaterThan(1000);
});

const many = 20_000;
const lines: Readonly<Record<string, (i: number) => string>> = {
  js: (i) => `x[${i}] = "${D}/${i}"; // ${D}`,
  pm: (i) => `$x{${i}} = '${D}/${i}'; # ${D}`,
  rb: (i) => `x[${i}] = '${D}/${i}' # ${D}`,
  lua: (i) => `x[${i}] = '${D}/${i}' -- ${D}`,
  php: (i) => `$x[${i}] = '${D}/${i}'; # ${D}`,
  fish: (i) => `set x[${i}] '${D}/${i}' # ${D}`,
  bash: (i) => `x[${i}]='${D}/${i}' # ${D}`,
};

describe('large sources', () => {
  test.each(Object.entries(lines))(`${2 * many} paths in a file of %s`, async (extension, line) => {
    const text = Array.from({ length: many }, (_, i) => line(i)).join('\n');
    const first = { pm: 'package X;', php: '<?php', fish: 'true', bash: ':' }[extension] ?? 'my_x = {}';
    const source = `${first}\n${text}`;
    const { sites } = await rewrite(`lib/x.${extension}`, source, '/nix/store');
    const relative = sites.filter(({ remedy }) => remedy.kind === 'relative').length;
    // A file of Ruby beyond 4 MiB gets the alias.
    expect(relative === many || (extension === 'rb' && source.length > 4 * 1024 * 1024)).toBe(true);
  });

  test('one literal with 20000 paths, one line of 3 MB, 50 MB of text', async () => {
    const body = `${D}\n`.repeat(many);
    for (const [extension, text] of [
      ['pm', `use strict; print <<'E';\n${body}E\n`],
      ['rb', `puts <<'E'\n${body}E\n`],
      ['lua', `x = [[${body}]]`],
      ['js', `x = \`${body}\``],
      ['tcl', `set x "${body}"`],
      ['js', `x = [${`"${D}",`.repeat(130_000)}]`],
      ['php', `<?php $x = "${body}";`],
      ['fish', `echo '${body}'`],
      ['bash', `awk '${`{ print "${D}" }\n`.repeat(5000)}'`],
      ['bash', `sed '${`s|a|${D}|\n`.repeat(5000)}'`],
      ['zsh', `for x (a b) echo $x\necho ${`${D} `.repeat(many)}`],
    ] as const) {
      const { sites } = await rewrite(`lib/x.${extension}`, text, '/nix/store');
      expect([extension, sites.filter(({ remedy }) => remedy.kind === 'relative').length]).toEqual([
        extension,
        sites.length,
      ]);
    }
    const deep = await rewrite('lib/x.py', `x = ${'('.repeat(many)}"${D}"${')'.repeat(many)}\n`, '/nix/store');
    expect(deep.sites.map(({ remedy }) => remedy.kind)).toEqual(['alias']);
    for (const extension of ['js', 'pm', 'rb', 'php', 'fish', 'bash']) {
      const { sites } = await rewrite(`lib/x.${extension}`, `${'x = 1\n'.repeat(9_000_000)}"${D}"`, '/nix/store');
      expect(sites.map(({ site }) => site.rule)).toEqual(['opaque']);
    }
  });
});
