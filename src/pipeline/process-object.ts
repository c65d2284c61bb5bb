/**
 * One store object through the whole way: walk, scan, explain, plan, and (for a relocation) write, read back and check.
 * Runs in a worker: takes and gives plain data.
 */

import { lstatSync } from 'node:fs';
import picomatch from 'picomatch';
import { type ByteSource, bufferSource, openFileSource } from '../store/byte-source.ts';
import { type DigestSet, digestSet } from '../store/digest-set.ts';
import { type NarHash, narHasher, narWriter } from '../store/nar.ts';
import { type Occurrence, scanBytes } from '../store/scan.ts';
import { type StoreDir, storeDir } from '../store/store-path.ts';
import { fsPath, type TreeEntry, treeEntries, withPath } from '../store/tree.ts';
import type { ArchiveFormat } from '../syntax/archive/formats.ts';
import type { Edit, TransformContext } from '../transforms/transform.ts';
import { ALIAS_DESCRIPTOR, aliasFor } from './alias.ts';
import { editedSize, writeEdited } from './apply-edits.ts';
import { occurrencesInside, planArchive } from './archive-plan.ts';
import { type ArchiveNote, archiveFormat } from './archive-tree.ts';
import { type FileMode, type ObjectContext, planContents, planLink, planMovedScript, planName } from './entry.ts';
import { scanFile } from './file-scan.ts';
import { InternalError } from './internal-error.ts';
import { launcherContext, type ScriptForm } from './launchers.ts';
import { movedScripts, withMoved } from './moved-scripts.ts';
import type { PlannedSite } from './plan.ts';
import type { ReportChange } from './report.ts';
import { reportText } from './report-text.ts';
import { directorySink, discard, type ObjectSink } from './sink.ts';
import { storeLookup } from './store-lookup.ts';
import { stubImages } from './stub-images.ts';

/** Settings shared by all objects of one run. */
export interface RunSettings {
  /** The store directory that paths name. */
  readonly storeDir: string;
  /** Where its objects lie. */
  readonly storeRoot: string;
  /** Digests whose presence is followed (law 4). */
  readonly knownDigests: readonly string[];
  readonly aliasPolicy: 'inherit' | 'close-on-exec';
  /** See `TransformContext.aliasReach`. */
  readonly aliasReach?: 'closure' | 'own-programs' | undefined;
  /** What becomes of wrappers and of other programs that are scripts; `text` when it is not said. */
  readonly wrappers?: ScriptForm | undefined;
  readonly scripts?: ScriptForm | undefined;
  /** Globs of entries that stay as they are, matched against the path inside the object. */
  readonly exclude?: readonly string[] | undefined;
  /** Whether to tell what changes in texts. */
  readonly changes?: boolean | undefined;
  /** See `TransformContext.shrink`; with `all`, nothing is written, and `digestsAfter` tells what would be left. */
  readonly shrink?: 'all' | readonly string[] | undefined;
}

export interface ObjectTask {
  /** Physical path of the object, one character a byte. */
  readonly physicalPath: string;
  /** `<digest>-<name>`; undefined for a tree that is no store object. */
  readonly baseName: string | undefined;
  /** Physical path to write the rewritten object to; undefined to write nothing. */
  readonly destination: string | undefined;
  /** The object's NAR hash where it is known: then an audit need not compute it. */
  readonly narHash?: NarHash | undefined;
}

/** An archive or compressed file, or one inside of it, that was not looked into. */
export interface UnopenedFile extends ArchiveNote {
  readonly file: string;
}

/** A file whose bytes were changed, for the checks that look at the whole result. */
export interface RewrittenFile {
  readonly file: string;
  readonly rules: readonly string[];
}

export interface ObjectOutcome {
  readonly baseName: string | undefined;
  readonly sites: readonly PlannedSite[];
  /** Of texts, where this was asked for. */
  readonly changes: readonly ReportChange[];
  /** What the raw scan counted, over contents, link targets and names (law 1 compares it with the sites). */
  readonly occurrences: number;
  readonly bareMentions: number;
  /** Bytes in regular files. */
  readonly size: number;
  /** Of the input for an audit, of the output for a relocation. */
  readonly narHash: NarHash;
  readonly digestsBefore: readonly string[];
  /** Equal to `digestsBefore` for an audit. */
  readonly digestsAfter: readonly string[];
  readonly rewritten: readonly RewrittenFile[];
  /** What may hold paths that nobody saw. */
  readonly unopened: readonly UnopenedFile[];
  /** Sites that were planned to go, and yet stand in the output: must be empty. */
  readonly escaped: readonly string[];
}

/** Reads whole files up to this size at once, in bytes. */
const SMALL = 4 * 1024 * 1024;
const CHUNK = 1024 * 1024;
/** Larger files are taken to need all that they name, bytes. */
const MAX_SURVEYED = 256 * 1024 * 1024;

function transformContext(settings: RunSettings, dir: StoreDir): TransformContext {
  return {
    storeDir: dir,
    alias: aliasFor(dir.path),
    aliasDescriptor: ALIAS_DESCRIPTOR,
    aliasPolicy: settings.aliasPolicy,
    aliasReach: settings.aliasReach,
    shrink: typeof settings.shrink === 'object' ? new Set(settings.shrink) : settings.shrink,
    launcher: launcherContext(settings, settings.storeRoot, dir),
    stub: stubImages(),
    exists: storeLookup(settings.storeRoot, dir),
  };
}

interface Opened {
  readonly source: ByteSource;
  close(): void;
}

/** Buffers for small files, used again and again: fresh memory for each file costs more than reading it. */
const idle: Buffer[] = [];

function openSource(path: string, size: number): Opened {
  return withPath(path, () => {
    const file = openFileSource(Buffer.from(path, 'latin1'));
    if (size > SMALL) return { source: file, close: () => file.close() };
    const buffer = idle.pop() ?? Buffer.allocUnsafeSlow(SMALL);
    try {
      const bytes = file.size > SMALL ? file.read(0, file.size) : file.readInto(buffer);
      return { source: bufferSource(bytes), close: () => idle.push(buffer) };
    } finally {
      file.close();
    }
  });
}

type RegularEntry = Extract<TreeEntry, { kind: 'regular' }>;

function modeOf(entry: RegularEntry): FileMode {
  return { executable: entry.executable, secure: (entry.mode & 0o6000) !== 0 };
}

/** Makes a processor; it remembers what all objects of a run share. */
export function objectProcessor(settings: RunSettings): (task: ObjectTask) => Promise<ObjectOutcome> {
  const dir = storeDir(settings.storeDir);
  const known = digestSet(settings.knownDigests);
  const transform = transformContext(settings, dir);
  const globs = settings.exclude ?? [];
  const excludes = globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
  return (task) =>
    processObject(task, { object: task.baseName, transform, excludes, changes: settings.changes }, dir, known);
}

async function processObject(
  task: ObjectTask,
  context: ObjectContext,
  dir: StoreDir,
  known: DigestSet,
): Promise<ObjectOutcome> {
  const sites: PlannedSite[] = [];
  const changes: ReportChange[] = [];
  const rewritten: RewrittenFile[] = [];
  const escaped: string[] = [];
  const unopened: UnopenedFile[] = [];
  const before = new Set<string>();
  const after = new Set<string>();
  const recorded = task.destination === undefined ? task.narHash : undefined;
  const { writer: nar, digest } =
    recorded === undefined ? narHasher() : { writer: narWriter(() => {}), digest: () => recorded };
  const sink: ObjectSink = task.destination === undefined ? discard : directorySink(task.destination);
  const writes = task.destination !== undefined;
  const surveys = !writes && context.transform.shrink === 'all';
  /** First path of each inode, with the edits that were made there: names of one inode stay one only if these agree. */
  const moved = movedScripts(task.physicalPath, context);
  const inodes = new Map<string, { readonly path: string; readonly edits: readonly Edit[] }>();
  let occurrences = 0;
  let bareMentions = 0;
  let size = 0;

  const note = (digests: ReadonlySet<string>) => {
    for (const found of digests) {
      before.add(found);
      after.add(found);
    }
  };
  const noteText = (text: string, into: Set<string>) => known.findIn(Buffer.from(text, 'latin1'), into);
  const rulesOf = (planned: readonly PlannedSite[]) => [...new Set(planned.map(({ site }) => site.rule))];

  const name = (path: string) => {
    noteText(path, before);
    noteText(path, after);
    const plan = planName(path, dir, context);
    occurrences += plan.sites.length;
    sites.push(...plan.sites);
  };

  const planRegular = async (entry: RegularEntry, source: ByteSource, occurrences: readonly Occurrence[]) => {
    const beside = moved.get(entry.path);
    if (beside === undefined) return planContents(entry.path, modeOf(entry), source, occurrences, context);
    return (await planMovedScript(entry.path, beside, source, occurrences, context)).script;
  };

  const regular = async (entry: RegularEntry) => {
    const path = fsPath(task.physicalPath, entry.path).toString('latin1');
    const { source, close } = openSource(path, entry.size);
    try {
      const scan = scanFile(source, dir, known);
      bareMentions += scan.bareMentions;
      size += source.size;
      let planEdits: readonly Edit[] = [];
      let planned: readonly PlannedSite[] = [];
      const format = archiveFormat(source);
      const inside = format && (await planInside(entry, source, format, scan.digests));
      if (inside?.opened) {
        occurrences += inside.occurrences;
        planned = inside.sites;
        planEdits = inside.edits;
        for (const change of inside.changes) changes.push({ file: reportText(entry.path), ...change });
      } else {
        occurrences += scan.occurrences.length;
        if (scan.occurrences.length > 0) {
          const plan = await planRegular(entry, source, scan.occurrences);
          planned = plan.sites;
          planEdits = plan.edits;
          if (plan.change !== undefined) changes.push({ file: reportText(entry.path), ...plan.change });
        }
      }
      for (const site of planned) sites.push(site);
      const edits = writes ? planEdits : [];
      if (surveys && !moved.has(entry.path)) survey(source, scan.digests, planEdits);
      else if (edits.length === 0) note(scan.digests);
      else for (const found of scan.digests) before.add(found);
      writeRegular(entry, source, edits);
      if (edits.length > 0) {
        rewritten.push({ file: entry.path, rules: rulesOf(planned) });
        // What a script keeps, it keeps in the text that moved.
        readBack(entry, moved.has(entry.path) ? [] : planned, inside?.opened ? format : undefined);
      }
    } finally {
      close();
    }
  };

  /** Looks into an archive or compressed file. */
  const planInside = async (
    entry: RegularEntry,
    source: ByteSource,
    format: ArchiveFormat,
    digests: ReadonlySet<string>,
  ) => {
    const sameDigests = (packed: Buffer) => {
      const found = new Set<string>();
      known.findIn(packed, found);
      return found.size === digests.size && [...found].every((digest) => digests.has(digest));
    };
    const subject = { path: entry.path, mode: modeOf(entry), context, isKnown: known.has };
    const plan = await planArchive(source, format, subject, sameDigests);
    for (const note of plan.notes) unopened.push({ file: entry.path, ...note });
    return plan;
  };

  /** The text of a script that a launcher takes the place of. */
  const movedText = async (path: string, script: string) => {
    const physical = fsPath(task.physicalPath, script);
    const { size: length } = lstatSync(physical);
    const { source, close } = openSource(physical.toString('latin1'), length);
    const entry = { kind: 'regular', path, executable: false, size: length, hardLink: undefined, mode: 0o444 } as const;
    try {
      const { occurrences } = scanFile(source, dir, known);
      const { text } = await planMovedScript(script, path, source, occurrences, context);
      writeRegular(entry, source, text.edits);
      rewritten.push({ file: path, rules: rulesOf(text.sites) });
      readBack(entry, text.sites, undefined);
    } finally {
      close();
    }
  };

  /** Notes the digests that a shrinking relocation would leave. */
  const survey = (source: ByteSource, digests: ReadonlySet<string>, edits: readonly Edit[]) => {
    if (edits.length === 0 || source.size > MAX_SURVEYED) return note(digests);
    const chunks: Buffer[] = [];
    writeEdited(source, edits, (chunk) => chunks.push(Buffer.from(chunk)));
    for (const found of digests) before.add(found);
    known.findIn(Buffer.concat(chunks), after);
  };

  const writeRegular = (entry: RegularEntry, source: ByteSource, edits: readonly Edit[]) => {
    nar.regular(entry.path, entry.executable, editedSize(source.size, edits));
    const first = entry.hardLink === undefined ? undefined : inodes.get(entry.hardLink);
    const linked = first !== undefined && sameEdits(first.edits, edits);
    if (entry.hardLink !== undefined && first === undefined) inodes.set(entry.hardLink, { path: entry.path, edits });
    if (linked) sink.hardLink(entry.path, first.path);
    const file = linked || !writes ? undefined : sink.regular(entry.path, entry.executable);
    const write = (chunk: Buffer) => {
      nar.contents(chunk);
      file?.write(chunk);
    };
    try {
      if (edits.length > 0) writeEdited(source, edits, write);
      else for (let at = 0; at < source.size; at += CHUNK) write(source.read(at, CHUNK));
    } finally {
      file?.close();
    }
    nar.regularEnd();
  };

  /** Reads what was written from the disk again: only the sites that were left on purpose may stand in it. */
  const readBack = (entry: RegularEntry, planned: readonly PlannedSite[], format: ArchiveFormat | undefined) => {
    const path = fsPath(task.destination as string, entry.path).toString('latin1');
    const { source, close } = openSource(path, entry.size);
    try {
      const scan = scanFile(source, dir, known);
      for (const found of scan.digests) after.add(found);
      const left = planned.filter(({ remedy }) => remedy.kind === 'none').length;
      if (format !== undefined) {
        const inside = occurrencesInside(entry.path, source, format, context);
        if (inside !== left)
          escaped.push(`${entry.path}: ${inside} occurrences stand inside, ${left} were left on purpose`);
      } else if (scan.occurrences.length !== left) escaped.push(escapedMessage(entry.path, left, scan.occurrences));
    } finally {
      close();
    }
  };

  const symlink = (path: string, target: string) => {
    const plan = planLink(path, target, context);
    const newTarget = writes ? plan.target : target;
    noteText(target, before);
    noteText(newTarget, after);
    occurrences += plan.sites.length;
    bareMentions += plan.bareMentions;
    sites.push(...plan.sites);
    if (writes) {
      sink.symlink(path, newTarget);
      if (newTarget !== target) rewritten.push({ file: path, rules: rulesOf(plan.sites) });
      const left = plan.sites.filter(({ remedy }) => remedy.kind === 'none').length;
      const standing = scanBytes(Buffer.from(newTarget, 'latin1'), dir).occurrences;
      if (standing.length !== left) escaped.push(escapedMessage(path, left, standing));
    }
    nar.symlink(path, newTarget);
  };

  const entries = treeEntries(task.physicalPath);
  for (const entry of writes ? withMoved(entries, moved) : entries) {
    if (entry.kind !== 'directory-end' && entry.kind !== 'moved') name(entry.path);
    switch (entry.kind) {
      case 'moved':
        await movedText(entry.path, entry.script);
        break;
      case 'directory':
        sink.directory(entry.path);
        nar.directory(entry.path);
        break;
      case 'directory-end':
        nar.directoryEnd(entry.path);
        break;
      case 'symlink':
        symlink(entry.path, entry.target);
        break;
      case 'regular':
        await regular(entry);
        break;
    }
  }
  sink.finish();
  if (occurrences !== sites.length) {
    throw new InternalError(
      `${task.physicalPath}: the scan found ${occurrences} occurrences, the analyzers explained ${sites.length}`,
    );
  }
  return {
    baseName: task.baseName,
    sites,
    changes,
    occurrences,
    bareMentions,
    size,
    narHash: digest(),
    digestsBefore: [...before].sort(),
    digestsAfter: [...after].sort(),
    rewritten,
    escaped,
    unopened,
  };
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  return (
    a.length === b.length &&
    a.every((edit, i) => edit.offset === b[i]?.offset && edit.replacement.equals((b[i] as Edit).replacement))
  );
}

function escapedMessage(file: string, left: number, standing: readonly Occurrence[]): string {
  const where = standing.map(({ offset }) => offset).join(', ') || 'none';
  return `${file}: ${standing.length} occurrences stand in the result (offsets ${where}), ${left} were left on purpose`;
}
