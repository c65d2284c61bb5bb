/** A proof for people: hashes side by side, what differs and why, what was run. */

import type { ProofDifference, ProofObject, ProofReport } from '../pipeline/proof/report.ts';
import type { TextOptions } from './audit-text.ts';
import { type Palette, plainPalette, table } from './table.ts';
import { shorten } from './widths.ts';
import { counted } from './words.ts';

/** Characters of a hash that are shown. */
const HASH_SHOWN = 19;
/** Differences shown for one object without `--verbose`. */
const DIFFERENCES_SHOWN = 3;
const SIDES_SHOWN = 14;
const PREFIX_WIDTH = 60;

const CAUSES: Readonly<Record<ProofDifference['cause'], string>> = {
  path: 'a path escaped',
  'length-or-order': 'a length or an order depends on the store directory',
  'not-reproducible': 'the build is not reproducible',
};

function places({ places: all, mode }: ProofReport, palette: Palette): string {
  const rows = all.map(({ storeDir, prefix, prefixBytes }, i) => [
    `  ${i + 1}`,
    mode === 'builds' ? `built for ${storeDir}` : storeDir,
    palette.dim(`relocated to ${shorten(prefix, PREFIX_WIDTH)} (${prefixBytes} bytes)`),
  ]);
  return `${palette.bold(mode === 'builds' ? 'Store directories' : 'Prefixes')}\n${table(rows)}`;
}

const allSame = (hashes: readonly string[]) => new Set(hashes).size === 1;

function hashTable(report: ProofReport, palette: Palette): string {
  const shown = (hash: string | undefined) => (hash ?? 'not there').slice(0, HASH_SHOWN);
  const verdict = (same: boolean) => (same ? palette.green('same') : palette.red('differ'));
  const title = (text: string) => palette.dim(text);
  if (report.mode === 'closure') {
    const rows = report.objects.map((object) => [
      `  ${object.name}`,
      shown(object.relocated[0]),
      verdict(object.equal),
    ]);
    return `${palette.bold('NAR hashes, under every prefix')}\n${table([['  object', 'NAR hash', 'prefixes'].map(title), ...rows])}`;
  }
  const rows = report.objects.map((object) => [
    `  ${object.name}`,
    allSame(object.baseNames.map((baseName) => baseName.slice(0, 32))) ? 'same' : 'differ',
    verdict(allSame(object.builtMapped)),
    verdict(object.equal),
    shown(object.relocatedMapped[0]),
  ]);
  const head = ['  object', 'digests', 'as built by Nix', 'relocated', 'NAR hash of all, digests mapped'].map(title);
  return `${palette.bold('Bytes, when digests are mapped onto each other')}\n${table([head, ...rows])}`;
}

function differenceText(object: ProofObject, difference: ProofDifference, palette: Palette, verbose: boolean): string {
  const where = difference.offset === undefined ? '' : palette.dim(` +${difference.offset}`);
  const sides = difference.sides.split('\n');
  const shown = verbose ? sides : sides.slice(0, SIDES_SHOWN);
  const rest = sides.length - shown.length;
  return [
    `${palette.red('!')} ${object.name}${difference.file === '' ? '' : `/${difference.file}`}${where}: ${palette.bold(CAUSES[difference.cause])}`,
    `  ${difference.reason}`,
    ...shown.map((line) => `    ${palette.dim(line)}`),
    ...(rest > 0 ? [`    ${palette.dim(`... and ${counted(rest, 'more line')} (--verbose shows all)`)}`] : []),
  ].join('\n');
}

function differences({ objects, places: all, derivations }: ProofReport, palette: Palette, verbose: boolean): string {
  const lines: string[] = derivations.map(
    ({ left, right, what }) =>
      `${palette.red('!')} the derivations themselves differ in ${what}\n    ${palette.dim(left)}\n    ${palette.dim(right)}`,
  );
  for (const object of objects) {
    if (object.baseNames.length < all.length) {
      lines.push(`${palette.red('!')} ${object.name}: not in every closure (${object.baseNames.join(', ')})`);
    }
    const shown = verbose ? object.differences : object.differences.slice(0, DIFFERENCES_SHOWN);
    lines.push(...shown.map((difference) => differenceText(object, difference, palette, verbose)));
    const rest = object.differences.length - shown.length;
    if (rest > 0) lines.push(palette.dim(`  ... and ${rest} more in ${object.name} (--verbose shows all)`));
  }
  return lines.join('\n');
}

function runs(report: ProofReport, palette: Palette): string {
  if (report.runs.length === 0) return '';
  const rows = report.runs.map(({ command, same }) => [
    `  ${command}`,
    same ? palette.green('same output under every prefix') : palette.red('differs'),
  ]);
  const wrong = report.runs.filter(({ same }) => !same).map(({ difference }) => `  ${palette.red('!')} ${difference}`);
  return [`${palette.bold('Runs')}\n${table(rows)}`, ...wrong].join('\n');
}

function verdict(report: ProofReport, palette: Palette): string {
  const notes = [
    ...report.failedChecks.map((name) => `${palette.red('!')} the relocation's check '${name}' failed`),
    ...(report.unresolved > 0
      ? [
          palette.yellow(
            `${counted(report.unresolved, 'run-time path stays', 'run-time paths stay')} absolute: 'unmoor audit' shows which`,
          ),
        ]
      : []),
  ];
  const unequal = report.objects.filter(({ equal }) => !equal).length;
  const total = counted(report.objects.length, 'object');
  const said =
    unequal === 0
      ? palette.green(`${total}: the same bytes under ${counted(report.places.length, 'prefix', 'prefixes')}.`)
      : palette.red(`${unequal} of ${total} differ.`);
  return [...notes, report.ok || unequal > 0 ? said : `${said}\n${palette.red('Not all is well, see above.')}`].join(
    '\n',
  );
}

export function verifyText(report: ProofReport, options: TextOptions = {}): string {
  const palette = options.palette ?? plainPalette;
  const verbose = options.verbose ?? false;
  const parts = [
    places(report, palette),
    hashTable(report, palette),
    differences(report, palette, verbose),
    runs(report, palette),
    verdict(report, palette),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
