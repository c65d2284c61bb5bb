/** What the rules know of the file that they look at. */

import { type Expression, type NixFile, staticName } from '../../syntax/nix/tree.ts';
import { type Scope, scopeOfBindings, scopeOfLambda } from './scope.ts';
import { storeValue } from './store-value.ts';

export interface SourceFile {
  /** latin1. */
  readonly text: string;
  /** Shell variables that hold an output of the build: those that every build has, and those that the file names. */
  readonly outputs: ReadonlySet<string>;
  /** Other shell variables that hold store paths: attributes of derivations, which are the environment of the build. */
  readonly variables: ReadonlySet<string>;
  /** A module of NixOS, Home Manager, nix-darwin or flake-parts: it configures a system, and is no package. */
  readonly isModule: boolean;
  /** Outputs become the roots of images, where other ways lead up to the store. */
  readonly makesImages: boolean;
  /** The build itself moves files from one output to another. */
  readonly movesOutputs: boolean;
  /** A shell script of a build. */
  readonly isScript: boolean;
  /** The build goes by phases of the standard environment, whose fixup makes links inside of one output relative. */
  readonly hasFixup: boolean;
}

/** A `.nix` file. */
export function nixSource(text: string, { expression }: NixFile, variables: ReadonlySet<string>): SourceFile {
  return {
    text,
    outputs: outputsOf(text),
    variables,
    isModule: isModule(expression, text),
    makesImages: IMAGES.test(text),
    movesOutputs: MOVES.test(text),
    isScript: false,
    hasFixup: !NO_FIXUP.test(text),
  };
}

/** A shell script of a build: a builder, or a setup hook. */
export function scriptSource(text: string): SourceFile {
  const hasFixup = /\bgenericBuild\b|Phases?\b|Hooks\+?=/.test(text) && !NO_FIXUP.test(text);
  return {
    text,
    outputs: outputsOf(text),
    variables: new Set(),
    isModule: false,
    makesImages: false,
    movesOutputs: MOVES.test(text),
    isScript: true,
    hasFixup,
  };
}

/**
 * Adds the attributes of a derivation that hold store paths: a build has them as variables.
 *
 * @param expression an argument of a call.
 */
export function addEnvironment(expression: Expression, scope: Scope, text: string, variables: Set<string>): void {
  if (expression.kind === 'lambda') {
    addEnvironment(expression.body, scopeOfLambda(expression, scope, false), text, variables);
  } else if (expression.kind === 'binary' && expression.operator === '//') {
    addEnvironment(expression.left, scope, text, variables);
    addEnvironment(expression.right, scope, text, variables);
  }
  if (expression.kind !== 'set') return;
  const inner = expression.recursive ? scopeOfBindings(expression.bindings, text, scope) : scope;
  for (const binding of expression.bindings) {
    const names = binding.kind === 'inherit' ? (binding.from === undefined ? binding.names : []) : binding.path;
    for (const each of names) {
      const name = staticName(each, text) ?? '';
      if (!/^[A-Za-z_]\w*$/.test(name)) continue;
      if (binding.kind === 'binding' && binding.path.length > 1) continue;
      const value = binding.kind === 'binding' ? binding.value : { kind: 'name' as const, start: 0, end: 0, name };
      const held = storeValue(value, binding.kind === 'binding' ? inner : scope, text);
      if (held === 'yes' || (held === 'maybe' && SOURCE.test(name))) variables.add(name);
    }
  }
}

/** Attributes that hold store paths, whatever they are given by. */
const SOURCE = /^(?:src|source|package|pkg|drv)$/;

const NO_FIXUP =
  /\b(?:dontFixup|dontRewriteSymlinks)\s*=\s*(?:true|1|"1")|\bphases\s*=\s*\[(?![^\]]{0,2000}fixupPhase)/;

const IMAGES = /\b(?:dockerTools|copyToRoot|build(?:Layered)?Image|streamLayeredImage)\b/;

const MOVES = /\bmoveToOutput\b/;

const OUTPUT_LISTS = /\boutputs\s*=\s*([^;]*)/g;

function outputsOf(text: string): Set<string> {
  const outputs = new Set(['out', 'prefix']);
  for (const [, list = ''] of text.matchAll(OUTPUT_LISTS)) {
    for (const [, name = ''] of list.slice(0, 1000).matchAll(/"([A-Za-z_]\w*)"/g)) outputs.add(name);
  }
  return outputs;
}

/** What stands at the top of modules. */
const MODULE_KEYS = new Set([
  'boot',
  'config',
  'environment',
  'flake',
  'fonts',
  'hardware',
  'home',
  'home-manager',
  'imports',
  'launchd',
  'networking',
  'nix',
  'nixpkgs',
  'options',
  'perSystem',
  'programs',
  'security',
  'services',
  'sops',
  'system',
  'systemd',
  'users',
  'virtualisation',
  'wayland',
  'xdg',
]);

/** Arguments that `callPackage` gives to packages, and nothing gives to modules. */
const PACKAGE_ARGUMENT =
  /^(?:stdenv|stdenvNoCC|fetch\w+|callPackage|buildGoModule|rustPlatform|makeWrapper|runCommand)$/;

function isModule(root: Expression, text: string): boolean {
  let node: Expression | undefined = root;
  for (let steps = 0; node !== undefined && steps < 50; steps++) {
    if (node.kind === 'lambda') {
      if (node.formals?.some(({ name }) => PACKAGE_ARGUMENT.test(name))) return false;
      node = node.body;
    } else if (node.kind === 'let' || node.kind === 'with' || node.kind === 'assert') node = node.body;
    else if (node.kind === 'apply') node = node.argument;
    else break;
  }
  if (node?.kind !== 'set') return false;
  const keys = node.bindings.flatMap((binding) =>
    binding.kind === 'binding' && binding.path[0] !== undefined ? [staticName(binding.path[0], text) ?? ''] : [],
  );
  // Attributes of a derivation have other names.
  return keys.length > 0 && keys.some((key) => MODULE_KEYS.has(key)) && !keys.some((key) => NO_MODULE.test(key));
}

const NO_MODULE = /^(?:pname|version|src|inputs|outputs|name|buildInputs|nativeBuildInputs)$/;
