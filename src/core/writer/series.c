/*
 * series.c
 *		Make pieces and summaries from the numbers of a finished feature.
 */
#include "core/writer/writer.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/codec/bucket.h"
#include "core/codec/piece.h"

/* A feature whose numbers are being coded. */
typedef struct Series
{
	AtlDraft   *draft;
	AtlDraftFeature *feature;
	const AtlNumbers *numbers;
} Series;


/*
 * Numbers to words
 */

/* A run of frames: either all of them are null, or none. */
typedef struct Stretch
{
	bool		null;
	uint32_t	count;
	uint32_t	number;			/* index of its first number in memory, unless
								 * null */
} Stretch;

/* The stretch that begins at frame first, up to frame end at most. */
static Stretch
next_stretch(const Series *series, uint32_t first, uint32_t end)
{
	const AtlNulls *nulls = series->numbers->nulls;
	uint32_t	num = series->numbers->num_nulls;
	uint32_t	low = 0;
	uint32_t	high = num;
	uint32_t	before = 0;		/* null frames before first */
	Stretch		stretch = {.count = end - first};

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (nulls[middle].end <= first)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < num && nulls[low].first <= first)
	{
		stretch.null = true;
		stretch.count = atl_min(nulls[low].end, end) - first;
		return stretch;
	}
	if (low < num)
		stretch.count = atl_min(nulls[low].first, end) - first;
	if (low > 0)
		before = nulls[low - 1].before + (nulls[low - 1].end - nulls[low - 1].first);
	stretch.number = (first - before) * series->feature->entry.dims;
	return stretch;
}

static bool
is_missing(const AtlNumbers *numbers, size_t i)
{
	return (numbers->bitmap[i / 8] >> (i % 8) & 1) != 0;
}

/* Load n numbers, every stride-th from number first on; mark missing ones. */
static void
gather_numbers(const AtlNumbers *numbers, uint32_t first, uint32_t stride, uint32_t n, uint64_t *words)
{
	uint32_t	width = atl_encoding_width(numbers->scale.encoding);

	atl_load_words(numbers->bytes + (size_t) first * width, width, stride, n, words);
	for (uint32_t i = 0; i < n && numbers->bitmap != NULL; i++)
		if (is_missing(numbers, first + (size_t) i * stride))
			words[i] = atl_word_missing(numbers->scale.encoding);
}

/* Load one dim of frames [first, first + n): a word for each frame. */
static void
gather_dim(const Series *series, uint32_t dim, uint32_t first, uint32_t n, uint64_t *words)
{
	uint32_t	dims = series->feature->entry.dims;
	uint64_t	null = atl_word_missing_frame(series->numbers->scale.encoding);
	Stretch		stretch;

	for (uint32_t i = 0; i < n; i += stretch.count)
	{
		stretch = next_stretch(series, first + i, first + n);
		if (!stretch.null)
			gather_numbers(series->numbers, stretch.number + dim, dims, stretch.count, words + i);
		else
			for (uint32_t k = 0; k < stretch.count; k++)
				words[i + k] = null;
	}
}


/*
 * Pieces
 */

/* Encode n words and append them to the draft's pieces. */
static AtlStatus
append_coded(Series *series, const uint64_t *words, uint32_t n)
{
	AtlBuffer  *pieces = &series->draft->pieces;

	ATL_TRY(atl_buffer_reserve(pieces, ATL_PIECE_MAX_SIZE));
	pieces->size += atl_piece_encode(series->feature->entry.encoding, words, n, pieces->bytes + pieces->size);
	return ATL_OK;
}

static AtlStatus
end_piece(Series *series)
{
	uint32_t	end = (uint32_t) series->draft->pieces.size;

	return atl_buffer_append(&series->draft->piece_ends, &end, sizeof(end));
}

/* Append a block of a narrow feature: a piece for each dim. */
static AtlStatus
add_dims(Series *series, uint32_t first, uint32_t n)
{
	uint64_t	words[ATL_PIECE_NUMBERS];

	for (uint32_t d = 0; d < series->feature->entry.dims; d++)
	{
		gather_dim(series, d, first, n, words);
		ATL_TRY(append_coded(series, words, n));
		ATL_TRY(end_piece(series));
	}
	return ATL_OK;
}

/* A block of a wide feature: its numbers, and the bitmap of null frames. */
typedef struct WideBlock
{
	uint32_t	first;			/* number, in memory */
	uint32_t	num;
	uint8_t		nulls[(ATL_WIDE_NUMBERS / ATL_NARROW_DIMS + 7) / 8];
	bool		any_null;
	bool		any_missing;	/* numbers, in an integer encoding */
} WideBlock;

static WideBlock
make_wide_block(const Series *series, uint32_t first, uint32_t n)
{
	WideBlock	block = {0};
	Stretch		stretch;

	for (uint32_t i = 0; i < n; i += stretch.count)
	{
		stretch = next_stretch(series, first + i, first + n);
		block.any_null |= stretch.null;
		for (uint32_t k = i; k < i + stretch.count && stretch.null; k++)
			block.nulls[k / 8] |= (uint8_t) (1 << (k % 8));
		if (stretch.null)
			continue;
		if (block.num == 0)
			block.first = stretch.number;
		block.num += stretch.count * series->feature->entry.dims;
	}
	for (uint32_t i = 0; i < block.num && series->numbers->bitmap != NULL && !block.any_missing; i++)
		block.any_missing = is_missing(series->numbers, (size_t) block.first + i);
	return block;
}

static AtlStatus
append_runs(Series *series, const WideBlock *block)
{
	AtlBuffer  *pieces = &series->draft->pieces;
	size_t		sizes = pieces->size;
	uint64_t	words[ATL_PIECE_NUMBERS];

	ATL_TRY(atl_buffer_append_zeros(pieces, atl_divide_up(block->num, ATL_PIECE_NUMBERS) * sizeof(uint16_t)));
	for (uint32_t i = 0; i < block->num; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = atl_min(block->num - i, ATL_PIECE_NUMBERS);
		size_t		start = pieces->size;

		gather_numbers(series->numbers, block->first + i, 1, n, words);
		ATL_TRY(append_coded(series, words, n));
		atl_store_u16(pieces->bytes + sizes, (uint16_t) (pieces->size - start));
		sizes += sizeof(uint16_t);
	}
	return ATL_OK;
}

/* Append the numbers as they are, in the room that append_runs has made. */
static void
append_plain(Series *series, const WideBlock *block)
{
	AtlBuffer  *pieces = &series->draft->pieces;
	uint32_t	width = atl_encoding_width(series->numbers->scale.encoding);

	if (block->any_missing)
	{
		uint8_t    *bitmap = pieces->bytes + pieces->size;

		memset(bitmap, 0, (block->num + 7) / 8);
		for (uint32_t i = 0; i < block->num; i++)
			bitmap[i / 8] |= (uint8_t) (is_missing(series->numbers, (size_t) block->first + i) << (i % 8));
		pieces->size += (block->num + 7) / 8;
	}
	memcpy(pieces->bytes + pieces->size, series->numbers->bytes + (size_t) block->first * width,
		   (size_t) block->num * width);
	pieces->size += (size_t) block->num * width;
}

/* Append the piece of a wide block: runs, or plain numbers if no larger. */
static AtlStatus
add_frames(Series *series, uint32_t first, uint32_t n)
{
	AtlBuffer  *pieces = &series->draft->pieces;
	WideBlock	block = make_wide_block(series, first, n);
	uint8_t		form = ATL_WIDE_NULL;
	size_t		start = pieces->size;
	size_t		numbers;
	size_t		plain = (block.any_missing ? (block.num + 7) / 8 : 0) +
		(size_t) block.num * atl_encoding_width(series->numbers->scale.encoding);

	ATL_TRY(atl_buffer_append(pieces, &form, sizeof(form)));
	if (block.num == 0)
		return end_piece(series);
	if (block.any_null)
		ATL_TRY(atl_buffer_append(pieces, block.nulls, (n + 7) / 8));
	numbers = pieces->size;
	ATL_TRY(append_runs(series, &block));
	form = ATL_WIDE_CODED;
	if (pieces->size - numbers >= plain)
	{
		pieces->size = numbers;
		append_plain(series, &block);
		form = ATL_WIDE_PLAIN | (block.any_missing ? ATL_WIDE_FLAG_MISSING : 0);
	}
	pieces->bytes[start] = form | (block.any_null ? ATL_WIDE_FLAG_FRAMES : 0);
	return end_piece(series);
}

static AtlStatus
add_pieces(Series *series)
{
	AtlDraftFeature *feature = series->feature;
	uint32_t	frames = feature->entry.frames;
	uint32_t	block_frames = atl_block_frames(feature->entry.dims);
	size_t		start = series->draft->pieces.size;

	feature->pieces_at = (uint32_t) (series->draft->piece_ends.size / sizeof(uint32_t));
	for (uint32_t first = 0; first < frames; first += block_frames)
	{
		uint32_t	n = atl_min(frames - first, block_frames);

		atl_poll(series->draft->host);
		ATL_TRY(feature->entry.dims <= ATL_NARROW_DIMS ? add_dims(series, first, n) : add_frames(series, first, n));
	}
	feature->entry.data_size = (uint32_t) (series->draft->pieces.size - start);
	return ATL_OK;
}


/*
 * Summaries
 */

static AtlStatus
append_node(Series *series, const AtlBucket *node)
{
	AtlScale	scale = atl_feature_scale(&series->feature->entry);
	uint32_t	width = atl_encoding_width(scale.encoding);
	uint32_t	mean_width = atl_mean_width(scale);
	double		mean = node->count == 0 ? 0 : node->sum / node->count;
	uint8_t		bytes[32] = {0};
	uint8_t    *at = bytes;

	if (node->count > 0)
	{
		atl_series_encode(scale, node->min, at);
		atl_series_encode(scale, node->max, at + width);
	}
	at += 2 * width;
	if (mean_width == 8)
		atl_store_f64(at, mean);
	else
		atl_store_u32(at, atl_f32_bits((float) mean));
	at += mean_width;
	atl_store_u32(at, node->count);
	at += series->feature->entry.missing > 0 ? 4 : 0;
	return atl_buffer_append(&series->draft->summary, bytes, (size_t) (at - bytes));
}

/* Make the finest level of one dim's summary, in the draft's scratch. */
static AtlStatus
make_leaves(Series *series, uint32_t dim)
{
	AtlScale	scale = atl_feature_scale(&series->feature->entry);
	uint32_t	frames = series->feature->entry.frames;
	AtlWork		work = {.host = series->draft->host};

	series->draft->scratch.size = 0;
	for (uint32_t first = 0; first < frames; first += ATL_SUMMARY_FRAMES)
	{
		uint32_t	n = atl_min(frames - first, ATL_SUMMARY_FRAMES);
		uint64_t	words[ATL_SUMMARY_FRAMES];
		double		numbers[ATL_SUMMARY_FRAMES];
		AtlBucket	node;

		atl_work(&work, 10 * n);
		gather_dim(series, dim, first, n, words);
		atl_series_numbers(scale, words, n, 1, numbers);
		atl_bucket_begin(&node);
		atl_bucket_add(&node, numbers, n);
		ATL_TRY(atl_buffer_append(&series->draft->scratch, &node, sizeof(node)));
	}
	return ATL_OK;
}

/* Write the level in scratch, then replace it there by the level above. */
static AtlStatus
append_level(Series *series, uint32_t *nodes)
{
	AtlBucket  *level = (AtlBucket *) series->draft->scratch.bytes;
	uint32_t	above = 0;
	AtlWork		work = {.host = series->draft->host};

	for (uint32_t i = 0; i < *nodes; i++)
	{
		atl_work(&work, 20);
		ATL_TRY(append_node(series, &level[i]));
	}
	for (uint32_t i = 0; i < *nodes; i += 1 << ATL_SUMMARY_FANOUT_BITS)
	{
		uint32_t	n = atl_min(*nodes - i, 1 << ATL_SUMMARY_FANOUT_BITS);
		AtlBucket	node;

		atl_work(&work, 50);
		atl_bucket_begin(&node);
		for (uint32_t k = 0; k < n; k++)
			atl_bucket_merge(&node, &level[i + k]);
		level[above++] = node;
	}
	*nodes = above;
	return ATL_OK;
}

static AtlStatus
add_summaries(Series *series)
{
	AtlDraftFeature *feature = series->feature;

	feature->summary = (uint32_t) series->draft->summary.size;
	for (uint32_t d = 0; d < feature->entry.dims; d++)
	{
		uint32_t	nodes;

		atl_poll(series->draft->host);
		ATL_TRY(make_leaves(series, d));
		nodes = (uint32_t) (series->draft->scratch.size / sizeof(AtlBucket));
		while (nodes > 1)
			ATL_TRY(append_level(series, &nodes));
	}
	feature->summary_size = (uint32_t) (series->draft->summary.size - feature->summary);
	return ATL_OK;
}

AtlStatus
atl_draft_add_series(AtlDraft *draft, AtlDraftFeature *feature, const AtlNumbers *numbers)
{
	Series		series = {draft, feature, numbers};

	ATL_TRY(add_pieces(&series));
	return feature->entry.frames > ATL_SUMMARY_FRAMES && feature->entry.dims <= ATL_NARROW_DIMS ?
		add_summaries(&series) : ATL_OK;
}
