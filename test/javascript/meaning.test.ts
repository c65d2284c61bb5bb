/** JavaScript evaluated by Node.js: the original with its store in place, and what was made of it elsewhere. */

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { ODD_PREFIXES, OWN, type Rewritten, rewrite } from '../rewriting.ts';
import { must } from '../toy-store.ts';

/** Loads each file, and prints what it exports; the store's place is taken out of every string, path or URL. */
const runner = (store: string) => `
const { pathToFileURL } = require('node:url');
const [root, ...files] = process.argv.slice(2);
const urls = [pathToFileURL(root).href.replace('file://', ''), root.split('/').map(encodeURIComponent).join('/')];
const plain = (value) => {
  if (typeof value === 'string') return urls.reduce((text, url) => text.replaceAll('file://' + url, 'file://<S>').replaceAll('localhost' + url, 'localhost<S>'), value).replaceAll(root, '<S>').replaceAll('/dev/fd/87' + '/'.repeat(Math.max(0, ${store.length} - 10)), '<A>');
  if (typeof value === 'function') return plain(value());
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [plain(k), plain(v)]));
  return value;
};
(async () => {
  const out = [];
  for (const file of files) {
    const loaded = await import(pathToFileURL(root + '/${OWN}/' + file).href + (file.endsWith('.mjs') ? '?x=1/2#y' : ''));
    out.push(plain(await (loaded.default ?? loaded)));
  }
  console.log(JSON.stringify(out, null, 1));
})().catch((error) => { console.error(error); process.exit(1); });
`;

/** Node.js itself imports no module whose path holds a backslash. */
const prefixesForNode = ODD_PREFIXES.map((prefix) => prefix.replaceAll('\\', ''));

const { work, store, dep, D, put, evaluate } = evaluation({
  name: 'javascript',
  dependency: {
    'lib/answer.js': 'module.exports = 42;',
    'lib/answer.mjs': 'export default 43; export const named = 44;',
    'lib/answer.json': '{"answer": 45}',
  },
  runner: ['runner.cjs', runner],
  command: [process.execPath, '--no-warnings'],
  prefixes: prefixesForNode,
});
// Whatever lies above decides nothing.
writeFileSync(join(work, 'package.json'), '{}');

const contexts = `
const c = 1, x = '${D}/x', y = "${D}" , o = {"${D}/k": 1, '${D}/m'() { return 2 }, get "${D}/g"() { return 3 }, ['${D}/c']: 4};
class A { "${D}/f" = "${D}/v"; static '${D}/s' = 5
  "${D}/second" = 6
  static "${D}/method"() { return 7 } }
const { "${D}/k": one } = o;
const f = (a = '${D}/default') => '${D}/' + a;
function g() { return"${D}/returned" }
let z = c
String('${D}')
const list = [ , '${D}/0',,'${D}/2', \`t \${c} ${D}/t \${'${D}/nested'} $${D}\`, \`${D}\`, String.raw\`\\n${D}\\u\`];
const tag = (s, ...v) => [s.raw[0], v.length];
const escaped = "a\\"b${D}\\n\\x41\\0'", slash = "\\/${D.slice(1)}/e", twice = 'PATH=${D}/bin:${D}/sbin', back = '\\\\${D}';
const continued = "one \\
${D} two";
const url = 'file://${D}/u', local = "file://localhost${D}/u", both = 'file://${D}/ ${D}';
const typed = typeof"${D}", inside = "${D}/k" in o, cond = c ? "${D}/yes" : "${D}/no", neg = !'${D}';
const regexp = /${D.replaceAll('/', '\\/')}/.source;
switch (x) { case'${D}/x': z = '${D}/case'; }
for (const w of '${D}'.split('/').slice(-1)) z += w;
const bytes = Buffer.from('${D}/\xc3\xa9').subarray(-2).toString('hex');
// ${D} in a comment
/* ${D} in another */
const all = [x, y, o, A['${D}/s'], new A(), A['${D}/method'](), one, f(), f('${D}'), g(), z, list, tag\`${D}\`[1], escaped, slash,
  twice, back, continued, url, local, both, typed, inside, cond, neg, bytes, __LINE__()];
function __LINE__() { return new Error('e').stack.match(/contexts\\.m?js(?:[?#][^:]*)?:(\\d+)/)[1] }
`;

const files: Readonly<Record<string, string>> = {
  'lib/contexts.js': `'use strict';${contexts}
const { execSync } = require('child_process'), sh = (c) => execSync(c).toString();
const said = [execSync("printf %s ${D}/x"), require('child_process').execSync(\`printf %s "${D}" '${D}' ${D}\`), execSync('printf %s \\'${D}\\' "${D}"'), execSync('printf "%s" "${D}"')].map(String);
const read = [new RegExp("^" + "${D}/(.)$").exec('${D}/q')[1], RegExp(\`^${D}/\${'.'}\`).test('${D}/z'), JSON.parse('{"a":["${D}/x"]}').a[0]];
const found = require("${D}/lib/answer"), resolved = require.resolve('${D}/lib/answer.json');
module.exports = [all, said, read, found, resolved, import("${D}/lib/answer.mjs").then((m) => m.named), (function () { return this === undefined })()];
`,
  'lib/deep/er/contexts.mjs': `

import * as space from 'file://${D}/lib/answer.mjs';
import json from '${D}/lib/answer.json' with { type: 'json' };import answer from "${D}/lib/answer.mjs";

export * from '${D}/lib/answer.mjs';
export { named as other } from "${D}/lib/answer.mjs";

${contexts}
const late = await import(\`${D}/lib/\${'answer'}.mjs\`);
const where = import.meta.resolve('${D}/lib/answer.js');
export default [all, answer, space.named, json, late.default, where];
`,
  'top.cjs': `module.exports = '${D}/x'`,
  'lib/bom.js': `\xef\xbb\xbfmodule.exports = ['\xc3\xa9${D}/\xe2\x82\xac', "${D}"];`,
  'lib/crlf.js': `module.exports = [\r\n  '${D}',\r\n  "${D}"\r\n];\r\n`,
  'lib/\xc3\xbc.js': `var \xc3\xbcber = '${D}'; module.exports = \xc3\xbcber`,
  'lib/own.js': `module.exports = "${store}/${OWN}/share"`,
  'lib/return.js': `module.exports = '${D}'; return; '${D}'.x`,
};
/** Names of files above are bytes. */
const asNamed = Object.fromEntries(
  Object.entries(files).map(([name, text]) => [Buffer.from(name, 'latin1').toString('utf8'), text]),
);

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(asNamed);
    expect(original).toContain('<S>');
    for (const result of results) expect(result).toBe(original);
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(
      (asNamed['lib/contexts.js'] as string).split('\n').length,
    );
    const aliased = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind === 'alias'));
    expect(aliased.map(({ site }) => site.what)).toEqual(Array(aliased.length).fill('literal that must stay one'));
  });

  test('a script that is started through a link finds its own place', async () => {
    const text = `#!/usr/bin/env node\nconsole.log('${D}/x')\n`;
    const { bytes } = await rewrite('bin/tool', text, store, true);
    // Only the extension or the shebang tells; env's node is the host's.
    const root = join(work, 'linked place/store');
    put(root, `${OWN}/bin/tool`, bytes);
    mkdirSync(join(work, 'links'), { recursive: true });
    symlinkSync(join(root, OWN, 'bin/tool'), join(work, 'links/tool'));
    expect(must(process.execPath, [join(work, 'links/tool')])).toBe(`${root}/${dep}/x\n`);
  });
});

describe('what has no relative form', () => {
  const remedies = async (text: string, file = 'lib/x.js') =>
    (await rewrite(file, text, store)).sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`);

  test.each([
    [`'${D}';`, 'javascript/string literal that must stay one alias'],
    [`x\n"${D}".length`, 'javascript/string literal that must stay one alias'],
    [`tag\`${D}\``, 'javascript/string literal that must stay one alias'],
    [`var __dirname = '/'; x = '${D}'`, 'javascript/string string alias'],
    [`<a>${D}</a>`, 'javascript/string literal that must stay one alias'],
    [`/[${D}]/`, 'javascript/string literal that must stay one alias'],
    [`<a href="${D}&amp;" />`, 'javascript/string JSX attribute alias'],
    [`<a href="${D}" />`, 'javascript/string JSX attribute relative'],
    [`this is no ( script "${D}"`, 'opaque text alias'],
    [`/* \xe2\x80\xa8 */ x = "${D}"`, 'opaque text alias'],
  ])('%s', async (text, expected) => {
    expect(await remedies(text)).toEqual([expected]);
  });

  test('TypeScript: types are erased, enumerations need literals', async () => {
    const text = `import x = require("${D}/a"); type T = "${D}"; enum E { A = "${D}" } const y: "${D}" = "${D}" as const;\nexport = y;`;
    expect(await remedies(text, 'lib/x.ts')).toEqual([
      'javascript/import import specifier relative',
      'javascript/comment type none',
      'javascript/string literal that must stay one alias',
      'javascript/comment type none',
      'javascript/string string relative',
    ]);
    expect(await remedies(`declare const y: string; export const z = "${D}"`, 'lib/x.d.ts')).toEqual([
      'javascript/string string none',
    ]);
  });

  test('source maps are read by people', async () => {
    const map = `{"version":3,"sources":["${D}/x.ts"],"mappings":"AAAA"}`;
    expect(await remedies(map, 'lib/x.js.map')).toEqual(['javascript/source-map source map none']);
  });
});

const quoted = (quote: string) =>
  fc
    .array(
      fc.constantFrom(
        D,
        `${D}/bin`,
        'a',
        ' ',
        '\\n',
        '\\\\',
        '\\/',
        '$',
        ':',
        '\xc3\xa9',
        `\\${quote}`,
        '{}',
        "'",
        '"',
        '`',
      ),
      {
        maxLength: 6,
      },
    )
    .map((parts) => `${quote}${parts.filter((part) => part !== quote).join('')}${quote}`)
    .filter((text) => !/^`.*(?:\\[0/]|\$\{)/.test(text));
const string = fc.oneof(quoted("'"), quoted('"'), quoted('`'));
const expression = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    string,
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `[${a},${b}]`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `${a}+${b}`),
    fc.tuple(quoted('"'), tie('e')).map(([a, b]) => `{${a}:${b}}`),
    tie('e').map((a) => `(() => { return ${a}\n})()`),
    tie('e').map((a) => `\`\${${a}} ${D}\``),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(function(p=${a}){return p})(${b}||void 0)`),
    tie('e').map((a) => `new (class{static ${'"s"'}=1;"${D}"=${a}})`),
  ),
})).e;

test('160 generated programs give the same under odd prefixes', async () => {
  const programs = fc.sample(expression, { numRuns: 160, seed: 5 });
  const generated = Object.fromEntries(
    programs.map((text, i) =>
      i % 2 === 0 ? [`lib/p${i}.js`, `module.exports = [${text}]`] : [`lib/p${i}.mjs`, `export default [${text}]`],
    ),
  );
  const { original, results } = await evaluate(generated, prefixesForNode.slice(2, 5));
  for (const result of results) expect(result).toBe(original);
});
