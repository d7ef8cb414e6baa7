/*
 * validate.c
 *		The full check of an image that comes from outside.
 *
 * The image is built again from its own content, and the new image must have
 * the same bytes.  So no second set of rules can differ from the builder's,
 * and nothing can hide in bytes that reading does not use.
 */
#include "core/whole/whole.h"

#include "core/base/work.h"

/* ATL_DAMAGED unless the filled builder writes the same bytes as image. */
static AtlStatus
compare_image(AtlBuilder *builder, const AtlHost *host, const AtlView *view, const uint8_t *image)
{
	AtlBuffer	again;
	uint32_t	size;
	AtlStatus	status;

	ATL_TRY(atl_build_finish(builder, &size));
	if (size != view->source.size)
		return ATL_DAMAGED;
	atl_buffer_init(&again, host);
	ATL_TRY(atl_buffer_reserve(&again, size));
	atl_build_write(builder, again.bytes);
	status = atl_compare(host, again.bytes, image, size) == 0 ? ATL_OK : ATL_DAMAGED;
	atl_buffer_free(&again);
	return status;
}

AtlStatus
atl_validate(const AtlView *view, const uint8_t *image, const AtlHost *host, AtlProblem *problem,
			 uint32_t *depth)
{
	AtlBuilder *builder = atl_build_begin(host, false);
	AtlStatus	status;

	if (builder == NULL)
		return ATL_NO_MEMORY;
	status = atl_rebuild(view, host, builder);
	if (status == ATL_OK)
		status = compare_image(builder, host, view, image);
	if (status == ATL_OK)
		status = atl_check_printable(view, host, problem);
	if (atl_build_num_problems(builder) > 0)
		atl_build_problem(builder, 0, problem);
	else if (status == ATL_INVALID)
		status = ATL_DAMAGED;
	*depth = atl_build_depth(builder);
	atl_build_free(builder);
	return status;
}
