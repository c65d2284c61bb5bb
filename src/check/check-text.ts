/** One file: all rules that concern it, what comments allow, places and fingerprints. Pure. */

import { createHash } from 'node:crypto';
import { applyAllowances, lineAt, lineStarts } from './allow.ts';
import { type BytePath, decoded } from './byte-path.ts';
import { checkSource } from './check-source.ts';
import type { Finding, RawFinding, Severity } from './finding.ts';
import { checkNix } from './nix/check-nix.ts';

export interface TextSettings {
  /** Such as `/nix/store`. */
  readonly storeDir: string;
  /** Severities that the configuration sets; `off` drops a rule's findings. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
}

export interface CheckedText {
  readonly findings: readonly Finding[];
  readonly silenced: number;
}

/** The first bytes that decide whether a file is text. */
const HEAD = 8192;

export function isBinary(text: string): boolean {
  const zero = text.indexOf('\0');
  return zero >= 0 && zero < HEAD;
}

function fingerprint(rule: string, context: string, line: string): string {
  const normal = line.replace(/\s+/g, ' ').trim();
  return createHash('sha256').update(`${rule}\0${context}\0${normal}`, 'latin1').digest('hex').slice(0, 16);
}

/** Characters before an offset in its line, from 1. */
function columnOf(text: string, start: number, offset: number): number {
  return [...Buffer.from(text.slice(start, offset), 'latin1').toString('utf8')].length + 1;
}

/**
 * Checks one text.
 *
 * @param path relative to the root of the check.
 * @param text latin1.
 */
export function checkText(path: BytePath, text: string, settings: TextSettings): CheckedText {
  const all = path.endsWith('.nix') ? checkNix(text, settings.storeDir) : checkSource(path, text, settings.storeDir);
  if (all.length === 0 && !text.includes('unmoor:')) return { findings: [], silenced: 0 };
  const starts = lineStarts(text);
  const allowed = applyAllowances(text, all, starts);
  const findings = allowed.findings
    .filter(({ rule }) => settings.rules[rule] !== 'off')
    .map((raw) => located(path, text, starts, raw, settings));
  return { findings: findings.sort((a, b) => a.offset - b.offset), silenced: allowed.silenced };
}

function located(
  path: BytePath,
  text: string,
  starts: readonly number[],
  raw: RawFinding,
  settings: TextSettings,
): Finding {
  const line = lineAt(starts, raw.start);
  const lastLine = lineAt(starts, Math.max(raw.start, raw.end - 1));
  const start = starts[line] as number;
  const end = starts[line + 1] === undefined ? text.length : (starts[line + 1] as number) - 1;
  const whole = text.slice(start, end);
  const severity = settings.rules[raw.rule];
  return {
    rule: raw.rule,
    severity: severity === undefined || severity === 'off' ? raw.severity : severity,
    message: decoded(raw.message),
    advice: raw.advice,
    path: decoded(path),
    line: line + 1,
    column: columnOf(text, start, raw.start),
    endLine: lastLine + 1,
    endColumn: columnOf(text, starts[lastLine] as number, raw.end),
    offset: raw.start,
    endOffset: raw.end,
    text: decoded(whole.trim()),
    fingerprint: fingerprint(raw.rule, raw.context ?? '', whole),
    state: 'new',
    ...(raw.fix !== undefined && { fix: raw.fix }),
  };
}
