/*
 * changes.c
 *		The list of what a repairer changed.
 *
 * The list is for people and for the way back; it must not outgrow the
 * document.  So it has an end, and very long values are not in it.
 */
#include "core/document/repairer.h"

#include <inttypes.h>
#include <stdio.h>

/* Changes listed, their size in bytes, and the size of one old value. */
#define MAX_LISTED		10000
#define MAX_SIZE		(16 * 1024 * 1024)
#define MAX_WAS_SIZE	(64 * 1024)

void
atl_changes_init(AtlChanges *changes, const AtlHost *host)
{
	memset(changes, 0, sizeof(*changes));
	atl_buffer_init(&changes->json, host);
	changes->sink = atl_json_writer(&changes->writer, &changes->json);
}

void
atl_changes_free(AtlChanges *changes)
{
	atl_buffer_free(&changes->json);
}

AtlStatus
atl_changes_begin(AtlChanges *changes, const char *path, AtlRepair repair)
{
	changes->open = changes->listed < MAX_LISTED && changes->json.size < MAX_SIZE;
	if (!changes->open)
	{
		changes->more++;
		return ATL_OK;
	}
	changes->listed++;
	ATL_TRY(atl_push_mark(&changes->sink, ATL_OBJECT_START));
	ATL_TRY(atl_push_text(&changes->sink, ATL_KEY, atl_text_of("path")));
	ATL_TRY(atl_push_text(&changes->sink, ATL_STRING, atl_text_of(path)));
	ATL_TRY(atl_push_text(&changes->sink, ATL_KEY, atl_text_of("repair")));
	return atl_push_text(&changes->sink, ATL_STRING, atl_text_of(atl_repair_name(repair)));
}

AtlStatus
atl_changes_begin_was(AtlChanges *changes, const AtlToken *token)
{
	if (!changes->open)
		return ATL_OK;
	changes->was = changes->json.size;
	ATL_TRY(atl_push_text(&changes->sink, ATL_KEY, atl_text_of("was")));
	return atl_changes_push_was(changes, token);
}

/* An old value that turns out to be long is left out. */
AtlStatus
atl_changes_push_was(AtlChanges *changes, const AtlToken *token)
{
	if (!changes->open || changes->was == 0)
		return ATL_OK;
	ATL_TRY(atl_push(&changes->sink, *token));
	if (changes->json.size - changes->was <= MAX_WAS_SIZE)
		return ATL_OK;
	changes->json.size = changes->was;
	changes->was = 0;
	return ATL_OK;
}

AtlStatus
atl_changes_end(AtlChanges *changes, const AtlToken *now)
{
	if (!changes->open)
		return ATL_OK;
	if (now != NULL)
	{
		changes->writer.comma = true;
		ATL_TRY(atl_push_text(&changes->sink, ATL_KEY, atl_text_of("now")));
		ATL_TRY(atl_push(&changes->sink, *now));
	}
	return atl_push_mark(&changes->sink, ATL_OBJECT_END);
}

AtlStatus
atl_changes_print(const AtlChanges *changes, AtlBuffer *json)
{
	char		more[64];

	ATL_TRY(atl_buffer_append(json, "[", 1));
	ATL_TRY(atl_buffer_append(json, atl_buffer_at(&changes->json, 0), changes->json.size));
	if (changes->more == 0)
		return atl_buffer_append(json, "]", 1);
	snprintf(more, sizeof(more), ",{\"more\":%" PRIu64 "}]", changes->more);
	return atl_buffer_append(json, more, strlen(more));
}
