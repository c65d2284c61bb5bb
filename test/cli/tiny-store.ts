/** A small store of text and links: what most tests of the command line need. */

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TinyStore {
  /** A directory for everything else. */
  readonly work: string;
  readonly storeDir: string;
  /** A script that reads data of `data`; all its paths can be rewritten. */
  readonly tool: string;
  readonly data: string;
  /** Holds a path in a D-Bus service, which has no relative form. */
  readonly blocked: string;
  /** No path at all. */
  readonly plain: string;
  remove(): void;
}

const digest = (letter: string) => letter.repeat(32);

export function tinyStore(): TinyStore {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-test-')));
  const storeDir = join(work, 'store');
  const object = (letter: string, name: string) => {
    const path = join(storeDir, `${digest(letter)}-${name}`);
    mkdirSync(join(path, 'bin'), { recursive: true });
    return path;
  };
  const data = object('a', 'data');
  writeFileSync(join(data, 'words'), 'some words\n');
  const tool = object('b', 'tool');
  // The machine's own shell, so that the script needs nothing of the store but its data.
  writeFileSync(join(tool, 'bin', 'tool'), `#!/bin/sh\nread -r a b < ${tool}/share\necho "$b $a, $1"\n`);
  chmodSync(join(tool, 'bin', 'tool'), 0o755);
  symlinkSync(join(data, 'words'), join(tool, 'share'));
  const blocked = object('c', 'blocked');
  mkdirSync(join(blocked, 'share/dbus-1/services'), { recursive: true });
  writeFileSync(
    join(blocked, 'share/dbus-1/services/words.service'),
    `[D-BUS Service]\nName=org.example.Words\nExec=${data}/words\n`,
  );
  const plain = object('d', 'plain');
  writeFileSync(join(plain, 'readme'), 'nothing to see\n');
  return {
    work,
    storeDir,
    tool,
    data,
    blocked,
    plain,
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}
