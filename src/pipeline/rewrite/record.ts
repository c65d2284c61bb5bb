/**
 * What an object says of its own rewriting: `nix-support/relocatable.json`. It holds no store path and no digest, so
 * that it adds neither a hardcoded path nor a reference to the object.
 */

import { chmodSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { fsPath } from '../../store/tree.ts';
import type { RewrittenObject } from './report.ts';

const FILE = 'nix-support/relocatable.json';

const withoutDigests = (text: string) => text.replace(/[0-9a-z]{32}-(?=[A-Za-z0-9+._?=-])/g, '');

/** The record of one object, as JSON. */
export function recordOf(object: RewrittenObject, storeDir: string): string {
  const plain = (text: string) => withoutDigests(text.replaceAll(`${storeDir}/`, ''));
  const remaining = object.remaining.map(({ file, offset, rule, role, reference, remedy }) => ({
    file: plain(file),
    offset,
    rule,
    role,
    reference: withoutDigests(reference),
    code: remedy.code ?? '',
    reason: plain(remedy.reason ?? ''),
  }));
  const record = {
    version: 1,
    relocatable: remaining.every(({ role }) => role !== 'run-time'),
    rewrittenFiles: object.rewrittenFiles,
    rewritten: object.byRule,
    remaining,
    ...(object.unopened && {
      unopened: object.unopened.map(({ file, code, reason }) => ({ file: plain(file), code, reason })),
    }),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Writes the record into an object that is a directory; one that is a file or link has no place for it. */
export function writeRecord(object: RewrittenObject, physicalPath: string, storeDir: string): void {
  const root = fsPath(physicalPath, '');
  if (!lstatSync(root).isDirectory()) return;
  const mode = lstatSync(root).mode & 0o7777;
  chmodSync(root, mode | 0o700);
  mkdirSync(fsPath(physicalPath, 'nix-support'), { recursive: true });
  writeFileSync(fsPath(physicalPath, FILE), recordOf(object, storeDir));
  chmodSync(root, mode);
}
