/** Nix programs made at random, as texts: every construct, every way to write it, blanks and comments in between. */

import fc from 'fast-check';

const name = fc.constantFrom('a', 'b', "x'", '_y', 'a-b', 'pkgs', 'iff', 'rec1', 'orx', '__z');
const blank = fc.constantFrom('', ' ', '\n', '\t', ' # c\n', ' /* c */ ', '/**/', '\r\n', ' /* * / ** */');
/** Blanks that keep what is around them apart. */
const gap = fc.constantFrom(' ', '\n', ' # c }\n', ' /* ; */ ', '\t ');

/** No string begins with `${`: Nix prints those as it prints computed names. */
const stringCharacters = fc.constantFrom(
  'a',
  ' ',
  '\n',
  '$',
  '$$',
  '\\n',
  'b\\$',
  '\\"',
  '\\\\',
  "'",
  "''",
  '{',
  '}',
  '#',
  '/*',
  'é',
  '\t',
  'b\\${x}',
  '$${x}',
);
const indentedCharacters = fc.constantFrom(
  'a',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\n    ',
  '$',
  '$$',
  "''$",
  "'''",
  "''\\n",
  "''\\'",
  '"',
  '\\',
  '{',
  '}',
  '#',
  'é',
  '\t',
  "''${x}",
  '$${x}',
  "' ",
  "'a",
);

const { expression } = fc.letrec<{
  expression: string;
  operand: string;
  simple: string;
  string: string;
  bindings: string;
  attribute: string;
  path: string;
}>((tie) => {
  const sub = tie('expression');
  const simple = tie('simple');
  const join = (...parts: (fc.Arbitrary<string> | string)[]) =>
    fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
  const inner = join('${', blank, sub, blank, '}');
  const many = (part: fc.Arbitrary<string>, maxLength = 4) => fc.array(part, { maxLength }).map((all) => all.join(''));
  const plain = join('"', many(fc.oneof({ weight: 3, arbitrary: stringCharacters }, inner)), '"');
  // A quote before the end, or before another piece, would mean something else.
  const indented = join(
    "''",
    fc.constantFrom('', '\n', ' \n'),
    many(fc.oneof({ weight: 4, arbitrary: indentedCharacters }, inner), 6),
    fc.constantFrom('', '\n  ', ' '),
    "''",
  );
  const formal = fc.oneof(name, join(name, blank, '?', blank, sub));
  const formals = fc
    .tuple(fc.uniqueArray(fc.constantFrom('f', 'g', 'h'), { maxLength: 3 }), fc.boolean(), blank, sub, fc.boolean())
    .map(
      ([names, open, space, value, withDefault]) =>
        `{${space}${[...names.map((each, i) => (withDefault && i === 0 ? `${each} ? ${value}` : each)), ...(open ? ['...'] : [])].join(`${space}, `)} }`,
    );
  void formal;
  return {
    string: fc.oneof(plain, indented),
    path: fc.oneof(
      fc.constantFrom(
        './a',
        '../a/b',
        '/a',
        '~/a',
        'a/b',
        'a-1/b.c',
        '<nixpkgs>',
        '<a/b>',
        'http://a.b/c?d=e',
        'x:y',
        './a+b',
        '1/2',
      ),
      join(fc.constantFrom('./a', './', '/', '~/', 'a/b', '/a/'), inner, fc.constantFrom('', '/b', 'c', '.d/e')),
    ),
    attribute: fc.oneof({ weight: 4, arbitrary: name }, fc.constantFrom('or', '"y"', '"x"'), inner),
    bindings: fc
      .array(
        fc.oneof(
          {
            weight: 4,
            arbitrary: join(
              tie('attribute'),
              many(join(blank, '.', blank, tie('attribute')), 2),
              blank,
              '=',
              gap,
              sub,
              blank,
              ';',
            ),
          },
          join('inherit', many(join(' ', name), 3), blank, ';'),
          join('inherit', blank, '(', sub, ')', many(join(' ', fc.oneof(name, fc.constant('"z"'))), 2), blank, ';'),
        ),
        { maxLength: 3 },
      )
      .map((all) => all.join(' ')),
    simple: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: name },
      fc.constantFrom('1', '0', '42', '1.5', '.5', '1.', '0.5e3', '1.0E-2'),
      tie('string'),
      tie('path'),
      join('(', blank, sub, blank, ')'),
      join('[', blank, many(join(simple, gap)), ']'),
      join(fc.constantFrom('{', 'rec {', 'rec{', 'let {'), blank, tie('bindings'), blank, '}'),
      join(simple, blank, '.', tie('attribute')),
    ),
    operand: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      simple,
      join(simple, gap, simple),
      join(simple, gap, simple, gap, simple),
      join(simple, '.', tie('attribute'), gap, 'or', gap, simple),
      join(simple, gap, 'or'),
      join('!', blank, tie('operand')),
      join('-', gap, tie('operand')),
      join(simple, gap, '?', gap, tie('attribute')),
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: tie('operand') },
      join(
        tie('operand'),
        gap,
        fc.constantFrom('+', '-', '*', '/', '++', '//', '==', '!=', '<', '>', '<=', '>=', '&&', '||', '->'),
        gap,
        tie('operand'),
      ),
      join(
        tie('operand'),
        gap,
        fc.constantFrom('+', '++', '//', '==', '<', '&&', '->'),
        gap,
        tie('operand'),
        gap,
        fc.constantFrom('-', '*', '?', '!=', '>', '||', '//'),
        gap,
        tie('operand'),
      ),
      join(name, ':', gap, sub),
      join(name, blank, ':', gap, sub),
      join(formals, blank, ':', gap, sub),
      join(formals, blank, '@', blank, 'all', blank, ':', gap, sub),
      join('all', blank, '@', blank, formals, blank, ':', gap, sub),
      join('if', gap, sub, gap, 'then', gap, sub, gap, 'else', gap, sub),
      join(fc.constantFrom('with', 'assert'), gap, sub, blank, ';', gap, sub),
      join('let', gap, tie('bindings'), gap, 'in', gap, sub),
    ),
  };
});

/** Most are accepted, some are not. The `with` gives every name a meaning. */
export const program: fc.Arbitrary<string> = expression.map((text) => `with {}; ${text}`);

/** Programs with characters taken out, doubled or exchanged: many are not accepted. */
export const brokenProgram: fc.Arbitrary<string> = fc
  .tuple(
    program,
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.constantFrom('', ' ', ';', '}', '{', ')', '"', "''", '$', '.', ':', '=', 'in', '/', '?', '@', ',', 'or'),
  )
  .map(([text, at, length, put]) => {
    const from = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, from) + put + text.slice(from + length);
  });

/** Indented strings with much indentation. */
export const indentedString: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom('', ' ', '  ', '    ', '      ', '\t'),
      fc.array(fc.constantFrom('a', ' ', "''$", "'''", "''\\n", "''\\t", '${"#"}', '"', '\\', "' ", '$$', '$ '), {
        maxLength: 4,
      }),
    ),
    { maxLength: 6 },
  )
  .chain((lines) =>
    fc
      .constantFrom('', '\n', '  \n')
      .map((start) => `''${start}${lines.map(([blanks, rest]) => blanks + rest.join('')).join('\n')}''`),
  );
