/** The colours of the pages, light and dark, and which of them must be told apart. */

export interface Theme {
  readonly light: string;
  readonly dark: string;
}

/** Each is a custom property of the style. */
export const colours = {
  back: { light: '#f8f7f4', dark: '#151617' },
  panel: { light: '#ffffff', dark: '#1d1f21' },
  line: { light: '#e4e2dc', dark: '#34373a' },
  edge: { light: '#8d8b84', dark: '#7d8184' },
  text: { light: '#1d1c1a', dark: '#ebeae6' },
  soft: { light: '#5f5d57', dark: '#a9a8a2' },
  accent: { light: '#1f5a9c', dark: '#8fb9f2' },
  good: { light: '#17694a', dark: '#6fcfa3' },
  bad: { light: '#a8281d', dark: '#ff9a8f' },
  held: { light: '#7a4f00', dark: '#e2b45a' },
  relative: { light: '#2a8567', dark: '#3f9e7d' },
  alias: { light: '#7cc0a5', dark: '#23624d' },
  harmless: { light: '#c3c0b7', dark: '#5a5d60' },
  blocked: { light: '#c23b2e', dark: '#e0594b' },
  'tile-clean': { light: '#e9e7e1', dark: '#2b2e30' },
  'tile-rewritten': { light: '#cde5db', dark: '#1d4a3b' },
  'tile-blocked': { light: '#f6cdc7', dark: '#6a2a24' },
  'tile-note': { light: '#45433e', dark: '#d2d0ca' },
  mark: { light: '#fdefc3', dark: '#4b3d0e' },
  'line-added': { light: '#e6f4ec', dark: '#15291f' },
  'word-added': { light: '#b5e0c9', dark: '#1f5a40' },
  'line-removed': { light: '#fceae8', dark: '#331c1a' },
  'word-removed': { light: '#f5c3bd', dark: '#76302a' },
} as const satisfies Readonly<Record<string, Theme>>;

export type Colour = keyof typeof colours;

/** Text on ground: 4.5 to 1 at least (WCAG 2.2, 1.4.3). */
export const textPairs: readonly (readonly [Colour, Colour])[] = [
  ...(['text', 'soft', 'accent', 'good', 'bad', 'held'] as const).flatMap((text) =>
    (['back', 'panel'] as const).map((ground): [Colour, Colour] => [text, ground]),
  ),
  ...(['tile-clean', 'tile-rewritten', 'tile-blocked'] as const).flatMap((ground): [Colour, Colour][] => [
    ['text', ground],
    ['tile-note', ground],
  ]),
  ...(['mark', 'line-added', 'word-added', 'line-removed', 'word-removed'] as const).map((ground): [Colour, Colour] => [
    'text',
    ground,
  ]),
  ['soft', 'line-added'],
  ['soft', 'line-removed'],
  ['good', 'line-added'],
  ['bad', 'line-removed'],
];

/** Shapes that say something, on their ground: 3 to 1 at least (WCAG 2.2, 1.4.11). */
export const shapePairs: readonly (readonly [Colour, Colour])[] = [
  ['relative', 'panel'],
  ['blocked', 'panel'],
  ['edge', 'panel'],
  ['accent', 'back'],
];

function properties(theme: keyof Theme): string {
  return Object.entries(colours)
    .map(([name, values]) => `--${name}:${values[theme]};`)
    .join('');
}

export const colourStyle = `
:root { color-scheme: light dark; ${properties('light')} }
@media (prefers-color-scheme: dark) { :root { ${properties('dark')} } }
@media print { :root { color-scheme: light; ${properties('light')} --back:#ffffff; } }
`;
