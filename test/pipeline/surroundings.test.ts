import { describe, expect, it } from 'vitest';
import type { Site } from '../../src/analyzers/site.ts';
import { surroundingsOf } from '../../src/pipeline/surroundings.ts';
import { bufferSource } from '../../src/store/byte-source.ts';

function site(bytes: Buffer, text: string, from = 0): Site {
  const offset = bytes.indexOf(text, from, 'latin1');
  const occurrence = { offset, length: text.length, digest: '', baseName: '' };
  const place = 'contents' as const;
  return { file: '', place, rule: 'r', offset, length: text.length, text, occurrence, role: 'run-time', what: '' };
}

describe('what stands around a site', () => {
  it('is told by line and character, in UTF-8', () => {
    const bytes = Buffer.from('first\r\nä = "PATH"; # é\r\nPATH PATH');
    const first = site(bytes, 'PATH');
    const second = site(bytes, 'PATH', first.offset + 1);
    const third = site(bytes, 'PATH', second.offset + 1);
    expect(surroundingsOf(bufferSource(bytes), [first, second, third])).toEqual([
      {
        line: 2,
        column: 6,
        before: Buffer.from('ä = "').toString('latin1'),
        after: Buffer.from('"; # é').toString('latin1'),
      },
      { line: 3, column: 1, before: '', after: ' PATH' },
      { line: 3, column: 6, before: 'PATH ', after: '' },
    ]);
  });

  it('counts through lines that are longer than what is read at once', () => {
    const bytes = Buffer.from(`${'\n'.repeat(70_000)}${'é'.repeat(100_000)}PATH${'é'.repeat(100_000)}PATH`);
    const first = site(bytes, 'PATH');
    const second = site(bytes, 'PATH', first.offset + 1);
    const [a, b] = surroundingsOf(bufferSource(bytes), [first, second]);
    expect([a?.line, a?.column]).toEqual([70_001, 100_001]);
    expect([b?.line, b?.column]).toEqual([70_001, 200_005]);
    expect(Buffer.from(a?.before ?? '', 'latin1').toString()).toMatch(/^é{48}$/);
    expect(Buffer.from(a?.after ?? '', 'latin1').toString()).toMatch(/^é{48}$/);
  });

  it('is what is printable in binary data', () => {
    const bytes = Buffer.from('\0\x01--dir=PATH/x\0other');
    expect(surroundingsOf(bufferSource(bytes), [site(bytes, 'PATH')])).toEqual([{ before: '--dir=', after: '/x' }]);
  });

  it('is nothing for a path in pieces', () => {
    const bytes = Buffer.from('\0PA..TH');
    const split = { ...site(bytes, 'PA'), text: 'PATH', length: 6 };
    expect(surroundingsOf(bufferSource(bytes), [split])).toEqual([{ before: '', after: '' }]);
  });
});
