/** The configuration: `unmoor.config.json`, `.js`, `.mjs`, `.ts`, or `"unmoor"` in package.json. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../pipeline/user-error.ts';
import { SEVERITIES, type Severity } from './finding.ts';
import { checkRuleIds } from './rules.ts';

export interface CheckConfig {
  /** Patterns as in `.gitignore`, relative to the configuration's directory. */
  readonly exclude: readonly string[];
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly failOn: Severity;
  /** Relative to the configuration's directory. */
  readonly baseline: string;
  /** In bytes; bigger files are skipped. */
  readonly maxFileSize: number;
  readonly storeDir: string;
}

const DEFAULTS: CheckConfig = {
  exclude: [],
  rules: {},
  failOn: 'warning',
  baseline: 'unmoor-baseline.json',
  maxFileSize: 16 * 1024 * 1024,
  storeDir: '/nix/store',
};

const NAMES = ['unmoor.config.json', 'unmoor.config.js', 'unmoor.config.mjs', 'unmoor.config.ts'];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What is wrong with a key's value; undefined when nothing is. */
const problems: Readonly<Record<keyof CheckConfig, (value: unknown) => string | undefined>> = {
  exclude: (value) => (Array.isArray(value) && value.every(isText) ? undefined : 'a list of patterns is expected'),
  rules: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object of rules is expected',
  failOn: (value) =>
    SEVERITIES.includes(value as Severity) ? undefined : `one of ${SEVERITIES.join(', ')} is expected`,
  baseline: (value) => (isText(value) ? undefined : 'a file name is expected'),
  maxFileSize: (value) =>
    Number.isInteger(value) && (value as number) > 0 ? undefined : 'a number of bytes is expected',
  storeDir: (value) => (isText(value) && /^\/[^/].*[^/]$/.test(value) ? undefined : 'an absolute path is expected'),
};

/** The member of a list that a misspelt word is nearest to. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const pairs = (text: string) => new Set([...text].map((_, i) => text.slice(i, i + 2)));
  const own = pairs(word.toLowerCase());
  const score = (other: string) => [...pairs(other.toLowerCase())].filter((pair) => own.has(pair)).length;
  const best = [...known].sort((a, b) => score(b) - score(a))[0];
  return best !== undefined && score(best) * 2 >= own.size ? best : undefined;
}

/**
 * Completes a configuration.
 *
 * @throws {UserError} that names the file and the key.
 */
export function validConfig(value: unknown, file: string): CheckConfig {
  const wrong = (what: string, hint?: string) =>
    new UserError(`${file}: ${what}`, { exitCode: 2, ...(hint !== undefined && { hint }) });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('an object is expected');
  for (const [key, member] of Object.entries(value)) {
    if (!Object.hasOwn(problems, key)) {
      const near = nearest(key, Object.keys(problems));
      throw wrong(
        `"${key}": there is no such key`,
        near === undefined ? `keys: ${Object.keys(problems).join(', ')}` : `did you mean "${near}"?`,
      );
    }
    const problem = problems[key as keyof CheckConfig](member);
    if (problem !== undefined) throw wrong(`"${key}": ${problem}, not ${JSON.stringify(member)}`);
  }
  const config = { ...DEFAULTS, ...(value as Partial<CheckConfig>) };
  for (const [rule, severity] of Object.entries(config.rules)) {
    if (!checkRuleIds.has(rule)) {
      const near = nearest(rule, [...checkRuleIds]);
      throw wrong(
        `"rules"."${rule}": there is no such rule`,
        near === undefined ? "'unmoor explain' lists the rules" : `did you mean "${near}"?`,
      );
    }
    if (severity !== 'off' && !SEVERITIES.includes(severity)) {
      throw wrong(
        `"rules"."${rule}": one of off, ${SEVERITIES.join(', ')} is expected, not ${JSON.stringify(severity)}`,
      );
    }
  }
  return config;
}

async function load(file: string): Promise<unknown> {
  try {
    if (statSync(file).isDirectory()) throw new Error('a directory');
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
    const { default: value } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (value === undefined) throw new Error('there is no default export');
    return value;
  } catch (error) {
    const what = (error as Error).message.split('\n').slice(0, 1).join();
    const json = error instanceof SyntaxError && file.endsWith('.json') ? 'this is no JSON: ' : '';
    throw new UserError(`${file}: ${json}${what}`, { exitCode: 2, cause: error });
  }
}

/**
 * Finds and reads the configuration: the named file, or the nearest from `from` up to `top`.
 *
 * @throws {UserError}
 */
export async function readConfig(
  from: string,
  top: string,
  named: string | undefined,
): Promise<{ readonly config: CheckConfig; readonly directory: string }> {
  if (named !== undefined) {
    const file = resolve(from, named);
    if (!existsSync(file)) throw new UserError(`${named}: no such file`, { exitCode: 2 });
    return { config: validConfig(await load(file), named), directory: dirname(file) };
  }
  for (let directory = from; ; directory = dirname(directory)) {
    const [file, other] = NAMES.map((name) => join(directory, name)).filter((path) => existsSync(path));
    if (other !== undefined) throw new UserError(`${file} and ${other}: two configurations`, { exitCode: 2 });
    if (file !== undefined) return { config: validConfig(await load(file), file), directory };
    const manifest = join(directory, 'package.json');
    if (existsSync(manifest)) {
      const own = ((await load(manifest)) as { unmoor?: unknown } | null)?.unmoor;
      if (own !== undefined) return { config: validConfig(own, `${manifest}: "unmoor"`), directory };
    }
    if (directory === top || dirname(directory) === directory) return { config: DEFAULTS, directory: top };
  }
}
