/** What pkgconf says of modules, all their flags and variables, in a form that can be compared. */

/**
 * A shell's script. One shell for all modules, which are its arguments, since there are thousands of questions. pkgconf
 * escapes each byte outside of ASCII, which would be no text any more.
 */
export const QUESTIONS = `
for module; do
  echo "== $module"
  pkgconf --cflags --libs --static "$module" 2>&1
  echo "$?"
  for name in $(pkgconf --print-variables "$module" | sort); do
    test "$name" = pcfiledir || echo "$name=$(pkgconf --variable="$name" "$module")"
  done
done | LC_ALL=C sed 's/\\\\\\([^ -~]\\)/\\1/g'`;

/** Takes `..` out, so that both ways to a directory read alike. */
export function collapse(text: string, upwards = /\/(?!\.\.\/)[^/]+\/\.\.(?=\/|$)/): string {
  const shorter = text.replace(upwards, '');
  return shorter === text ? text : collapse(shorter, upwards);
}

/** The lines of the answers, with the store directory's place taken out. */
export function answers(stdout: string, root: string): string[] {
  // Blanks are escaped; what is escaped is no end of a word.
  const blanks = (text: string) => text.replaceAll(' ', '\u00a0');
  return stdout
    .split('\n')
    .map((line) => collapse(line.replaceAll('\\ ', '\u00a0'), /\/(?!\.\.\/)[^/\s"']+\/\.\.(?=\/|$)/m))
    .map((line) => line.replaceAll(blanks(root), '<store>'));
}
