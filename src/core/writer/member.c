/*
 * member.c
 *		The columns of a shared member in a block.
 *
 * A cell is canonical text.  A cell goes into a column of numbers only if the
 * column prints the same text again; into a column of texts if it is short;
 * and else it is left in its object.
 */
#include "core/writer/block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/decimal.h"
#include "core/base/hash.h"
#include "core/base/text.h"

/* A member in fewer items of a block stays in the text, unless all have it. */
#define FEW	3

/* A decimal with a mantissa below this is the shortest of its double. */
#define SAFE_MANTISSA	INT64_C(1000000000000000)

/* The greatest integer of codecs DECIMAL and FIXED. */
#define MAX_MANTISSA	INT64_C(1000000000000000000)

/* Room for the text of a number that is tried as a double, terminated. */
#define NUMBER_SIZE	48

/* Numbers of at most so many bits are not tried as texts, or as doubles. */
#define TEXT_WIDTH	24
#define DOUBLE_WIDTH	32

/* Slots of the hash table of texts; a slot holds a text's number + 1, or 0. */
#define SLOTS	256

typedef struct Cell
{
	AtlText		text;
	uint8_t		item;
	bool		decimal;		/* mantissa / 10^scale */
	uint8_t		scale;
	int64_t		mantissa;
} Cell;

typedef struct Cells
{
	uint32_t	num;
	Cell		cells[ATL_BLOCK_ITEMS];
} Cells;

/* Take the cell apart if it is a short enough number without an exponent. */
static void
read_decimal(Cell *cell)
{
	AtlDecimal	decimal;

	cell->decimal = false;
	if (!atl_decimal_take(cell->text, &decimal) || !atl_decimal_is_plain(cell->text, &decimal) ||
		decimal.digits >= MAX_MANTISSA || atl_decimal_fraction(&decimal) > ATL_MAX_EXPONENT)
		return;
	cell->decimal = true;
	cell->scale = (uint8_t) atl_decimal_fraction(&decimal);
	cell->mantissa = decimal.negative ? -(int64_t) decimal.digits : (int64_t) decimal.digits;
}

/* Whether the last digit after the point is a zero. */
static bool
has_zeros(const Cell *cell)
{
	return cell->scale > 0 && cell->mantissa % 10 == 0;
}

static void
collect_cells(const AtlDraftBlock *block, uint32_t member, Cells *cells)
{
	cells->num = 0;
	for (uint32_t i = 0; i < block->items; i++)
	{
		Cell	   *cell = &cells->cells[cells->num];

		if (block->cells[member][i].size == 0)
			continue;
		cell->text = block->cells[member][i];
		cell->item = (uint8_t) i;
		read_decimal(cell);
		cells->num++;
	}
}

/*
 * Code decimals: as FIXED if all have the same scale and some end with a zero,
 * else as DECIMAL, without the decimals that end with a zero.
 */
static void
as_decimals(const Cells *cells, AtlDraftColumn *coded)
{
	bool		fixed = true;
	bool		zeros = false;
	int			scale = -1;
	uint8_t		greatest = 0;

	for (uint32_t i = 0; i < cells->num; i++)
	{
		const Cell *cell = &cells->cells[i];

		if (!cell->decimal)
			continue;
		fixed = fixed && (scale < 0 || scale == cell->scale);
		scale = cell->scale;
		if (has_zeros(cell))
			zeros = true;
		else if (cell->scale > greatest)
			greatest = cell->scale;
	}
	fixed = fixed && zeros;
	atl_column_begin(coded, fixed ? ATL_CODEC_FIXED : ATL_CODEC_DECIMAL, fixed ? (uint8_t) scale : greatest);
	for (uint32_t i = 0; i < cells->num; i++)
	{
		const Cell *cell = &cells->cells[i];
		int64_t		factor;

		if (!cell->decimal || (!fixed && has_zeros(cell)))
			continue;
		factor = atl_power_of_ten(coded->exponent - cell->scale);
		if (cell->mantissa <= MAX_MANTISSA / factor && cell->mantissa >= -MAX_MANTISSA / factor)
			atl_column_add(coded, cell->item, cell->mantissa * factor);
	}
	if (coded->num > 0)
		atl_column_fit(coded);
}

/* The double whose shortest decimal is the cell; ATL_INVALID if there is none. */
static AtlStatus
cell_double(AtlDraftBlock *block, const Cell *cell, double *number)
{
	AtlBuffer  *printed = &block->scratch;
	char		digits[NUMBER_SIZE];
	char	   *end;

	if (cell->decimal && !has_zeros(cell) && cell->mantissa < SAFE_MANTISSA && cell->mantissa > -SAFE_MANTISSA)
	{
		*number = (double) cell->mantissa / (double) atl_power_of_ten(cell->scale);
		return ATL_OK;
	}
	if (cell->text.size >= NUMBER_SIZE || (cell->text.text[0] != '-' &&
										   (cell->text.text[0] < '0' || cell->text.text[0] > '9')))
		return ATL_INVALID;
	memcpy(digits, cell->text.text, cell->text.size);
	digits[cell->text.size] = '\0';
	*number = strtod(digits, &end);
	if (!isfinite(*number))
		return ATL_INVALID;
	printed->size = 0;
	ATL_TRY(atl_append_double(printed, *number));
	if (printed->size != cell->text.size || memcmp(printed->bytes, cell->text.text, printed->size) != 0)
		return ATL_INVALID;
	return ATL_OK;
}

/* Code the cells that are doubles. */
static AtlStatus
as_doubles(AtlDraftBlock *block, const Cells *cells, AtlChoice *choice)
{
	double		numbers[ATL_BLOCK_ITEMS];
	uint8_t		items[ATL_BLOCK_ITEMS];
	uint32_t	num = 0;

	atl_column_begin(&choice->main, ATL_CODEC_DOUBLE, 0);
	atl_column_begin(&choice->left, ATL_CODEC_DOUBLE, 0);
	for (uint32_t i = 0; i < cells->num; i++)
	{
		AtlStatus	status = cell_double(block, &cells->cells[i], &numbers[num]);

		if (status == ATL_OK)
			items[num++] = cells->cells[i].item;
		else if (status != ATL_INVALID)
			return status;
	}
	if (num > 0)
		atl_choose_doubles(block->draft->sample_rate, numbers, items, num, false, choice);
	return ATL_OK;
}

/* Code short cells not in taken as texts; block->dictionary gets the texts. */
static AtlStatus
as_texts(AtlDraftBlock *block, const Cells *cells, const AtlMask *taken, AtlDraftColumn *coded)
{
	uint8_t		slots[SLOTS] = {0};
	AtlText		texts[ATL_BLOCK_ITEMS];
	uint32_t	num = 0;
	uint8_t		header[1 + 2 * ATL_BLOCK_ITEMS];
	uint16_t	end = 0;

	atl_column_begin(coded, ATL_CODEC_TEXT, 0);
	for (uint32_t i = 0; i < cells->num; i++)
	{
		const Cell *cell = &cells->cells[i];
		uint32_t	slot;

		if (atl_mask_has(taken, cell->item) || cell->text.size > ATL_COLUMN_TEXT)
			continue;
		slot = (uint32_t) (atl_hash(block->draft->host, cell->text) % SLOTS);
		while (slots[slot] != 0 && atl_text_compare(texts[slots[slot] - 1], cell->text) != 0)
			slot = (slot + 1) % SLOTS;
		if (slots[slot] == 0)
		{
			texts[num++] = cell->text;
			slots[slot] = (uint8_t) num;
		}
		atl_column_add(coded, cell->item, slots[slot] - 1);
	}
	if (num > 0)
		atl_column_fit(coded);

	header[0] = (uint8_t) num;
	for (uint32_t i = 0; i < num; i++)
	{
		end += (uint16_t) texts[i].size;
		atl_store_u16(header + 1 + 2 * i, end);
	}
	block->dictionary.size = 0;
	ATL_TRY(atl_buffer_append(&block->dictionary, header, 1 + 2 * num));
	for (uint32_t i = 0; i < num; i++)
		ATL_TRY(atl_buffer_append(&block->dictionary, texts[i].text, texts[i].size));
	return ATL_OK;
}

/* About how many bytes the cells not in taken cost, as members in the text. */
static uint32_t
cost_of_others(const Cells *cells, const AtlMask *taken, AtlText name)
{
	uint32_t	cost = 0;

	for (uint32_t i = 0; i < cells->num; i++)
		if (!atl_mask_has(taken, cells->cells[i].item))
			cost += cells->cells[i].text.size + name.size + 4;
	return cost;
}

static AtlStatus
add_part(AtlDraftBlock *block, uint32_t member, const AtlDraftColumn *coded, const AtlBuffer *texts)
{
	for (int i = 0; i < 2; i++)
		block->written[member].bits[i] |= coded->mask.bits[i];
	return atl_add_column(block, (uint8_t) (ATL_COLUMN_MEMBER + member), coded, texts);
}

/*
 * Choose the better of decimals and doubles, and give its cost in bytes;
 * doubles are only tried if decimals are wide or miss cells.
 */
static AtlStatus
as_numbers(AtlDraftBlock *block, const Cells *cells, AtlText name, AtlDraftColumn *best, uint32_t *cost)
{
	AtlChoice	doubles;
	uint32_t	other_cost;

	as_decimals(cells, best);
	*cost = best->size + cost_of_others(cells, &best->mask, name);
	if (best->num == cells->num && best->width <= DOUBLE_WIDTH)
		return ATL_OK;
	ATL_TRY(as_doubles(block, cells, &doubles));
	if (doubles.main.num == 0 || doubles.left.num > 0)
		return ATL_OK;
	other_cost = doubles.main.size + cost_of_others(cells, &doubles.main.mask, name);
	if (best->num == 0 || other_cost < *cost)
	{
		*best = doubles.main;
		*cost = other_cost;
	}
	return ATL_OK;
}

AtlStatus
atl_write_member(AtlDraftBlock *block, uint32_t member)
{
	AtlText		name = block->track->shared[member].name;
	AtlMask		none = {{0, 0}};
	Cells		cells;
	AtlDraftColumn numbers;
	AtlDraftColumn texts;
	uint32_t	cost;

	if (block->num_cells[member] == 0 ||
		(block->num_cells[member] < FEW && block->num_cells[member] < block->items))
		return ATL_OK;
	collect_cells(block, member, &cells);
	ATL_TRY(as_numbers(block, &cells, name, &numbers, &cost));
	if (cost * 8 <= cells.num * TEXT_WIDTH)
		return add_part(block, member, &numbers, NULL);

	ATL_TRY(as_texts(block, &cells, &none, &texts));
	if (texts.num > 0 && texts.size + block->dictionary.size + cost_of_others(&cells, &texts.mask, name) < cost)
		return add_part(block, member, &texts, &block->dictionary);

	ATL_TRY(add_part(block, member, &numbers, NULL));
	if (cells.num - numbers.num < FEW)
		return ATL_OK;
	ATL_TRY(as_texts(block, &cells, &numbers.mask, &texts));
	return add_part(block, member, &texts, &block->dictionary);
}
