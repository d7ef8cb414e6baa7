/*
 * io.c
 *		Input, output, receive, send, and the casts from and to JSON.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "pg/sql/sql.h"

/* Depth of nesting that every max_stack_depth allows. */
#define SAFE_DEPTH	100

PG_FUNCTION_INFO_V1(audio_timeline_in);
PG_FUNCTION_INFO_V1(audio_timeline_out);
PG_FUNCTION_INFO_V1(audio_timeline_recv);
PG_FUNCTION_INFO_V1(audio_timeline_send);
PG_FUNCTION_INFO_V1(audio_timeline_from_json);
PG_FUNCTION_INFO_V1(audio_timeline_from_jsonb);
PG_FUNCTION_INFO_V1(audio_timeline_to_json);
PG_FUNCTION_INFO_V1(audio_timeline_to_jsonb);

Datum
audio_timeline_in(PG_FUNCTION_ARGS)
{
	char	   *json = PG_GETARG_CSTRING(0);
	AtlEncodingRule rule;
	bool		ruled = timeline_modifier_rule(PG_GETARG_INT32(2), &rule);
	TimelineRefusal softly = {.escontext = fcinfo->context};
	struct varlena *value = timeline_from_text(json, strlen(json), ruled ? &rule : NULL, &softly);

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

/* The JSON text of a value, after room for a header of header bytes. */
static AtlBuffer
print_value(const AtlHost *host, Datum datum, size_t header)
{
	TimelineSource source;
	AtlView		view;
	AtlBuffer	out;

	timeline_open(NULL, datum, TIMELINE_WHOLE, &source, &view);
	atl_buffer_init(&out, host);
	timeline_check(atl_buffer_append_zeros(&out, header));
	timeline_check(atl_print(&view, &out));
	return out;
}

Datum
audio_timeline_out(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuffer	out = print_value(&host, PG_GETARG_DATUM(0), 0);

	timeline_check(atl_buffer_append_zeros(&out, 1));
	PG_RETURN_CSTRING((char *) out.bytes);
}

Datum
audio_timeline_to_json(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuffer	out = print_value(&host, PG_GETARG_DATUM(0), VARHDRSZ);

	SET_VARSIZE(out.bytes, out.size);
	PG_RETURN_POINTER(out.bytes);
}

Datum
audio_timeline_to_jsonb(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;

	timeline_open(NULL, PG_GETARG_DATUM(0), TIMELINE_WHOLE, &source, &view);
	PG_RETURN_JSONB_P(timeline_to_jsonb(&view));
}

/* The rule that a cast asks for; a caller in C may omit the modifier. */
static bool
cast_rule(FunctionCallInfo fcinfo, AtlEncodingRule *rule)
{
	return timeline_modifier_rule(PG_NARGS() > 1 ? PG_GETARG_INT32(1) : -1, rule);
}

Datum
audio_timeline_from_json(PG_FUNCTION_ARGS)
{
	AtlEncodingRule rule;
	bool		ruled = cast_rule(fcinfo, &rule);

	PG_RETURN_POINTER(timeline_from_json(PG_GETARG_TEXT_PP(0), ruled ? &rule : NULL, NULL));
}

Datum
audio_timeline_from_jsonb(PG_FUNCTION_ARGS)
{
	AtlEncodingRule rule;
	bool		ruled = cast_rule(fcinfo, &rule);

	PG_RETURN_POINTER(timeline_from_jsonb(PG_GETARG_JSONB_P(0), ruled ? &rule : NULL, NULL));
}

/* The image itself; see core/format.h. */
Datum
audio_timeline_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(timeline_plain_copy(PG_GETARG_DATUM(0)));
}

/* Whether bytes are JSON as text, or as jsonb's binary form: a version byte, then text. */
static bool
is_json(const char *bytes, int size)
{
	if (size > 0 && bytes[0] == 1)
	{
		bytes++;
		size--;
	}
	return size > 0 && (bytes[0] == '{' || bytes[0] == '[' || bytes[0] == '"');
}

/* Raise the error of an image from a client, if status is a failure. */
static void
refuse_image(AtlStatus status, const AtlProblem *problem, const char *bytes, int size)
{
	if (status == ATL_INVALID || (status == ATL_TOO_LARGE && problem->code != ATL_PROBLEM_NONE))
		timeline_report_problem(problem, NULL);
	if (status == ATL_DAMAGED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary audio_timeline"),
				 errdetail("The bytes are not what audio_timeline_send gives."),
				 is_json(bytes, size) ?
				 errhint("They look like JSON: send the document as text, or as jsonb with a cast.") : 0));
	timeline_check(status);
}

/*
 * Refuse a value nested deeper than the server's JSON parser can follow: it
 * could not be dumped and restored.  A value deeper than SAFE_DEPTH, which is
 * rare, is printed and parsed to find out.
 */
static void
check_depth(struct varlena *value, uint32_t depth)
{
	Datum		text;

	if (depth <= SAFE_DEPTH)
		return;
	text = DirectFunctionCall1(audio_timeline_to_json, PointerGetDatum(value));
	pfree(DatumGetPointer(DirectFunctionCall1(audio_timeline_from_json, text)));
	pfree(DatumGetPointer(text));
}

Datum
audio_timeline_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			size = message->len - message->cursor;
	struct varlena *value;
	AtlHost		host = timeline_host();
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
	uint32_t	depth = 0;
	AtlView		view;
	AtlStatus	status;

	timeline_require_utf8();
	value = palloc((Size) size + VARHDRSZ);
	SET_VARSIZE(value, size + VARHDRSZ);
	timeline_copy(VARDATA(value), pq_getmsgbytes(message, size), size);
	status = atl_view_open(&view, atl_memory_source(VARDATA(value), size));
	if (status == ATL_OK)
		status = atl_validate(&view, (uint8_t *) VARDATA(value), &host, &problem, &depth);
	refuse_image(status, &problem, VARDATA(value), size);
	check_depth(value, depth);
	PG_RETURN_DATUM(timeline_modify(PointerGetDatum(value), PG_GETARG_INT32(2)));
}
