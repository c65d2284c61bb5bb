/** The real pre-commit framework, from a local git repository. */

import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshCheckout } from '../cli/checkout.ts';
import { root, run } from '../cli/run-unmoor.ts';
import { linking, type Scratch, scratch } from './scratch.ts';

let hooks: string;
let home: string;
let project: Scratch;

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false'];

function git(directory: string, ...args: string[]) {
  return run('git', [...identity, ...args], {
    cwd: directory,
    env: { PRE_COMMIT_HOME: home, PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
  });
}

beforeAll(() => {
  const fresh = freshCheckout();
  hooks = join(fresh.work, 'unmoor');
  cpSync(fresh.checkout, hooks, { recursive: true });
  home = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-pre-commit-')));
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'all'],
  ])
    expect(git(hooks, ...args)).toMatchObject({ code: 0 });
  project = scratch();
  const revision = git(hooks, 'rev-parse', 'HEAD').stdout.trim();
  project.write(
    '.pre-commit-config.yaml',
    `repos:\n  - repo: ${hooks}\n    rev: ${revision}\n    hooks:\n      - id: unmoor-check\n      - id: unmoor-fix\n        stages: [manual]\n`,
  );
  // The framework installs what the hooks need here; on a busy machine that takes minutes.
  const env = { PRE_COMMIT_HOME: home, PATH: `${root}/node_modules/.bin:${process.env.PATH}` };
  const install = run('pre-commit', ['install', '--install-hooks'], { cwd: project.path, env });
  expect(install).toMatchObject({ code: 0 });
});
afterAll(() => {
  project.remove();
  for (const path of [join(hooks, '..'), home]) rmSync(path, { recursive: true, force: true });
});

describe('the pre-commit framework', () => {
  it('refuses a commit, and accepts it after the fix', () => {
    project.write('default.nix', linking('a'));
    project.git('add', '-A');

    const refused = git(project.path, 'commit', '-m', 'add a package');
    expect(refused.stderr).toContain('default.nix:5:5 warning nix/ln-absolute\n');
    expect(refused.code).toBe(1);
    expect(git(project.path, 'rev-parse', '--verify', 'HEAD').code).not.toBe(0);

    const fixed = run('pre-commit', ['run', '--hook-stage', 'manual', 'unmoor-fix'], {
      cwd: project.path,
      env: { PRE_COMMIT_HOME: home, PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
    });
    expect(fixed.stdout).toContain('files were modified by this hook');
    expect(project.read('default.nix')).toBe(linking('a', '-sr'));

    project.git('add', '-A');
    expect(git(project.path, 'commit', '-m', 'add a package')).toMatchObject({ code: 0 });
    // What is not staged is no matter of the commit.
    project.write('other.nix', '{ }');
    project.git('add', '-A');
    project.write('default.nix', linking('b'));
    expect(git(project.path, 'commit', '-m', 'another file')).toMatchObject({ code: 0 });
    expect(project.read('default.nix')).toBe(linking('b'));
  });
});
