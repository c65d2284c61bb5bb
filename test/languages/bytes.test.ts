/**
 * The same small file of each language and format in other bytes: a byte order mark, carriage returns, bytes that are no
 * UTF-8, no final newline, tabs, long lines. Its own reader says the same of the original and of the rewritten file.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { DIGESTS, OWN, rewrite } from '../rewriting.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-bytes-')));
const store = join(work, 'nix/store');
const moved = join(work, 'moved+to', 'store');
const dep = `${DIGESTS[1]}-dep`;
const D = `${store}/${dep}`;
afterAll(() => removeTree(work));
for (const root of [store, moved]) mkdirSync(join(root, dep, 'inc'), { recursive: true });

interface Subject {
  readonly file: string;
  /** Prints what the file named after it makes of the path. */
  readonly command: readonly [string, ...string[]];
  readonly text: (word: string, comment: string) => string;
  /** Variants that the kernel does not take for a program of that language: the store alias is for them. */
  readonly aliased?: readonly string[];
  /** Most characters of a word or comment that the reader takes. */
  readonly longest?: number;
}

const CMAKE = 'include($ENV{FILE})\nexecute_process(COMMAND printf "%s\\n" "${place}" "${word}")\n';
writeFileSync(join(work, 'show.cmake'), CMAKE);
const sh = (script: string): [string, ...string[]] => ['sh', '-c', script, 'sh'];

const subjects: Readonly<Record<string, Subject>> = {
  'sh by dash': {
    file: 'bin/program',
    command: ['dash'],
    aliased: ['byte order mark', 'carriage returns'],
    text: (word, comment) => `#!/bin/sh\n# ${comment} ${D}\nword='${word}'\nprintf '%s ' ${D}/a "${D}" "$word"\n`,
  },
  bash: {
    file: 'bin/program.bash',
    command: ['bash'],
    aliased: ['carriage returns'],
    text: (word, comment) => `#!/bin/bash\n# ${comment} ${D}\nword='${word}'\nprintf '%s ' ${D}/a "${D}" "$word"\n`,
  },
  Python: {
    file: 'lib/module.py',
    command: ['python3', '-B'],
    text: (word, comment) =>
      `# ${comment} ${D}\nimport sys\nword = '${word}'\nsys.stdout.buffer.write(("${D}/a " + '${D} ' + word).encode('utf-8'))\n`,
  },
  CommonJS: {
    file: 'lib/module.cjs',
    command: [process.execPath],
    text: (word, comment) => `// ${comment} ${D}\nconst word = '${word}';\nconsole.log("${D}/a", '${D}', word);\n`,
  },
  'ECMAScript module': {
    file: 'lib/module.mjs',
    command: [process.execPath],
    text: (word, comment) => `// ${comment} ${D}\nconst word = '${word}';\nconsole.log("${D}/a", \`${D}\`, word);\n`,
  },
  TypeScript: {
    file: 'lib/module.cts',
    command: [process.execPath, '--no-warnings'],
    text: (word, comment) =>
      `// ${comment} ${D}\nconst word: string = '${word}';\nconsole.log("${D}/a", '${D}', word);\n`,
  },
  Perl: {
    file: 'lib/module.pl',
    command: ['perl'],
    text: (word, comment) =>
      `# ${comment} ${D}\nuse strict;\nmy $word = '${word}';\nprint "${D}/a ", '${D} ', $word;\n`,
  },
  Ruby: {
    file: 'lib/module.rb',
    command: ['ruby'],
    text: (word, comment) => `# ${comment} ${D}\nword = '${word}'\nputs "${D}/a", '${D}', word\n`,
  },
  Lua: {
    file: 'lib/module.lua',
    command: ['lua5.4'],
    text: (word, comment) => `-- ${comment} ${D}\nlocal word = '${word}'\nprint("${D}/a", '${D}', word)\n`,
  },
  Tcl: {
    file: 'lib/module.tcl',
    command: ['tclsh'],
    text: (word, comment) => `# ${comment} ${D}\nset word "${word}"\nputs "${D}/a $word"\nputs ${D}\n`,
    longest: 900_000,
  },
  CMake: {
    file: 'lib/cmake/x/x.cmake',
    command: sh('FILE=$1 cmake -P "$0/show.cmake"'.replace('$0', work)),
    text: (word, comment) => `# ${comment} ${D}\nset(word "${word}")\nset(place "${D}/a" ${D})\n`,
    longest: 60_000,
  },
  'pkg-config': {
    file: 'lib/pkgconfig/x.pc',
    command: sh('PKG_CONFIG_PATH=${1%/*} && export PKG_CONFIG_PATH && pkgconf --variable=word x && pkgconf --cflags x'),
    text: (word, comment) =>
      `\n# ${comment} ${D}\nplace=${D}\nword=${word}\nName: x\nDescription: x\nVersion: 1\nCflags: -I\${place}/inc -I${D}/other\n`,
    longest: 60_000,
  },
  Makefile: {
    file: 'lib/x.mk',
    command: ['make', '-s', '-f'],
    text: (word, comment) =>
      `# ${comment} ${D}\nplace = ${D}/a\nword = ${word}\nall: ; @printf '%s\\n' '$(place)' ${D} '$(word)'\n`,
    longest: 60_000,
  },
};

const LONG = 3_000_000;
interface Bytes {
  readonly word: string;
  readonly comment: string;
  readonly turn: (text: string) => string;
}
const same = (text: string) => text;
const variants = (longest: number): Readonly<Record<string, Bytes>> => ({
  plain: { word: 'word', comment: 'comment', turn: same },
  'byte order mark': { word: 'word', comment: 'comment', turn: (text) => `\xef\xbb\xbf${text}` },
  'carriage returns': { word: 'word', comment: 'comment', turn: (text) => text.replaceAll('\n', '\r\n') },
  'no UTF-8': { word: '\xe9\xa4\xff', comment: 'coding: iso-8859-1 \xfe\x80', turn: same },
  'no final newline': { word: 'word', comment: 'comment', turn: (text) => text.slice(0, -1) },
  tabs: { word: 'a\tb', comment: '\t', turn: (text) => text.replaceAll(' = ', '\t=\t').replaceAll('# ', '#\t') },
  'long comment': { word: 'word', comment: 'c'.repeat(longest), turn: same },
  'long word': { word: 'w'.repeat(longest), comment: 'comment', turn: same },
});

function run([program, ...args]: readonly [string, ...string[]], path: string) {
  const options = { encoding: 'latin1', maxBuffer: 1 << 26 } as const;
  const { status, stdout, error } = spawnSync(program, [...args, path], options);
  if (error) throw new Error(`${program} cannot be run (see test/requirements.apt): ${error.message}`);
  return { status, stdout };
}

function write(root: string, file: string, bytes: Buffer): string {
  const path = join(root, OWN, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Without the ways down to the file and up again. */
function collapse(text: string): string {
  const shorter = text.replace(/\/(?!\.\.?\/)[^/\n]+\/\.\.(?=\/)/g, '');
  return shorter === text ? text : collapse(shorter);
}

const excerpt = (text: string) => text.slice(0, 300);

describe.each(Object.entries(subjects))('%s', (_name, { file, command, text, aliased = [], longest = LONG }) => {
  test.each(Object.entries(variants(longest)))('%s', async (variant, { word, comment, turn }) => {
    const bytes = Buffer.from(turn(text(word, comment)), 'latin1');
    const before = run(command, write(store, file, bytes));
    expect(before.status).toBe(0);
    const rewritten = await rewrite(file, bytes, store, file.startsWith('bin/'));
    const after = run(command, write(moved, file, rewritten.bytes));
    const plain = ({ stdout }: typeof before, root: string) =>
      collapse(stdout).replaceAll(root, '<store>').replaceAll(aliasFor(store), '<store>');
    const [then, now] = [plain(before, store), plain(after, moved)];
    expect(after.status).toBe(0);
    expect(then).toContain('<store>');
    // Not compared by `expect`, which would print megabytes.
    if (now !== then) throw new Error(`${excerpt(now)} is not ${excerpt(then)}`);
    const kind = aliased.includes(variant) ? 'alias' : 'relative';
    const code = rewritten.sites.filter(({ site }) => site.role !== 'documentation');
    expect(code.map(({ remedy }) => remedy.kind)).toEqual(code.map(() => kind));
    expect(code.length).toBeGreaterThan(1);
  });
});
