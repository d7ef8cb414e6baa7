/*
 * token.h
 *		A JSON document as a stream of tokens, and the sinks that take tokens.
 *
 * Tokens, made from text, from jsonb or from an image, are pushed in document
 * order; a KEY comes before each value of an object.  STRING and KEY
 * carry unescaped UTF-8 without U+0000, NUMBER its text in JSON's grammar;
 * DOUBLE is a number that is a double already.
 *
 * A NUMBER of more than ATL_MAX_NUMBER characters is past the limits of type
 * numeric: its digits are not read, and a sink that takes numbers refuses it.
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
	ATL_MEMBERS,				/* canonical text of an object, for its
								 * members */
	ATL_BYTES					/* bytes that the document has as base64 */
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
	ATL_AS_DOUBLE,				/* DOUBLE, or NUMBER where DOUBLE is not exact */
	ATL_AS_NUMBERS				/* as ATL_AS_DOUBLE, or with push_numbers */
} AtlNumberForm;

/*
 * A taker of tokens.  push_numbers takes n elements of the open array, if form
 * gives ATL_AS_NUMBERS: finite numbers, and NaN for null.
 */
typedef struct AtlSink
{
	void	   *context;
	AtlStatus	(*push) (void *context, const AtlToken *token);
	AtlStatus	(*push_numbers) (void *context, const double *numbers, uint32_t n);
	AtlNumberForm (*form) (void *context);
} AtlSink;

/* The form of a sink that takes every number as text, or as a double. */
static inline AtlNumberForm
atl_as_text(void *context)
{
	(void) context;
	return ATL_AS_TEXT;
}

static inline AtlNumberForm
atl_as_numbers(void *context)
{
	(void) context;
	return ATL_AS_NUMBERS;
}

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
