/*
 * error.c
 *		The one bridge from the core's statuses to the server's errors.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/jsonfuncs.h"

#include "pg/bridge/bridge.h"

/* SQLSTATE of a problem: wrong shape of the document, or a bad value in it. */
static int
problem_sqlstate(AtlProblemCode code)
{
	switch (code)
	{
		case ATL_PROBLEM_TOO_LARGE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case ATL_PROBLEM_KIND:
		case ATL_PROBLEM_MISSING:
		case ATL_PROBLEM_CLOCK:
		case ATL_PROBLEM_TIMES:
		case ATL_PROBLEM_VALUES:
		case ATL_PROBLEM_RAGGED:
		case ATL_PROBLEM_BASE64:
			return ERRCODE_INVALID_TEXT_REPRESENTATION;
		default:
			return ERRCODE_INVALID_PARAMETER_VALUE;
	}
}

/* What is wrong, and what to do about it (or NULL), in one line. */
static char *
explain(const char *detail, const char *hint)
{
	return hint == NULL ? pstrdup(detail) : psprintf("%s %s", detail, hint);
}

void
timeline_report_problem(const AtlProblem *problem, TimelineRefusal *refusal)
{
	const char *hint = problem->hint[0] == '\0' ? NULL : problem->hint;

	if (refusal != NULL && refusal->quietly)
	{
		refusal->explanation = explain(problem->message, hint);
		return;
	}
	ereturn(refusal == NULL ? NULL : refusal->escontext,,
			(errcode(problem_sqlstate(problem->code)),
			 problem->code == ATL_PROBLEM_TOO_LARGE ?
			 errmsg("audio_timeline is too large") : errmsg("invalid audio_timeline"),
			 errdetail_internal("%s", problem->message),
			 hint == NULL ? 0 : errhint("%s", hint)));
}

static void
add_hint(void *hint)
{
	errhint("%s", (const char *) hint);
}

/*
 * Report text that is not JSON as the server does, with a hint, or NULL.  The
 * server gives no way to add one but the error's context.
 */
void
timeline_report_not_json(JsonParseErrorType result, JsonLexContext *lex, const char *hint, TimelineRefusal *refusal)
{
	Node	   *escontext = refusal == NULL ? NULL : refusal->escontext;
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = add_hint,
		.arg = (void *) hint
	};

	if (refusal != NULL && refusal->quietly)
	{
		refusal->explanation = explain(json_errdetail(result, lex), hint);
		return;
	}
	if (hint != NULL)
		error_context_stack = &callback;
	report_json_error(result, lex, escontext);
	error_context_stack = callback.previous;
	set_soft_hint(escontext, hint);
}

void
timeline_check(AtlStatus status)
{
	switch (status)
	{
		case ATL_OK:
			return;
		case ATL_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("audio_timeline is too large for its JSON form"),
					 errdetail("The text would take more than %u bytes.", ATL_MAX_IMAGE),
					 errhint("Read it in pieces, with feature_slice and events_between.")));
			break;
		case ATL_UNSUPPORTED:
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("audio_timeline has a version that this library does not know"),
					 errhint("Install the audio_cache library that wrote it, or a later one.")));
			break;
		case ATL_NO_MEMORY:
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory")));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("audio_timeline is damaged")));
	}
}

/* Images are UTF-8; in another encoding their texts would have to change. */
void
timeline_require_utf8(void)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("audio_timeline needs a database in UTF8"),
				 errdetail("The encoding of this database is %s.", GetDatabaseEncodingName()),
				 errhint("Use another database: CREATE DATABASE music TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'.")));
}
