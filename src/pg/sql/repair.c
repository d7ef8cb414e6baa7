/*
 * repair.c
 *		Documents that are not valid, mended: audio_timeline_repair.
 *
 * What is wrong the validator says, and what can be done about it the core
 * (core/document/repair.h).  Here are the rounds, from jsonb to jsonb.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_repair);

/* The set of repairs that are named; NULL or no names: none. */
static uint32
named_repairs(FunctionCallInfo fcinfo)
{
	uint32		repairs = 0;
	AtlText    *names;
	int			n;

	if (PG_ARGISNULL(1))
		return 0;
	names = timeline_name_list(fcinfo, 1, &n);
	for (int i = 0; i < n; i++)
	{
		AtlRepair	repair;

		CHECK_FOR_INTERRUPTS();
		if (!atl_repair_by_name(names[i], &repair))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown repair \"%.*s\"", (int) pg_mbcliplen(names[i].text, names[i].size, NAMEDATALEN), names[i].text),
					 errhint("Repairs are unwrap, sort, scale, clamp, nullify and drop.")));
		repairs |= ATL_REPAIR_BIT(repair);
	}
	return repairs;
}

/* Work makes a lot of garbage: it gets a memory context of its own. */
static MemoryContext
enter_work_context(void)
{
	return MemoryContextSwitchTo(AllocSetContextCreate(CurrentMemoryContext, "audio_timeline repair", ALLOCSET_DEFAULT_SIZES));
}

static void
leave_work_context(MemoryContext outer)
{
	MemoryContextDelete(MemoryContextSwitchTo(outer));
}

/* Plan the next edits of a document; returns how many errors it has. */
static size_t
plan_edits(AtlRepairer *repairer, Jsonb *document, size_t *edits)
{
	MemoryContext outer = enter_work_context();
	AtlHost		host = timeline_host();
	AtlBuilder *builder = atl_build_begin(&host, true);
	uint32_t	size;
	size_t		errors;

	if (builder == NULL)
		timeline_check(ATL_NO_MEMORY);
	atl_build_keep_all(builder);
	timeline_build_from_jsonb(builder, document, &size);
	timeline_check(atl_repair_plan(repairer, builder, edits));
	errors = atl_build_num_errors(builder);
	leave_work_context(outer);
	return errors;
}

static Jsonb *
edit_document(AtlRepairer *repairer, Jsonb *document)
{
	MemoryContext outer = enter_work_context();
	TimelineMaker *maker = timeline_make_jsonb();
	MemoryContext work;
	Jsonb	   *result;

	timeline_check(timeline_push_jsonb(atl_repair_sink(repairer, timeline_maker_sink(maker)), document));
	work = MemoryContextSwitchTo(outer);
	result = timeline_made_jsonb(maker);
	MemoryContextSwitchTo(work);
	leave_work_context(outer);
	return result;
}

/* The document when no edit is left; *errors is how many errors it has then. */
static Jsonb *
mend(AtlRepairer *repairer, Jsonb *document, size_t *errors)
{
	Jsonb	   *given = document;
	size_t		edits;

	*errors = plan_edits(repairer, document, &edits);
	for (int round = 0; edits > 0 && round < ATL_REPAIR_ROUNDS; round++)
	{
		Jsonb	   *edited = edit_document(repairer, document);

		if (document != given)
			pfree(document);
		document = edited;
		*errors = plan_edits(repairer, document, &edits);
	}
	return document;
}

static Jsonb *
changes_to_sql(const AtlRepairer *repairer, const AtlHost *host)
{
	AtlBuffer	json;
	AtlText		text;

	atl_buffer_init(&json, host);
	timeline_check(atl_repair_changes(repairer, &json));
	text.text = (const char *) json.bytes;
	text.size = json.size;
	return timeline_json_to_sql(text);
}

/* Not STRICT: an UPDATE that names no repairs must not lose the document. */
Datum
audio_timeline_repair(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AtlHost		host = timeline_host();
	AtlRepairer *repairer;
	Datum		values[3];
	bool		nulls[3] = {false};
	size_t		errors;

	timeline_require_utf8();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	repairer = atl_repair_begin(&host, named_repairs(fcinfo));
	if (repairer == NULL)
		timeline_check(ATL_NO_MEMORY);
	values[0] = JsonbPGetDatum(mend(repairer, PG_GETARG_JSONB_P(0), &errors));
	values[1] = JsonbPGetDatum(changes_to_sql(repairer, &host));
	values[2] = Int32GetDatum((int32) Min(errors, PG_INT32_MAX));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	return (Datum) 0;
}
