/**
 * Scripts that are started through a launcher: the script's text moves to a hidden file beside it, and a small program takes
 * its place that starts the interpreter with it, as the kernel does for a `#!` line.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { scanBytes } from '../../store/scan.ts';
import { parseStorePath, type StoreDir } from '../../store/store-path.ts';
import { encodeLauncher, FLAG_KEEP_ENVIRONMENT } from '../../syntax/launcher-program.ts';
import { FLAG_NO_ALIAS } from '../../syntax/loader-stub-config.ts';
import { KERNEL_LINE, LONGEST_LINE, parseShebang, type Shebang } from '../../syntax/shebang.ts';
import { textEdit } from '../plan-sites.ts';
import { type Edit, type LauncherContext, type Machine, type TransformContext, upToStoreDir } from '../transform.ts';
import { launcherImage } from './image.ts';
import { cutAtStore } from './transform.ts';

/** Programs, and no files that shells source (gettext.sh) or other directories' modules. */
const PROGRAM = /^s?bin\/([^/]+)$/s;
const SOURCED = /\.(?:ba|da|k|z)?sh$/;

/** Where the text of a program would move to; undefined when the file is none that is only started. */
export function besideOf(file: string): string | undefined {
  const name = PROGRAM.exec(file)?.[1];
  if (name === undefined || SOURCED.test(name)) return undefined;
  return `${file.slice(0, -name.length)}.unmoor-${name}`;
}

interface Launchable extends Shebang {
  readonly machine: Machine;
  readonly code: Buffer;
}

const textWord = (text: string) => [{ kind: 'text', text }] as const;

/** The first line of a script whose interpreter, and nothing else there, lies in the store, and can be started. */
export function launchableShebang(head: Buffer, dir: StoreDir, launcher: LauncherContext): Launchable | undefined {
  const shebang = parseShebang(head);
  if (shebang === undefined || shebang.length > KERNEL_LINE) return undefined;
  const interpreter = parseStorePath(shebang.interpreter, dir);
  const { occurrences } = scanBytes(head.subarray(0, shebang.length), dir);
  if (interpreter === undefined || occurrences.length !== 1 || interpreter.rest.endsWith('/env')) return undefined;
  const machine = launcher.machineOf(interpreter.object.baseName + interpreter.rest);
  const image = machine && launcher.image(machine);
  if (machine === undefined || image === undefined || 'missing' in image) return undefined;
  return { ...shebang, machine, code: image.code };
}

export interface LaunchedScript {
  /** Of the first line: what the launcher does now. */
  readonly remedy: Remedy;
  /** The interpreter's path in the text that moved. */
  readonly edit: Edit;
  /** A launcher in the script's place. */
  readonly whole: Edit;
}

/**
 * The launcher of a script for which `launchableShebang` gave a line.
 *
 * @param file the script, under its own path
 * @param site its interpreter
 * @returns undefined for other files
 */
export function launchedScript(file: EntryFile, site: Site, context: TransformContext): LaunchedScript | undefined {
  const { storeDir: dir, bytes } = file;
  const { launcher } = context;
  const shebang = launcher && launchableShebang(bytes.read(0, LONGEST_LINE), dir, launcher);
  const beside = besideOf(file.file);
  if (shebang === undefined || beside === undefined) return undefined;
  const { interpreter, argument } = shebang;
  const name = beside.slice(beside.lastIndexOf('/') + 1);
  const program = encodeLauncher(
    {
      interpreter,
      stopsOnFailure: false,
      steps: [],
      start: {
        line: 1,
        name: undefined,
        program: textWord(interpreter),
        words: [
          ...(argument === undefined ? [] : [textWord(argument)]),
          [{ kind: 'own-directory' }, { kind: 'text', text: `/${name}` }],
          'arguments',
        ],
      },
    },
    {
      stripComponents: file.file.split('/').length + 1,
      // The interpreter has the alias by itself.
      flags: FLAG_NO_ALIAS | FLAG_KEEP_ENVIRONMENT,
      aliasDescriptor: context.aliasDescriptor,
    },
    cutAtStore(dir),
  );
  const up = upToStoreDir(file.file);
  const relative = up + interpreter.slice(dir.path.length);
  const head = `# Made by unmoor; ${up} is the store, from the directory of this file. It starts:`;
  const line = [relative, ...(argument === undefined ? [] : [argument]), `./${name}`].join(' ');
  const text = Buffer.from(`\n${head}\n${line}\n`, 'latin1');
  const replacement = launcherImage(shebang.machine, shebang.code, program, text);
  return {
    remedy: { kind: 'relative', transform: 'launcher', form: `launcher, ${relative}` },
    edit: textEdit(site.offset, dir.path, up),
    whole: { offset: 0, expected: Buffer.from(bytes.read(0, bytes.size)), replacement },
  };
}
