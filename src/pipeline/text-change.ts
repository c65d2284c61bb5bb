/**
 * What the edits of one text file change, as hunks of a unified diff. Only the lines around edits are compared, so a file of
 * any size takes little time and memory.
 */

import { structuredPatch } from 'diff';
import type { ByteSource } from '../store/byte-source.ts';
import type { Edit } from '../transforms/transform.ts';
import { isText, lineFinder } from './lines.ts';
import type { ReportChange, ReportHunk } from './report.ts';
import { reportLines } from './report-text.ts';

export type TextChange = Pick<ReportChange, 'hunks' | 'omitted' | 'exact'>;

/** Lines shown around a change. */
const CONTEXT = 3;
/** Lines compared around an edit: more, since among equal lines a change may be told of an earlier or later one. */
const COMPARED = 16;
/** Edits of one file that are shown; the rest is counted. */
const MAX_EDITS = 200;
/** Bytes before and after an edit that are looked through for whole lines. */
const REACH = 16 * 1024;
/** Longer stretches of a line that stay the same are cut to their ends, characters. */
const LONG = 160;
/** What an edit takes or brings is shown whole up to this length of a line. */
const LONG_EDIT = 2000;
const ENDS = 60;

/** Edits whose lines touch, and the bytes that show them. */
interface Region {
  readonly start: number;
  end: number;
  readonly edits: Edit[];
}

/**
 * Compares a file with itself after edits.
 *
 * @param edits sorted, disjoint
 * @returns undefined when nothing changes, or when old or new contents are no text
 */
export function textChange(bytes: ByteSource, edits: readonly Edit[]): TextChange | undefined {
  const isBinary = edits.some(({ expected, replacement }) => expected.includes(0) || replacement.includes(0));
  if (edits.length === 0 || isBinary || !isText(bytes)) return undefined;
  const shown = edits.slice(0, MAX_EDITS);
  const regions = regionsOf(bytes, shown);
  const last = regions.at(-1) as Region;
  last.end = Math.min(last.end, endOfShown(bytes, shown, edits[MAX_EDITS]));
  const lineOf = lineFinder(bytes);
  const hunks: ReportHunk[] = [];
  let exact = edits.length === shown.length;
  let shift = 0;
  for (const region of regions) {
    const { before, after, whole } = contentsOf(bytes, region);
    exact &&= whole;
    const patch = structuredPatch('', '', before, after, '', '', { context: CONTEXT });
    const first = lineOf(region.start).number;
    for (const { oldStart, oldLines, newStart, newLines, lines } of patch.hunks) {
      hunks.push({
        oldStart: first + oldStart - 1,
        oldLines,
        newStart: first + shift + newStart - 1,
        newLines,
        // A region that was cut ends without a line feed, which says nothing of the file.
        lines: region.end === bytes.size ? lines : lines.filter((line) => !line.startsWith('\\')),
      });
    }
    shift += lineCount(after) - lineCount(before);
  }
  return { hunks, omitted: edits.length - shown.length, ...(exact && { exact }) };
}

/** Where the lines of the first edit that is not shown begin. */
function endOfShown(bytes: ByteSource, shown: readonly Edit[], next: Edit | undefined): number {
  const { offset, expected } = shown.at(-1) as Edit;
  return next === undefined ? bytes.size : Math.max(offset + expected.length, linesBefore(bytes, next.offset, 0));
}

const lineCount = (text: string) => text.split('\n').length;

function regionsOf(bytes: ByteSource, edits: readonly Edit[]): Region[] {
  const regions: Region[] = [];
  for (const edit of edits) {
    const end = linesAfter(bytes, edit.offset + edit.expected.length);
    const last = regions.at(-1);
    const start = linesBefore(bytes, edit.offset, COMPARED);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else regions.push({ start, end, edits: [edit] });
  }
  return regions;
}

/** Where the line begins that is `count` lines above. */
function linesBefore(bytes: ByteSource, offset: number, count: number): number {
  const from = Math.max(0, offset - REACH);
  const head = bytes.read(from, offset - from);
  let at = head.length;
  for (let i = 0; i <= count && at >= 0; i++) at = at === 0 ? -1 : head.lastIndexOf(0x0a, at - 1);
  if (at >= 0) return from + at + 1;
  // The farthest line that can be seen whole, or a piece of a long one.
  const first = head.indexOf(0x0a) + 1;
  return from === 0 ? 0 : from + (first === 0 || first === head.length ? 0 : first);
}

/** Where the line ends that is `COMPARED` lines below, with its line feed. */
function linesAfter(bytes: ByteSource, offset: number): number {
  const tail = bytes.read(offset, REACH);
  let at = -1;
  for (let i = 0; i <= COMPARED; i++) {
    const next = tail.indexOf(0x0a, at + 1);
    if (next < 0) return at < 0 || tail.length < REACH ? offset + tail.length : offset + at + 1;
    at = next;
  }
  return offset + at + 1;
}

interface RegionTexts {
  readonly before: string;
  readonly after: string;
  /** Whether every character stands in them as it stands in the file. */
  readonly whole: boolean;
}

/** The region before and after its edits, long lines cut where both agree. */
function contentsOf(bytes: ByteSource, { start, end, edits }: Region): RegionTexts {
  let before = '';
  let after = '';
  let at = start;
  let whole = true;
  const short = (piece: Buffer, most: number) => {
    const text = piece.toString('latin1');
    const cut = text
      .split('\n')
      .map((line) => shortened(line, most))
      .join('\n');
    whole &&= cut === text;
    return cut;
  };
  const same = (until: number) => {
    const text = short(bytes.read(at, until - at), LONG);
    before += text;
    after += text;
  };
  for (const { offset, expected, replacement } of edits) {
    same(offset);
    before += short(expected, LONG_EDIT);
    after += short(replacement, LONG_EDIT);
    at = offset + expected.length;
  }
  same(end);
  const [old, fresh] = [reportLines(before), reportLines(after)];
  whole &&= [old, fresh].every((text, i) => Buffer.from(text).equals(Buffer.from(i === 0 ? before : after, 'latin1')));
  return { before: old, after: fresh, whole };
}

/** U+2026 as UTF-8, one character a byte. */
const CUT = '\xe2\x80\xa6';

function shortened(line: string, most: number): string {
  if (line.length <= most) return line;
  const head = line.slice(0, ENDS).replace(/[\xc0-\xff][\x80-\xbf]{0,2}$/, '');
  return head + CUT + line.slice(-ENDS).replace(/^[\x80-\xbf]+/, '');
}
