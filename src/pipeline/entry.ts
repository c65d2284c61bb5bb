/** One entry of an object through scan, explain and plan: the same steps for contents, link targets and names. */

import type { EntryFile } from '../analyzers/analyzer.ts';
import {
  catchAllAnalyzer,
  contentAnalyzers,
  headerAnalyzer,
  linkAnalyzer,
  memberAnalyzer,
  nameAnalyzer,
} from '../analyzers/registry.ts';
import type { Remedy, Site } from '../analyzers/site.ts';
import { type ByteSource, bufferSource } from '../store/byte-source.ts';
import { type Occurrence, scanBytes } from '../store/scan.ts';
import type { StoreDir } from '../store/store-path.ts';
import { launchedScript } from '../transforms/launcher/script.ts';
import { memberTransform, transformOf, wholeFilePlan } from '../transforms/registry.ts';
import { refuse, type TransformContext } from '../transforms/transform.ts';
import { claimants, explain } from './explain.ts';
import { InternalError } from './internal-error.ts';
import { type EntryPlan, type PlannedSite, planEntry, planFile } from './plan.ts';
import { shrunk } from './shrink.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

export const HEAD_LENGTH = 4096;

/** What stays the same for all entries of one object. */
export interface ObjectContext {
  readonly object: string | undefined;
  readonly transform: TransformContext;
  /** Whether the entry must stay as it is, whatever it holds. */
  readonly excludes?: (path: string) => boolean;
  /** Whether to tell what changes in texts. */
  readonly changes?: boolean | undefined;
  /** See `EntryFile.sibling`. */
  readonly sibling?: ((path: string) => Buffer | undefined) | undefined;
  /** Scripts that a launcher takes the place of, with the paths that their texts move to. */
  readonly moved?: ReadonlyMap<string, string> | undefined;
}

/** How a regular file may be started. */
export interface FileMode {
  readonly executable: boolean;
  readonly secure: boolean;
}

const NO_PROGRAM: FileMode = { executable: false, secure: false };

/** A file as analyzers and transforms see it. */
export function entryFile(path: string, mode: FileMode, bytes: ByteSource, context: ObjectContext): EntryFile {
  return {
    file: path,
    object: context.object,
    ...mode,
    bytes,
    head: bytes.read(0, HEAD_LENGTH),
    storeDir: context.transform.storeDir,
    exists: context.transform.exists,
    sibling: context.sibling,
  };
}

async function sitesOf(file: EntryFile, occurrences: readonly Occurrence[]): Promise<readonly Site[]> {
  const claiming = claimants(file, contentAnalyzers);
  for (const { load } of claiming) if (load !== undefined) await load();
  return explain(file, occurrences, [...claiming, catchAllAnalyzer]);
}

/** Explains and plans the occurrences in a regular file's contents. Waits for parsers that are not loaded yet. */
export async function planContents(
  path: string,
  mode: FileMode,
  bytes: ByteSource,
  occurrences: readonly Occurrence[],
  context: ObjectContext,
): Promise<EntryPlan> {
  const file = entryFile(path, mode, bytes, context);
  const sites = await sitesOf(file, occurrences);
  const whole = planFile(file, sites, wholeFilePlan, transformOf, context.transform);
  const { shrink, storeDir } = context.transform;
  const plan = shrink === undefined ? whole : shrunk(whole, shrink, storeDir.needle.length);
  return described(context.excludes?.(path) ? leftAlone(plan) : plan, bytes, context);
}

export interface MovedPlan {
  /** Of the script's own path: a launcher in its place. */
  readonly script: EntryPlan;
  /** Of its text, at the path that it moves to. */
  readonly text: EntryPlan;
}

/**
 * Plans a script whose text moves, and is analyzed where it will be.
 *
 * @param beside where that is
 * @throws {InternalError} when the script is none that `movedScripts` names
 */
export async function planMovedScript(
  path: string,
  beside: string,
  bytes: ByteSource,
  occurrences: readonly Occurrence[],
  context: ObjectContext,
): Promise<MovedPlan> {
  const mode = { executable: true, secure: false };
  const file = entryFile(beside, mode, bytes, context);
  const sites = await sitesOf(file, occurrences);
  const interpreter = sites.find(({ rule }) => rule === 'shebang');
  const own = entryFile(path, mode, bytes, context);
  const launched = interpreter && launchedScript(own, interpreter, context.transform);
  if (launched === undefined) throw new InternalError(`'${path}' cannot be started by a launcher`);
  const rest = planEntry(
    file,
    sites.filter((site) => site !== interpreter),
    transformOf,
    context.transform,
  );
  const remedies = new Map(rest.sites.map(({ site, remedy }) => [site, remedy]));
  const planned = sites.map((site) => ({
    site: { ...site, file: path },
    remedy: site === interpreter ? launched.remedy : (remedies.get(site) as Remedy),
  }));
  const text = { edits: [launched.edit, ...rest.edits].sort((a, b) => a.offset - b.offset), sites: planned };
  return { script: await described({ edits: [launched.whole], sites: planned }, bytes, context), text };
}

/** The plan with what people want to see of it. */
async function described(plan: EntryPlan, bytes: ByteSource, { changes }: ObjectContext): Promise<EntryPlan> {
  const around = surroundingsOf(
    bytes,
    plan.sites.map(({ site }) => site),
  );
  const sites = plan.sites.map((planned, i) => ({ ...planned, surroundings: around[i] as Surroundings }));
  if (changes !== true) return { ...plan, sites };
  const { textChange } = await import('./text-change.ts');
  return { ...plan, sites, change: textChange(bytes, plan.edits) };
}

/** The plan for an entry that nobody may change. */
export function leftAlone({ sites }: EntryPlan): EntryPlan {
  const remedy = refuse('excluded', 'the entry was excluded from rewriting');
  return { edits: [], sites: sites.map((planned) => ({ ...planned, remedy })) };
}

/** What else decides about an inner file. */
export interface MemberSettings {
  /** Whether the object of a digest comes along: Nix does not see references inside. */
  readonly isKnown: (digest: string) => boolean;
  /** Whether only linkers read the archive. */
  readonly forLinkers: boolean;
}

/** The same for an inner file: its own language explains it, but nothing may depend on its place. */
export async function planMember(
  path: string,
  mode: FileMode,
  bytes: ByteSource,
  occurrences: readonly Occurrence[],
  context: ObjectContext,
  { isKnown, forLinkers }: MemberSettings,
): Promise<EntryPlan> {
  const file = entryFile(path, mode, bytes, { ...context, sibling: undefined });
  const claiming = claimants(file, contentAnalyzers);
  for (const { load } of claiming) if (load !== undefined) await load();
  const found = explain(file, occurrences, [...claiming, memberAnalyzer]);
  const sites = forLinkers ? found.map(readByLinker) : found;
  const isStranger = ({ role, occurrence }: Site) => role === 'run-time' && !isKnown(occurrence.digest);
  const known = sites.filter((site) => !isStranger(site));
  const plan = planEntry(file, known, () => memberTransform, context.transform);
  const remedies = new Map(plan.sites.map(({ site, remedy }) => [site, remedy]));
  const stranger: Remedy = {
    kind: 'none',
    code: 'not-in-closure',
    reason: 'Nix does not see the reference, so the closure lacks the object',
  };
  const planned = sites.map((site) => ({ site, remedy: remedies.get(site) ?? stranger }));
  return described({ edits: plan.edits, sites: planned }, bytes, context);
}

const readByLinker = (site: Site): Site => (site.role === 'run-time' ? { ...site, role: 'build-time' } : site);

/** Explains and plans what stands in an archive and in none of its members. */
export function planOutside(
  path: string,
  bytes: ByteSource,
  occurrences: readonly Occurrence[],
  context: ObjectContext,
): readonly PlannedSite[] {
  if (occurrences.length === 0) return [];
  const file = entryFile(path, NO_PROGRAM, bytes, context);
  return planEntry(file, explain(file, occurrences, [headerAnalyzer]), transformOf, context.transform).sites;
}

export interface LinkPlan extends EntryPlan {
  readonly target: string;
  readonly bareMentions: number;
}

/** Explains and plans a symlink's target, and gives the new one. */
export function planLink(path: string, target: string, context: ObjectContext): LinkPlan {
  const bytes = Buffer.from(target, 'latin1');
  const { occurrences, bareMentions } = scanBytes(bytes, context.transform.storeDir);
  if (occurrences.length === 0) return { target, edits: [], sites: [], bareMentions };
  const file = entryFile(path, NO_PROGRAM, bufferSource(bytes), context);
  const whole = planEntry(file, explain(file, occurrences, [linkAnalyzer]), transformOf, context.transform);
  const plan = context.excludes?.(path) ? leftAlone(whole) : whole;
  let newTarget = '';
  let at = 0;
  for (const edit of plan.edits) {
    newTarget += target.slice(at, edit.offset) + edit.replacement.toString('latin1');
    at = edit.offset + edit.expected.length;
  }
  return { ...plan, target: newTarget + target.slice(at), bareMentions };
}

/**
 * Explains occurrences that stand in the path of an entry, as in an image tree that holds a store of its own. Only
 * those that end in the entry's own name count: the others belong to a directory above it.
 */
export function planName(path: string, dir: StoreDir, context: ObjectContext): EntryPlan {
  const none: EntryPlan = { edits: [], sites: [] };
  if (!path.includes(dir.path.slice(1))) return none;
  const bytes = Buffer.from(`/${path}`, 'latin1');
  const nameStart = bytes.lastIndexOf(0x2f) + 1;
  const occurrences = scanBytes(bytes, dir).occurrences.filter(({ offset }) => offset + dir.needle.length >= nameStart);
  if (occurrences.length === 0) return none;
  const file = entryFile(path, NO_PROGRAM, bufferSource(bytes), context);
  return planEntry(file, explain(file, occurrences, [nameAnalyzer]), transformOf, context.transform);
}
