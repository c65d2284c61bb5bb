/**
 * The audit as SARIF 2.1.0 (OASIS), for code-scanning services: what blocks is an error, everything else a note. Places are
 * bytes of the file, as store objects hold more than text.
 */

import type { AuditReport, ReportSite } from '../pipeline/report.ts';

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

function result(site: ReportSite, object: string, ruleIndex: number, storeDir: string) {
  const path = site.file === '' ? object : `${object}/${site.file}`;
  const blocks = site.remedy.kind === 'none' && site.role === 'run-time';
  const artifactLocation = { uri: uri(path) };
  // A link's target and a name are no bytes of a file.
  const region = site.place === 'contents' && site.member === undefined;
  const alias = site.remedy.kind === 'alias' ? site.remedy.form?.slice(0, storeDir.length) : undefined;
  return {
    ruleId: site.rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: blocks ? 'error' : 'note',
    message: { text: messageOf(site) },
    locations: [
      {
        physicalLocation: {
          artifactLocation,
          ...(region && { region: { byteOffset: site.offset, byteLength: site.length } }),
        },
      },
    ],
    partialFingerprints: { 'unmoor/v1': `${site.rule}:${site.file}:${site.member ?? ''}:${site.offset}` },
    // The store alias is the one form that replaces bytes of the same number in place.
    ...(region &&
      alias !== undefined &&
      site.rule !== 'elf/immediate' && {
        fixes: [
          {
            description: { text: 'the store alias in place of the store directory' },
            artifactChanges: [
              {
                artifactLocation,
                replacements: [
                  {
                    deletedRegion: { byteOffset: site.offset, byteLength: storeDir.length },
                    insertedContent: { text: alias },
                  },
                ],
              },
            ],
          },
        ],
      }),
  };
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
  const results = report.objects.flatMap(({ path, sites }) =>
    sites.map((site) => result(site, path, index.get(site.rule) ?? -1, report.storeDir)),
  );
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'unmoor audit', semanticVersion: options.version, rules } }, results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
