/** The Perl of this machine with store paths planted: read, rewritten, still compiled. */

import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeTree } from '../../src/pipeline/staging.ts';
import { filesBelow, plant, readReal, sample } from '../real-files.ts';
import { DIGESTS, rewrite, tally } from '../rewriting.ts';
import { run } from '../toy-store.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-perl-real-')));
afterAll(() => removeTree(work));
const path = `/nix/store/${DIGESTS[1]}-dep`;

const directories = [
  '/usr/share/perl',
  '/usr/share/perl5',
  '/usr/lib/x86_64-linux-gnu/perl',
  '/usr/lib/x86_64-linux-gnu/perl5',
  '/usr/lib/x86_64-linux-gnu/perl-base',
];
const all = directories.flatMap((directory) => filesBelow(directory, /\.p[lm]$/));
const chosen = sample(all, 160);

/** Compiles pairs of files, each in a process of its own that is forked, not started. */
const compiler = `
my $count = shift; $| = 1;
sub compiles { my $file = shift; my $pid = fork;
  if (!$pid) { open STDERR, '>', '/dev/null'; open STDOUT, '>', '/dev/null'; close STDIN; $^C = 1; alarm 20;
    open my $in, '<', $file; binmode $in; local $/; my $text = <$in>; $text =~ s/^__(END|DATA)__.*//ms;
    my $ok = eval "no strict; sub { BEGIN { \\$^W = 0 } \\n$text\\n}; 1"; require POSIX; POSIX::_exit($ok ? 0 : 1); }
  waitpid $pid, 0; return $? == 0 ? 1 : 0; }
print compiles("$_.before"), compiles("$_.after"), "\\n" for 0 .. $count - 1;
`;

test(`${chosen.length} of ${all.length} real files compile as before`, async () => {
  const counts: Record<string, number> = {};
  const names: string[] = [];
  const unread: string[] = [];
  for (const real of chosen) {
    const { text } = readReal(real);
    const before = plant(text, path);
    if (before === text) continue;
    const { bytes, sites } = await rewrite(`lib/perl5/${real.slice(real.lastIndexOf('/') + 1)}`, before, '/nix/store');
    tally(sites, counts);
    if (sites.some(({ site }) => site.rule === 'opaque')) unread.push(real);
    const at = join(work, String(names.length));
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(`${at}.before`, before, 'latin1');
    writeFileSync(`${at}.after`, bytes);
    names.push(real);
  }
  writeFileSync(join(work, 'compile.pl'), compiler);
  const { stdout } = run('perl', ['compile.pl', String(names.length)], { cwd: work });
  const compiled = stdout.trim().split('\n');
  expect(compiled.length).toBe(names.length);
  const broken = compiled.flatMap((result, i) => (result === '10' ? [`${i} ${names[i]}`] : []));
  const good = compiled.filter((result) => result === '11').length;
  console.log(
    `${good} compile before and after, ${names.length} rewritten, not read: ${unread.length}; ${JSON.stringify(counts)}`,
  );
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(chosen.length / 4);
  const relative = counts['perl/string relative'] ?? 0;
  const aliased = (counts['perl/string alias'] ?? 0) + (counts['opaque alias'] ?? 0);
  expect(relative / (relative + aliased)).toBeGreaterThan(0.9);
});
