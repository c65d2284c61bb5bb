/** Every rule of the contributor check. Each has a page below docs/rules and fixtures below test/check/fixtures. */

import type { CheckRule } from './finding.ts';

export const checkRules: readonly CheckRule[] = [
  {
    id: 'check/allow',
    summary: 'Comment that silences a rule without a reason, or a rule that is none',
    severity: 'warning',
  },
  { id: 'nix/flag', summary: 'Flag of a build system that compiles a store path in', severity: 'information' },
  {
    id: 'nix/host-text',
    summary: 'Store path in a file that the host reads: desktop entry, unit, D-Bus service',
    severity: 'error',
  },
  { id: 'nix/interpreter', summary: 'Program interpreter set to an absolute store path', severity: 'information' },
  { id: 'nix/ln-absolute', summary: 'Symbolic link to an absolute store path', severity: 'warning' },
  { id: 'nix/rpath', summary: 'Run path with absolute store paths', severity: 'information' },
  { id: 'nix/store-path', summary: 'Literal store path in a Nix expression', severity: 'error' },
  { id: 'nix/substitute', summary: 'Store path substituted into a source file', severity: 'information' },
  { id: 'nix/syntax', summary: 'Nix expression that cannot be read', severity: 'error' },
  { id: 'nix/wrapper', summary: 'Wrapper program with absolute store paths', severity: 'information' },
  { id: 'nix/writer', summary: 'File written by Nix with absolute store paths in its text', severity: 'information' },
  { id: 'source/placeholder', summary: 'Placeholder that a build replaces by a store path', severity: 'information' },
  { id: 'source/store-path', summary: 'Literal store path in a source file', severity: 'error' },
];

export const checkRuleIds: ReadonlySet<string> = new Set(checkRules.map(({ id }) => id));
