/** Lua: a local variable at the beginning of the file holds the store directory, and strings are joined with it. */

import type { Site } from '../../analyzers/site.ts';
import { type LuaSource, type LuaString, luaSource } from '../../syntax/lua/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

const VARIABLE = '_unmoor';

/** Functions have room for 200 local variables (lparser.c, MAXVARS). */
const MOST_LOCALS = 150;

/**
 * The statement that finds the store directory. Lua knows the name under which it opened the file, and no links: the
 * way up is tried there first, where the kernel follows links of directories, and then from where `readlink` says the
 * file lies. What is looked for is an object that the file names anyway. Text that comes from no file gets the alias.
 */
function preamble(file: string, alias: string, object: string): string {
  const up = upToStoreDir(file);
  return (
    `local ${VARIABLE}=(function()local a="${alias}"local s=debug and debug.getinfo and io and io.open and ` +
    `debug.getinfo(1,"S").source or""if s:sub(1,1)~="@"then return a end;s=s:sub(2)` +
    `local function b(s)local d=(s:match("^(.*)/")or".").."/${up}"local f=io.open(d.."/${object}")if f then f:close()return d end end;` +
    `local d=b(s)if d and s:sub(1,1)=="/"then return d end;` +
    `local o,p=pcall(io.popen,"readlink -f -- '"..s:gsub("'","'\\\\''").."'")if o and p then ` +
    `local r=p:read("*a")or""p:close()d=b((r:gsub("\\n$","")))or d end;return d or a end)();`
  );
}

/** The expression for the store directory, as the reader of the string needs it. */
function expression({ reader, textStart }: LuaString, text: string, start: number): string | undefined {
  switch (reader) {
    case 'none':
      return VARIABLE;
    case 'pattern':
      return `${VARIABLE}:gsub("%p","%%%0")`;
    case 'format':
      return `${VARIABLE}:gsub("%%","%%%%")`;
    case 'shell':
      // Inside quotes of the shell the place decides more than can be told here.
      return /["'\\]/.test(text.slice(textStart, start)) ? undefined : `"'"..${VARIABLE}:gsub("'","'\\\\''").."'"`;
  }
}

function rewriteString(
  string: LuaString,
  sites: readonly Site[],
  source: LuaSource,
  storeDir: string,
): Edit[] | undefined {
  const { text } = source;
  const { start, textStart, textEnd, end, kind } = string;
  if (string.isCallOnNextLine) return undefined;
  const open = text.slice(start, textStart);
  const close = text.slice(textEnd, end);
  const edits = [edit(start, '', '('), edit(end, '', ')')];
  for (const { offset } of sites) {
    let backslashes = 0;
    if (kind === 'quoted') while (text[offset - 1 - backslashes] === '\\') backslashes++;
    const from = offset - (backslashes % 2);
    // A bracket before the path would close a long string too early.
    if (kind === 'long' && text[offset - 1] === ']') return undefined;
    const value = expression(string, text, from);
    if (value === undefined) return undefined;
    const joined = value === VARIABLE ? value : `(${value})`;
    edits.push(edit(from, text.slice(from, offset + storeDir.length), `${close}..${joined}..${open}`));
  }
  return edits;
}

export const luaTransform: Transform = {
  id: 'lua',
  rules: ['lua/string', 'lua/comment'],
  plan(file, sites, context) {
    const source = luaSource(file.bytes);
    const codeStart = source?.codeStart;
    const canDeclare = source?.codeStart !== undefined && source.locals < MOST_LOCALS;
    const stringAt = ({ offset }: Site): LuaString | undefined => {
      const found = source?.at(offset);
      return found === undefined || found.kind === 'comment' ? undefined : found;
    };
    const plan = planLiterals(
      'lua',
      file,
      sites,
      context,
      (site) => (canDeclare ? stringAt(site)?.start : undefined),
      (group) => {
        const string = stringAt(group[0] as Site);
        const edits = string && source && rewriteString(string, group, source, file.storeDir.path);
        return edits && { edits, form: `<directory of the file>/${upToStoreDir(file.file)}` };
      },
    );
    const first = sites.find((site) => plan.remedies.get(site)?.kind === 'relative');
    if (first === undefined || codeStart === undefined) return plan;
    const code = preamble(file.file, context.alias, first.occurrence.baseName);
    return { ...plan, edits: [edit(codeStart, '', code), ...plan.edits] };
  },
};
