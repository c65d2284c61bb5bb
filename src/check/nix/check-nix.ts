/** All Nix rules on one file. */

import { parseNix } from '../../syntax/nix/parser.ts';
import { stringText } from '../../syntax/nix/string-text.ts';
import type { Span } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { storePathsIn } from '../literal-paths.ts';
import { checkCommands, mayHoldCommands, WRAPPED } from './command-rules.ts';
import { checkFlags, checkReplaceVars, checkWriter } from './context-rules.ts';
import { Subject } from './subject.ts';
import { walkNix } from './walk.ts';

/** Attributes whose strings are shell, whatever they hold. */
const WRAPPER_ARGUMENTS = /(?:[wW]rapperArgs|makeWrapperArgs)$/;

/**
 * @param text latin1.
 * @param storeDir such as `/nix/store`.
 */
export function checkNix(text: string, storeDir: string): RawFinding[] {
  const findings: RawFinding[] = [];
  const report = (finding: RawFinding) => findings.push(finding);
  const file = parseNix(text);
  for (const { offset, message } of file.errors.slice(0, 3)) {
    report({
      rule: 'nix/syntax',
      severity: 'error',
      message,
      advice: 'mend the expression; what stands behind the error may not have been checked',
      start: offset,
      end: Math.min(text.length, offset + 1),
    });
  }
  const ranges: Range[] = [];
  walkNix(file.expression, text, {
    binding: ({ start, end }, trail) => ranges.push({ start, end, trail }),
    call: (call, place) => checkReplaceVars(call, place, text, report),
    string(node, place) {
      const { attribute } = place;
      const wraps = attribute !== undefined && WRAPPER_ARGUMENTS.test(attribute);
      const holdsPath = node.parts.some(({ kind }) => kind === 'antiquotation') || node.indented;
      if (!holdsPath) return;
      const string = stringText(node, text);
      const subject = new Subject(text, node, string, place, report);
      if (wraps) return checkWrapperArguments(subject);
      if (checkWriter(subject) || checkFlags(subject)) return;
      if (mayHoldCommands(string.text)) checkCommands(subject);
    },
  });
  ranges.sort((a, b) => a.start - b.start);
  checkLiterals(text, storeDir, file.comments, ranges, report);
  return findings.sort((a, b) => a.start - b.start || (a.rule < b.rule ? -1 : 1));
}

/** `makeWrapperArgs = [ "--prefix PATH : ${...}" ]`. */
function checkWrapperArguments(subject: Subject): void {
  const [first] = subject.paths();
  if (first === undefined) return;
  subject.report(
    {
      rule: 'nix/wrapper',
      severity: 'information',
      message: `store path in a wrapper's arguments: ${subject.source({ start: 0, end: subject.string.text.length }).split('\n')[0]}`,
      advice: WRAPPED,
    },
    { start: first.at, end: first.at + 1 },
  );
}

interface Range extends Span {
  readonly trail: string;
}

/**
 * Literal store paths, each with the innermost attribute around it.
 *
 * @param ranges of attributes, in the order of their beginnings, outer ones first.
 */
function checkLiterals(
  text: string,
  storeDir: string,
  comments: readonly Span[],
  ranges: readonly Range[],
  report: (finding: RawFinding) => void,
): void {
  const open: Range[] = [];
  let nextRange = 0;
  let nextComment = 0;
  for (const { start, end, path } of storePathsIn(text, storeDir)) {
    while ((comments[nextComment]?.end ?? Number.POSITIVE_INFINITY) <= start) nextComment++;
    if ((comments[nextComment]?.start ?? Number.POSITIVE_INFINITY) <= start) continue;
    for (let range = ranges[nextRange]; range !== undefined && range.start <= start; range = ranges[++nextRange]) {
      open.push(range);
    }
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= start) open.pop();
    const around = open.at(-1);
    report({
      rule: 'nix/store-path',
      severity: 'error',
      message: `literal store path: ${path}`,
      advice:
        'name the package instead, as in ${pkgs.hello}: a literal path exists on this machine only, and never moves',
      start,
      end,
      ...(around !== undefined && { context: around.trail, statement: around.start }),
    });
  }
}
