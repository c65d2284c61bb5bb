import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/cli/progress.ts';

interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly written: string[];
}

function screen(isTTY: boolean, columns = 60): Screen {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns, rows: 24 }) as unknown as NodeJS.WriteStream, written };
}

const step = (done: number) =>
  ({ phase: 'audit', done, total: 4, label: `${'a'.repeat(32)}-hello-${'x'.repeat(99)}` }) as const;

/** Until something that matches was written; the test runner ends a test that waits for ever. */
async function until({ written }: Screen, pattern: RegExp): Promise<void> {
  while (!pattern.test(written.join(''))) await wait(5);
}

describe('the progress line', () => {
  it('comes when work takes its time, keeps to the width, and leaves nothing behind', async () => {
    const terminal = screen(true);
    const progress = progressLine({ quiet: false, stream: terminal.stream, patience: 0 });
    progress.update(step(1));
    await until(terminal, /audit █{6}░{18} 1\/4 hello-x+…/);
    progress.update(step(2));
    await until(terminal, /█{12}░{12} 2\/4/);
    for (const line of terminal.written.join('').split('\n')) {
      expect(line.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '').length).toBeLessThan(60);
    }
    const before = terminal.written.length;
    progress.end();
    const last = terminal.written.slice(before).join('');
    expect(last).toContain('\x1b[2K');
    expect(terminal.written.join('')).not.toContain('\x1b[?25l');
    expect(last).not.toContain('audit');
    progress.end();
    progress.update(step(3));
    await wait(20);
    expect(terminal.written.slice(before).join('')).toBe(last);
  });

  it('does not come in a short run, when it is not wanted, nor where there is no terminal', async () => {
    for (const [quiet, isTTY, patience] of [
      [false, true, 60_000],
      [true, true, 0],
      [false, false, 0],
    ] as const) {
      const { stream, written } = screen(isTTY);
      const progress = progressLine({ quiet, stream, patience });
      progress.update(step(1));
      await wait(50);
      progress.end();
      expect(written).toEqual([]);
    }
  });
});
