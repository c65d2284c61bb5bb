/** The loaders of Vulkan and OpenXR read relocated manifests: the library they name is the one that they open. */

import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const driver = store.object('driver');
const manifests = store.object('manifests');
const profile = store.object('profile');
const moved = join(store.work, 'moved');
const probe = join(store.work, 'probe');
const vulkan = 'share/vulkan/icd.d/driver.json';
const openxr = 'share/openxr/1/runtime.json';

beforeAll(async () => {
  must('mkdir', ['-p', join(driver, 'lib')]);
  // A driver that only says that it was opened.
  must('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', join(driver, 'lib/libdriver.so')], {
    input: '#include <stdio.h>\n__attribute__((constructor)) static void here(void) { puts("driver opened"); }\n',
  });
  must('gcc', ['-x', 'c', '-', '-o', probe], {
    input: `#include <dlfcn.h>
int main(int argc, char **argv) {
  int isVulkan = argv[1][0] == 'v';
  void *loader = dlopen(isVulkan ? "libvulkan.so.1" : "libopenxr_loader.so.1", RTLD_NOW);
  if (!loader) return 2;
  unsigned count = 0;
  if (isVulkan) {
    int (*list)(const char *, unsigned *, void *) = dlsym(loader, "vkEnumerateInstanceExtensionProperties");
    list(0, &count, 0);
  } else {
    int (*list)(const char *, unsigned, unsigned *, void *) = dlsym(loader, "xrEnumerateInstanceExtensionProperties");
    list(0, 0, &count, 0);
  }
  return 0;
}
`,
  });
  const library_path = `${driver}/lib/libdriver.so`;
  const manifestsOf = {
    [vulkan]: { file_format_version: '1.0.0', ICD: { api_version: '1.3.0', library_path } },
    [openxr]: { file_format_version: '1.0.0', runtime: { library_path } },
  };
  for (const [file, manifest] of Object.entries(manifestsOf)) {
    store.write(join(manifests, file), JSON.stringify(manifest, undefined, 2));
    mkdirSync(dirname(join(profile, file)), { recursive: true });
    symlinkSync(join(manifests, file), join(profile, file));
  }
  const report = await relocate({ paths: [manifests, profile, driver], to: moved, storeDir: store.storeDir });
  expect(report.totals.byRule['icd/library-path']).toBe(2);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  renameSync(store.storeDir, join(store.work, 'gone'));
});
afterAll(() => store.remove());

test.each(['plain', 'with  blanks', 'ünï"quote\''])('from a prefix: %s', (name) => {
  const prefix = join(store.work, name);
  renameSync(moved, prefix);
  for (const object of [manifests, profile]) {
    const at = (file: string) => join(prefix, 'store', basename(object), file);
    const env = { VK_DRIVER_FILES: at(vulkan), VK_ICD_FILENAMES: at(vulkan), XR_RUNTIME_JSON: at(openxr) };
    for (const loader of ['vulkan', 'openxr']) {
      expect([loader, run(probe, [loader], { env }).stdout]).toEqual([
        loader,
        expect.stringContaining('driver opened'),
      ]);
    }
  }
  renameSync(prefix, moved);
});
