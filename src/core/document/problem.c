/*
 * problem.c
 *		Problems of a document: paths and messages.
 *
 * A message gives paths and numbers, never text values of the document: error
 * messages reach logs and people that must not see the data.
 */
#include "core/document/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/json/fault.h"

/* Problems after which more are not even kept for a repairer: some 500 MB. */
#define MAX_PROBLEMS	(16 * 1024 * 1024)

/*
 * Bytes of message text, some thousands of problems, after which problems are
 * counted but not kept: nobody reads more, and a document can have a problem
 * in every second byte.
 */
#define MAX_TEXT	(256 * 1024)

bool
atl_problems_are_full(const AtlBuilder *builder)
{
	return builder->problem_text.size > MAX_TEXT ||
		builder->problems.size / sizeof(AtlDraftProblem) >= MAX_PROBLEMS;
}

void
atl_hint(AtlBuilder *builder, const char *format, ...)
{
	va_list		args;

	if (builder->keep_all || atl_problems_are_full(builder))
		return;
	va_start(args, format);
	vsnprintf(builder->hint, ATL_HINT_SIZE, format, args);
	va_end(args);
}

static size_t
num_kept(const AtlBuilder *builder)
{
	return builder->problems.size / sizeof(AtlDraftProblem);
}

static const AtlDraftProblem *
kept_problem(const AtlBuilder *builder, size_t i)
{
	return (const AtlDraftProblem *) builder->problems.bytes + i;
}

/* Keep the hint, once for problems in a row that share it. */
static AtlStatus
keep_hint(AtlBuilder *builder, uint32_t *hint)
{
	size_t		kept = num_kept(builder);

	*hint = ATL_USUAL_HINT;
	if (builder->hint[0] == '\0')
		return ATL_OK;
	if (kept > 0)
		*hint = kept_problem(builder, kept - 1)->hint;
	if (*hint != ATL_USUAL_HINT && strcmp((const char *) builder->problem_text.bytes + *hint, builder->hint) == 0)
		return ATL_OK;
	*hint = (uint32_t) builder->problem_text.size;
	return atl_buffer_append(&builder->problem_text, builder->hint, strlen(builder->hint) + 1);
}

/* Keep the message, which begins with the path, and the size of the path. */
static AtlStatus
__attribute__((format(printf, 4, 0)))
keep_problem(AtlBuilder *builder, AtlProblemCode code, const char *path, const char *format, va_list args)
{
	AtlDraftProblem problem = {
		.code = code,
		.message = (uint32_t) builder->problem_text.size,
		.path_size = (uint32_t) strlen(path)
	};
	char		message[ATL_MESSAGE_SIZE];
	int			used;

	ATL_TRY(atl_remedy_find(builder, code, &problem.remedy));
	if (builder->keep_all)
		return atl_buffer_append(&builder->problems, &problem, sizeof(problem));
	used = snprintf(message, ATL_MESSAGE_SIZE, "%s%s", path, path[0] == '\0' ? "" : " ");
	vsnprintf(message + used, ATL_MESSAGE_SIZE - used, format, args);
	ATL_TRY(atl_buffer_append(&builder->problem_text, message, strlen(message) + 1));
	ATL_TRY(keep_hint(builder, &problem.hint));
	return atl_buffer_append(&builder->problems, &problem, sizeof(problem));
}

AtlStatus
atl_problem(AtlBuilder *builder, AtlProblemCode code, const char *path, const char *format, ...)
{
	AtlStatus	status = ATL_OK;
	va_list		args;

	builder->num_problems++;
	if (code < ATL_FIRST_WARNING)
		builder->num_errors++;
	va_start(args, format);
	if (!atl_problems_are_full(builder))
		status = keep_problem(builder, code, path, format, args);
	va_end(args);
	builder->hint[0] = '\0';
	if (status != ATL_OK || builder->collect || code >= ATL_FIRST_WARNING)
		return status;
	return code == ATL_PROBLEM_TOO_LARGE ? ATL_TOO_LARGE : ATL_INVALID;
}

const AtlDraftProblem *
atl_kept_problems(const AtlBuilder *builder, size_t *n)
{
	*n = num_kept(builder);
	return (const AtlDraftProblem *) builder->problems.bytes;
}

size_t
atl_build_num_errors(const AtlBuilder *builder)
{
	return builder->num_errors;
}

size_t
atl_build_num_problems(const AtlBuilder *builder)
{
	return num_kept(builder) + (builder->num_problems > num_kept(builder));
}

void
atl_build_problem(const AtlBuilder *builder, size_t i, AtlProblem *problem)
{
	const char *texts = (const char *) builder->problem_text.bytes;
	const AtlDraftProblem *draft = kept_problem(builder, i);
	size_t		more = builder->num_problems - num_kept(builder);

	if (i == num_kept(builder))
	{
		atl_problem_of_whole(problem, ATL_WARN_MORE);
		snprintf(problem->message, ATL_MESSAGE_SIZE, "%zu more problems are not listed.", more);
		return;
	}
	atl_problem_of_whole(problem, draft->code);
	problem->repair = atl_remedy_gentlest(atl_remedy_repairs(builder, draft));
	snprintf(problem->message, ATL_MESSAGE_SIZE, "%s", texts + draft->message);
	snprintf(problem->path, ATL_PATH_SIZE, "%.*s", (int) draft->path_size, problem->message);
	if (draft->hint != ATL_USUAL_HINT)
		snprintf(problem->hint, ATL_HINT_SIZE, "%s", texts + draft->hint);
}

void
atl_problem_of_whole(AtlProblem *problem, AtlProblemCode code)
{
	const char *hint = atl_usual_hint(code);

	problem->code = code;
	problem->repair = ATL_REPAIRS;
	problem->path[0] = '\0';
	snprintf(problem->hint, ATL_HINT_SIZE, "%s", hint == NULL ? "" : hint);
}

AtlStatus
atl_status_problem(AtlBuilder *builder, AtlStatus status)
{
	if (status != ATL_TOO_LARGE || builder->num_problems > 0)
		return status;
	atl_problem(builder, ATL_PROBLEM_TOO_LARGE, "",
				"It takes more than %u bytes.", ATL_MAX_IMAGE);
	return status;
}

/* Whether a character may stand in a name without quotes. */
static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/*
 * Append a member's name to a path, quoted unless the name is an identifier.
 * Cut a long name between characters.
 */
void
atl_path_append_name(char *path, AtlText name)
{
	size_t		used = strlen(path);
	bool		first = used == 0;
	uint32_t	room = ATL_PATH_SIZE / 2;
	uint32_t	size = name.size < room ? name.size : room;
	bool		plain = size > 0;

	while (size < name.size && size > 0 && (name.text[size] & 0xC0) == 0x80)
		size--;
	for (uint32_t i = 0; i < size && plain; i++)
		plain = is_plain(name.text[i]);
	snprintf(path + used, ATL_PATH_SIZE - used, "%s%.*s%s%s",
			 plain ? (first ? "" : ".") : "[\"", (int) size, name.text,
			 size < name.size ? "..." : "", plain ? "" : "\"]");
}

void
atl_path_append_index(char *path, uint32_t index)
{
	size_t		used = strlen(path);

	snprintf(path + used, ATL_PATH_SIZE - used, "[%u]", index);
}

static void
append_member(char *path, const char *member)
{
	AtlText		name = {member, (uint32_t) strlen(member)};

	if (member[0] != '\0')
		atl_path_append_name(path, name);
}

const char *
atl_path_item(AtlTrack track, uint32_t number, const char *member, char *path)
{
	snprintf(path, ATL_PATH_SIZE, "%s[%u]", track == ATL_EVENTS ? "events" : "markers", number);
	append_member(path, member);
	return path;
}

const char *
atl_path_feature(AtlText name, const char *member, char *path)
{
	snprintf(path, ATL_PATH_SIZE, "features");
	atl_path_append_name(path, name);
	append_member(path, member);
	return path;
}

/* The path of an element of a list of the feature in hand. */
static const char *
path_element(const AtlBuilder *builder, const char *list, uint32_t i, char *path)
{
	/*
	 * No path for a problem only counted, or kept without a message: a
	 * million frames can be wrong.
	 */
	path[0] = '\0';
	if (builder->keep_all || atl_problems_are_full(builder))
		return path;
	atl_path_feature(atl_kept_text(builder, builder->feature.name), list, path);
	atl_path_append_index(path, i);
	return path;
}

const char *
atl_path_frame(const AtlBuilder *builder, uint32_t frame, char *path)
{
	return path_element(builder, "values", frame, path);
}

const char *
atl_path_time(const AtlBuilder *builder, uint32_t frame, char *path)
{
	return path_element(builder, "times", frame, path);
}

const char *
atl_path_number(const AtlBuilder *builder, uint32_t frame, uint32_t number, char *path)
{
	atl_path_frame(builder, frame, path);
	atl_path_append_index(path, number);
	return path;
}

const char *
atl_path_member(const AtlBuilder *builder, const char *member, char *path)
{
	switch (builder->state)
	{
		case ATL_AT_EVENT:
			return atl_path_item(ATL_EVENTS, builder->item.number, member, path);
		case ATL_AT_MARKER:
			return atl_path_item(ATL_MARKERS, builder->item.number, member, path);
		case ATL_AT_FEATURE:
		case ATL_AT_RANGE:
		case ATL_AT_VALUES:
		case ATL_AT_FRAME:
		case ATL_AT_TIMES:
			return atl_path_feature(atl_kept_text(builder, builder->feature.name), member, path);
		default:
			path[0] = '\0';
			append_member(path, member);
			return path;
	}
}

const char *
atl_show_number(const AtlBuilder *builder, double number, char *buffer)
{
	buffer[builder->host->format_double(number, buffer)] = '\0';
	return buffer;
}

/*
 * The member, element or object of the document where the next token belongs.
 * in_member: it is the value of the last key.
 */
static const char *
path_here(const AtlBuilder *builder, bool in_member, char *path)
{
	const AtlKnown *known = atl_known_member(builder->state, builder->member);
	const AtlValues *values = &builder->values;
	AtlText		feature = atl_kept_text(builder, builder->feature.name);

	in_member = in_member || builder->skip > 0 || builder->capture == &builder->value;
	switch (builder->state)
	{
		case ATL_AT_EVENTS:
			return atl_path_item(ATL_EVENTS, builder->arrivals[ATL_EVENTS].count, "", path);
		case ATL_AT_MARKERS:
			return atl_path_item(ATL_MARKERS, builder->arrivals[ATL_MARKERS].count, "", path);
		case ATL_AT_FEATURES:
			return in_member ? atl_path_feature(feature, "", path) : strcpy(path, "features");
		case ATL_AT_RANGE:
			return atl_path_feature(feature, "range", path);
		case ATL_AT_VALUES:
			return atl_path_frame(builder, values->frames, path);
		case ATL_AT_FRAME:
			return atl_path_number(builder, values->frames, values->in_frame, path);
		case ATL_AT_TIMES:
			return atl_path_time(builder, atl_times_num(builder), path);
		default:
			return atl_path_member(builder, in_member && known != NULL ? known->name.text : "", path);
	}
}

AtlStatus
atl_build_not_json(AtlBuilder *builder, AtlText json, AtlJsonStop stop)
{
	const char *hint = atl_json_fault_hint(builder->host, json, stop);
	bool		nul = atl_json_fault_is_nul(json, stop);
	AtlTextPlace place = atl_json_fault_place(builder->host, json, stop);
	char		path[ATL_PATH_SIZE];

	/* That the document is no object says little if it is not JSON at all. */
	if (builder->state == ATL_AT_END && builder->skip > 0)
		builder->num_problems = builder->num_errors = builder->problems.size = builder->problem_text.size = 0;
	path_here(builder, atl_json_fault_is_value(builder->host, json, stop), path);
	if (hint != NULL)
		atl_hint(builder, "%s", hint);
	return atl_problem(builder, nul ? ATL_PROBLEM_NUL : ATL_PROBLEM_NOT_JSON, path,
					   nul ? "%shas the character U+0000, in line %zu, character %zu." :
					   "%sis not JSON, from line %zu, character %zu on.",
					   path[0] == '\0' ? "The text " : "", place.line, place.character);
}
