/** Why a package needs an object: the chain of references from one to the other, with the paths that make each link. */

import type { AuditReport, ReportObject, ReportSite } from './report.ts';
import { whyTarget } from './why-target.ts';

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
  /** Whether every link of it is live, and one of the paths at the place: else nothing at work needs it this way. */
  readonly live: boolean;
  /** When a place was asked for: it is in `to`. */
  readonly at?: WhyPlace;
}

export interface WhyPlace {
  /** Store path of the object that holds the file. */
  readonly object: string;
  readonly file: string;
  /** The hardcoded paths there; at least one. */
  readonly sites: readonly ReportSite[];
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

/**
 * Explains.
 *
 * @param report audit of the package's closure
 * @param from store path of the package
 * @param word an object, or a place in a file: see `whyTarget`
 * @throws {UserError} when the word means nothing in the closure, or several things
 */
export function why(report: AuditReport, from: string, word: string): WhyReport {
  const { object, place } = whyTarget(report, from, word);
  const to = object.path;
  const alive = shortest(report, from, to, true);
  const chain = alive ?? shortest(report, from, to, false) ?? [];
  const isUsed = place === undefined || place.sites.some(({ role }) => role === 'run-time');
  return {
    version: 1,
    from,
    to,
    chain,
    live: alive !== undefined && isUsed,
    ...(place !== undefined && { at: { object: to, ...place } }),
  };
}
