/*
 * directory.h
 *		Where the pieces of series are, for the files that read them.
 */
#ifndef ATL_IMAGE_DIRECTORY_H
#define ATL_IMAGE_DIRECTORY_H

#include "core/image/feature.h"

/*
 * Which entry is that of a dim's piece in a
 * block, and the ends of num pieces from there on, with the start of the first.
 */
extern uint32_t atl_directory_entry(const AtlFeature *feature, uint32_t block, uint32_t dim);
extern AtlStatus atl_directory_fetch(const AtlView *view, const AtlFeature *feature, uint32_t block,
									 uint32_t dim, uint32_t num, const uint8_t **ends, uint32_t *start);

#endif							/* ATL_IMAGE_DIRECTORY_H */
