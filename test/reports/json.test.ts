import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonChunks } from '../../src/reports/json.ts';

describe('JSON in pieces', () => {
  it('is what JSON.stringify prints', () => {
    const report = fc.record(
      {
        version: fc.constant(1),
        objects: fc.array(fc.jsonValue()),
        totals: fc.jsonValue(),
        'odd "key"\n': fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(report, (value) => {
        expect([...jsonChunks(value)].join('')).toBe(`${JSON.stringify(value, null, 2)}\n`);
      }),
    );
  });

  it('gives each object a piece of its own', () => {
    const objects = Array.from({ length: 50 }, (_, i) => ({ path: `/nix/store/${i}` }));
    expect([...jsonChunks({ version: 1, objects })].length).toBeGreaterThan(objects.length);
  });
});
