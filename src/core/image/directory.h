/*
 * directory.h
 *		Where the pieces of features are, for the files that read them.
 */
#ifndef ATL_IMAGE_DIRECTORY_H
#define ATL_IMAGE_DIRECTORY_H

#include "core/image/feature.h"

/*
 * The pieces of dims [dim, dim + num) in a block: those of a narrow feature, or
 * the one of a wide one.
 */
static inline uint32_t
atl_directory_pieces(const AtlFeature *feature, uint32_t num)
{
	return atl_feature_is_wide(feature) ? 1 : num;
}

/*
 * Which entry is that of a dim's piece in a block, and the ends of num pieces
 * from there on, with the start of the first.
 */
extern uint32_t atl_directory_entry(const AtlFeature *feature, uint32_t block, uint32_t dim);
extern AtlStatus atl_directory_fetch(const AtlView *view, const AtlFeature *feature, uint32_t block,
									 uint32_t dim, uint32_t num, const uint8_t **ends, uint32_t *start);

/*
 * Word i of a piece of n that starts there in its section, with what the view
 * remembers of the piece.
 */
extern AtlStatus atl_piece_word_at(const AtlView *view, AtlEncoding encoding, uint32_t start,
								   const uint8_t *bytes, uint32_t size, uint32_t n, uint32_t i, uint64_t *word);

#endif							/* ATL_IMAGE_DIRECTORY_H */
