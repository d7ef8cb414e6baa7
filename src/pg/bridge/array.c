/*
 * array.c
 *		Numbers and texts as SQL arrays.
 */
#include "postgres.h"

#include <math.h>

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/bridge/bridge.h"

/* Elements that are gone through between two checks for interrupts. */
#define ELEMENTS_AT_ONCE	4096

static uint32_t
count_missing(const double *numbers, uint32_t n)
{
	uint32_t	missing = 0;

	for (uint32_t first = 0; first < n; first += ELEMENTS_AT_ONCE)
	{
		uint32_t	end = Min(n, first + ELEMENTS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		for (uint32_t i = first; i < end; i++)
			missing += isnan(numbers[i]) ? 1 : 0;
	}
	return missing;
}

/* Fill an array that has a null bitmap: null elements take no room in it. */
static void
fill_sparse(ArrayType *array, const double *numbers, uint32_t n)
{
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	double	   *data = (double *) ARR_DATA_PTR(array);

	for (uint32_t i = 0; i < n; i++)
	{
		if (i % ELEMENTS_AT_ONCE == 0)
			CHECK_FOR_INTERRUPTS();
		if (isnan(numbers[i]))
			continue;
		bitmap[i / 8] |= 1 << (i % 8);
		*data++ = numbers[i];
	}
}

/* Refuse more numbers than an array may have, before they are read. */
void
timeline_check_array(uint32_t n)
{
	if (n > (MaxAllocSize - ARR_OVERHEAD_WITHNULLS(1, n)) / sizeof(double) || n > MaxArraySize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("feature is too large for an array"),
				 errdetail("It has %u numbers.", n),
				 errhint("Read it in pieces, with feature_slice.")));
}

/*
 * float8[] of n numbers, NULL where they are NaN.  Built in place: a Datum and
 * a flag per element would cost more than the numbers do.
 */
ArrayType *
timeline_number_array(const double *numbers, uint32_t n)
{
	uint32_t	missing = count_missing(numbers, n);
	Size		overhead = missing == 0 ? ARR_OVERHEAD_NONULLS(1) : ARR_OVERHEAD_WITHNULLS(1, n);
	Size		size = overhead + (Size) (n - missing) * sizeof(double);
	ArrayType  *array;

	if (n == 0)
		return construct_empty_array(FLOAT8OID);
	timeline_check_array(n);
	array = palloc(size);
	memset(array, 0, overhead);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = missing == 0 ? 0 : overhead;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	if (missing == 0)
		timeline_copy(ARR_DATA_PTR(array), numbers, (Size) n * sizeof(double));
	else
		fill_sparse(array, numbers, n);
	return array;
}

/* The elements of a text[], without the null elements. */
AtlText *
timeline_text_list(ArrayType *array, int *n)
{
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const bits8 *bitmap = ARR_NULLBITMAP(array);
	char	   *at = ARR_DATA_PTR(array);
	AtlText    *list = palloc_extended(sizeof(AtlText) * Max((Size) count, 1), MCXT_ALLOC_HUGE);

	*n = 0;
	for (int i = 0; i < count; i++)
	{
		if (i % ELEMENTS_AT_ONCE == 0)
			CHECK_FOR_INTERRUPTS();
		if (bitmap != NULL && (bitmap[i / 8] & 1 << (i % 8)) == 0)
			continue;
		at = (char *) att_align_pointer(at, TYPALIGN_INT, -1, at);
		list[(*n)++] = timeline_text((text *) at);
		at = att_addlength_pointer(at, -1, at);
	}
	return list;
}

/* text[] of n texts: built in place, too, for n may be millions. */
ArrayType *
timeline_text_array(const AtlText *texts, uint32_t n)
{
	Size		size = ARR_OVERHEAD_NONULLS(1);
	ArrayType  *array;
	char	   *at;

	if (n == 0)
		return construct_empty_array(TEXTOID);
	for (uint32_t i = 0; i < n; i++)
	{
		if (i % ELEMENTS_AT_ONCE == 0)
			CHECK_FOR_INTERRUPTS();
		size += INTALIGN(VARHDRSZ + (Size) texts[i].size);
	}
	if (!AllocSizeIsValid(size) || n > MaxArraySize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("names are too many for an array"),
				 errdetail("There are %u of them.", n)));
	array = palloc(size);
	memset(array, 0, ARR_OVERHEAD_NONULLS(1));
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = TEXTOID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	at = ARR_DATA_PTR(array);
	for (uint32_t i = 0; i < n; i++)
	{
		Size		end = VARHDRSZ + (Size) texts[i].size;

		if (i % ELEMENTS_AT_ONCE == 0)
			CHECK_FOR_INTERRUPTS();
		SET_VARSIZE(at, end);
		timeline_copy(at + VARHDRSZ, texts[i].text, texts[i].size);
		memset(at + end, 0, INTALIGN(end) - end);
		at += INTALIGN(end);
	}
	return array;
}
