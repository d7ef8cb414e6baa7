/*
 * format.h
 *		The stored form of a timeline, version 1: every byte and its reason.
 *
 * This is the byte map for those who read C; doc/format.md is the same as a
 * specification for those who write a reader, and a test holds the two together.
 * Stored bytes live for years: numbers below are only ever appended to, never
 * reused.
 *
 * An image is what follows the varlena header, and what send and recv
 * exchange.  All integers and floats are little-endian on every platform, so
 * that an image means the same on disk, on the wire and in a JavaScript
 * client's Float32Array.  Every section starts at a multiple of 8 from the
 * start of the image, for that same client; our own reader loads bytewise
 * and needs no alignment.  Padding and reserved bytes are zero and checked:
 * equal timelines have equal bytes.
 *
 *	header			48 bytes
 *	section table	16 bytes each, in order of kind and of offset
 *	sections		see AtlSectionKind; the small ones that every lookup
 *					needs come first, so that one read of a few TOAST chunks
 *					brings them all; series data comes last
 *
 * header
 *	 0	u8[2]	magic "AT"
 *	 2	u8		version, 1
 *	 3	u8		flags, 0; unknown flags are refused
 *	 4	u32		image size in bytes, a multiple of 8
 *	 8	f64		duration, seconds
 *	16	u32		sample rate, Hz
 *	20	u32		members present: ATL_HAS_EVENTS | ...  (absent is not empty)
 *	24	u32		number of events
 *	28	u32		number of markers
 *	32	u32		number of features
 *	36	u32		number of sections
 *	40	f64		start time, seconds, at most 0 (0 if absent)
 *
 * section table entry
 *	 0	u32		kind | ATL_SECTION_OPTIONAL
 *	 4	u32		offset from the start of the image
 *	 8	u32		size in bytes, without padding
 *	12	u32		reserved, 0
 *
 * A reader refuses an unknown kind, unless it is marked optional: a later
 * writer adds what only speeds things up (summaries) as optional sections,
 * and what must be understood (other codecs) under a new codec, layout or
 * kind that an old reader refuses with a clear error.  An empty section is
 * left out.
 */
#ifndef ATL_FORMAT_H
#define ATL_FORMAT_H

#include <stdint.h>

#define ATL_MAGIC_0				'A'
#define ATL_MAGIC_1				'T'
#define ATL_VERSION				1

#define ATL_HEADER_SIZE			48
#define ATL_SECTION_ENTRY_SIZE	16
#define ATL_MAX_SECTIONS		32
#define ATL_SECTION_OPTIONAL	0x80000000u

/* What fits in a varlena: 1 GB less one byte, less its 4-byte header. */
#define ATL_MAX_IMAGE			0x3FFFFFF8u

/*
 * What the JSON text of a timeline may take, with each backslash counted twice,
 * as COPY writes it: less than the server's 1 GB, so that a row with other columns
 * can still be dumped.
 */
#define ATL_MAX_TEXT			1000000000u

#define ATL_HAS_EVENTS			0x01u
#define ATL_HAS_MARKERS			0x02u
#define ATL_HAS_FEATURES		0x04u
#define ATL_HAS_START			0x08u	/* "startTime" was given */
#define ATL_HAS_ALL				0x0Fu

typedef enum AtlSectionKind
{
	ATL_EVENT_TYPES = 1,		/* dictionary of the events */
	ATL_MARKER_TYPES = 2,
	ATL_FEATURE_ENTRIES = 3,	/* fixed-size entries, in order of name */
	ATL_FEATURE_TEXT = 4,		/* what the entries point to */
	ATL_EVENT_INDEX = 5,		/* time index, all levels but the lowest */
	ATL_MARKER_INDEX = 6,
	ATL_METADATA = 7,			/* JSON text of the member "metadata" */
	ATL_ATTRIBUTES = 8,			/* JSON object: top-level members we do not
								 * know */
	ATL_EVENT_BLOCKS = 9,
	ATL_MARKER_BLOCKS = 10,
	ATL_EVENT_LEAVES = 11,		/* time index, its lowest level */
	ATL_MARKER_LEAVES = 12,
	ATL_FEATURE_DATA = 13,		/* series in pieces */
	ATL_FEATURE_DIRECTORY = 14, /* where each piece ends */
	ATL_FEATURE_SUMMARY = 15,	/* pyramids over the series; optional */
	ATL_SECTION_KINDS = 16
} AtlSectionKind;

/*
 * Dictionary of a track: the distinct types, in order of key (see below), so
 * that a name is found by binary search; and the shared members, those that
 * many of its items have, by place and then in order of key.
 *
 *	 0	u32		number of types
 *	 4	u32		number of shared members, at most ATL_MAX_SHARED
 *	 8	{u32 end of name, u32 number of items} for each type; ends count from
 *				the first name byte
 *		{u32 end of name, u32 place} for each shared member
 *		names	UTF-8, one after the other; those of members are at most
 *				ATL_MEMBER_NAME bytes that JSON needs no escape for
 *
 * Order of key, here and wherever keys are sorted: shorter first, then
 * bytewise.  It is jsonb's own, so JSON comes back in the order jsonb has.
 */
#define ATL_TYPES_HEADER_SIZE	8
#define ATL_TYPE_ENTRY_SIZE		8
#define ATL_MAX_SHARED			32
#define ATL_MEMBER_NAME			64

typedef enum AtlSharedPlace
{
	ATL_IN_ATTRIBUTES = 0,		/* a member of the item that we do not know */
	ATL_IN_PAYLOAD = 1,			/* a member of the payload object */
	ATL_IS_PAYLOAD = 2,			/* the payload itself, no object; no name */
	ATL_SHARED_PLACES = 3
} AtlSharedPlace;

/*
 * Events and markers are tracks: items in time order (stable), ATL_BLOCK_ITEMS
 * to a block.  A block keeps all columns of its items together, and blocks
 * follow each other in time: a window is one contiguous read, whose size
 * depends on the window alone.
 *
 *	 0	u32		block size in bytes with this header, a multiple of 8
 *	 4	u8		number of items
 *	 5	u8		number of masks
 *	 6	u8		number of columns
 *	 7	u8		layout; ATL_BLOCK_COLUMNS
 *	 8	u64[2]	each mask: bit i, the lowest first, is set for item i
 *		columns, by rising id
 *		text	all payloads, then all attributes, as far as they are no columns
 *
 * A column holds one value for each item of its mask.  Two columns may have
 * one id, with masks apart: values that do not fit the codec of the others.
 * Each column of each block has the codec that makes it smallest, or nearly so.
 *
 *	 0	u8		id: ATL_COLUMN_TIMESTAMP | ...; ATL_COLUMN_MEMBER + i is shared
 *				member i
 *	 1	u8		codec, ATL_CODEC_...
 *	 2	u8		mask: 0, all items; m, mask m - 1
 *	 3	u8		width, 0 to 64
 *	 4	u8		DECIMAL and FIXED only: exponent, at most ATL_MAX_EXPONENT
 *		varint	base, zigzag
 *		varint	stride
 *		varint	slope, zigzag
 *		u8		TEXT only: number of texts
 *		u16		TEXT only: end of text, each
 *		texts	TEXT only: JSON, at most ATL_COLUMN_TEXT bytes each
 *		bits	width bits for each value, lowest first, filled up with 0 to
 *				whole bytes
 *
 * A varint has 7 bits to a byte, lowest first, and bit 7 set in all bytes but
 * the last; zigzag is 2n for n >= 0, -2n - 1 for n < 0.
 *
 * Under every codec is an integer, value i of n being
 *		base + stride * (bits i + floor(i * slope / 256))		modulo 2^64.
 * So what is constant, counts up or has a common divisor needs few bits or
 * none, and any value is found without the ones before it.  Times go along
 * the line from the first to the last of the block.
 *
 * The payload is an event's "data" object or a marker's "value"; attributes
 * is a JSON object of the members that we do not know, known optional members
 * given as null among them.  All JSON text in an image is canonical: compact,
 * keys in order and unique, numbers as jsonb's numeric prints them or, with
 * more than 32 zeros of padding, with an exponent (json/canonical.h).  What is
 * in columns is not in the text.  An object without members is the text {},
 * one whose members are all in columns has no text.
 */
#define ATL_BLOCK_ITEMS			128
#define ATL_BLOCK_HEADER_SIZE	8
#define ATL_BLOCK_COLUMNS		0
#define ATL_MASK_SIZE			16
#define ATL_MAX_COLUMNS			80	/* of a block: each id twice */
#define ATL_COLUMN_TEXT			255
#define ATL_MAX_EXPONENT		18

typedef enum AtlColumnId
{
	ATL_COLUMN_TIMESTAMP = 0,
	ATL_COLUMN_DURATION = 1,
	ATL_COLUMN_CONFIDENCE = 2,
	ATL_COLUMN_TYPE = 3,		/* position in the dictionary */
	ATL_COLUMN_PAYLOAD = 4,		/* end of its text, in all payloads */
	ATL_COLUMN_ATTRIBUTES = 5,	/* end of their text, in all attributes */
	ATL_COLUMN_MEMBER = 8
} AtlColumnId;

typedef enum AtlColumnCodec
{
	ATL_CODEC_INTEGER = 0,		/* the integer */
	ATL_CODEC_DECIMAL = 1,		/* integer / 10^exponent, printed without
								 * trailing zeros after the point */
	ATL_CODEC_FIXED = 2,		/* the same, printed with exponent digits
								 * there */
	ATL_CODEC_SAMPLES = 3,		/* integer / sample rate, as doubles */
	ATL_CODEC_DOUBLE = 4,		/* the bits of a double; for one below zero,
								 * less the sign bit and negated: in order of
								 * value */
	ATL_CODEC_TEXT = 5,			/* position among the texts */
	ATL_COLUMN_CODECS = 6
} AtlColumnCodec;

/*
 * Time index: a static tree of fan-out ATL_INDEX_FANOUT over the blocks.  The
 * lowest level has one entry per block, the one above it one per
 * ATL_INDEX_FANOUT entries, and so on until a level has at most that many.
 * Level sizes follow from the number of items.
 *
 * A lookup takes the same steps in a song as in an hour: there are always at
 * least two levels, and the lowest is a section of its own, behind the blocks,
 * so that it is a read of its own even where it is small.  The levels above
 * are in the index section, the smallest first, among what every lookup reads.
 *
 *	 0	f64		first timestamp below this entry
 *	 8	f64		latest end below it: the greatest timestamp, or timestamp +
 *				duration, so that a long event is found from any window that
 *				it reaches into, and everything else is skipped
 *	16	u32		types below it: bit (type mod 32) is set
 *	20	u32		lowest level: the block's offset in its section; else 0
 */
#define ATL_INDEX_ENTRY_SIZE	24
#define ATL_INDEX_FANOUT		64
#define ATL_INDEX_MAX_LEVELS	8

/*
 * Feature entry.  Texts are {u32 offset, u32 size} in ATL_FEATURE_TEXT.
 *
 *	  0 name, 8 unit, 16 kind		texts
 *	 24 attributes					text: JSON object, or size 0
 *	 32	u32		frames
 *	 36	u32		dims
 *	 40	u8		encoding, AtlEncoding
 *	 41	u8		layout: ATL_LAYOUT_SERIES up to ATL_NARROW_DIMS dims, else
 *				ATL_LAYOUT_FRAMES
 *	 42	u16		flags, ATL_FEATURE_...
 *	 44	u32		size of its pieces in bytes
 *	 48	f64		clock: hop in samples, or frame rate in Hz; 0: it has times
 *	 56	f64		start time, seconds (0 if absent)
 *	 64	f64[2]	range (0 if absent)
 *	 80	f64		maximum error made by a lossy encoding (0: none)
 *	 88	f64[3]	minimum, maximum, mean of the numbers that are not missing
 *				(NaN if there are none)
 *	112	u32		first entry of its group in the directory
 *	116	u32		pieces in a block of the group
 *	120	u32		which of them is the first of this feature
 *	124	u32		offset of its first node in ATL_FEATURE_SUMMARY (0 if it has
 *				none)
 *	128	u32		how many of the frames x dims numbers are missing
 *	132	u32		0, or 1 + number of the entry of its times
 *
 * A feature on no regular clock has a time for each frame, never falling.  They
 * are a series like any other, of one dim in f64, with an entry of their own
 * that has no name, no clock and no flags.  These entries stand behind those of
 * the features, in the same order; the header does not count them.
 *
 * Null frames cost next to nothing, so a short document may claim more numbers
 * than any computer holds: frames x dims is at most ATL_MAX_NUMBERS, which is
 * what the type integer can count.
 *
 * An integer encoding stores codes.  With a range, number = min + (code -
 * lowest code) * (max - min) / (highest - lowest code); without, number =
 * code.  In f32 and f64 a missing number is a NaN.
 *
 * Two kinds of null must come back apart: a null number, and a null in place
 * of a whole frame.  In f32 and f64 the first is the quiet NaN, the second that
 * NaN plus one, in every dim of the frame; integer encodings have bitmaps.
 */
#define ATL_FEATURE_ENTRY_SIZE	136
#define ATL_MAX_DIMS			65535
#define ATL_MAX_NUMBERS			0x7FFFFFFFu
#define ATL_NARROW_DIMS			32
#define ATL_LAYOUT_SERIES		1	/* a piece has one dim of many frames */
#define ATL_LAYOUT_FRAMES		2	/* a piece has all dims of a few frames */

/* These numbers also stand in catalogs, as type modifiers of columns. */
typedef enum AtlEncoding
{
	ATL_F32 = 1,
	ATL_F64 = 2,
	ATL_U8 = 3,
	ATL_I8 = 4,
	ATL_U16 = 5,
	ATL_I16 = 6,
	ATL_ENCODINGS = 7
} AtlEncoding;

#define ATL_FEATURE_HOP			0x0001	/* clock is a hop, not a frame rate */
#define ATL_FEATURE_START		0x0002	/* "startTime" was given */
#define ATL_FEATURE_DIMS		0x0004	/* "dims" was given */
#define ATL_FEATURE_NESTED		0x0008	/* values are number[][]; else one
										 * flat list, with dims if these are
										 * many */
#define ATL_FEATURE_ENCODING	0x0010	/* "encoding" was given */
#define ATL_FEATURE_BASE64		0x0020	/* values were given as "base64" */
#define ATL_FEATURE_RANGE		0x0040	/* "range" was given */
#define ATL_FEATURE_UNIT		0x0080	/* "unit" was given */
#define ATL_FEATURE_KIND		0x0100	/* "kind" was given */
#define ATL_FEATURE_ERROR		0x0200	/* there is a maximum error */
#define ATL_FEATURE_TIMES		0x0400	/* no clock: each frame has its time */
#define ATL_FEATURE_ALL			0x07FF

/*
 * Feature data.  A block of a feature has the numbers of so many frames
 * (atl_block_frames), the last one perhaps of fewer.  A narrow feature, of up
 * to ATL_NARROW_DIMS dims, has a piece for each dim in each block: one dim of
 * a window is a few short reads.  A wide feature has one piece: a frame is
 * what is read of an embedding or a spectrogram, and it is one short read.
 *
 * Features with the same clock, start, frames in a block and number of blocks
 * are a group, and so are times with their features: block b of a group is
 * block b of all its features, in order of name, their pieces side by side.  So
 * all features at an instant are one read.
 * Groups stand one after the other, in order of frames in a block (most first),
 * hop before frame rate, clock, start, number of blocks (most first).
 *
 * The directory has one u32 per piece, in the order of the pieces: where it
 * ends in ATL_FEATURE_DATA; it begins where the one before it ends.  No piece
 * is empty.
 */
#define ATL_PIECE_NUMBERS		512
#define ATL_WIDE_NUMBERS		1024
#define ATL_DIRECTORY_ENTRY_SIZE	4

static inline uint32_t
atl_block_frames(uint32_t dims)
{
	if (dims <= ATL_NARROW_DIMS)
		return ATL_PIECE_NUMBERS;
	return dims < ATL_WIDE_NUMBERS ? ATL_WIDE_NUMBERS / dims : 1;
}

/* Pieces that a feature has in a block. */
static inline uint32_t
atl_block_pieces(uint32_t dims)
{
	return dims <= ATL_NARROW_DIMS ? dims : 1;
}

/*
 * The piece of a wide feature in a block of n frames:
 *
 *	 0	u8		form, AtlWideForm, and flags, ATL_WIDE_FLAG_...
 *		bitmap of null frames (if flagged): n bits; not all are null
 *		bitmap of missing numbers (if flagged): a bit for each number
 *		numbers of the frames that are not null, frame after frame
 *
 * They are the words, or runs of ATL_PIECE_NUMBERS of them (the last perhaps
 * shorter), each coded as a piece of its own: first a u16 for each run, its
 * size in bytes, then the runs.  So any number is found by its offset, or by a
 * sum of sizes that stand together and the decoding of one run.
 *
 * The smallest form is taken, of equal ones the lower.  A block of a wide
 * feature has at least 513 numbers (ATL_WIDE_NUMBERS), so that form and
 * directory entry add less than 1 % to the plain numbers even in one byte each.
 *
 * Only words of an integer encoding need the bitmap of missing numbers, whose
 * words are then 0: a float says it itself, and runs have bitmaps of their own.
 */
typedef enum AtlWideForm
{
	ATL_WIDE_PLAIN = 0,			/* words */
	ATL_WIDE_CODED = 1,			/* runs */
	ATL_WIDE_NULL = 2,			/* all frames are null; nothing follows */
	ATL_WIDE_FORMS = 3
} AtlWideForm;

#define ATL_WIDE_FORM			0x0F
#define ATL_WIDE_FLAG_FRAMES	0x10	/* some frames are null */
#define ATL_WIDE_FLAG_MISSING	0x20	/* plain words of codes, some missing */

/*
 * A piece: n numbers of one dim, or a run of a wide feature, as words (a number's bits in its
 * encoding), coded so that each comes back bit for bit.  Codecs are chosen by
 * size, piece by piece; of equal sizes the lower codec.
 *
 *	 0	u8		codec, AtlPieceCodec
 *	 1	u8		flags: ATL_PIECE_FLAG_MISSING, ATL_PIECE_FLAG_FRAMES
 *	 2	u8		bits of a packed number
 *	 3	u8		parameter
 *	 4	u16		number of exceptions
 *		bitmap of missing numbers, then of missing frames (if flagged): n bits
 *				each.  Such numbers are coded as the last number before them
 *				that is not missing, or the first of the piece
 *		what the codec needs first, see below
 *		packed numbers (codec/pack.h), 8 lanes of 64-bit words
 *		u16		position, of each exception
 *		word	of each exception
 *
 * Words and keys have the width of the encoding.  A key is a word turned into
 * a whole number such that words that are close give keys that are close: low
 * 2 bits of the parameter, AtlKeys; its upper 6 bits are the number of low
 * bits that no packed number needs (shift).
 *
 * Sources: frame of reference with exceptions, Zukowski et al., "Super-scalar
 * RAM-CPU cache compression" (2006); decimals, Afroozeh et al., "ALP: adaptive
 * lossless floating-point compression" (2024).
 */
#define ATL_PIECE_HEADER_SIZE		6
#define ATL_PIECE_FLAG_MISSING			0x01
#define ATL_PIECE_FLAG_FRAMES	0x02
#define ATL_PIECE_FLAGS				0x03

typedef enum AtlPieceCodec
{
	ATL_PIECE_RAW = 0,			/* the words; nothing packed */
	ATL_PIECE_CONSTANT = 1,		/* one word, which all are */
	ATL_PIECE_ALL_MISSING = 2,	/* all missing: parameter 0 numbers, 1 frames */
	ATL_PIECE_PACKED = 3,		/* base key; key = base + (packed << shift);
								 * an exception is a key */
	ATL_PIECE_DELTA = 4,		/* first key, base; key i = key i - 1 + base +
								 * (packed i << shift); an exception is what
								 * is added instead */
	ATL_PIECE_SCALED = 5,		/* i64 base; number = (base + packed) scaled
								 * by the parameter: below ATL_SCALE_BINARY
								 * divided by 10^parameter, else by
								 * 2^(parameter - ATL_SCALE_BINARY); an
								 * exception is a word */
	ATL_PIECE_CODECS = 6
} AtlPieceCodec;

typedef enum AtlKeys
{
	ATL_KEYS_PLAIN = 0,			/* the word */
	ATL_KEYS_SIGNED = 1,		/* of two's complement: sign bit flipped */
	ATL_KEYS_ORDERED = 2,		/* of a float: in order of the number */
	ATL_KEYS_FOLDED = 3			/* of a float: magnitude, the sign its last
								 * bit */
} AtlKeys;

#define ATL_SCALE_BINARY		32
#define ATL_SCALE_MAX_DECIMAL	18

/*
 * Summaries: per dim of a narrow feature a pyramid of nodes.  Level l has a
 * node for every ATL_SUMMARY_FRAMES x 8^l frames, the last one perhaps for
 * fewer, and is there if it has at least two nodes.  The levels of a dim follow
 * each other, the finest first; so do the dims of a feature.
 *
 *		word	minimum, in the feature's encoding (0 if nothing is there)
 *		word	maximum
 *		f32		mean of the numbers; f64 in encoding f64 and with a range
 *		u32		how many numbers are not missing: only in a feature that
 *				has missing ones
 */
#define ATL_SUMMARY_FRAMES		128
#define ATL_SUMMARY_FANOUT_BITS	3
#define ATL_SUMMARY_MAX_LEVELS	8

#define ATL_NAN_NUMBER_32		0x7FC00000u
#define ATL_NAN_FRAME_32		0x7FC00001u
#define ATL_NAN_NUMBER_64		UINT64_C(0x7FF8000000000000)
#define ATL_NAN_FRAME_64		UINT64_C(0x7FF8000000000001)

#endif							/* ATL_FORMAT_H */
