/** Readers of data formats on what is none: no exception, no long search, and every occurrence stays explained. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryFile } from '../../src/analyzers/analyzer.ts';
import { catchAllAnalyzer, contentAnalyzers } from '../../src/analyzers/registry.ts';
import { claimants, explain } from '../../src/pipeline/explain.ts';
import { planEntry } from '../../src/pipeline/plan.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { scanBytes } from '../../src/store/scan.ts';
import { storeDir } from '../../src/store/store-path.ts';
import { transformOf } from '../../src/transforms/registry.ts';

const dir = storeDir('/nix/store');
const path = '/nix/store/c3idvsdbgm2mxg2pi7ma7s2qnrcqvw8a-zlib-1.2.13/lib';
const object = '0123456789abcdfghijklmnpqrsvwxyz-own';

const context = {
  storeDir: dir,
  alias: '/dev/fd/87',
  aliasDescriptor: 87,
  aliasPolicy: 'inherit' as const,
  stub: () => ({ missing: 'none here' }),
  exists: () => true,
};

/** One name for each format, and what a file of it begins with. */
const formats = {
  'lib/cmake/x/x.cmake': '',
  'lib/libx.la': '# libtool library file\n',
  'lib/pkgconfig/x.pc': 'prefix=/usr\n',
  'nix-support/propagated-build-inputs': '',
  'etc/fonts/fonts.conf': '<fontconfig>',
  'share/vulkan/icd.d/x.json': '{"file_format_version":"1",',
  'etc/OpenCL/vendors/x.icd': '',
  'share/applications/x.desktop': '[Desktop Entry]\n',
  'lib/systemd/system/x.service': '[Service]\n',
  'share/dbus-1/services/x.service': '[D-BUS Service]\n',
  'share/dbus-1/x.conf': '<busconfig>',
  'lib/gdk-pixbuf-2.0/loaders.cache': '',
  'lib/x/rules.mk': '',
  'share/man/man1/x.1': '',
  'share/gir-1.0/x.gir': '<repository>',
  'lib/ghc/package.conf.d/x.conf': 'name: x\n',
  'share/x.xml': '<?xml version="1.0"?>',
  'share/xml/catalog.xml': '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">',
  'lib/libx.so': 'GROUP (',
} as const;

function outcome(file: string, text: string): readonly { readonly edits: number; readonly sites: number }[] {
  const bytes = Buffer.from(text, 'latin1');
  const { occurrences } = scanBytes(bytes, dir);
  const entry: EntryFile = {
    file,
    object,
    executable: false,
    secure: false,
    bytes: bufferSource(bytes),
    head: bytes.subarray(0, 4096),
    storeDir: dir,
  };
  const sites = explain(entry, occurrences, [...claimants(entry, contentAnalyzers), catchAllAnalyzer]);
  expect(sites.length).toBe(occurrences.length);
  const plan = planEntry(entry, sites, transformOf, context);
  for (const { offset, expected } of plan.edits) {
    expect(text.slice(offset, offset + expected.length)).toBe(expected.toString('latin1'));
  }
  return [{ edits: plan.edits.length, sites: plan.sites.length }];
}

const piece = fc.constantFrom(
  path,
  `${path}:${path}`,
  ...[
    '"',
    "'",
    '\\',
    '\n',
    '\r\n',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '<dir>',
    '</dir>',
    '<!--',
    '-->',
    '<![CDATA[',
  ],
  ...[
    '=',
    ':',
    '#',
    ';',
    '$',
    '${x}',
    '$(x)',
    '[=[',
    ']=]',
    'set(',
    'function(f)',
    'macro(m)',
    'endmacro()',
    '<dir prefix="',
    '%',
  ],
  ...[
    'Libs: ',
    'x=',
    'ExecStart=',
    '"library_path":',
    '"ICD":',
    'import-dirs: ',
    '\t',
    ' ',
    '\xff',
    '\xef\xbb\xbf',
    'define X',
    '<!DOCTYPE ',
  ],
);

describe.each(Object.entries(formats))('%s', (file, head) => {
  test('any mixture of its marks', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        outcome(file, head + pieces.join(''));
      }),
      { numRuns: 150 },
    );
  });

  test('long runs of one mark', () => {
    for (const mark of [
      '"',
      "'",
      '\\',
      '\n',
      ' ',
      '(',
      '[',
      '[=',
      '<',
      '<a',
      '<a b="',
      '{',
      '$(',
      'a',
      '\\\n',
      '#[[',
      'set("',
      '"a",',
      '${a}',
    ]) {
      outcome(file, `${head}${mark.repeat(200_000 / mark.length)} ${path} ${mark} ${path}`);
    }
  });
});
