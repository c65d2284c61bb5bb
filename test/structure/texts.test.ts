import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, read, root } from './source-files.ts';

const MAX_LINES = 500;

const files = projectFiles();
const isText = (path: string) => /\.(?:ts|c|h|cc|ld|sh|nix|md|json|apt)$|^(?:unmoor|\.ci\/run|\.gitignore)$/.test(path);
const texts = files.filter((path) => isText(path) && !path.includes('/fixtures/'));
const own = texts.filter((path) => path !== 'package-lock.json');
const code = own.filter((path) => /\.(?:ts|c|h|cc|sh)$/.test(path));
const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

/** Lines of files that match, as `path:line: text`. */
function grep(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

describe('texts', () => {
  it('are found at all', () => {
    expect(texts).toEqual(expect.arrayContaining(['README.md', 'unmoor', '.ci/run', 'src/cli/main.ts', 'stub/stub.c']));
    expect(grep(['README.md'], /^# Unmoor$/)).toEqual(['README.md:1: # Unmoor']);
  });

  it('leave nothing for later', () => {
    // Spelled in two halves, so that this line is no mark itself.
    const marks = new RegExp(
      `\\b(?:${['TO', 'FIX', 'XX'].map((half, i) => half + ['DO', 'ME', 'X'][i]).join('|')})\\b`,
    );
    expect(grep(own, marks)).toEqual([]);
  });

  it('name no machine of ours', () => {
    expect(grep(own, new RegExp(`(?:^|[\\s'"\`(=])/${'(?:wo' + 'rk|ro' + 'ot|ho' + 'me)'}/`))).toEqual([]);
  });

  it('stay short enough to be read', () => {
    const long = code.map((path) => `${path}: ${read(path).split('\n').length}`);
    expect(long.filter((entry) => Number(entry.split(': ')[1]) > MAX_LINES)).toEqual([]);
  });

  it('keep no skipped, focused or empty tests', () => {
    const tests = files.filter((path) => path.endsWith('.test.ts'));
    expect(grep(tests, /\b(?:it|test|describe)\.(?:skip|only|todo|fails|skipIf|runIf)\b/)).toEqual([]);
    expect(tests.filter((path) => !/\bexpect|fc\.assert/.test(read(path)))).toEqual([]);
  });

  it('have no folder for everything', () => {
    const vague = /\/(?:utils?|helpers?|common|core|lib|misc|shared)\//;
    expect(files.filter((path) => /^(?:src|test)\//.test(path) && vague.test(`/${path}`))).toEqual([]);
  });
});

describe('the lock file', () => {
  it('names no registry', () => {
    expect(grep(['package-lock.json'], /"resolved"|registry/)).toEqual([]);
  });

  it('belongs to package.json', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dependencies?: object; devDependencies?: object }>;
    };
    expect(lock.packages['']?.dependencies).toEqual(manifest.dependencies);
    expect(lock.packages['']?.devDependencies).toEqual(manifest.devDependencies);
  });
});

describe('documents', () => {
  const documents = files.filter((path) => path.endsWith('.md'));

  it('link to what exists', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => target as string)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(posix.join(root, posix.dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('give a reason for every dependency', () => {
    const page = read('docs/dependencies.md');
    const names = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
    expect(names.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });

  it('mention every npm script that they tell to run', () => {
    const told = documents.flatMap((path) => [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name));
    expect(told.filter((name) => manifest.scripts?.[name as string] === undefined)).toEqual([]);
  });
});
