/** What lies above the prefix must not change what a relocated program does. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run } from '../cli/run-unmoor.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-ancestors-')));
afterAll(() => rmSync(work, { recursive: true, force: true }));

it('a package.json above the prefix does not make modules of scripts', async () => {
  const object = join(work, 'store', '0123456789abcdfghijklmnpqrsvwxyz-tool');
  mkdirSync(join(object, 'bin'), { recursive: true });
  writeFileSync(join(object, 'word'), 'a word\n');
  const script = `#!/usr/bin/env node\nconst fs = require('fs');\nprocess.stdout.write(fs.readFileSync('${object}/word'));\n`;
  writeFileSync(join(object, 'bin', 'tool'), script);
  chmodSync(join(object, 'bin', 'tool'), 0o755);
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }\n');
  const to = join(work, 'relocated');
  await relocate({ paths: [object], to });
  const node = (path: string) => run(process.execPath, [path], { cwd: '/' });
  const relocated = join(to, 'store', '0123456789abcdfghijklmnpqrsvwxyz-tool', 'bin', 'tool');
  expect(readFileSync(relocated, 'latin1')).not.toContain(work);
  expect(node(relocated)).toEqual({ code: 0, stdout: 'a word\n', stderr: '' });
});
