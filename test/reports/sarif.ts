/** SARIF as its readers take it: checked against the schema of OASIS, fixes applied to the files that they name. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv as unknown as Parameters<typeof addFormats.default>[0]);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

/** @returns what is wrong with a document; empty when nothing is. */
export function sarifErrors(document: unknown): unknown[] {
  return validate(document) ? [] : (validate.errors ?? []);
}

interface Replacement {
  readonly deletedRegion: {
    readonly startLine?: number;
    readonly startColumn?: number;
    readonly endLine?: number;
    readonly endColumn?: number;
    readonly byteOffset?: number;
    readonly byteLength?: number;
  };
  readonly insertedContent?: { readonly text: string };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly Replacement[];
    }[];
  }[];
}

/** The files that fixes change, with their contents after all fixes of a run. */
export function afterFixes(results: readonly SarifResult[]): Map<string, Buffer> {
  const replacements = new Map<string, Replacement[]>();
  for (const { fixes = [] } of results) {
    for (const change of fixes.flatMap(({ artifactChanges }) => artifactChanges)) {
      const path = fileURLToPath(change.artifactLocation.uri);
      replacements.set(path, [...(replacements.get(path) ?? []), ...change.replacements]);
    }
  }
  return new Map([...replacements].map(([path, list]) => [path, replaced(readFileSync(path), list)]));
}

function replaced(bytes: Buffer, replacements: readonly Replacement[]): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  /** Offset of a line and a column of characters, both from 1. */
  const offsetOf = (line: number, column: number) => {
    const before = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const characters = [...Buffer.from(lines[line - 1] ?? '', 'latin1').toString('utf8')].slice(0, column - 1);
    return before + Buffer.byteLength(characters.join(''));
  };
  const edits = replacements.map(({ deletedRegion: region, insertedContent }) => {
    const start = region.byteOffset ?? offsetOf(region.startLine ?? 0, region.startColumn ?? 0);
    const end = start + (region.byteLength ?? offsetOf(region.endLine ?? 0, region.endColumn ?? 0) - start);
    return { start, end, text: Buffer.from(insertedContent?.text ?? '') };
  });
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce(
    (old, { start, end, text }) => Buffer.concat([old.subarray(0, start), text, old.subarray(end)]),
    bytes,
  );
}
