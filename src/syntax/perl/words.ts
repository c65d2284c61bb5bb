/** Perl's words, as far as they decide how the next character reads (perlfunc, perlop). */

/** Operators and functions behind which a term stands: `/` begins a pattern there, `<` a file handle, `%` a hash. */
export const beforeTerm: ReadonlySet<string> = new Set(
  (
    'x lt gt le ge eq ne cmp and or not xor isa if elsif else unless while until for foreach when given return print ' +
    'printf say push unshift splice grep map join split sort reverse keys values each delete exists defined undef ref ' +
    'scalar die warn eval do require use no my our local state lc uc lcfirst ucfirst length substr index rindex sprintf ' +
    'pack unpack open close binmode chomp chop chr ord hex oct int abs sqrt unlink mkdir rmdir rename chmod chown system ' +
    'exec bless tie untie stat lstat opendir readdir read sysread syswrite seek tell eof fileno package sub goto last ' +
    'next redo exit kill sleep glob quotemeta study pos wait waitpid local default try catch finally BEGIN END'
  ).split(' '),
);

/** Words behind which an operator stands, although nothing was read that looks like a value. */
export const afterTerm: ReadonlySet<string> = new Set(
  'shift pop time times wantarray wait caller __FILE__ __LINE__ __PACKAGE__ __SUB__ fork getppid'.split(' '),
);

/** Words whose braces hold a block, not a hash. */
export const hashWords: ReadonlySet<string> = new Set('return bless and or not ref scalar push unshift'.split(' '));

export const quoteOperators: ReadonlySet<string> = new Set('q qq qw qx m qr s tr y'.split(' '));

/** Functions that hand one string to a shell. */
export const shellWords: ReadonlySet<string> = new Set(['system', 'exec', 'readpipe']);
