/**
 * The interpreter: PT_INTERP's program header becomes a PT_LOAD for the loader stub, appended to the file with its
 * configuration; the program's entry point becomes the stub's. Placement rules: Linux fs/binfmt_elf.c (order of
 * PT_LOADs, total mapping size) and glibc elf/dl-load.c.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Site } from '../../analyzers/site.ts';
import { parseStorePath, type StoreDir } from '../../store/store-path.ts';
import { DT_DEBUG, PF_R, PF_X, PT_INTERP, PT_LOAD } from '../../syntax/elf/constants.ts';
import type { Dynamic } from '../../syntax/elf/dynamic.ts';
import { cString, type ElfFile } from '../../syntax/elf/file.ts';
import { stringUses } from '../../syntax/elf/string-uses.ts';
import { encodeStubConfig, FLAG_CLOSE_ON_EXEC } from '../../syntax/loader-stub-config.ts';
import type { TransformContext } from '../transform.ts';
import type { ProgramHeaders } from './headers.ts';
import { type ElfImage, endOfMemory, roundUp } from './image.ts';
import { type Machine, PAGE_SIZE } from './machine.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { NewTable } from './string-table.ts';

const FILE_PAGE = 4096;

/** What the loader's old name becomes: a path that is nowhere, so that gdb falls back to the file that is mapped. */
const NOWHERE = '/relocated';

/** The path in PT_INTERP below the store directory, `<base name>/...`. */
export function loaderOf(elf: ElfFile, file: EntryFile): string | undefined {
  const segment = elf.segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return undefined;
  const path = cString(file.bytes.read(segment.offset, Math.min(segment.filesz, 4096)), 0);
  return parseStorePath(path, file.storeDir) === undefined ? undefined : path.slice(file.storeDir.path.length + 1);
}

/** Why a program cannot get a stub; undefined when it can. */
export function stubRefusal(file: EntryFile, machine: Machine, context: TransformContext): Refusal | undefined {
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  const stub = context.stub(machine);
  if ('missing' in stub) return refuse('no-stub', stub.missing);
  return undefined;
}

/** Functions after whose call a descriptor into the outer file system is a way out of a sandbox. */
const NAMESPACE_FUNCTIONS = ['chroot', 'pivot_root', 'unshare', 'setns'];

/** Whether one of the functions is a dynamic symbol of the program. */
function changesNamespaces(image: ElfImage, dynamic: Dynamic | undefined): boolean {
  if (dynamic === undefined) return false;
  const table = image.source.read(dynamic.strtabOffset, dynamic.strtabSize);
  const uses = stringUses(image.source, image.elf, dynamic);
  return NAMESPACE_FUNCTIONS.some((name) => {
    const text = Buffer.from(`${name}\0`, 'latin1');
    // Linkers merge suffixes: the name may stand inside a longer one, and another name may end like it.
    for (let at = table.indexOf(text); at >= 0; at = table.indexOf(text, at + 1)) {
      if (uses === undefined || uses.symbols.has(at)) return true;
    }
    return false;
  });
}

export interface StubPlacement {
  readonly image: ElfImage;
  readonly headers: ProgramHeaders;
  readonly file: EntryFile;
  readonly machine: Machine;
  readonly loader: string;
  readonly dynamic: Dynamic | undefined;
  /** A string table that goes into the stub's segment. */
  readonly table: NewTable | undefined;
  readonly context: TransformContext;
}

/** Appends the stub and gives it PT_INTERP's program header. */
export function placeStub({ image, headers, file, machine, loader, dynamic, table, context }: StubPlacement): void {
  const stub = context.stub(machine);
  if ('missing' in stub) throw new RangeError('placeStub without a stub');
  const { elf } = image;
  const before = table === undefined ? 0 : roundUp(table.bytes.length, 16);
  const closes = context.aliasPolicy === 'close-on-exec' || changesNamespaces(image, dynamic);
  const page = PAGE_SIZE[machine];
  const config = (stubAddress: number) =>
    encodeStubConfig({
      stubAddress,
      originalEntry: elf.entry,
      debugAddress: dynamic?.entries.find(({ tag }) => tag === DT_DEBUG)?.valueAddress ?? 0,
      stripComponents: file.file === '' ? 1 : file.file.split('/').length + 1,
      flags: closes ? FLAG_CLOSE_ON_EXEC : 0,
      aliasDescriptor: context.aliasDescriptor,
      loader,
    });
  const size = before + stub.code.length + config(0).length;
  // One page less to read at each start, when the stub does not lie across a page's border.
  const straddles = image.appendOffset(16) % FILE_PAGE > 0 && (image.appendOffset(16) % FILE_PAGE) + size > FILE_PAGE;
  const alignment = straddles ? FILE_PAGE : 16;
  const offset = image.appendOffset(alignment);
  const address = roundUp(endOfMemory(elf.segments), page) + (offset % page);
  const stubAddress = address + before;
  const table_ = Buffer.alloc(before);
  table?.bytes.copy(table_);
  image.append(Buffer.concat([table_, stub.code, config(stubAddress)]), alignment);
  table?.commit(offset, address);
  image.addSection({
    name: '.unmoor.stub',
    addr: stubAddress,
    offset: offset + before,
    size: size - before,
    executable: true,
  });
  const interpreter = elf.segments.find(({ type }) => type === PT_INTERP);
  if (interpreter !== undefined) headers.remove(interpreter);
  headers.addLoad({
    type: PT_LOAD,
    flags: PF_R | PF_X,
    offset,
    vaddr: address,
    filesz: size,
    memsz: size,
    align: page,
  });
  image.patch64(24, stubAddress);
}

/** Takes the loader's old path out of the file; its digest stays, in a path that is nowhere. */
export function hideInterpreter(image: ElfImage, sites: readonly Site[], dir: StoreDir): void {
  const nowhere = NOWHERE.slice(0, dir.path.length).padEnd(dir.path.length, '/');
  for (const { offset } of sites) image.patch(offset, Buffer.from(nowhere, 'latin1'));
}
