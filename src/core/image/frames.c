/*
 * frames.c
 *		The numbers of features: from frames to blocks to pieces.
 *
 * Pieces of wide features are read in wide.c.
 */
#include "core/image/feature.h"

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/base/work.h"
#include "core/codec/piece.h"
#include "core/image/directory.h"
#include "core/image/wide.h"

/* Pieces of dims between two polls. */
#define POLL_DIMS	64

/* Some frames of a feature that lie in one block. */
typedef struct Part
{
	uint32_t	block;
	uint32_t	frames;			/* of the feature in the block */
	uint32_t	first;			/* frame wanted, within the block */
	uint32_t	count;
} Part;

static Part
make_part(const AtlFeature *feature, uint32_t first, uint32_t count)
{
	Part		part = {
		.block = first / feature->block_frames,
		.first = first % feature->block_frames
	};

	part.frames = atl_min(feature->frames - part.block * feature->block_frames, feature->block_frames);
	part.count = atl_min(part.frames - part.first, count);
	return part;
}

/* Fetch the bytes [start, end) of a piece, which must not be empty. */
static AtlStatus
fetch_piece(const AtlView *view, uint32_t start, uint32_t end, const uint8_t **bytes)
{
	return start >= end ? ATL_DAMAGED : atl_view_fetch(view, ATL_FEATURE_DATA, start, end - start, bytes);
}

/* Decode one dim of a part; words has room for ATL_PIECE_NUMBERS. */
static AtlStatus
read_piece(const AtlView *view, const AtlFeature *feature, const Part *part, uint32_t start, uint32_t end,
		   uint64_t *words)
{
	const uint8_t *bytes;

	ATL_TRY(fetch_piece(view, start, end, &bytes));
	return atl_piece_decode(feature->encoding, bytes, end - start, part->frames, part->first, part->count, words);
}

AtlStatus
atl_piece_word_at(const AtlView *view, AtlEncoding encoding, uint32_t start, const uint8_t *bytes,
				  uint32_t size, uint32_t n, uint32_t i, uint64_t *word)
{
	AtlMemo    *memo = view->memo;

	if (memo->start != start || memo->encoding != encoding)
		memo->num_words = 0;
	memo->start = start;
	memo->encoding = encoding;
	return atl_piece_decode_one(encoding, bytes, size, n, i, memo->words, &memo->num_words, word);
}

/* Decode the first number of a part, with the view's memo. */
static AtlStatus
read_one(const AtlView *view, const AtlFeature *feature, const Part *part, uint32_t start, uint32_t end,
		 uint64_t *word)
{
	const uint8_t *bytes;

	ATL_TRY(fetch_piece(view, start, end, &bytes));
	return atl_piece_word_at(view, feature->encoding, start, bytes, end - start, part->frames, part->first, word);
}

/* Read dims [dim, dim + num) of a part, frame after frame. */
static AtlStatus
read_part(const AtlView *view, const AtlFeature *feature, const Part *part, uint32_t dim, uint32_t num,
		  double *numbers)
{
	AtlScale	scale = atl_feature_scale(feature);
	uint64_t	words[ATL_PIECE_NUMBERS];
	const uint8_t *ends;
	uint32_t	start;

	ATL_TRY(atl_directory_fetch(view, feature, part->block, dim, num, &ends, &start));
	for (uint32_t d = 0; d < num; d++)
	{
		uint32_t	end = atl_load_u32(ends + (size_t) d * ATL_DIRECTORY_ENTRY_SIZE);

		if (d % POLL_DIMS == POLL_DIMS - 1)
			atl_view_poll(view);
		if (num == 1 && part->count == 1 && view->memo != NULL)
			ATL_TRY(read_one(view, feature, part, start, end, words));
		else
			ATL_TRY(read_piece(view, feature, part, start, end, words));
		atl_series_numbers(scale, words, part->count, num, numbers + d);
		start = end;
	}
	return ATL_OK;
}

AtlStatus
atl_feature_read_dims(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
					  uint32_t first, uint32_t count, double *numbers)
{
	AtlRead		read = {feature, dim, num, first, count};

	if (first > feature->frames || count > feature->frames - first ||
		dim > feature->dims || num > feature->dims - dim)
		return ATL_DAMAGED;
	if (num > 1 || count > feature->block_frames - first % feature->block_frames)
		ATL_TRY(atl_features_prefetch(view, &read, 1));
	while (count > 0)
	{
		Part		part = make_part(feature, first, count);

		if (atl_feature_is_wide(feature))
			ATL_TRY(atl_wide_read(view, feature, part.block, part.first, part.count, dim, num, numbers));
		else
			ATL_TRY(read_part(view, feature, &part, dim, num, numbers));
		first += part.count;
		count -= part.count;
		numbers += (size_t) part.count * num;
		if (count > 0)
			atl_view_poll(view);
	}
	return ATL_OK;
}

AtlStatus
atl_feature_words(const AtlView *view, const AtlFeature *feature, uint32_t dim,
				  uint32_t first, uint32_t count, uint64_t *words)
{
	if (first > feature->frames || count > feature->frames - first || dim >= feature->dims ||
		atl_feature_is_wide(feature))
		return ATL_DAMAGED;
	while (count > 0)
	{
		Part		part = make_part(feature, first, count);
		uint64_t	decoded[ATL_PIECE_NUMBERS];
		const uint8_t *ends;
		uint32_t	start;

		ATL_TRY(atl_directory_fetch(view, feature, part.block, dim, 1, &ends, &start));
		ATL_TRY(read_piece(view, feature, &part, start, atl_load_u32(ends), decoded));
		memcpy(words, decoded, part.count * sizeof(*words));
		first += part.count;
		count -= part.count;
		words += part.count;
		atl_view_poll(view);
	}
	return ATL_OK;
}

/* Store words of width bytes, step bytes apart. */
static void
store_words(const uint64_t *words, uint32_t width, uint32_t n, size_t step, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++)
		atl_store_word(to + i * step, width, words[i]);
}

/* Append a block of a narrow feature: n frames from frame first on. */
static AtlStatus
append_dims(const AtlView *view, const AtlFeature *feature, uint32_t first, uint32_t n, AtlBuffer *out)
{
	uint32_t	width = atl_encoding_width(feature->encoding);
	size_t		frame_size = (size_t) feature->dims * width;
	size_t		start = out->size;
	AtlWork		work = {.host = out->host};
	uint64_t	words[ATL_PIECE_NUMBERS];

	ATL_TRY(atl_buffer_append_zeros(out, n * frame_size));
	for (uint32_t d = 0; d < feature->dims; d++)
	{
		atl_work(&work, 2 * n + 100);
		ATL_TRY(atl_feature_words(view, feature, d, first, n, words));
		store_words(words, width, n, frame_size, out->bytes + start + (size_t) d * width);
	}
	return ATL_OK;
}

/* Append a block of a wide feature, which is stored frame after frame. */
static AtlStatus
append_wide(const AtlView *view, const AtlFeature *feature, uint32_t block, uint32_t n, AtlBuffer *out)
{
	uint32_t	width = atl_encoding_width(feature->encoding);
	uint64_t	words[ATL_PIECE_NUMBERS];
	AtlWide		wide;
	uint32_t	given;

	ATL_TRY(atl_wide_open(view, feature, block, true, &wide));
	if (wide.num != n * feature->dims)
		return ATL_DAMAGED;
	ATL_TRY(atl_buffer_reserve(out, (size_t) wide.num * width));
	for (uint32_t i = 0; i < wide.num; i += given)
	{
		ATL_TRY(atl_wide_words(&wide, i, wide.num - i, words, &given));
		store_words(words, width, given, width, out->bytes + out->size);
		out->size += (size_t) given * width;
	}
	return ATL_OK;
}

AtlStatus
atl_feature_bytes(const AtlView *view, const AtlFeature *feature, AtlBuffer *out)
{
	uint32_t	block_frames = feature->block_frames;

	for (uint32_t first = 0; first < feature->frames; first += block_frames)
	{
		uint32_t	n = atl_min(feature->frames - first, block_frames);

		atl_poll(out->host);
		ATL_TRY(atl_feature_is_wide(feature) ? append_wide(view, feature, first / block_frames, n, out) :
				append_dims(view, feature, first, n, out));
	}
	return ATL_OK;
}
