/** Rules that go by where a text stands in a Nix expression: in a writer's call, in one that makes links. */

import { type Expression, staticName, staticText } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { languageOf, unknownLanguage } from '../target-language.ts';
import { shown } from './link-rule.ts';
import type { SourceFile } from './source-file.ts';
import { storeValue } from './store-value.ts';
import type { Subject } from './subject.ts';
import { reportText } from './text-rule.ts';
import { type Call, lastName, type Place } from './walk.ts';

/** Writers, and which argument is the text. */
const WRITERS: Readonly<Record<string, number>> = {
  toFile: 1,
  writeShellScript: 1,
  writeShellScriptBin: 1,
  writeScript: 1,
  writeScriptBin: 1,
  writeText: 1,
  writeTextDir: 1,
  writeBash: 1,
  writeBashBin: 1,
  writeDash: 1,
  writeDashBin: 1,
  writeFish: 1,
  writeFishBin: 1,
  writeNu: 1,
  writeNuBin: 1,
  writeHaskell: 2,
  writeHaskellBin: 2,
  writePython3: 2,
  writePython3Bin: 2,
  writePyPy3: 2,
  writePyPy3Bin: 2,
  writePerl: 2,
  writePerlBin: 2,
  writeRuby: 2,
  writeRubyBin: 2,
  writeLua: 2,
  writeLuaBin: 2,
  writeJS: 2,
  writeJSBin: 2,
};
const SCRIPT_WRITER = /Shell|Script|Bash|Dash|Fish|Nu|Haskell|Py|Perl|Ruby|Lua|JS/;
/** Which attributes of a desktop item get into the entry as paths. */
const ENTRY_ATTRIBUTE = /^(?:exec|tryExec|icon|path)$/i;

/** A text that a writer puts into a file; true when it was one. */
export function checkWriter(subject: Subject, operands: readonly Expression[]): boolean {
  const { call, position, attribute, trail } = subject.place;
  if (call === undefined) return false;
  const whole = { start: 0, end: subject.string.text.length };
  if (call.name === 'makeDesktopItem') {
    if (attribute !== undefined && (ENTRY_ATTRIBUTE.test(attribute) || /\.extraConfig\./.test(trail))) {
      reportText(subject, whole, 'x.desktop');
    }
    return true;
  }
  // A name says too little: it may be a piece of a list, or a function.
  if (operands.length === 1 && /^(?:name|select)$/.test(operands[0]?.kind ?? '')) return false;
  if (WRITERS[call.name] === position && attribute === undefined) {
    const name = fileName(call.arguments[0], subject.file.text) ?? '';
    reportText(subject, whole, SCRIPT_WRITER.test(call.name) ? `${name}.sh` : name);
    return true;
  }
  if ((call.name === 'writeTextFile' || call.name === 'writeShellApplication') && attribute === 'text') {
    const [set] = call.arguments;
    const { text } = subject.file;
    const name = ['destination', 'name'].map((key) => fileName(attributeValue(set, key, text), text));
    reportText(subject, whole, call.name === 'writeShellApplication' ? 'x.sh' : (name[0] ?? name[1] ?? ''));
    return true;
  }
  return false;
}

function attributeValue(set: Expression | undefined, key: string, file: string): Expression | undefined {
  if (set?.kind !== 'set') return undefined;
  for (const binding of set.bindings) {
    const [name] = binding.kind === 'binding' && binding.path.length === 1 ? binding.path : [];
    if (binding.kind === 'binding' && name !== undefined && staticName(name, file) === key) return binding.value;
  }
  return undefined;
}

/** The end of a name that may have antiquotations before it: `${pname}.desktop`. */
function fileName(expression: Expression | undefined, file: string): string | undefined {
  if (expression?.kind === 'path') return file.slice(expression.start, expression.end);
  if (expression?.kind !== 'string') return undefined;
  const whole = staticText(expression, file);
  if (whole !== undefined) return whole;
  const last = expression.parts.at(-1);
  return last?.kind === 'text' ? file.slice(last.start, last.end) : undefined;
}

export interface CallContext {
  readonly file: SourceFile;
  readonly report: (finding: RawFinding) => void;
}

/** `replaceVars ./file { git = "${git}"; }` and its elder siblings. */
export function checkReplaceVars(call: Call, place: Place, { file, report }: CallContext): void {
  const isNew = call.name === 'replaceVars' && call.arguments.length === 2;
  const isOld = /^(?:substituteAll|replaceVarsWith)$/.test(call.name) && call.arguments.length === 1;
  if (!isNew && !isOld) return;
  const { text } = file;
  const given = call.arguments.at(-1);
  const source = isNew ? call.arguments[0] : attributeValue(given, 'src', text);
  const set = call.name === 'replaceVarsWith' ? attributeValue(given, 'replacements', text) : given;
  if (set?.kind !== 'set' || source === undefined) return;
  const name = fileName(source, text) ?? lastName(source, text) ?? 'a file';
  const language = languageOf(name) ?? unknownLanguage;
  const mild = language.host === true && file.isModule;
  const add = (range: { readonly start: number; readonly end: number }, what: string) =>
    report({
      rule: language.host ? 'nix/host-text' : 'nix/substitute',
      severity: mild ? 'information' : language.severity,
      message: `store path substituted into ${language === unknownLanguage ? name : `${language.name} (${name})`}: ${shown(what)}`,
      advice: mild ? 'part of the configuration of a system, which stays where its store is' : language.advice,
      start: range.start,
      end: range.end,
      context: `${place.trail}.${call.name}`,
      statement: range.start,
    });
  const isStore = (value: Expression) => /^(?:yes|own)$/.test(storeValue(value, place.scope, text));
  for (const binding of set.bindings) {
    if (binding.kind === 'inherit') {
      for (const each of binding.names) {
        const name = staticName(each, text) ?? '';
        // `inherit (pkgs) git;` gives packages, as far as their names say.
        const expression = { kind: 'name' as const, start: 0, end: 0, name };
        const isSet = binding.from !== undefined && /pkgs|Packages$/.test(lastName(binding.from, text) ?? '');
        const scope = isSet ? { names: new Map(), parent: undefined } : place.scope;
        if ((isSet || binding.from === undefined) && storeValue(expression, scope, text) === 'yes') {
          add(each, text.slice(each.start, each.end));
        }
      }
      continue;
    }
    const key = binding.path[0] && staticName(binding.path[0], text);
    if (isOld && /^(?:src|name|isExecutable|dir|postInstall|meta)$/.test(key ?? '')) continue;
    if (isStore(binding.value)) add(binding, text.slice(binding.start, binding.end));
  }
}

/** Of a call, which may be a whole file. */
const MAX_SHOWN = 400;

const LINK_FUNCTION = /^(?:symlinkJoin|buildEnv|linkFarm|linkFarmFromDrvs)$/;

/** `symlinkJoin { paths = [ ... ]; }` and its kin make absolute links. */
export function checkLinkCalls(call: Call, place: Place, { file, report }: CallContext): void {
  const argument = call.arguments.at(-1);
  if (!LINK_FUNCTION.test(call.name) || argument === undefined) return;
  if (call.arguments.length < (call.name.startsWith('linkFarm') ? 2 : 1)) return;
  const paths = attributeValue(argument, 'paths', file.text);
  if (!call.name.startsWith('linkFarm') && argument.kind === 'set' && paths === undefined) return;
  const text = file.text.slice(call.start, Math.min(call.end, call.start + MAX_SHOWN));
  report({
    rule: 'nix/ln-absolute',
    severity: 'information',
    message: `symbolic links to absolute paths: ${shown(text)}`,
    advice: 'nothing to do: a relocation makes links relative',
    start: call.start,
    end: call.start + (/^[^\s{[]*/.exec(text)?.[0].length ?? 1),
    context: `${place.trail}.${call.name}`,
    statement: place.statement,
  });
}
