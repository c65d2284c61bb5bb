/** Shell scripts: the store directory as a variable, set by one line from the script's own path. */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { readShellScript, type ShellScript } from '../../syntax/shell/contexts.ts';
import { type ShellFile, shellFile } from '../../syntax/shell/dialect.ts';
import type { QuotedHereDocument } from '../../syntax/shell/path-context.ts';
import { aliasPlan } from '../alias-plan.ts';
import { type Edit, type FilePlan, type Refusal, refuse, type Transform, type TransformContext } from '../transform.ts';
import { baseCode, variableOf } from './base.ts';
import { replacementOf, sedVariable } from './replacement.ts';

const ID = 'shell';

function edit(offset: number, expected: string, replacement: string): Edit {
  return { offset, expected: Buffer.from(expected, 'latin1'), replacement: Buffer.from(replacement, 'latin1') };
}

/** Why a site stays as it is, whatever its context; undefined when it may change. */
function refusalOf(file: EntryFile, site: Site): Refusal | undefined {
  if (site.role === 'documentation') {
    return refuse('documentation', 'nothing reads it; the text stays true to its origin');
  }
  if (site.role === 'dead') return refuse('dead', 'the reference was cut off on purpose');
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  return undefined;
}

/** Delimiters that are the same with quotes and without. */
const plainDelimiter = /^[A-Za-z0-9_.-]+$/;

/**
 * Turns a quoted here-document into one with expansions: the quotes go from its delimiter, and every character of its
 * body that would be special gets a backslash (POSIX.1-2017, Shell, 2.7.4).
 */
function unquote(text: string, document: QuotedHereDocument): Edit[] {
  const edits = [edit(document.delimiter, document.delimiterText, document.delimiterValue)];
  const body = text.slice(document.body, document.bodyEnd);
  for (const { index } of body.matchAll(/[\\$`]/g)) edits.push(edit(document.body + index, '', '\\'));
  return edits;
}

/** Functions that are handed to other shells take no variables with them. */
const handsFunctions = /\b(?:export[ \t]+-f|(?:declare|typeset)[ \t]+-[A-Za-z]*f)\b/;

function relativeEdits(
  file: EntryFile,
  sites: readonly Site[],
  script: ShellScript,
  { dialect, isProgram }: ShellFile,
  context: TransformContext,
): { readonly edits: Edit[]; readonly done: ReadonlyMap<Site, string> } {
  if (script.firstCommand === undefined) return { edits: [], done: new Map() };
  const store = file.storeDir.path;
  const components = [file.object as string, ...file.file.split('/').filter((part) => part !== '')];
  const variable = variableOf(components.join('/'), isProgram);
  const edits: Edit[] = [];
  const done = new Map<Site, string>();
  const documents = new Map<number, QuotedHereDocument>();
  const strings = new Map<number, number>();
  let isForSed = false;
  let isExported = handsFunctions.test(script.text);
  for (const site of sites) {
    const place = script.contexts.get(site.offset);
    const replacement = place && replacementOf(place, script.text, dialect, variable);
    if (place === undefined || replacement === undefined) continue;
    if (place.hereDocument !== undefined) {
      if (!plainDelimiter.test(place.hereDocument.delimiterValue)) continue;
      documents.set(place.hereDocument.body, place.hereDocument);
    }
    isExported ||= place.evaluation?.by === 'new-shell' || place.embedded?.language === 'awk';
    isForSed ||= place.embedded?.language === 'sed';
    // Strings side by side are one operand only in parentheses.
    if (place.embedded?.language === 'awk') strings.set(place.embedded.start, place.embedded.end);
    const { opening } = place;
    edits.push(edit(site.offset - opening.length, opening + store, replacement));
    done.set(site, replacement + site.text.slice(store.length));
  }
  for (const document of documents.values()) for (const each of unquote(script.text, document)) edits.push(each);
  for (const [start, end] of strings) edits.push(edit(start, '', '('), edit(end, '', ')'));
  if (edits.length > 0) {
    const code = baseCode({
      variable,
      dialect,
      isProgram,
      components,
      alias: context.alias.replace(/\/+$/, ''),
      isExported,
      sedVariable: isForSed ? sedVariable(variable) : undefined,
    });
    edits.push(edit(script.firstCommand, '', `${code};`));
  }
  return { edits, done };
}

/** Sites that no expansion can stand for: the alias where a program of the closure reads the file, else nothing. */
function others(sites: readonly Site[], context: TransformContext): FilePlan {
  const inPrograms = sites.filter(({ role }) => role === 'run-time');
  const plan = aliasPlan(ID, inPrograms, context);
  const remedies = new Map<Site, Remedy>(plan.remedies);
  for (const site of sites) {
    if (remedies.has(site)) continue;
    remedies.set(site, refuse('build-time', 'no expansion can stand here, and tools of the host have no store alias'));
  }
  return { edits: plan.edits, remedies };
}

export const shellTransform: Transform = {
  id: ID,
  rules: ['shell/word', 'shell/here-document', 'shell/evaluated', 'shell/comment'],
  plan(file, sites, context) {
    const remedies = new Map<Site, Remedy>();
    const open: Site[] = [];
    for (const site of sites) {
      const refusal = refusalOf(file, site);
      if (refusal === undefined) open.push(site);
      else remedies.set(site, refusal);
    }
    if (open.length === 0) return { edits: [], remedies };
    const shell = shellFile(file.file, file.head, file.executable);
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const script = readShellScript(
      text,
      open.map(({ offset }) => offset),
      shell?.dialect,
    );
    const { edits, done } =
      shell === undefined || script === undefined
        ? { edits: [], done: new Map<Site, string>() }
        : relativeEdits(file, open, script, shell, context);
    for (const [site, form] of done) remedies.set(site, { kind: 'relative', transform: ID, form });
    const rest = others(
      open.filter((site) => !done.has(site)),
      context,
    );
    for (const [site, remedy] of rest.remedies) remedies.set(site, remedy);
    return { edits: [...edits, ...rest.edits], remedies };
  },
};
