/*
 * finish.c
 *		The end of a document: checks of the whole document, and its image.
 */
#include "core/document/builder.h"

static AtlStatus
check_document(AtlBuilder *builder)
{
	if (builder->state != ATL_AT_END)
		return atl_problem(builder, ATL_PROBLEM_KIND, "", "The document is not complete.");
	ATL_TRY(atl_bounds_check(builder));
	return builder->num_problems > 0 ? ATL_INVALID : ATL_OK;
}

static uint32_t
members_present(const AtlBuilder *builder)
{
	return ((builder->top_seen & ATL_BIT(ATL_M_EVENTS)) != 0 ? ATL_HAS_EVENTS : 0) |
		((builder->top_seen & ATL_BIT(ATL_M_MARKERS)) != 0 ? ATL_HAS_MARKERS : 0) |
		((builder->top_seen & ATL_BIT(ATL_M_FEATURES)) != 0 ? ATL_HAS_FEATURES : 0) |
		((builder->top_seen & ATL_BIT(ATL_M_START_TIME)) != 0 ? ATL_HAS_START : 0);
}

AtlStatus
atl_build_finish(AtlBuilder *builder, uint32_t *size)
{
	AtlDraft   *draft = &builder->draft;
	AtlStatus	status;

	builder->where.token = NULL;
	status = check_document(builder);

	draft->present = members_present(builder);
	if ((draft->present & ATL_HAS_START) == 0)
		draft->start_time = 0;	/* it may have been given, and then null */
	if (builder->collect && (status == ATL_OK || status == ATL_INVALID))
		status = atl_repeated_features(builder) == ATL_OK ? status : ATL_NO_MEMORY;
	if (status == ATL_OK)
		status = atl_draft_lay_out(draft);
	*size = draft->image_size;
	return atl_status_problem(builder, status);
}

void
atl_build_write(const AtlBuilder *builder, uint8_t *image)
{
	atl_draft_write(&builder->draft, image);
}
