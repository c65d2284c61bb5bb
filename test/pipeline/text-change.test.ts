import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { writeEdited } from '../../src/pipeline/apply-edits.ts';
import { type TextChange, textChange } from '../../src/pipeline/text-change.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import type { Edit } from '../../src/transforms/transform.ts';

const work = mkdtempSync(join(tmpdir(), 'unmoor-change-'));
afterAll(() => rmSync(work, { recursive: true }));

function edited(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const chunks: Buffer[] = [];
  writeEdited(bufferSource(bytes), edits, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}

/** What patch(1) makes of the file with the hunks. */
function patched(bytes: Buffer, { hunks }: TextChange): Buffer {
  const file = join(work, 'file');
  const text = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  writeFileSync(file, bytes);
  writeFileSync(join(work, 'diff'), `--- file\n+++ file\n${text.join('\n')}\n`);
  execFileSync('patch', ['--silent', '--fuzz=0', '--no-backup-if-mismatch', file, join(work, 'diff')]);
  return readFileSync(file);
}

function edit(bytes: Buffer, offset: number, length: number, replacement: string): Edit {
  return { offset, expected: bytes.subarray(offset, offset + length), replacement: Buffer.from(replacement) };
}

describe('what edits change in a text', () => {
  it('keeps tabs as they are, and escapes what is no text', () => {
    const bytes = Buffer.from('all:\n\tcp old \x01\xff\n', 'latin1');
    const change = textChange(bufferSource(bytes), [edit(bytes, 9, 3, 'new')]);
    expect(change?.hunks[0]?.lines).toEqual([' all:', '-\tcp old \\x01\\xff', '+\tcp new \\x01\\xff']);
    const tidy = Buffer.from('all:\n\tcp old\n');
    expect(textChange(bufferSource(tidy), [edit(tidy, 9, 3, 'new')])?.exact).toBe(true);
  });

  it('is a diff that patch(1) takes', () => {
    const line = fc.stringMatching(/^[a-z ]{0,6}$/);
    const inserted = fc.stringMatching(/^[A-Z\n]{0,8}$/);
    const contents = fc.array(line, { minLength: 1, maxLength: 60 });
    const property = fc.property(
      contents,
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(), fc.nat(5), inserted), { minLength: 1, maxLength: 6 }),
      (lines, ends, wishes) => {
        const bytes = Buffer.from(lines.join('\n') + (ends ? '\n' : ''));
        const edits: Edit[] = [];
        const places = wishes
          .map(([at, length, text]) => ({ at: at % (bytes.length + 1), length, text }))
          .sort((a, b) => a.at - b.at);
        let free = 0;
        for (const { at, length, text } of places) {
          if (at < free) continue;
          const next = edit(bytes, at, Math.min(length, bytes.length - at), text);
          if (next.expected.equals(next.replacement)) continue;
          edits.push(next);
          free = at + next.expected.length + 1;
        }
        const after = edited(bytes, edits);
        const change = textChange(bufferSource(bytes), edits);
        if (bytes.equals(after)) return change === undefined || change.hunks.length === 0;
        // patch(1) removes a file that becomes empty.
        if (bytes.length === 0 || after.length === 0) return true;
        return patched(bytes, change as TextChange).equals(after);
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('counts lines on through a long file, and bounds hunks', () => {
    const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `line ${i + 1}\n`).join(''));
    const edits = Array.from({ length: 280 }, (_, i) => {
      const offset = bytes.indexOf(`line ${i * 100 + 50}\n`);
      return edit(bytes, offset, 4, 'two\nLINE');
    });
    const change = textChange(bufferSource(bytes), edits) as TextChange;
    expect(change.hunks).toHaveLength(200);
    expect(change.omitted).toBe(80);
    expect(change.hunks[99]).toMatchObject({ oldStart: 9947, newStart: 10_046, oldLines: 7, newLines: 8 });
    expect(change.hunks[99]?.lines).toContain('-line 9950');
  });

  it('shows nothing half where it stops', () => {
    const bytes = Buffer.from('old\n'.repeat(300));
    const edits = Array.from({ length: 300 }, (_, i) => edit(bytes, i * 4, 3, `new ${i}`));
    const { hunks, omitted } = textChange(bufferSource(bytes), edits) as TextChange;
    expect(omitted).toBe(100);
    expect(hunks).toHaveLength(1);
    expect(hunks[0]).toMatchObject({ oldStart: 1, oldLines: 200, newStart: 1, newLines: 200 });
  });

  it('cuts long lines where nothing changes, never a character', () => {
    const bytes = Buffer.from(`${'ä'.repeat(5000)}OLD${'ö'.repeat(5000)}\nnext\n`);
    const change = textChange(bufferSource(bytes), [edit(bytes, 10_000, 3, 'NEW')]) as TextChange;
    const lines = change.hunks[0]?.lines ?? [];
    expect(lines.join('')).not.toContain('\\x');
    expect(lines.find((text) => text.startsWith('+'))).toMatch(/^\+ä+…ä+NEWö+…ö+$/);
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThan(300);
  });

  it('shows bytes that are no UTF-8, and nothing of binary data', () => {
    const broken = Buffer.from('\xff OLD\r\n', 'latin1');
    const change = textChange(bufferSource(broken), [edit(broken, 2, 3, 'NEW')]) as TextChange;
    expect(change.hunks[0]?.lines).toEqual(['-\\xff OLD\\x0d', '+\\xff NEW\\x0d']);
    const binary = Buffer.from('a\0OLD');
    expect(textChange(bufferSource(binary), [edit(binary, 2, 3, 'NEW')])).toBeUndefined();
    const text = Buffer.from('OLD');
    expect(textChange(bufferSource(text), [edit(text, 0, 3, 'N\0W')])).toBeUndefined();
  });
});
