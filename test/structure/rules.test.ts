import { describe, expect, it } from 'vitest';
import { analyzers } from '../../src/analyzers/registry.ts';
import { checkRules } from '../../src/check/rules.ts';
import { transforms } from '../../src/transforms/registry.ts';
import { projectFiles, read } from './source-files.ts';

const SECTIONS = [
  'What it finds',
  'Why it matters',
  'What the rewrite does',
  'When it refuses',
  'Example',
  'References',
];

/** Code may hold lines that look like headings: its marks are taken away. */
function withoutCode(page: string): string {
  return page.replace(/^```[\s\S]*?^```/gm, (code) => code.replace(/^#/gm, ''));
}

const rules = analyzers.flatMap((analyzer) => analyzer.rules);
const files = projectFiles();
const pages = files.filter((path) => /^docs\/rules\/.*\.md$/.test(path));

describe('registries', () => {
  it('know each id once', () => {
    for (const ids of [
      [...rules, ...checkRules].map(({ id }) => id),
      analyzers.map(({ id }) => id),
      transforms.map(({ id }) => id),
    ]) {
      expect(ids).toEqual([...new Set(ids)]);
    }
  });

  it('give each rule to exactly one transform, and no transform a rule that does not exist', () => {
    const served = transforms.flatMap((transform) => transform.rules);
    expect([...served].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each([
    ['analyzers', 'analyzer.ts'],
    ['transforms', 'transform.ts'],
  ])('name every folder of src/%s', (folder, module) => {
    const registry = read(`src/${folder}/registry.ts`);
    const folders = files.filter((path) => path.startsWith(`src/${folder}/`) && path.split('/').length > 3);
    for (const name of new Set(folders.map((path) => path.split('/')[2]))) {
      expect(registry).toContain(`'./${name}/${module}'`);
    }
  });
});

describe.each([...rules, ...checkRules].map(({ id, summary }) => ({ id, summary })))('rule $id', ({ id, summary }) => {
  const page = pages.includes(`docs/rules/${id}.md`) ? read(`docs/rules/${id}.md`) : '';

  it('has a page with all sections, none of them empty', () => {
    const [title, ...sections] = withoutCode(page)
      .split(/^#{1,2} /m)
      .slice(1);
    expect(title?.trim()).toBe(id);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(SECTIONS);
    for (const section of sections) expect(section.split('\n').slice(1).join('').trim()).not.toBe('');
  });

  it('has a summary of one line', () => {
    expect(summary).toMatch(/^[A-Z][^\n]{10,}[^.]$/);
  });
});

describe.each(rules.map(({ id }) => id))('rule %s', (id) => {
  it('has a fixture', () => {
    const fixture = `test/rules/fixtures/${id}`;
    expect(files).toEqual(expect.arrayContaining([`${fixture}/build.sh`, `${fixture}/sites`]));
    expect(read(`${fixture}/sites`)).toMatch(new RegExp(`^\\S+ ${id} `, 'm'));
  });
});

describe.each(checkRules.map(({ id }) => id))('rule %s of the contributor check', (id) => {
  it('has a fixture', () => {
    const expected = files.filter((path) => /^test\/check\/fixtures\/.*\/expected$/.test(path)).map(read);
    expect(expected.filter((text) => new RegExp(`^\\S+ new \\w+ ${id}\\b`, 'm').test(text))).not.toEqual([]);
  });
});

describe('pages', () => {
  it('belong to a rule', () => {
    const known = [...rules, ...checkRules].map(({ id }) => `docs/rules/${id}.md`);
    expect(pages.filter((path) => !known.includes(path))).toEqual([]);
  });

  it('name every reason for a refusal', () => {
    const all = pages.map(read).join('\n');
    const codes = new Set<string>();
    for (const path of files.filter((name) => /^src\/(?:transforms|pipeline)\/.*\.ts$/.test(name))) {
      for (const [, code] of read(path).matchAll(/\bcode: '([a-z-]+)'/g)) codes.add(code as string);
      for (const [, code] of read(path).matchAll(/\b(?:refuse|refusal|refused|none)\(\s*'([a-z-]+)'/g))
        codes.add(code as string);
    }
    expect(codes.size).toBeGreaterThan(0);
    expect([...codes].filter((code) => !all.includes(`\`${code}\``))).toEqual([]);
  });
});
