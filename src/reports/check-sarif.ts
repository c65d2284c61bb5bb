/** The contributor check as SARIF 2.1.0 (OASIS), for code-scanning services. Regions count from 1, in characters. */

import type { CheckReport, CheckRule, Finding, Severity } from '../check/finding.ts';

export interface CheckSarifOptions {
  readonly version: string;
  readonly rules: readonly CheckRule[];
  /** The text of a rule's page, Markdown; undefined when there is none. */
  readonly help: (rule: string) => string | undefined;
}

const LEVELS: Readonly<Record<Severity, string>> = { information: 'note', warning: 'warning', error: 'error' };

/** A relative path as a URI reference; what lies outside of the root is named from there too. */
function uri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

export function checkSarif(report: CheckReport, options: CheckSarifOptions): string {
  const index = new Map(options.rules.map(({ id }, i) => [id, i]));
  const rules = options.rules.map(({ id, summary, severity }) => {
    const page = options.help(id);
    return {
      id,
      name: id.replace(/(?:^|[/-])([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      shortDescription: { text: `${summary}.` },
      fullDescription: { text: `${summary}.` },
      defaultConfiguration: { level: LEVELS[severity] },
      ...(page !== undefined && { help: { text: page, markdown: page } }),
    };
  });
  const seen = new Map<string, number>();
  const results = report.findings.map((finding) => {
    const key = `${finding.path}\0${finding.fingerprint}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return result(finding, index.get(finding.rule) ?? -1, nth);
  });
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'unmoor check', semanticVersion: options.version, rules } },
        columnKind: 'unicodeCodePoints',
        results,
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function result(finding: Finding, ruleIndex: number, nth: number) {
  const { rule, severity, message, advice, path, line, column, endLine, endColumn, fix } = finding;
  const artifactLocation = { uri: uri(path), uriBaseId: '%SRCROOT%' };
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: `${message}\n${advice}` },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    partialFingerprints: { 'unmoor/v1': `${finding.fingerprint}:${nth}` },
    baselineState: finding.state === 'new' ? 'new' : 'unchanged',
    ...(fix !== undefined && {
      fixes: [
        {
          description: { text: advice },
          artifactChanges: [
            {
              artifactLocation,
              replacements: fix.map(({ offset, length, text }) => ({
                deletedRegion: { byteOffset: offset, byteLength: length },
                ...(text !== '' && { insertedContent: { text } }),
              })),
            },
          ],
        },
      ],
    }),
  };
}
