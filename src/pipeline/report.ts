/** The data of a report: what the JSON formats print, and what every other format is made from. Texts are valid UTF-8. */

import type { Role, SitePlace } from '../analyzers/site.ts';
import type { NarHash } from '../store/nar.ts';

export interface ReportSite {
  /** Path inside the object; bytes that are no UTF-8 as `\xNN`. */
  readonly file: string;
  /** The inner file, when `file` is an archive or a compressed file; `offset` counts from its start. */
  readonly member?: string;
  readonly place: SitePlace;
  readonly rule: string;
  /** Bytes from the start of the contents, the link target or the name. */
  readonly offset: number;
  /** From 1, in contents that are text; the column counts characters as `context` shows them. */
  readonly line?: number;
  readonly column?: number;
  /** What stands around the path on its line, or among the printable bytes around it; cut where it is long. */
  readonly context?: ReportContext;
  /** Bytes. */
  readonly length: number;
  readonly text: string;
  /** Base name of the object that the path leads into. */
  readonly reference: string;
  readonly role: Role;
  readonly what: string;
  readonly remedy: ReportRemedy;
}

export interface ReportContext {
  readonly before: string;
  readonly after: string;
}

export interface ReportRemedy {
  readonly kind: 'relative' | 'alias' | 'none';
  readonly transform?: string;
  /** What the path becomes. */
  readonly form?: string;
  /** Why nothing is done. */
  readonly code?: string;
  readonly reason?: string;
}

/** An archive or compressed file that was not looked into: it may hold paths that nobody saw. */
export interface ReportUnopened {
  readonly file: string;
  /** The inner file, when it lies in an archive itself. */
  readonly member?: string;
  /** The name of its format. */
  readonly format: string;
  readonly code: 'too-large' | 'too-deep' | 'encrypted' | 'unsupported' | 'damaged';
  readonly reason: string;
  /** How many of the members of an archive, the first of which is `member`, where others could be looked into. */
  readonly members?: number;
}

/** Lines that belong together in a unified diff. */
export interface ReportHunk {
  /** First line, from 1, and number of lines: before and after. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each begins with a blank, `-` or `+`, or says after a backslash that the file ends without a line feed; cut where they are long. */
  readonly lines: readonly string[];
}

/** What a relocation does to one text file. */
export interface ReportChange {
  readonly file: string;
  readonly member?: string;
  readonly hunks: readonly ReportHunk[];
  /** How many edits are not shown, since there are too many. */
  readonly omitted: number;
  /** Set when the hunks show every changed line as it is, so that they can be applied. */
  readonly exact?: true;
}

export interface ReportObject {
  /** The store path; the physical path of a tree that is no store object. */
  readonly path: string;
  readonly narHash: NarHash;
  /** Store paths, sorted; a reference to the object itself included, as Nix does. */
  readonly references: readonly string[];
  readonly sites: readonly ReportSite[];
  /** Left out when there are none. */
  readonly unopened?: readonly ReportUnopened[];
  /** The text files that a relocation changes, where this was asked for. */
  readonly changes?: readonly ReportChange[];
  /** Mentions of the store directory without a digest. */
  readonly bareMentions: number;
  /** Bytes in regular files. */
  readonly size: number;
}

export interface ReportTotals {
  readonly occurrences: number;
  readonly sites: number;
  readonly bareMentions: number;
  readonly byRule: Readonly<Record<string, number>>;
  readonly byRole: Readonly<Record<string, number>>;
  readonly byRemedy: Readonly<Record<string, number>>;
}

export interface AuditReport {
  readonly version: 1;
  readonly storeDir: string;
  readonly objects: readonly ReportObject[];
  readonly totals: ReportTotals;
}

export interface VerificationCheck {
  /** `law-1`, `references`, `elf`, `targets`, ... */
  readonly name: string;
  readonly ok: boolean;
  /** What was looked at, for people. */
  readonly summary: string;
  /** What is wrong (or worth knowing), one line each. */
  readonly details: readonly string[];
}

export interface RelocatedObject {
  /** The store path it was. */
  readonly path: string;
  /** Below the target directory: `store/<base name>`. */
  readonly output: string;
  /** Of the rewritten object. */
  readonly narHash: NarHash;
  readonly references: readonly string[];
  readonly rewrittenFiles: number;
  readonly byRule: Readonly<Record<string, number>>;
  /** Sites that stay as they are: at run time these matter, the others do not. */
  readonly remaining: readonly ReportSite[];
  /** Left out when there are none. */
  readonly unopened?: readonly ReportUnopened[];
}

export interface RelocateReport {
  readonly version: 1;
  readonly storeDir: string;
  readonly to: string;
  readonly objects: readonly RelocatedObject[];
  /** With `--shrink`: objects that did not come along, since only dead paths name them. */
  readonly dropped?: readonly string[];
  /** Links made in `bin/`. */
  readonly programs: readonly string[];
  readonly totals: ReportTotals;
  /** Remaining sites of role run-time. */
  readonly unresolved: number;
  readonly checks: readonly VerificationCheck[];
}
