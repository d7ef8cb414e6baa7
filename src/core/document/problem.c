/*
 * problem.c
 *		What is wrong with a document and where: paths and messages.
 *
 * A message names places and numbers, never the text that stands there: error
 * messages travel further than the data they are about.
 */
#include "core/document/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static AtlStatus
keep_text(AtlBuilder *builder, const char *text, uint32_t *offset)
{
	*offset = (uint32_t) builder->problem_text.size;
	return atl_buffer_append(&builder->problem_text, text, strlen(text) + 1);
}

AtlStatus
atl_problem(AtlBuilder *builder, AtlProblemCode code, const char *path, const char *format,...)
{
	AtlDraftProblem problem = {.code = code};
	char		message[ATL_MESSAGE_SIZE];
	AtlStatus	status;
	va_list		args;
	int			used;

	used = snprintf(message, ATL_MESSAGE_SIZE, "%s%s", path, path[0] == '\0' ? "" : " ");
	va_start(args, format);
	vsnprintf(message + used, ATL_MESSAGE_SIZE - used, format, args);
	va_end(args);

	status = keep_text(builder, path, &problem.path);
	if (status == ATL_OK)
		status = keep_text(builder, message, &problem.message);
	if (status == ATL_OK)
		status = atl_buffer_append(&builder->problems, &problem, sizeof(problem));
	if (status != ATL_OK)
		return status;
	if (builder->collect || code >= ATL_FIRST_WARNING)
		return ATL_OK;
	return code == ATL_PROBLEM_TOO_LARGE ? ATL_TOO_LARGE : ATL_INVALID;
}

size_t
atl_build_num_problems(const AtlBuilder *builder)
{
	return builder->problems.size / sizeof(AtlDraftProblem);
}

void
atl_build_problem(const AtlBuilder *builder, size_t i, AtlProblem *problem)
{
	const AtlDraftProblem *draft = (const AtlDraftProblem *) builder->problems.bytes + i;
	const char *text = (const char *) builder->problem_text.bytes;

	problem->code = draft->code;
	snprintf(problem->path, ATL_PATH_SIZE, "%s", text + draft->path);
	snprintf(problem->message, ATL_MESSAGE_SIZE, "%s", text + draft->message);
}

AtlStatus
atl_status_problem(AtlBuilder *builder, AtlStatus status)
{
	if (status != ATL_TOO_LARGE || atl_build_num_problems(builder) > 0)
		return status;
	atl_problem(builder, ATL_PROBLEM_TOO_LARGE, "",
				"It takes more than %u bytes.", ATL_MAX_IMAGE);
	return status;
}

/*
 * Append a member's name to a path, quoted unless it is an identifier.  A long
 * name is cut, between characters, and no more of it looked at.
 */
static void
append_name(char *path, AtlText name, bool first)
{
	size_t		used = strlen(path);
	size_t		room = ATL_PATH_SIZE / 2;
	uint32_t	size = name.size;
	bool		plain = size > 0;

	if (size > room)
	{
		size = (uint32_t) room;
		while (size > 0 && (name.text[size] & 0xC0) == 0x80)
			size--;
	}
	for (uint32_t i = 0; i < size && plain; i++)
		plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
					   name.text[i]) != NULL && name.text[i] != '\0';
	snprintf(path + used, ATL_PATH_SIZE - used, "%s%.*s%s%s",
			 plain ? (first ? "" : ".") : "[\"", (int) size, name.text,
			 size < name.size ? "..." : "", plain ? "" : "\"]");
}

static void
append_member(char *path, const char *member)
{
	AtlText		name = {member, (uint32_t) strlen(member)};

	if (member[0] != '\0')
		append_name(path, name, path[0] == '\0');
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
	append_name(path, name, false);
	append_member(path, member);
	return path;
}

const char *
atl_path_frame(const AtlBuilder *builder, uint32_t frame, char *path)
{
	size_t		used;

	atl_path_feature(atl_kept_text(builder, builder->feature.name), "values", path);
	used = strlen(path);
	snprintf(path + used, ATL_PATH_SIZE - used, "[%u]", frame);
	return path;
}

const char *
atl_path_number(const AtlBuilder *builder, uint32_t frame, uint32_t number, char *path)
{
	size_t		used;

	atl_path_frame(builder, frame, path);
	used = strlen(path);
	snprintf(path + used, ATL_PATH_SIZE - used, "[%u]", number);
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
