/**
 * What the check says of a file's language is what a relocation does: a file of that name with a store path in it is
 * rewritten, and the site's remedy compared with the severity.
 */

import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/check/check-text.ts';
import { languageOf } from '../../src/check/target-language.ts';
import { DIGESTS, rewrite } from '../rewriting.ts';

const PATH = `/nix/store/${DIGESTS[1]}-dep/bin/tool`;

/** Files with one path each, and what the check says of them. */
const relative: readonly (readonly [string, string])[] = [
  ['bin/tool.sh', `exec ${PATH} "$@"\n`],
  ['bin/tool.bash', `exec ${PATH} "$@"\n`],
  ['share/tool.zsh', `${PATH}\n`],
  ['share/tool.ksh', `${PATH}\n`],
  ['lib/tool.py', `TOOL = "${PATH}"\n`],
  ['lib/tool.pyi', `TOOL = "${PATH}"\n`],
  ['lib/tool.pyw', `TOOL = "${PATH}"\n`],
  ['lib/tool.js', `const tool = '${PATH}';\n`],
  ['lib/tool.mjs', `export const tool = '${PATH}';\n`],
  ['lib/tool.cjs', `exports.tool = '${PATH}';\n`],
  ['lib/tool.ts', `export const tool: string = '${PATH}';\n`],
  ['lib/tool.mts', `export const tool: string = '${PATH}';\n`],
  ['lib/tool.cts', `export const tool: string = '${PATH}';\n`],
  ['lib/tool.jsx', `export const tool = <a href="x">{'${PATH}'}</a>;\n`],
  ['lib/tool.tsx', `export const tool: string = '${PATH}';\n`],
  ['bin/tool.pl', `my $tool = "${PATH}";\n`],
  ['lib/Tool.pm', `our $tool = '${PATH}';\n1;\n`],
  ['t/tool.t', `my $tool = '${PATH}';\n`],
  ['lib/tool.rb', `TOOL = "${PATH}"\n`],
  ['lib/tool.lua', `local tool = "${PATH}"\n`],
  ['lib/tool.tcl', `set tool ${PATH}\n`],
  ['lib/cmake/tool.cmake', `set(TOOL "${PATH}")\n`],
  ['lib/pkgconfig/tool.pc', `prefix=${PATH}\nName: tool\n`],
];

const kinds = async (file: string, text: string) =>
  (await rewrite(file, text, '/nix/store')).sites.map(({ remedy }) => remedy.kind);

describe('what the check says a relocation does', () => {
  it.each(relative)('%s becomes relative', async (file, text) => {
    expect(languageOf(file)).toMatchObject({ severity: 'information', advice: expect.stringContaining('relative') });
    expect(await kinds(file, text)).toEqual(['relative']);
  });

  it('texts of languages that are not known keep working through the alias', async () => {
    for (const file of ['etc/tool.conf', 'share/tool.el', 'share/tool.json']) {
      expect(languageOf(file)).toBeUndefined();
      expect(await kinds(file, `tool ${PATH}\n`)).toEqual(['alias']);
    }
  });

  it('strings of Java keep working through the alias, those of .NET are not seen', async () => {
    const constant = Buffer.from(PATH);
    const length = Buffer.of(1, 0, constant.length);
    const head = Buffer.of(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52, 0, 2);
    const classFile = Buffer.concat([head, length, constant, Buffer.alloc(12)]).toString('latin1');
    expect(languageOf('src/Main.java')).toMatchObject({ severity: 'information' });
    expect(await kinds('share/java/Main.class', classFile)).toEqual(['alias']);
    expect(languageOf('src/Main.cs')).toMatchObject({ severity: 'error' });
    expect(await kinds('lib/main.dll', `MZ${Buffer.from(PATH, 'utf16le').toString('latin1')}`)).toEqual([]);
  });

  it('desktop entries and D-Bus services block', async () => {
    const entry = `[Desktop Entry]\nExec=${PATH}\nTryExec=${PATH}\nIcon=${PATH}\nPath=${PATH}\n`;
    expect(languageOf('share/applications/tool.desktop')?.severity).toBe('error');
    expect(await kinds('share/applications/tool.desktop', entry)).toEqual(Array(4).fill('none'));
    for (const file of [
      'share/dbus-1/services/tool.service',
      'share/dbus-1/system-services/org.example.Tool.service',
    ]) {
      expect(languageOf(file)?.severity).toBe('error');
      expect(await kinds(file, `[D-BUS Service]\nName=org.example.Tool\nExec=${PATH}\n`)).toEqual(['none']);
    }
  });

  it('each setting of a unit is said to be what it becomes', async () => {
    const settings = [
      'ExecStart',
      'ExecStartPre',
      'ExecStartPost',
      'ExecStop',
      'ExecStopPost',
      'ExecReload',
      'ExecCondition',
      'Environment',
      'EnvironmentFile',
      'WorkingDirectory',
      'ReadOnlyPaths',
      'LoadCredential',
    ];
    for (const key of settings) {
      const value = key === 'Environment' ? 'TOOL=' : '';
      const [kind] = await kinds('lib/systemd/system/tool.service', `[Service]\n${key}=${value}${PATH}\n`);
      const source = `{ writeText, dep }: writeText "tool.service" ''\n  [Service]\n  ${key}=${value}\${dep}/bin/tool\n''`;
      const { findings } = checkText('x.nix', source, { storeDir: '/nix/store', rules: {} });
      expect({ key, severity: findings.map(({ severity }) => severity) }).toEqual({
        key,
        severity: [kind === 'relative' ? 'information' : 'error'],
      });
    }
  });
});
