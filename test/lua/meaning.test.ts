/** Lua evaluated by lua: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { filesBelow, plant, readReal } from '../real-files.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must, run } from '../toy-store.ts';

/** `package.path` takes a question mark for the module's name. */
const prefixesForLua = ODD_PREFIXES.map((prefix) => prefix.replaceAll('?', ''));

/** Takes the way up out of paths, then the store's place. */
const runner = `
local root, cut = arg[1], function(s) return s end
local function plain(s)
  local count = 1
  while count > 0 do s, count = s:gsub('/[^/\\0]+/%.%.', '', 1) end
  return (s:gsub(root:gsub('%p', '%%%0'), '<S>'))
end
local out = {}
function print(...) for i = 1, select('#', ...) do out[#out + 1] = tostring((select(i, ...))) .. '\\0' end out[#out + 1] = '\\n' end
for i = 2, #arg do
  print(arg[i]) dofile(root .. '/${OWN}/' .. arg[i])
end
io.write(plain(table.concat(out)))
`;

const { work, store, dep, D, put, addDependency, evaluate } = evaluation({
  name: 'lua',
  dependency: {
    'lib/answer.lua': 'return 42\n',
    'lib/read.txt': 'text',
  },
  runner: ['runner.lua', () => runner],
  command: ['lua5.4'],
  prefixes: prefixesForLua,
});

const contexts = `-- comment ${D}
--[==[ long
comment ${D} ]==]
local t = { ["${D}/k"] = 1, '${D}/0', [[${D}/1]]; x = "${D}/x" }
for _, k in ipairs({ '${D}/k' }) do print(t[k]) end print(t[1], t[2], t.x)
print "${D}/call" print [[${D}/long call]] print'${D}/tight'
print(("${D}"):upper() == ("${D}"):upper(), #"${D}/x" > 3, "${D}" .. '${D}' .. "\\65\\z
    ${D}\\u{20ac}\\
${D}'")
print([==[
${D} ]] ${D}]==], 'it\\'s ${D} "q"', "\\\\${D}")
package.path = '${D}/lib/?.lua;' .. package.path
print(require 'answer', io.open('${D}/lib/read.txt'):read('*a'), dofile("${D}/lib/answer.lua"))
print(os.execute("test -f ${D}/lib/read.txt"), io.popen('cat ${D}/lib/read.txt'):read('*a'))
print(('${D}/x'):match('^${D}/(.)$'), (('${D}/y'):gsub("${D}", 'z')))
print(string.format('%s ${D}', 1), ('${D} %d'):format(2), string.format("%s", '${D}'))
local function f(a) a = a or '${D}/default' return '${D}', a end
local toString, constructor, valueOf = f, print, '${D}/v' constructor(toString(valueOf), valueOf)
print(f(), debug.getinfo(1, 'l').currentline)
return "${D}"
`;

const files: Readonly<Record<string, string>> = {
  'share/lua/5.4/contexts.lua': contexts,
  'top.lua': `print('${D}')`,
  'lib/script.lua': `#!/usr/bin/lua\nprint('${D}')\r\nprint("${D}")\r\n`,
  'lib/bytes.lua': `print('\xc3\xa9${D}\xff')`,
  'lib/own.lua': `print("${store}/${OWN}/share")`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    for (const result of results) expect(result).toBe(original);
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(contexts.split('\n').length);
    const aliased = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind === 'alias'));
    expect(aliased.map(({ site }) => site.what)).toEqual([]);
  });

  test('120 generated programs give the same under odd prefixes', async () => {
    const part = fc.constantFrom(
      D,
      `${D}/bin`,
      'a',
      ' ',
      '\\\\',
      '\\65',
      ']',
      '[',
      '=',
      '--',
      '\xc3\xa9',
      ';',
      '%',
      '\\n',
    );
    const body = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    const string = fc.oneof(
      body.map((text) => `'${text}"'`),
      body.map((text) => `"${text}'"`),
      body.filter((text) => !/\]\]$|\]$/.test(text) && !text.includes(']]')).map((text) => `[[${text}]]`),
      body.map((text) => `[==[\n${text}]==]`),
    );
    const statement = fc.oneof(
      string.map((text) => `print${text}`),
      fc.tuple(string, string).map(([a, b]) => `print(${a}, ${b} .. ${a})`),
      fc.tuple(string, string).map(([a, b]) => `print(({ [ ${a} ] = ${b} })[ ${a} ])`),
      string.map((text) => `print(#(${text}) > 0, (function() return ${text} end)())`),
    );
    const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { numRuns: 120, seed: 3 });
    const generated = Object.fromEntries(programs.map((lines, i) => [`lib/p${i}.lua`, lines.join('\n')]));
    const { original, results } = await evaluate(generated, prefixesForLua.slice(2, 5));
    // The alias is put where a bracket stands before the path of a long string.
    const plain = (text: string) => text.replaceAll('/dev/fd/87'.padEnd(store.length, '/'), '<S>');
    for (const result of results) expect(plain(result)).toBe(original);
  });
});

describe('the place of the file', () => {
  test.each(ODD_PREFIXES)('is found through links, by a relative path: %s', async (prefix) => {
    const root = join(work, 'scripts', prefix, 'store');
    addDependency(root);
    const text = `io.write(io.open('${D}/lib/read.txt'):read('*a'))`;
    put(root, `${OWN}/share/lua/tool.lua`, (await rewrite('share/lua/tool.lua', text, store)).bytes);
    mkdirSync(join(root, 'links/deep/er/still'), { recursive: true });
    symlinkSync(join(root, OWN, 'share/lua/tool.lua'), join(root, 'links/deep/er/still/tool.lua'));
    symlinkSync(join(root, OWN, 'share'), join(root, 'links/share'));
    expect(must('lua5.4', ['tool.lua'], { cwd: join(root, OWN, 'share/lua') })).toBe('text');
    expect(must('lua5.4', [join(root, 'links/deep/er/still/tool.lua')])).toBe('text');
    expect(must('lua5.4', [join(root, 'links/share/lua/tool.lua')])).toBe('text');
    expect(must('lua5.4', ['links/share/lua/tool.lua'], { cwd: root })).toBe('text');
  });

  test('is not known to text that comes from no file: the store alias', async () => {
    const { bytes } = await rewrite('lib/x.lua', `print('/nix/store/${dep}')`, '/nix/store');
    expect(must('lua5.4', ['-e', bytes.toString('latin1')])).toBe(`/dev/fd/87/${dep}\n`);
    expect(must('lua5.4', ['-e', `debug = nil\n${bytes.toString('latin1')}`])).toBe(`/dev/fd/87/${dep}\n`);
  });
});

describe('what has no relative form', () => {
  test.each([
    [`local x = f\n"${D}"`, 'lua/string string alias'],
    [`x = [[a]${D}]]`, 'lua/string long string alias'],
    [`os.execute("sh -c '${D}'")`, 'lua/string string alias'],
    [`${'local a\n'.repeat(150)} x = "${D}"`, 'lua/string string alias'],
    [`x = { "${D}" )`, 'opaque text alias'],
    [`x = "${D}`, 'opaque text alias'],
    [`{ x = "${D}" }`, 'lua/string string alias'],
    [`-- ${D}`, 'lua/comment comment none'],
  ])('case %#', async (text, expected) => {
    const { sites } = await rewrite('lib/x.lua', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

const real = ['/usr/share/lua', '/usr/share/nmap', '/usr/share/vim', '/usr/share/games'].flatMap((directory) =>
  filesBelow(directory, /\.lua$/),
);

test(`${real.length} real files compile as before`, async () => {
  const counts: Record<string, number> = {};
  const path = `/nix/store/${DIGESTS[1]}-dep`;
  const compiles = (text: Buffer | string) => {
    put(work, 'checked.lua', text);
    return run('luac5.4', ['-p', join(work, 'checked.lua')]).status === 0;
  };
  const broken: string[] = [];
  let good = 0;
  for (const file of real) {
    const before = plant(readReal(file).text, path);
    if (before === readReal(file).text) continue;
    const { bytes, sites } = await rewrite('share/lua/x.lua', before, '/nix/store');
    tally(sites, counts);
    if (compiles(bytes)) good++;
    else if (compiles(before)) broken.push(file);
  }
  console.log(`${good} compile; ${JSON.stringify(counts)}`);
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(0);
  expect(counts['opaque alias'] ?? 0).toBe(0);
});
