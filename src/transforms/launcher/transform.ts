/**
 * makeWrapper's wrappers to launchers: small programs that set the same variables and start the same program, found from
 * their own place. Whole files, whatever rules their sites have; what is not understood is left to the rules' transforms.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { scanBytes } from '../../store/scan.ts';
import { parseStorePath, type StoreDir } from '../../store/store-path.ts';
import { encodeLauncher } from '../../syntax/launcher-program.ts';
import { FLAG_CLOSE_ON_EXEC, FLAG_NO_ALIAS } from '../../syntax/loader-stub-config.ts';
import { isScript } from '../../syntax/shebang.ts';
import { readWrapper } from '../../syntax/wrapper/read.ts';
import { type FilePlan, type TransformContext, upToStoreDir } from '../transform.ts';
import { launcherImage } from './image.ts';

const ID = 'launcher';

/** Larger scripts are no wrappers, bytes. */
const MAX_SIZE = 1024 * 1024;

/** Cuts the store directory out of a text, at each occurrence. */
export function cutAtStore(dir: StoreDir, counted = { occurrences: 0 }) {
  return (text: string): string[] => {
    const { occurrences } = scanBytes(Buffer.from(text, 'latin1'), dir);
    counted.occurrences += occurrences.length;
    const pieces: string[] = [];
    let at = 0;
    for (const { offset } of occurrences) {
      pieces.push(text.slice(at, offset));
      at = offset + dir.path.length;
    }
    return [...pieces, text.slice(at)];
  };
}

/** The wrapper's text, its paths in the form that leads from the launcher's directory to the store. */
function readableText(text: string, sites: readonly Site[], up: string, dir: string): Buffer {
  let relative = '';
  let at = 0;
  for (const { offset } of sites) {
    relative += text.slice(at, offset) + up;
    at = offset + dir.length;
  }
  const head = `# Made by unmoor; ${up} is the store, from the directory of this file. It does what this wrapper did:`;
  return Buffer.from(`\n${head}\n${relative}${text.slice(at)}`, 'latin1');
}

/** The alias as the store's bash would have left it to the program. */
function aliasFlags(file: EntryFile, interpreter: string, context: TransformContext): number {
  const object = parseStorePath(interpreter, file.storeDir)?.object.baseName;
  if (context.aliasReach === 'own-programs' && object !== file.object) return FLAG_NO_ALIAS;
  return context.aliasPolicy === 'close-on-exec' ? FLAG_CLOSE_ON_EXEC : 0;
}

/**
 * Plans a file as a whole.
 *
 * @param sites all that the file has
 * @returns undefined when launchers are not wanted, or the file is no wrapper that is understood to its last byte
 */
export function launcherPlan(file: EntryFile, sites: readonly Site[], context: TransformContext): FilePlan | undefined {
  const { launcher } = context;
  if (launcher?.wrappers !== true || !file.executable || file.secure || file.object === undefined) return undefined;
  if (!isScript(file.head) || file.bytes.size > MAX_SIZE) return undefined;
  if (sites.some(({ role, place, member }) => role !== 'run-time' || place !== 'contents' || member !== undefined))
    return undefined;
  const bytes = file.bytes.read(0, file.bytes.size);
  const text = bytes.toString('latin1');
  const wrapper = readWrapper(text);
  const shell = wrapper && parseStorePath(wrapper.interpreter, file.storeDir);
  if (wrapper === undefined || shell === undefined) return undefined;
  const machine = launcher.machineOf(shell.object.baseName + shell.rest);
  const image = machine && launcher.image(machine);
  if (machine === undefined || image === undefined || 'missing' in image) return undefined;
  const up = upToStoreDir(file.file);
  const counted = { occurrences: 0 };
  const settings = {
    stripComponents: file.file === '' ? 1 : file.file.split('/').length + 1,
    flags: aliasFlags(file, wrapper.interpreter, context),
    aliasDescriptor: context.aliasDescriptor,
  };
  const program = encodeLauncher(wrapper, settings, cutAtStore(file.storeDir, counted));
  // Each path of the text stands in what is done, and none that quotes had hidden.
  if (counted.occurrences !== sites.length) return undefined;
  const dir = file.storeDir.path;
  const replacement = launcherImage(machine, image.code, program, readableText(text, sites, up, dir));
  const form = (site: Site): Remedy => ({
    kind: 'relative',
    transform: ID,
    form: `launcher, ${up}${site.text.slice(dir.length)}`,
  });
  return {
    edits: [{ offset: 0, expected: Buffer.from(bytes), replacement }],
    remedies: new Map(sites.map((site) => [site, form(site)])),
  };
}
