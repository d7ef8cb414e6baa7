/*
 * atl_build_series.c
 *		The numbers of a finished feature to pieces and summaries.
 *
 * A feature is coded as soon as it is complete: the numbers themselves are then
 * forgotten, and a document of many features never has all of them in memory.
 */
#include "atl_builder.h"

#include <math.h>
#include <string.h>

#include "atl_bytes.h"
#include "atl_piece.h"

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
gather_words(const AtlBuilder *builder, uint32_t dim, uint32_t first, uint32_t n, uint64_t *words)
{
	const AtlDraftFeature *feature = &builder->feature;
	AtlEncoding encoding = feature->entry.encoding;
	uint32_t	width = atl_encoding_width(encoding);
	uint32_t	dims = feature->entry.dims;
	size_t		start = (size_t) first * dims + dim;

	load_words(builder->series.bytes + start * width, width, dims, n, words);
	if (feature->bitmap_size == 0)
		return;
	for (uint32_t i = 0; i < n; i++)
	{
		size_t		bit = start + (size_t) i * dims;

		if ((builder->series.bytes[feature->bitmap + bit / 8] >> (bit % 8) & 1) != 0)
			words[i] = words[i] == 1 ? atl_word_missing_frame(encoding) : atl_word_missing(encoding);
	}
}

static AtlStatus
add_piece(AtlBuilder *builder, const uint64_t *words, uint32_t n)
{
	uint32_t	end;
	AtlStatus	status = atl_buffer_reserve(&builder->pieces, ATL_PIECE_MAX_SIZE);

	if (status != ATL_OK)
		return status;
	builder->pieces.size += atl_piece_encode(builder->feature.entry.encoding, words, n,
											 builder->pieces.bytes + builder->pieces.size);
	end = (uint32_t) builder->pieces.size;
	return atl_buffer_append(&builder->piece_ends, &end, sizeof(end));
}

static AtlStatus
add_pieces(AtlBuilder *builder)
{
	AtlDraftFeature *feature = &builder->feature;
	uint32_t	frames = feature->entry.frames;
	uint32_t	block_frames = atl_block_frames(feature->entry.dims);
	size_t		start = builder->pieces.size;
	uint64_t	words[ATL_PIECE_NUMBERS];
	AtlStatus	status = ATL_OK;

	feature->first_piece = (uint32_t) (builder->piece_ends.size / sizeof(uint32_t));
	for (uint32_t first = 0; first < frames && status == ATL_OK; first += block_frames)
	{
		uint32_t	n = frames - first < block_frames ? frames - first : block_frames;

		builder->host->poll(builder->host->context);
		for (uint32_t d = 0; d < feature->entry.dims && status == ATL_OK; d++)
		{
			gather_words(builder, d, first, n, words);
			status = add_piece(builder, words, n);
		}
	}
	feature->entry.data_size = (uint32_t) (builder->pieces.size - start);
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
append_node(AtlBuilder *builder, const Node *node)
{
	uint32_t	width = atl_encoding_width(builder->feature.entry.encoding);
	uint32_t	mean_width = atl_mean_width(atl_feature_scale(&builder->feature.entry));
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
	at += builder->feature.entry.missing > 0 ? 4 : 0;
	return atl_buffer_append(&builder->summary, bytes, (size_t) (at - bytes));
}

/* The finest level of one dim, into scratch. */
static AtlStatus
make_leaves(AtlBuilder *builder, uint32_t dim)
{
	AtlScale	scale = atl_feature_scale(&builder->feature.entry);
	uint32_t	frames = builder->feature.entry.frames;
	AtlStatus	status = ATL_OK;

	builder->scratch.size = 0;
	for (uint32_t first = 0; first < frames && status == ATL_OK; first += ATL_SUMMARY_FRAMES)
	{
		uint32_t	n = frames - first < ATL_SUMMARY_FRAMES ? frames - first : ATL_SUMMARY_FRAMES;
		uint64_t	words[ATL_SUMMARY_FRAMES];
		double		numbers[ATL_SUMMARY_FRAMES];
		Node		node;

		gather_words(builder, dim, first, n, words);
		atl_series_numbers(scale, words, n, 1, numbers);
		node = make_node(words, numbers, n);
		status = atl_buffer_append(&builder->scratch, &node, sizeof(node));
	}
	return status;
}

/* Write the level in scratch, and make the one above it, in its place. */
static AtlStatus
append_level(AtlBuilder *builder, uint32_t *nodes)
{
	Node	   *level = (Node *) builder->scratch.bytes;
	uint32_t	above = 0;
	AtlStatus	status = ATL_OK;

	for (uint32_t i = 0; i < *nodes && status == ATL_OK; i++)
		status = append_node(builder, &level[i]);
	for (uint32_t i = 0; i < *nodes; i += 1 << ATL_SUMMARY_FANOUT_BITS)
	{
		uint32_t	n = *nodes - i;

		level[above++] = merge_nodes(level + i, n < 1 << ATL_SUMMARY_FANOUT_BITS ? n : 1 << ATL_SUMMARY_FANOUT_BITS);
	}
	*nodes = above;
	return status;
}

static AtlStatus
add_summaries(AtlBuilder *builder)
{
	AtlDraftFeature *feature = &builder->feature;
	AtlStatus	status = ATL_OK;

	feature->summary = (uint32_t) builder->summary.size;
	for (uint32_t d = 0; d < feature->entry.dims && status == ATL_OK; d++)
	{
		uint32_t	nodes;

		builder->host->poll(builder->host->context);
		status = make_leaves(builder, d);
		nodes = (uint32_t) (builder->scratch.size / sizeof(Node));
		while (nodes > 1 && status == ATL_OK)
			status = append_level(builder, &nodes);
	}
	feature->summary_size = (uint32_t) (builder->summary.size - feature->summary);
	return status;
}

AtlStatus
atl_build_series(AtlBuilder *builder)
{
	AtlStatus	status = add_pieces(builder);

	if (status == ATL_OK && builder->feature.entry.frames > ATL_SUMMARY_FRAMES)
		status = add_summaries(builder);
	builder->series.size = 0;
	return status;
}
