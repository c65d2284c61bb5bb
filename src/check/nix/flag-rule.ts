/** Flags of build systems that compile a store path in, as attributes and as shell variables. */

import { RUN_PATH_LISTS, reportRunPath } from './elf-rule.ts';
import { shown } from './link-rule.ts';
import type { ShellCommand } from './shell.ts';
import type { Range, Subject } from './subject.ts';

const FLAGS =
  /(?:^|[a-z])(?:Flags|FlagsArray|FlagsCompile)$|^(?:ldflags|NIX_(?:C|LD)FLAGS.*|C(?:PP|XX)?FLAGS|LDFLAGS|GOFLAGS|RUSTFLAGS|CGO_[A-Z]+)$/;
const FLAG_FUNCTION = /^(?:cmakeFeature|cmakeOptionType|mesonOption)$/;

/** Programs that only the build uses, by what the flag is called. */
const BUILD_TOOL =
  /^(?:[A-Z_]*_)?(?:CC|CXX|CPP|AR|AS|LD|NM|RANLIB|STRIP|LIPO|OBJCOPY|OBJDUMP|READELF|PKG_?CONFIG|DTC|F77|F90|FC|SHELL|BINDGEN|RUSTC|CARGO|RUSTFMT|LINKER|LIT|XMLTO|ASCIIDOC|LATEX2MAN|INSTALL|MAKE|CMAKE|KERNEL_?DIR|KDIR|KSRC|KERNELSRC|SYSROOT|GROFFBIN|GROFF_BIN_PATH)(?:_FOR_BUILD|64|32)?$/;
/** Sources and places that only the build uses, and programs under longer names. */
const BUILD_KEY = new RegExp(
  [
    '(?:^|_)(?:HOST|BUILD|FOR_BUILD)(?:_|$)|_FOR_(?:BUILD|HOST)$|CROSS_?COMPILE|COMPILER|TABLEGEN|PROTOC|GRPC_CPP_PLUGIN|^CMAKE_|_EXECUTABLE$|_SOURCE_DIR$|_SRC$|STANDARD$|^CUDA|CUDNN|CLANG_TOOL|LINK_TOOL|OPT_TOOL|EXTERNAL_LIT|INCLUDE|LIBRAR|CPATH|PREFIX_PATH|MODULE_PATH|_DIR$|_ROOT$|DEV_KIT|SIGN_HOOK|TEST',
    'docbook|xsl|catalog|sphinx|gradle|(?:cross|native)-file|php-config|[a-z]-config$|java\\.home|^host-cc$|build-cc|metalcc|ld-path|toolset|testfile|test-?data|linker$|^build\\.|musl-root|sysroot|antlr|ecj-jar|^with-(?:as|ld|cpp|gcc|clang)$|^compiler$|cross.*wrapper|tblgen|lipo',
  ].join('|'),
  'i',
);
/** What the compiler and the linker look through. */
const LOOK_UP =
  /^\s*(?:-[LIBFl]|-isystem|-idirafter|-iquote|-framework|-resource-dir|-Clinker=|(?:-C)?link-arg=-[LB]|-Wl,-L)/;
const SEPARATE = /^-(?:[LIBF]|isystem|idirafter|iquote|framework|include)$/;
const PLACE_KEY = /(?:include|lib|libs|libraries|headers|source|src)(?:-?dirs?|-?path)?$/i;
/** Where a compiler looks for what it compiles against, not where a program looks when it runs. */
const DEVELOPMENT =
  /\.dev\}|getDev|getInclude|\}\/(?:include|lib(?:64)?|lib\/cmake|lib\/pkgconfig)\/?["'\\]*(?:$|[,:])|\.(?:a|o|so|dylib|tbd|elf)["'\\]*$|\$\{(?:finalAttrs\.)?src\}/;
/** Packages that only the build runs. */
const BUILD_PACKAGE =
  /buildPackages|pkgsBuild|pythonOnBuild|[bB]uild(?:Stdenv|Llvm)|native(?:Bintools|CC)|stdenv\.cc\b|bintools|[cC]ross|[tT]ool[cC]hain|tblgen|\bclang|\bgcc\b/;
/** A program by a function that gives one: the path is whole without anything behind it. */
const PROGRAM = /getExe|[sS]hell\}|\.interpreter\}/;

/** A flag's name: `GIT_PATH` of `-DGIT_PATH:FILEPATH=x`, `with-git` of `--with-git=x`. */
function keyOf(flag: string): string {
  return /^["'(]*(?:--set=)?(?:-D\s*|-{1,2})?([^=\s]*?)(?::[A-Z]+)?\+?=/s.exec(flag)?.[1] ?? '';
}

function isLookUp(flag: string, source: string): boolean {
  if (LOOK_UP.test(flag) || DEVELOPMENT.test(source) || BUILD_PACKAGE.test(source)) return true;
  const key = keyOf(flag);
  if (BUILD_TOOL.test(key) || BUILD_KEY.test(key) || PLACE_KEY.test(key)) return true;
  // A package's whole directory: there the build finds what it compiles against.
  return /^[^\ue000-\uf8ff]*[\ue000-\uf8ff]["'\\)]*$/.test(flag) && !PROGRAM.test(source);
}

/** @returns whether the text is one of flags. */
export function checkFlags(subject: Subject): boolean {
  const { attribute, call, position } = subject.place;
  const whole = { start: 0, end: subject.string.text.length };
  if (attribute !== undefined && RUN_PATH_LISTS.test(attribute)) {
    if (subject.bakes(whole)) reportRunPath(subject, whole);
    return true;
  }
  const asked = call !== undefined && FLAG_FUNCTION.test(call.name) && position === 1;
  if (asked) {
    const name = call.arguments[0];
    const key = name === undefined ? '' : subject.file.text.slice(name.start + 1, name.end - 1);
    checkFlagText(subject, whole, `-D${key}=`);
    return true;
  }
  const named = attribute !== undefined && FLAGS.test(attribute);
  if (named) checkFlagText(subject, whole);
  return named;
}

/** `export NIX_CFLAGS_COMPILE+=" -DX=\"$out/x\""`, `cmakeFlagsArray+=("-DX=${dep}/x")`. */
export function checkFlagAssignments(subject: Subject, command: ShellCommand): void {
  const words = command.name === 'export' ? command.words : command.assignments;
  for (const { value, start, end } of words) {
    const name = /^(\w+)\+?=["'(]*/.exec(value);
    if (name === null || !FLAGS.test(name[1] as string) || /wrapper/i.test(value)) continue;
    const text = subject.string.text.slice(start, end);
    const behind = /^\w+\+?=["'(]*/.exec(text)?.[0].length ?? 0;
    checkFlagText(subject, { start: start + behind, end }, '', command);
  }
}

/** Longer flags are shown as they are. */
const MAX_FLAG = 1000;

/** Without the end of a quotation or an array that began before. */
function withoutLooseQuotes(flag: string): string {
  let end = flag.length;
  if (end > MAX_FLAG) return flag;
  while (/["')]/.test(flag[end - 1] ?? '') && flag[end - 2] !== '\\') {
    const quote = flag[end - 1] as string;
    const opening = quote === ')' ? '(' : quote;
    const count = (character: string) => flag.slice(0, end - 1).split(character).length - 1;
    const isOpen = quote === ')' ? count(opening) > count(')') : count(opening) % 2 === 1;
    if (isOpen) break;
    end--;
  }
  return flag.slice(0, end);
}

/** @param before what stands before the first flag where the text is only its value. */
function checkFlagText(subject: Subject, whole: Range, before = '', command?: ShellCommand): void {
  const text = subject.string.text.slice(whole.start, whole.end);
  let start = whole.start;
  let last = '';
  for (const [piece] of text.matchAll(/\S+\s*|\s+/g)) {
    const flag = withoutLooseQuotes(piece.trimEnd());
    const range = { start, end: start + flag.length };
    start += piece.length;
    const previous = last;
    if (flag !== '') last = flag.replace(/["']/g, '');
    // A command's output is no path.
    if (flag === '' || /\$\(|`/.test(flag) || subject.paths({ from: range.start, to: range.end }).length === 0)
      continue;
    if (/(?:^|[,"'=])-{1,2}rpath/.test(flag) || /(?:^|,)-{1,2}rpath$/.test(previous)) {
      reportRunPath(subject, range, command);
      continue;
    }
    const source = subject.source(range);
    if (SEPARATE.test(previous) || isLookUp(before + flag, source)) continue;
    subject.report(
      {
        rule: 'nix/flag',
        severity: 'information',
        message: `store path given to the build: ${shown(source)}`,
        advice:
          'compiled in: a relocation keeps it working through the store alias; a look-up at run time would be relative',
      },
      range,
      command,
    );
  }
}
