/**
 * Every shell script of the machine's packages, with the file system hierarchy turned into store paths: parsed,
 * rewritten, still accepted by its shell, and the same when it is rewritten once more.
 */

import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { parseShebang } from '../../src/syntax/shebang.ts';
import { type Dialect, shellFile } from '../../src/syntax/shell/dialect.ts';
import { must, ToyStore } from '../toy-store.ts';

const places = ['/usr/bin', '/usr/sbin', '/etc', '/usr/share', '/usr/lib', '/var/lib/dpkg/info'];
const MAX_SIZE = 1024 * 1024;

const store = new ToyStore();
const object = store.object('debian');
const moved = join(store.work, 'moved');

interface Script {
  /** Path in the object. */
  readonly file: string;
  readonly dialect: Dialect;
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(4096);
  const descriptor = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Scripts by their first line, and files by the names that shells' files have. */
function* scriptsBelow(directory: string): Generator<Script> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* scriptsBelow(path);
    if (!entry.isFile()) continue;
    const { mode, size } = lstatSync(path);
    if (size > MAX_SIZE || size === 0) continue;
    const isExecutable = (mode & 0o111) !== 0;
    const shell = shellFile(
      path.slice(1),
      isExecutable || !/\.(?!sh$)\w+$/.test(entry.name) ? headOf(path) : Buffer.alloc(0),
      isExecutable,
    );
    if (shell === undefined || shell.claim < 50) continue;
    yield { file: path.slice(1), dialect: shell.dialect };
  }
}

/** `/usr/bin/x`, `/etc/x` ... where a path may begin. */
const hierarchy = /(?<![\w.$}/*@%+~-])(?:\/usr(?:\/local)?)?(?=\/(?:bin|sbin|lib|libexec|share|etc|var|include)\b)/g;

/** The first word of a line, when it may be a command: as where a build has put absolute paths in place of names. */
const command =
  /^([ \t]*)(?!(?:if|then|elif|else|fi|case|esac|for|while|until|do|done|in|function|select|time|local|declare|typeset|export|readonly|integer|float|private|return|coproc|repeat|foreach|end|always|noglob|nocorrect)\b)([a-z_][\w-]*)(?=[ \t]+[\w"'$/.-])/gm;

function withStorePaths(text: string): string {
  return text.replace(hierarchy, object).replace(command, `$1${object}/bin/$2`);
}

const scripts: Script[] = [];
beforeAll(async () => {
  for (const place of places) {
    for (const script of scriptsBelow(place)) {
      const text = readFileSync(`/${script.file}`, 'latin1');
      const [first, ...rest] = text.split('\n');
      // The first line stays a valid one: rule `shebang` has tests of its own.
      const keeps = parseShebang(Buffer.from(text.slice(0, 4096), 'latin1')) !== undefined;
      const made = keeps ? [first, withStorePaths(rest.join('\n'))].join('\n') : withStorePaths(text);
      if (!made.includes(object)) continue;

      const path = join(object, script.file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.from(made, 'latin1'));
      chmodSync(path, lstatSync(`/${script.file}`).mode & 0o755);
      scripts.push(script);
    }
  }
});
afterAll(() => store.remove());

/** Which of the files their shells do not accept. */
function rejected(root: string, files: readonly Script[]): readonly Script[] {
  const lines = files.map(({ file, dialect }) => `${dialect === 'sh' ? 'bash' : dialect}\0${file}\0`);
  const script = 'while [ $# -gt 0 ]; do "$1" -n "$2" 2>/dev/null </dev/null || printf "%s\\n" "$2"; shift 2; done';
  const found = must('xargs', ['-0', '-P2', '-n200', 'dash', '-c', script, 'dash'], {
    cwd: root,
    input: lines.join(''),
  });
  const names = new Set(found.split('\n'));
  return files.filter(({ file }) => names.has(file));
}

test('all of them', async () => {
  const report = await relocate({ paths: [object], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  const planned = await audit({ paths: [object], closure: false, storeDir: store.storeDir });
  const dialects = new Map(scripts.map(({ file, dialect }) => [file, dialect]));
  const sites = planned.objects.flatMap((each) => each.sites);
  const share = (chosen: readonly Dialect[]) => {
    const own = sites.filter(({ file, role }) => role === 'run-time' && chosen.includes(dialects.get(file) as Dialect));
    return own.filter(({ remedy }) => remedy.kind === 'relative').length / own.length;
  };
  const opaque = new Set(sites.filter(({ rule }) => rule === 'opaque').map(({ file }) => file));
  console.log(
    `${scripts.length} scripts, ${sites.length} paths, ${opaque.size} scripts with paths left to rule opaque; relative, of ` +
      `run-time paths: ${share(['sh', 'bash', 'ksh']).toFixed(4)} in sh, bash and ksh, ${share(['zsh']).toFixed(4)} in zsh`,
  );
  expect(scripts.length).toBeGreaterThan(500);
  expect(share(['sh', 'bash', 'ksh'])).toBeGreaterThan(0.99);
  expect(share(['zsh'])).toBeGreaterThan(0.8);
  expect(sites.filter(({ role, remedy }) => role === 'run-time' && remedy.kind === 'none')).toEqual([]);
  // What shells reject now they rejected before.
  const now = rejected(join(moved, 'store', basename(object)), scripts);
  expect(rejected(object, now)).toEqual(now);
  // What cannot be parsed is no script for bash either, or written for zsh, which the parser does not know.
  const unexpected = [...opaque].filter(
    (file) => dialects.get(file) !== 'zsh' && !now.some((each) => each.file === file),
  );
  expect(unexpected).toEqual([]);

  const again = await audit({
    paths: [join(moved, 'store', basename(object))],
    closure: false,
    storeDir: store.storeDir,
  });
  const left = report.objects.flatMap(({ remaining }) => remaining ?? []);
  expect(again.objects.flatMap((each) => each.sites).length).toBe(left.length);
  expect(again.objects.flatMap((each) => each.sites).filter(({ remedy }) => remedy.kind !== 'none')).toEqual([]);
});
