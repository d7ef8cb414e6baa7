/*
 * token.h
 *		A JSON document as a stream of tokens, and the sinks that take it.
 *
 * Whoever makes tokens, from text, from jsonb, from an image, pushes them in
 * document order; a KEY comes before each value of an object.  STRING and KEY
 * carry unescaped UTF-8 without U+0000, NUMBER its text in JSON's grammar;
 * DOUBLE is a number that is a double already.
 *
 * A NUMBER of more than ATL_MAX_NUMBER characters is past what type numeric holds,
 * whatever it is: nobody reads it, and a sink that takes numbers refuses it.
 */
#ifndef ATL_JSON_TOKEN_H
#define ATL_JSON_TOKEN_H

#include "core/base/status.h"

#define ATL_MAX_NUMBER	(UINT32_C(1) << 19)

typedef enum AtlTokenKind
{
	ATL_OBJECT_START,
	ATL_OBJECT_END,
	ATL_ARRAY_START,
	ATL_ARRAY_END,
	ATL_KEY,
	ATL_STRING,
	ATL_NUMBER,
	ATL_DOUBLE,
	ATL_TRUE,
	ATL_FALSE,
	ATL_NULL,
	/* from an image only */
	ATL_NAME,					/* a key as JSON text, with its colon */
	ATL_JSON,					/* canonical text of a value */
	ATL_MEMBERS,				/* canonical text of an object, for its members */
	ATL_BYTES					/* what stands in the document as base64 */
} AtlTokenKind;

typedef struct AtlToken
{
	AtlTokenKind kind;
	AtlText		text;
	double		number;			/* of ATL_DOUBLE */
} AtlToken;

/* How a sink wants the number that comes next. */
typedef enum AtlNumberForm
{
	ATL_AS_TEXT,				/* NUMBER */
	ATL_AS_DOUBLE,				/* DOUBLE, or NUMBER where that is not exact */
	ATL_AS_NUMBERS				/* the same, or with push_numbers */
} AtlNumberForm;

/*
 * Who takes tokens.  push_numbers takes n elements of the array that is open,
 * where numbers are wanted so: finite ones, and NaN for null.
 */
typedef struct AtlSink
{
	void	   *context;
	AtlStatus	(*push) (void *context, const AtlToken *token);
	AtlStatus	(*push_numbers) (void *context, const double *numbers, uint32_t n);
	AtlNumberForm (*form) (void *context);
} AtlSink;

static inline AtlStatus
atl_push(const AtlSink *sink, AtlToken token)
{
	return sink->push(sink->context, &token);
}

static inline AtlStatus
atl_push_text(const AtlSink *sink, AtlTokenKind kind, AtlText text)
{
	AtlToken	token = {.kind = kind, .text = text};

	return sink->push(sink->context, &token);
}

/* A bracket, or a word. */
static inline AtlStatus
atl_push_mark(const AtlSink *sink, AtlTokenKind kind)
{
	AtlToken	token = {.kind = kind};

	return sink->push(sink->context, &token);
}

#endif							/* ATL_JSON_TOKEN_H */
