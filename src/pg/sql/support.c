/*
 * support.c
 *		Planner support functions: how many rows a function will return.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodeFuncs.h"
#include "nodes/primnodes.h"
#include "nodes/supportnodes.h"

PG_FUNCTION_INFO_V1(audio_timeline_overview_support);
PG_FUNCTION_INFO_V1(audio_timeline_sample_frames_support);

/* As many rows as an integer argument says, if it is a constant by now. */
static Datum
rows_of_argument(FunctionCallInfo fcinfo, int arg)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *rows;
	Const	   *argument;

	if (!IsA(request, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	rows = (SupportRequestRows *) request;
	if (!is_funcclause(rows->node) || list_length(((FuncExpr *) rows->node)->args) <= arg)
		PG_RETURN_POINTER(NULL);
	argument = (Const *) list_nth(((FuncExpr *) rows->node)->args, arg);
	if (!IsA(argument, Const) || argument->constisnull)
		PG_RETURN_POINTER(NULL);
	rows->rows = Max(DatumGetInt32(argument->constvalue), 1);
	PG_RETURN_POINTER(request);
}

Datum
audio_timeline_overview_support(PG_FUNCTION_ARGS)
{
	return rows_of_argument(fcinfo, 2);
}

Datum
audio_timeline_sample_frames_support(PG_FUNCTION_ARGS)
{
	return rows_of_argument(fcinfo, 3);
}
