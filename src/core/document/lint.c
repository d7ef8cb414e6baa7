/*
 * lint.c
 *		Warnings about valid documents that most likely hold a mistake.
 */
#include "core/document/builder.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"

/* Work units of one item and of one feature, with a warning. */
#define WORK_OF_ITEM	1000
#define WORK_OF_FEATURE	4000

/* Warn when more than this share of a feature's numbers is missing. */
#define MISSING_SHARE	0.5

/* How many events with one timestamp are compared with each other. */
#define DUPLICATE_REACH	64

/* A feature may end this share of the duration, or 1 s, off the duration. */
#define LENGTH_SHARE	0.05

static AtlStatus
warn_marker_types(AtlBuilder *builder)
{
	static const char *const known[] = {"beat", "bar", "section", "key_change", "tempo_change"};
	const AtlDraftTrack *track = &builder->draft.tracks[ATL_MARKERS];
	char		path[ATL_PATH_SIZE];
	AtlWork		work = {.host = builder->host};

	for (uint32_t i = 0; i < atl_draft_items(track); i++)
	{
		const AtlDraftItem *item = atl_draft_item(track, i);
		AtlText		type = atl_kept_text(builder, atl_draft_type(track, item->type)->name);
		bool		found = false;

		atl_work(&work, WORK_OF_ITEM);
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]) && !found; k++)
			found = strlen(known[k]) == type.size && memcmp(known[k], type.text, type.size) == 0;
		if (!found)
			ATL_TRY(atl_problem(builder, ATL_WARN_MARKER_TYPE,
								atl_path_item(ATL_MARKERS, item->number, "type", path),
								"is none of beat, bar, section, key_change and tempo_change."));
	}
	return ATL_OK;
}

static bool
spans_equal(const AtlBuilder *builder, AtlSpan a, AtlSpan b)
{
	return atl_text_compare_long(builder->host, atl_kept_text(builder, a), atl_kept_text(builder, b)) == 0;
}

static bool
numbers_equal(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
items_equal(const AtlBuilder *builder, const AtlDraftItem *a, const AtlDraftItem *b)
{
	return a->timestamp == b->timestamp && a->type == b->type &&
		numbers_equal(a->duration, b->duration) && numbers_equal(a->confidence, b->confidence) &&
		spans_equal(builder, a->payload, b->payload) && spans_equal(builder, a->attributes, b->attributes);
}

/* An equal event among the DUPLICATE_REACH before event i, or NULL. */
static const AtlDraftItem *
find_duplicate(const AtlBuilder *builder, const AtlDraftTrack *track, uint32_t i, AtlWork *work)
{
	const AtlDraftItem *item = atl_draft_item(track, i);

	for (uint32_t back = 1; back <= i && back <= DUPLICATE_REACH; back++)
	{
		const AtlDraftItem *before = atl_draft_item(track, i - back);

		if (before->timestamp != item->timestamp)
			break;
		atl_work(work, 10 + ((uint64_t) item->payload.size + item->attributes.size) / 8);
		if (items_equal(builder, item, before))
			return before;
	}
	return NULL;
}

/* Events are in time order here, unless there were errors. */
static AtlStatus
warn_duplicates(AtlBuilder *builder)
{
	const AtlDraftTrack *track = &builder->draft.tracks[ATL_EVENTS];
	char		path[ATL_PATH_SIZE];
	AtlWork		work = {.host = builder->host};

	for (uint32_t i = 1; i < atl_draft_items(track); i++)
	{
		const AtlDraftItem *before = find_duplicate(builder, track, i, &work);

		atl_work(&work, before != NULL ? WORK_OF_ITEM : 10);
		if (before != NULL)
			ATL_TRY(atl_problem(builder, ATL_WARN_DUPLICATE,
								atl_path_item(ATL_EVENTS, atl_draft_item(track, i)->number, "", path),
								"is the same as events[%u].", before->number));
	}
	return ATL_OK;
}

#define warn(builder, feature, code, member, ...) \
	atl_problem(builder, code, \
				atl_path_feature(atl_kept_text(builder, (feature)->name), member, (char[ATL_PATH_SIZE]) {0}), \
				__VA_ARGS__)

/* Warn if the frames do not end near the duration of the document. */
static AtlStatus
warn_length(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	char		shown[2][ATL_DOUBLE_SIZE];
	double		end;

	/* Its last time says nothing of how long its last frame lasts. */
	if (feature->times != 0)
		return ATL_OK;
	/* Without them, which is an error, nothing can be said. */
	if (!atl_sample_rate_is_valid(builder->draft.sample_rate) || !(builder->draft.duration >= 0))
		return ATL_OK;
	end = atl_plausible_end(builder, feature);
	if (fabs(end - builder->draft.duration) <= fmax(1, builder->draft.duration * LENGTH_SHARE) ||
		atl_plausible_transposed(builder, feature))
		return ATL_OK;
	return warn(builder, feature, ATL_WARN_LENGTH, "", "ends at %s, far from the duration %s.",
				atl_show_number(builder, isfinite(end) ? end : DBL_MAX, shown[0]),
				atl_show_number(builder, builder->draft.duration, shown[1]));
}

static AtlStatus
warn_series(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	const AtlFeature *entry = &feature->entry;
	uint32_t	numbers = entry->frames * entry->dims;

	if (numbers > 1 && entry->min == 0 && entry->max == 0)
		ATL_TRY(warn(builder, feature, ATL_WARN_ZERO, "", "is zero throughout."));
	else if (numbers - entry->missing > 1 && entry->min == entry->max)
		ATL_TRY(warn(builder, feature, ATL_WARN_CONSTANT, "", "is constant."));
	if (entry->missing > numbers * MISSING_SHARE)
		ATL_TRY(warn(builder, feature, ATL_WARN_MISSING, "", "has %u of %u numbers missing.",
					 entry->missing, numbers));
	return ATL_OK;
}

/* Peaks are pairs of min and max, one for each channel. */
static AtlStatus
warn_peaks(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	AtlText		kind = atl_kept_text(builder, feature->kind);

	if (feature->entry.frames == 0 || feature->entry.dims % 2 == 0 ||
		kind.size != strlen("peaks") || memcmp(kind.text, "peaks", kind.size) != 0)
		return ATL_OK;
	return warn(builder, feature, ATL_WARN_PEAKS, "", "is of kind peaks, but has %u number%s in a frame.",
				feature->entry.dims, feature->entry.dims == 1 ? "" : "s");
}

static AtlStatus
warn_feature(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	const AtlFeature *entry = &feature->entry;
	bool		integer = atl_encoding_is_integer(entry->encoding);

	ATL_TRY(warn_series(builder, feature));
	ATL_TRY(warn_length(builder, feature));
	if ((entry->flags & ATL_FEATURE_UNIT) == 0)
		ATL_TRY(warn(builder, feature, ATL_WARN_UNIT, "unit", "is missing."));
	if ((entry->flags & ATL_FEATURE_RANGE) != 0 && !integer &&
		(entry->min < entry->range_min || entry->max > entry->range_max))
		ATL_TRY(warn(builder, feature, ATL_WARN_RANGE, "values", "go outside range."));
	ATL_TRY(warn_peaks(builder, feature));
	ATL_TRY(atl_plausible_warn_feature(builder, feature));
	if (feature->clipped)
		ATL_TRY(warn(builder, feature, ATL_WARN_RANGE, "values", "go outside range and are clipped to it."));
	return ATL_OK;
}

AtlStatus
atl_build_lint(AtlBuilder *builder)
{
	AtlWork		work = {.host = builder->host};

	ATL_TRY(warn_marker_types(builder));
	ATL_TRY(warn_duplicates(builder));
	for (uint32_t i = 0; i < atl_draft_features(&builder->draft); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(&builder->draft, i);

		atl_work(&work, WORK_OF_FEATURE);
		if (!atl_draft_is_times(feature))
			ATL_TRY(warn_feature(builder, feature));
	}
	ATL_TRY(atl_plausible_warn(builder));
	ATL_TRY(atl_repeated_warn(builder));
	return atl_unused_warn(builder);
}
