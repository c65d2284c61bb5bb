/** The binary operators of Nix: how strongly they bind, and which way they associate. */

export interface Operator {
  readonly level: number;
  readonly side: 'left' | 'right' | 'none';
}

export const OPERATORS = new Map<string, Operator>([
  ['|>', { level: 1, side: 'left' }],
  ['<|', { level: 1, side: 'right' }],
  ['->', { level: 2, side: 'right' }],
  ['||', { level: 3, side: 'left' }],
  ['&&', { level: 4, side: 'left' }],
  ['==', { level: 5, side: 'none' }],
  ['!=', { level: 5, side: 'none' }],
  ['<', { level: 6, side: 'none' }],
  ['>', { level: 6, side: 'none' }],
  ['<=', { level: 6, side: 'none' }],
  ['>=', { level: 6, side: 'none' }],
  ['//', { level: 7, side: 'right' }],
  ['+', { level: 9, side: 'left' }],
  ['-', { level: 9, side: 'left' }],
  ['*', { level: 10, side: 'left' }],
  ['/', { level: 10, side: 'left' }],
  ['++', { level: 11, side: 'right' }],
]);
/** Unary and postfix operators, between those. */
export const NOT_LEVEL = 8;
export const HAS_LEVEL = 12;
export const NEGATE_LEVEL = 13;
