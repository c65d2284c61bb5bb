/** `relocate --shrink` and `why`: what nothing at work needs is told from the rest, and stays behind. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { RelocateReport } from '../../src/pipeline/report.ts';
import { why } from '../../src/pipeline/why.ts';
import { validator } from '../cli/validate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const needed = store.object('needed');
const unused = store.object('unused');
const plugin = store.object('plugin');
const compiler = store.object('compiler');
const manual = store.object('manual');
/** Where the debug information says that the sources were. */
const sources = store.object('sources');
const kept = store.object('kept');
const tool = store.object('tool');
const loads = store.object('loads');
const to = join(store.work, 'shrunk');
const moved = (path: string) => join(to, 'store', path.slice(store.storeDir.length + 1));
const rpath = (...objects: string[]) => objects.map((object) => `-Wl,-rpath,${object}/lib`);
let report: RelocateReport;

const source = (body: string, comment: string) => `
#include <stdio.h>
#include <dlfcn.h>
int value(void);
__asm__(".pushsection .comment,\\"MS\\",@progbits,1\\n.string \\"made by ${comment}/bin/cc\\"\\n.popsection");
int main(void) { ${body} return 0; }
`;

beforeAll(async () => {
  store.compile(join(needed, 'lib/libneeded.so'), 'int value(void) { return 42; }', ['-shared']);
  store.compile(join(unused, 'lib/libunused.so'), 'int none(void) { return 1; }', ['-shared']);
  store.compile(join(plugin, 'lib/libplugin.so'), 'int value(void) { return 7; }', ['-shared']);
  store.write(join(compiler, 'bin/cc'), '#!/bin/sh\n', 0o755);
  store.write(join(sources, 'src/tool.c'), 'int main(void);\n');
  store.write(join(manual, 'share/doc/manual'), `see ${compiler} and ${manual}\n`);
  store.write(join(kept, 'share/words'), 'words\n');
  const link = [`-L${needed}/lib`, '-lneeded', '-Wl,--enable-new-dtags'];
  const program = source('printf("%d\\n", value());', compiler);
  const debug = ['-g', `-fdebug-prefix-map=${process.cwd()}=${sources}/src`];
  store.compile(join(tool, 'bin/tool'), program, [...debug, ...link, ...rpath(unused, needed)]);
  store.compile(join(tool, 'bin/only-unused'), source('puts("alone");', compiler), rpath(unused, unused));
  const script = `#!/bin/sh\n# ${manual}/share/doc/manual tells more\n# ${kept}/share/words\ncat ${kept}/share/words\n`;
  store.write(join(tool, 'bin/script'), script, 0o755);
  const opening =
    'void *p = dlopen("libplugin.so", RTLD_NOW); int (*f)(void) = dlsym(p, "value"); printf("%d\\n", f());';
  store.compile(join(loads, 'bin/loads'), source(opening, compiler), rpath(plugin));
  report = await relocate({ paths: [tool, loads], to, storeDir: store.storeDir, shrink: true });
});
afterAll(() => store.remove());

const runPath = (file: string) => must('patchelf', ['--print-rpath', file]).trim().split(':').filter(Boolean);

describe('relocate --shrink', () => {
  test('leaves behind what only dead paths name', () => {
    expect(report.dropped?.map((path) => basename(path)).sort()).toEqual(
      [unused, compiler, manual, sources].map((path) => basename(path)).sort(),
    );
    expect(
      readdirSync(join(to, 'store'))
        .filter((name) => name.length > 32)
        .sort(),
    ).toEqual([store.libc, needed, plugin, kept, tool, loads].map((path) => basename(path)).sort());
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(validator('relocate')(JSON.parse(JSON.stringify(report)))).toEqual([]);
    expect(report.objects.find(({ path }) => path === tool)?.references).not.toContain(compiler);
  });

  test('takes from search paths what patchelf takes', () => {
    for (const name of ['tool', 'only-unused']) {
      const copy = join(store.work, name);
      copyFileSync(join(tool, 'bin', name), copy);
      must('patchelf', ['--shrink-rpath', copy]);
      const left = runPath(copy).map((entry) => `$ORIGIN/../../${entry.slice(store.storeDir.length + 1)}`);
      expect(runPath(moved(join(tool, 'bin', name)))).toEqual(left);
    }
    expect(runPath(moved(join(loads, 'bin/loads')))).toContain(`$ORIGIN/../../${basename(plugin)}/lib`);
  });

  test('leaves programs that do what they did under three prefixes, without the objects', () => {
    const programs = [
      ...['tool', 'only-unused', 'script'].map((name) => join(tool, 'bin', name)),
      join(loads, 'bin/loads'),
    ];
    const original = programs.map((path) => run(path));
    expect(original.map(({ stdout }) => stdout)).toEqual(['42\n', 'alone\n', 'words\n', '7\n']);
    renameSync(store.storeDir, `${store.storeDir}-away`);
    try {
      for (const place of ['x', 'a b ü', join('long'.repeat(50), 'er')]) {
        const prefix = join(store.work, place);
        mkdirSync(dirname(prefix), { recursive: true });
        renameSync(to, prefix);
        expect(programs.map((path) => run(join(prefix, moved(path).slice(to.length))))).toEqual(original);
        renameSync(prefix, to);
      }
    } finally {
      renameSync(`${store.storeDir}-away`, store.storeDir);
    }
  });

  test('keeps what debuggers read well-formed', () => {
    const told = must('readelf', ['--debug-dump=info', '--wide', moved(join(tool, 'bin/tool'))]);
    expect(told).toMatch(new RegExp(`DW_AT_comp_dir.*/${'e'.repeat(32)}-sources/src`));
    expect(must('readelf', ['--debug-dump=info', '--wide', join(tool, 'bin/tool')])).toContain(`${sources}/src`);
  });

  test('leaves no digest of what stayed behind, and the others in their places', () => {
    for (const file of ['bin/tool', 'bin/only-unused', 'bin/script']) {
      const text = readFileSync(moved(join(tool, file)), 'latin1');
      for (const object of [unused, compiler, manual, sources])
        expect(text).not.toContain(basename(object).slice(0, 32));
    }
    const script = readFileSync(moved(join(tool, 'bin/script')), 'utf8');
    expect(script).toContain(`# ${store.storeDir}/${'e'.repeat(32)}-manual/share/doc/manual tells more\n`);
    expect(script).toContain(`# ${kept}/share/words\n`);
    expect(readFileSync(moved(join(tool, 'bin/tool')), 'latin1')).toContain(`made by `);
  });

  test('has nothing more to do the second time', async () => {
    const again = join(store.work, 'again');
    await relocate({ paths: [moved(tool), moved(loads)], to: again, shrink: true });
    must('diff', ['-r', '--no-dereference', join(to, 'store'), join(again, 'store')]);
  });

  test('is not what happens without being asked', async () => {
    const whole = join(store.work, 'whole');
    const { dropped, objects } = await relocate({ paths: [tool], to: whole, storeDir: store.storeDir });
    expect(dropped).toBeUndefined();
    expect(objects.map(({ path }) => path)).toContain(unused);
    expect(existsSync(join(whole, 'store', basename(manual)))).toBe(true);
    expect(runPath(join(whole, 'store', basename(tool), 'bin/tool'))).toHaveLength(3);
  });
});

describe('why', () => {
  test.each([
    ['unused', false],
    ['compiler', false],
    ['manual', false],
    ['sources', false],
    ['needed', true],
    ['kept', true],
  ])('tells whether something at work needs %s: %s', async (name, live) => {
    const closure = await audit({ paths: [tool], closure: true, storeDir: store.storeDir });
    expect(why(closure, tool, name).live).toBe(live);
  });

  test('counts a directory that is opened at run time as needed', async () => {
    const closure = await audit({ paths: [loads], closure: true, storeDir: store.storeDir });
    expect(why(closure, loads, 'plugin').live).toBe(true);
  });
});
