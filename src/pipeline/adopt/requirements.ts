/** What loading an ELF file asks for: its interpreter, the libraries that it needs, and where it wants them looked for. */

import { closeSync, fstatSync, openSync } from 'node:fs';
import { openFileSource } from '../../store/byte-source.ts';
import { fsPath } from '../../store/tree.ts';
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME, PT_INTERP } from '../../syntax/elf/constants.ts';
import { dynamicString, readDynamic } from '../../syntax/elf/dynamic.ts';
import { cString, parseElf } from '../../syntax/elf/file.ts';

/** Texts are byte strings, as they stand in the file. */
export interface Requirements {
  readonly machine: number;
  readonly class: 32 | 64;
  /** PT_INTERP; undefined for libraries and static programs. */
  readonly interpreter: string | undefined;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** DT_RPATH; empty where there is a DT_RUNPATH, since the loader then ignores it. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  readonly isDynamic: boolean;
}

const PATH_MAX = 4096;

/** Whether a regular file can be read there. */
export function isReadableFile(path: string): boolean {
  try {
    const descriptor = openSync(fsPath(path, ''), 'r');
    try {
      return fstatSync(descriptor).isFile();
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

/**
 * Reads an ELF file's requirements; undefined for files that are no ELF, or malformed.
 *
 * @param path physical path of a regular file, one character a byte
 */
export function requirementsOf(path: string): Requirements | undefined {
  const source = openFileSource(fsPath(path, ''));
  try {
    const elf = parseElf(source);
    if ('malformed' in elf) return undefined;
    const dynamic = readDynamic(source, elf);
    const strings = (wanted: number) =>
      (dynamic?.entries ?? [])
        .filter(({ tag }) => tag === wanted)
        .map(({ value }) => (dynamic === undefined ? '' : dynamicString(source, dynamic, value)));
    const directories = (tag: number) =>
      strings(tag)
        .filter((text) => text !== '')
        .flatMap((text) => text.split(':'));
    const interpreter = elf.segments.find(({ type }) => type === PT_INTERP);
    const runpath = directories(DT_RUNPATH);
    return {
      machine: elf.machine,
      class: elf.class,
      interpreter: interpreter && cString(source.read(interpreter.offset, Math.min(interpreter.filesz, PATH_MAX)), 0),
      soname: strings(DT_SONAME)[0],
      needed: strings(DT_NEEDED),
      rpath: strings(DT_RUNPATH).length > 0 ? [] : directories(DT_RPATH),
      runpath,
      isDynamic: dynamic !== undefined,
    };
  } finally {
    source.close();
  }
}

/** `requirementsOf`, each file read once. */
export function requirementsReader(): (path: string) => Requirements | undefined {
  const known = new Map<string, Requirements | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, requirementsOf(path));
    return known.get(path);
  };
}
