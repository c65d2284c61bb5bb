/** Reports that were written before, in JSON: held against their schemas before anything looks into them. */

import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { IndexReport } from '../pipeline/index/report.ts';
import type { AuditReport } from '../pipeline/report.ts';
import { UserError } from '../pipeline/user-error.ts';

const KINDS = {
  audit: { named: 'audit', hint: "'unmoor audit --closure --format json' makes one" },
  index: { named: 'index', hint: "'unmoor report' makes one, as index.json" },
} as const;

type Kind = keyof typeof KINDS;

/** @throws {UserError} when a file cannot be read, or is no JSON */
function readJson(path: string, hint: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, { exitCode: 2, hint });
  }
}

/** Later releases may add fields; what is known has to be right. */
function schemaOf(kind: Kind): object {
  const text = readFileSync(new URL(`../../src/reports/schema/${kind}-v1.schema.json`, import.meta.url), 'utf8');
  return JSON.parse(text, (key, value) => (key === 'additionalProperties' && value === false ? undefined : value));
}

function wrong({ instancePath, message = '' }: ErrorObject): string {
  return `${instancePath === '' ? 'it' : instancePath} ${message}`;
}

const validators = new Map<Kind, ReturnType<Ajv2020['compile']>>();

/** @throws {UserError} when it is no report of this kind, of version 1 */
function readReport(path: string, kind: Kind): unknown {
  const { named, hint } = KINDS[kind];
  const report = readJson(path, hint);
  const validate = validators.get(kind) ?? new Ajv2020().compile(schemaOf(kind));
  validators.set(kind, validate);
  const [first] = validate(report) ? [] : (validate.errors ?? []);
  if (first === undefined) return report;
  throw new UserError(`${path}: this is no ${named} of version 1: ${wrong(first)}`, {
    exitCode: 2,
    hint,
  });
}

/** @throws {UserError} when the file is no audit of version 1 */
export function readAudit(path: string): AuditReport {
  return readReport(path, 'audit') as AuditReport;
}

/** @throws {UserError} when the file is no index of version 1 */
export function readIndex(path: string): IndexReport {
  return readReport(path, 'index') as IndexReport;
}
