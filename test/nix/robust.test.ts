import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNix } from '../../src/check/nix/check-nix.ts';
import { parseNix } from '../../src/syntax/nix/parser.ts';

const GOOD = `{ lib, pkgs ? import <nixpkgs> { }, ... } @ args:
let inherit (lib) a "b"; c.d = ./x/\${a}/y; in
with c; rec {
  "e f" = ''
    ln -s \${pkgs.hello}/bin/hello $out/\${"''\${x}''"}
    cat > $out/x <<EOF
    '''$''\${y} ''\\n $\${z}
    EOF
  '';
  g = [ (x: x.y or "z") (-1) 1.5e3 http://example.org/ ~/a ] ++ args ? a.b;
  h = if !a && b -> c || d == e then assert f; g // { } else a + b * c / d - e;
}
`;

const nested: Readonly<Record<string, (n: number) => string>> = {
  parentheses: (n) => `${'('.repeat(n)}1${')'.repeat(n)}`,
  sets: (n) => `${'{a='.repeat(n)}1${';}'.repeat(n)}`,
  lists: (n) => `${'['.repeat(n)}${']'.repeat(n)}`,
  concatenations: (n) => `${'a ++ '.repeat(n)}a`,
  sums: (n) => `${'a + '.repeat(n)}a`,
  applications: (n) => `${'a '.repeat(n)}a`,
  conditions: (n) => `${'if a then b else '.repeat(n)}a`,
  strings: (n) => `${'"${'.repeat(n)}a${'}"'.repeat(n)}`,
  functions: (n) => `${'x: '.repeat(n)}a`,
  negations: (n) => `${'!'.repeat(n)}a`,
};

describe('the Nix parser on bad texts', () => {
  it('accepts the good one', () => {
    expect(parseNix(GOOD).errors).toEqual([]);
  });

  it('reads every beginning and every gap of a text, and says so', () => {
    for (let i = 0; i < GOOD.length; i++) {
      const { expression, errors } = parseNix(GOOD.slice(0, i));
      expect(expression.end).toBeLessThanOrEqual(i);
      for (const { offset } of errors) expect(offset).toBeLessThanOrEqual(i);
      checkNix(GOOD.slice(0, i), '/nix/store');
      checkNix(GOOD.slice(0, i) + GOOD.slice(i + 7), '/nix/store');
    }
    expect(parseNix(GOOD.slice(0, -3)).errors.length).toBeGreaterThan(0);
  });

  it('never throws, whatever the bytes', () => {
    const token = fc.constantFrom(
      ..."{ } ( ) [ ] \" '' ${ $ ; = . , : @ ? ... or if let in inherit rec a 1 ./x /* */ # \\ \n".split(' '),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }).map((s) => Buffer.from(s).toString('latin1')),
      fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join('')),
      fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(' ')),
    );
    fc.assert(
      fc.property(text, (source) => {
        for (const { offset } of parseNix(source).errors) expect(offset).toBeLessThanOrEqual(source.length);
        checkNix(source, '/nix/store');
      }),
      { numRuns: 3000 },
    );
  });

  it.each(Object.keys(nested))('survives deep %s', (kind) => {
    const make = nested[kind] as (n: number) => string;
    expect(parseNix(make(300)).errors).toEqual([]);
    for (const n of [480, 999, 100_000]) checkNix(make(n), '/nix/store');
  });

  it.each(['$(', '`', '((', '{ ', '"$(', '${x:-', 'if a; then ', '<<E\n'])('survives shell of many %j', (piece) => {
    const shell = `ln -s x $out/y; ${piece.repeat(20_000)}`.replaceAll('${', "''${");
    expect(parseNix(`''${shell}''`).errors).toEqual([]);
    checkNix(`''${shell}''`, '/nix/store');
  });

  it('goes on behind an error', () => {
    const broken = '{ a = 1 b; c = ; d = [ 1 = 2 ]; "e" "f"; g = "/nix/store/0c0i3bp7rm7wjbqw6gl6cd6sllgrdj5r-x"; }';
    const rules = checkNix(broken, '/nix/store').map(({ rule }) => rule);
    expect(rules).toContain('nix/store-path');
    expect(rules).toContain('nix/syntax');
  });

  it('takes time in proportion to the text', () => {
    const hostile = [
      '.a'.repeat(200_000),
      'a.'.repeat(200_000),
      '{a'.repeat(100_000),
      "'".repeat(300_001),
      '"${'.repeat(100_000),
      'a:'.repeat(200_000),
    ];
    for (const text of hostile) expect(parseNix(text).expression.start).toBe(0);
  });

  it('and so do the rules', () => {
    const names = Array.from({ length: 40 }, (_, i) => `a${i} = "\${a${i + 1}}\${a${i + 1}}x\${a${i + 1}}";`).join(' ');
    const choices = Array.from({ length: 40 }, (_, i) => `b${i} = if c then b${i + 1} else b${i + 1};`).join(' ');
    const phase = (line: string, count: number) => `{ dep }: { installPhase = ''\n${line.repeat(count)}''; }`;
    const hostile = [
      `let ${names} in { installPhase = ''wrapProgram $out/x \${toString [ a0 ]}''; makeWrapperArgs = [ a0 ]; }`,
      `let ${choices} in { installPhase = ''ln -s \${b0}/x $out/x''; }`,
      phase('ln -s ${dep}/x $out/x\n', 20_000),
      phase('ln -s $out/x $out/y\n', 20_000),
      phase('\n', 300_000),
      phase('echo "${dep}\n\n\n" > $out/x.service\n', 5_000),
      `{ dep }: { makeFlags = "X=\${dep}/x${'"'.repeat(200_000)}"; }`.replaceAll('""', '\\"'),
      `{ dep }: { installPhase = "substituteInPlace x.service --replace a ${'A'.repeat(300_000)}\${dep}"; }`,
      'phases = [ outputs = "'.repeat(50_000),
      `${'symlinkJoin { paths = [ ('.repeat(400)}1${') ]; }'.repeat(400)}`,
      `{ makeFlags = ${'"-a" + '.repeat(50_000)}"b"; }`,
      `${'"a" + b - '.repeat(50_000)}c`,
    ];
    for (const text of hostile) expect(Array.isArray(checkNix(text, '/nix/store'))).toBe(true);
    expect(checkNix(hostile[2] as string, '/nix/store')).toHaveLength(20_000);
  });
});
