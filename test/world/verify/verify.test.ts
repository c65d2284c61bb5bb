/** The proof with real Nix: builds under several store directories, told apart by what makes them differ. */

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { ProofDifference, ProofReport } from '../../../src/pipeline/proof/report.ts';
import { removeTree } from '../../../src/pipeline/staging.ts';
import { root, run } from '../../cli/run-unmoor.ts';
import { validator } from '../../cli/validate.ts';
import { nixConfiguration, sourcesDirectory } from '../build.ts';

const planted = fileURLToPath(new URL('planted.nix', import.meta.url));
const worldFile = fileURLToPath(new URL('../default.nix', import.meta.url));
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-verify-test-')));
const stores = { a: join(work, 'a', 'store'), b: join(work, 'b', 'store'), longer: join(work, 'longer', 'store') };
afterAll(() => removeTree(work));

const verify = (args: readonly string[]) =>
  run(join(root, 'unmoor'), ['verify', ...args], { env: { NIX_CONFIG: nixConfiguration, NIX_PATH: '' } });

function proof(
  attribute: string,
  storeDirs: readonly string[],
): { readonly code: number | null; readonly report: ProofReport } {
  const { code, stdout, stderr } = verify([
    '--expr',
    planted,
    '-A',
    attribute,
    ...storeDirs.flatMap((dir) => ['--store-dir', dir]),
    '--format',
    'json',
  ]);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as ProofReport;
  expect(validator('verify')(report)).toEqual([]);
  return { code, report };
}

const object = (report: ProofReport, name: string) => {
  const found = report.objects.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no object '${name}'`);
  return found;
};
const found = (differences: readonly ProofDifference[]) => differences.map(({ file, cause }) => `${file}: ${cause}`);

describe('verify --expr', () => {
  it('finds equal bytes where digests and bytes as built differ', () => {
    const { code, report } = proof('good', [stores.a, stores.b]);
    expect(code).toBe(0);
    expect(report.objects.map(({ name }) => name)).toEqual(['dependency', 'good']);
    for (const { baseNames, built, builtMapped, relocatedMapped } of report.objects) {
      expect(new Set(baseNames).size).toBe(2);
      expect(new Set(built).size).toBe(2);
      expect(new Set(builtMapped).size).toBe(2);
      expect(new Set(relocatedMapped).size).toBe(1);
    }
  });

  it('finds equal bytes under store directories of different length, too', () => {
    expect(proof('good', [stores.a, stores.longer, stores.b])).toMatchObject({ code: 0, report: { ok: true } });
  });

  it('names a path that escaped, with its offset and both sides', () => {
    const { code, report } = proof('escaped', [stores.a, stores.b]);
    const { equal, differences } = object(report, 'escaped');
    expect(code).toBe(1);
    expect(equal).toBe(false);
    expect(found(differences)).toEqual(['note: path']);
    expect(differences[0]?.reason).toContain(stores.a);
    expect(differences[0]?.offset).toBe(`${work}/`.length);
    expect(differences[0]?.sides).toContain(`-${stores.a}\n`);
    expect(differences[0]?.sides).toContain(`+${stores.b}`);
  });

  it('knows bytes that were made from a path', () => {
    const { code, report } = proof('hashed', [stores.a, stores.b]);
    expect(code).toBe(1);
    expect(found(object(report, 'hashed').differences)).toEqual(['id: path']);
  });

  it('knows a length that depends on the store directory; directories of one length do not show it', () => {
    expect(proof('length', [stores.a, stores.b]).code).toBe(0);
    const { code, report } = proof('length', [stores.a, stores.longer]);
    expect(code).toBe(1);
    expect(found(object(report, 'length').differences)).toEqual(['zeros: length-or-order']);
  });

  it('knows an order that depends on digests', () => {
    const { code, report } = proof('order', [stores.a, stores.b]);
    expect(code).toBe(1);
    expect(found(object(report, 'order').differences)).toEqual(['list: length-or-order']);
  });

  it('knows a build that gives other bytes each time', () => {
    const { code, report } = proof('varying', [stores.a, stores.b]);
    expect(code).toBe(1);
    expect(found(object(report, 'varying').differences)).toEqual(['time: not-reproducible']);
  });

  it('blames what varies, not what depends on it', () => {
    const { report } = proof('above', [stores.a, stores.b]);
    expect(object(report, 'above').equal).toBe(true);
    expect(found(object(report, 'varying').differences)).toEqual(['time: not-reproducible']);
  });

  it('tells files of one object apart', () => {
    const { report } = proof('both', [stores.a, stores.b]);
    expect(found(object(report, 'both').differences)).toEqual(['note: path', 'time: not-reproducible']);
  });

  it('leaves only finished outputs in the store, no second builds', () => {
    const left = run('find', [stores.a, '-maxdepth', '1', '-name', '*check*'], {});
    expect(left.stdout).toBe('');
  });

  it('shows what Nix said when a build fails', () => {
    const { code, stderr } = verify(['--expr', planted, '-A', 'nothing']);
    expect(code).toBe(1);
    expect(stderr).toContain("attribute 'nothing'");
    expect(stderr).not.toContain('    at ');
  });
});

describe('GNU hello under two store directories', () => {
  it('has other digests and other bytes as Nix built it, and the same bytes when it is relocated', () => {
    expect(inject('world').hello).toMatch(/^\/nix\/store\//);
    const arguments_ = ['--arg', 'sources', sourcesDirectory];
    const { code, stdout, stderr } = verify([
      '--expr',
      worldFile,
      '-A',
      'hello',
      ...arguments_.map((word) => `--nix-arg=${word}`),
      '--store-dir',
      '/nix/store',
      // As long as /nix/store: what the linker lays out depends on the length.
      '--store-dir',
      '/tmp/store',
      '--run',
      'hello --greeting hi',
    ]);
    process.stdout.write(`${stdout}${stderr}\n`);
    expect(stdout).toMatch(/^ {2}glibc-2\.36 +differ +differ +same +sha256-/m);
    expect(stdout).toMatch(/^ {2}hello-2\.10 +differ +differ +same +sha256-/m);
    expect(stdout).toContain('hello --greeting hi  same output under every prefix');
    expect(code).toBe(0);
    removeTree('/tmp/store');
    removeTree('/tmp/var');
  });
});
