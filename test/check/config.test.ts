import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validConfig } from '../../src/check/config.ts';
import { parseNix } from '../../src/syntax/nix/parser.ts';
import { launcher, quote, root, run, unmoor } from '../cli/run-unmoor.ts';
import { linking, type Scratch, scratch } from './scratch.ts';

let tree: Scratch;
beforeEach(() => {
  tree = scratch();
  tree.write('a.nix', linking('a'));
  tree.write('old/b.nix', linking('b'));
});
afterEach(() => tree.remove());

const OFF = `{ rules: { 'nix/ln-absolute': 'off' } }`;

const doc = readFileSync(`${root}/docs/check.md`, 'utf8');

describe('the document', () => {
  it('shows a configuration that is valid, with every key and the defaults', () => {
    const [, shown = ''] = /^```json\n([\s\S]*?)^```/m.exec(doc) ?? [];
    const value = JSON.parse(shown) as object;
    expect(Object.keys(validConfig(value, 'docs')).sort()).toEqual(Object.keys(value).sort());
    const { exclude: _exclude, rules: _rules, ...rest } = value as Record<string, unknown>;
    expect(validConfig({}, 'docs')).toMatchObject(rest);
  });

  it('shows Nix that Nix can read', () => {
    const blocks = [...doc.matchAll(/^```nix\n([\s\S]*?)^```/gm)].map(([, text]) => text as string);
    expect(blocks).not.toEqual([]);
    for (const text of blocks) expect(parseNix(text).errors).toEqual([]);
  });

  it('shows a session that goes as shown', () => {
    const [, nix = ''] = /^```nix\n([\s\S]*?)^```/m.exec(doc) ?? [];
    const [, session = ''] = /^```console\n([\s\S]*?)^```/m.exec(doc) ?? [];
    tree.write('pkgs/hello/default.nix', nix);
    const steps = session.split(/^\$ unmoor /m).slice(1);
    expect(steps).toHaveLength(3);
    for (const step of steps) {
      const [command = '', ...lines] = step.split('\n');
      expect(unmoor(command.split(' '), { cwd: tree.path }).stdout).toBe(lines.join('\n'));
    }
  });

  it('shows YAML that can be read, with files and hooks that there are', () => {
    const blocks = [...doc.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text as string);
    const python = 'import json, sys, yaml; print(json.dumps([yaml.safe_load(text) for text in json.load(sys.stdin)]))';
    const read = run('python3', ['-c', python], { input: JSON.stringify(blocks) });
    expect(read.stderr).toBe('');
    const [hooks, workflow] = JSON.parse(read.stdout);
    expect(hooks.repos[0].hooks).toEqual([{ id: 'unmoor-check' }]);
    expect(workflow.permissions['security-events']).toBe('write');
    const steps: { run?: string; with?: Record<string, string> }[] = workflow.jobs.check.steps;
    const written = steps.flatMap(({ run: command }) => command?.match(/(?<=-o )\S+/g) ?? []);
    expect(written).toEqual([steps.at(-1)?.with?.sarif_file]);
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'base');
    tree.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    tree.write('new.nix', linking('new'));
    tree.git('add', '-A');
    // As the workflow's shell runs them.
    const env = { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: join(tree.path, 'summary.md') };
    const commands = steps.flatMap(({ run: command }) => (command?.startsWith('unmoor') ? [command] : []));
    const codes = commands.map((command) => {
      const script = `unmoor() { ${quote(launcher)} "$@"; }\n${command}`;
      return run('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: tree.path, env }).code;
    });
    expect(codes).toEqual([1, 0]);
    expect(tree.read('summary.md')).toContain('### Unmoor: 1 new finding');
    expect(JSON.parse(tree.read('unmoor.sarif')).runs[0].results.at(-1).locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'new.nix' },
      region: { startLine: 5 },
    });
  });

  it('names every option, and the hooks', () => {
    const { stdout } = unmoor(['check', '--help']);
    const hooks = readFileSync(`${root}/.pre-commit-hooks.yaml`, 'utf8');
    for (const [, option] of stdout.matchAll(/(--(?:staged|since|fix|update-baseline|format|limit|verbose))\b/g))
      expect(doc).toContain(option);
    for (const [, id] of hooks.matchAll(/^- id: (\S+)/gm)) expect(doc).toContain(`\`${id}\``);
  });
});

describe('the configuration', () => {
  it.each([
    ['unmoor.config.json', '{ "rules": { "nix/ln-absolute": "off" } }'],
    ['unmoor.config.mjs', `export default ${OFF};`],
    ['unmoor.config.ts', `const config: object = ${OFF};\nexport default config;`],
    ['package.json', '{ "unmoor": { "rules": { "nix/ln-absolute": "off" } } }'],
  ])('is read from %s, from below too', async (name, text) => {
    tree.write(name, text);
    expect(await tree.found()).toEqual([]);
    expect(await tree.found({ directory: join(tree.path, 'old') })).toEqual([]);
  });

  it('leaves files out, sets severities and where failing begins', async () => {
    tree.write('own.json', '{ "exclude": ["/old"], "rules": { "nix/ln-absolute": "error" }, "failOn": "error" }');
    const { report } = await tree.check({ config: 'own.json' });
    expect(report.findings.map(({ path, severity }) => [path, severity])).toEqual([['a.nix', 'error']]);
    expect(report.failOn).toBe('error');
  });

  it.each([
    [[], 'c: an object is expected'],
    [{ exclud: [] }, 'c: "exclud": there is no such key'],
    [{ exclude: 'x' }, 'c: "exclude": a list of patterns is expected, not "x"'],
    [{ rules: { 'nix/ln': 'off' } }, 'c: "rules"."nix/ln": there is no such rule'],
    [
      { rules: { 'nix/ln-absolute': 'no' } },
      'c: "rules"."nix/ln-absolute": one of off, information, warning, error is expected, not "no"',
    ],
    [{ failOn: true }, 'c: "failOn": one of information, warning, error is expected, not true'],
    [{ maxFileSize: '1M' }, 'c: "maxFileSize": a number of bytes is expected, not "1M"'],
    [{ storeDir: 'store' }, 'c: "storeDir": an absolute path is expected, not "store"'],
    [{ baseline: 1 }, 'c: "baseline": a file name is expected, not 1'],
    [{ constructor: 1 }, 'c: "constructor": there is no such key'],
  ])('%j is refused, with the key', (value, message) => {
    expect(() => validConfig(value, 'c')).toThrow(message);
    try {
      validConfig(value, 'c');
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 });
    }
  });

  it('suggests what may be meant', () => {
    const hint = (value: unknown) => {
      try {
        validConfig(value, 'c');
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return undefined;
    };
    expect(hint({ exclud: [] })).toBe('did you mean "exclude"?');
    expect(hint({ rules: { 'nix/ln': 'off' } })).toBe('did you mean "nix/ln-absolute"?');
    expect(hint({ xyz: 1 })).toContain('keys: exclude');
  });

  it('may begin with a byte order mark, and is the only one', async () => {
    tree.write('unmoor.config.json', '\ufeff{ "rules": { "nix/ln-absolute": "off" } }');
    expect(await tree.found()).toEqual([]);
    tree.write('unmoor.config.mjs', 'export default {};');
    await expect(tree.check()).rejects.toThrow('unmoor.config.mjs: two configurations');
  });

  it('names the file that cannot be read', async () => {
    tree.write('unmoor.config.json', '{');
    await expect(tree.check()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('unmoor.config.json'),
    });
    await expect(tree.check()).rejects.toThrow('this is no JSON');
    await expect(tree.check({ config: 'none.json' })).rejects.toThrow('none.json: no such file');
    await expect(tree.check({ config: 'old' })).rejects.toThrow('old: a directory');
    tree.write('bad.mjs', 'export const x = 1;');
    await expect(tree.check({ config: 'bad.mjs' })).rejects.toThrow('there is no default export');
  });
});
