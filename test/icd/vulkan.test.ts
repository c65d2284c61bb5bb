/** Vulkan's loader reads relocated manifests: the driver they name is the one that it opens. */

import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const driver = store.object('driver');
const manifests = store.object('manifests');
const profile = store.object('profile');
const moved = join(store.work, 'moved');
const probe = join(store.work, 'probe');
const json = 'share/vulkan/icd.d/driver.json';

beforeAll(async () => {
  must('mkdir', ['-p', join(driver, 'lib')]);
  // A driver that only says that it was opened, and by which name the loader reached it.
  must('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', join(driver, 'lib/libdriver.so')], {
    input: '#include <stdio.h>\n__attribute__((constructor)) static void here(void) { puts("driver opened"); }\n',
  });
  must('gcc', ['-x', 'c', '-', '-o', probe], {
    input: `#include <dlfcn.h>
int main(void) {
  void *loader = dlopen("libvulkan.so.1", RTLD_NOW);
  if (!loader) return 2;
  int (*list)(const char *, unsigned *, void *) = dlsym(loader, "vkEnumerateInstanceExtensionProperties");
  unsigned count = 0;
  list(0, &count, 0);
  return 0;
}
`,
  });
  const manifest = {
    file_format_version: '1.0.0',
    ICD: { api_version: '1.3.0', library_path: `${driver}/lib/libdriver.so` },
  };
  store.write(join(manifests, json), JSON.stringify(manifest, undefined, 2));
  mkdirSync(join(profile, 'share/vulkan/icd.d'), { recursive: true });
  symlinkSync(join(manifests, json), join(profile, json));
  const report = await relocate({ paths: [manifests, profile, driver], to: moved, storeDir: store.storeDir });
  expect(report.totals.byRule['icd/library-path']).toBe(1);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  renameSync(store.storeDir, join(store.work, 'gone'));
});
afterAll(() => store.remove());

test.each(['plain', 'with  blanks', 'ünï"quote\''])('from a prefix: %s', (name) => {
  const prefix = join(store.work, name);
  renameSync(moved, prefix);
  for (const object of [manifests, profile]) {
    const files = join(prefix, 'store', basename(object), json);
    const { stdout } = run(probe, [], { env: { VK_DRIVER_FILES: files, VK_ICD_FILENAMES: files } });
    expect(stdout).toContain('driver opened');
  }
  renameSync(prefix, moved);
});
