/** A library that was moved: libtool takes the directory of its `.la` file, as the rule's page says. */

import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('widget');
const moved = join(store.work, 'moved');
afterAll(() => store.remove());

test('is linked from where it lies now', async () => {
  const source = store.write(join(store.work, 'build/widget.c'), 'int widget(void) { return 42; }\n');
  const build = join(store.work, 'build');
  const libtool = (...args: string[]) => must('libtool', ['--tag=CC', ...args], { cwd: build });
  mkdirSync(join(object, 'lib'), { recursive: true });
  libtool('--mode=compile', 'gcc', '-c', source, '-o', 'widget.lo');
  libtool('--mode=link', 'gcc', '-o', 'libwidget.la', 'widget.lo', '-rpath', join(object, 'lib'));
  libtool('--mode=install', 'install', '-c', 'libwidget.la', join(object, 'lib/libwidget.la'));
  expect(existsSync(join(object, 'lib/libwidget.so'))).toBe(true);

  const report = await relocate({ paths: [object], to: moved, storeDir: store.storeDir });
  const left = report.objects.flatMap(({ remaining }) => remaining);
  expect(left.map(({ rule, remedy }) => [rule, remedy.kind === 'none' && remedy.code])).toEqual([
    ['libtool/libdir', 'moved-library'],
  ]);
  renameSync(store.storeDir, join(store.work, 'gone'));

  const lib = join(moved, 'store', basename(object), 'lib');
  store.write(join(build, 'main.c'), 'int widget(void);\nint main(void) { return widget(); }\n');
  const args = ['--tag=CC', '--mode=link', 'gcc', '-o', 'main', 'main.c', join(lib, 'libwidget.la')];
  const linked = run('libtool', args, { cwd: build });
  expect([linked.status, linked.stderr]).toEqual([0, expect.stringContaining('was moved')]);
  expect(run(join(build, 'main'), [], { env: { LD_LIBRARY_PATH: lib } }).status).toBe(42);
});
