/** Rules for sources in other languages: patches, scripts, templates. */

import type { RawFinding } from './finding.ts';
import { storePathsIn } from './literal-paths.ts';
import { checkScript, isBuildScript } from './nix/check-script.ts';
import { hostKey, languageOf, unitLanguage, unknownLanguage } from './target-language.ts';

/** Texts for people, and records of what was built: a store path there is no path of a program. */
const DOCUMENT =
  /\.(?:md|markdown|rst|txt|adoc|asciidoc|html?|xml|svg|tex|texi|org|log|lock|snap|drv|narinfo|csv|tsv|[1-9]|man|po|pot|out|exp|expected)$|(?:^|\/)(?:README|CHANGELOG|NEWS|LICENSE|COPYING)[^/]*$/i;
const COMMENT = /^\s*(?:#(?!!)|\/\/|\/?\*|--|;;|%|dnl\b|rem\b|<!--)/i;

/** What configure scripts of all packages replace, with the package's own directories. */
const AUTOCONF = /^(?:prefix|exec_prefix|.*dir|PACKAGE.*|VERSION|SHELL|.*[A-Z]{2}.*)$/;
const PLACEHOLDER = /@([A-Za-z_][A-Za-z0-9_-]*)@(\/(?:bin|sbin|lib|lib64|libexec|share|etc|include)\b)?/g;

interface Line {
  readonly start: number;
  readonly text: string;
  /** The file that the line is meant for: another than the own one in patches. */
  readonly file: string;
}

/** Lines that a build uses: of a patch, those that it adds. */
function* linesOf(path: string, text: string): Generator<Line> {
  const isPatch = /\.(?:patch|diff)$/.test(path);
  let file = path;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    if (!isPatch) yield { start, text: line, file };
    else if (line.startsWith('+++ ')) file = line.slice(4).replace(/\t.*$/, '').trim();
    else if (line.startsWith('+')) yield { start: start + 1, text: line.slice(1), file };
    start = end + 1;
  }
}

/**
 * @param path with slashes; tells the language.
 * @param text latin1.
 */
export function checkSource(path: string, text: string, storeDir: string): RawFinding[] {
  if (DOCUMENT.test(path)) return [];
  const commands = isBuildScript(path, text) ? checkScript(text) : [];
  // Most files hold neither; they are not split into lines.
  if (!text.includes(`${storeDir}/`) && !/@[A-Za-z]/.test(text)) return commands;
  const findings: RawFinding[] = [];
  for (const line of linesOf(path, text)) {
    if (COMMENT.test(line.text)) continue;
    findings.push(...literals(path, line, storeDir));
    findings.push(...placeholders(line));
  }
  return [...commands, ...findings].sort((a, b) => a.start - b.start);
}

/** Records of what was fetched: `nix-prefetch-git` and its kin name the place in the store that they used. */
const RECORD = /^\s*"(?:path|storePath|store_path|outPath)"\s*:/;
/** What tests compare with is no path of a program. */
const TEST =
  /(?:^|\/)(?:tests?|spec|specs|fixtures|testdata|__tests__|__snapshots__)\/|(?:^|\/)test_[^/]*$|[._-](?:test|spec)\.[^./]+$/;

function literals(path: string, line: Line, storeDir: string): RawFinding[] {
  const paths = storePathsIn(line.text, storeDir);
  if (paths.length === 0 || (/\.json$/.test(path) && RECORD.test(line.text))) return [];
  const isTest = TEST.test(line.file);
  return paths.map((literal) => ({
    rule: 'source/store-path',
    severity: isTest ? 'information' : 'error',
    message: `literal store path: ${literal.path}`,
    advice: isTest
      ? 'nothing to do where a test only compares with it'
      : 'let the build put the path in, or look it up at run time: a literal path exists on this machine only',
    start: line.start + literal.start,
    end: line.start + literal.end,
    context: line.file,
  }));
}

function placeholders({ start, text, file }: Line): RawFinding[] {
  if (!text.includes('@') || TEST.test(file)) return [];
  const findings: RawFinding[] = [];
  for (const match of text.matchAll(PLACEHOLDER)) {
    const name = match[1] as string;
    const certain = name === 'out' || name === 'storeDir' || (match[2] !== undefined && !AUTOCONF.test(name));
    if (!certain) continue;
    const language = unitLanguage(languageOf(file) ?? unknownLanguage, hostKey(text));
    findings.push({
      rule: 'source/placeholder',
      severity: language.severity,
      message: `@${name}@ becomes a store path in ${language === unknownLanguage ? 'a file' : language.name}`,
      advice: language.advice,
      start: start + match.index,
      end: start + match.index + match[0].length,
      context: file,
    });
  }
  return findings;
}
