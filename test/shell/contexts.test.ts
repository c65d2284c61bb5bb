/**
 * One small script for every way in which a shell may read a path, under each shell that understands it: the original
 * with the store in place, and the relocated one under odd prefixes, say the same.
 */

import { readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('scripts');
const tool = store.object('tool');
const moved = join(store.work, 'moved');

const all = ['bash', 'dash', 'ksh', 'zsh', 'mksh'] as const;
type Shell = (typeof all)[number];
const arrays: readonly Shell[] = ['bash', 'ksh', 'zsh', 'mksh'];
const bash: readonly Shell[] = ['bash'];

interface Case {
  readonly shells?: readonly Shell[];
  /** S stands for the path of an object. */
  readonly body: string;
  /** Whether the path becomes part of code in another language, where odd characters of the prefix mean something. */
  readonly isSimple?: boolean;
  /** Sites that get the alias; none when left out. */
  readonly alias?: number | Partial<Record<Shell, number>>;
}

/** Prints its arguments one by one, with nothing lost. */
const show = 'show() { for a in "$@"; do printf "<%s>\\n" "$a"; done; }\n';

const cases: Readonly<Record<string, Case>> = {
  unquoted: { body: 'show S/bin/x a-IS/include -LS/lib S/a:S/b\n' },
  single: { body: `show 'S/a b' 'x:S/y:S' ''S'' 'S'\n` },
  double: { body: 'x=y; show "S/a b" "x:S/y:S" "$x/S/${x}S"\n' },
  'ansi-c': { shells: ['bash', 'ksh', 'zsh', 'mksh'], body: `show $'S/a\\tb' x$'S'y\n` },
  locale: { shells: bash, body: 'show $"S/a b"\n' },
  concatenation: { body: `x=y; show S"/a"'/b'$x 'a'S"b" "a"'S'"b"\n` },
  assignment: { body: `x=S/a; y='S/b c':$x z="S:$y"; show "$x" "$y" "$z"\nx=S/1 y=2 printenv x\n` },
  'assignment-append': { shells: arrays, body: 'x=a; x+=S/b; show "$x"\n' },
  export: { body: `export x=S/a:S/b y='S' z="S/$HOME"; show "$x" "$y" "$z"; printenv x; printenv y; printenv z\n` },
  readonly: { body: 'readonly x=S/a; f() { local y="S/b"; show "$x" "$y"; }; f 2>/dev/null || show "$x"\n' },
  array: { shells: arrays, body: `x=(S/a 'S/b c' "S/d"); x+=(S/e); show "\${x[@]}"\n` },
  'associative-array': {
    shells: ['bash', 'zsh'],
    body: 'declare -A x; x[S/a]=1; x[S/b]=S/2; show "${x[S/a]}" "${x[S/b]}"; y=S/a; show "${x[$y]}"\n',
  },
  'quoted-subscript': {
    shells: ['bash', 'zsh'],
    body: `declare -A x; x["S/b"]=1; x['S/c']=2; show "\${x["S/b"]}" "\${x['S/c']}"\n`,
    alias: { zsh: 4 },
  },
  'associative-array-literal': {
    shells: bash,
    body: `declare -A x=([S/a]=S/1 ['S/b']=2); show "\${x[S/a]}" "\${x[S/b]}"\n`,
  },
  'case-word': { body: `case S/a in S/b) show no;; S/a|S/c) show yes;; esac\n` },
  'case-pattern': {
    body: `for x in S/a S/b/c S/d "S/e f"; do case $x in S/a) show 1;; S/b/*) show 2;; 'S/d') show 3;; "S/e"*) show 4;; esac; done\n`,
  },
  test: { body: `[ S/a = "S/a" ] && show same; [ -e S/nothing ] || show none; [ -x S/bin/tool ] && show tool\n` },
  conditional: {
    shells: arrays,
    body: `x=S/a; [[ $x == S/a ]] && show 1; [[ $x == S/* ]] && show 2; [[ $x == 'S'/* ]] && show 3; [[ -x S/bin/tool && ! -e S/no ]] && show 4\n`,
  },
  regex: {
    shells: bash,
    body: `x=S/a1; [[ $x =~ ^S/a[0-9]$ ]] && show 1; [[ $x =~ ^"S"/(.*) ]] && show "\${BASH_REMATCH[1]}"\n`,
  },
  'default-values': {
    body: `x=1; unset e; show \${x:+S/a} \${e:-S/b} "\${x:+S/c}" "\${e:-S/d e}" \${x:+'S/f g'} \${e-"S/h i"} "\${e:=S/j}" "$e" "\${x+a:S}"\n`,
  },
  'default-in-quotes': { body: `show "\${e:-'S/a'}"\n` },
  'nested-quotes': { body: `show "\${e:-"S/a"}" "\${e:-a "S b" c}"\n` },
  'remove-prefix': { body: `x=S/a/b; show "\${x#S/}" \${x#S} "\${x##'S/a'}" "\${x#"S"/a}" "\${x%%S*}" \${x#'S'/}\n` },
  replace: {
    shells: ['bash', 'ksh', 'mksh', 'zsh'],
    body: `x=q; y=\${x/q/S}; show "$y" "\${x/q/S/a}" "\${x/q/"S"}"\n`,
    alias: { zsh: 3 },
  },
  'replace-pattern': {
    shells: bash,
    body: `x=:S/a:S/b:; y=\${x//':''S/b'':'/':'}; show "\${x/':S/a:'/':'}" "$y" "\${x/"S"/&}" "\${x//'S'}" "\${x/%:/'S'}"\n`,
  },
  'make-wrapper': {
    shells: bash,
    body: [
      `PATH=\${PATH:+':'$PATH':'}`,
      `PATH=\${PATH/':''S/bin'':'/':'}`,
      `PATH='S/bin'$PATH`,
      `PATH=\${PATH#':'}`,
      `PATH=\${PATH%':'}`,
      'export PATH',
      `export B=\${B-'it'\\''s S/b'}`,
      `if [[ $V != *':''S/share'':'* ]]; then`,
      `    V=$V'S/share'`,
      'fi',
      `export C=$'S/c\\n'`,
      'show "$PATH" "$B" "$C" "$V"; tool',
      'exec -a "$0" "S/bin/tool"  --flag "$@" ',
      '',
    ].join('\n'),
  },
  'here-document': {
    body: 'x=S/p; cat <<EOF\nS/a $x \\$x S\n\t"S" \'S\' ${e:-S/d} $(echo "S") `echo S`\nEOF\ncat <<-EOF | sed s,.,\\&,\n\tS/x\n\tEOF\n',
  },
  'here-document-pattern': { isSimple: true, body: 'x=S/p; cat <<EOF\n${x#S/} ${x#"S"/}\nEOF\n' },
  'here-document-quoted': {
    body: "cat <<'EOF' <<\\X; show after\nS/ignored\nEOF\n$x `y` \\$z \\\\ \\\n\"S/a\" 'S' $S\nX\nshow S\n",
  },
  'here-document-to-shell': {
    body: `sh <<'E'\nx="S/b"; S/bin/tool a "$x" 'S c' # S\nE\nbash -s arg <<E\nS/bin/tool \\$1 "S/b"; x='S/c'; echo "\\$x"\nE\nsh -e 3<&0 <<-'E'\n\tprintf '%s\\n' S "$(printf %s 'S/x')"\nE\n`.replace(
      '\nE\n`',
      '\n\tE\n`',
    ),
  },
  'here-document-to-nested-shell': {
    isSimple: true,
    body: `sh <<'E'\ncat <<X\nS $0\nX\ncat <<'X'\nS/b $0\nX\neval 'echo S'\nE\n`,
  },
  'here-document-to-file': {
    body: 'f=$(mktemp); cat > "$f" <<- "END"\n\tx=$1; y=\'S/a\'\n\tEND\ncat "$f"; rm "$f"\n',
  },
  'here-string': { shells: arrays, body: `cat <<< S/a; cat <<< "S/b c"; cat <<< 'S/d'\n` },
  'command-substitution': { body: 'show "$(show S/a "S/b c" \'S/d\')" "$(show S/e)"\n' },
  backquotes: { body: 'x=`show S/a`; show "$x" "`show \'S/b\'`" "`show "S/c"`"\n' },
  'escaped-backquotes': {
    body: 'x=y; z=`echo "\\$x" S/a; # \\\\ S\n show \\`echo a "S/b" | grep -c tool\\``; show "$z"\n',
  },
  'escaped-backquotes-in-quotes': { body: 'x=y; show "`echo \\"\\$x\\" S/a`"\n', alias: 1 },
  'process-substitution': { shells: ['bash', 'ksh', 'zsh'], body: `cat <(show S/a 'S/b c')\n` },
  arithmetic: { body: 'show $(( $(show S/a | grep -c tool) + 1 ))\n' },
  function: { body: `f() { show S/a "$1"; }\nf 'S/b'; ( f x ); f y | cat\n` },
  loop: { body: `for x in S/a 'S/b c' "S/d"; do show "$x"; done; while [ "$x" != S/e ]; do x=S/e; done; show "$x"\n` },
  redirection: { body: 'cat < S/share/text; cat 0<"S/share/text"\n' },
  command: {
    body: 'S/bin/tool a; "S/bin/tool" b; x=1 S/bin/tool c; if S/bin/tool d; then :; fi; ! S/bin/tool e || :\n',
  },
  glob: { body: 'show S/share/* S/{bin,share}/no S/share/te?t\n' },
  braces: { shells: arrays, body: 'show {S/a,S/b} S/{a,b} x{S,"S"/y}\n' },
  eval: {
    body: `eval S/bin/tool 'S/bin/tool b' "show 'S/c' S/d" 'x="S/e"' "show \\"S/f\\""; eval 'show "$x"'; eval "y=S/g"; show "$y"\n`,
  },
  trap: {
    body: `trap 'S/bin/tool trapped' EXIT; trap "show \\$? S/b" EXIT; ( trap "S/bin/tool inner 'S'" EXIT ); trap 'show "S/last"' EXIT\n`,
  },
  alias: {
    shells: ['bash', 'dash', 'ksh', 'zsh'],
    body: `[ -z "\${BASH_VERSION-}" ] || shopt -s expand_aliases\nalias t='S/bin/tool a' u=S/bin/tool v="S/bin/tool c"\nt\nu b\nv\n`,
  },
  completion: {
    shells: bash,
    body: 'compgen -C \'S/bin/tool a\' x; compgen -C S/bin/tool x; compgen -C "S/bin/tool b" x\n',
  },
  'prompt-command': {
    shells: bash,
    body: `PROMPT_COMMAND='S/bin/tool "S/a"'; eval "$PROMPT_COMMAND"; PROMPT_COMMAND="x=S/b;S/bin/tool"; eval "$PROMPT_COMMAND"; show "$x"\n`,
  },
  'sh-c': {
    body: `sh -c 'S/bin/tool "$1"; for a in S/a "S/b"; do echo $a; done | grep -c tool' sh x\nbash -euc "S/bin/tool a"; find . -prune -exec sh -c 'S/bin/tool "$@"' sh {} +\n`,
  },
  'exported-function': { shells: bash, body: `f() { S/bin/tool "$1" 'S/a'; }; export -f f; bash -c 'f x'\n` },
  comment: { body: 'show a # S/comment\n# S/another\nshow "#S/b" a#S/c\n' },
  'errexit-and-nounset': { body: 'set -eu; unset nothing; show S/a; set -f; show S/*; set +u\n' },
  ifs: { body: 'IFS=/; x=S/a; show "$x" S/b; unset IFS\n' },
  'changed-directory': { body: 'CDPATH=/; cd /; show S/a; f() { cd /tmp; show "S/b"; }; f\n' },
  lineno: { shells: ['bash', 'dash', 'ksh', 'zsh'], body: 'show S $LINENO\nshow "$LINENO"\n' },
  'awk-operand': { isSimple: true, body: `awk '{ print x; exit }' x=S/b S/share/text\n` },
  awk: {
    body: `awk 'BEGIN { print "S/a"; if ("S" "/x" == "S/x") print toupper("b") "S"; a["S"] = 4 / 2 / 1; for (k in a) print k }'
echo a | awk -F: -v q=1 '/"|a/ { while ((getline line < "S/share/text") > 0) print line ":S" "S" > "/dev/stderr" }' # S\n`,
  },
  sed: {
    body: `echo '=a= %Q% %Q%' | sed 's|=a=|S/c &|; s,^,"S",' S/share/text -; echo '%Q%' | sed -n -e "s#%Q%#S#;/^=x/s:=x:S:" -e 's@=x=@S@;$p'
echo '%Q%' | sed -E '1{s:%Q%:(S):};2,/=x/b;y/=/=/' | sed s,%Q%,S,\n`,
  },
  'zsh-syntax': {
    shells: ['zsh'],
    body: `for x (S/a 'S/b c' "S/d"$'\\t') show $x # S
() { show "$1" S } S/arg; repeat 2 show 'S "x"'
if [[ -n "S" && S/a == S/* ]] { show S "$(show 'S' "S/e" "$(show S)")" } else { show no }
x=(S/1 'S/2'); x+=(S/3); y=S/4 z='S'; export P="S:\${P-}" ; show $x[1] "\${x[2]}" $y $z $P # it's
function f g { show S "\${1:-x}" '\${x}' S }; f 1; g 2
case S/q { (S/q) show yes ;; (*) show no ;; }
path=(S/bin $path); tool S; cat =(cat S/share/text); print -r -- \${(U)y[1]} "S it's"
`,
  },
  'zsh-unsure': {
    shells: ['zsh'],
    body: `for x (a) show "\${x:-S/a}" \${x:#S} \`print S\`\n`,
    alias: 3,
  },
  'eval-escaped': {
    body: `x='v w'; eval y=\\"S/a\\"; show "$y"; eval "y='S/b' z=\\"S/\\$x\\""; show "$y" "$z"; eval 'y="'S/c'" z="'"S"'"'; show "$y" "$z"
eval show \\"S/d e\\" S \\'S\\'; eval set -- S/1 "'S/2 3'"; show "$@"; eval "f() { show S \\"$x\\"; }"; f\n`,
  },
  backslash: { body: 'show \\S/a "\\S/b" $S\n', alias: 3 },
};

const S = tool;
const list = Object.entries(cases).flatMap(([name, { shells, body, alias, isSimple }]) =>
  (shells ?? all).map((shell) => ({
    name,
    shell,
    file: `${name}.${shell}`,
    isSimple: isSimple === true,
    alias: typeof alias === 'number' ? alias : (alias?.[shell] ?? 0),
    // Only whole letters S: names with one in them are left alone.
    text: `#!/bin/${shell}\n${show}${body.replace(/(?<![A-Z_])S(?![A-Z_])/g, S)}`,
  })),
);

const prefixes = ['plain', 'it\'s $HOME `x` "q" \\ & *?[a-z] ~', 'new\nline  \tтрі', '-n'];

beforeAll(async () => {
  store.write(join(tool, 'bin/tool'), '#!/bin/sh\necho "tool:${0##*/}:" "$@"\n', 0o755);
  store.write(join(tool, 'share/text'), 'text\n');
  for (const { file, text } of list) store.write(join(object, 'bin', file), text, 0o755);
  const report = await relocate({ paths: [object, tool], to: moved, storeDir: store.storeDir, workers: 1 });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => store.remove());

const env = { PATH: '/usr/bin:/bin', HOME: '/a b', LC_ALL: 'C' };

/** What the script says and how it ends; line numbers in messages are the same too. */
function outcome(path: string, root: string, cwd: string) {
  const { status, stdout, stderr } = run(path, ['arg 1', '*'], { cwd, env });
  return { status, stdout: stdout.replaceAll(root, '<store>'), stderr: stderr.replaceAll(root, '<store>') };
}

test.each(list)('$name in $shell is rewritten as planned', ({ file, alias }) => {
  const text = readFileSync(join(moved, 'store', basename(object), 'bin', file), 'latin1');
  // A file that is not where it was has the alias to fall back to, once.
  const fallback = text.includes('__unmoor_store=') ? 1 : 0;
  expect(text.split('/dev/fd/87').length - 1).toBe(alias + fallback);
  expect(text.replace(/#.*/g, '')).not.toContain(store.storeDir);
  expect(text.split('\n').length).toBe(readFileSync(join(object, 'bin', file), 'latin1').split('\n').length);
});

const before = new Map<string, ReturnType<typeof outcome>>();
beforeAll(() => {
  for (const { file } of list) before.set(file, outcome(join(object, 'bin', file), store.storeDir, store.work));
});

describe.each(prefixes)('from the prefix %j', (name) => {
  const prefix = join(store.work, name);
  const root = join(prefix, 'store');
  beforeAll(() => renameSync(moved, prefix));
  afterAll(() => renameSync(prefix, moved));

  test.each(list.filter(({ alias, isSimple }) => alias === 0 && !(isSimple && name !== 'plain')))(
    '$name in $shell',
    ({ file }) => {
      expect(outcome(join(root, basename(object), 'bin', file), root, store.work)).toEqual(before.get(file));
    },
  );
});
