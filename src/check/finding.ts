/** What the contributor check finds: plain data, made by the rules, told by the reports. */

/**
 * How much a finding matters: `information`, a relocation makes it relative by itself; `warning`, there is a relative
 * way to write it; `error`, it blocks relocatability.
 */
export type Severity = 'information' | 'warning' | 'error';

export const SEVERITIES: readonly Severity[] = ['information', 'warning', 'error'];

export interface CheckRule {
  readonly id: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What its findings have, where they do not say otherwise. */
  readonly severity: Severity;
}

/** Replaces bytes; offsets are bytes from the start of the file. */
export interface CheckEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What a rule reports about a file. */
export interface RawFinding {
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, in one line. */
  readonly message: string;
  /** What to do, in one line. */
  readonly advice: string;
  /** Half-open range of bytes. */
  readonly start: number;
  readonly end: number;
  /** Where the command or binding around it starts: comments that silence may stand before it. */
  readonly statement?: number;
  /** Where in the file's structure it stands, such as `postInstall`; survives moved lines. */
  readonly context?: string;
  /** A rewrite that certainly keeps the meaning. */
  readonly fix?: readonly CheckEdit[];
}

/** A finding with its place in a file and its state; what reports show. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  /** Relative to the directory of the check, with slashes. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (code points). */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Bytes from the start of the file, half-open. */
  readonly offset: number;
  readonly endOffset: number;
  /** The first line of what is found. */
  readonly text: string;
  /** The same for the same finding on another line. */
  readonly fingerprint: string;
  /** New, or known from the baseline or an older revision. */
  readonly state: 'new' | 'known';
  readonly fix?: readonly CheckEdit[];
}

/** A file that was not looked at, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: 'binary' | 'too large' | 'unreadable';
}

/** The whole result. */
export interface CheckReport {
  readonly version: 1;
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  /** Findings silenced by comments. */
  readonly silenced: number;
  /** Findings repaired by `--fix`. */
  readonly fixed: number;
  /** From which severity on new findings fail. */
  readonly failOn: Severity;
}

/** Whether a finding makes the exit code 1. */
export function fails(finding: Finding, failOn: Severity): boolean {
  return finding.state === 'new' && SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(failOn);
}
