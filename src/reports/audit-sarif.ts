/**
 * The audit as SARIF 2.1.0 (OASIS), for code-scanning services: what blocks is an error, everything else a note. Places are
 * bytes of the file, as store objects hold more than text; in texts also lines.
 */

import type { AuditReport, ReportChange, ReportObject, ReportSite } from '../pipeline/report.ts';
import { replacementsOf } from './sarif-replacements.ts';
import { unopenedName, unopenedReason } from './unopened.ts';

export interface AuditSarifOptions {
  readonly version: string;
  /** Id and summary of every rule. */
  readonly rules: readonly { readonly id: string; readonly summary: string }[];
  /** The text of a rule's page, Markdown; empty when there is none. */
  readonly page: (rule: string) => string;
}

function uri(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}

function messageOf({ what, text, remedy, role }: ReportSite): string {
  const becomes =
    remedy.kind === 'none' ? `stays absolute: ${remedy.reason ?? ''}` : `becomes ${remedy.kind}: ${remedy.form ?? ''}`;
  return `${what}, ${role}: ${text} ${becomes}`;
}

/** Where a site stands; a link's target, a name and the inside of an archive are no region of a file. */
function regionOf({ place, member, offset, length, line, column, text }: ReportSite) {
  if (place !== 'contents' || member !== undefined) return undefined;
  const lines = line !== undefined &&
    column !== undefined && { startLine: line, startColumn: column, endColumn: column + [...text].length };
  return { ...lines, byteOffset: offset, byteLength: length };
}

function contextRegion({ line, context, text }: ReportSite) {
  if (line === undefined || context === undefined) return undefined;
  return { startLine: line, snippet: { text: context.before + text + context.after } };
}

interface Fix {
  readonly description: { readonly text: string };
  readonly artifactChanges: readonly unknown[];
}

/** The store alias is the one form that replaces bytes of the same number in place. */
function aliasFix({ remedy, rule, offset, line }: ReportSite, uri: string, storeDir: string): Fix | undefined {
  if (remedy.kind !== 'alias' || rule === 'elf/immediate' || line !== undefined) return undefined;
  const replacement = {
    deletedRegion: { byteOffset: offset, byteLength: storeDir.length },
    insertedContent: { text: remedy.form?.slice(0, storeDir.length) ?? '' },
  };
  return {
    description: { text: 'the store alias in place of the store directory' },
    artifactChanges: [{ artifactLocation: { uri }, replacements: [replacement] }],
  };
}

/** All changes of a text belong together: a path in relative form needs the line that finds the file. */
function textFix(change: ReportChange, uri: string): Fix | undefined {
  const replacements = replacementsOf(change);
  return (
    replacements && {
      description: { text: 'all paths of the file that can be relative to it' },
      artifactChanges: [{ artifactLocation: { uri }, replacements }],
    }
  );
}

function resultsOf({ path, sites, changes = [] }: ReportObject, ruleIndex: (rule: string) => number, storeDir: string) {
  const changed = new Map(changes.filter(({ member }) => member === undefined).map((change) => [change.file, change]));
  return sites.map((site) => {
    const location = uri(site.file === '' ? path : `${path}/${site.file}`);
    const index = ruleIndex(site.rule);
    const region = regionOf(site);
    const context = region && contextRegion(site);
    const change = changed.get(site.file);
    // Once for each file, with its first site.
    changed.delete(site.file);
    const fix = change === undefined ? region && aliasFix(site, location, storeDir) : textFix(change, location);
    const blocks = site.remedy.kind === 'none' && site.role === 'run-time';
    return {
      ruleId: site.rule,
      ...(index >= 0 && { ruleIndex: index }),
      level: blocks ? 'error' : 'note',
      message: { text: messageOf(site) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: location },
            ...(region && { region }),
            ...(context && { contextRegion: context }),
          },
          ...(site.member !== undefined && { logicalLocations: [{ name: site.member, kind: 'resource' }] }),
        },
      ],
      partialFingerprints: { 'unmoor/v1': `${site.rule}:${site.file}:${site.member ?? ''}:${site.offset}` },
      ...(fix && { fixes: [fix] }),
    };
  });
}

/** What was not looked into is no result, but people have to know of it. */
function notificationsOf({ path, unopened = [] }: ReportObject) {
  return unopened.map((entry) => ({
    level: 'warning',
    descriptor: { id: `unopened/${entry.code}` },
    message: { text: `${unopenedName(entry)} was not looked into: ${unopenedReason(entry)}` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uri(entry.file === '' ? path : `${path}/${entry.file}`) } } },
    ],
  }));
}

/** The whole document. */
export function auditSarif(report: AuditReport, options: AuditSarifOptions): string {
  const used = options.rules.filter(({ id }) => id in report.totals.byRule);
  const index = new Map(used.map(({ id }, i) => [id, i]));
  const rules = used.map(({ id, summary }) => {
    const page = options.page(id);
    return {
      id,
      name: id.replace(/(?:^|[/-])([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      shortDescription: { text: `${summary}.` },
      fullDescription: { text: `${summary}.` },
      ...(page !== '' && { help: { text: page, markdown: page } }),
    };
  });
  const results = report.objects.flatMap((object) =>
    resultsOf(object, (rule) => index.get(rule) ?? -1, report.storeDir),
  );
  const driver = { name: 'unmoor audit', semanticVersion: options.version, rules };
  const notifications = report.objects.flatMap(notificationsOf);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        ...(notifications.length > 0 && {
          invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
        }),
        columnKind: 'unicodeCodePoints',
        results,
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
