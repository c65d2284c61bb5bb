/** Rules that go by where a string stands in a Nix expression: in a writer's call, under a flags attribute. */

import { type Expression, staticName, staticText } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { languageOf, unknownLanguage } from '../target-language.ts';
import { reportRunPath, reportText } from './command-rules.ts';
import { shown } from './link-rule.ts';
import { storeValue } from './store-value.ts';
import type { Subject } from './subject.ts';
import { type Call, lastName, type Place } from './walk.ts';

/** Writers, and which argument is the text. */
const WRITERS: Readonly<Record<string, number>> = {
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
  writePython3: 2,
  writePython3Bin: 2,
  writePerl: 2,
  writePerlBin: 2,
  writeRuby: 2,
  writeRubyBin: 2,
  writeLua: 2,
  writeLuaBin: 2,
  writeJS: 2,
  writeJSBin: 2,
};
const SCRIPT_WRITER = /Shell|Script|Bash|Dash|Fish|Python|Perl|Ruby|Lua|JS/;
const TEXT_ATTRIBUTE = /^(?:text|exec|tryExec|icon)$/;

/** A text that a writer puts into a file; true when the string was one. */
export function checkWriter(subject: Subject): boolean {
  const { call, position, attribute } = subject.place;
  if (call === undefined) return false;
  const whole = { start: 0, end: subject.string.text.length };
  if (call.name === 'makeDesktopItem') {
    if (attribute !== undefined && TEXT_ATTRIBUTE.test(attribute)) reportText(subject, whole, 'x.desktop');
    return true;
  }
  if (WRITERS[call.name] === position && attribute === undefined) {
    const name = fileName(call.arguments[0], subject.file) ?? '';
    reportText(subject, whole, SCRIPT_WRITER.test(call.name) ? `${name}.sh` : name);
    return true;
  }
  if ((call.name === 'writeTextFile' || call.name === 'writeShellApplication') && attribute === 'text') {
    const [set] = call.arguments;
    const name = ['destination', 'name'].map((key) => fileName(attributeValue(set, key, subject.file), subject.file));
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

const FLAGS =
  /(?:^|[a-z])(?:Flags|FlagsArray|FlagsCompile)$|^(?:ldflags|NIX_(?:C|LD)FLAGS.*|NIX_CFLAGS_COMPILE.*|CFLAGS|CXXFLAGS|LDFLAGS|GOFLAGS|RUSTFLAGS|CGO_[A-Z]+|(?:extra|pre)?configureFlags|cmakeFlags|mesonFlags)$/;
const FLAG_FUNCTION = /^(?:cmakeFeature|cmakeOptionType|mesonOption)$/;
/** Flags by which a build finds things, and keeps nothing of. */
const LOOK_UP =
  /^\s*(?:-[LIBFl]|-isystem|-idirafter|-framework|--sysroot|-resource-dir|(?:CC|CXX|CPP|AR|LD|NM|AS|RANLIB|STRIP|OBJCOPY|PKG_CONFIG|HOSTCC|CROSS_COMPILE|MAKE|INSTALL|CMAKE|KERNEL_DIR|KDIR|KERNELDIR|KSRC|[A-Z_]*INCLUDE_PATH|CPATH|LIBRARY_PATH)=|--?(?:with-)?[A-Za-z0-9_-]*(?:include|lib|libs|libraries|headers|source|src)(?:-?dirs?|-?path)?=|-D[A-Z0-9a-z_]*(?:INCLUDE|LIBRAR|CMAKE_PREFIX_PATH|CMAKE_MODULE_PATH|SOURCE|_DIR=|ROOT|COMPILER|_SRC)[A-Z0-9a-z_:]*=)/i;
/** Where a compiler looks for what it compiles against, not where a program looks when it runs. */
const DEVELOPMENT = /\.dev\}|getDev|getInclude|\}\/(?:include|lib\/cmake|lib\/pkgconfig)\b/;

export function checkFlags(subject: Subject): boolean {
  const { attribute, call, position } = subject.place;
  const named = attribute !== undefined && FLAGS.test(attribute);
  const asked = call !== undefined && FLAG_FUNCTION.test(call.name) && position === 1;
  if (!named && !asked) return false;
  const { text } = subject.string;
  let start = 0;
  for (const [flag] of text.matchAll(/\S+\s*/g)) {
    const range = { start, end: start + flag.trimEnd().length };
    start += flag.length;
    const uses = subject.paths({ from: range.start, to: range.end });
    if (uses.length === 0) continue;
    if (/(?:^|[,"'=])-{1,2}rpath/.test(flag) || /(?:^|[\s,])-{1,2}rpath\s*$/.test(text.slice(0, range.start))) {
      reportRunPath(subject, range);
      continue;
    }
    const source = subject.source(range);
    if (LOOK_UP.test(flag) || DEVELOPMENT.test(source)) continue;
    subject.report(
      {
        rule: 'nix/flag',
        severity: 'information',
        message: `store path given to the build: ${shown(source)}`,
        advice:
          'compiled in: a relocation keeps it working through the store alias; a look-up at run time would be relative',
      },
      range,
    );
  }
  return true;
}

/** `replaceVars ./file { git = "${git}"; }` and its elder siblings. */
export function checkReplaceVars(call: Call, place: Place, file: string, report: (finding: RawFinding) => void): void {
  const isNew = call.name === 'replaceVars' && call.arguments.length === 2;
  const isOld = call.name === 'substituteAll' && call.arguments.length === 1;
  if (!isNew && !isOld) return;
  const set = call.arguments.at(-1);
  const source = isNew ? call.arguments[0] : attributeValue(set, 'src', file);
  if (set?.kind !== 'set' || source === undefined) return;
  const name = fileName(source, file) ?? lastName(source, file) ?? 'a file';
  const language = languageOf(name) ?? unknownLanguage;
  const add = (range: { readonly start: number; readonly end: number }, what: string) =>
    report({
      rule:
        language.severity === 'error' && /systemd|desktop|udev/.test(language.name)
          ? 'nix/host-text'
          : 'nix/substitute',
      severity: language.severity,
      message: `store path substituted into ${language === unknownLanguage ? name : `${language.name} (${name})`}: ${shown(what)}`,
      advice: language.advice,
      start: range.start,
      end: range.end,
      context: `${place.trail}.${call.name}`,
      statement: range.start,
    });
  for (const binding of set.bindings) {
    if (binding.kind === 'inherit') {
      for (const each of binding.names) {
        const value = storeValue(
          { kind: 'name', start: 0, end: 0, name: staticName(each, file) ?? '' },
          place.scope,
          file,
        );
        if (value === 'yes' && binding.from === undefined) add(each, file.slice(each.start, each.end));
      }
      continue;
    }
    const key = binding.path[0] && staticName(binding.path[0], file);
    if (isOld && /^(?:src|name|isExecutable|dir|postInstall|meta)$/.test(key ?? '')) continue;
    if (storeValue(binding.value, place.scope, file) === 'yes') add(binding, file.slice(binding.start, binding.end));
  }
}
