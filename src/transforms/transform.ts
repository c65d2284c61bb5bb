/** What a transform is: sites to edits, or to refusals with a reason. Pure: no file system, no classifying. */

import type { EntryFile } from '../analyzers/analyzer.ts';
import type { Remedy, Site } from '../analyzers/site.ts';
import type { StoreDir } from '../store/store-path.ts';

/**
 * Replaces the bytes `[offset, offset + expected.length)`, which must be `expected`, by `replacement`.
 * An insertion has empty `expected`; one at `offset === size` appends.
 */
export interface Edit {
  readonly offset: number;
  readonly expected: Buffer;
  readonly replacement: Buffer;
}

/** Code for one machine (the loader stub, the launcher), or why there is none. */
export type StubImage = { readonly code: Buffer } | { readonly missing: string };

export type Machine = 'x86_64' | 'aarch64';

/** Which scripts become launchers, and what these are made of. */
export interface LauncherContext {
  /** Whether wrappers of makeWrapper become launchers, where they are understood. */
  readonly wrappers: boolean;
  /** Whether other programs that are scripts are started by launchers, their text beside them. */
  readonly scripts: boolean;
  /** The code of launchers by machine. */
  image(machine: Machine): StubImage;
  /** The machine of a program below the store directory, or of a script's interpreter; undefined when it is none of them. */
  machineOf(storeRelativePath: string): Machine | undefined;
}

/** Digests of the objects that do not come along; `all` to find out which could be left behind. */
export type ShrinkSettings = 'all' | ReadonlySet<string>;

export interface TransformContext {
  readonly storeDir: StoreDir;
  /** What stands for the store directory in compiled-in strings; exactly as many bytes as `storeDir.path`. */
  readonly alias: string;
  /** NN of `/dev/fd/NN`. */
  readonly aliasDescriptor: number;
  /** Whether programs hand the alias descriptor on to their children, or close it on exec. */
  readonly aliasPolicy: 'inherit' | 'close-on-exec';
  /**
   * Who has the store alias: every program of the closure, since all of them are relocated together (the default), or
   * only the programs of this very object.
   */
  readonly aliasReach?: 'closure' | 'own-programs' | undefined;
  /** Whether what nothing at work needs is left out: entries of search paths, digests in documentation. */
  readonly shrink?: ShrinkSettings | undefined;
  /** Undefined when no script becomes a launcher. */
  readonly launcher?: LauncherContext | undefined;
  /** Loader stub by ELF machine. */
  stub(machine: Machine): StubImage;
  /** Whether a path below the store directory (`<base name>` or `<base name>/...`, without leading slash) exists in the closure; follows links. */
  exists(storeRelativePath: string): boolean;
}

/** Remedy of one site, in the order the sites were given. */
export interface FilePlan {
  readonly edits: readonly Edit[];
  readonly remedies: ReadonlyMap<Site, Remedy>;
}

export type Refusal = Extract<Remedy, { kind: 'none' }>;

/** @param code a code that the rule's page explains */
export function refuse(code: string, reason: string): Refusal {
  return { kind: 'none', code, reason };
}

export interface Transform {
  readonly id: string;
  /** Ids of the rules whose sites this transform is given. */
  readonly rules: readonly string[];
  /** Plans all given sites of one file at once. Every site gets exactly one remedy. Must not throw on malformed input: it refuses. */
  plan(file: EntryFile, sites: readonly Site[], context: TransformContext): FilePlan;
}

/**
 * The relative path from a file's own directory up to the store directory: `../..` for a file in `<object>/bin`,
 * `..` for a file directly in the object, `.` for an object that is itself a file.
 */
export function upToStoreDir(file: string): string {
  const depth = file === '' ? 0 : file.split('/').length;
  return depth === 0 ? '.' : Array(depth).fill('..').join('/');
}
