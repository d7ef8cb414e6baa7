/*
 * atl.h
 *		The timeline core: build, check, read and print timeline images.
 *
 * Plain C: no Postgres header, no global state, no I/O.  Functions return a
 * status and never raise; what the core needs from the program around it,
 * memory and the shortest decimal of a double, it is handed as an AtlHost.
 * Bytes of an image are read through an AtlSource, piece by piece, so that a
 * lookup touches what it needs and no more.
 *
 * All bytes are hostile until checked: every function here answers or
 * returns ATL_DAMAGED, whatever the image holds.
 */
#ifndef ATL_H
#define ATL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atl_format.h"

typedef enum AtlStatus
{
	ATL_OK = 0,
	ATL_INVALID,				/* the document breaks a rule: see AtlProblem */
	ATL_TOO_LARGE,				/* a limit is exceeded: see AtlProblem */
	ATL_DAMAGED,				/* the bytes are not an image */
	ATL_UNSUPPORTED,			/* an image of a later version */
	ATL_NO_MEMORY
} AtlStatus;

/* Text inside an image, a token or a buffer: UTF-8, not terminated. */
typedef struct AtlText
{
	const char *text;
	uint32_t	size;
} AtlText;

/*
 * What the core asks of its host.  resize works as realloc does, and frees
 * when size is 0; it may return NULL or not return at all.  format_double
 * writes the shortest decimal that reads back as the same finite double, in
 * JSON's grammar, and returns its length (less than ATL_DOUBLE_SIZE).  poll is
 * called every now and then in long work, and need not return: the core holds
 * nothing but memory from resize.
 */
typedef struct AtlHost
{
	void	   *(*resize) (void *context, void *memory, size_t size);
	int			(*format_double) (double value, char *buffer);
	void		(*poll) (void *context);
	void	   *context;
} AtlHost;

#define ATL_DOUBLE_SIZE		32


/*
 * Buffers (atl_buffer.c): bytes that grow up to a limit, ATL_MAX_IMAGE unless
 * it is set otherwise.
 */
typedef struct AtlBuffer
{
	const AtlHost *host;
	uint8_t    *bytes;
	size_t		size;
	size_t		capacity;
	size_t		limit;
} AtlBuffer;

extern void atl_buffer_init(AtlBuffer *buffer, const AtlHost *host);
extern void atl_buffer_free(AtlBuffer *buffer);

/* The bytes from offset on, where there may be none at all. */
static inline const uint8_t *
atl_buffer_at(const AtlBuffer *buffer, size_t offset)
{
	return buffer->bytes == NULL ? (const uint8_t *) "" : buffer->bytes + offset;
}

/* Make room for more bytes: ATL_TOO_LARGE past the limit. */
extern AtlStatus atl_buffer_grow(AtlBuffer *buffer, size_t more);

static inline AtlStatus
atl_buffer_reserve(AtlBuffer *buffer, size_t more)
{
	return more <= buffer->capacity - buffer->size ? ATL_OK : atl_buffer_grow(buffer, more);
}

extern AtlStatus atl_buffer_append(AtlBuffer *buffer, const void *bytes, size_t size);
extern AtlStatus atl_buffer_append_zeros(AtlBuffer *buffer, size_t size);


/*
 * Problems (atl_rules.c): what is wrong with a document, and where.
 */
typedef enum AtlCode
{
	ATL_CODE_NONE = 0,
	/* errors: the document is refused */
	ATL_CODE_KIND,				/* wrong JSON kind */
	ATL_CODE_MISSING,			/* a required member is missing */
	ATL_CODE_NOT_FINITE,
	ATL_CODE_NEGATIVE_TIME,
	ATL_CODE_PAST_DURATION,
	ATL_CODE_CONFIDENCE,
	ATL_CODE_EMPTY_TYPE,
	ATL_CODE_SAMPLE_RATE,
	ATL_CODE_HOP,
	ATL_CODE_FRAME_RATE,
	ATL_CODE_CLOCK,				/* not exactly one of hop and frameRate */
	ATL_CODE_DIMS,
	ATL_CODE_VALUES,			/* not exactly one of values and base64 */
	ATL_CODE_RAGGED,
	ATL_CODE_ENCODING,
	ATL_CODE_RANGE,
	ATL_CODE_NOT_ENCODABLE,		/* a number the asked encoding cannot hold */
	ATL_CODE_BASE64,
	ATL_CODE_MAX_ERROR,
	ATL_CODE_NUMBER,			/* a number past what jsonb's numeric holds */
	ATL_CODE_TOO_LARGE,
	/* warnings: reported, never refused */
	ATL_WARN_MARKER_TYPE,
	ATL_WARN_CONSTANT,
	ATL_WARN_ZERO,
	ATL_WARN_MISSING,
	ATL_WARN_LENGTH,
	ATL_WARN_UNIT,
	ATL_WARN_RANGE,
	ATL_WARN_DUPLICATE,
	ATL_CODES
} AtlCode;

/* The first warning: codes from here on do not refuse a document. */
#define ATL_FIRST_WARNING	ATL_WARN_MARKER_TYPE

#define ATL_PATH_SIZE		256
#define ATL_MESSAGE_SIZE	512

typedef struct AtlProblem
{
	AtlCode		code;
	char		path[ATL_PATH_SIZE];	/* "events[12].timestamp" */
	char		message[ATL_MESSAGE_SIZE];	/* one sentence that begins with
											 * the path */
} AtlProblem;

/* The code as a word ("past_duration"), and what to do about it (or NULL). */
extern const char *atl_code_name(AtlCode code);
extern const char *atl_code_hint(AtlCode code);


/*
 * Building (atl_build.c, atl_build_feature.c, atl_write.c): JSON tokens in,
 * image out.  Every door that takes JSON ends here, so the rules are in one
 * place.
 *
 * Push the tokens of one JSON value in document order; a KEY comes before
 * each value of an object.  STRING and KEY carry unescaped UTF-8 without
 * U+0000, NUMBER its text in JSON's grammar; DOUBLE is a number that is a double
 * already, and stands only where the type understands numbers.  A member given twice counts
 * with its last value, as in jsonb, but each must be valid.
 */
typedef enum AtlTokenKind
{
	ATL_OBJECT_START,
	ATL_OBJECT_END,
	ATL_ARRAY_START,
	ATL_ARRAY_END,
	ATL_KEY,
	ATL_STRING,
	ATL_NUMBER,
	ATL_DOUBLE,
	ATL_TRUE,
	ATL_FALSE,
	ATL_NULL,
	/* from an image only, for a sink */
	ATL_NAME,					/* a key as JSON text, with its colon */
	ATL_JSON,					/* canonical text of a value */
	ATL_MEMBERS,				/* canonical text of an object, for its members */
	ATL_BYTES					/* what stands in the document as base64 */
} AtlTokenKind;

typedef struct AtlToken
{
	AtlTokenKind kind;
	AtlText		text;
	double		number;			/* of ATL_DOUBLE */
} AtlToken;

typedef struct AtlBuilder AtlBuilder;

/*
 * Start a builder, or NULL when out of memory.  With collect, problems are
 * gathered instead of stopping at the first; the image cannot be written
 * then, unless there were only warnings.
 */
extern AtlBuilder *atl_build_begin(const AtlHost *host, bool collect);

/*
 * A choice of encoding for features, made outside of the document.  It only
 * makes features narrower: one whose encoding is as narrow already stays as it
 * is, and so does one that is not named.  What does become an integer encoding
 * has the range of its own numbers.  encoding 0 is the way back: integer
 * encodings become f32 or f64, whichever holds what they decode to.
 */
typedef struct AtlEncodingRule
{
	AtlEncoding encoding;
	const AtlText *features;	/* names in order of key; NULL: all */
	uint32_t	num_features;
} AtlEncodingRule;

/* Whether a rule changes a feature that has this encoding. */
extern bool atl_rule_changes(const AtlEncodingRule *rule, AtlText name, AtlEncoding encoding);

/* Follow a rule, from the beginning of the document; it must outlive the builder. */
extern void atl_build_set_rule(AtlBuilder *builder, const AtlEncodingRule *rule);

extern AtlStatus atl_build_push(AtlBuilder *builder, AtlToken token);

/*
 * Push all of a JSON text (atl_parse.c), in UTF-8.  ATL_OK only if the text is
 * JSON, nested at most ATL_PARSE_DEPTH deep, and the builder takes it.  When it
 * is anything else the builder is of no more use, and what is wrong with the
 * text is for a parser to say that knows how.
 */
extern AtlStatus atl_build_parse(AtlBuilder *builder, AtlText json);

#define ATL_PARSE_DEPTH		100

/*
 * After the last token: check what needs the whole document, sort, and give
 * the image's size.  Then write it, into exactly that many bytes.
 */
extern AtlStatus atl_build_finish(AtlBuilder *builder, uint32_t *size);
extern void atl_build_write(AtlBuilder *builder, uint8_t *image);

/* How deep the values nest that are kept as JSON. */
extern uint32_t atl_build_depth(const AtlBuilder *builder);

/* With collect: add the warnings (after finish), and read the problems. */
extern AtlStatus atl_build_lint(AtlBuilder *builder);
extern size_t atl_build_num_problems(const AtlBuilder *builder);
extern void atl_build_problem(const AtlBuilder *builder, size_t i, AtlProblem *problem);

extern void atl_build_free(AtlBuilder *builder);


/* Bytes [offset, offset + size) of something. */
typedef struct AtlRange
{
	uint32_t	offset;
	uint32_t	size;
} AtlRange;

/*
 * Reading (atl_view.c).  A source hands out pieces of one image.  fetch
 * returns the bytes [offset, offset + size), which stay readable as long as
 * the source; the view only asks for what lies inside source.size.
 *
 * prefetch, which may be NULL, is told what will be fetched next, so that a
 * source that reads can read it in one go.  It changes no answer.
 */
typedef struct AtlSource
{
	const uint8_t *(*fetch) (void *context, uint32_t offset, uint32_t size);
	void	   *context;
	uint32_t	size;			/* of the whole image */
	void		(*prefetch) (void *context, const AtlRange *ranges, uint32_t n);
} AtlSource;

/* A source over bytes in memory. */
extern AtlSource atl_memory_source(const void *image, uint32_t size);

typedef struct AtlSection
{
	uint32_t	offset;
	uint32_t	size;
} AtlSection;

/*
 * What is known of the piece that a number was last read from alone: who holds
 * a view open for many lookups gives it one, with no words.
 */
typedef struct AtlMemo
{
	uint32_t	start;			/* of the piece, in its section */
	AtlEncoding encoding;
	uint32_t	num_words;		/* its first ones, as far as they were needed */
	uint64_t	words[ATL_PIECE_NUMBERS];
} AtlMemo;

typedef struct AtlView
{
	AtlSource	source;
	AtlMemo    *memo;			/* may be NULL */
	double		duration;		/* seconds */
	uint32_t	sample_rate;	/* Hz */
	uint32_t	present;		/* ATL_HAS_... */
	uint32_t	num_events;
	uint32_t	num_markers;
	uint32_t	num_features;
	AtlSection	sections[ATL_SECTION_KINDS];
} AtlView;

/* Read and check header and section table; nothing else. */
extern AtlStatus atl_view_open(AtlView *view, AtlSource source);

/* A piece of a section, or ATL_DAMAGED when it does not lie inside. */
extern AtlStatus atl_view_fetch(const AtlView *view, AtlSectionKind kind,
								uint64_t offset, uint64_t size,
								const uint8_t **bytes);

/*
 * Say which pieces of a section will be fetched next, best in ascending order;
 * ATL_DAMAGED when one does not lie inside.
 */
extern AtlStatus atl_view_prefetch(const AtlView *view, AtlSectionKind kind,
								   const AtlRange *ranges, uint32_t n);

/* The whole of a text section; empty if there is none. */
extern AtlStatus atl_view_text(const AtlView *view, AtlSectionKind kind, AtlText *text);

/* Order of key: shorter first, then bytewise.  <0, 0, >0. */
extern int	atl_text_compare(AtlText a, AtlText b);

/* Whether text is well-formed UTF-8 without U+0000. */
extern bool atl_text_is_utf8(AtlText text);


/*
 * Tracks (atl_types.c, atl_track.c, atl_item.c): events and markers in time
 * order.
 */
typedef enum AtlTrack
{
	ATL_EVENTS,
	ATL_MARKERS
} AtlTrack;

extern uint32_t atl_track_items(const AtlView *view, AtlTrack track);
extern AtlStatus atl_track_num_types(const AtlView *view, AtlTrack track, uint32_t *num);
extern AtlStatus atl_track_type(const AtlView *view, AtlTrack track, uint32_t type,
								AtlText *name, uint32_t *items);

/* Find a type by name: O(log types) small reads. */
extern AtlStatus atl_track_find_type(const AtlView *view, AtlTrack track, AtlText name,
									 bool *found, uint32_t *type);

typedef struct AtlItem
{
	double		timestamp;		/* seconds */
	double		duration;		/* seconds; NaN: absent */
	double		confidence;		/* 0..1; NaN: absent */
	uint32_t	type;			/* position in the dictionary */
	AtlText		payload;		/* JSON text; size 0: absent */
	AtlText		attributes;		/* JSON object; size 0: none */
} AtlItem;

/* Seconds at which an item ends: timestamp, plus duration if it has one. */
extern double atl_item_end(const AtlItem *item);

/* Which items a walk stops at; types NULL means any. */
typedef struct AtlFilter
{
	double		start_time;		/* window [start_time, end_time) */
	double		end_time;
	double		min_confidence; /* NaN: any */
	const uint32_t *types;
	uint32_t	num_types;
} AtlFilter;

/* Every item of every type. */
extern AtlFilter atl_filter_all(void);

/* One column of a block, opened: where its values are and how they are coded. */
typedef struct AtlColumn
{
	uint8_t		id;
	uint8_t		codec;
	uint8_t		width;			/* bits */
	uint8_t		exponent;
	uint32_t	values;
	const uint8_t *mask;		/* NULL: all items */
	uint32_t	before;			/* values of the first 64 items */
	uint32_t	num_texts;
	uint64_t	base;
	uint64_t	stride;
	uint64_t	slope;
	const uint8_t *bits;
	const uint8_t *limit;		/* of what may be read behind them */
	const uint8_t *ends;		/* of the texts */
	const char *texts;
} AtlColumn;

/* One block, opened. */
typedef struct AtlBlock
{
	uint32_t	items;
	uint32_t	num_columns;
	const char *payloads;
	const char *attributes;
	uint32_t	payloads_size;
	uint32_t	attributes_size;
	uint8_t		first[ATL_COLUMN_MEMBER + 1];	/* column of each id; of any
												 * shared member */
	AtlColumn	columns[ATL_MAX_COLUMNS];
} AtlBlock;

/* The members that many items of a track share. */
typedef struct AtlMembers
{
	bool		known;			/* read already */
	uint32_t	num;
	uint32_t	place[ATL_MAX_MEMBERS];	/* AtlPlaceOfMember */
	AtlText		name[ATL_MAX_MEMBERS];
} AtlMembers;

extern AtlStatus atl_track_members(const AtlView *view, AtlTrack track, AtlMembers *members);

/* The shape of a time index, which follows from the number of items. */
typedef struct AtlIndexShape
{
	uint32_t	num_blocks;
	int			num_levels;
	uint32_t	entries[ATL_INDEX_MAX_LEVELS];	/* lowest level first */
	uint32_t	offset[ATL_INDEX_MAX_LEVELS];	/* bytes, in their section */
	uint32_t	leaves_size;	/* bytes, of the lowest level */
	uint32_t	index_size;		/* bytes, of the others */
} AtlIndexShape;

extern AtlIndexShape atl_index_shape(uint32_t num_items);

/*
 * A walk over the items that pass a filter, forwards or backwards.  It reads
 * index nodes, skips what cannot match, and fetches runs of neighbouring
 * blocks together.
 *
 * Payload and attributes of an item are put together from its columns in the
 * caller's buffer text, and are good until that buffer is used for the next
 * item, or freed.  With text NULL items come without them.
 */
typedef struct AtlWalk
{
	const AtlView *view;
	AtlTrack	track;
	AtlFilter	filter;
	uint32_t	type_mask;
	AtlIndexShape shape;
	const uint8_t *node[ATL_INDEX_MAX_LEVELS];	/* the node in hand, per level */
	uint32_t	node_number[ATL_INDEX_MAX_LEVELS];
	const uint8_t *run;			/* fetched blocks */
	uint32_t	run_offset;
	uint32_t	run_end;
	uint32_t	run_limit;		/* bytes to fetch ahead */
	uint32_t	block_number;	/* the next one to look at */
	uint32_t	next;			/* next item in the block */
	AtlBuffer  *text;			/* the caller's */
	AtlMembers	members;
	AtlBlock	block;
} AtlWalk;

extern AtlStatus atl_walk_begin(AtlWalk *walk, const AtlView *view, AtlTrack track,
								AtlFilter filter, AtlBuffer *text);

/* The next item that passes, or found = false at the end. */
extern AtlStatus atl_walk_next(AtlWalk *walk, AtlItem *item, bool *found);

/*
 * The nearest item strictly after, or strictly before, t (with or_at: or at
 * t), of the filter's types.  The window and confidence of the filter are not
 * used.  Equal timestamps: after gives the first of them, before the last.
 * text is that of a walk.
 */
extern AtlStatus atl_item_after(const AtlView *view, AtlTrack track, AtlFilter filter,
								double t, bool or_at, AtlBuffer *text, AtlItem *item, bool *found);
extern AtlStatus atl_item_before(const AtlView *view, AtlTrack track, AtlFilter filter,
								 double t, AtlBuffer *text, AtlItem *item, bool *found);


/*
 * Features (atl_feature.c).
 */
typedef struct AtlFeature
{
	AtlText		name;
	AtlText		unit;
	AtlText		kind;
	AtlText		attributes;		/* JSON object; size 0: none */
	uint32_t	frames;
	uint32_t	dims;
	AtlEncoding encoding;
	uint32_t	flags;			/* ATL_FEATURE_... */
	uint32_t	missing;		/* numbers */
	double		clock;			/* hop or frame rate, as given */
	double		start_time;
	double		range_min;
	double		range_max;
	double		max_error;
	double		min;
	double		max;
	double		mean;
	double		sample_rate;	/* of the timeline */
	uint32_t	directory;		/* first entry of its group there */
	uint32_t	group_series;
	uint32_t	first_series;	/* of this feature in the group */
	uint32_t	block_frames;
	uint32_t	data_size;		/* of all its pieces, in bytes */
	uint32_t	summary;		/* offset in its section; meaningless without one */
} AtlFeature;

extern AtlStatus atl_feature_get(const AtlView *view, uint32_t i, AtlFeature *feature);
extern AtlStatus atl_feature_find(const AtlView *view, AtlText name, bool *found,
								  AtlFeature *feature);

/* Frames per second. */
extern double atl_feature_rate(const AtlFeature *feature);

/* Time of frame i in seconds: start_time + i * hop / sample_rate, computed. */
extern double atl_feature_time(const AtlFeature *feature, uint32_t frame);

/* First frame whose time is >= t; frames when there is none. */
extern uint32_t atl_feature_first_frame(const AtlFeature *feature, double t);

/*
 * Read frames [first, first + count) of dims [dim, dim + num): count x num
 * numbers, frame after frame; missing ones are NaN (ATL_NAN_FRAME_64 where the
 * whole frame is null).  Fetches the pieces they are in, and the directory's
 * entries for these.
 */
extern AtlStatus atl_feature_read_dims(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
									   uint32_t first, uint32_t count, double *numbers);

/*
 * What will be read of some features, so that a source can read it in one go
 * (atl_prefetch.c).  It changes no answer.
 */
typedef struct AtlRead
{
	const AtlFeature *feature;
	uint32_t	dim;			/* dims [dim, dim + num), num not 0 */
	uint32_t	num;
	uint32_t	first;			/* frames [first, first + count) */
	uint32_t	count;
} AtlRead;

extern AtlStatus atl_features_prefetch(const AtlView *view, const AtlRead *reads, uint32_t n);

/* All dims, and one. */
static inline AtlStatus
atl_feature_read(const AtlView *view, const AtlFeature *feature, uint32_t first, uint32_t count,
				 double *numbers)
{
	return atl_feature_read_dims(view, feature, 0, feature->dims, first, count, numbers);
}

static inline AtlStatus
atl_feature_read_dim(const AtlView *view, const AtlFeature *feature, uint32_t dim,
					 uint32_t first, uint32_t count, double *numbers)
{
	return atl_feature_read_dims(view, feature, dim, 1, first, count, numbers);
}

typedef enum AtlInterpolation
{
	ATL_STEP,					/* the last frame at or before t */
	ATL_LINEAR,					/* between the frames around t */
	ATL_NEAREST					/* the frame nearest to t, the earlier of two */
} AtlInterpolation;

/*
 * The frames whose numbers count at t: none, one, or two between which t lies.
 * None outside of [0, duration].
 */
extern uint32_t atl_feature_frames_at(const AtlView *view, const AtlFeature *feature, double t,
									  AtlInterpolation interpolation, uint32_t *first);

/*
 * The numbers of dims [dim, dim + num) of a feature at t (numbers has room for
 * twice as many), or found = false: outside of [0, duration], before the first
 * frame (but for ATL_NEAREST), or without frames.  After the last frame its
 * numbers hold.  Missing ones are NaN, and so is what ATL_LINEAR makes of a
 * missing neighbour.
 */
extern AtlStatus atl_feature_at(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
								double t, AtlInterpolation interpolation, double *numbers, bool *found);

/*
 * The numbers of all dims at one instant after the other, as atl_feature_at
 * tells them; where there are none, NaN.  The frames around are kept, up to the
 * end of their block or to frame end, so that instants in a row decode them once.
 * numbers: atl_sampler_size of them.
 */
typedef struct AtlSampler
{
	const AtlView *view;
	const AtlFeature *feature;
	uint32_t	end;			/* frames from here on are not expected */
	double	   *numbers;
	uint32_t	first;			/* frames that numbers has */
	uint32_t	count;
} AtlSampler;

extern uint32_t atl_sampler_size(const AtlFeature *feature);
extern void atl_sampler_begin(AtlSampler *sampler, const AtlView *view, const AtlFeature *feature,
							  uint32_t end, double *numbers);
extern AtlStatus atl_sampler_at(AtlSampler *sampler, double t, AtlInterpolation interpolation,
								double *numbers);

/*
 * Reductions (atl_summary.c).
 */
typedef struct AtlBucket
{
	uint32_t	count;			/* numbers that are not missing */
	double		min;			/* NaN if there are none */
	double		max;
	double		sum;
} AtlBucket;

extern void atl_bucket_begin(AtlBucket *bucket);
extern double atl_bucket_mean(const AtlBucket *bucket);	/* NaN if there are none */

/*
 * Add frames [first, end) of one dim to a bucket.  Minimum and
 * maximum are exact; means of nodes are stored as float32, of f64 as float64.  Fetches nodes and
 * the frames at the ends, however long the span is.
 */
extern AtlStatus atl_feature_reduce(const AtlView *view, const AtlFeature *feature, uint32_t dim,
									uint32_t first, uint32_t end, AtlBucket *bucket);

/*
 * What the bounds of buckets between the first and the last must be multiples
 * of, so that an overview costs buckets and not frames; 1 when each bucket has
 * few frames.
 */
extern uint32_t atl_overview_grain(const AtlView *view, const AtlFeature *feature, uint32_t frames,
								   uint32_t buckets);

/*
 * Add one dim to buckets: bucket i has frames [bounds[i], bounds[i + 1]); bounds
 * ascend, up to frames.
 */
extern AtlStatus atl_feature_overview(const AtlView *view, const AtlFeature *feature, uint32_t dim,
									  uint32_t grain, const uint32_t *bounds, uint32_t buckets, AtlBucket *out);

/*
 * The words (a number's bits in its encoding) of one dim's frames [first, first +
 * count), at most ATL_PIECE_NUMBERS of them.
 */
extern AtlStatus atl_feature_words(const AtlView *view, const AtlFeature *feature, uint32_t dim,
								   uint32_t first, uint32_t count, uint64_t *words);

/* The bytes of all numbers in their encoding, frame after frame: what "base64" encodes. */
extern AtlStatus atl_feature_bytes(const AtlView *view, const AtlFeature *feature, AtlBuffer *out);

extern const char *atl_encoding_name(AtlEncoding encoding);
extern uint32_t atl_encoding_width(AtlEncoding encoding);


/*
 * Whole images.
 */

/* The document as tokens, into a sink (atl_tokens.c). */
typedef struct AtlSink
{
	AtlStatus	(*push) (void *context, const AtlToken *token);

	/*
	 * Elements of "values": frames of so many numbers each, as arrays if
	 * nested.  null is NaN, and a frame that is null begins with
	 * ATL_NAN_FRAME_64.
	 */
	AtlStatus	(*push_frames) (void *context, const double *numbers, uint32_t frames, uint32_t dims,
								bool nested);
	void	   *context;
} AtlSink;

extern AtlStatus atl_push_tokens(const AtlView *view, const AtlHost *host, AtlSink sink);

/* Append the JSON text of the timeline (atl_print.c). */
extern AtlStatus atl_print(const AtlView *view, AtlBuffer *out);

/*
 * Push what the image holds into a builder, as if its text were read
 * (atl_rebuild.c).  The bytes need not be sound.
 */
extern AtlStatus atl_rebuild(const AtlView *view, const AtlHost *host, AtlBuilder *builder);

/*
 * Check everything (atl_validate.c): an image passes if building from its own
 * content gives the same bytes.  So what comes in as bytes has met the same
 * rules as what comes in as text, and holds nothing besides.  ATL_INVALID:
 * see *problem.  *depth is how deep its JSON nests: nothing here recurses, but
 * a parser of the text may.
 */
extern AtlStatus atl_validate(const AtlView *view, const uint8_t *image, const AtlHost *host,
							  AtlProblem *problem, uint32_t *depth);

/*
 * The logical value (atl_logical.c): what = and hash mean, whatever codecs
 * the images use.  A sequence of parts, equal for timelines whose JSON text
 * is equal.  Its order and content are frozen with the first release.
 */
typedef struct AtlPart
{
	const double *numbers;		/* either numbers */
	uint32_t	num_numbers;
	AtlText		text;			/* or text */
} AtlPart;

#define ATL_PART_NUMBERS	ATL_PIECE_NUMBERS

typedef struct AtlLogical
{
	const AtlView *view;
	int			stage;			/* which kind of part comes next */
	AtlWalk		walk;
	AtlItem		item;
	AtlBuffer	text;			/* of the item */
	AtlFeature	feature;
	uint32_t	feature_number; /* the next one */
	uint32_t	dim;			/* of the feature in hand */
	uint32_t	next;			/* its frame to come */
	int			step;			/* within an item or feature */
	double		numbers[ATL_PART_NUMBERS];
} AtlLogical;

/* The host's memory holds a part's text at most; end gives it back. */
extern AtlStatus atl_logical_begin(AtlLogical *logical, const AtlView *view, const AtlHost *host);
extern void atl_logical_end(AtlLogical *logical);
extern AtlStatus atl_logical_next(AtlLogical *logical, AtlPart *part, bool *found);

#endif							/* ATL_H */
