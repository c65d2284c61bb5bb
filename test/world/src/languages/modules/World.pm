package World;
use strict;
our $data = '@out@/share/world';
sub words { open my $file, '<', "$data/words" or die "$data: $!"; my $line = <$file>; chomp $line; return $line }
1;
