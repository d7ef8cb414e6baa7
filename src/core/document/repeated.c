/*
 * repeated.c
 *		Keys that an object has more than once.
 *
 * The last one counts, as in jsonb; but two features of one name, or the
 * events of two stems, are most likely meant to be there both.  Only text
 * shows it: jsonb has dropped the first ones.
 */
#include "core/document/builder.h"

#include <stdio.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/base/text.h"

static void
note(AtlBuilder *builder, AtlState place, const char *path, bool inside)
{
	AtlRepeated *repeated = &builder->repeated[place];

	if (repeated->count++ > 0)
		return;
	snprintf(repeated->path, ATL_PATH_SIZE, "%s", path);
	repeated->inside = inside;
}

void
atl_repeated_member(AtlBuilder *builder, const AtlKnown *known)
{
	char		path[ATL_PATH_SIZE];

	if (((builder->seen | builder->nulls) & ATL_BIT(known->member)) != 0)
		note(builder, builder->state, atl_path_member(builder, known->name.text, path), false);
}

void
atl_repeated_in_fragment(AtlBuilder *builder, const AtlFragment *fragment)
{
	const AtlKnown *known = atl_known_member(builder->state, builder->member);
	bool		value = fragment == &builder->value && known != NULL;
	char		path[ATL_PATH_SIZE];

	note(builder, builder->state, atl_path_member(builder, value ? known->name.text : "", path), true);
}

/* By name. */
static int
compare_names(const void *a, const void *b, const void *host)
{
	return atl_text_compare_long(host, *(const AtlText *) a, *(const AtlText *) b);
}

static AtlStatus
note_equal_names(AtlBuilder *builder, AtlBuffer *names)
{
	const AtlText *name;
	uint32_t	num = atl_draft_features(&builder->draft);
	AtlWork		work = {.host = builder->host};
	char		path[ATL_PATH_SIZE];

	for (uint32_t i = 0; i < num; i++)
	{
		AtlText		text = atl_kept_text(builder, atl_draft_feature(&builder->draft, i)->name);

		atl_work(&work, 20);
		ATL_TRY(atl_buffer_append(names, &text, sizeof(text)));
	}
	if (num < 2)
		return ATL_OK;
	ATL_TRY(atl_sort(builder->host, names->bytes, num, sizeof(AtlText), compare_names, builder->host));
	name = (const AtlText *) names->bytes;
	for (uint32_t i = 1; i < num; i++)
	{
		atl_work(&work, 50);
		if (compare_names(&name[i - 1], &name[i], builder->host) == 0)
			note(builder, ATL_AT_FEATURES, atl_path_feature(name[i], "", path), false);
	}
	return ATL_OK;
}

AtlStatus
atl_repeated_features(AtlBuilder *builder)
{
	AtlBuffer	names;
	AtlStatus	status;

	atl_buffer_init(&names, builder->host);
	status = note_equal_names(builder, &names);
	atl_buffer_free(&names);
	return status;
}

AtlStatus
atl_repeated_warn(AtlBuilder *builder)
{
	for (size_t place = 0; place < sizeof(builder->repeated) / sizeof(builder->repeated[0]); place++)
	{
		const AtlRepeated *repeated = &builder->repeated[place];
		const char *subject = repeated->path[0] == '\0' ? "The document " : "";
		const char *what = repeated->inside ? "has a key more than once" : "is given more than once";

		if (repeated->count == 1)
			ATL_TRY(atl_problem(builder, ATL_WARN_REPEATED, repeated->path, "%s%s.", subject, what));
		else if (repeated->count > 1)
			ATL_TRY(atl_problem(builder, ATL_WARN_REPEATED, repeated->path, "%s%s (the first of %u such keys).",
								subject, what, repeated->count));
	}
	return ATL_OK;
}
