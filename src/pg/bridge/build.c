/*
 * build.c
 *		Documents, as JSON text or jsonb, to values.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/bridge/bridge.h"
#include "pg/bridge/json_text.h"

/*
 * Refuse a document.  A soft error and an explanation outlive the build: they
 * are made in the given context.
 */
static struct varlena *
refuse_problem(const AtlProblem *problem, MemoryContext context, TimelineRefusal *refusal)
{
	MemoryContext before = MemoryContextSwitchTo(context);

	timeline_report_problem(problem, refusal);
	MemoryContextSwitchTo(before);
	return NULL;
}

/*
 * The finished document as a value, in the given context.  A value that could
 * not be printed again could not be dumped.
 */
static struct varlena *
write_value(AtlBuilder *builder, const AtlHost *host, uint32_t size, MemoryContext context, TimelineRefusal *refusal)
{
	struct varlena *value = MemoryContextAlloc(context, (Size) size + VARHDRSZ);
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
	AtlView		view;
	AtlStatus	status;

	SET_VARSIZE(value, size + VARHDRSZ);
	atl_build_write(builder, (uint8_t *) VARDATA(value));
	status = atl_view_open(&view, atl_memory_source(VARDATA(value), size));
	if (status == ATL_OK)
		status = atl_check_printable(&view, host, &problem);
	if (status == ATL_OK)
		return value;
	if (problem.code == ATL_PROBLEM_NONE)
		timeline_check(status);
	return refuse_problem(&problem, context, refusal);
}

/* Finish a document of text or jsonb: write the value or refuse it. */
static struct varlena *
finish_value(AtlBuilder *builder, const AtlHost *host, AtlStatus status, MemoryContext context, TimelineRefusal *refusal)
{
	AtlProblem	problem;
	uint32_t	size;

	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status == ATL_OK)
		return write_value(builder, host, size, context, refusal);
	if (atl_build_num_problems(builder) == 0)
		timeline_check(status);
	atl_build_problem(builder, 0, &problem);
	return refuse_problem(&problem, context, refusal);
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

/* What to do about text that is not JSON, or NULL. */
static const char *
json_fault_hint(const AtlHost *host, const char *json, int length)
{
	AtlText		text = {json, length};
	AtlSink		nowhere = atl_json_nowhere();
	AtlJsonStop stop;

	if (atl_json_read_to_stop(&nowhere, host, text, &stop) != ATL_DAMAGED)
		return NULL;
	return atl_json_fault_hint(host, text, stop);
}

/* Parse with the server's parser, which explains why text is not JSON. */
static struct varlena *
parse_by_server(const AtlHost *host, const AtlEncodingRule *rule, char *json, int length,
				MemoryContext outer, TimelineRefusal *refusal)
{
	AtlBuilder *builder = begin_builder(host, rule);
	JsonLexContext *lex = make_json_lexer(json, length);
	AtlStatus	status;
	JsonParseErrorType result = json_text_push(lex, atl_build_sink(builder), &status);
	MemoryContext before;

	if (result == JSON_SUCCESS)
		return finish_value(builder, host, status, outer, refusal);
	before = MemoryContextSwitchTo(outer);
	timeline_report_not_json(result, lex, json_fault_hint(host, json, length), refusal);
	MemoryContextSwitchTo(before);
	return NULL;
}

struct varlena *
timeline_from_text(char *json, int length, const AtlEncodingRule *rule, TimelineRefusal *refusal)
{
	MemoryContext outer = enter_build_context();
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, rule);
	AtlText		text = {json, length};
	AtlStatus	status = atl_json_read(atl_build_sink(builder), &host, text);
	struct varlena *value;

	if (status == ATL_OK)
		value = finish_value(builder, &host, status, outer, refusal);
	else
	{
		atl_build_free(builder);
		value = parse_by_server(&host, rule, json, length, outer, refusal);
	}
	leave_build_context(outer);
	return value;
}

static AtlStatus
push_scalar(const AtlSink *sink, const JsonbValue *value, AtlTokenKind string_kind)
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
	status = atl_push(sink, token);
	if (number != NULL)
		pfree(number);
	return status;
}

AtlStatus
timeline_push_jsonb(const AtlSink *sink, Jsonb *json)
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
			status = push_scalar(sink, &value, ATL_KEY);
		else if (token == WJB_VALUE || token == WJB_ELEM)
			status = push_scalar(sink, &value, ATL_STRING);
		else if (token == WJB_BEGIN_OBJECT)
			status = atl_push_mark(sink, ATL_OBJECT_START);
		else if (token == WJB_END_OBJECT)
			status = atl_push_mark(sink, ATL_OBJECT_END);
		else if (token == WJB_BEGIN_ARRAY && !scalar)
			status = atl_push_mark(sink, ATL_ARRAY_START);
		else if (token == WJB_END_ARRAY && !scalar)
			status = atl_push_mark(sink, ATL_ARRAY_END);
	}
	return status;
}

struct varlena *
timeline_from_json(text *json, const AtlEncodingRule *rule, TimelineRefusal *refusal)
{
	AtlText		document = timeline_text(json);

	return timeline_from_text(unconstify(char *, document.text), document.size, rule, refusal);
}

struct varlena *
timeline_from_jsonb(Jsonb *json, const AtlEncodingRule *rule, TimelineRefusal *refusal)
{
	MemoryContext outer;
	AtlHost		host;
	AtlBuilder *builder;
	struct varlena *value;

	outer = enter_build_context();
	host = timeline_host();
	builder = begin_builder(&host, rule);
	value = finish_value(builder, &host, timeline_push_jsonb(atl_build_sink(builder), json), outer, refusal);
	leave_build_context(outer);
	return value;
}

/*
 * Raise the error of a failed rebuild.  Unless a stored value is damaged, only
 * its numbers may not fit the new encoding, or the result may be too large.
 */
static void
refuse_rebuild(AtlBuilder *builder, AtlStatus status)
{
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};

	if (atl_build_num_problems(builder) > 0)
		atl_build_problem(builder, 0, &problem);
	if (problem.code == ATL_PROBLEM_NOT_ENCODABLE || problem.code == ATL_PROBLEM_TOO_LARGE)
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
	value = write_value(builder, &host, size, outer, NULL);
	leave_build_context(outer);
	return value;
}

/* Push a text, up to where it stops being JSON. */
static AtlStatus
push_text(AtlBuilder *builder, const AtlHost *host, AtlText json)
{
	AtlSink		nowhere = atl_json_nowhere();
	AtlJsonStop stop;
	AtlStatus	status = atl_json_read_to_stop(atl_build_sink(builder), host, json, &stop);
	JsonLexContext *lex;

	if (status == ATL_DAMAGED)
		return atl_build_not_json(builder, json, stop) == ATL_NO_MEMORY ? ATL_NO_MEMORY : ATL_INVALID;
	if (status != ATL_OK || atl_build_depth(builder) <= ATL_JSON_DEPTH)
		return status;
	/* The server's parser, which recurses, may say that the stack is too low. */
	lex = make_json_lexer((char *) json.text, json.size);
	json_text_push(lex, &nowhere, &status);
	return status;
}

bool
timeline_build_from_text(AtlBuilder *builder, AtlText json, uint32_t *size)
{
	AtlHost		host = timeline_host();
	AtlStatus	status = push_text(builder, &host, json);

	if (status == ATL_OK)
		status = atl_build_finish(builder, size);
	if (status == ATL_NO_MEMORY)
		timeline_check(status);
	return status == ATL_OK;
}

bool
timeline_build_from_jsonb(AtlBuilder *builder, Jsonb *json, uint32_t *size)
{
	AtlStatus	status = timeline_push_jsonb(atl_build_sink(builder), json);

	if (status == ATL_OK)
		status = atl_build_finish(builder, size);
	if (status == ATL_NO_MEMORY)
		timeline_check(status);
	return status == ATL_OK;
}
