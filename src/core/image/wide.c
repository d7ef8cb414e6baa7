/*
 * wide.c
 *		Pieces of wide features: all dims of a few frames.
 */
#include "core/image/wide.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/codec/piece.h"
#include "core/image/directory.h"

/* Pieces up to this size are fetched whole: about four TOAST chunks. */
#define WHOLE_SIZE	8192

/* Most bytes before the numbers: form, bitmap of null frames, run sizes. */
#define HEAD_SIZE \
	(1 + (ATL_WIDE_NUMBERS / ATL_NARROW_DIMS + 7) / 8 + \
	 (ATL_MAX_DIMS + ATL_PIECE_NUMBERS - 1) / ATL_PIECE_NUMBERS * 2)

bool
atl_wide_reads_parts(uint32_t size)
{
	return size > WHOLE_SIZE;
}

static uint32_t
count_ones(const uint8_t *bitmap, uint32_t n)
{
	uint32_t	ones = 0;

	for (uint32_t i = 0; i < n; i++)
		ones += bitmap[i / 8] >> (i % 8) & 1;
	return ones;
}

uint32_t
atl_wide_number(const AtlWide *wide, uint32_t frame)
{
	return (frame - (wide->nulls == NULL ? 0 : count_ones(wide->nulls, frame))) * wide->dims;
}

static AtlStatus
fetch_part(const AtlWide *wide, uint32_t offset, uint32_t size, const uint8_t **bytes)
{
	if (offset > wide->size || size > wide->size - offset)
		return ATL_DAMAGED;
	if (offset + size > wide->known)
		return atl_view_fetch(wide->view, ATL_FEATURE_DATA, (uint64_t) wide->start + offset, size, bytes);
	*bytes = wide->bytes + offset;
	return ATL_OK;
}

/* Open the bitmap of n frames: some null, not all, bits past n are 0. */
static AtlStatus
open_nulls(AtlWide *wide, uint32_t n)
{
	uint32_t	size = (n + 7) / 8;
	uint32_t	nulls;

	if (size > wide->known - wide->numbers)
		return ATL_DAMAGED;
	wide->nulls = wide->bytes + wide->numbers;
	wide->numbers += size;
	nulls = count_ones(wide->nulls, 8 * size);
	if (nulls == 0 || nulls >= n || nulls != count_ones(wide->nulls, n))
		return ATL_DAMAGED;
	wide->num -= nulls * wide->dims;
	return ATL_OK;
}

static AtlStatus
open_plain(AtlWide *wide, bool missing)
{
	if (missing && !atl_encoding_is_integer(wide->encoding))
		return ATL_DAMAGED;
	if (missing)
	{
		wide->missing = wide->numbers;
		wide->numbers += (wide->num + 7) / 8;
	}
	return wide->size == wide->numbers + (uint64_t) wide->num * atl_encoding_width(wide->encoding) ?
		ATL_OK : ATL_DAMAGED;
}

/* Open the run sizes; the runs must fill the rest of the piece. */
static AtlStatus
open_runs(AtlWide *wide)
{
	uint32_t	runs = atl_divide_up(wide->num, ATL_PIECE_NUMBERS);
	uint64_t	end;

	if (runs * 2 > wide->known - wide->numbers)
		return ATL_DAMAGED;
	wide->sizes = wide->bytes + wide->numbers;
	wide->numbers += runs * 2;
	wide->run_start = wide->numbers;
	end = wide->numbers;
	for (uint32_t i = 0; i < runs; i++)
		end += atl_load_u16(wide->sizes + i * 2);
	return end == wide->size ? ATL_OK : ATL_DAMAGED;
}

/* Open the piece of n frames from wide->start to end. */
static AtlStatus
open_piece(AtlWide *wide, uint32_t end, uint32_t n, bool whole)
{
	uint8_t		flags;

	if (wide->start >= end)
		return ATL_DAMAGED;
	wide->size = end - wide->start;
	wide->known = whole || wide->size <= WHOLE_SIZE ? wide->size : HEAD_SIZE;
	ATL_TRY(atl_view_fetch(wide->view, ATL_FEATURE_DATA, wide->start, wide->known, &wide->bytes));
	wide->form = (AtlWideForm) (wide->bytes[0] & ATL_WIDE_FORM);
	flags = wide->bytes[0] & ~ATL_WIDE_FORM;
	wide->numbers = 1;
	wide->num = n * wide->dims;
	if (wide->form >= ATL_WIDE_FORMS || (flags & ~(ATL_WIDE_FLAG_FRAMES | ATL_WIDE_FLAG_MISSING)) != 0)
		return ATL_UNSUPPORTED;
	if (wide->form == ATL_WIDE_NULL)
	{
		wide->num = 0;
		return flags == 0 && wide->size == 1 ? ATL_OK : ATL_DAMAGED;
	}
	if ((flags & ATL_WIDE_FLAG_FRAMES) != 0)
		ATL_TRY(open_nulls(wide, n));
	if (wide->form == ATL_WIDE_PLAIN)
		return open_plain(wide, (flags & ATL_WIDE_FLAG_MISSING) != 0);
	return (flags & ATL_WIDE_FLAG_MISSING) != 0 ? ATL_DAMAGED : open_runs(wide);
}

AtlStatus
atl_wide_open(const AtlView *view, const AtlFeature *feature, uint32_t block, bool whole, AtlWide *wide)
{
	uint32_t	left = feature->frames - block * feature->block_frames;
	const uint8_t *ends;

	memset(wide, 0, sizeof(*wide));
	wide->view = view;
	wide->encoding = feature->encoding;
	wide->dims = feature->dims;
	ATL_TRY(atl_directory_fetch(view, feature, block, 0, 1, &ends, &wide->start));
	return open_piece(wide, atl_load_u32(ends), atl_min(left, feature->block_frames), whole);
}

static AtlStatus
plain_words(const AtlWide *wide, uint32_t first, uint32_t n, uint64_t *words)
{
	uint32_t	width = atl_encoding_width(wide->encoding);
	const uint8_t *bytes;

	ATL_TRY(fetch_part(wide, wide->numbers + first * width, n * width, &bytes));
	atl_load_words(bytes, width, 1, n, words);
	if (wide->missing == 0)
		return ATL_OK;
	ATL_TRY(fetch_part(wide, wide->missing + first / 8, (first % 8 + n + 7) / 8, &bytes));
	for (uint32_t i = 0; i < n; i++)
		if ((bytes[(first % 8 + i) / 8] >> ((first + i) % 8) & 1) != 0)
			words[i] = atl_word_missing(wide->encoding);
	return ATL_OK;
}

/* Set run and run_start; starts at the current run if that is not later. */
static void
seek_run(AtlWide *wide, uint32_t run)
{
	if (run < wide->run)
	{
		wide->run = 0;
		wide->run_start = wide->numbers;
	}
	for (; wide->run < run; wide->run++)
		wide->run_start += atl_load_u16(wide->sizes + wide->run * 2);
}

/* Words [first, first + n) of a run. */
static AtlStatus
run_words(AtlWide *wide, uint32_t run, uint32_t first, uint32_t n, uint64_t *words)
{
	uint32_t	in_run = atl_min(wide->num - run * ATL_PIECE_NUMBERS, ATL_PIECE_NUMBERS);
	const uint8_t *bytes;
	uint32_t	size;

	seek_run(wide, run);
	size = atl_load_u16(wide->sizes + run * 2);
	ATL_TRY(fetch_part(wide, wide->run_start, size, &bytes));
	if (n == 1 && wide->view->memo != NULL)
		return atl_piece_word_at(wide->view, wide->encoding, wide->start + wide->run_start, bytes, size,
								 in_run, first, words);
	return atl_piece_decode(wide->encoding, bytes, size, in_run, first, n, words);
}

AtlStatus
atl_wide_words(AtlWide *wide, uint32_t first, uint32_t count, uint64_t *words, uint32_t *given)
{
	uint32_t	in_run = first % ATL_PIECE_NUMBERS;

	*given = atl_min(count, ATL_PIECE_NUMBERS - in_run);
	if (wide->form == ATL_WIDE_PLAIN)
		return plain_words(wide, first, *given, words);
	return run_words(wide, first / ATL_PIECE_NUMBERS, in_run, *given, words);
}

/* Read count numbers from first on, not counting null frames. */
static AtlStatus
read_numbers(AtlWide *wide, AtlScale scale, uint32_t first, uint32_t count, double *numbers)
{
	uint64_t	words[ATL_PIECE_NUMBERS];
	uint32_t	n;

	for (uint32_t i = 0; i < count; i += n)
	{
		ATL_TRY(atl_wide_words(wide, first + i, count - i, words, &n));
		atl_series_numbers(scale, words, n, 1, numbers + i);
	}
	return ATL_OK;
}

AtlStatus
atl_wide_read(const AtlView *view, const AtlFeature *feature, uint32_t block, uint32_t first, uint32_t count,
			  uint32_t dim, uint32_t num, double *numbers)
{
	AtlScale	scale = atl_feature_scale(feature);
	AtlWide		wide;
	uint32_t	n;

	ATL_TRY(atl_wide_open(view, feature, block, num == feature->dims, &wide));
	for (uint32_t i = first; i < first + count; i += n, numbers += (size_t) n * num)
	{
		n = 1;
		if (atl_wide_is_null(&wide, i))
		{
			for (uint32_t d = 0; d < num; d++)
				numbers[d] = atl_bits_f64(ATL_NAN_FRAME_64);
			continue;
		}
		/* Read whole frames together, so that each run is decoded once. */
		while (num == feature->dims && i + n < first + count && !atl_wide_is_null(&wide, i + n))
			n++;
		ATL_TRY(read_numbers(&wide, scale, atl_wide_number(&wide, i) + dim, n * num, numbers));
	}
	return ATL_OK;
}

AtlStatus
atl_feature_block_is_null(const AtlView *view, const AtlFeature *feature, uint32_t block, bool *null)
{
	AtlWide		wide;

	*null = false;
	if (!atl_feature_is_wide(feature))
		return ATL_OK;
	ATL_TRY(atl_wide_open(view, feature, block, false, &wide));
	*null = wide.form == ATL_WIDE_NULL;
	return ATL_OK;
}
