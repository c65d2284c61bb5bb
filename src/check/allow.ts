/** Comments that silence rules: `# unmoor: allow nix/ln-absolute -- reason`. */

import type { RawFinding } from './finding.ts';
import { checkRuleIds } from './rules.ts';

const COMMENT = /(?:#|\/\/|\/\*|--|;|%|<!--|\bdnl)[ \t]*unmoor:[ \t]*allow(-file)?\b([^\n]*)/g;
/** What a line may hold before its comment when the comment is meant for the line behind. */
const ALONE = /^[+\s]*$/;
const COMMENT_LINE = /^\s*(?:#|\/\/|\/\*|\*|--|;|<!--|$)/;

interface Allowance {
  readonly rules: ReadonlySet<string>;
  /** Line numbers from 0; undefined for the whole file. */
  readonly line: number | undefined;
}

/** Where the lines of a text start. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number, from 0, of the line that an offset is on. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface Allowed {
  /** What is left, with findings about the comments themselves. */
  readonly findings: readonly RawFinding[];
  readonly silenced: number;
}

/** Takes out what comments allow. A comment without a reason allows nothing. */
export function applyAllowances(text: string, findings: readonly RawFinding[], starts: readonly number[]): Allowed {
  if (!text.includes('unmoor:')) return { findings, silenced: 0 };
  const allowances: Allowance[] = [];
  const own: RawFinding[] = [];
  const complain = (match: RegExpExecArray, message: string, advice: string) =>
    own.push({
      rule: 'check/allow',
      severity: 'warning',
      message,
      advice,
      start: match.index,
      end: match.index + match[0].trimEnd().length,
    });
  for (const match of text.matchAll(COMMENT)) {
    const [names = '', ...rest] = (match[2] as string).replace(/\s*(?:\*\/|-->)\s*$/, '').split(/\s--(?:\s|$)/);
    const rules = names.split(/[\s,]+/).filter((name) => name !== '');
    const reason = rest.join(' -- ').trim();
    const unknown = rules.filter((name) => !checkRuleIds.has(name));
    if (rules.length === 0 || unknown.length > 0) {
      const message = rules.length === 0 ? 'a comment that names no rule' : `there is no rule ${unknown.join(', ')}`;
      complain(match, message, "write 'unmoor: allow RULE -- reason'; 'unmoor explain' lists the rules");
      continue;
    }
    if (reason === '') {
      complain(
        match,
        `no reason for allowing ${rules.join(', ')}`,
        "say why behind two dashes: 'unmoor: allow RULE -- reason'",
      );
      continue;
    }
    allowances.push({
      rules: new Set(rules),
      line: match[1] === undefined ? targetLine(text, starts, match.index) : undefined,
    });
  }
  const left = findings.filter((finding) => !allowances.some((allowance) => covers(allowance, finding, starts)));
  return { findings: [...left, ...own], silenced: findings.length - left.length };
}

/** The comment's own line, or the next one that is no comment when the comment stands alone. */
function targetLine(text: string, starts: readonly number[], offset: number): number {
  let line = lineAt(starts, offset);
  if (!ALONE.test(text.slice(starts[line], offset))) return line;
  do line++;
  while (line < starts.length - 1 && COMMENT_LINE.test(text.slice(starts[line], (starts[line + 1] as number) - 1)));
  return line;
}

function covers({ rules, line }: Allowance, finding: RawFinding, starts: readonly number[]): boolean {
  if (!rules.has(finding.rule)) return false;
  if (line === undefined) return true;
  const first = lineAt(starts, finding.start);
  const last = lineAt(starts, Math.max(finding.start, finding.end - 1));
  return (
    (line >= first && line <= last) || (finding.statement !== undefined && line === lineAt(starts, finding.statement))
  );
}
