/** Why a package needs an object: the chain of references from one to the other, with the paths that make each link. */

import type { AuditReport, ReportObject, ReportSite } from './report.ts';
import { UserError } from './user-error.ts';

export interface WhyLink {
  /** Store path of the object that refers. */
  readonly from: string;
  readonly to: string;
  /** The hardcoded paths that lead there; none where only the digest stands, as in relative paths. */
  readonly sites: readonly ReportSite[];
  /** Whether a program at work may use one of them; a reference without a path counts as used. */
  readonly live: boolean;
}

export interface WhyReport {
  readonly version: 1;
  readonly from: string;
  readonly to: string;
  /** The shortest chain, over live links where there is one. */
  readonly chain: readonly WhyLink[];
  /** Whether every link of it is live: else nothing at work needs the object this way. */
  readonly live: boolean;
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function linkBetween(from: ReportObject, to: string): WhyLink {
  const target = baseName(to);
  const sites = from.sites.filter(({ reference }) => reference === target);
  return { from: from.path, to, sites, live: sites.length === 0 || sites.some(({ role }) => role === 'run-time') };
}

/** The shortest way through links that `accept` takes. */
function shortest(report: AuditReport, start: string, goal: string, onlyLive: boolean): WhyLink[] | undefined {
  const objects = new Map(report.objects.map((object) => [object.path, object]));
  const reached = new Map<string, WhyLink | undefined>([[start, undefined]]);
  const pending = [start];
  for (const path of pending) {
    if (path === goal) break;
    for (const reference of objects.get(path)?.references ?? []) {
      if (reached.has(reference) || !objects.has(reference)) continue;
      const link = linkBetween(objects.get(path) as ReportObject, reference);
      if (onlyLive && !link.live) continue;
      reached.set(reference, link);
      pending.push(reference);
    }
  }
  if (!reached.has(goal)) return undefined;
  const chain: WhyLink[] = [];
  for (let link = reached.get(goal); link !== undefined; link = reached.get(link.from)) chain.unshift(link);
  return chain;
}

/** The object that a word of the user means: its path, base name, digest, or name. */
function objectMeant(report: AuditReport, word: string): string {
  const wanted = baseName(word);
  const matches = report.objects.filter(({ path }) => {
    const name = baseName(path);
    return (
      name === wanted ||
      name.slice(0, 32) === wanted ||
      name.slice(33) === wanted ||
      name.slice(33).startsWith(`${wanted}-`)
    );
  });
  if (matches.length === 1) return (matches[0] as ReportObject).path;
  const names = matches.map(({ path }) => baseName(path)).join(', ');
  throw new UserError(
    matches.length === 0 ? `'${word}' is no object of the closure` : `'${word}' may be each of ${names}`,
    { exitCode: 2, hint: 'give the base name of an object: <digest>-<name>' },
  );
}

/**
 * Explains.
 *
 * @param report audit of the package's closure
 * @param from store path of the package
 * @param word what the reference leads to
 * @throws {UserError} when the word means no object, or several
 */
export function why(report: AuditReport, from: string, word: string): WhyReport {
  const to = objectMeant(report, word);
  const alive = shortest(report, from, to, true);
  const chain = alive ?? shortest(report, from, to, false) ?? [];
  return { version: 1, from, to, chain, live: alive !== undefined };
}
