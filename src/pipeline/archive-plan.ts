/**
 * Archives and compressed files: what is inside goes through explain and plan like a file of its own, and is packed again when
 * something in it changes. Neither Nix's scanner nor the raw scan sees inside.
 */

import { type ByteSource, bufferSource } from '../store/byte-source.ts';
import type { Archive, ArchiveMember, NotWritten } from '../syntax/archive/archive.ts';
import type { Packing } from '../syntax/archive/compressed.ts';
import type { ArchiveFormat } from '../syntax/archive/formats.ts';
import { type Edit, type Refusal, refuse } from '../transforms/transform.ts';
import { writeEdited } from './apply-edits.ts';
import { type ArchiveNode, type ArchiveNote, lookInto, occurrencesIn } from './archive-tree.ts';
import { type FileMode, leftAlone, type ObjectContext, planMember, planOutside } from './entry.ts';
import type { PlannedSite } from './plan.ts';
import { reportText } from './report-text.ts';
import type { TextChange } from './text-change.ts';

export interface ArchivePlan {
  /** Whether the file could be opened. If not, it is a file like any other. */
  readonly opened: boolean;
  readonly notes: readonly ArchiveNote[];
  /** How many there are, inside and outside of members. */
  readonly occurrences: number;
  readonly sites: readonly PlannedSite[];
  /** Of the whole file, one edit; empty when nothing changes. */
  readonly edits: readonly Edit[];
  /** Of its inner texts. */
  readonly changes: readonly (TextChange & { readonly member: string })[];
}

/** What is needed for the members of one file. */
interface Subject {
  readonly path: string;
  readonly mode: FileMode;
  readonly context: ObjectContext;
  /** Whether the object of a digest comes along: Nix does not see references inside. */
  readonly isKnown: (digest: string) => boolean;
}

interface NodePlan {
  readonly sites: readonly PlannedSite[];
  readonly changes: readonly (TextChange & { readonly member: string })[];
  /** Makes the new bytes; undefined when nothing changes. */
  readonly build?: (packing: Packing) => Promise<Buffer | NotWritten>;
}

/**
 * Explains and plans what stands in a file of the given format.
 *
 * @param keepsDigests whether a new file may stand for the old one: the digests that Nix sees in it must be the same
 */
export async function planArchive(
  source: ByteSource,
  format: ArchiveFormat,
  subject: Subject,
  keepsDigests: (packed: Buffer) => boolean,
): Promise<ArchivePlan> {
  const { root, notes } = lookInto(subject.path, source, format, subject.context.transform.storeDir);
  const none = { notes, occurrences: 0, sites: [], edits: [], changes: [] };
  if (root === undefined) return { ...none, opened: false };
  const { sites, changes, build } = await planNode(root, subject, false);
  const plan = { opened: true, notes, occurrences: occurrencesIn(root), sites, edits: [], changes };
  if (build === undefined) return plan;
  const unchanged = (refusal: Refusal) => ({ ...plan, sites: kept(sites, refusal), changes: [] });
  for (const packing of ['packed', 'stored'] as const) {
    const packed = await build(packing);
    if ('reason' in packed) return unchanged(refuse('layout', packed.reason));
    if (keepsDigests(packed)) {
      return { ...plan, edits: [{ offset: 0, expected: root.bytes, replacement: packed }] };
    }
  }
  return unchanged(refuse('references', 'the packed bytes would show other digests to Nix'));
}

function planNode(node: ArchiveNode, subject: Subject, forLinkers: boolean): Promise<NodePlan> {
  return node.archive === undefined ? planFile(node, subject, forLinkers) : planMembers(node, node.archive, subject);
}

function placed({ member }: ArchiveNode, { path }: Subject, sites: readonly PlannedSite[]): PlannedSite[] {
  return sites.map((planned) => ({
    ...planned,
    site: { ...planned.site, file: path, ...(member !== undefined && { member }) },
  }));
}

async function planFile(node: ArchiveNode, subject: Subject, forLinkers: boolean): Promise<NodePlan> {
  const { path, mode, context, isKnown } = subject;
  const inner = bufferSource(node.bytes);
  const whole = await planMember(node.path, mode, inner, node.occurrences, context, { isKnown, forLinkers });
  const plan = context.excludes?.(path) ? leftAlone(whole) : whole;
  const build = async () => {
    const chunks: Buffer[] = [];
    writeEdited(inner, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
    return Buffer.concat(chunks);
  };
  const member = reportText(node.member ?? '');
  return {
    sites: placed(node, subject, plan.sites),
    changes: plan.change === undefined ? [] : [{ member, ...plan.change }],
    ...(plan.edits.length > 0 && { build }),
  };
}

async function planMembers(node: ArchiveNode, archive: Archive, subject: Subject): Promise<NodePlan> {
  const sites = placed(
    node,
    subject,
    planOutside(node.path, bufferSource(node.bytes), node.occurrences, subject.context),
  );
  const changes: NodePlan['changes'][number][] = [];
  const builds = new Map<ArchiveMember, NonNullable<NodePlan['build']>>();
  for (const [member, child] of node.children) {
    const plan = await planNode(child, subject, archive.forLinkers);
    sites.push(...plan.sites);
    changes.push(...plan.changes);
    if (plan.build !== undefined) builds.set(member, plan.build);
  }
  if (builds.size === 0) return { sites, changes };
  if (archive.sealed !== undefined) return { sites: kept(sites, refuse('sealed', archive.sealed)), changes: [] };
  return {
    sites,
    changes,
    async build(packing) {
      const changed = new Map<ArchiveMember, Buffer>();
      for (const [member, build] of builds) {
        const contents = await build(packing);
        if ('reason' in contents) return contents;
        changed.set(member, contents);
      }
      return archive.write(changed, packing);
    },
  };
}

/** The sites when nothing changes after all. */
function kept(sites: readonly PlannedSite[], refusal: Refusal): PlannedSite[] {
  return sites.map((planned) => (planned.remedy.kind === 'none' ? planned : { ...planned, remedy: refusal }));
}

/** How many occurrences stand in and outside of the members of a file that was packed; undefined when it cannot be opened. */
export function occurrencesInside(
  path: string,
  source: ByteSource,
  format: ArchiveFormat,
  { transform }: ObjectContext,
): number | undefined {
  const { root } = lookInto(path, source, format, transform.storeDir);
  return root && occurrencesIn(root);
}
