/*
 * times.c
 *		Gather the numbers of "times": a time for each frame of a feature.
 */
#include "core/document/builder.h"

#include <math.h>

#include "core/base/bytes.h"
#include "core/base/work.h"

static double
time_at(const AtlBuilder *builder, uint32_t i)
{
	return atl_load_f64(builder->times.bytes + (size_t) i * sizeof(double));
}

/* Keep a time; one that is refused too, so that the next has its own place. */
static AtlStatus
add_time(AtlBuilder *builder, double time)
{
	uint8_t		bytes[8];

	atl_store_f64(bytes, time + 0.0);	/* -0 is 0 */
	return atl_buffer_append(&builder->times, bytes, sizeof(bytes));
}

static AtlStatus
check_time(AtlBuilder *builder, double time)
{
	uint32_t	before = atl_times_num(builder);
	char		path[ATL_PATH_SIZE];
	char		shown[2][ATL_DOUBLE_SIZE];

	if (!isfinite(time))
		return atl_problem(builder, ATL_PROBLEM_NOT_FINITE, atl_path_time(builder, before, path), "is not a finite number.");
	if (before > 0 && isfinite(time_at(builder, before - 1)) && time < time_at(builder, before - 1))
		return atl_problem(builder, ATL_PROBLEM_TIMES, atl_path_time(builder, before, path),
						   "is %s, before the time of the frame before, %s.",
						   atl_show_number(builder, time, shown[0]),
						   atl_show_number(builder, time_at(builder, before - 1), shown[1]));
	return ATL_OK;
}

AtlStatus
atl_times_push(AtlBuilder *builder, AtlToken token)
{
	char		path[ATL_PATH_SIZE];
	double		time = NAN;

	if (token.kind == ATL_ARRAY_END)
	{
		builder->state = ATL_AT_FEATURE;
		return ATL_OK;
	}
	if (token.kind == ATL_NUMBER || token.kind == ATL_DOUBLE)
	{
		ATL_TRY(atl_build_number(builder, token, &time));
		ATL_TRY(check_time(builder, time));
	}
	else
	{
		atl_kind_hint_in_times(builder, token);
		ATL_TRY(atl_kind_problem(builder, atl_path_time(builder, atl_times_num(builder), path), "a number", token));
	}
	return add_time(builder, time);
}

AtlStatus
atl_times_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++, builder->where.now++)
	{
		AtlToken	token = {.kind = isnan(numbers[i]) ? ATL_NULL : ATL_DOUBLE, .number = numbers[i]};

		ATL_TRY(atl_times_push(builder, token));
	}
	return ATL_OK;
}

/* The statistics of an entry: times are in order. */
static void
measure(const AtlBuilder *builder, AtlFeature *entry)
{
	AtlWork		work = {.host = builder->host};
	double		sum = 0;

	entry->min = entry->max = entry->mean = NAN;
	if (entry->frames == 0)
		return;
	for (uint32_t i = 0; i < entry->frames; i++)
	{
		atl_work(&work, 2);
		sum += time_at(builder, i);
	}
	entry->min = time_at(builder, 0);
	entry->max = time_at(builder, entry->frames - 1);
	entry->mean = isfinite(sum) ? sum / entry->frames : NAN;
}

AtlStatus
atl_times_store(AtlBuilder *builder)
{
	AtlDraft   *draft = &builder->draft;
	AtlDraftFeature times = {.entry = {.frames = atl_times_num(builder), .dims = 1, .encoding = ATL_F64}};
	AtlNumbers	numbers = {.scale = {.encoding = ATL_F64}, .bytes = builder->times.bytes, .num = times.entry.frames};

	if (times.entry.frames != builder->feature.entry.frames)
		return atl_feature_problem(builder, ATL_PROBLEM_TIMES, "times", "has %u times for %u frames.",
								   times.entry.frames, builder->feature.entry.frames);
	measure(builder, &times.entry);
	ATL_TRY(atl_draft_add_series(draft, &times, &numbers));
	builder->feature.times = (uint32_t) (draft->times.size / sizeof(times)) + 1;
	return atl_buffer_append(&draft->times, &times, sizeof(times));
}
