/** What a user means by a word: an object of a closure, or a place in one of its files. */

import type { AuditReport, ReportObject, ReportSite } from './report.ts';
import { UserError } from './user-error.ts';

export interface WhyTarget {
  readonly object: ReportObject;
  /** When a file is meant, or a place in it. */
  readonly place?: { readonly file: string; readonly sites: readonly ReportSite[] };
}

interface Place {
  readonly path: string;
  readonly accepts: (site: ReportSite) => boolean;
}

/** As reports write places: `file:line`, `file:line:column`, `file+offset`. */
const PLACE = /^(?<path>.+?)(?::(?<line>\d+)(?::(?<column>\d+))?|\+(?<offset>\d+))$/s;

/** A word without the place behind it, if one stands there. */
export function pathOfWord(word: string): string {
  return PLACE.exec(word)?.groups?.path ?? word;
}

/** How a word can be read: as a path all of it, as files may have such names, and as a path with a place. */
function readings(word: string): Place[] {
  const whole = { path: word, accepts: () => true };
  const { path, line, column, offset } = PLACE.exec(word)?.groups ?? {};
  if (path === undefined) return [whole];
  const accepts = (site: ReportSite) =>
    offset === undefined
      ? site.line === Number(line) && (column === undefined || site.column === Number(column))
      : site.offset <= Number(offset) && Number(offset) < site.offset + site.length;
  return [whole, { path, accepts }];
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function objectsNamed({ objects }: AuditReport, wanted: string): ReportObject[] {
  const named = objects.filter(({ path }) => {
    const name = baseName(path);
    return name === wanted || name.slice(0, 32) === wanted || name.slice(33) === wanted;
  });
  if (named.length > 0) return named;
  return objects.filter(({ path }) => baseName(path).slice(33).startsWith(`${wanted}-`));
}

/** The object and the file in it that a path means: by an object's name among its parts, else in the package itself. */
function filesMeant(report: AuditReport, from: ReportObject, path: string): { object: ReportObject; file: string }[] {
  const parts = path.split('/').filter((part) => part !== '');
  const byName = new Map(report.objects.map((object) => [baseName(object.path), object]));
  for (const [i, part] of parts.entries()) {
    const object = byName.get(part);
    if (object !== undefined) return [{ object, file: parts.slice(i + 1).join('/') }];
  }
  const [first = '', ...rest] = parts;
  const elsewhere = objectsNamed(report, first).map((object) => ({ object, file: rest.join('/') }));
  return [{ object: from, file: parts.join('/') }, ...elsewhere];
}

/**
 * Finds what is meant: an object by its path, base name, digest or name (with or without version); a file by its path in
 * the package, or by `<object>/<file>`; a place in it by `:line`, `:line:column` or `+offset` behind the path.
 *
 * @param from store path of the package
 * @throws {UserError} when it means nothing in the closure, or several objects
 */
export function whyTarget(report: AuditReport, from: string, word: string): WhyTarget {
  const named = objectsNamed(report, baseName(word));
  if (named.length === 1) return { object: named[0] as ReportObject };
  if (named.length > 1) {
    const names = named.map(({ path }) => baseName(path)).join(', ');
    throw new UserError(`'${word}' may be each of ${names}`, {
      exitCode: 2,
      hint: 'give the base name of an object: <digest>-<name>',
    });
  }
  const root = report.objects.find(({ path }) => path === from);
  for (const { path, accepts } of root === undefined ? [] : readings(word)) {
    for (const { object, file } of filesMeant(report, root as ReportObject, path)) {
      const sites = object.sites.filter((site) => site.file === file && accepts(site));
      if (sites.length > 0) return { object, place: { file, sites } };
    }
  }
  throw new UserError(`'${word}' is no object of the closure, and no place where a file of it holds a store path`, {
    exitCode: 2,
    hint: 'name an object (<digest>-<name>, or its name), or a place as audits print it: FILE, FILE:LINE:COLUMN, FILE+OFFSET',
  });
}
