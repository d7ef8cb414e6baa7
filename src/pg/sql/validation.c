/*
 * validation.c
 *		What is wrong with a document, or with a database that is to have some.
 *
 * Of jsonb, and of text or json, which can be wrong in ways that no jsonb can:
 * these take the document as the type's input function would.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_errors);
PG_FUNCTION_INFO_V1(audio_timeline_errors_text);
PG_FUNCTION_INFO_V1(audio_timeline_is_valid);
PG_FUNCTION_INFO_V1(audio_timeline_is_valid_text);
PG_FUNCTION_INFO_V1(audio_timeline_require_utf8);

/* For CREATE EXTENSION, which drops the function when it has called it. */
Datum
audio_timeline_require_utf8(PG_FUNCTION_ARGS)
{
	timeline_require_utf8();
	PG_RETURN_VOID();
}

static void
put_problem(ReturnSetInfo *result, const AtlProblem *problem)
{
	Datum		values[6];
	bool		nulls[6] = {false};

	values[0] = CStringGetTextDatum(problem->code >= ATL_FIRST_WARNING ? "warning" : "error");
	values[1] = CStringGetTextDatum(atl_problem_name(problem->code));
	values[2] = CStringGetTextDatum(problem->path);
	values[3] = CStringGetTextDatum(problem->message);
	nulls[4] = problem->hint[0] == '\0';
	values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(problem->hint);
	nulls[5] = problem->repair == ATL_REPAIRS;
	if (!nulls[5])
		values[5] = CStringGetTextDatum(atl_repair_name(problem->repair));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static AtlBuilder *
begin_builder(const AtlHost *host, bool collect)
{
	AtlBuilder *builder;

	timeline_require_utf8();
	builder = atl_build_begin(host, collect);
	if (builder == NULL)
		timeline_check(ATL_NO_MEMORY);
	return builder;
}

/* The problems of a document that was pushed, as rows; frees the builder. */
static Datum
put_problems(FunctionCallInfo fcinfo, AtlBuilder *builder)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	timeline_check(atl_build_lint(builder));
	for (size_t i = 0; i < atl_build_num_problems(builder); i++)
	{
		AtlProblem	problem;

		CHECK_FOR_INTERRUPTS();
		atl_build_problem(builder, i, &problem);
		put_problem((ReturnSetInfo *) fcinfo->resultinfo, &problem);
	}
	atl_build_free(builder);
	return (Datum) 0;
}

Datum
audio_timeline_errors(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, true);
	uint32_t	size;

	timeline_build_from_jsonb(builder, PG_GETARG_JSONB_P(0), &size);
	return put_problems(fcinfo, builder);
}

Datum
audio_timeline_errors_text(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, true);
	uint32_t	size;

	timeline_build_from_text(builder, timeline_text(PG_GETARG_TEXT_PP(0)), &size);
	return put_problems(fcinfo, builder);
}

Datum
audio_timeline_is_valid(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, false);
	uint32_t	size;
	bool		valid = timeline_build_from_jsonb(builder, PG_GETARG_JSONB_P(0), &size);

	atl_build_free(builder);
	PG_RETURN_BOOL(valid);
}

Datum
audio_timeline_is_valid_text(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = begin_builder(&host, false);
	uint32_t	size;
	bool		valid = timeline_build_from_text(builder, timeline_text(PG_GETARG_TEXT_PP(0)), &size);

	atl_build_free(builder);
	PG_RETURN_BOOL(valid);
}
