/** A project that finds its libraries by relocated configuration files: configured, built and run, compared with the store. */

import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const fmt = store.object('fmt');
const expat = store.object('expat');
const tool = store.object('tool');
const moved = join(store.work, 'moved');
const libraries = '/usr/lib/x86_64-linux-gnu';

/** Copies a package of Debian into an object, its files as Nixpkgs makes them: with absolute paths of the object. */
function install(object: string, config: string, files: readonly string[]): void {
  for (const file of files) {
    cpSync(join('/usr', file), join(object, file), { recursive: true, verbatimSymlinks: true });
  }
  const folder = join(libraries, 'cmake', config);
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'latin1');
    const absolute = text
      .replaceAll('${_IMPORT_PREFIX}', object)
      .replaceAll('${PACKAGE_PREFIX_DIR}', object)
      .replace(/\/usr(?=[/")])/g, object);
    writeFileSync(store.write(join(object, 'lib/cmake', config, name), ''), absolute, 'latin1');
  }
}

beforeAll(async () => {
  const shared = (name: string) =>
    readdirSync(libraries)
      .filter((file) => file.startsWith(`lib${name}.so`))
      .map((file) => `lib/x86_64-linux-gnu/${file}`);
  const expatConfig = readdirSync(join(libraries, 'cmake')).find((name) => name.startsWith('expat-')) as string;
  install(fmt, 'fmt', ['include/fmt', ...shared('fmt')]);
  install(expat, expatConfig, ['include/expat.h', 'include/expat_external.h', ...shared('expat')]);
  // The machine's libexpat.so leads out of the object.
  must('sh', [
    '-c',
    'cd "$1" && rm libexpat.so && ln -s "$(ls libexpat.so.* | head -1)" libexpat.so',
    'sh',
    libraryOf(expat),
  ]);
  store.write(
    join(tool, 'lib/cmake/tool/tool-config.cmake'),
    `include(CMakeFindDependencyMacro)
find_dependency(fmt REQUIRED PATHS "${fmt}/lib/cmake/fmt" NO_DEFAULT_PATH)
find_dependency(expat CONFIG REQUIRED PATHS ${expat}/lib/cmake NO_DEFAULT_PATH)
add_library(tool::tool INTERFACE IMPORTED)
set_target_properties(tool::tool PROPERTIES
  INTERFACE_COMPILE_DEFINITIONS "DATA=\\"${tool}/share\\";$<$<CONFIG:Debug>:DEBUG=\\"${expat}\\">"
  INTERFACE_INCLUDE_DIRECTORIES "$<BUILD_INTERFACE:${tool}/include>"
  INTERFACE_LINK_LIBRARIES "fmt::fmt;expat::expat;$<LINK_ONLY:${libraryOf(expat)}/libexpat.so>"
)
function(tool_where variable)
  set(\${variable} [[${tool}/share]] PARENT_SCOPE)
endfunction()
`,
  );
  store.write(join(tool, 'include/tool.h'), '#include <fmt/core.h>\n#include <expat.h>\n');
  const report = await relocate({ paths: [tool, fmt, expat], to: moved, storeDir: store.storeDir });
  expect(report.totals.byRule['cmake/path']).toBeGreaterThan(25);
});
afterAll(() => store.remove());

function libraryOf(object: string): string {
  return join(object, 'lib/x86_64-linux-gnu');
}

/** Configures and builds in a directory of its own; gives what CMake said and what the program prints. */
function build(root: string, name: string): string[] {
  const project = join(store.work, `project of ${name}`);
  const at = (object: string) => join(root, basename(object));
  store.write(
    join(project, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.20)
project(consumer LANGUAGES CXX)
function(find)
  find_package(tool CONFIG REQUIRED PATHS "${at(tool)}" NO_DEFAULT_PATH)
  set_target_properties(tool::tool fmt::fmt expat::expat PROPERTIES IMPORTED_GLOBAL TRUE)
endfunction()
find()
tool_where(where)
message(STATUS "=where \${where}")
foreach(target tool::tool fmt::fmt expat::expat)
  foreach(property INTERFACE_INCLUDE_DIRECTORIES INTERFACE_LINK_LIBRARIES INTERFACE_COMPILE_DEFINITIONS
      IMPORTED_LOCATION_NONE IMPORTED_LOCATION_NOCONFIG)
    get_target_property(value \${target} \${property})
    message(STATUS "=\${target} \${property} \${value}")
  endforeach()
endforeach()
add_executable(consumer main.cc)
target_link_libraries(consumer PRIVATE tool::tool)
`,
  );
  store.write(
    join(project, 'main.cc'),
    '#include <tool.h>\nint main() { fmt::print("{} {}\\n", DATA, XML_ExpatVersion()); return DEBUG[0] != \'/\'; }\n',
  );
  const build = join(project, 'build');
  const configured = must('cmake', ['-S', project, '-B', build, '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS=-O0']);
  must('cmake', ['--build', build]);
  const printed = must(join(build, 'consumer'), []);
  const said = configured.split('\n').filter((line) => line.startsWith('-- ='));
  return [...said, printed].map((line) => line.replaceAll(root, '<store>'));
}

test('is configured, built and run as with the store', () => {
  const before = build(store.storeDir, 'store');
  expect(before.join('\n')).toContain('IMPORTED_LOCATION_NONE <store>/');
  expect(before).toContain(`-- =where <store>/${basename(tool)}/share`);
  for (const name of ['with  blanks', "pl@in+it's(ünï)"]) {
    const prefix = join(store.work, name);
    renameSync(moved, prefix);
    expect(build(join(prefix, 'store'), name.slice(0, 2))).toEqual(before);
    renameSync(prefix, moved);
  }
});
