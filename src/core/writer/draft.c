/*
 * draft.c
 *		The memory of a draft.
 */
#include "core/writer/draft.h"

#include <string.h>

/* The limit is on stored items; an item in a draft is larger. */
#define MAX_ITEMS	((size_t) ATL_MAX_IMAGE * 4)

static void
init_track(AtlDraftTrack *track, const AtlHost *host)
{
	atl_buffer_init(&track->items, host);
	track->items.limit = MAX_ITEMS;
	atl_buffer_init(&track->types, host);
	track->sorted = true;
	atl_buffer_init(&track->blocks, host);
	atl_buffer_init(&track->offsets, host);
}

static void
free_track(AtlDraftTrack *track)
{
	atl_buffer_free(&track->items);
	atl_buffer_free(&track->types);
	atl_buffer_free(&track->blocks);
	atl_buffer_free(&track->offsets);
}

void
atl_draft_init(AtlDraft *draft, const AtlHost *host)
{
	memset(draft, 0, sizeof(*draft));
	draft->host = host;
	init_track(&draft->tracks[ATL_EVENTS], host);
	init_track(&draft->tracks[ATL_MARKERS], host);
	atl_buffer_init(&draft->features, host);
	atl_buffer_init(&draft->times, host);
	atl_buffer_init(&draft->text, host);
	atl_buffer_init(&draft->pieces, host);
	atl_buffer_init(&draft->piece_ends, host);
	atl_buffer_init(&draft->summary, host);
	atl_buffer_init(&draft->order, host);
	atl_buffer_init(&draft->scratch, host);
}

void
atl_draft_free(AtlDraft *draft)
{
	free_track(&draft->tracks[ATL_EVENTS]);
	free_track(&draft->tracks[ATL_MARKERS]);
	atl_buffer_free(&draft->features);
	atl_buffer_free(&draft->times);
	atl_buffer_free(&draft->text);
	atl_buffer_free(&draft->pieces);
	atl_buffer_free(&draft->piece_ends);
	atl_buffer_free(&draft->summary);
	atl_buffer_free(&draft->order);
	atl_buffer_free(&draft->scratch);
}
