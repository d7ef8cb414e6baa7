/*
 * json_text.c
 *		JSON text to tokens, by the server's own JSON parser.
 */
#ifdef FRONTEND
#include "postgres_fe.h"
#define CHECK_FOR_INTERRUPTS()	((void) 0)
#else
#include "postgres.h"
#include "miscadmin.h"
#endif

#include "pg/bridge/json_text.h"
#include "pg/bridge/compat.h"

typedef struct Pusher
{
	const AtlSink *sink;
	AtlStatus	status;			/* first status that was not ATL_OK */
} Pusher;

static void
push(void *state, AtlTokenKind kind, const char *text)
{
	Pusher	   *pusher = state;
	AtlToken	token = {.kind = kind, .text = {text, text == NULL ? 0 : (uint32_t) strlen(text)}};

	CHECK_FOR_INTERRUPTS();
	if (pusher->status == ATL_OK)
		pusher->status = atl_push(pusher->sink, token);
}

JSON_ACTION
object_start(void *state)
{
	push(state, ATL_OBJECT_START, NULL);
	JSON_ACTION_RETURN;
}

JSON_ACTION
object_end(void *state)
{
	push(state, ATL_OBJECT_END, NULL);
	JSON_ACTION_RETURN;
}

JSON_ACTION
array_start(void *state)
{
	push(state, ATL_ARRAY_START, NULL);
	JSON_ACTION_RETURN;
}

JSON_ACTION
array_end(void *state)
{
	push(state, ATL_ARRAY_END, NULL);
	JSON_ACTION_RETURN;
}

JSON_ACTION
field_start(void *state, char *name, bool isnull)
{
	push(state, ATL_KEY, name);
	JSON_ACTION_RETURN;
}

/* The parser leaves its strings to us; a long document has millions. */
JSON_ACTION
field_end(void *state, char *name, bool isnull)
{
	pfree(name);
	JSON_ACTION_RETURN;
}

JSON_ACTION
scalar(void *state, char *token, JsonTokenType type)
{
	switch (type)
	{
		case JSON_TOKEN_STRING:
			push(state, ATL_STRING, token);
			break;
		case JSON_TOKEN_NUMBER:
			push(state, ATL_NUMBER, token);
			break;
		case JSON_TOKEN_TRUE:
			push(state, ATL_TRUE, NULL);
			break;
		case JSON_TOKEN_FALSE:
			push(state, ATL_FALSE, NULL);
			break;
		default:
			push(state, ATL_NULL, NULL);
	}
	pfree(token);
	JSON_ACTION_RETURN;
}

JsonParseErrorType
json_text_push(JsonLexContext *lex, const AtlSink *sink, AtlStatus *status)
{
	Pusher		pusher = {sink, ATL_OK};
	JsonSemAction actions = {
		.semstate = &pusher,
		.object_start = object_start,
		.object_end = object_end,
		.array_start = array_start,
		.array_end = array_end,
		.object_field_start = field_start,
		.object_field_end = field_end,
		.scalar = scalar
	};
	JsonParseErrorType result = pg_parse_json(lex, &actions);

	*status = pusher.status;
	return result;
}
