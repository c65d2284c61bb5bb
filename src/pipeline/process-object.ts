/**
 * One store object through the whole way: walk, scan, explain, plan, and (for a relocation) write, read back and check.
 * Runs in a worker: takes and gives plain data.
 */

import { lstatSync } from 'node:fs';
import picomatch from 'picomatch';
import type { ByteSource } from '../store/byte-source.ts';
import { type DigestSet, digestSet } from '../store/digest-set.ts';
import { narHasher, narWriter } from '../store/nar.ts';
import type { SourceScan } from '../store/scan.ts';
import { type StoreDir, storeDir } from '../store/store-path.ts';
import { fsPath, treeEntries } from '../store/tree.ts';
import type { ArchiveFormat } from '../syntax/archive/formats.ts';
import type { Edit } from '../transforms/transform.ts';
import { writeEdited } from './apply-edits.ts';
import { type DerivedEdits, derivedEdits, siblingReader } from './derived-files.ts';
import { type FileMode, HEAD_LENGTH, type ObjectContext, planLink, planMovedScript, planName } from './entry.ts';
import { scanFile } from './file-scan.ts';
import { fileWriter, type RegularEntry } from './file-writer.ts';
import { InternalError } from './internal-error.ts';
import { movedScripts, withMoved } from './moved-scripts.ts';
import type { ObjectOutcome, ObjectTask, RewrittenFile, UnopenedFile } from './object-task.ts';
import { openSource } from './open-source.ts';
import { inOrder, type PlannedSite } from './plan.ts';
import { planRegularFile } from './plan-file.ts';
import { escapedFromLink, readBackFile } from './read-back.ts';
import type { ReportChange } from './report.ts';
import { type RunSettings, transformContext } from './run-settings.ts';
import { CANONICAL_MTIME, directorySink, discard, type ObjectSink } from './sink.ts';

/** Larger files are taken to need all that they name, bytes. */
const MAX_SURVEYED = 256 * 1024 * 1024;

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
  // Files of a store are all of the same time (Nix: canonicalisePathMetaData); a rewriting in place keeps what they have.
  const modifiedAfter = settings.keepsTimes ? (before: number) => before : () => CANONICAL_MTIME;
  return (task) => {
    const sibling = siblingReader(task.physicalPath);
    const own: ObjectContext = { object: task.baseName, transform, excludes, changes: settings.changes, sibling };
    const context = { ...own, moved: movedScripts(task.physicalPath, own) };
    return processObject(task, context, dir, known, derivedEdits(task.physicalPath, context, known, modifiedAfter));
  };
}

async function processObject(
  task: ObjectTask,
  context: ObjectContext & { readonly moved: ReadonlyMap<string, string> },
  dir: StoreDir,
  known: DigestSet,
  derived: DerivedEdits,
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
  const { moved } = context;
  const writeFile = fileWriter(nar, sink, writes);
  const scans = new Map<string, SourceScan>();
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

  /** What names of one inode hold is looked for once: some packages are hard links for the most part. */
  const scanOf = ({ hardLink }: RegularEntry, source: ByteSource): SourceScan => {
    if (hardLink === undefined) return scanFile(source, dir, known);
    const scan = scans.get(hardLink) ?? scanFile(source, dir, known);
    scans.set(hardLink, scan);
    return scan;
  };

  const regular = async (entry: RegularEntry) => {
    const path = fsPath(task.physicalPath, entry.path).toString('latin1');
    const { source, close } = openSource(path, entry.size);
    try {
      const plan = await planRegularFile(entry.path, modeOf(entry), source, scanOf(entry, source), context, known);
      const { digests } = plan.scan;
      occurrences += plan.occurrences;
      bareMentions += plan.scan.bareMentions;
      size += source.size;
      for (const site of plan.sites) sites.push(site);
      for (const change of plan.changes) changes.push(change);
      for (const file of plan.notes) unopened.push({ file: entry.path, ...file });
      const edits = writes ? await withDerived(entry, source, plan.edits) : [];
      if (surveys && !moved.has(entry.path)) survey(source, digests, plan.edits);
      else if (edits.length === 0) note(digests);
      else for (const found of digests) before.add(found);
      // Nothing is written, and the hash is known.
      if (writes || recorded === undefined) writeFile(entry, source, edits);
      if (edits.length > 0) {
        rewritten.push({ file: entry.path, rules: rulesOf(plan.sites) });
        // What a script keeps, it keeps in the text that moved.
        readBack(entry, moved.has(entry.path) ? [] : plan.sites, plan.format);
      }
    } finally {
      close();
    }
  };

  /** The edits of a file, and those for what it says of others. */
  const withDerived = async (entry: RegularEntry, source: ByteSource, own: readonly Edit[]) => {
    if (!derived.claims(entry.path, modeOf(entry), source.read(0, HEAD_LENGTH))) return own;
    const more = await derived.of(entry.path, modeOf(entry), source.read(0, source.size));
    return more.length === 0 ? own : inOrder([...own, ...more]);
  };

  /** The text of a script that a launcher takes the place of. */
  const movedText = async (path: string, script: string) => {
    const physical = fsPath(task.physicalPath, script);
    const { size: length } = lstatSync(physical);
    const { source, close } = openSource(physical.toString('latin1'), length);
    const entry = { kind: 'regular', path, executable: false, size: length, hardLink: undefined, mode: 0o444 } as const;
    try {
      const { occurrences: found } = scanFile(source, dir, known);
      const { text } = await planMovedScript(script, path, source, found, context);
      writeFile(entry, source, text.edits);
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

  /** Reads what was written from the disk again. */
  const readBack = (entry: RegularEntry, planned: readonly PlannedSite[], format: ArchiveFormat | undefined) => {
    const path = fsPath(task.destination as string, entry.path).toString('latin1');
    const { source, close } = openSource(path, entry.size);
    try {
      const read = readBackFile(entry.path, source, planned, format, context, known);
      for (const found of read.digests) after.add(found);
      if (read.escaped !== undefined) escaped.push(read.escaped);
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
      const message = escapedFromLink(path, newTarget, plan.sites, dir);
      if (message !== undefined) escaped.push(message);
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
