# Random timelines as JSON text, the same for the same seed on every machine.
#
# A document is built as text, not as a Perl structure, because what matters is
# how numbers are written, in which order members stand, and what is escaped.

package TimelineGenerator;

use strict;
use warnings FATAL => 'all';

use MIME::Base64;

sub new
{
	my ($class, $seed) = @_;

	return bless { state => $seed & 0xffffffff }, $class;
}

# State of 40 bits: its product with the multiplier fits in 64.
my $mask = 2**40 - 1;

# 32 bits, from a linear congruence whose low bits are left out.  Perl's own rand
# is shared with everything else in the process.
sub next_word
{
	my ($self) = @_;

	$self->{state} = ($self->{state} * 0xda942d + 0x3039) & $mask;
	return $self->{state} >> 8;
}

# An integer from 0 to n - 1, n less than 2^30.
sub below
{
	my ($self, $n) = @_;

	$self->{state} = ($self->{state} * 0xda942d + 0x3039) & $mask;
	return ($self->{state} >> 10) % $n;
}

sub chance
{
	my ($self, $percent) = @_;

	return $self->below(100) < $percent;
}

sub pick
{
	my ($self, @choices) = @_;

	return $choices[ $self->below(scalar(@choices)) ];
}

# A list in random order.
sub shuffled
{
	my ($self, @list) = @_;

	for (my $i = $#list; $i > 0; $i--)
	{
		my $k = $self->below($i + 1);

		@list[ $i, $k ] = @list[ $k, $i ];
	}
	return @list;
}

# White space that JSON allows between tokens, the same for a whole array or object.
sub space
{
	my ($self) = @_;

	return $self->below(100) < 90 ? '' : $self->pick(' ', "\n", "\t", "\r\n", '   ');
}

sub array
{
	my ($self, @elements) = @_;
	my $space = $self->space;

	return "[$space" . join("$space,$space", @elements) . "$space]";
}

# An object of [key, text] pairs, in this order.
sub object
{
	my ($self, @members) = @_;
	my $space = $self->space;

	return
		"{$space"
	  . join("$space,$space", map { "$_->[0]$space:$space$_->[1]" } @members)
	  . "$space}";
}

my @pieces = (
	'a', 'onset', ' ', 'Kick 1',
	'\"', '\\\\', '\/', '\b\f\n\r\t',
	'\u0001', '\u001f', "\x7f", '\u00e9',
	"\xc3\xa9", "\xe9\x9f\xb3", '\u97f3', '\ud83c\udfb5',
	"\xf0\x9f\x8e\xb5", '\u2028', "\xef\xbf\xbf", "'",
	',', ':', '{', ']',
	'%s', '$1');

# The text of a string, quotes and all; not empty unless that is allowed.
sub string
{
	my ($self, $may_be_empty) = @_;
	my $n = $self->below(4) + ($may_be_empty ? 0 : 1);

	return '"' . join('', map { $self->pick(@pieces) } 1 .. $n) . '"';
}

my @members = qw(
  timestamp type duration confidence data value events markers features metadata sampleRate
  hop frameRate times startTime dims unit kind encoding range maxError values base64);

# A key, often one that means something at another level.
sub key
{
	my ($self) = @_;

	return $self->string(1) if $self->chance(40);
	return '"' . $self->pick(@members, 'amplitude', 'x', 'id') . '"';
}

# A number that the type does not interpret: any that jsonb holds, however written.
sub free_number
{
	my ($self) = @_;

	return $self->pick(
		'0', '-0',
		'-0.0', '0.000',
		'1', '-1',
		'1.50', '1e-7',
		'1E+2', '1e20',
		'-2.5e-10', '12e0',
		'9007199254740993', '12345678901234567890123456789',
		'-99999999999999999999.000001', '0.1000000000000000055511151231257827',
		'1e300', '1e-300',
		'3.14159265358979323846') if $self->chance(60);
	return $self->below(2000000) - 1000000 if $self->chance(50);
	return sprintf('%.*f', $self->below(9), ($self->next_word - 0x7fffffff) / 1e6);
}

# Any JSON value.
sub value
{
	my ($self, $depth) = @_;
	my $kind = $self->below($depth > 0 ? 10 : 6);

	return $self->pick('null', 'true', 'false') if $kind < 2;
	return $self->free_number if $kind < 4;
	return $self->string(1) if $kind < 6;
	return $self->array(map { $self->value($depth - 1) } 1 .. $self->below(4)) if $kind < 8;
	return $self->free_object($depth - 1);
}

# Any object; now and then with a key given twice, or very deep.
sub free_object
{
	my ($self, $depth) = @_;
	my @pairs = map { [ $self->key, $self->value($depth) ] } 1 .. $self->below(4);

	push(@pairs, [ $pairs[0][0], $self->value($depth) ]) if @pairs && $self->chance(10);
	if ($self->chance(2))
	{
		my $levels = 10 + $self->below(300);

		push(@pairs, [ '"deep"', ('[{"d":' x $levels) . '1' . ('}]' x $levels) ]);
	}
	return $self->object(@pairs);
}

# Members that an object of the given known members does not know.
sub unknown_members
{
	my ($self, @known) = @_;
	my %known = map { ("\"$_\"" => 1) } @known;
	my @pairs;

	return () if $self->chance(60);
	for (1 .. 1 + $self->below(3))
	{
		my $key = $self->key;

		push(@pairs, [ $key, $self->value(3) ]) unless $known{$key};
	}
	return @pairs;
}

# A time on a grid of quarters, so that times repeat: as a number and as text.
sub grid_time
{
	my ($self, $quarters) = @_;
	my $time = $self->below($quarters + 1) / 4;
	my @forms = ("$time", sprintf('%.2f', $time), sprintf('%.4f', $time));

	push(@forms, sprintf('%de-2', $time * 100), sprintf('%.5fE1', $time / 10));
	return ($time, $self->pick(@forms));
}

sub seconds
{
	my ($self) = @_;

	return $self->pick('0', '0.0', '1e-7', '1.50', '0.1', '2.5e-3', '1e3', '-0',
		sprintf('%.6f', $self->below(5000000) / 1e6));
}

sub confidence
{
	my ($self) = @_;

	return $self->pick('0', '1', '1.0', '0.5', '1e-7', '0.93', '-0',
		sprintf('%.7f', $self->below(10000000) / 1e7));
}

# An optional member: a given one, null, or absent.
sub optional
{
	my ($self, $key, $text) = @_;

	return () if $self->chance(50);
	return [ "\"$key\"", $self->chance(15) ? 'null' : $text ];
}

# How the members look that the items of a track share: a key and a form each.
sub style
{
	my ($self) = @_;

	return map { [ "\"$_\"", $self->pick('%d', '%.2f', '%.1f', '%.9g', '%.17g', '"word %d"', '[%d]') ] }
	  grep { $self->chance(50) } qw(gain note pitch velocity);
}

sub shared_members
{
	my ($self, @style) = @_;

	return map { [ $_->[0], sprintf($_->[1], $self->below(100000) / 1024 + 0.001) ] }
	  grep { $self->chance(90) } @style;
}

# An event or marker as [time, text].
sub item
{
	my ($self, $quarters, $marker, @style) = @_;
	my ($time, $text) = $self->grid_time($quarters);
	my @known =
	  $marker
	  ? qw(timestamp type confidence value)
	  : qw(timestamp type duration confidence data);
	my @pairs = ([ '"timestamp"', $text ], $self->optional('confidence', $self->confidence));

	push(
		@pairs,
		[
			'"type"',
			$self->chance(80)
			? '"' . $self->pick('onset', 'note', 'chord', 'beat', 'bar', 'kick') . '"'
			: $self->string(0)
		]);
	if ($marker)
	{
		push(@pairs,
			$self->optional('value', $self->chance(50) ? $self->free_number : $self->string(1)));
	}
	else
	{
		push(@pairs, $self->optional('duration', $self->seconds));
		push(
			@pairs,
			$self->optional(
				'data',
				$self->chance(50)
				? $self->free_object(3)
				: $self->object($self->shared_members(@style))));
	}
	push(@pairs, $self->unknown_members(@known), $self->shared_members(@style));
	return [ $time, $self->object($self->shuffled(@pairs)) ];
}

# A track as given, and as it comes back: in time order, equal times as given.
sub track
{
	my ($self, $quarters, $marker) = @_;
	my $n = $self->chance(1) ? 100 + $self->below(300) : $self->below(6);
	my @style = $self->style;
	my @items = map { $self->item($quarters, $marker, @style) } 1 .. $n;
	my @order = sort { $items[$a][0] <=> $items[$b][0] || $a <=> $b } 0 .. $#items;

	return (
		'[' . join(',', map { $_->[1] } @items) . ']',
		'[' . join(',', map { $items[$_][1] } @order) . ']');
}

# How many frames a feature has, and how many numbers each.
sub shape
{
	my ($self) = @_;
	my $frames = $self->chance(1) ? 500 + $self->below(700) : $self->below(10);

	return ($frames, $self->chance(60) ? 1 : 1 + $self->below(5));
}

# Frames of numbers that a function gives, with nulls of both kinds.
sub frames
{
	my ($self, $frames, $dims, $number) = @_;
	my $nested = $dims > 1 || $self->chance(10);
	my $nulls = $self->chance(40) ? 15 : 0;
	my @texts;

	# The numbers of all frames in one flat list, which "dims" tells apart.
	if ($dims > 1 && $self->chance(20))
	{
		return $self->array(map { $self->chance($nulls) ? 'null' : $number->() } 1 .. $frames * $dims);
	}
	for (1 .. $frames)
	{
		my @numbers = map { $self->chance($nulls) ? 'null' : $number->() } 1 .. $dims;

		push(@texts,
			$self->chance($nulls) ? 'null' : $nested ? $self->array(@numbers) : $numbers[0]);
	}
	return '[' . join(',', @texts) . ']';
}

my %integers =
  (u8 => [ 0, 255 ], i8 => [ -128, 127 ], u16 => [ 0, 65535 ], i16 => [ -32768, 32767 ]);

# Numbers that are stored as they are: f64, f32, or both at once.
sub plain_values
{
	my ($self, $frames, $dims) = @_;
	my $wide = sub {
		$self->pick(
			'0.1', '1e-7', '1.50', '1e20', '-1e300', '1e-300', '-0',
			sprintf('%.9f', $self->next_word / 1e9),
			$self->below(1 << 28));
	};
	my $narrow = sub { sprintf('%.6f', ($self->below(4096) - 2048) / 64) };
	my $kind = $self->below(4);
	my @pairs;

	@pairs = ([ '"encoding"', $kind == 0 ? '"f64"' : '"f32"' ]) if $kind < 2;
	return (@pairs,
		[ '"values"', $self->frames($frames, $dims, $kind == 0 || $kind == 2 ? $wide : $narrow) ]);
}

# Integers in an integer encoding, with a range that loses nothing or without one.
sub integer_values
{
	my ($self, $frames, $dims) = @_;
	my $encoding = $self->pick(sort keys %integers);
	my ($lowest, $highest) = @{ $integers{$encoding} };
	my $scale = 1;
	my @pairs = ([ '"encoding"', "\"$encoding\"" ]);

	if ($self->chance(50))
	{
		$scale = $self->pick(1, 2, 0.25);
		push(@pairs,
			[ '"range"', '[' . $lowest * $scale . ', ' . sprintf('%.2f', $highest * $scale) . ']' ]
		);
	}
	return (
		@pairs,
		[
			'"values"',
			$self->frames(
				$frames, $dims, sub { ($lowest + $self->below($highest - $lowest + 1)) * $scale })
		]);
}

# Numbers that lose something: what comes back is not what was given.
sub lossy_values
{
	my ($self, $frames, $dims) = @_;
	my $numbers =
	  $self->frames($frames, $dims, sub { sprintf('%.7f', $self->below(9999991) / 1e7) });

	return ([ '"encoding"', '"f32"' ], [ '"values"', $numbers ]) if $self->chance(30);
	return (
		[ '"encoding"', '"' . $self->pick(sort keys %integers) . '"' ],
		[ '"range"', $self->pick('[0, 1]', '[0.1, 0.9]', '[-3e-1, 7.5]') ],
		[ '"values"', $numbers ]);
}

# The same as bytes; any but infinity.
sub base64_values
{
	my ($self, $frames, $dims) = @_;
	my $n = $frames * $dims;
	my $encoding = $self->pick('f32', 'f64', sort keys %integers);
	my $bytes = '';

	for (1 .. $n)
	{
		$bytes .= pack('l<', $self->pick($self->next_word & 0x7f7fffff, 0x7fc00000, 0x7f800001, 0))
		  if $encoding eq 'f32';
		$bytes .= pack('d<', $self->pick(($self->next_word - 1e9) / 1e3, -0.0, 1e-310))
		  if $encoding eq 'f64';
		$bytes .= pack('C', $self->below(256)) if $encoding    =~ /8/;
		$bytes .= pack('S<', $self->below(65536)) if $encoding =~ /16/;
	}
	my @pairs =
	  ([ '"encoding"', "\"$encoding\"" ], [ '"base64"', '"' . encode_base64($bytes, '') . '"' ]);

	push(@pairs, [ '"values"', 'null' ]) if $self->chance(20);
	push(@pairs, [ '"range"', $self->pick('[0, 0.43]', '[-1e3,1.5e3]', 'null') ])
	  if $self->chance(40);
	return @pairs;
}

sub feature
{
	my ($self, $lossy) = @_;
	my ($frames, $dims) = $self->shape;
	my @known = qw(hop frameRate times startTime dims unit kind encoding range maxError values base64);
	my @pairs;
	my $kind = $self->below(10);

	if ($lossy)
	{
		@pairs = $self->lossy_values(++$frames, $dims);
	}
	elsif ($kind < 5)
	{
		@pairs = $self->plain_values($frames, $dims);
	}
	else
	{
		@pairs =
		  $kind < 8 ? $self->integer_values($frames, $dims) : $self->base64_values($frames, $dims);
		push(@pairs, [ '"maxError"', $self->pick('0', '0.25', 'null') ]) if $self->chance(20);
	}
	push(@pairs, [ '"dims"', $self->pick($dims, "$dims.0") ]) if $dims > 1 || $self->chance(30);
	push(@pairs, $self->chance(20) ? $self->times($frames) : ($self->clock, $self->optional('startTime', $self->seconds)));
	push(@pairs,
		$self->optional('unit', $self->string(1)),
		$self->optional('kind', $self->string(1)));
	push(@pairs, $self->unknown_members(@known));
	return $self->object($self->shuffled(@pairs));
}

# Exactly one of hop and frameRate; the other may be there as null.
sub clock
{
	my ($self) = @_;
	my @pairs = (
		[ '"hop"', $self->pick('512', '512.0', '5.12e2', '1', '441', '2147483647') ],
		[ '"frameRate"', $self->pick('60', '86.1328125', '1e-3', '0.1', '44100.00') ]);

	@pairs = reverse(@pairs) if $self->chance(50);
	return $pairs[0] if $self->chance(80);
	return ($pairs[0], [ $pairs[1][0], 'null' ]);
}

# A time for each frame, in place of a clock; some frames have one time.
sub times
{
	my ($self, $frames) = @_;
	my $time = $self->below(3);
	my @times = map { $time += $self->pick(0, 0.25, 1, 1.125); $time } 1 .. $frames;

	return [ '"times"', '[' . join(',', @times) . ']' ];
}

sub features
{
	my ($self, $lossy) = @_;
	my $n = $self->below(4) + ($lossy ? 1 : 0);
	my @pairs =
	  map { [ $self->chance(70) ? "\"f$_\"" : $self->string(1), $self->feature($lossy) ] } 1 .. $n;

	push(@pairs, [ $pairs[0][0], $self->feature($lossy) ]) if @pairs && $self->chance(5);
	return $self->object(@pairs);
}

# A document: as given, and as it must come back (but for lossy values).
sub document
{
	my ($self, $lossy) = @_;
	my $quarters = $self->pick(0, 3, 40, 4000);
	my @known = qw(duration sampleRate startTime events markers features metadata);
	my @pairs = (
		[ '"duration"', $self->pick($quarters / 4, sprintf('%.3f', $quarters / 4)) ],
		[ '"sampleRate"', $self->pick('44100', '44100.0', '4.8e4', '1', '2147483647') ]);
	my %sorted;

	foreach my $track (qw(events markers))
	{
		next if $self->chance(25);
		my ($given, $order) = $self->track($quarters, $track eq 'markers');

		($given, $order) = ('null', 'null') if $self->chance(5);
		push(@pairs, [ "\"$track\"", $given ]);
		$sorted{"\"$track\""} = $order;
	}
	push(@pairs,
		$self->chance(5) ? [ '"features"', 'null' ] : [ '"features"', $self->features($lossy) ])
	  if $lossy || $self->chance(70);
	push(@pairs, $self->optional('startTime', $self->pick('0', '-1.5', '-1e-3', '-2.50')));
	push(@pairs, $self->optional('metadata', $self->free_object(4)));
	push(@pairs, $self->unknown_members(@known));
	@pairs = $self->shuffled(@pairs);

	return ($self->object(@pairs),
		$self->object(map { [ $_->[0], $sorted{ $_->[0] } // $_->[1] ] } @pairs));
}

1;
