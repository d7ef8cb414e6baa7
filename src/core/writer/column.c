/*
 * column.c
 *		The best codec for a column of numbers.
 */
#include "core/writer/block.h"

#include <math.h>
#include <string.h>

/* 2^50: nearer to 2^53, rounding a product may miss the integer. */
#define MAX_QUOTIENT	1125899906842624.0

/* A double keeps every decimal of up to so many digits. */
#define MAX_DOUBLE_EXPONENT	15

/* A codec is tried only if it can hold most of so many values. */
#define SAMPLE	4

/* If a codec takes at most so many bits a value, no other codec is tried. */
#define GOOD_WIDTH	32

/* Whether the number is the double nearest to *integer / divisor. */
static bool
is_quotient(double number, double divisor, int64_t *integer)
{
	double		product = number * divisor;

	if (!(fabs(product) <= MAX_QUOTIENT))
		return false;
	*integer = (int64_t) (product < 0 ? product - 0.5 : product + 0.5);
	return (double) *integer / divisor == number;
}

/* Find the least exponent >= first: the number is an integer / 10^exponent. */
static bool
find_exponent(double number, uint8_t first, uint8_t *exponent)
{
	int64_t		integer;

	for (uint8_t e = first; e <= MAX_DOUBLE_EXPONENT; e++)
		if (is_quotient(number, (double) atl_power_of_ten(e), &integer))
		{
			*exponent = e;
			return true;
		}
	return false;
}

/* The exponent that most values need, or false when few are decimals. */
static bool
common_exponent(const double *numbers, uint32_t num, uint8_t *exponent)
{
	uint32_t	failed = 0;

	*exponent = 0;
	for (uint32_t i = 0; i < SAMPLE; i++)
		failed += !find_exponent(numbers[i * (num - 1) / (SAMPLE - 1)], *exponent, exponent);
	if (failed * 2 > SAMPLE)
		return false;
	for (uint32_t i = 0; i < num; i++)
		find_exponent(numbers[i], *exponent, exponent);
	return true;
}

static bool
are_samples(const double *numbers, uint32_t num, double sample_rate)
{
	uint32_t	failed = 0;
	int64_t		integer;

	for (uint32_t i = 0; i < SAMPLE; i++)
		failed += !is_quotient(numbers[i * (num - 1) / (SAMPLE - 1)], sample_rate, &integer);
	return failed * 2 <= SAMPLE;
}

static void
fit(AtlChoice *choice)
{
	if (choice->main.num > 0)
		atl_column_fit(&choice->main);
	if (choice->left.num > 0)
		atl_column_fit(&choice->left);
}

uint32_t
atl_choice_size(const AtlChoice *choice)
{
	if (choice->left.num == 0)
		return choice->main.size;
	return choice->main.size + choice->left.size + 2 * ATL_MASK_SIZE;
}

/* Code the quotients in main, and the other numbers as doubles in left. */
static void
as_quotients(AtlColumnCodec codec, uint8_t exponent, double divisor, const double *numbers,
			 const uint8_t *items, uint32_t num, AtlChoice *choice)
{
	int64_t		integer;

	atl_column_begin(&choice->main, codec, exponent);
	atl_column_begin(&choice->left, ATL_CODEC_DOUBLE, 0);
	for (uint32_t i = 0; i < num; i++)
		if (is_quotient(numbers[i], divisor, &integer))
			atl_column_add(&choice->main, items[i], integer);
		else
			atl_column_add(&choice->left, items[i], atl_double_to_integer(numbers[i]));
	fit(choice);
}

static void
as_doubles(const double *numbers, const uint8_t *items, uint32_t num, AtlChoice *choice)
{
	atl_column_begin(&choice->main, ATL_CODEC_DOUBLE, 0);
	atl_column_begin(&choice->left, ATL_CODEC_DOUBLE, 0);
	for (uint32_t i = 0; i < num; i++)
		atl_column_add(&choice->main, items[i], atl_double_to_integer(numbers[i]));
	fit(choice);
}

static bool
is_good(const AtlChoice *choice)
{
	return choice->left.num == 0 && choice->main.width <= GOOD_WIDTH;
}

void
atl_choose_doubles(double sample_rate, const double *numbers, const uint8_t *items, uint32_t num,
				   bool decimals, AtlChoice *choice)
{
	AtlChoice	other;
	uint8_t		exponent;
	bool		chosen = false;

	if (decimals && common_exponent(numbers, num, &exponent))
	{
		as_quotients(ATL_CODEC_DECIMAL, exponent, (double) atl_power_of_ten(exponent), numbers, items,
					 num, choice);
		chosen = true;
	}
	if ((!chosen || !is_good(choice)) && are_samples(numbers, num, sample_rate))
	{
		as_quotients(ATL_CODEC_SAMPLES, 0, sample_rate, numbers, items, num, &other);
		if (!chosen || atl_choice_size(&other) < atl_choice_size(choice))
			*choice = other;
		chosen = true;
	}
	if (chosen && is_good(choice))
		return;
	as_doubles(numbers, items, num, &other);
	if (!chosen || atl_choice_size(&other) < atl_choice_size(choice))
		*choice = other;
}

AtlStatus
atl_write_doubles(AtlDraftBlock *block, AtlColumnId id, const double *numbers)
{
	double		present[ATL_BLOCK_ITEMS];
	uint8_t		items[ATL_BLOCK_ITEMS];
	uint32_t	num = 0;
	AtlChoice	choice;

	for (uint32_t i = 0; i < block->items; i++)
		if (!isnan(numbers[i]))
		{
			present[num] = numbers[i];
			items[num++] = (uint8_t) i;
		}
	if (num == 0)
		return ATL_OK;
	atl_choose_doubles(block->draft->sample_rate, present, items, num, true, &choice);
	ATL_TRY(atl_add_column(block, (uint8_t) id, &choice.main, NULL));
	return atl_add_column(block, (uint8_t) id, &choice.left, NULL);
}

AtlStatus
atl_write_integers(AtlDraftBlock *block, AtlColumnId id, const AtlMask *mask, const uint32_t *integers)
{
	AtlDraftColumn coded;

	atl_column_begin(&coded, ATL_CODEC_INTEGER, 0);
	for (uint32_t i = 0; i < block->items; i++)
		if (atl_mask_has(mask, i))
			atl_column_add(&coded, i, *integers++);
	if (coded.num > 0)
		atl_column_fit(&coded);
	return atl_add_column(block, (uint8_t) id, &coded, NULL);
}
