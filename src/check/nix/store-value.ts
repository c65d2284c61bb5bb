/**
 * Whether an expression gives a store path: `yes`, `no` and `own` (a path in an own output, by `placeholder`) are sure,
 * `maybe` is not known without evaluation.
 */

import { type Antiquotation, type Expression, staticName } from '../../syntax/nix/tree.ts';
import { meaningOf, type Scope, scopeOfBindings, scopeOfLambda } from './scope.ts';
import { callOf, lastName } from './walk.ts';

export type StoreValue = 'yes' | 'no' | 'own' | 'maybe';

/** Attributes and arguments that are texts, not packages, whatever they belong to. */
const TEXT_NAME =
  /(?:^|[a-z0-9_-])(?:version|name|rev|hash|sha256|sha512|system|url|suffix|ext|extension|arch|platform|date|owner|repo|flags?|description|dir|directory|mode|user|group|port|lang|locale|major|minor|type|soname|text|script|cmd|command|args?|id|tag|level|prefix|branch|variant|triple|config|target|file|files|path|paths|cores|count|index|key|value|size|isa|abi|home|root|state|executable|driverLink)$/i;

const OUTPUT_NAME =
  /^(?:out|dev|lib|bin|man|doc|info|static|debug|outPath|libc|cc|bintools|shell|runtimeShell|dynamicLinker|finalPackage|passthru\.updateScript)$/;

/** Sets whose members are packages. */
const PACKAGE_SET =
  /^(?:pkgs|pkgs(?:Build|Host|Target)(?:Build|Host|Target)|buildPackages|targetPackages|pkgsCross|super|prev|final|self|(?:[a-zA-Z0-9]+Packages(?:_[0-9_]+)?)|xorg|gnome|libsForQt5|qt[56]|darwin|inputs|beam|llvmPackages.*|python[0-9]*\.pkgs)$/;

const PATH_FUNCTION =
  /^(?:make(?:Bin|Library|Include|Search|Perl|FullPerl|Sbin)(?:Path|PathOutput|SearchPath.*)|makeSearchPath(?:Output)?|getExe'?|get(?:Bin|Lib|Dev|Man|Output|Static|Include)|storePath|toFile|filterSource|fetch[A-Za-z0-9]*|write[A-Z][A-Za-z0-9]*|runCommand[A-Za-z]*|symlinkJoin|buildEnv|linkFarm[A-Za-z]*|derivation|mkDerivation|override(?:Attrs|Derivation)?|withPackages|callPackage|makeWrapper|replaceVars(?:With)?|substituteAll|buildPackages|lookupSystemTool|makeFontsConf|build[A-Z][A-Za-z]*(?:Package|Module|Application|Env))$/;

const TRANSPARENT_FUNCTION =
  /^(?:toString|escapeShellArg|lib\.escapeShellArg|optionalString|removeSuffix|unsafeDiscardStringContext|addContextFrom)$/;

/** Names of what is a package, wherever it comes from. */
const PACKAGE_NAME = /(?:^pkg|[pP]ackage|[dD]rv|[dD]erivation|Pkg)$/;

/** How many expressions are looked at to tell about one: names may stand for names that stand for names. */
const MAX_STEPS = 200;

interface Budget {
  left: number;
}

export function storeValue(
  expression: Expression,
  scope: Scope,
  text: string,
  budget: Budget = { left: MAX_STEPS },
): StoreValue {
  if (--budget.left < 0) return 'maybe';
  const again = (next: Expression | undefined, inner = scope): StoreValue =>
    next === undefined ? 'maybe' : storeValue(next, inner, text, budget);
  switch (expression.kind) {
    case 'name': {
      const { name } = expression;
      if (name === 'runtimeShell') return 'yes';
      if (name === 'true' || name === 'false' || name === 'null') return 'no';
      const meaning = meaningOf(name, scope);
      if (typeof meaning === 'object') {
        const value = again(meaning.value, meaning.scope);
        return value === 'maybe' && TEXT_NAME.test(name) ? 'no' : value;
      }
      // There is a package of that name, too.
      if (name === 'file' && meaning === 'formal') return 'maybe';
      if (TEXT_NAME.test(name)) return 'no';
      return meaning === 'argument' ? 'maybe' : 'yes';
    }
    case 'path':
      return 'yes';
    case 'string': {
      const first = expression.parts[0];
      if (first === undefined) return 'no';
      return first.kind === 'text' ? 'no' : again(first.expression);
    }
    case 'select':
      return selected(expression, text);
    case 'apply': {
      const call = callOf(expression, text);
      if (call.name === 'placeholder') return 'own';
      if (PATH_FUNCTION.test(call.name)) return 'yes';
      const last = call.arguments.at(-1);
      // The place of the source itself, which is not copied into the store.
      if (call.name === 'toString' && last?.kind === 'path') return 'no';
      if (TRANSPARENT_FUNCTION.test(call.name)) return again(last);
      return 'maybe';
    }
    case 'if': {
      const both = [again(expression.consequence), again(expression.alternative)];
      return (['yes', 'own', 'maybe'] as const).find((value) => both.includes(value)) ?? 'no';
    }
    case 'binary':
      // `derivation { } // { passthru = ...; }` is still one.
      return /^(?:\+|\/\/)$/.test(expression.operator) ? again(expression.left) : 'no';
    case 'let':
      return again(expression.body, scopeOfBindings(expression.bindings, text, scope));
    case 'with':
    case 'assert':
      return again(expression.body);
    case 'lambda':
      return 'maybe';
    case 'integer':
    case 'float':
    case 'uri':
    case 'list':
    case 'has':
    case 'unary':
      return 'no';
    case 'set':
    case 'search-path':
    case 'error':
      return 'maybe';
  }
}

/** Sets of options: their members may be anything, whatever they are called. */
const OPTIONS = /^(?:config|cfg|settings|options|args|opts)$/;

function selected(expression: Expression & { readonly kind: 'select' }, text: string): StoreValue {
  const names = expression.path.map((name) => staticName(name, text) ?? '');
  const last = names.at(-1) ?? '';
  if (OPTIONS.test(lastName(expression.subject, text) ?? '') && !PACKAGE_NAME.test(names.at(-2) ?? '')) {
    return PACKAGE_NAME.test(last) || last === 'outPath' ? 'yes' : TEXT_NAME.test(last) ? 'no' : 'maybe';
  }
  if (OUTPUT_NAME.test(last)) return 'yes';
  const before = names.length > 1 ? names.at(-2) : lastName(expression.subject, text);
  if (last === 'interpreter' && /python/i.test(before ?? '')) return 'yes';
  if (last === 'home' && /jdk|jre|java/i.test(before ?? '')) return 'yes';
  if (TEXT_NAME.test(last)) return 'no';
  return before !== undefined && PACKAGE_SET.test(before) ? 'yes' : 'maybe';
}

/** Whether the name alone says that this is a package. */
export function isPackageName(expression: Expression, text: string): boolean {
  return PACKAGE_NAME.test(lastName(expression, text) ?? '');
}

/** Functions of texts and lists that keep what they are given. */
const KEEPS =
  /^(?:optional(?:s|String|Attrs)?|concat(?:Map)?(?:Strings(?:Sep)?|Lists|Map)?|map|toString|escapeShellArgs?|flatten|singleton|toJSON|to(?:INI|INIWithGlobalSection|KeyValue|GitINI|Plist|YAML|Lua|Pretty|XML)|unwords|unlines|trim|attrValues|mapAttrsToList|toShellVars?|toGNUCommandLine(?:Shell)?)$/;

/** Whether a text, or what it is made of, has a store path at the beginning of a word in it, own outputs included. */
export function mentionsStore(
  expression: Expression,
  scope: Scope,
  text: string,
  budget: Budget = { left: MAX_STEPS },
): boolean {
  if (--budget.left < 0) return false;
  const again = (next: Expression | undefined, inner = scope): boolean =>
    next !== undefined && mentionsStore(next, inner, text, budget);
  switch (expression.kind) {
    case 'string':
      return expression.parts.some((part, i) => {
        const before = expression.parts[i - 1];
        const glued = before?.kind === 'text' && /[\w./$)}-]$/.test(text.slice(before.start, before.end));
        if (part.kind !== 'antiquotation' || glued) return false;
        const value = storeValue(part.expression, scope, text, budget);
        return value === 'yes' || value === 'own' || again(part.expression);
      });
    case 'apply': {
      const call = callOf(expression, text);
      if (KEEPS.test(call.name)) return call.arguments.some((argument) => again(argument));
      const value = storeValue(expression, scope, text, budget);
      return value === 'yes' || value === 'own';
    }
    case 'name': {
      // What a function is given may be a function, a list, a switch: only texts are looked into.
      const meaning = meaningOf(expression.name, scope);
      return typeof meaning === 'object' && again(meaning.value, meaning.scope);
    }
    case 'list':
      return expression.elements.some((element) => again(element));
    case 'set':
      return expression.bindings.some((binding) => binding.kind === 'binding' && again(binding.value));
    case 'binary':
      return /^(?:\+|\+\+|\/\/)$/.test(expression.operator) && (again(expression.left) || again(expression.right));
    case 'if':
      return again(expression.consequence) || again(expression.alternative);
    case 'lambda':
      return again(expression.body, scopeOfLambda(expression, scope, false));
    case 'let':
      return again(expression.body, scopeOfBindings(expression.bindings, text, scope));
    case 'with':
    case 'assert':
      return again(expression.body);
    default:
      return false;
  }
}

/** The own output, as `${placeholder "out"}`. */
export function isOwnOutput({ expression }: Antiquotation, text: string): boolean {
  return expression.kind === 'apply' && callOf(expression, text).name === 'placeholder';
}
