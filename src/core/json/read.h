/*
 * read.h
 *		JSON text to tokens: the fast parser.
 */
#ifndef ATL_JSON_READ_H
#define ATL_JSON_READ_H

#include "core/base/status.h"
#include "core/json/token.h"

#define ATL_JSON_DEPTH		100

/*
 * Push all of a JSON text, in UTF-8.  ATL_OK only if the text is JSON, nested
 * at most ATL_JSON_DEPTH deep, and the sink takes it.  For any other status,
 * ask another parser what is wrong with the text.
 */
extern AtlStatus atl_json_read(const AtlSink *sink, const AtlHost *host, AtlText json);

/* Where a text stops being JSON. */
typedef struct AtlJsonStop
{
	size_t		at;				/* byte of the text */
	bool		complete;		/* it is behind a complete value */
} AtlJsonStop;

/*
 * The same, however deep the text is nested, to find where it stops being JSON
 * after ATL_DAMAGED; the tokens before that place were pushed.
 */
extern AtlStatus atl_json_read_to_stop(const AtlSink *sink, const AtlHost *host, AtlText json, AtlJsonStop *stop);

/*
 * Push the tokens of text in an image: of a value, or of the members of an
 * object without its braces.  ATL_DAMAGED if the text is not JSON in UTF-8;
 * printing the tokens again shows whether the text is canonical.
 */
extern AtlStatus atl_json_read_value(const AtlSink *sink, const AtlHost *host, AtlText json);
extern AtlStatus atl_json_read_members(const AtlSink *sink, const AtlHost *host, AtlText json);

#endif							/* ATL_JSON_READ_H */
