/** The machine's own CMake files, with places of the file system turned into store paths: all of them stay CMake. */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('modules');
const moved = join(store.work, 'moved');
const files: string[] = [];

/** What stands for an absolute place in such files. */
const places =
  /(?<!\\)(?:\$\{CMAKE_CURRENT_LIST_DIR\}|\$\{CMAKE_ROOT\}|\$\{_IMPORT_PREFIX\})|\/usr(?=[/"; ])|\/opt(?=[/"; ])/g;

beforeAll(() => {
  const found = must('find', ['/usr/share', '/usr/lib', '-name', '*.cmake', '-type', 'f', '-printf', '%p\\0']);
  for (const source of found.split('\0').filter((name) => name !== '')) {
    const text = readFileSync(source, 'latin1');
    const turned = text.replace(places, object);
    if (turned === text) continue;
    const file = source.slice('/usr/'.length);
    writeFileSync(store.write(join(object, file), ''), turned, 'latin1');
    files.push(file);
  }
});
afterAll(() => store.remove());

/** Lets CMake read every file to its end, and run none: the first command of each is `return()`. */
function readAll(root: string): string {
  const copies = join(store.work, `read-${basename(root)}`);
  for (const file of files) {
    store.write(join(copies, file), '');
    writeFileSync(
      join(copies, file),
      `return()\n${readFileSync(join(root, file), 'latin1').replace(/^\xef\xbb\xbf/, '')}`,
      'latin1',
    );
  }
  const script = store.write(
    join(copies, 'all.cmake'),
    `cmake_minimum_required(VERSION 3.20)\n${files.map((file) => `include("${copies}/${file}")`).join('\n')}\nmessage("read")\n`,
  );
  return must('sh', ['-c', 'cmake -P "$1" 2>&1', 'sh', script]);
}

test('are read by CMake, and nothing is left to do', async () => {
  expect(files.length).toBeGreaterThan(150);
  expect(readAll(object)).toBe('read\n');
  const report = await relocate({ paths: [object], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  const sites = report.objects.flatMap(({ remaining }) => remaining);
  const left = sites.filter(({ remedy }) => remedy.kind !== 'none' || remedy.code !== 'documentation');
  expect(left.map(({ file, offset }) => `${file} ${offset}`).slice(0, 20)).toEqual([]);
  expect(Object.keys(report.totals.byRule)).toEqual(['cmake/path']);
  expect(report.totals.byRule['cmake/path']).toBeGreaterThan(800);
  expect(readAll(join(moved, 'store', basename(object)))).toBe('read\n');
  const again = await audit({
    paths: [join(moved, 'store', basename(object))],
    storeDir: store.storeDir,
    closure: false,
  });
  expect(again.totals.sites).toBe(sites.length);
});
