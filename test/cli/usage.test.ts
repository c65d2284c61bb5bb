import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/errors.ts';
import { UserError } from '../../src/pipeline/user-error.ts';
import { unmoor, version } from './run-unmoor.ts';

const commands = ['audit', 'relocate', 'adopt', 'check', 'demo', 'explain'];

describe('help and version', () => {
  it('prints the version of package.json', () => {
    expect(unmoor(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('names every command, with examples and exit codes', () => {
    const { code, stdout } = unmoor(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });

  it.each(commands)('%s --help has examples', (command) => {
    const { code, stdout } = unmoor([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n');
    expect(stdout).toContain(`  unmoor ${command}`);
  });
});

describe('wrong usage has exit code 2 and says what is wrong on standard error', () => {
  it.each([
    [[], 'Usage: unmoor'],
    [['adit'], 'Did you mean audit?'],
    [['audit', '--closre', '/'], 'Did you mean --closure?'],
    [['audit'], "missing required argument 'path'"],
    [['audit', '/does/not/exist'], '/does/not/exist: no such file or directory'],
    [['audit', '/', '--format', 'yaml'], 'Allowed choices are text, json, sarif, markdown, html'],
    [['audit', '/', '--store-dir', 'relative'], 'absolute path'],
    [['audit', '/', '--jobs', '0'], 'whole number'],
    [['relocate', '/'], "required option '--to <dir>' not specified"],
    [['explain', 'elf/nothing'], "there is no rule 'elf/nothing'"],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = unmoor(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('errors', () => {
  const printed = (error: unknown, debug?: string): { code: number; text: string } => {
    const lines: string[] = [];
    const write = process.stderr.write;
    const before = process.env.UNMOOR_DEBUG;
    if (debug === undefined) delete process.env.UNMOOR_DEBUG;
    else process.env.UNMOOR_DEBUG = debug;
    process.stderr.write = ((text: string) => lines.push(text) > 0) as typeof process.stderr.write;
    try {
      return { code: exitCodeOf(error), text: lines.join('') };
    } finally {
      process.stderr.write = write;
      if (before === undefined) delete process.env.UNMOOR_DEBUG;
      else process.env.UNMOOR_DEBUG = before;
    }
  };

  it('a defect has exit code 3 and shows its stack only when asked', () => {
    const quiet = printed(new TypeError('x is not a function'));
    expect(quiet.code).toBe(3);
    expect(quiet.text).toContain('internal error: x is not a function');
    expect(quiet.text).not.toContain('    at ');
    expect(printed(new TypeError('x'), '1').text).toContain('    at ');
  });

  it('a full disk is no defect', () => {
    const error = Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', path: '/out/x' });
    expect(printed(error)).toEqual({ code: 1, text: expect.stringContaining('/out/x: the disk is full') });
  });

  it('a user error shows its hint', () => {
    const { code, text } = printed(new UserError('no', { exitCode: 2, hint: 'do this' }));
    expect(code).toBe(2);
    expect(text).toMatch(/no\n.*do this/);
  });
});
