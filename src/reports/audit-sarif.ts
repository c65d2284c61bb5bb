/**
 * The audit as SARIF 2.1.0 (OASIS), for code-scanning services: what blocks is an error, everything else a note. Places are
 * bytes of the file, as store objects hold more than text; in texts also lines.
 */

import type { AuditReport, ReportChange, ReportObject, ReportSite } from '../pipeline/report.ts';
import { replacementsOf } from './sarif-replacements.ts';
import { unopenedName, unopenedReason } from './unopened.ts';
import { baseName } from './words.ts';

export interface AuditSarifOptions {
  readonly version: string;
  /** Id and summary of every rule. */
  readonly rules: readonly { readonly id: string; readonly summary: string }[];
  /** The text of a rule's page, Markdown; empty when there is none. */
  readonly page: (rule: string) => string;
}

/** As reports write bytes that are no UTF-8, and control characters. */
const ESCAPED_BYTE = /\\x([01][0-9a-f]|[7-9a-f][0-9a-f])/g;

/** Percent-encoded bytes (RFC 3986): those that reports escape become what they are in the file's name. */
function uri(path: string): string {
  const encoded = (part: string) => part.replace(ESCAPED_BYTE, '\0$1').split('\0').map(encodeURIComponent).join('\0');
  return `file://${path
    .split('/')
    .map(encoded)
    .join('/')
    .replaceAll('\0', '%')
    .replace(/%[0-9a-f]{2}/gi, (byte) => byte.toUpperCase())}`;
}

/** From build to build the same: digests change with every one. */
function fingerprint(object: string, { rule, file, member = '', offset }: ReportSite): string {
  return [baseName(object).replace(/^[0-9a-z]{32}-/, ''), rule, file, member, offset].join(':');
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
      partialFingerprints: { 'unmoor/v1': fingerprint(path, site) },
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
  const found = report.objects.flatMap((object) => resultsOf(object, (rule) => index.get(rule) ?? -1, report.storeDir));
  // Services that store only the first of very many results have those that matter.
  const results = [
    ...found.filter(({ level }) => level === 'error'),
    ...found.filter(({ level }) => level !== 'error'),
  ];
  const driver = { name: 'unmoor audit', semanticVersion: options.version, rules };
  const notifications = report.objects.flatMap(notificationsOf);
  const invocation = {
    executionSuccessful: true,
    ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
  };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, invocations: [invocation], columnKind: 'unicodeCodePoints', results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
