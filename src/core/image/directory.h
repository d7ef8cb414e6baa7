/*
 * directory.h
 *		Where the pieces of features are, for the files that read them.
 */
#ifndef ATL_IMAGE_DIRECTORY_H
#define ATL_IMAGE_DIRECTORY_H

#include "core/image/feature.h"

/*
 * Number of pieces that hold num dims of one block: one per dim in a narrow
 * feature, a single one in a wide feature.
 */
static inline uint32_t
atl_directory_pieces(const AtlFeature *feature, uint32_t num)
{
	return atl_feature_is_wide(feature) ? 1 : num;
}

/*
 * Number of the directory entry of a dim's piece in a block; and the ends of
 * num pieces from that entry on, with the start of the first piece.
 */
extern uint32_t atl_directory_entry(const AtlFeature *feature, uint32_t block, uint32_t dim);
extern AtlStatus atl_directory_fetch(const AtlView *view, const AtlFeature *feature, uint32_t block,
									 uint32_t dim, uint32_t num, const uint8_t **ends, uint32_t *start);

/*
 * Decode word i of a piece of n words, using and updating view->memo.  start
 * is the offset of the piece in its section.
 */
extern AtlStatus atl_piece_word_at(const AtlView *view, AtlEncoding encoding, uint32_t start,
								   const uint8_t *bytes, uint32_t size, uint32_t n, uint32_t i, uint64_t *word);

#endif							/* ATL_IMAGE_DIRECTORY_H */
