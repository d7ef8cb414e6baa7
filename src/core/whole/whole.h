/*
 * whole.h
 *		Whole images: to tokens, to JSON text, to a builder; and the full check.
 */
#ifndef ATL_WHOLE_WHOLE_H
#define ATL_WHOLE_WHOLE_H

#include "core/base/buffer.h"
#include "core/document/document.h"
#include "core/image/view.h"
#include "core/json/token.h"

/* Push the document that an image holds. */
extern AtlStatus atl_push_tokens(const AtlView *view, const AtlHost *host, const AtlSink *sink);

/* Append the JSON text of the timeline. */
extern AtlStatus atl_print(const AtlView *view, AtlBuffer *out);

/*
 * Whether the timeline has a text form, of ATL_MAX_TEXT bytes at most; what has
 * none could not be dumped, and must not be stored.  ATL_TOO_LARGE: see *problem.
 * All of it is read only when a glance at the counts leaves the answer open.
 */
extern AtlStatus atl_check_printable(const AtlView *view, const AtlHost *host, AtlProblem *problem);

/*
 * Push what the image holds into a builder, as if its text were read
 * The bytes need not be sound.
 */
extern AtlStatus atl_rebuild(const AtlView *view, const AtlHost *host, AtlBuilder *builder);

/*
 * Check everything: an image passes if building from its own
 * content gives the same bytes.  So what comes in as bytes has met the same
 * rules as what comes in as text, holds nothing besides, and has a text form.
 * ATL_INVALID, ATL_TOO_LARGE: see *problem.  *depth is how deep its JSON nests: nothing here recurses, but
 * a parser of the text may.
 */
extern AtlStatus atl_validate(const AtlView *view, const uint8_t *image, const AtlHost *host,
							  AtlProblem *problem, uint32_t *depth);

#endif							/* ATL_WHOLE_WHOLE_H */
