/** A directory with a git repository for one test. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CheckRequest, type CheckResult, check } from '../../src/check/check.ts';
import { run } from '../cli/run-unmoor.ts';

export interface Scratch {
  readonly path: string;
  write(name: string, text: string | Buffer): void;
  read(name: string): string;
  git(...args: string[]): string;
  /** Runs the check here. */
  check(request?: Partial<CheckRequest>): Promise<CheckResult>;
  /** Runs it; `path:line state rule` for each finding. */
  found(request?: Partial<CheckRequest>): Promise<string[]>;
  remove(): void;
}

export function scratch(withGit = true): Scratch {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor check ')));
  const git = (...args: string[]) => {
    const identity = [
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@t',
      '-c',
      'commit.gpgsign=false',
      '-c',
      'core.hooksPath=/dev/null',
    ];
    const finished = run('git', [...identity, ...args], { cwd: path });
    if (finished.code !== 0) throw new Error(finished.stderr);
    return finished.stdout;
  };
  if (withGit) git('init', '-q', '-b', 'main');
  const runCheck = (request: Partial<CheckRequest> = {}) =>
    check({
      directory: path,
      paths: [],
      staged: false,
      since: undefined,
      fix: false,
      updateBaseline: false,
      baseline: undefined,
      config: undefined,
      ...request,
    });
  return {
    path,
    git,
    check: runCheck,
    write(name, text) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    },
    read: (name) => readFileSync(join(path, name), 'latin1'),
    async found(request) {
      const { report } = await runCheck(request);
      return report.findings.map(({ path: file, line, state, rule }) => `${file}:${line} ${state} ${rule}`);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A package that links a name of a dependency into its output, on line 5. */
export function linking(name: string, option = '-s'): string {
  return `{ stdenv, hello }:

stdenv.mkDerivation {
  postInstall = ''
    ln ${option} \${hello}/${name} $out/${name}
  '';
}
`;
}
