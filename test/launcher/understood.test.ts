/** Which wrappers are understood: all of one, or nothing of it. */

import { describe, expect, test } from 'vitest';
import { readWrapper } from '../../src/syntax/wrapper/read.ts';

const BASH = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-bash/bin/bash';
const wrapper = (lines: readonly string[], first = `#! ${BASH} -e`) =>
  readWrapper([first, ...lines, 'exec "/x/y" "$@"', ''].join('\n'));

describe('understood', () => {
  test.each([
    ['nothing but the program', []],
    ['comments and blank lines', ['', '# a comment', '   ', "  export A='x'  ", '#']],
    ['several at once', ["export A='x' B=y C", 'unset A B']],
    ['every quoting', [String.raw`export A=a'b'"c $B ${'$'}{D-x} \$ \" \x"$'\n\x41\101'\'\ ''""`]],
    ['every expansion', ['A=${B}${B-x}${B:-x}${B+x}${B:+x}${B#x}${B%x}${B/x/y}$B$0']],
    ['nested ones', ["A=${B:+':'${C:+$B}':'}"]],
    ['an absolute directory', ["cd '/nix/a b'", 'cd -- /x', 'cd /']],
  ])('%s', (_what, lines) => {
    expect(wrapper(lines)).toBeDefined();
  });

  test('the words of the last line', () => {
    const text = `#!${BASH}\nexec -a 'n m' -- '/x/y' --a "b $C"'d' "$@" $'\\t' ''`;
    expect(readWrapper(text)?.start).toEqual({
      line: 2,
      name: [{ kind: 'text', text: 'n m' }],
      program: [{ kind: 'text', text: '/x/y' }],
      words: [
        [{ kind: 'text', text: '--a' }],
        [
          { kind: 'text', text: 'b ' },
          { kind: 'value', variable: 'C' },
          { kind: 'text', text: 'd' },
        ],
        'arguments',
        [{ kind: 'text', text: '\t' }],
        [{ kind: 'text', text: '' }],
      ],
    });
  });
});

describe('left to bash: commands', () => {
  test.each([
    ['other code', ['[ -d /x ] && export A=1']],
    ['a command substitution', ['export A=$(pwd)', 'export A="`pwd`"']],
    ['two commands on a line', ["export A='x'; export B='y'"]],
    ['a variable for one command', ['A=1 B=2']],
    ['an option of export', ['export -n A']],
    ['a function', ['unset -f f']],
    ['set -x', ['set -x']],
    ['an array', ['A=(x y)', 'A[1]=x']],
    ['a relative directory', ['cd x', "cd ''", 'cd ../x', 'cd -', 'cd', "cd '/a/../b'", "cd '/a/'", "cd '//a'"]],
    ['a directory that a variable names', ['cd "$A"', 'cd "$0"']],
    ['a condition of another kind', ['if [[ $A == *x* ]]; then\n    A=y\nfi', 'if [ -z "$A" ]; then\n    A=y\nfi']],
    [
      'a condition with an end of its own',
      ['if [[ $A != *x* ]]; then\n    A=y\nelse\n    A=z\nfi', 'if [[ $A != *x* ]]; then\nfi'],
    ],
    ['a pattern that varies', ['if [[ $A != *$B* ]]; then\n    A=y\nfi', 'if [[ $A != *x*y* ]]; then\n    A=y\nfi']],
    ['a condition that does more', ['if [[ $A != *x* ]]; then\n    cd /x\nfi']],
    ['a name that is none', ['export a-b=x', 'export 1=x', 'export =x']],
    ['a continued line', ["export A='x' \\\n  B='y'"]],
    ['a second program', ['exec "/x/z"']],
    ['a carriage return', ["export A='x'\r"]],
  ])('%s', (_what, texts) => {
    for (const text of texts) expect({ text, read: wrapper([text]) }).toEqual({ text, read: undefined });
  });
});

describe('left to bash: words', () => {
  test.each([
    ['what names a home', ['A=~/x', 'A=x:~', 'export A=~']],
    [
      'operators of other kinds',
      [
        'A=${B##x}',
        'A=${B%%x}',
        'A=${B//x/y}',
        'A=${B/#x/y}',
        'A=${B/%x/y}',
        'A=${B:1}',
        'A=${B^}',
        'A=${#B}',
        'A=${!B}',
        'A=${B:?x}',
        'A=${B=x}',
        'A=${B@Q}',
        'A=${B/x}',
        'A=${B//y}',
      ],
    ],
    ['patterns', ['A=${B#*x}', 'A=${B%?}', 'A=${B/[a]/y}', 'A=${B#$C}', 'A=${B/$C/y}']],
    ['replacements that bash reads', ["A=${B/x/'&'}", "A=${B/x/'\\'}", 'A=${B/x/$C}', 'A=${B/x/&}']],
    ['numbered and special parameters', ['A=$1', 'A=$@', 'A=$?', 'A=$$', 'A=${1}', 'A=$-', 'A=$00']],
    ['locale quotes', ['A=$"x"']],
    ['escapes that depend on the locale', ["A=$'\\u00e4'", "A=$'\\cx'"]],
    ['a NUL', ["A=$'\\0x'", "A=$'\\x00'"]],
    ['open quotes', ["A='x", 'A="x', "A=$'x", 'A=${B', 'A=${B-"x}']],
    ['single quotes in double ones', ['A="${B-\'x\'}"']],
    ['backslashes in braces in double quotes', ['A="${B-\\}}"']],
  ])('%s', (_what, texts) => {
    for (const text of texts) expect({ text, read: wrapper([text]) }).toEqual({ text, read: undefined });
  });

  test.each([
    'UID',
    'SHLVL',
    'PWD',
    'OLDPWD',
    '_',
    'IFS',
    'BASH_ENV',
    'SHELLOPTS',
    'RANDOM',
    'POSIXLY_CORRECT',
    'OPTIND',
    'PS4',
  ])('a variable of bash itself: %s', (name) => {
    for (const text of [`export ${name}=1`, `unset ${name}`, `A=$${name}:x`, `export ${name}`]) {
      expect({ text, read: wrapper([text]) }).toEqual({ text, read: undefined });
    }
  });

  test.each(['HOME', 'TERM', 'SHELL'])(
    '%s may be set, but what bash makes of it when it is unset is not known',
    (name) => {
      expect(wrapper([`export ${name}='x'`])).toBeDefined();
      expect(wrapper([`export ${name}=\${${name}-'x'}`])).toBeUndefined();
    },
  );
});

describe('left to bash: the first and the last line', () => {
  const last = (line: string) => readWrapper(`#! ${BASH} -e\n${line}\n`);

  test.each([
    'exec "/x/y" $A',
    'exec "/x/y" $@',
    'exec "/x/y" "$*"',
    'exec "/x/y" "a$@"',
    'exec "/x/y" "$@"x',
    'exec "/x/y" *',
    'exec "/x/y" {a,b}',
    'exec "/x/y" ~',
    'exec "/x/y" "$@" >/dev/null',
    'exec "/x/y" "$@" &',
    'exec "/x/y" "$@"; echo',
    'exec "/x/y" "$@" || exit 3',
    'exec "/x/y" $(echo) "$@"',
    'exec "/x/y" "${flags[@]}" "$@"',
    'exec "/x/y" "${extraFlagsArray[@]}" "$@"',
    'exec -c "/x/y" "$@"',
    'exec -l "/x/y" "$@"',
    'exec y "$@"',
    'exec ./y "$@"',
    'exec "$A" "$@"',
    'exec',
    '"/x/y" "$@"',
    'exec "/x/y" "$@"\necho more',
    "exec '/x/y",
  ])('%s', (line) => {
    expect(last(line)).toBeUndefined();
  });

  test.each([
    '#!/bin/sh -e',
    `#! ${BASH} -x`,
    `#! ${BASH} -ex`,
    `#! ${BASH} -`,
    `#! ${BASH} --posix`,
    '#! /usr/bin/env bash',
    `#! ${BASH}x`,
    '',
  ])('%j', (first) => {
    expect(wrapper([], first)).toBeUndefined();
  });

  test('with set -u, what an unset variable would end', () => {
    const strict = `#! ${BASH} -eu`;
    for (const line of ['A=$B', "A='x'$A", 'A=${A#x}', 'A=${B:+$A}', 'export A="x$B"']) {
      expect({ line, read: wrapper([line], strict) }).toEqual({ line, read: undefined });
      expect(wrapper(['set +u', line], strict)).toBeDefined();
    }
    expect(wrapper(['A=${A:+$A}${A-x}'], strict)).toBeDefined();
  });

  test('a NUL, bytes behind the end', () => {
    expect(readWrapper(`#! ${BASH}\nexec "/x/y" "$@"\n\0`)).toBeUndefined();
    expect(readWrapper(`#! ${BASH}\nexec "/x/y" "$@"\n__DATA__\n`)).toBeUndefined();
  });
});
