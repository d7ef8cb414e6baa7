/*
 * timeline_build.c
 *		Documents, as JSON text or jsonb, to values.
 */
#include "postgres.h"

#include "audio_timeline.h"
#include "json_text.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonfuncs.h"
#include "utils/memutils.h"

/* The finished document as a value, in the given context. */
static struct varlena *
write_value(AtlBuilder *builder, uint32_t size, MemoryContext context)
{
	struct varlena *value = MemoryContextAlloc(context, (Size) size + VARHDRSZ);

	SET_VARSIZE(value, size + VARHDRSZ);
	atl_build_write(builder, (uint8_t *) VARDATA(value));
	return value;
}

/* The end of both ways in: finish, and raise or write. */
static struct varlena *
finish_value(AtlBuilder *builder, AtlStatus status, MemoryContext context, Node *escontext)
{
	AtlProblem	problem;
	uint32_t	size;

	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status == ATL_OK)
		return write_value(builder, size, context);
	if (atl_build_num_problems(builder) == 0)
		timeline_check(status);
	atl_build_problem(builder, 0, &problem);
	timeline_report_problem(&problem, escontext);
	return NULL;
}

/* Building makes a lot of garbage: it gets a memory context of its own. */
static MemoryContext
enter_build_context(void)
{
	MemoryContext context;

	timeline_require_utf8();
	context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline build",
									ALLOCSET_DEFAULT_SIZES);
	return MemoryContextSwitchTo(context);
}

static void
leave_build_context(MemoryContext outer)
{
	MemoryContext context = MemoryContextSwitchTo(outer);

	MemoryContextDelete(context);
}

static AtlBuilder *
begin_builder(const AtlHost *host, const AtlEncodingRule *rule)
{
	AtlBuilder *builder = atl_build_begin(host, false);

	if (builder == NULL)
		timeline_check(ATL_NO_MEMORY);
	if (rule != NULL)
		atl_build_set_rule(builder, rule);
	return builder;
}

/* By the server's own parser, which knows what to say of text that is not JSON. */
static struct varlena *
parse_by_server(const AtlHost *host, const AtlEncodingRule *rule, char *json, int length,
				MemoryContext outer, Node *escontext)
{
	AtlBuilder *builder = begin_builder(host, rule);
	JsonLexContext *lex = make_json_lexer(json, length);
	AtlStatus	status;
	JsonParseErrorType result = json_text_push(lex, builder, &status);

	if (result == JSON_SUCCESS)
		return finish_value(builder, status, outer, escontext);
	report_json_error(result, lex, escontext);
	return NULL;
}

struct varlena *
timeline_from_text(char *json, int length, int32 typmod, Node *escontext)
{
	AtlEncodingRule rule;
	bool		ruled = timeline_modifier_rule(typmod, &rule);
	MemoryContext outer = enter_build_context();
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, ruled ? &rule : NULL);
	AtlText		text = {json, length};
	AtlStatus	status = atl_build_parse(builder, text);
	struct varlena *value;

	if (status == ATL_OK)
		value = finish_value(builder, status, outer, escontext);
	else
	{
		atl_build_free(builder);
		value = parse_by_server(&host, ruled ? &rule : NULL, json, length, outer, escontext);
	}
	leave_build_context(outer);
	return value;
}

static AtlStatus
push_scalar(AtlBuilder *builder, const JsonbValue *value, AtlTokenKind string_kind)
{
	AtlToken	token = {.kind = ATL_NULL};
	char	   *number = NULL;
	AtlStatus	status;

	switch (value->type)
	{
		case jbvString:
			token.kind = string_kind;
			token.text.text = value->val.string.val;
			token.text.size = value->val.string.len;
			break;
		case jbvNumeric:
			number = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			token.kind = ATL_NUMBER;
			token.text.text = number;
			token.text.size = strlen(number);
			break;
		case jbvBool:
			token.kind = value->val.boolean ? ATL_TRUE : ATL_FALSE;
			break;
		default:
			break;
	}
	status = atl_build_push(builder, token);
	if (number != NULL)
		pfree(number);
	return status;
}

static AtlStatus
push_bracket(AtlBuilder *builder, AtlTokenKind kind)
{
	AtlToken	token = {.kind = kind};

	return atl_build_push(builder, token);
}

static AtlStatus
push_jsonb(AtlBuilder *builder, Jsonb *json)
{
	JsonbIterator *iterator = JsonbIteratorInit(&json->root);
	bool		scalar = JB_ROOT_IS_SCALAR(json);
	JsonbValue	value;
	JsonbIteratorToken token;
	AtlStatus	status = ATL_OK;

	while (status == ATL_OK && (token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			status = push_scalar(builder, &value, ATL_KEY);
		else if (token == WJB_VALUE || token == WJB_ELEM)
			status = push_scalar(builder, &value, ATL_STRING);
		else if (token == WJB_BEGIN_OBJECT)
			status = push_bracket(builder, ATL_OBJECT_START);
		else if (token == WJB_END_OBJECT)
			status = push_bracket(builder, ATL_OBJECT_END);
		else if (token == WJB_BEGIN_ARRAY && !scalar)
			status = push_bracket(builder, ATL_ARRAY_START);
		else if (token == WJB_END_ARRAY && !scalar)
			status = push_bracket(builder, ATL_ARRAY_END);
	}
	return status;
}

/*
 * A client that sends JSON.stringify's text to a jsonb column stores a string
 * with JSON inside; say so, for it looks like a timeline when printed.
 */
static void
refuse_string(Jsonb *json)
{
	JsonbValue	value;

	if (!JB_ROOT_IS_SCALAR(json) || !JsonbExtractScalar(&json->root, &value) || value.type != jbvString)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid audio_timeline"),
			 errdetail("The document is a string, must be an object."),
			 errhint("If the string holds JSON, cast its text: (document #>> '{}')::audio_timeline.")));
}

struct varlena *
timeline_from_jsonb(Jsonb *json, int32 typmod)
{
	AtlEncodingRule rule;
	bool		ruled = timeline_modifier_rule(typmod, &rule);
	MemoryContext outer;
	AtlHost		host;
	AtlBuilder *builder;
	struct varlena *value;

	refuse_string(json);
	outer = enter_build_context();
	host = timeline_host();
	builder = begin_builder(&host, ruled ? &rule : NULL);
	value = finish_value(builder, push_jsonb(builder, json), outer, NULL);
	leave_build_context(outer);
	return value;
}

/*
 * A stored value cannot break a rule of documents, unless it is damaged; only
 * the encoding may be one that its numbers do not go into.
 */
static void
refuse_rebuild(AtlBuilder *builder, AtlStatus status)
{
	AtlProblem	problem = {.code = ATL_CODE_NONE};

	if (atl_build_num_problems(builder) > 0)
		atl_build_problem(builder, 0, &problem);
	if (problem.code == ATL_CODE_NOT_ENCODABLE || problem.code == ATL_CODE_TOO_LARGE)
		timeline_report_problem(&problem, NULL);
	timeline_check(status == ATL_INVALID ? ATL_DAMAGED : status);
}

struct varlena *
timeline_rebuild(const AtlView *view, const AtlEncodingRule *rule)
{
	MemoryContext outer = enter_build_context();
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, rule);
	struct varlena *value;
	uint32_t	size = 0;
	AtlStatus	status = atl_rebuild(view, &host, builder);

	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status != ATL_OK)
		refuse_rebuild(builder, status);
	value = write_value(builder, size, outer);
	leave_build_context(outer);
	return value;
}

bool
timeline_build_from_jsonb(AtlBuilder *builder, Jsonb *json, uint32_t *size)
{
	AtlStatus	status = push_jsonb(builder, json);

	if (status == ATL_OK)
		status = atl_build_finish(builder, size);
	if (status == ATL_NO_MEMORY)
		timeline_check(status);
	return status == ATL_OK;
}
