/** Wrappers as makeWrapper of several nixpkgs releases writes them, from its arguments. */

export type Argument =
  | { readonly kind: 'set' | 'set-default'; readonly name: string; readonly value: string }
  | { readonly kind: 'unset'; readonly name: string }
  | { readonly kind: 'chdir' | 'run'; readonly value: string }
  | { readonly kind: 'prefix' | 'suffix'; readonly name: string; readonly separator: string; readonly value: string }
  | { readonly kind: 'add-flag' | 'add-flags' | 'append-flag'; readonly value: string }
  | { readonly kind: 'argv0'; readonly value: string }
  | { readonly kind: 'inherit-argv0' };

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

/** bash's own quoting, `${value@Q}`. */
export function quote(value: string): string {
  if (!/[\0-\x1f\x7f]/.test(value)) return `'${value.replaceAll("'", "'\\''")}'`;
  const code = (char: string) => ESCAPES[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `$'${value.replace(/[\0-\x1f\x7f\\']/g, code)}'`;
}

/** As `printf %q` quotes what needs no `$'...'`. */
function backslashed(value: string): string {
  return value === '' ? "''" : value.replace(/[^A-Za-z0-9_.:=@%+,/-]/g, '\\$&');
}

/** What the present makeWrapper writes for an argument that is no part of the last line. */
function lines(argument: Argument): string[] {
  switch (argument.kind) {
    case 'set':
      return [`export ${argument.name}=${quote(argument.value)}`];
    case 'set-default':
      return [`export ${argument.name}=\${${argument.name}-${quote(argument.value)}}`];
    case 'unset':
      return [`unset ${argument.name}`];
    case 'chdir':
      return [`cd ${quote(argument.value)}`];
    case 'run':
      return [argument.value];
    case 'prefix': {
      const { name, separator: s, value } = argument;
      return [
        `${name}=\${${name}:+${quote(s)}$${name}${quote(s)}}`,
        `${name}=\${${name}/${quote(s)}${quote(value)}${quote(s)}/${quote(s)}}`,
        `${name}=${quote(value)}$${name}`,
        `${name}=\${${name}#${quote(s)}}`,
        `${name}=\${${name}%${quote(s)}}`,
        `export ${name}`,
      ];
    }
    case 'suffix': {
      const { name, separator: s, value } = argument;
      return [
        `${name}=\${${name}:+${quote(s)}$${name}${quote(s)}}`,
        `if [[ $${name} != *${quote(s)}${quote(value)}${quote(s)}* ]]; then`,
        `    ${name}=$${name}${quote(value)}`,
        'fi',
        `${name}=\${${name}#${quote(s)}}`,
        `${name}=\${${name}%${quote(s)}}`,
        `export ${name}`,
      ];
    }
    default:
      return [];
  }
}

/** The words before and behind `"$@"`. */
function flagsOf(args: readonly Argument[], kinds: readonly Argument['kind'][]): string {
  return args
    .flatMap((argument) => {
      if (!kinds.includes(argument.kind) || !('value' in argument)) return [];
      return [` ${argument.kind === 'add-flags' ? argument.value : quote(argument.value)}`];
    })
    .join('');
}

function argv0Of(args: readonly Argument[]): string {
  let option = '';
  for (const argument of args) {
    if (argument.kind === 'argv0') option = argument.value === '' ? '' : `-a "${argument.value}" `;
    if (argument.kind === 'inherit-argv0') option = '-a "$0" ';
  }
  return option;
}

/** `echo exec ... "$original" "$flagsBefore" "$@" "$flagsAfter"`. */
export function present(args: readonly Argument[], target: string, bash: string): string {
  const before = flagsOf(args, ['add-flag', 'add-flags']);
  const exec = `exec ${argv0Of(args)}"${target}" ${before} "$@" ${flagsOf(args, ['append-flag'])}`;
  return [`#! ${bash} -e`, ...args.flatMap(lines), exec, ''].join('\n');
}

/** The one-line form of older releases. */
export function older(args: readonly Argument[], target: string, bash: string): string {
  const body = args.flatMap((argument) => {
    if (argument.kind === 'prefix') {
      const { name, separator: s, value } = argument;
      return [`export ${name}=${quote(value)}\${${name}:+${quote(s)}}$${name}`];
    }
    if (argument.kind === 'suffix') {
      const { name, separator: s, value } = argument;
      return [`export ${name}=$${name}\${${name}:+${quote(s)}}${quote(value)}`];
    }
    return lines(argument);
  });
  const flags = flagsOf(args, ['add-flag', 'add-flags']);
  return [`#! ${bash} -e`, ...body, `exec -a "$0" "${target}" ${flags} "$@"`, ''].join('\n');
}

/** The short-lived form with an array of flags. */
export function withArray(args: readonly Argument[], target: string, bash: string): string {
  const body = args.flatMap((argument) => {
    if (argument.kind === 'prefix') {
      const { name, separator: s, value } = argument;
      return [`export ${name}=${quote(value)}\${${name}:+${quote(s)}$${name}}`];
    }
    if (argument.kind === 'suffix') {
      const { name, separator: s, value } = argument;
      return [`export ${name}+=\${${name}:+${quote(s)}}${quote(value)}`];
    }
    return argument.kind === 'run' ? ['set +u', argument.value, 'set -u'] : lines(argument);
  });
  const flags = flagsOf(args, ['add-flag']);
  const exec = `exec ${argv0Of(args)}${quote(target)} ${flags} "\${extraFlagsArray[@]}" "$@"`;
  return [`#! ${bash} -eu`, 'declare -a extraFlagsArray=()', ...body, 'set +u', exec, ''].join('\n');
}

/** The form with `printf %q`, for values that it does not have to quote by `$'...'`. */
export function newest(args: readonly Argument[], target: string, bash: string): string {
  const body = args.flatMap((argument) => {
    switch (argument.kind) {
      case 'set':
        return [`export ${argument.name}=${backslashed(argument.value)}`];
      case 'set-default':
        return [`export ${argument.name}="\${${argument.name}-${argument.value.replace(/[^A-Za-z0-9/.:-]/g, '')}}"`];
      case 'chdir':
        return [`cd -- ${backslashed(argument.value)}`];
      case 'prefix':
      case 'suffix': {
        const { name, separator: s } = argument;
        const value = argument.value.replace(/[^A-Za-z0-9/.:-]/g, '');
        return [
          `${name}="\${${name}:+${s}"$${name}"${s}}"`,
          ...(argument.kind === 'prefix'
            ? [`${name}="\${${name}/"${s}${value}${s}"/${s}}"`, `${name}=${value}"$${name}"`]
            : [`if [[ "$${name}" != *${s}${value}${s}* ]]; then`, `    ${name}="$${name}"${value}`, 'fi']),
          `${name}="\${${name}#${s}}"`,
          `${name}="\${${name}%${s}}"`,
          `export ${name}`,
        ];
      }
      default:
        return lines(argument);
    }
  });
  const before = flagsOf(args, ['add-flag', 'add-flags']);
  const after = flagsOf(args, ['append-flag']);
  return [`#! ${bash} -e`, ...body, `exec ${argv0Of(args)}-- ${target} ${before} "$@" ${after}`, ''].join('\n');
}

export const forms = { present, older, withArray, newest };
