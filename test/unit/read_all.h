/*
 * read_all.h
 *		Runs every reading function of the core over an image.
 */
#ifndef READ_ALL_H
#define READ_ALL_H

#include "support.h"

/*
 * Open the bytes and, if they open, read all there is by every function, and
 * validate.  Whatever the bytes hold, each function must answer or return a
 * status; *validated is what atl_validate says.  Returns what atl_view_open
 * says.
 */
extern AtlStatus unit_read_all(UnitHost *host, const uint8_t *bytes, uint32_t size,
							   AtlStatus *validated);

/* Whether the image's text is valid, and builds the same bytes again. */
extern bool unit_prints_itself(UnitHost *host, const uint8_t *bytes, uint32_t size);

/*
 * Whether every rule of encoding keeps its promises on a valid image: what comes
 * out is valid, is the same from the text as from the image, and follows the
 * rule already.  Numbers that an encoding cannot hold are no broken promise.
 */
extern bool unit_obeys_rules(UnitHost *host, const uint8_t *bytes, uint32_t size);

#endif							/* READ_ALL_H */
