/*
 * repair.c
 *		Problems to edits, and edits into a stream of tokens.
 *
 * An edit says at which token it is to be done.  The edits are sorted, and the
 * document comes in the order of its tokens: one merge, however many edits.
 * The filter knows JSON, and where it is for the list of changes; what a
 * timeline is, it need not know.
 */
#include "core/document/repair.h"

#include <stdio.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/base/work.h"
#include "core/document/builder.h"
#include "core/document/repairer.h"
#include "core/json/read.h"

/* Which numbers of a track are scaled. */
typedef enum ScaledMembers
{
	SCALED_CONFIDENCES,
	SCALED_TIMES,				/* of markers: timestamp */
	SCALED_TIMES_OF_EVENTS		/* timestamp and duration */
} ScaledMembers;

/* What is done to the value that begins with a token. */
typedef struct Edit
{
	uint32_t	token;
	uint8_t		repair;			/* AtlRepair */
	uint8_t		kinds;			/* of UNWRAP: what its place takes */
	uint8_t		scaled;			/* of SCALE: ScaledMembers */
	uint16_t	width;			/* as in AtlRemedy */
	double		number;			/* of CLAMP */
} Edit;

/* An open container of the document. */
typedef enum LevelKind
{
	LEVEL_OBJECT,
	LEVEL_ARRAY,
	LEVEL_INDEXED,				/* an object that becomes an array */
	LEVEL_ONLY					/* an array that becomes its only element */
} LevelKind;

typedef struct Level
{
	LevelKind	kind;
	const Edit *edit;			/* SCALE of numbers in its elements, CLAMP of
								 * its elements, or NULL */
	uint32_t	name_offset;	/* object: its last key in names */
	uint32_t	name_size;
	uint32_t	count;			/* array: elements begun */
} Level;

struct AtlRepairer
{
	const AtlHost *host;
	AtlSink		sink;
	const AtlSink *to;
	uint32_t	repairs;

	AtlBuffer	edits;			/* Edit */
	size_t		done;			/* edits that are behind us */
	uint32_t	token;			/* that comes next */

	AtlBuffer	levels;			/* Level */
	AtlBuffer	names;			/* last keys of the levels */
	bool		key_held;		/* the last key is not pushed yet */
	uint32_t	skip;			/* open containers of a value that goes */

	AtlBuffer	digits;			/* while a value is made */
	AtlBuffer	text;			/* of the value that is made */
	AtlChanges	changes;
	AtlReorder	reorder;
	size_t		ordered;		/* levels open where "values" follow times
								 * that were put in order; 0: none */
	bool		to_null;
};


/*
 * The plan
 */

static double
clamp_bound(const AtlBuilder *builder, uint8_t clamp)
{
	switch ((AtlClamp) clamp)
	{
		case ATL_CLAMP_DURATION:
			return builder->draft.duration;
		case ATL_CLAMP_START:
			return atl_bounds_start(builder);
		case ATL_CLAMP_ONE:
			return 1;
		default:
			return 0;
	}
}

/* The edit for a problem, by a repair that can treat it. */
static Edit
make_edit(const AtlBuilder *builder, const AtlDraftProblem *problem, AtlRepair repair)
{
	const AtlRemedy *remedy = &problem->remedy;
	Edit		edit = {.token = remedy->value, .repair = (uint8_t) repair, .kinds = remedy->kinds, .width = remedy->width};

	if (repair == ATL_REPAIR_DROP)
		edit.token = remedy->drop;
	else if (repair == ATL_REPAIR_CLAMP)
		edit.number = clamp_bound(builder, remedy->clamp);
	else if (repair == ATL_REPAIR_SCALE)
	{
		bool		events = remedy->track == ATL_EVENTS;

		edit.token = builder->where.members[events ? ATL_M_EVENTS : ATL_M_MARKERS];
		edit.scaled = problem->code == ATL_PROBLEM_CONFIDENCE ? SCALED_CONFIDENCES :
			events ? SCALED_TIMES_OF_EVENTS : SCALED_TIMES;
	}
	return edit;
}

/* By token; at one token the gentlest first. */
static int
compare_edits(const void *a, const void *b, const void *context)
{
	const Edit *x = a;
	const Edit *y = b;

	(void) context;
	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	return (int) x->repair - (int) y->repair;
}

/* Keep one edit at each token, and no drop if there are others. */
static void
keep_first(AtlRepairer *repairer, bool gentle)
{
	Edit	   *edits = (Edit *) repairer->edits.bytes;
	size_t		n = repairer->edits.size / sizeof(Edit);
	size_t		kept = 0;
	AtlWork		work = {.host = repairer->host};

	for (size_t i = 0; i < n; i++)
	{
		atl_work(&work, 5);
		if ((gentle && edits[i].repair == ATL_REPAIR_DROP) ||
			(kept > 0 && edits[kept - 1].token == edits[i].token))
			continue;
		edits[kept++] = edits[i];
	}
	repairer->edits.size = kept * sizeof(Edit);
}

/*
 * The gentlest repair that is named.  What a repair puts right without a guess
 * or a loss can be used, so no other repair may do away with it.
 */
static AtlRepair
choose_repair(uint32_t repairs, uint32_t named)
{
	const uint32_t lossless = ATL_REPAIR_BIT(ATL_REPAIR_UNWRAP) | ATL_REPAIR_BIT(ATL_REPAIR_SORT);

	return atl_remedy_gentlest(((repairs & lossless) != 0 ? repairs & lossless : repairs) & named);
}

AtlStatus
atl_repair_plan(AtlRepairer *repairer, const AtlBuilder *builder, size_t *num)
{
	size_t		n;
	const AtlDraftProblem *problems = atl_kept_problems(builder, &n);
	bool		gentle = false;
	AtlWork		work = {.host = repairer->host};

	repairer->edits.size = 0;
	for (size_t i = 0; i < n; i++)
	{
		AtlRepair	repair = choose_repair(atl_remedy_repairs(builder, &problems[i]), repairer->repairs);
		Edit		edit;

		atl_work(&work, 20);
		/* The order of times is known too late for values before them. */
		if (repair == ATL_REPAIRS || (repair == ATL_REPAIR_SORT && problems[i].remedy.behind))
			continue;
		edit = make_edit(builder, &problems[i], repair);
		gentle |= repair != ATL_REPAIR_DROP;
		ATL_TRY(atl_buffer_append(&repairer->edits, &edit, sizeof(edit)));
	}
	ATL_TRY(atl_sort(repairer->host, repairer->edits.bytes, repairer->edits.size / sizeof(Edit), sizeof(Edit), compare_edits, NULL));
	keep_first(repairer, gentle);
	*num = repairer->edits.size / sizeof(Edit);
	return ATL_OK;
}


/*
 * Where we are
 */

static Level *
level_at(const AtlRepairer *repairer, size_t i)
{
	return (Level *) repairer->levels.bytes + i;
}

static size_t
num_levels(const AtlRepairer *repairer)
{
	return repairer->levels.size / sizeof(Level);
}

static AtlText
level_name(const AtlRepairer *repairer, const Level *level)
{
	AtlText		name = {(const char *) atl_buffer_at(&repairer->names, level->name_offset), level->name_size};

	return name;
}

static bool
is_named(AtlText name, const char *wanted)
{
	return atl_text_compare(name, atl_text_of(wanted)) == 0;
}

/* The path of the value in hand; edits are never deep in a document. */
static void
write_path(const AtlRepairer *repairer, char *path)
{
	path[0] = '\0';
	for (size_t i = 0; i < num_levels(repairer); i++)
	{
		const Level *level = level_at(repairer, i);

		if (level->kind == LEVEL_OBJECT)
			atl_path_append_name(path, level_name(repairer, level));
		else if (level->kind != LEVEL_ONLY)
			atl_path_append_index(path, level->count - 1);
	}
}

/* Begin the change of the value in hand. */
static AtlStatus
begin_change(AtlRepairer *repairer, AtlRepair repair)
{
	char		path[ATL_PATH_SIZE];

	write_path(repairer, path);
	return atl_changes_begin(&repairer->changes, path, repair);
}

/* A change that does not say what was there. */
static AtlStatus
list_change(AtlRepairer *repairer, AtlRepair repair)
{
	ATL_TRY(begin_change(repairer, repair));
	return atl_changes_end(&repairer->changes, NULL);
}

static AtlStatus
list_number(AtlRepairer *repairer, AtlRepair repair, const AtlToken *was, const AtlToken *now)
{
	ATL_TRY(begin_change(repairer, repair));
	ATL_TRY(atl_changes_begin_was(&repairer->changes, was));
	return atl_changes_end(&repairer->changes, now);
}


/*
 * The edits
 */

/* Push a token of the document on; a key that is held goes before it. */
static AtlStatus
emit(AtlRepairer *repairer, const AtlToken *token)
{
	if (repairer->key_held)
	{
		repairer->key_held = false;
		ATL_TRY(atl_push_text(repairer->to, ATL_KEY, level_name(repairer, level_at(repairer, num_levels(repairer) - 1))));
	}
	return atl_push(repairer->to, *token);
}

static AtlStatus
emit_mark(AtlRepairer *repairer, AtlTokenKind kind)
{
	AtlToken	token = {.kind = kind};

	return emit(repairer, &token);
}

static AtlStatus
open_level(AtlRepairer *repairer, LevelKind kind, const Edit *edit)
{
	const Level level = {.kind = kind, .edit = edit, .name_offset = (uint32_t) repairer->names.size};

	return atl_buffer_append(&repairer->levels, &level, sizeof(level));
}

static AtlStatus
pass_value(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	ATL_TRY(emit(repairer, token));
	if (!atl_token_opens(token->kind))
		return ATL_OK;
	return open_level(repairer, token->kind == ATL_OBJECT_START ? LEVEL_OBJECT : LEVEL_ARRAY, edit);
}

/* The value in hand goes, null in its place or nothing. */
static AtlStatus
remove_value(AtlRepairer *repairer, const AtlToken *token, AtlRepair repair)
{
	const AtlToken null = {.kind = ATL_NULL};

	repairer->to_null = repair == ATL_REPAIR_NULLIFY;
	ATL_TRY(begin_change(repairer, repair));
	ATL_TRY(atl_changes_begin_was(&repairer->changes, token));
	if (repairer->to_null)
		ATL_TRY(emit(repairer, &null));
	repairer->key_held = false;
	if (atl_token_opens(token->kind))
	{
		repairer->skip = 1;
		return ATL_OK;
	}
	return atl_changes_end(&repairer->changes, repairer->to_null ? &null : NULL);
}

static AtlStatus
push_removed(AtlRepairer *repairer, const AtlToken *token)
{
	const AtlToken null = {.kind = ATL_NULL};

	ATL_TRY(atl_changes_push_was(&repairer->changes, token));
	if (atl_token_opens(token->kind))
		repairer->skip++;
	else if (token->kind == ATL_OBJECT_END || token->kind == ATL_ARRAY_END)
		repairer->skip--;
	return repairer->skip > 0 ? ATL_OK : atl_changes_end(&repairer->changes, repairer->to_null ? &null : NULL);
}

/* The sink of values that are made here; a key that is held goes before them. */
static AtlStatus
push_made(void *context, const AtlToken *token)
{
	return emit(context, token);
}

static AtlSink
made_sink(AtlRepairer *repairer)
{
	AtlSink		sink = {repairer, push_made, NULL, atl_as_text};

	return sink;
}

static AtlStatus
put_unwrapped(AtlRepairer *repairer, const AtlToken *token, const AtlUnwrapped *value)
{
	const AtlToken now = {.kind = value->kind, .text = value->text};
	const AtlSink sink = made_sink(repairer);

	if (value->kind == ATL_NUMBER)
	{
		ATL_TRY(list_number(repairer, ATL_REPAIR_UNWRAP, token, &now));
		return emit(repairer, &now);
	}
	ATL_TRY(list_change(repairer, ATL_REPAIR_UNWRAP));
	return atl_json_read(&sink, repairer->host, value->text);
}

static AtlStatus
unwrap_string(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	AtlUnwrapped value;
	AtlStatus	status = atl_unwrap_string(&value, repairer->host, token->text, edit->kinds);

	if (status == ATL_OK)
		status = put_unwrapped(repairer, token, &value);
	atl_unwrapped_free(&value);
	return status;
}

static AtlStatus
unwrap(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	if (token->kind == ATL_STRING)
		return unwrap_string(repairer, token, edit);
	ATL_TRY(list_change(repairer, ATL_REPAIR_UNWRAP));
	if (token->kind == ATL_ARRAY_START)
		return open_level(repairer, LEVEL_ONLY, NULL);
	ATL_TRY(emit_mark(repairer, ATL_ARRAY_START));
	return open_level(repairer, LEVEL_INDEXED, NULL);
}

static AtlStatus
clamp(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	char		digits[ATL_DOUBLE_SIZE];
	AtlToken	now = {.kind = ATL_NUMBER, .text = {digits, 0}};

	now.text.size = (uint32_t) repairer->host->format_double(edit->number, digits);
	ATL_TRY(list_number(repairer, ATL_REPAIR_CLAMP, token, &now));
	return emit(repairer, &now);
}

/* The edit that clamps the number in hand, an element of "times", or NULL. */
static const Edit *
find_clamp(const AtlRepairer *repairer, const AtlToken *token)
{
	size_t		n = num_levels(repairer);
	const Edit *edit = n > 0 ? level_at(repairer, n - 1)->edit : NULL;
	double		number;

	if (edit == NULL || edit->repair != ATL_REPAIR_CLAMP || token->kind != ATL_NUMBER ||
		atl_read_number(token->text, &number) != ATL_OK || number >= edit->number)
		return NULL;
	return edit;
}

/* Take "times" to put them in order, or "values" to follow them. */
static AtlStatus
order_times(AtlRepairer *repairer, const Edit *edit)
{
	repairer->ordered = num_levels(repairer);
	atl_reorder_times(&repairer->reorder, edit->width);
	return list_change(repairer, ATL_REPAIR_SORT);
}

static AtlStatus
order_values(AtlRepairer *repairer)
{
	repairer->ordered = 0;
	atl_reorder_values(&repairer->reorder);
	return list_change(repairer, ATL_REPAIR_SORT);
}

/* Whether the value in hand is "values" whose times were put in order. */
static bool
is_to_follow(const AtlRepairer *repairer)
{
	size_t		n = num_levels(repairer);

	return n > 0 && n == repairer->ordered && is_named(level_name(repairer, level_at(repairer, n - 1)), "values");
}

static AtlStatus
push_ordered(AtlRepairer *repairer, const AtlToken *token)
{
	const AtlSink sink = made_sink(repairer);

	return atl_reorder_push(&repairer->reorder, token, &sink);
}

/* Infinite numbers in base64 become missing ones. */
static AtlStatus
nullify_infinite(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	AtlToken	now = {.kind = ATL_STRING};

	ATL_TRY(atl_mend_base64(token->text, edit->width, &repairer->digits, &repairer->text));
	now.text = atl_buffer_text(&repairer->text);
	ATL_TRY(list_change(repairer, ATL_REPAIR_NULLIFY));
	return emit(repairer, &now);
}

static AtlStatus
edit_value(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	switch ((AtlRepair) edit->repair)
	{
		case ATL_REPAIR_UNWRAP:
			return unwrap(repairer, token, edit);
		case ATL_REPAIR_SORT:
			return order_times(repairer, edit);
		case ATL_REPAIR_SCALE:
			return pass_value(repairer, token, edit);
		case ATL_REPAIR_CLAMP:
			return token->kind == ATL_NUMBER ? clamp(repairer, token, edit) : pass_value(repairer, token, edit);
		case ATL_REPAIR_NULLIFY:
			if (edit->width > 0)
				return nullify_infinite(repairer, token, edit);
			return remove_value(repairer, token, edit->repair);
		default:
			return remove_value(repairer, token, edit->repair);
	}
}


/*
 * Numbers in another unit
 */

/* The edit that scales the number in hand, or NULL. */
static const Edit *
find_scale(const AtlRepairer *repairer, const AtlToken *token)
{
	size_t		n = num_levels(repairer);
	const Edit *scale;
	AtlText		name;

	if (token->kind != ATL_NUMBER || n < 2 || level_at(repairer, n - 1)->kind != LEVEL_OBJECT)
		return NULL;
	scale = level_at(repairer, n - 2)->edit;
	if (scale == NULL || scale->repair != ATL_REPAIR_SCALE)
		return NULL;
	name = level_name(repairer, level_at(repairer, n - 1));
	if (is_named(name, scale->scaled == SCALED_CONFIDENCES ? "confidence" : "timestamp") ||
		(scale->scaled == SCALED_TIMES_OF_EVENTS && is_named(name, "duration")))
		return scale;
	return NULL;
}

static AtlStatus
scale_number(AtlRepairer *repairer, const AtlToken *token, const Edit *scale)
{
	AtlToken	now = {.kind = ATL_NUMBER};
	AtlStatus	status = atl_mend_scale(token->text, scale->scaled == SCALED_CONFIDENCES ? 2 : 3, &repairer->digits, &repairer->text);

	if (status == ATL_INVALID)
		return emit(repairer, token);
	ATL_TRY(status);
	now.text.text = (const char *) repairer->text.bytes;
	now.text.size = (uint32_t) repairer->text.size;
	ATL_TRY(list_number(repairer, ATL_REPAIR_SCALE, token, &now));
	return emit(repairer, &now);
}


/*
 * The filter
 */

/* The edit at a token, or NULL; edits in a value that goes are passed over. */
static const Edit *
take_edit(AtlRepairer *repairer, uint32_t token)
{
	const Edit *edits = (const Edit *) repairer->edits.bytes;
	size_t		n = repairer->edits.size / sizeof(Edit);

	while (repairer->done < n && edits[repairer->done].token < token)
		repairer->done++;
	return repairer->done < n && edits[repairer->done].token == token ? &edits[repairer->done] : NULL;
}

/* Keep a key until it is known whether its value stays. */
static AtlStatus
hold_key(AtlRepairer *repairer, AtlText key)
{
	Level	   *level = level_at(repairer, num_levels(repairer) - 1);

	if (level->kind == LEVEL_INDEXED)
		return ATL_OK;
	repairer->key_held = true;
	repairer->names.size = level->name_offset;
	level->name_size = key.size;
	return atl_buffer_append(&repairer->names, key.text, key.size);
}

static AtlStatus
close_level(AtlRepairer *repairer, const AtlToken *token)
{
	Level		level = *level_at(repairer, num_levels(repairer) - 1);

	repairer->levels.size -= sizeof(Level);
	repairer->names.size = level.name_offset;
	if (level.kind == LEVEL_ONLY)
		return ATL_OK;
	return level.kind == LEVEL_INDEXED ? emit_mark(repairer, ATL_ARRAY_END) : emit(repairer, token);
}

static AtlStatus
push_value(AtlRepairer *repairer, const AtlToken *token, const Edit *edit)
{
	const Edit *scale = find_scale(repairer, token);
	const Edit *bound = find_clamp(repairer, token);

	if (num_levels(repairer) > 0)
		level_at(repairer, num_levels(repairer) - 1)->count++;
	if (is_to_follow(repairer))
		return order_values(repairer);
	if (edit != NULL)
		return edit_value(repairer, token, edit);
	if (bound != NULL)
		return clamp(repairer, token, bound);
	return scale != NULL ? scale_number(repairer, token, scale) : pass_value(repairer, token, NULL);
}

static AtlStatus
push_token(void *context, const AtlToken *token)
{
	AtlRepairer *repairer = context;
	const Edit *edit = take_edit(repairer, repairer->token++);

	if (repairer->skip > 0)
		return push_removed(repairer, token);
	if (repairer->reorder.depth > 0)
		return push_ordered(repairer, token);
	if (token->kind == ATL_KEY)
		return hold_key(repairer, token->text);
	if (token->kind == ATL_OBJECT_END || token->kind == ATL_ARRAY_END)
		return close_level(repairer, token);
	return push_value(repairer, token, edit);
}

AtlStatus
atl_repair_changes(const AtlRepairer *repairer, AtlBuffer *json)
{
	return atl_changes_print(&repairer->changes, json);
}

const AtlSink *
atl_repair_sink(AtlRepairer *repairer, const AtlSink *to)
{
	repairer->to = to;
	repairer->done = 0;
	repairer->token = 0;
	repairer->levels.size = repairer->names.size = 0;
	return &repairer->sink;
}

AtlRepairer *
atl_repair_begin(const AtlHost *host, uint32_t repairs)
{
	AtlRepairer *repairer = host->resize(host->context, NULL, sizeof(AtlRepairer));
	const AtlSink sink = {repairer, push_token, NULL, atl_as_text};

	if (repairer == NULL)
		return NULL;
	memset(repairer, 0, sizeof(*repairer));
	repairer->host = host;
	repairer->sink = sink;
	repairer->repairs = repairs;
	atl_buffer_init(&repairer->edits, host);
	atl_buffer_init(&repairer->levels, host);
	atl_buffer_init(&repairer->names, host);
	atl_buffer_init(&repairer->digits, host);
	atl_buffer_init(&repairer->text, host);
	atl_changes_init(&repairer->changes, host);
	atl_reorder_init(&repairer->reorder, host);
	return repairer;
}

void
atl_repair_free(AtlRepairer *repairer)
{
	atl_buffer_free(&repairer->edits);
	atl_buffer_free(&repairer->levels);
	atl_buffer_free(&repairer->names);
	atl_buffer_free(&repairer->digits);
	atl_buffer_free(&repairer->text);
	atl_changes_free(&repairer->changes);
	atl_reorder_free(&repairer->reorder);
	repairer->host->resize(repairer->host->context, repairer, 0);
}
