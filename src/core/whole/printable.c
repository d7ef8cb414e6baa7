/*
 * printable.c
 *		Check that the JSON text of a timeline is at most ATL_MAX_TEXT bytes.
 */
#include "core/whole/whole.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/image/clock.h"
#include "core/image/track.h"
#include "core/json/count.h"

/*
 * Generous upper bounds of printed sizes in bytes.  A double has 24 bytes;
 * printed by numeric, without an exponent, some 350.  Text stored as JSON can
 * double by its backslashes; other text is escaped first, and can take 7 bytes
 * for one.
 */
#define DOUBLE_SIZE		26
#define NUMERIC_SIZE	400
#define ITEM_SIZE		256		/* known members without the type */
#define FEATURE_SIZE	512

/* An upper bound of the bytes of one item's shared members. */
static AtlStatus
shared_bound(const AtlView *view, AtlTrack track, double *bound)
{
	AtlSharedMembers shared;

	ATL_TRY(atl_track_shared(view, track, &shared));
	*bound = (double) shared.num * (ATL_MEMBER_NAME + NUMERIC_SIZE + 2 * ATL_COLUMN_TEXT);
	return ATL_OK;
}

/* Each item may print the longest type, which is stored only once. */
static AtlStatus
track_bound(const AtlView *view, AtlTrack track, double *bound)
{
	double		items = atl_track_items(view, track);
	double		types = view->sections[track == ATL_EVENTS ? ATL_EVENT_TYPES : ATL_MARKER_TYPES].size;
	double		texts = view->sections[track == ATL_EVENTS ? ATL_EVENT_BLOCKS : ATL_MARKER_BLOCKS].size;
	double		shared;

	*bound = 0;
	if (items == 0)
		return ATL_OK;
	ATL_TRY(shared_bound(view, track, &shared));
	*bound = items * (ITEM_SIZE + shared + 7 * types) + 2 * texts;
	return ATL_OK;
}

static double
values_bound(const AtlFeature *feature)
{
	double		numbers = (double) feature->frames * feature->dims;
	double		stored = (double) feature->data_size / ATL_PIECE_HEADER_SIZE * ATL_PIECE_NUMBERS;
	uint32_t	width = atl_encoding_width(feature->encoding);
	bool		codes = atl_encoding_is_integer(feature->encoding) && (feature->flags & ATL_FEATURE_RANGE) == 0;

	if ((feature->flags & ATL_FEATURE_BASE64) != 0)
		return 8 + numbers * width / 3 * 4;
	/* A piece has a header at least: numbers past stored are in null frames. */
	numbers = fmin(numbers, stored);
	return numbers * (codes ? 4 + 2 * width : DOUBLE_SIZE) + (double) feature->frames * strlen("null,");
}

static AtlStatus
features_bound(const AtlView *view, const AtlHost *host, double *bound)
{
	*bound = 7.0 * view->sections[ATL_FEATURE_TEXT].size;
	for (uint32_t i = 0; i < view->num_features && *bound <= ATL_MAX_TEXT; i++)
	{
		AtlFeature	feature;

		atl_poll(host);
		ATL_TRY(atl_feature_get(view, i, &feature));
		*bound += FEATURE_SIZE + values_bound(&feature);
		if (atl_feature_has_times(&feature))
			*bound += (double) feature.frames * DOUBLE_SIZE;
	}
	return ATL_OK;
}

/* An upper bound of the text size; double, as an integer could overflow. */
static AtlStatus
text_bound(const AtlView *view, const AtlHost *host, double *bound)
{
	double		parts[3];

	ATL_TRY(track_bound(view, ATL_EVENTS, &parts[0]));
	ATL_TRY(track_bound(view, ATL_MARKERS, &parts[1]));
	ATL_TRY(features_bound(view, host, &parts[2]));
	*bound = FEATURE_SIZE + parts[0] + parts[1] + parts[2] +
		2.0 * view->sections[ATL_METADATA].size + 2.0 * view->sections[ATL_ATTRIBUTES].size;
	return ATL_OK;
}

AtlStatus
atl_check_printable(const AtlView *view, const AtlHost *host, AtlProblem *problem)
{
	AtlJsonCounter counter;
	AtlSink		sink = atl_json_counter(&counter, host, ATL_MAX_TEXT);
	double		bound;
	AtlStatus	status;

	ATL_TRY(text_bound(view, host, &bound));
	if (bound <= ATL_MAX_TEXT)
		return ATL_OK;
	status = atl_push_tokens(view, host, &sink);
	if (status == ATL_TOO_LARGE)
	{
		atl_problem_of_whole(problem, ATL_PROBLEM_TOO_LARGE);
		snprintf(problem->message, ATL_MESSAGE_SIZE, "Its JSON text takes more than %u bytes.", ATL_MAX_TEXT);
	}
	return status;
}
