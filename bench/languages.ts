/**
 * How fast sources of each language are read and planned: real files of this machine, store paths planted into them.
 *
 * usage: node bench/languages.ts
 */

import { fileURLToPath } from 'node:url';
import { ALIAS_DESCRIPTOR, aliasFor } from '../src/pipeline/alias.ts';
import { planContents } from '../src/pipeline/entry.ts';
import { bufferSource } from '../src/store/byte-source.ts';
import { scanBytes } from '../src/store/scan.ts';
import { storeDir } from '../src/store/store-path.ts';
import { filesBelow, plant, readReal } from '../test/real-files.ts';

const dir = storeDir('/nix/store');
const planted = '/nix/store/c3idvsdbgm2mxg2pi7ma7s2qnrcqvw8a-planted';
const context = {
  object: '0123456789abcdfghijklmnpqrsvwxyz-bench',
  transform: {
    storeDir: dir,
    alias: aliasFor(dir.path),
    aliasDescriptor: ALIAS_DESCRIPTOR,
    aliasPolicy: 'inherit' as const,
    stub: () => ({ missing: 'not needed' }),
    exists: () => true,
  },
};

const languages: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['JavaScript', /\.[cm]?js$/, [fileURLToPath(new URL('../node_modules', import.meta.url)), '/usr/lib/node_modules']],
  ['Perl', /\.p[lm]$/, ['/usr/share/perl', '/usr/share/perl5', '/usr/lib/x86_64-linux-gnu/perl']],
  ['Ruby', /\.rb$/, ['/usr/lib/ruby', '/usr/share/rubygems-integration']],
  ['Lua', /\.lua$/, ['/usr/share/lua']],
  ['Tcl', /\.tcl$/, ['/usr/share/tcltk']],
];

process.stdout.write('| language | files | MB | paths | MB/s |\n| --- | --- | --- | --- | --- |\n');
for (const [name, pattern, directories] of languages) {
  const files = directories
    .flatMap((directory) => filesBelow(directory, pattern))
    .map((path) => ({ path, text: readReal(path).text }))
    .filter(({ text }) => text.length < 2_000_000)
    .map(({ path, text }) => ({ path, bytes: Buffer.from(plant(text, planted), 'latin1') }))
    .map((file) => ({ ...file, occurrences: scanBytes(file.bytes, dir).occurrences }))
    .filter(({ occurrences }) => occurrences.length > 0);
  const plan = async (file: (typeof files)[number]) => {
    const mode = { executable: false, secure: false };
    const path = `lib/${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
    await planContents(path, mode, bufferSource(file.bytes), file.occurrences, context);
  };
  for (const file of files.slice(0, 50)) await plan(file);
  const start = performance.now();
  for (const file of files) await plan(file);
  const seconds = (performance.now() - start) / 1000;
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
  const paths = files.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
  const cells = [name, files.length, size.toFixed(1), paths, (size / seconds).toFixed(1)];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
