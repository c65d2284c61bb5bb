/** The contributor check from beginning to end. */

import { resolve } from 'node:path';
import { markKnown, readBaseline, writeBaseline } from './baseline.ts';
import { decoded } from './byte-path.ts';
import type { CheckedFile, FileSettings } from './check-file.ts';
import { checkText, isBinary } from './check-text.ts';
import { readConfig } from './config.ts';
import { candidates } from './files.ts';
import type { CheckReport, Finding, Skipped } from './finding.ts';
import { fixFile } from './fix.ts';
import { workTree } from './git.ts';
import { checkFiles } from './many-files.ts';

export interface CheckRequest {
  /** Where paths and the configuration are looked for; absolute. */
  readonly directory: string;
  readonly paths: readonly string[];
  readonly staged: boolean;
  readonly since: string | undefined;
  readonly fix: boolean;
  readonly updateBaseline: boolean;
  readonly baseline: string | undefined;
  readonly config: string | undefined;
}

export interface CheckResult {
  readonly report: CheckReport;
  /** Where the report's paths begin; absolute. */
  readonly root: string;
  /** The top of the git repository, or the directory of the request outside of one; absolute. */
  readonly top: string;
  /** How many findings the new baseline holds, where one was written. */
  readonly baselined: number | undefined;
}

/** @throws {UserError} for a wrong configuration, revision or path. */
export async function check(request: CheckRequest): Promise<CheckResult> {
  const top = workTree(request.directory) ?? request.directory;
  const { config, directory: root } = await readConfig(request.directory, top, request.config);
  const settings: FileSettings = { storeDir: config.storeDir, rules: config.rules, maxFileSize: config.maxFileSize };
  const files = candidates({ ...request, root, exclude: config.exclude });
  let fixed = 0;
  if (request.fix) for (const { path, absolute } of files) fixed += fixFile(path, absolute, settings);
  const checked = await checkFiles(files, settings);
  const older: Finding[] = files.flatMap(({ path, older: text }) =>
    text === undefined || isBinary(text) ? [] : [...checkText(path, text, settings).findings],
  );
  const named = request.baseline;
  const baselinePath = named === undefined ? resolve(root, config.baseline) : resolve(request.directory, named);
  const baseline = readBaseline(baselinePath, named !== undefined && !request.updateBaseline);
  const found = checked.flatMap(({ findings }: CheckedFile) => [...findings]);
  const names = new Set(files.map(({ path }) => decoded(path)));
  const baselined = request.updateBaseline
    ? writeBaseline(baselinePath, root, baseline, names, found, config.failOn)
    : undefined;
  const known = request.updateBaseline ? readBaseline(baselinePath) : baseline;
  const skipped: Skipped[] = checked.flatMap(({ skipped: one }) => (one === undefined ? [] : [one]));
  return {
    root,
    top,
    baselined,
    report: {
      version: 1,
      files: files.length - skipped.length,
      findings: markKnown(found, known, root, older),
      skipped,
      silenced: checked.reduce((sum, { silenced }) => sum + silenced, 0),
      fixed,
      failOn: config.failOn,
    },
  };
}
