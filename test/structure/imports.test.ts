import { describe, expect, it } from 'vitest';
import { type Import, importsOf, projectFiles } from './source-files.ts';

const modules = projectFiles().filter((path) => /^src\/.*\.ts$/.test(path));
const imports = modules.flatMap(importsOf);
const internal = imports.filter(({ to }) => to.startsWith('src/'));
const layer = (path: string) => path.split('/')[1] as string;
const shown = ({ from, to }: Import) => `${from} imports ${to}`;

/** What each folder may import, itself always. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  store: [],
  syntax: ['store'],
  analyzers: ['store', 'syntax'],
  transforms: ['store', 'syntax', 'analyzers'],
  pipeline: ['store', 'syntax', 'analyzers', 'transforms'],
  reports: ['pipeline'],
  cli: ['store', 'syntax', 'analyzers', 'transforms', 'pipeline', 'reports'],
};

describe('imports', () => {
  it('are found at all', () => {
    expect(internal.length).toBeGreaterThan(modules.length);
    expect(importsOf('src/pipeline/pool.ts').map(({ to }) => to)).toContain('src/pipeline/process-object.ts');
  });

  it('folders are those of the architecture', () => {
    expect([...new Set(modules.map(layer))].sort()).toEqual(Object.keys(allowed).sort());
  });

  it('go along the arrows', () => {
    const against = internal.filter(
      ({ from, to }) => layer(from) !== layer(to) && !allowed[layer(from)]?.includes(layer(to)),
    );
    expect(against.map(shown)).toEqual([]);
  });

  it('transforms know only what a site and a file are', () => {
    const known = ['src/analyzers/site.ts', 'src/analyzers/analyzer.ts'];
    const others = internal.filter(
      ({ from, to }) => layer(from) === 'transforms' && layer(to) === 'analyzers' && !known.includes(to),
    );
    expect(others.map(shown)).toEqual([]);
  });

  it('reports know only the types of data', () => {
    const values = internal.filter(
      ({ from, to, isType }) => layer(from) === 'reports' && layer(to) === 'pipeline' && !isType,
    );
    expect(values.map(shown)).toEqual([]);
  });

  it('readers, analyzers, transforms and reports never touch the file system or other programs', () => {
    const forbidden = /^(?:node:)?(?:fs|child_process|worker_threads|net|http|https)(?:\/|$)/;
    const pure = ['syntax', 'analyzers', 'transforms', 'reports'];
    const touching = imports.filter(({ from, to }) => pure.includes(layer(from)) && forbidden.test(to));
    expect(touching.map(shown)).toEqual([]);
  });

  it('lead to modules that exist, with their extension', () => {
    expect(internal.filter(({ to }) => !modules.includes(to) && !to.endsWith('.js')).map(shown)).toEqual([]);
  });

  it('make no circles', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, isType } of internal) {
      if (!isType) next.set(from, [...(next.get(from) ?? []), to]);
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of modules) visit(path, []);
    expect(circles).toEqual([]);
  });

  it('use only packages that users get', () => {
    const packages = imports
      .filter(({ from, to }) => from.startsWith('src/') && !to.startsWith('src/') && !to.startsWith('node:'))
      .map(({ to }) => to)
      .filter((to) => !to.startsWith('stub/') && !to.startsWith('test/'));
    expect([...new Set(packages)].sort()).toEqual(['commander', 'fflate', 'picocolors']);
  });
});
