/** Bytecode is read and rewritten without any Python: every version that is known, others refused, damage of every kind. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ALIAS_DESCRIPTOR, aliasFor } from '../../src/pipeline/alias.ts';
import { editedBytes } from '../../src/pipeline/apply-edits.ts';
import { planContents } from '../../src/pipeline/entry.ts';
import type { PlannedSite } from '../../src/pipeline/plan.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { scanBytes } from '../../src/store/scan.ts';
import { storeDir } from '../../src/store/store-path.ts';
import { readBytecode, textOfString } from '../../src/syntax/python/bytecode.ts';
import { isSourceOf } from '../../src/syntax/python/bytecode-header.ts';
import { pythonVersions, versionOf } from '../../src/syntax/python/versions.ts';
import { starts } from '../../src/transforms/python-bytecode/starts.ts';
import { filesBelow, sample } from '../real-files.ts';
import { DIGESTS, OWN } from '../rewriting.ts';
import { captured, WORDS } from './captured.ts';
import { debian, type Interpreter, interpreters } from './interpreters.ts';

const STORE = '/nix/store';
const FILE = 'lib/__pycache__/words.cpython-3.pyc';
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-bytecode-')));
afterAll(() => removeTree(work));

interface Planned {
  readonly bytes: Buffer;
  readonly sites: readonly PlannedSite[];
}

/** Plans and applies, with the source of the captured bytecode beside it or without. */
async function plan(contents: Buffer, source?: string): Promise<Planned> {
  const dir = storeDir(STORE);
  const { occurrences } = scanBytes(contents, dir);
  const transform = {
    storeDir: dir,
    alias: aliasFor(STORE),
    aliasDescriptor: ALIAS_DESCRIPTOR,
    aliasPolicy: 'inherit' as const,
    stub: () => ({ missing: 'no stub in this test' }),
    exists: () => true,
  };
  const sibling = (path: string) => (path === 'lib/words.py' && source !== undefined ? Buffer.from(source) : undefined);
  const bytes = bufferSource(contents);
  const mode = { executable: false, secure: false };
  const { sites, edits } = await planContents(FILE, mode, bytes, occurrences, { object: OWN, transform, sibling });
  expect(sites.length).toBe(occurrences.length);
  const edited = editedBytes(bytes, edits);
  const left = sites.filter(({ remedy }) => remedy.kind === 'none').length;
  expect(scanBytes(edited, dir).occurrences.length).toBe(left);
  for (const digest of DIGESTS) expect(edited.includes(digest)).toBe(contents.includes(digest));
  return { bytes: edited, sites };
}

const shown = ({ sites }: Planned) =>
  sites.map(({ site, remedy }) => `${remedy.kind === 'none' ? remedy.code : remedy.kind} ${site.rule} ${site.what}`);

describe('every known version', () => {
  const versions = pythonVersions.map(({ name }) => name);

  test('has a captured module and a start', () => {
    expect(Object.keys(captured)).toEqual(versions);
    expect(Object.keys(starts)).toEqual(versions);
  });

  test.each(versions)('%s: is recognised, and every path in it explained', async (name) => {
    const bytes = Buffer.from(captured[name] as string, 'base64');
    const version = versionOf(bytes);
    expect(version?.name).toBe(name);
    if (version === undefined) return;
    expect(isSourceOf(bytes, version, Buffer.from(WORDS))).toBe(true);
    expect(isSourceOf(bytes, version, Buffer.from(`${WORDS}\n`))).toBe(false);
    for (const source of [WORDS, undefined]) {
      const planned = await plan(bytes, source);
      expect(shown(planned).sort()).toEqual([
        'documentation python/bytecode-string docstring',
        'documentation python/bytecode-string docstring',
        'relative python/bytecode-file source file',
        'relative python/bytecode-string bytes',
        'relative python/bytecode-string string',
        'relative python/bytecode-string string',
      ]);
      const again = readBytecode(bufferSource(planned.bytes));
      if ('refused' in again) throw new Error(again.refused);
      expect(again.strings.map((string) => textOfString(planned.bytes, string))).toEqual(
        expect.arrayContaining([`${OWN}/lib/words.py`, '_call_with_frames_removed', `/${DIGESTS[1]}-dep/share`]),
      );
    }
  });

  test('others are refused', async () => {
    const bytes = Buffer.from(captured['3.14'] as string, 'base64');
    for (const magic of [3394, 3430, 3494, 3570, 3628, 3700, 62211]) {
      bytes.writeUInt16LE(magic, 0);
      const planned = await plan(bytes, WORDS);
      expect(new Set(shown(planned))).toEqual(
        new Set(['unknown-bytecode python/bytecode-string bytecode of an unknown version']),
      );
      expect(planned.bytes.equals(bytes)).toBe(true);
    }
  });
});

test('names and tables are not touched', async () => {
  const path = `${STORE}/${DIGESTS[1]}-dep/name`;
  const writing = `
import marshal, sys
code = compile("def f(): return 1", ${JSON.stringify(path)}, "exec").replace(co_name=sys.argv[2])
with open(sys.argv[1] + "/named.pyc", "wb") as file:
    file.write(__import__("importlib.util").util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
`;
  writeFileSync(join(work, 'writing.py'), writing);
  debian.run(work, join(work, 'writing.py'), [work, path]);
  const { sites } = await plan(readFileSync(join(work, 'named.pyc')));
  const codes = sites.map(({ remedy }) => (remedy.kind === 'none' ? remedy.code : remedy.kind));
  expect(codes.sort()).toEqual(['bytecode-table', 'relative']);
});

describe('damaged bytecode', () => {
  const whole = Object.values(captured).map((text) => Buffer.from(text, 'base64'));
  const damage = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 9_999 }),
      byte: fc.nat(255),
      remove: fc.constantFrom(1, 1, 1, 1, 0, 2),
    }),
    { minLength: 1, maxLength: 3 },
  );

  test('never breaks a law, and never ends in an exception', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), damage, fc.nat(9), async (original, changes, cut) => {
        let bytes = Buffer.from(original);
        for (const { at, byte, remove } of changes) {
          const offset = 16 + (at % (bytes.length - 17));
          const rest = bytes.subarray(offset + remove);
          bytes = Buffer.concat([bytes.subarray(0, offset), Buffer.of(byte), cut === 0 ? Buffer.alloc(0) : rest]);
          if (bytes.length < 20) return;
        }
        const { sites } = await plan(bytes);
        if (sites.some(({ remedy }) => remedy.kind === 'relative')) read++;
      }),
      { numRuns: 3000, seed: 11 },
    );
    // Some of it can still be read.
    expect(read).toBeGreaterThan(50);
  });

  test('of endless depth, length or repetition is refused at once', async () => {
    const head = Buffer.from(captured['3.12'] as string, 'base64').subarray(0, 16);
    const path = `${STORE}/${DIGESTS[1]}-dep`;
    const text = Buffer.concat([Buffer.from('z'), Buffer.of(path.length), Buffer.from(path)]);
    // A tuple of two references to the one before, twenty thousand times over.
    const twice: Buffer[] = [Buffer.from(')\x02', 'latin1')];
    const doubled = Array.from({ length: 1500 }, () => Buffer.from('\xa9\x02', 'latin1'));
    const bombs = [
      Buffer.concat([...Array.from({ length: 100_000 }, () => Buffer.from(')\x01', 'latin1')), text]),
      Buffer.concat([Buffer.from('(\xff\xff\xff\x7f', 'latin1'), text]),
      Buffer.concat([Buffer.from('s\xff\xff\xff\xff', 'latin1'), text]),
      Buffer.concat([Buffer.from('c'), Buffer.alloc(20), Buffer.from('s\0\0\0\0'), ...doubled, text]),
      Buffer.concat([...twice, text, Buffer.from('r\0\0\0\0')]),
    ];
    for (const bomb of bombs) {
      const { sites } = await plan(Buffer.concat([head, bomb]));
      expect(sites.map(({ remedy }) => remedy.kind === 'none' && remedy.code)).toEqual(['malformed-bytecode']);
    }
  });
});

/**
 * Python's own reading, written to a file: of each bytecode file the strings in constants, and the paths of sources. Names of
 * modules of its standard library are compiled first.
 */
const reading = `
import importlib, json, marshal, os, py_compile, sys
out = sys.argv[1]
def strings(value, found):
    if isinstance(value, str): found.add("t" + value)
    elif isinstance(value, bytes): found.add("b" + value.decode("latin-1"))
    elif isinstance(value, (tuple, frozenset)):
        for item in value: strings(item, found)
    elif hasattr(value, "co_code"):
        for item in value.co_consts: strings(item, found)
        found.add("f" + value.co_filename)
    return found
result = {}
for name in json.load(open(os.path.join(out, "list.json"))):
    path = name
    if not name.startswith("/"):
        spec = importlib.util.find_spec(name)
        source = spec and spec.loader.get_source(name)
        if not source: continue
        path = os.path.join(out, name + ".py")
        with open(path, "w", encoding="utf-8") as file: file.write(source)
        path = py_compile.compile(path, cfile=path + "c", optimize=0)
    with open(path, "rb") as file: data = file.read()
    result[path] = sorted(strings(marshal.loads(data[16:]), set()))
with open(os.path.join(out, "strings.json"), "w") as file: json.dump(result, file)
`;

describe('the standard library', () => {
  const names =
    'argparse,ast,asyncio.tasks,base64,calendar,codecs,collections,configparser,copy,csv,dataclasses,datetime,difflib,dis,email.message,enum,fractions,functools,gettext,glob,heapq,html.entities,http.client,inspect,ipaddress,json.decoder,locale,logging,mailbox,mimetypes,opcode,optparse,os,pathlib,pdb,pickle,platform,posixpath,pprint,pydoc,random,re,shlex,shutil,smtplib,socketserver,stat,statistics,string,subprocess,tarfile,tempfile,textwrap,threading,token,tokenize,traceback,types,typing,unittest.mock,urllib.parse,uuid,warnings,weakref,xml.dom.minidom,zipfile';

  function compare(interpreter: Interpreter, files: readonly string[], directory: string): number {
    mkdirSync(directory);
    writeFileSync(join(directory, 'list.json'), JSON.stringify(files));
    writeFileSync(join(directory, 'reading.py'), reading);
    interpreter.run(directory, join(directory, 'reading.py'), [directory]);
    const result: Record<string, string[]> = JSON.parse(readFileSync(join(directory, 'strings.json'), 'utf8'));
    for (const [path, expected] of Object.entries(result)) {
      const bytes = readFileSync(path);
      const code = readBytecode(bufferSource(bytes));
      if ('refused' in code) throw new Error(`${path}: ${code.refused}`);
      const found = new Set<string>();
      for (const { string, places } of code.uses.values()) {
        const uses = new Set([...places.values()].flatMap((place) => [...place.uses]));
        const text = textOfString(bytes, string);
        const decoded = string.kind === 'bytes' ? text : Buffer.from(text, 'latin1').toString('utf8');
        if (uses.has('constant') || uses.has('docstring'))
          found.add(`${string.kind === 'bytes' ? 'b' : 't'}${decoded}`);
        if (uses.has('file')) found.add(`f${decoded}`);
      }
      // Lone surrogates have no form in JSON text that both would write.
      const plain = (texts: Iterable<string>) =>
        [...texts].filter((text) => !/[\ud800-\udfff\ufffd]/.test(text)).sort();
      expect(plain(found), path).toEqual(plain(expected));
    }
    return Object.keys(result).length;
  }

  test.each(interpreters)('$name: strings are those that Python itself reads', (interpreter) => {
    const directory = join(work, interpreter.name.replaceAll(' ', '-'));
    expect(compare(interpreter, names.split(','), directory)).toBeGreaterThan(50);
  });

  test('all of the machine: as Python reads it', () => {
    const paths = ['/usr/lib/python3', '/usr/lib/python3.11'].flatMap((path) => filesBelow(path, /\.pyc$/));
    expect(compare(debian, sample(paths, 1500), join(work, 'all'))).toBeGreaterThan(100);
  });
});
