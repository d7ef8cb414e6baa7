/*
 * whole.h
 *		Whole images, and their members: push as tokens, print, rebuild, and the
 *		full check.
 */
#ifndef ATL_WHOLE_WHOLE_H
#define ATL_WHOLE_WHOLE_H

#include "core/base/buffer.h"
#include "core/document/document.h"
#include "core/image/feature.h"
#include "core/image/view.h"
#include "core/json/token.h"

/* Push the tokens of the document in an image. */
extern AtlStatus atl_push_tokens(const AtlView *view, const AtlHost *host, const AtlSink *sink);

/* One member of the document, or one feature of its member "features". */
typedef enum AtlExtractKind
{
	ATL_EXTRACT_NONE,			/* there is no such member */
	ATL_EXTRACT_DURATION,
	ATL_EXTRACT_SAMPLE_RATE,
	ATL_EXTRACT_START_TIME,
	ATL_EXTRACT_EVENTS,
	ATL_EXTRACT_MARKERS,
	ATL_EXTRACT_FEATURES,
	ATL_EXTRACT_FEATURE,
	ATL_EXTRACT_JSON			/* kept as JSON: metadata, attributes, null */
} AtlExtractKind;

typedef struct AtlExtract
{
	AtlExtractKind kind;
	AtlFeature	feature;		/* of ATL_EXTRACT_FEATURE */
	AtlText		json;			/* of ATL_EXTRACT_JSON */
} AtlExtract;

/* Find a member by its key, or a feature by its name; reads no more than that takes. */
extern AtlStatus atl_extract_find(const AtlView *view, const AtlHost *host, AtlText key, AtlExtract *extract);
extern AtlStatus atl_extract_find_feature(const AtlView *view, AtlText name, AtlExtract *extract);

/* Push the tokens of its value. */
extern AtlStatus atl_extract_push(const AtlView *view, const AtlHost *host, const AtlExtract *extract,
								  const AtlSink *sink);

/* Append the JSON text of the timeline. */
extern AtlStatus atl_print(const AtlView *view, AtlBuffer *out);

/*
 * Check that the JSON text has at most ATL_MAX_TEXT bytes: a longer timeline
 * could not be dumped, and must not be stored.  ATL_TOO_LARGE: see *problem.
 * The whole image is read only if a bound from the counts is too high.
 */
extern AtlStatus atl_check_printable(const AtlView *view, const AtlHost *host, AtlProblem *problem);

/*
 * Push the document in an image into a builder, as if its text were read.
 * The image may be damaged.
 */
extern AtlStatus atl_rebuild(const AtlView *view, const AtlHost *host, AtlBuilder *builder);

/*
 * Check everything: an image passes if building from its own content gives the
 * same bytes.  An image that passes has met the rules for text, holds nothing
 * else, and has a text form.  ATL_INVALID, ATL_TOO_LARGE: see *problem.
 * *depth is the greatest depth of values kept as JSON: nothing here recurses,
 * but a parser of the text may.
 */
extern AtlStatus atl_validate(const AtlView *view, const uint8_t *image, const AtlHost *host,
							  AtlProblem *problem, uint32_t *depth);

#endif							/* ATL_WHOLE_WHOLE_H */
