/**
 * What `--fix` writes, built by real Nix in a store of its own, before and after: the same derivation but for the text of
 * the script, links that lead to the same files, and nothing left for an audit to find.
 */

import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, unmoor } from '../cli/run-unmoor.ts';

const PACKAGE = `{ runCommand, dep, lib }:

runCommand "tool" { inherit dep; } ''
  mkdir -p $out/bin $out/share/a/b "$out/with space"
  ln -s \${dep}/bin/tool $out/bin/
  ln -sf "\${dep}/share/a b" "$out/with space/"
  ln -st $out/share \${dep}/bin \${dep}/share/doc
  ln --symbolic \${lib.getBin dep}/bin/tool $out/share/a/b/renamed
  (cd $out/bin; ln -s \${dep}/bin/other)
'' + "ln -s \${dep}/share/doc $out/extra"
`;

/** A package set of one dependency; programs come from the machine. */
const PACKAGES = `let
  runCommand = name: environment: script: derivation (environment // {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    # Nix takes a closed standard output for the end, and ln closes it: the shell has to be the last.
    args = [ "-eu" "-c" "\${script}\\n:" ];
    PATH = "/usr/bin:/bin";
  });
  dep = runCommand "dep" { } ''
    mkdir -p $out/bin $out/share/doc
    echo tool > $out/bin/tool
    echo other > $out/bin/other
    echo blank > "$out/share/a b"
    echo read me > $out/share/doc/readme
  '';
in
import ./package.nix { inherit runCommand dep; lib.getBin = package: package; }
`;

let work: string;
beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-fix-')));
  // The text of a sum is one argument.
  writeFileSync(join(work, 'package.nix'), PACKAGE.replace("} ''", "} (''").replace(/"\n$/, '")\n'));
  writeFileSync(join(work, 'default.nix'), PACKAGES);
});
afterAll(() => {
  run('chmod', ['-R', 'u+w', work]);
  rmSync(work, { recursive: true, force: true });
});

function nix(command: string, ...args: string[]): string {
  const env = {
    NIX_STORE_DIR: join(work, 'store'),
    NIX_STATE_DIR: join(work, 'state'),
    NIX_LOG_DIR: join(work, 'log'),
    NIX_CONF_DIR: join(work, 'conf'),
    NIX_CONFIG: 'build-users-group =\nsandbox = false\nsubstituters =\nexperimental-features = nix-command',
  };
  const finished = run(command, args, { cwd: work, env });
  if (finished.code !== 0) throw new Error(finished.stderr);
  return finished.stdout.trim();
}

interface Derivation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: object;
}

/** The derivation without its script and its own paths, and the script. */
function derivation() {
  const shown = JSON.parse(nix('nix', 'show-derivation', nix('nix-instantiate', 'default.nix'))) as object;
  const [whole] = Object.values(shown) as [Derivation];
  const { args, env, outputs: _outputs, ...rest } = whole;
  const { out: _out, ...environment } = env;
  return { script: args[2], rest: { ...rest, env: environment, args: args.slice(0, 2) } };
}

/** Every link of an output: its target, and where that leads, seen from the store. */
function links(store: string, output: string): Record<string, { target: string; leads: string }> {
  const found: Record<string, { target: string; leads: string }> = {};
  for (const path of readdirSync(output, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(output, path);
    if (!lstatSync(full).isSymbolicLink()) continue;
    const target = readlinkSync(full);
    found[path] = { target, leads: relative(store, resolve(dirname(full), target)) };
  }
  return found;
}

const leads = (found: ReturnType<typeof links>) => Object.entries(found).map(([path, { leads: to }]) => [path, to]);
const sites = (output: string) => {
  const report = JSON.parse(unmoor(['audit', output, '--format', 'json', '--quiet']).stdout) as {
    totals: { sites: number };
  };
  return report.totals.sites;
};

describe('a package, before and after --fix', () => {
  it('is the same, but for its links, which are relative', () => {
    const store = join(work, 'store');
    const before = derivation();
    const built = nix('nix-build', '--no-out-link', 'default.nix');
    const absolute = links(store, built);
    expect(Object.keys(absolute)).toHaveLength(7);
    for (const { target } of Object.values(absolute)) expect(target.startsWith(store)).toBe(true);
    expect(sites(built)).toBe(7);

    const fixed = unmoor(['check', '--fix', 'package.nix'], { cwd: work });
    expect(fixed).toMatchObject({ code: 0, stdout: expect.stringContaining('6 fixed') });

    const after = derivation();
    expect(after.rest).toEqual(before.rest);
    expect(after.script).not.toBe(before.script);
    const plain = (script = '') => script.replace(/ln -(\w*)r(\w*)/g, 'ln -$1$2').replace(' --relative', '');
    expect(plain(after.script)).toBe(before.script);

    const rebuilt = nix('nix-build', '--no-out-link', 'default.nix');
    expect(rebuilt).not.toBe(built);
    const relatives = links(store, rebuilt);
    expect(leads(relatives)).toEqual(leads(absolute));
    for (const { target } of Object.values(relatives)) expect(target).toMatch(/^\.\.\//);
    expect(sites(rebuilt)).toBe(0);

    // Elsewhere, with the store gone, they lead into the copy.
    const copy = join(work, 'a copy');
    cpSync(store, copy, { recursive: true, verbatimSymlinks: true });
    run('chmod', ['-R', 'u+w', store]);
    rmSync(store, { recursive: true });
    const there = join(copy, relative(store, rebuilt));
    for (const path of Object.keys(relatives)) {
      expect(realpathSync(join(there, path)).startsWith(`${copy}/`)).toBe(true);
    }
  });
});
