/*
 * directory.c
 *		Where the pieces of series are.
 */
#include "core/image/directory.h"

#include "core/base/bytes.h"

/* Cannot overflow: atl_feature_get() has checked the feature's last entry. */
uint32_t
atl_directory_entry(const AtlFeature *feature, uint32_t block, uint32_t dim)
{
	return feature->directory + block * feature->group_pieces + feature->first_piece + (atl_feature_is_wide(feature) ? 0 : dim);
}

AtlStatus
atl_directory_fetch(const AtlView *view, const AtlFeature *feature, uint32_t block, uint32_t dim, uint32_t num,
					const uint8_t **ends, uint32_t *start)
{
	uint32_t	entry = atl_directory_entry(feature, block, dim);
	uint32_t	before = entry > 0;

	ATL_TRY(atl_view_fetch(view, ATL_FEATURE_DIRECTORY,
						   (uint64_t) (entry - before) * ATL_DIRECTORY_ENTRY_SIZE,
						   (uint64_t) (num + before) * ATL_DIRECTORY_ENTRY_SIZE, ends));
	*start = before ? atl_load_u32(*ends) : 0;
	*ends += before * ATL_DIRECTORY_ENTRY_SIZE;
	return ATL_OK;
}
