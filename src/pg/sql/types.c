/*
 * types.c
 *		Types of events and markers, as functions take them for a filter.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/base/sort.h"
#include "pg/sql/sql.h"

static int
compare_types(const void *a, const void *b, const void *context)
{
	uint32_t	left = *(const uint32_t *) a;
	uint32_t	right = *(const uint32_t *) b;

	return (left > right) - (left < right);
}

/* Leave each of the sorted types once. */
static uint32_t
drop_doubles(uint32_t *types, uint32_t n)
{
	uint32_t	kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || types[i] != types[kept - 1])
			types[kept++] = types[i];
	return kept;
}

uint32_t *
timeline_find_types(const AtlView *view, AtlTrack track, const AtlText *names, int n, uint32_t *num)
{
	AtlHost		host = timeline_host();
	uint32_t   *types = timeline_alloc_array(n, sizeof(*types));

	*num = 0;
	for (int i = 0; i < n; i++)
	{
		uint32_t	type;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_track_find_type(view, track, names[i], &found, &type));
		if (found)
			types[(*num)++] = type;
	}
	timeline_check(atl_sort(&host, types, *num, sizeof(*types), compare_types, NULL));
	*num = drop_doubles(types, *num);
	return types;
}
