/*
 * validation.c
 *		What is wrong with a document: audio_timeline_errors and _is_valid.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_errors);
PG_FUNCTION_INFO_V1(audio_timeline_is_valid);

static void
put_problem(ReturnSetInfo *result, const AtlProblem *problem)
{
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = CStringGetTextDatum(problem->code >= ATL_FIRST_WARNING ? "warning" : "error");
	values[1] = CStringGetTextDatum(atl_problem_name(problem->code));
	values[2] = CStringGetTextDatum(problem->path);
	values[3] = CStringGetTextDatum(problem->message);
	nulls[4] = problem->repair == ATL_REPAIRS;
	if (!nulls[4])
		values[4] = CStringGetTextDatum(atl_repair_name(problem->repair));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
audio_timeline_errors(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = atl_build_begin(&host, true);
	uint32_t	size;

	timeline_require_utf8();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	timeline_build_from_jsonb(builder, PG_GETARG_JSONB_P(0), &size);
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
audio_timeline_is_valid(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	AtlBuilder *builder = atl_build_begin(&host, false);
	uint32_t	size;
	bool		valid;

	timeline_require_utf8();
	valid = timeline_build_from_jsonb(builder, PG_GETARG_JSONB_P(0), &size);
	atl_build_free(builder);
	PG_RETURN_BOOL(valid);
}
