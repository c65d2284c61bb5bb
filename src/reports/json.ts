/** Reports as JSON, in pieces: the sites of a big closure need not fit into one string. */

/** Keys whose elements are written one at a time. */
const LISTS: ReadonlySet<string> = new Set(['objects']);

const INDENT = 2;

/** The text of `JSON.stringify(report, null, 2)` and a newline. */
export function* jsonChunks(report: object): Generator<string> {
  const margin = ' '.repeat(INDENT);
  let separator = '{';
  for (const [key, value] of Object.entries(report)) {
    if (value === undefined) continue;
    yield `${separator}\n${margin}${JSON.stringify(key)}: `;
    separator = ',';
    if (LISTS.has(key) && Array.isArray(value) && value.length > 0) yield* listChunks(value, margin);
    else yield indented(value, margin);
  }
  yield separator === '{' ? '{}\n' : '\n}\n';
}

function* listChunks(values: readonly unknown[], margin: string): Generator<string> {
  const inner = margin + ' '.repeat(INDENT);
  for (const [i, value] of values.entries()) yield `${i === 0 ? '[' : ','}\n${inner}${indented(value, inner)}`;
  yield `\n${margin}]`;
}

/** Line breaks stand only between values in JSON, never inside strings. */
function indented(value: unknown, margin: string): string {
  return JSON.stringify(value, null, INDENT).replaceAll('\n', `\n${margin}`);
}
