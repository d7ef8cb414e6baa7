/*
 * array.c
 *		Numbers and texts as SQL arrays.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/bridge/bridge.h"

static uint32_t
count_missing(const double *numbers, uint32_t n)
{
	uint32_t	missing = 0;

	for (uint32_t i = 0; i < n; i++)
		missing += isnan(numbers[i]) ? 1 : 0;
	return missing;
}

/* With the bitmap of nulls in front, elements that are null take no room. */
static void
fill_sparse(ArrayType *array, const double *numbers, uint32_t n)
{
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	double	   *data = (double *) ARR_DATA_PTR(array);

	for (uint32_t i = 0; i < n; i++)
	{
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
	array = palloc0(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = missing == 0 ? 0 : overhead;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	if (missing == 0)
		memcpy(ARR_DATA_PTR(array), numbers, (Size) n * sizeof(double));
	else
		fill_sparse(array, numbers, n);
	return array;
}

/* The texts of text[], without its nulls. */
AtlText *
timeline_text_list(ArrayType *array, int *n)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	AtlText    *list;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	list = palloc(sizeof(AtlText) * Max(count, 1));
	*n = 0;
	for (int i = 0; i < count; i++)
		if (!nulls[i])
			list[(*n)++] = timeline_text(DatumGetTextPP(elements[i]));
	return list;
}

ArrayType *
timeline_text_array(Datum *texts, uint32_t n)
{
	return construct_array(texts, n, TEXTOID, -1, false, TYPALIGN_INT);
}
