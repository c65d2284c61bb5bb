/** Store paths that `substituteInPlace`, `substitute` and `sed -i` put into files. */

import { hostKey, languageOf, type TargetLanguage, unitLanguage, unknownLanguage } from '../target-language.ts';
import { shown } from './link-rule.ts';
import type { ShellCommand, ShellWord } from './shell.ts';
import type { Subject } from './subject.ts';

const REPLACEMENT = /^--(?:replace(?:-fail|-warn|-quiet)?|subst-var-by)$/;

export function checkSubstitution(subject: Subject, command: ShellCommand): void {
  const { name, words } = command;
  if (name === 'substituteInPlace' || name === 'substitute') {
    const first = words.findIndex(({ value }) => value.startsWith('--'));
    const files = words.slice(0, first < 0 ? words.length : first);
    for (const [i, word] of words.entries()) {
      const by = words[i + 2];
      if (REPLACEMENT.test(word.value) && by !== undefined && subject.bakes(by)) {
        report(subject, files, by, command);
      }
      // `--subst-var out`: by the variable's own value.
      const next = words[i + 1];
      if (word.value === '--subst-var' && next !== undefined && subject.held(`$${next.value}`) !== undefined) {
        report(subject, files, next, command);
      }
    }
  } else if (name === 'sed') {
    const inPlace = words.some(({ value }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(value));
    const { scripts, files } = sedOperands(words);
    const target = command.writesTo?.target;
    if (!inPlace && (target === undefined || !subject.isInOwnOutput(target))) return;
    for (const word of scripts) if (subject.bakes(word)) report(subject, files, word, command);
  }
}

/** The scripts of sed are what -e names, or the first operand where nothing is named. */
function sedOperands(words: readonly ShellWord[]): { scripts: ShellWord[]; files: ShellWord[] } {
  const scripts: ShellWord[] = [];
  const files: ShellWord[] = [];
  let named = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const { value } = word;
    if (value.startsWith('--expression=') || /^-[nrEsuz]*e./s.test(value)) {
      named = true;
      scripts.push(word);
    } else if (/^-[a-zA-Z]*e$/.test(value) || value === '--expression') {
      named = true;
      const script = words[++i];
      if (script !== undefined) scripts.push(script);
    } else if (/^-[a-zA-Z]*f$/.test(value)) {
      named = true;
      i++;
    } else if (!value.startsWith('-')) files.push(word);
  }
  if (!named) scripts.push(...files.splice(0, 1));
  return { scripts, files };
}

const ORDER = ['information', 'warning', 'error'];

function report(subject: Subject, files: readonly ShellWord[], word: ShellWord, command: ShellCommand): void {
  // `${lib.optionalString ...}` is no file, but more of the command.
  const names = files
    .map((file) => readable(subject, file))
    .filter((name) => !/^\$\{\s*(?:lib\.)?(?:optional|concat)/.test(name));
  // The key may stand in the replacement itself: `Exec=$out/bin/x`.
  const key = hostKey(word.value.replace(/^(?:--expression=|-e)?s?[|,#@!/]?.*?(?=\b[A-Z][A-Za-z]{1,40}=)/s, ''));
  const languages = names.map((name) => unitLanguage(languageOf(name) ?? unknownLanguage, key));
  const worst = languages.reduce<TargetLanguage>(
    (a, b) => (ORDER.indexOf(b.severity) > ORDER.indexOf(a.severity) ? b : a),
    languages[0] ?? unknownLanguage,
  );
  const into = worst === unknownLanguage ? (names[0] ?? 'a file') : `${worst.name} (${names[0]})`;
  const mild = worst.host === true && subject.file.isModule;
  subject.report(
    {
      rule: worst.host ? 'nix/host-text' : 'nix/substitute',
      severity: mild ? 'information' : worst.severity,
      message: `store path substituted into ${into}: ${shown(subject.source(word))}`,
      advice: mild ? 'part of the configuration of a system, which stays where its store is' : worst.advice,
    },
    word,
    command,
  );
}

/** A file as the source has it, without its quotes; `${./x.in}` is `x.in`. */
function readable(subject: Subject, file: ShellWord): string {
  const source = shown(subject.source(file)).replace(/^["']|["']$/g, '');
  return source.replace(/^\$\{\s*\.\/([^\s}]*)\s*\}$/, '$1');
}
