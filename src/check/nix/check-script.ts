/** Shell scripts of builds that stand beside Nix files: builders and setup hooks. The rules of build phases hold for them. */

import { textWithPlaceholders } from '../../syntax/nix/string-text.ts';
import type { Antiquotation } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { checkCommands, mayHoldCommands } from './command-rules.ts';
import { scriptSource } from './source-file.ts';
import { Subject } from './subject.ts';
import { TOP } from './walk.ts';

/** What only scripts of the standard environment say. */
const BUILD =
  /\bstdenv\}?\/setup\b|\bgenericBuild\b|\brunHook\s|\b\w+(?:Phases|Hooks)\+?=|\baddEnvHooks\b|\$\{?!?output[A-Z]|\bNIX_ATTRS_SH_FILE\b|\.attrs\.sh\b/;

/** `@git@`, which `makeSetupHook`, `replaceVars` and `substituteAll` replace. */
const PLACEHOLDER = /@([A-Za-z_][A-Za-z0-9_-]*)@/g;

export function isBuildScript(path: string, text: string): boolean {
  return /\.(?:sh|bash)$/.test(path) && BUILD.test(text);
}

/** @param text latin1. */
export function checkScript(text: string): RawFinding[] {
  if (!mayHoldCommands(text)) return [];
  const placeholders = [...text.matchAll(PLACEHOLDER)].map((match): Antiquotation => {
    const span = { start: match.index, end: match.index + match[0].length };
    return { kind: 'antiquotation', ...span, expression: { kind: 'name', ...span, name: match[1] as string } };
  });
  const findings: RawFinding[] = [];
  const string = textWithPlaceholders(text, placeholders);
  checkCommands(new Subject(scriptSource(text), string, TOP, (finding) => findings.push(finding)));
  return findings;
}
