/** Nix over the packages of this folder. */

import { fileURLToPath } from 'node:url';
import { type Finished, run } from '../../cli/run-unmoor.ts';
import { nixConfiguration, sourcesDirectory } from '../build.ts';

export const packagesFile = fileURLToPath(new URL('packages.nix', import.meta.url));
const environment = { NIX_CONFIG: nixConfiguration, NIX_PATH: '' };
const common = ['--arg', 'sources', sourcesDirectory];

export function nix(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
  return run(program, args, { env: { ...environment, ...env } });
}

/** Builds an attribute. */
export function build(attribute: string, more: readonly string[] = []): Finished {
  return nix('nix-build', [packagesFile, ...common, '-A', attribute, '--no-out-link', ...more]);
}

/** Builds what must build; the output paths. */
export function built(attribute: string): readonly string[] {
  const { code, stdout, stderr } = build(attribute);
  if (code !== 0) throw new Error(`${attribute} does not build:\n${stderr.slice(-4000)}`);
  return stdout.trim().split('\n');
}

/** Evaluates an attribute. */
export function evaluated(attribute: string): unknown {
  const { code, stdout, stderr } = nix('nix-instantiate', [
    '--eval',
    '--strict',
    '--json',
    packagesFile,
    ...common,
    '-A',
    attribute,
  ]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
