/**
 * The derivation graph of a package, and how the graphs of two store directories map onto each other. A derivation is
 * known by what it says once store directories and digests are taken out of it, as Nix's own `hashDerivationModulo`
 * (libstore/derivations.cc) takes out the paths of inputs.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compressHash, toBase32 } from '../../store/base32.ts';
import { type DigestMap, renameDigests, renameDigestsInText, renamedTree } from '../../store/renamed-digests.ts';
import { DIGEST_LENGTH } from '../../store/store-path.ts';
import { type Derivation, parseDerivation } from '../../syntax/derivation.ts';
import { UserError } from '../user-error.ts';

export interface GraphNode {
  /** Store path of the derivation. */
  readonly path: string;
  /** Name without digest, with `.drv`. */
  readonly name: string;
  /** The same under every store directory, unless the derivation itself depends on it. */
  readonly key: string;
  readonly derivation: Derivation;
}

export interface Graph {
  readonly storeDir: string;
  readonly root: string;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** From each known digest to one that does not depend on the store directory. */
  readonly canonical: DigestMap;
  /** From output paths to their derivation. */
  readonly producers: ReadonlyMap<string, GraphNode>;
}

const STORE = '@store@';

function digestOf(path: string, storeDir: string): string {
  return path.slice(storeDir.length + 1, storeDir.length + 1 + DIGEST_LENGTH);
}

function nameOf(path: string, storeDir: string): string {
  return path.slice(storeDir.length + 2 + DIGEST_LENGTH);
}

/** A digest made from a text. */
function digestFor(text: string): string {
  return toBase32(compressHash(createHash('sha256').update(text, 'latin1').digest()));
}

function readDerivation(path: string): Derivation {
  const text = readFileSync(Buffer.from(path, 'latin1'), 'latin1');
  try {
    return parseDerivation(text);
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, {
      hint: 'verify needs derivations as Nix writes them without experimental features',
    });
  }
}

/**
 * Reads the graph below a derivation.
 *
 * @param root store path of the derivation
 * @throws {UserError} for a file that is no derivation.
 */
export function readGraph(root: string, storeDir: string): Graph {
  const nodes = new Map<string, GraphNode>();
  const canonical = new Map<string, string>();
  const producers = new Map<string, GraphNode>();

  const known = (path: string, label: string) => canonical.set(digestOf(path, storeDir), digestFor(label));
  const modulo = (text: string) => renameDigestsInText(text.replaceAll(storeDir, STORE), canonical);

  /** A source is known by its name and contents; texts may refer to other sources, which are then inputs too. */
  const addSources = (paths: readonly string[]) => {
    for (const path of paths) {
      if (canonical.has(digestOf(path, storeDir))) continue;
      known(
        path,
        `source ${nameOf(path, storeDir)} ${renamedTree(path, (bytes) => renameDigests(bytes, canonical)).narHash}`,
      );
    }
  };

  const visit = (path: string): GraphNode => {
    const seen = nodes.get(path);
    if (seen !== undefined) return seen;
    const derivation = readDerivation(path);
    const inputs = derivation.inputDerivations.map((input) => ({ key: visit(input.path).key, outputs: input.outputs }));
    addSources(derivation.inputSources);
    const name = nameOf(path, storeDir);
    // Its own outputs are known by their names alone while its text is made.
    for (const output of derivation.outputs) {
      if (output.path === '') {
        throw new UserError(`${path}: the path of output '${output.name}' is known only after the build`, {
          hint: 'content-addressed derivations already compare by contents; verify takes input-addressed ones',
        });
      }
      known(output.path, `own output ${name} ${output.name}`);
    }
    const text = JSON.stringify([
      name,
      derivation.outputs.map((output) => [output.name, output.hashAlgorithm, output.hash]),
      inputs.map((input) => JSON.stringify(input)).sort(),
      derivation.inputSources.map((source) => modulo(source)).sort(),
      derivation.system,
      modulo(derivation.builder),
      derivation.arguments.map(modulo),
      derivation.environment.map(([variable, value]) => [variable, modulo(value)]),
    ]);
    const key = createHash('sha256').update(text, 'latin1').digest('hex');
    const node: GraphNode = { path, name, key, derivation };
    nodes.set(path, node);
    known(path, `derivation ${key}`);
    for (const output of derivation.outputs) {
      known(output.path, `output ${key} ${output.name}`);
      producers.set(output.path, node);
    }
    return node;
  };
  visit(root);
  return { storeDir, root, nodes, canonical, producers };
}

/** A place where two graphs are not the same. */
export interface GraphDifference {
  readonly left: string;
  readonly right: string;
  /** What the two derivations say differently. */
  readonly what: string;
}

export interface Alignment {
  /** From the digests of the right graph to the canonical ones of the left graph. */
  readonly canonical: DigestMap;
  readonly differences: readonly GraphDifference[];
}

/** What two derivations of one name say differently, their inputs aside. */
function differingParts(left: Graph, a: GraphNode, right: Graph, b: GraphNode): string {
  const plain = (graph: Graph, text: string) =>
    renameDigestsInText(text.replaceAll(graph.storeDir, STORE), graph.canonical).replace(/[0-9a-z]{32}-/g, '');
  const before = new Map(a.derivation.environment);
  for (const [variable, value] of b.derivation.environment) {
    const other = before.get(variable);
    if (other === undefined || plain(left, other) !== plain(right, value)) return `environment variable '${variable}'`;
  }
  if (a.derivation.arguments.join('\0') !== b.derivation.arguments.join('\0'))
    return 'the arguments, or what they hold';
  return 'its inputs';
}

/**
 * Maps the digests of one graph onto another's: derivations with the same key, then those of the same name that
 * stand at the same place.
 */
export function alignGraphs(left: Graph, right: Graph): Alignment {
  const canonical = new Map(right.canonical);
  const differences: GraphDifference[] = [];
  const done = new Set<string>();
  const pair = (a: GraphNode, b: GraphNode) => {
    if (done.has(b.path)) return;
    done.add(b.path);
    if (a.key === b.key) return;
    for (const output of b.derivation.outputs) {
      const twin = a.derivation.outputs.find(({ name }) => name === output.name);
      const digest = twin && left.canonical.get(digestOf(twin.path, left.storeDir));
      if (digest !== undefined) canonical.set(digestOf(output.path, right.storeDir), digest);
    }
    const inputsOf = (graph: Graph, node: GraphNode) =>
      node.derivation.inputDerivations.map(({ path }) => graph.nodes.get(path) as GraphNode);
    const lefts = inputsOf(left, a);
    const rights = inputsOf(right, b);
    const keys = new Set(lefts.map(({ key }) => key));
    const onlyRight = rights.filter(({ key }) => !keys.has(key));
    const rightKeys = new Set(rights.map(({ key }) => key));
    const onlyLeft = lefts.filter(({ key }) => !rightKeys.has(key));
    for (const input of onlyRight) {
      const twins = onlyLeft.filter(({ name }) => name === input.name);
      if (twins.length === 1) pair(twins[0] as GraphNode, input);
    }
    if (onlyRight.length === 0) {
      differences.push({ left: a.path, right: b.path, what: differingParts(left, a, right, b) });
    }
  };
  pair(left.nodes.get(left.root) as GraphNode, right.nodes.get(right.root) as GraphNode);
  return { canonical, differences };
}
