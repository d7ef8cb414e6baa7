/*
 * kind.c
 *		Values of another JSON kind than the document must have there.
 *
 * Most of them come from a client that wrote a value as text, or text as JSON
 * once more, or from a language whose arrays are objects.  The hint says which.
 */
#include "core/document/builder.h"

#include <stdio.h>
#include <string.h>

#include "core/base/number.h"

#define TWICE	"it is JSON within a string, encoded once too often"

/* Texts that are longer are no numbers, and have no more space around them. */
#define MAX_LOOKED_AT	1000

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static AtlText
trim(AtlText text)
{
	for (int i = 0; i < MAX_LOOKED_AT && text.size > 0 && is_space(text.text[0]); i++)
	{
		text.text++;
		text.size--;
	}
	for (int i = 0; i < MAX_LOOKED_AT && text.size > 0 && is_space(text.text[text.size - 1]); i++)
		text.size--;
	return text;
}

static bool
begins_with(AtlText text, const char *word)
{
	size_t		size = strlen(word);

	return text.size >= size && memcmp(text.text, word, size) == 0;
}

/* Whether a text is one of the words that stand for a number not known. */
static bool
is_unknown(AtlText text)
{
	static const char *const words[] = {"", "N/A", "n/a", "NA", "nan", "NaN", "-nan", "null", "None", "none", "undefined", "unknown", "-", "--"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text.size == strlen(words[i]) && memcmp(text.text, words[i], text.size) == 0)
			return true;
	return false;
}

static bool
is_infinite(AtlText text)
{
	if (text.size > 0 && (text.text[0] == '-' || text.text[0] == '+'))
	{
		text.text++;
		text.size--;
	}
	return begins_with(text, "inf") || begins_with(text, "Inf");
}

static bool
is_number(AtlText text)
{
	double		number;
	bool		exact;

	return text.size > 0 && text.size <= MAX_LOOKED_AT && atl_number_read(text.text, text.text + text.size, &number, &exact) == text.text + text.size;
}

/* Read a time as [hh:]mm:ss[.fff]; false if the text is no such time. */
static bool
read_clock(AtlText text, double *seconds)
{
	char		copy[32];
	unsigned	hours = 0;
	unsigned	minutes;
	double		rest;
	int			end = -1;

	if (text.size >= sizeof(copy))
		return false;
	memcpy(copy, text.text, text.size);
	copy[text.size] = '\0';
	if (strspn(copy, "0123456789:.,") != text.size)
		return false;
	for (char *comma = copy; (comma = strchr(comma, ',')) != NULL;)
		*comma = '.';
	if (sscanf(copy, "%9u:%9u:%lf%n", &hours, &minutes, &rest, &end) != 3 || end != (int) text.size)
	{
		hours = 0;
		if (sscanf(copy, "%9u:%lf%n", &minutes, &rest, &end) != 2 || end != (int) text.size)
			return false;
	}
	*seconds = hours * 3600.0 + minutes * 60.0 + rest;
	return true;
}

/* A text where a number must be. */
static void
hint_at_number_text(AtlBuilder *builder, AtlText text, const char *unknown, const char *meaning)
{
	double		seconds;

	text = trim(text);
	if (is_unknown(text))
		atl_hint(builder, "%s", unknown);
	else if (is_number(text))
		atl_hint(builder, "Write the number without quotes.");
	else if (is_infinite(text))
		atl_hint(builder, "There is no infinity here: %c%s", unknown[0] | 0x20, unknown + 1);
	else if (read_clock(text, &seconds))
		atl_hint(builder, "Write a time as a number of seconds: %.10g.", seconds);
	else
		atl_hint(builder, "%s", meaning);
}

/* A text where an object or array must be. */
static void
hint_at_container_text(AtlBuilder *builder, const AtlKnown *known, AtlText text)
{
	text = trim(text);
	if (begins_with(text, "[object"))
		atl_hint(builder, "The client wrote objects as text ([object Object]): pass the value itself.");
	else if (text.size > 0 && strchr("{[\"", text.text[0]) != NULL)
		atl_hint(builder, "Give the value itself: " TWICE ".");
	else if (known->member == ATL_M_VALUES)
		atl_hint(builder, "For text in base64 use the member base64, with encoding.");
	else
		atl_hint(builder, "%s", known->meaning);
}

void
atl_kind_hint(AtlBuilder *builder, const AtlKnown *known, AtlToken token)
{
	if (token.kind == ATL_STRING && known->kinds == ATL_KIND_NUMBER)
		hint_at_number_text(builder, token.text, known->required ? known->meaning : "Leave it out where it is not known.",
							known->meaning);
	else if (token.kind == ATL_STRING)
		hint_at_container_text(builder, known, token.text);
	else if (atl_kind_bit(token.kind) == ATL_KIND_NUMBER &&
			 (known->member == ATL_M_TYPE || known->member == ATL_M_UNIT || known->member == ATL_M_KIND))
		atl_hint(builder, "Write it in quotes.");
	else if (known->member == ATL_M_VALUE && token.kind == ATL_ARRAY_START)
		atl_hint(builder, "Give a single value without its array; keep several under another name.");
	else
		atl_hint(builder, "%s", known->meaning);
}

void
atl_kind_hint_in_values(AtlBuilder *builder, AtlToken token)
{
	static const char meaning[] = "A frame is a number or an array of numbers; null stands for a missing one.";

	if (token.kind == ATL_STRING)
		hint_at_number_text(builder, token.text, "Write null for a number that is missing.", meaning);
	else if (token.kind == ATL_OBJECT_START)
		atl_hint(builder, "Give an object's numbers as an array, or each as a feature of its own; times of frames go into times.");
	else
		atl_hint(builder, "%s", meaning);
}

void
atl_kind_hint_in_times(AtlBuilder *builder, AtlToken token)
{
	static const char meaning[] = "Each frame has a time, a number of seconds.";

	if (token.kind == ATL_STRING)
		hint_at_number_text(builder, token.text, meaning, meaning);
	else
		atl_hint(builder, "%s", meaning);
}

void
atl_kind_hint_of_document(AtlBuilder *builder, AtlToken token)
{
	AtlText		text = trim(token.text);

	if (token.kind == ATL_STRING && text.size > 0 && strchr("{[\"", text.text[0]) != NULL && !begins_with(text, "[object"))
		atl_hint(builder, "The document is JSON within a string, encoded once too often: pass it without JSON.stringify, or take it out, (document::jsonb #>> '{}')::audio_timeline.");
	else if (token.kind == ATL_STRING && begins_with(text, "[object"))
		atl_hint(builder, "The client wrote an object as [object Object]: pass the object itself, or JSON.stringify of it.");
	else if (token.kind == ATL_ARRAY_START)
		atl_hint(builder, "Give the documents one by one: jsonb_array_elements(documents) lists them.");
	else if (token.kind == ATL_NULL)
		atl_hint(builder, "Where there is no timeline, give SQL's NULL in place of JSON's null.");
	else
		atl_hint(builder, "A document is an object with duration and sampleRate.");
}

/* Of an event, marker or feature that is no object: meaning, or that it is text of one. */
void
atl_kind_hint_of_object(AtlBuilder *builder, AtlToken token, const char *meaning)
{
	AtlText		text = trim(token.text);

	if (token.kind == ATL_STRING && begins_with(text, "[object"))
		atl_hint(builder, "The client wrote an object as text ([object Object]): pass the object itself.");
	else if (token.kind == ATL_STRING && begins_with(text, "{"))
		atl_hint(builder, "Give the object itself: " TWICE ".");
	else
		atl_hint(builder, "%s", meaning);
}

/*
 * Report a value of another kind, and skip it.  Of an object the report waits
 * for its first key, which tells an array that became an object.
 */
AtlStatus
atl_kind_problem(AtlBuilder *builder, const char *path, const char *wanted, AtlToken token)
{
	if (token.kind == ATL_OBJECT_START)
	{
		snprintf(builder->object_path, ATL_PATH_SIZE, "%s", path);
		builder->object_wanted = wanted;
		builder->where.skipped = builder->where.now;
	}
	else
		ATL_TRY(atl_problem(builder, ATL_PROBLEM_KIND, path, "is %s, must be %s.",
							atl_token_kind_name(token.kind), wanted));
	return atl_build_skip(builder, token);
}

AtlStatus
atl_kind_problem_of_object(AtlBuilder *builder, AtlToken first)
{
	const char *wanted = builder->object_wanted;
	const AtlToken object = {.kind = ATL_OBJECT_START};
	AtlWhere	where = builder->where;
	AtlStatus	status;

	builder->object_wanted = NULL;
	if (first.kind == ATL_KEY && first.text.size == 1 && first.text.text[0] == '0' && strncmp(wanted, "an object", 9) != 0)
		atl_hint(builder, "An array became an object with the keys \"0\", \"1\", ...: of a typed array, pass Array.from(array).");
	builder->where.token = &object;
	builder->where.now = builder->where.skipped;
	status = atl_problem(builder, ATL_PROBLEM_KIND, builder->object_path, "is an object, must be %s.", wanted);
	builder->where = where;
	return status;
}
