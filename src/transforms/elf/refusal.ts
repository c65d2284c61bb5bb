import type { Remedy } from '../../analyzers/site.ts';

/** A remedy that leaves things as they are, and says why. */
export type Refusal = Extract<Remedy, { kind: 'none' }>;

export function refuse(code: string, reason: string): Refusal {
  return { kind: 'none', code, reason };
}
