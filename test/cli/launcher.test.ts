import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshCheckout } from './checkout.ts';
import { run, version } from './run-unmoor.ts';

let work: string;
let checkout: string;
beforeAll(() => {
  ({ work, checkout } = freshCheckout());
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function start(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(join(checkout, 'unmoor'), ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

describe('the launcher', () => {
  it('installs on first use, once, whoever comes first', async () => {
    expect(existsSync(join(checkout, 'node_modules'))).toBe(false);
    const both = await Promise.all([start(), start()]);
    for (const { code, stdout } of both) expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
    const said = both.map(({ stderr }) => stderr).join('');
    expect(said.match(/installing npm packages/g)).toHaveLength(1);
    expect(said.match(/building the loader stub/g)).toHaveLength(1);
  });

  it('is silent from then on', async () => {
    expect(await start()).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('starts through links, from any directory', () => {
    const elsewhere = join(work, 'elsewhere', 'bin');
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync('../../my unmoor/unmoor', join(elsewhere, 'relative'));
    symlinkSync(join(elsewhere, 'relative'), join(elsewhere, 'unmoor'));
    const result = run('unmoor', ['--version'], { cwd: '/', env: { PATH: `${elsewhere}:${process.env.PATH}` } });
    expect(result).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('builds the stub again when its sources change', async () => {
    run('touch', ['-d', 'now + 2 seconds', join(checkout, 'stub', 'stub.c')]);
    const { code, stderr } = await start();
    expect(stderr).toContain('building the loader stub');
    expect(code).toBe(0);
  });

  it('says what to do without npm', () => {
    rmSync(join(checkout, 'node_modules'), { recursive: true });
    const bin = join(work, 'bin');
    mkdirSync(bin);
    for (const tool of ['sh', 'dirname', 'readlink', 'cmp', 'find', 'uname', 'flock']) {
      symlinkSync(run('sh', ['-c', `command -v ${tool}`]).stdout.trim(), join(bin, tool));
    }
    const { code, stderr } = run(join(checkout, 'unmoor'), ['--version'], { env: { PATH: bin } });
    expect(stderr).toContain('npm is missing');
    expect(code).toBe(3);
  });
});
