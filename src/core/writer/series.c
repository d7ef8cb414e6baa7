/*
 * series.c
 *		The numbers of a finished feature to pieces and summaries.
 */
#include "core/writer/writer.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/codec/piece.h"

/* The numbers of a feature that are being coded. */
typedef struct Series
{
	AtlDraft   *draft;
	AtlDraftFeature *feature;
	const uint8_t *numbers;		/* frame after frame */
	const uint8_t *bitmap;		/* of missing ones, or NULL */
} Series;

/* One node of a pyramid. */
typedef struct Node
{
	uint64_t	min;			/* words */
	uint64_t	max;
	double		min_number;
	double		max_number;
	double		sum;
	uint32_t	count;
} Node;

/* Every stride-th number of so many bytes as a word; the switch leaves loops that know the width. */
static void
load_words(const uint8_t *from, uint32_t width, uint32_t stride, uint32_t n, uint64_t *words)
{
	size_t		step = (size_t) width * stride;

	switch (width)
	{
		case 1:
			for (uint32_t i = 0; i < n; i++)
				words[i] = from[i * step];
			break;
		case 2:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u16(from + i * step);
			break;
		case 4:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u32(from + i * step);
			break;
		default:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u64(from + i * step);
	}
}

/* Words [first, first + n) of one dim, from the encoded numbers. */
static void
gather_words(const Series *series, uint32_t dim, uint32_t first, uint32_t n, uint64_t *words)
{
	const AtlDraftFeature *feature = series->feature;
	AtlEncoding encoding = feature->entry.encoding;
	uint32_t	width = atl_encoding_width(encoding);
	uint32_t	dims = feature->entry.dims;
	size_t		start = (size_t) first * dims + dim;

	load_words(series->numbers + start * width, width, dims, n, words);
	if (series->bitmap == NULL)
		return;
	for (uint32_t i = 0; i < n; i++)
	{
		size_t		bit = start + (size_t) i * dims;

		if ((series->bitmap[bit / 8] >> (bit % 8) & 1) != 0)
			words[i] = words[i] == 1 ? atl_word_missing_frame(encoding) : atl_word_missing(encoding);
	}
}

static AtlStatus
add_piece(Series *series, const uint64_t *words, uint32_t n)
{
	uint32_t	end;
	AtlStatus	status = atl_buffer_reserve(&series->draft->pieces, ATL_PIECE_MAX_SIZE);

	if (status != ATL_OK)
		return status;
	series->draft->pieces.size += atl_piece_encode(series->feature->entry.encoding, words, n,
											 series->draft->pieces.bytes + series->draft->pieces.size);
	end = (uint32_t) series->draft->pieces.size;
	return atl_buffer_append(&series->draft->piece_ends, &end, sizeof(end));
}

static AtlStatus
add_pieces(Series *series)
{
	AtlDraftFeature *feature = series->feature;
	uint32_t	frames = feature->entry.frames;
	uint32_t	block_frames = atl_block_frames(feature->entry.dims);
	size_t		start = series->draft->pieces.size;
	uint64_t	words[ATL_PIECE_NUMBERS];
	AtlWork		work = {.host = series->draft->host};
	AtlStatus	status = ATL_OK;

	feature->first_piece = (uint32_t) (series->draft->piece_ends.size / sizeof(uint32_t));
	for (uint32_t first = 0; first < frames && status == ATL_OK; first += block_frames)
	{
		uint32_t	n = frames - first < block_frames ? frames - first : block_frames;

		for (uint32_t d = 0; d < feature->entry.dims && status == ATL_OK; d++)
		{
			atl_work(&work, 20 * (n + 20));
			gather_words(series, d, first, n, words);
			status = add_piece(series, words, n);
		}
	}
	feature->entry.data_size = (uint32_t) (series->draft->pieces.size - start);
	return status;
}


/*
 * Summaries
 */

static Node
make_node(const uint64_t *words, const double *numbers, uint32_t n)
{
	Node		node = {0};

	for (uint32_t i = 0; i < n; i++)
	{
		if (isnan(numbers[i]))
			continue;
		if (node.count == 0 || numbers[i] < node.min_number)
		{
			node.min_number = numbers[i];
			node.min = words[i];
		}
		if (node.count == 0 || numbers[i] > node.max_number)
		{
			node.max_number = numbers[i];
			node.max = words[i];
		}
		node.sum += numbers[i];
		node.count++;
	}
	return node;
}

/* One node over nodes of the level below. */
static Node
merge_nodes(const Node *below, uint32_t n)
{
	Node		node = {0};

	for (uint32_t i = 0; i < n; i++)
	{
		if (below[i].count == 0)
			continue;
		if (node.count == 0 || below[i].min_number < node.min_number)
		{
			node.min_number = below[i].min_number;
			node.min = below[i].min;
		}
		if (node.count == 0 || below[i].max_number > node.max_number)
		{
			node.max_number = below[i].max_number;
			node.max = below[i].max;
		}
		node.sum += below[i].sum;
		node.count += below[i].count;
	}
	return node;
}

static AtlStatus
append_node(Series *series, const Node *node)
{
	uint32_t	width = atl_encoding_width(series->feature->entry.encoding);
	uint32_t	mean_width = atl_mean_width(atl_feature_scale(&series->feature->entry));
	double		mean = node->count == 0 ? 0 : node->sum / node->count;
	uint8_t		bytes[32];
	uint8_t    *at = bytes;

	atl_store_u64(at, node->min);
	at += width;
	atl_store_u64(at, node->max);
	at += width;
	if (mean_width == 8)
		atl_store_f64(at, mean);
	else
		atl_store_u32(at, atl_f32_bits((float) mean));
	at += mean_width;
	atl_store_u32(at, node->count);
	at += series->feature->entry.missing > 0 ? 4 : 0;
	return atl_buffer_append(&series->draft->summary, bytes, (size_t) (at - bytes));
}

/* The finest level of one dim, into scratch. */
static AtlStatus
make_leaves(Series *series, uint32_t dim)
{
	AtlScale	scale = atl_feature_scale(&series->feature->entry);
	uint32_t	frames = series->feature->entry.frames;
	AtlWork		work = {.host = series->draft->host};
	AtlStatus	status = ATL_OK;

	series->draft->scratch.size = 0;
	for (uint32_t first = 0; first < frames && status == ATL_OK; first += ATL_SUMMARY_FRAMES)
	{
		uint32_t	n = frames - first < ATL_SUMMARY_FRAMES ? frames - first : ATL_SUMMARY_FRAMES;
		uint64_t	words[ATL_SUMMARY_FRAMES];
		double		numbers[ATL_SUMMARY_FRAMES];
		Node		node;

		atl_work(&work, 10 * n);
		gather_words(series, dim, first, n, words);
		atl_series_numbers(scale, words, n, 1, numbers);
		node = make_node(words, numbers, n);
		status = atl_buffer_append(&series->draft->scratch, &node, sizeof(node));
	}
	return status;
}

/* Write the level in scratch, and make the one above it, in its place. */
static AtlStatus
append_level(Series *series, uint32_t *nodes)
{
	Node	   *level = (Node *) series->draft->scratch.bytes;
	uint32_t	above = 0;
	AtlWork		work = {.host = series->draft->host};
	AtlStatus	status = ATL_OK;

	for (uint32_t i = 0; i < *nodes && status == ATL_OK; i++)
	{
		atl_work(&work, 20);
		status = append_node(series, &level[i]);
	}
	for (uint32_t i = 0; i < *nodes; i += 1 << ATL_SUMMARY_FANOUT_BITS)
	{
		uint32_t	n = *nodes - i;

		atl_work(&work, 50);
		level[above++] = merge_nodes(level + i, n < 1 << ATL_SUMMARY_FANOUT_BITS ? n : 1 << ATL_SUMMARY_FANOUT_BITS);
	}
	*nodes = above;
	return status;
}

static AtlStatus
add_summaries(Series *series)
{
	AtlDraftFeature *feature = series->feature;
	AtlStatus	status = ATL_OK;

	feature->summary = (uint32_t) series->draft->summary.size;
	for (uint32_t d = 0; d < feature->entry.dims && status == ATL_OK; d++)
	{
		uint32_t	nodes;

		atl_poll(series->draft->host);
		status = make_leaves(series, d);
		nodes = (uint32_t) (series->draft->scratch.size / sizeof(Node));
		while (nodes > 1 && status == ATL_OK)
			status = append_level(series, &nodes);
	}
	feature->summary_size = (uint32_t) (series->draft->summary.size - feature->summary);
	return status;
}

AtlStatus
atl_draft_add_series(AtlDraft *draft, AtlDraftFeature *feature, const uint8_t *numbers, const uint8_t *bitmap)
{
	Series		series = {draft, feature, numbers, bitmap};

	ATL_TRY(add_pieces(&series));
	return feature->entry.frames > ATL_SUMMARY_FRAMES ? add_summaries(&series) : ATL_OK;
}
