/** Wrapper programs: the calls that make them, and the arguments that are collected for them. */

import { shown } from './link-rule.ts';
import type { ShellCommand, ShellWord } from './shell.ts';
import type { Range, Subject } from './subject.ts';

const WRAPPER =
  /^(?:makeWrapper|makeBinaryWrapper|makeShellWrapper|makeCWrapper|wrapProgram(?:Shell|Binary)?|wrapGApp|wrapQtApp|wrapThunarWrapper|makeQtWrapper|wrapOCaml)$/;

/** Attributes whose strings are arguments of wrappers, whatever they hold. */
export const WRAPPER_ARGUMENTS = /[wW]rapper(?:Args(?:Array)?|Flags)$/;

/** What setup hooks fill with directories of dependencies. */
const GATHERED =
  /\$\{?(?:program_)?(?:PERL5LIB|PYTHONPATH|program_PATH|GI_TYPELIB_PATH|GSETTINGS_SCHEMAS_PATH|XDG_ICON_DIRS|XDG_DATA_DIRS|GST_PLUGIN_SYSTEM_PATH(?:_1_0)?|GUILE_LOAD_(?:COMPILED_)?PATH|LUA_C?PATH|CLASSPATH|NODE_PATH|GEM_PATH|GDK_PIXBUF_MODULE_FILE|QT_PLUGIN_PATH|GIO_EXTRA_MODULES|EMACSLOADPATH|OCAMLPATH)\b/;

/** What becomes of the paths of wrappers whose kind is not known. */
const WRAPPED =
  'nothing to do: a relocation makes the paths of wrappers relative, or keeps them working through the store alias';

export function checkWrapper(subject: Subject, command: ShellCommand): void {
  if (!WRAPPER.test(command.name)) return;
  const makes = command.name.startsWith('make');
  // The first word is the program, which a wrapper that is made names; the second is the wrapper's own place.
  const rest = command.words.filter((_, i) => (makes ? i !== 1 : i > 0));
  const isBaked = (word: ShellWord) => subject.bakes(word) || subject.mentions(word) || GATHERED.test(word.value);
  const baked = rest.filter(isBaked);
  // Where it is only the program itself, it is shown; else what comes with it.
  const first = baked.find((word) => word !== command.words[0]) ?? baked[0];
  if (first === undefined) return;
  const binary = /Binary|CWrapper/.test(command.name);
  subject.report(
    {
      rule: 'nix/wrapper',
      severity: 'information',
      message: `${command.name} writes ${baked.length === 1 ? 'a store path' : `${baked.length} store paths`} into the wrapper: ${shown(subject.source(first))}`,
      advice: binary
        ? 'nothing to do: a relocation keeps compiled wrappers working through the store alias'
        : 'nothing to do: a relocation makes the paths of shell wrappers relative',
    },
    first,
    command,
  );
}

/** `gappsWrapperArgs+=(--prefix PATH : ${...})`. */
export function checkWrapperArrays(subject: Subject, command: ShellCommand): void {
  for (const word of command.assignments) {
    if (!/^\w*[wW]rapper(?:Args|Flags)\+?=/.test(word.value)) continue;
    if (subject.bakes(word) || subject.mentions(word) || GATHERED.test(word.value))
      reportArguments(subject, word, command);
  }
}

/** `makeWrapperArgs = [ "--prefix PATH : ${...}" ]`. */
export function checkWrapperArguments(subject: Subject): void {
  const whole = { start: 0, end: subject.string.text.length };
  const [first] = subject.paths({ own: true });
  if (first !== undefined) reportArguments(subject, { start: first.at, end: first.at + 1 });
  else if (subject.mentions(whole)) reportArguments(subject, whole);
}

function reportArguments(subject: Subject, range: Range, command?: ShellCommand): void {
  const whole = { start: 0, end: subject.string.text.length };
  subject.report(
    {
      rule: 'nix/wrapper',
      severity: 'information',
      message: `store path in a wrapper's arguments: ${shown(subject.source(command === undefined ? whole : range))}`,
      advice: WRAPPED,
    },
    range,
    command,
  );
}
