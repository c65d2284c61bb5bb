import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportSite } from '../../src/pipeline/report.ts';
import { quote, root, run, unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';
import { validator } from './validate.ts';

let store: TinyStore;
beforeAll(() => {
  store = tinyStore();
});
afterAll(() => store.remove());

const json = (args: readonly string[]) => JSON.parse(unmoor(['audit', '--format', 'json', ...args]).stdout);

describe('audit', () => {
  it('has exit code 0 when everything can be rewritten, and 1 when not', () => {
    expect(unmoor(['audit', store.tool]).code).toBe(0);
    expect(unmoor(['audit', store.plain]).code).toBe(0);
    const { code, stdout } = unmoor(['audit', store.blocked]);
    expect(stdout).toContain('blocked by 1 site');
    expect(stdout).toContain('dbus/service');
    expect(code).toBe(1);
  });

  it('prints JSON that its schema accepts, and whose counts agree', () => {
    const report = json([store.tool, store.blocked, store.plain]);
    expect(validator('audit')(report)).toEqual([]);
    expect(report.storeDir).toBe(store.storeDir);
    expect(report.objects.map(({ path }: { path: string }) => path)).toEqual([store.tool, store.blocked, store.plain]);
    expect(report.totals).toMatchObject({ occurrences: 3, sites: 3, byRemedy: { none: 1 } });
    for (const { sites } of report.objects) {
      for (const { text, length } of sites) expect(Buffer.byteLength(text)).toBe(length);
    }
  });

  it('finds what it points at', () => {
    const [object] = json([store.tool]).objects;
    const site = object.sites.find(({ place }: { place: string }) => place === 'contents');
    const bytes = readFileSync(join(store.tool, site.file));
    expect(bytes.subarray(site.offset, site.offset + site.length).toString()).toBe(site.text);
  });

  it('tells line and column, and shows on demand what would change', () => {
    const report = json([store.tool, '--diff']);
    expect(validator('audit')(report)).toEqual([]);
    const [object] = report.objects;
    const site = object.sites.find(({ file }: { file: string }) => file === 'bin/tool');
    expect(site).toMatchObject({ line: 2, column: 15, context: { before: 'read -r a b < ', after: '' } });
    const [hunk] = object.changes[0].hunks;
    expect(hunk.lines.filter((line: string) => line.startsWith('-'))).toContain(`-read -r a b < ${store.tool}/share`);
    expect(json([store.tool]).objects[0]).not.toHaveProperty('changes');
    const { stdout } = unmoor(['audit', store.tool, '--diff']);
    expect(stdout).toContain(`\n-read -r a b < ${store.tool}/share\n`);
    expect(stdout).toContain('shell/word 2:15');
  });

  it('shows as many sites as it should', () => {
    const { stdout } = unmoor(['audit', store.tool, '--limit', '1']);
    expect(stdout).toContain('... and 1 more');
    expect(unmoor(['audit', store.tool, '--limit', 'all']).code).toBe(2);
    expect(unmoor(['audit', store.tool, '--limit', '1', '--verbose']).code).toBe(2);
  });

  it('adds the closure on demand', () => {
    const paths = json([store.tool, '--closure']).objects.map(({ path }: { path: string }) => path);
    expect(paths).toEqual([store.data, store.tool]);
  });

  it('takes a link to an object, and a tree that is none', () => {
    const result = join(store.work, 'result');
    symlinkSync(store.tool, result);
    expect(json([result]).objects[0].path).toBe(store.tool);
    const tree = join(store.work, 'tree');
    mkdirSync(tree);
    writeFileSync(join(tree, 'notes'), `see ${store.data}/words\n`);
    const report = json([tree, '--store-dir', store.storeDir]);
    expect(report.objects[0].path).toBe(tree);
    expect(report.totals.sites).toBe(1);
  });

  it('reads standard input', () => {
    const input = `echo ${store.data}/words\n`;
    const { stdout, code } = unmoor(['audit', '-', '--store-dir', store.storeDir, '--format', 'json'], { input });
    const report = JSON.parse(stdout);
    expect(report.objects[0].path).toBe('-');
    expect(report.objects[0].sites[0]).toMatchObject({ file: '', offset: 5 });
    expect(code).toBe(0);
  });

  it('shows names and texts that are no UTF-8 as escapes', () => {
    const tree = join(store.work, 'bytes');
    mkdirSync(tree);
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/na`), Buffer.from([0xff])]), `${store.data}/w\n`);
    const report = json([tree, '--store-dir', store.storeDir]);
    expect(report.objects[0].sites[0].file).toBe('na\\xff');
    expect(validator('audit')(report)).toEqual([]);
  });

  it.each(['text', 'json', 'sarif', 'markdown', 'html'])(
    '%s: the same bytes again, with any number of workers',
    (format) => {
      const printed = (jobs: string) =>
        unmoor([
          'audit',
          store.tool,
          store.blocked,
          store.plain,
          '--closure',
          '--diff',
          '--format',
          format,
          '--jobs',
          jobs,
        ]).stdout;
      const first = printed('1');
      expect(first).not.toBe('');
      expect(printed('3')).toBe(first);
    },
  );

  it('tells of every name of a hard link', () => {
    const tree = join(store.work, 'linked');
    mkdirSync(join(tree, 'deeper'), { recursive: true });
    const line = `#!/bin/sh\ncat /nix/store/${'a'.repeat(32)}-x/y\n`;
    writeFileSync(join(tree, 'one'), line);
    for (const name of ['two', 'deeper/three']) linkSync(join(tree, 'one'), join(tree, name));
    writeFileSync(join(tree, 'other'), line);
    const { objects, totals } = JSON.parse(unmoor(['audit', tree, '--format', 'json']).stdout);
    const sites = (objects[0].sites as ReportSite[]).map(({ file, remedy, ...site }) => ({
      ...site,
      file: file.split('/').at(-1),
    }));
    expect(sites.map(({ file }) => file)).toEqual(['three', 'one', 'other', 'two']);
    expect(new Set(sites.map((site) => JSON.stringify({ ...site, file: '' }))).size).toBe(1);
    expect(totals).toMatchObject({ sites: 4, occurrences: 4 });
    expect(objects[0].size).toBe(4 * line.length);
    rmSync(tree, { recursive: true });
  });

  it('spells out what could steer a terminal, in reports and in errors', () => {
    const tree = join(store.work, 'odd');
    const name = 'a\u202eb\u009b31m\x1b[2J目';
    mkdirSync(tree);
    writeFileSync(join(tree, name), `x /nix/store/${'a'.repeat(32)}-x/y \u009b0m\x1b]0;title\x07\n`);
    for (const { stdout } of [unmoor(['audit', tree, '--diff']), unmoor(['why', tree, name])]) {
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
    expect(unmoor(['audit', tree]).stdout).toContain('a\\u{202e}b\\u{9b}31m\\x1b[2J目');
    expect(unmoor(['audit', join(tree, 'no\u009b31m\x1b[2J')]).stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    rmSync(tree, { recursive: true });
  });

  it('writes to a file, whole, and nothing else', () => {
    const file = join(store.work, 'report.json');
    const { stdout, stderr, code } = unmoor(['audit', store.tool, '--format', 'json', '-o', file]);
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(validator('audit')(JSON.parse(readFileSync(file, 'utf8')))).toEqual([]);
    expect(readdirSync(store.work).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('--quiet leaves the exit code', () => {
    expect(unmoor(['audit', store.blocked, '--quiet'])).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  it('does not mind a reader that goes away', () => {
    const tree = join(store.work, 'many');
    mkdirSync(tree);
    writeFileSync(join(tree, 'paths'), `${store.data}/words\n`.repeat(20_000));
    const command = `${quote(`${root}/unmoor`)} audit --verbose --store-dir ${store.storeDir} ${tree} | head -n 1`;
    expect(run('bash', ['-c', `set -o pipefail; ${command}`])).toMatchObject({ stdout: 'Verdict\n', stderr: '' });
  });

  it('names what it cannot read', () => {
    const tree = join(store.work, 'socket');
    mkdirSync(tree);
    run('mkfifo', [join(tree, 'fifo')]);
    const { code, stderr } = unmoor(['audit', tree]);
    expect(stderr).toContain(`${tree}/fifo`);
    expect(code).toBe(1);
  });
});

describe('colours', () => {
  /** Runs on a pseudo terminal (script(1)). */
  const onTerminal = (env: Readonly<Record<string, string>>, options = '') =>
    run('script', ['-qec', `${quote(`${root}/unmoor`)} audit ${quote(store.tool)} ${options}`, '/dev/null'], {
      env: { TERM: 'xterm', ...env },
    }).stdout;

  it('on terminals, not in pipes, not with NO_COLOR', () => {
    expect(onTerminal({})).toContain('\u001b[');
    expect(onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b[');
    expect(onTerminal({ TERM: 'dumb' })).not.toContain('\u001b[');
    expect(unmoor(['audit', store.tool]).stdout).not.toContain('\u001b[');
    const file = join(store.work, 'report.txt');
    expect(onTerminal({}, `-o ${quote(file)}`)).toBe('');
    expect(readFileSync(file, 'utf8')).toMatch(/^Verdict\n/);
  });
});

describe('the width of the terminal', () => {
  const onTerminal = (columns: number) => {
    const command = `stty cols ${columns}; ${[`${root}/unmoor`, 'audit', store.tool, store.data].map(quote).join(' ')}`;
    return run('script', ['-qec', command, '/dev/null'], { env: { TERM: 'xterm', NO_COLOR: '1' } }).stdout.split(
      '\r\n',
    );
  };

  it('decides how much a table tells', () => {
    const table = (columns: number) => onTerminal(columns).slice(1, 4);
    expect(table(150)[1]).toMatch(/b{32}-tool/);
    const narrow = table(60);
    expect(narrow[0]).toMatch(/object +sites +relative +alias +stay/);
    expect(narrow.join('\n')).toMatch(/^ {2}tool +after rewriting/m);
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('unreadable files', () => {
  it('are named, with exit code 1', () => {
    const tree = join(store.work, 'secret');
    mkdirSync(tree);
    writeFileSync(join(tree, 'file'), 'x', { mode: 0 });
    chmodSync(store.work, 0o755);
    const args = ['--reuid=65534', '--regid=65534', '--clear-groups', `${root}/node_modules/.bin/node`];
    // Only root can become someone who may not read; anybody else already cannot.
    const finished =
      process.getuid?.() === 0
        ? run('setpriv', [...args, `${root}/src/cli/main.ts`, 'audit', tree])
        : unmoor(['audit', tree]);
    expect(finished.stderr).toContain(`${tree}/file: permission denied`);
    expect(finished.code).toBe(1);
  });
});
