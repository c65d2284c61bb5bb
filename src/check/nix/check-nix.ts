/** All Nix rules on one file. */

import { parseNix } from '../../syntax/nix/parser.ts';
import { stringText } from '../../syntax/nix/string-text.ts';
import type { Expression, Span, StringLiteral } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { storePathsIn } from '../literal-paths.ts';
import { checkCommands, mayHoldCommands } from './command-rules.ts';
import { checkLinkCalls, checkReplaceVars, checkWriter } from './context-rules.ts';
import { checkFlags } from './flag-rule.ts';
import { addEnvironment, nixSource } from './source-file.ts';
import { Subject } from './subject.ts';
import { type Place, walkNix } from './walk.ts';
import { checkWrapperArguments, WRAPPER_ARGUMENTS } from './wrapper-rule.ts';

/** What never gets into an output: scripts that update the package, its tests, the shell of developers. */
const ASIDE =
  /(?:^|\.)(?:updateScript|shellHook|(?:pre|post)?(?:[cC]heck|[iI]nstallCheck)(?:Phase)?|passthru\.tests|tests\.[^.]+|meta)(?:\.|$)/;

/**
 * @param text latin1.
 * @param storeDir such as `/nix/store`.
 */
export function checkNix(text: string, storeDir: string): RawFinding[] {
  const findings: RawFinding[] = [];
  const report = (finding: RawFinding) => findings.push(finding);
  const file = parseNix(text);
  const conflict = /^<{7}(?: |$)/m.exec(text);
  const errors =
    conflict === null
      ? file.errors.slice(0, 3)
      : [{ offset: conflict.index, message: 'a conflict that is not resolved' }];
  for (const { offset, message } of file.errors.length === 0 ? [] : errors) {
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
  const variables = new Set<string>();
  const source = nixSource(text, file, variables);
  const look = (operands: readonly Expression[], place: Place) => {
    const subject = new Subject(source, stringText(operands, text), place, report);
    if (place.attribute !== undefined && WRAPPER_ARGUMENTS.test(place.attribute)) checkWrapperArguments(subject);
    else if (!checkWriter(subject, operands) && !checkFlags(subject)) return subject;
    return undefined;
  };
  walkNix(file.expression, text, {
    binding: ({ start, end }, trail) => ranges.push({ start, end, trail }),
    call(call, place) {
      // Before the texts of the call are looked at.
      for (const argument of call.arguments) addEnvironment(argument, place.scope, text, variables);
      if (ASIDE.test(place.trail)) return;
      checkReplaceVars(call, place, { file: source, report });
      checkLinkCalls(call, place, { file: source, report });
    },
    text(operands, place) {
      const holdsPath = operands.some((node) => node.kind !== 'string' || node.indented || mayExpand(node, text));
      if (!holdsPath || ASIDE.test(place.trail)) return;
      const subject = look(operands, place);
      if (subject !== undefined && mayHoldCommands(subject.string.text)) checkCommands(subject);
    },
    value(node, place) {
      // Where a text may stand, a call or a name stands for the whole of it.
      if ((place.attribute ?? place.call) !== undefined && !ASIDE.test(place.trail)) look([node], place);
    },
  });
  ranges.sort((a, b) => a.start - b.start);
  checkLiterals(text, storeDir, file.comments, ranges, report);
  return findings.sort((a, b) => a.start - b.start || (a.rule < b.rule ? -1 : 1));
}

function mayExpand(node: StringLiteral, text: string): boolean {
  return text.slice(node.start, node.end).includes('$');
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
