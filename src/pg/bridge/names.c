/*
 * names.c
 *		Arguments that are an array of names, or one name.
 *
 * A function that takes text[] has an overload that takes text, so that a
 * plain 'onset' works.  The server prefers text where the type of a literal is
 * open, so '{onset,note}' comes here as text, too.
 *
 * Array literals are read here, because the server's array_in raises an error
 * that quotes a malformed one, and a LEAKPROOF function may not.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/bridge/bridge.h"

/* What is left of an array literal, and where its next name is written. */
typedef struct Literal
{
	const char *s;
	const char *end;
	char	   *out;
} Literal;

/*
 * Declared type of an argument.  The catalog is asked, not the expression that
 * is called: a function call message of the protocol has no expression.
 */
static Oid
declared_type(FunctionCallInfo fcinfo, int arg)
{
	Oid		   *types;
	int			n;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &n);
	return types[arg];
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_space(Literal *literal)
{
	while (literal->s < literal->end && is_space(*literal->s))
		literal->s++;
}

/* Take a character, if it comes next. */
static bool
take(Literal *literal, char c)
{
	if (literal->s == literal->end || *literal->s != c)
		return false;
	literal->s++;
	return true;
}

/* The rest of a name in quotes; a backslash makes any character plain. */
static bool
read_quoted(Literal *literal)
{
	while (!take(literal, '"'))
	{
		(void) take(literal, '\\');
		if (literal->s == literal->end)
			return false;
		*literal->out++ = *literal->s++;
	}
	return true;
}

/* A name without quotes, and without the space behind it. */
static bool
read_bare(Literal *literal, bool *null)
{
	const char *start = literal->out;
	char	   *end = literal->out;
	bool		plain = true;

	while (literal->s < literal->end && *literal->s != ',' && *literal->s != '}')
	{
		bool		escaped = take(literal, '\\');

		if (literal->s == literal->end || (!escaped && (*literal->s == '"' || *literal->s == '{')))
			return false;
		if (escaped || !is_space(*literal->s))
			end = literal->out + 1;
		*literal->out++ = *literal->s++;
		plain &= !escaped;
	}
	literal->out = end;
	*null = plain && end - start == 4 && pg_strncasecmp(start, "null", 4) == 0;
	return end > start;
}

/* The names of an array literal of one dimension; false if it is malformed. */
static bool
read_names(Literal *literal, AtlText *list, int *n)
{
	*n = 0;
	if (!take(literal, '{'))
		return false;
	skip_space(literal);
	if (take(literal, '}'))
	{
		skip_space(literal);
		return literal->s == literal->end;
	}
	do
	{
		char	   *start = literal->out;
		bool		null = false;

		CHECK_FOR_INTERRUPTS();
		skip_space(literal);
		if (!(take(literal, '"') ? read_quoted(literal) : read_bare(literal, &null)))
			return false;
		skip_space(literal);
		list[*n].text = start;
		list[*n].size = literal->out - start;
		*n += null ? 0 : 1;
	} while (take(literal, ','));
	if (!take(literal, '}'))
		return false;
	skip_space(literal);
	return literal->s == literal->end;
}

static int
count_commas(AtlText value)
{
	int			n = 0;

	for (uint32_t i = 0; i < value.size; i++)
		n += value.text[i] == ',' ? 1 : 0;
	return n;
}

AtlText *
timeline_try_names(FunctionCallInfo fcinfo, int arg, int *n)
{
	AtlText		value;
	AtlText    *list;
	Literal		literal;

	if (declared_type(fcinfo, arg) != TEXTOID)
		return timeline_text_list(PG_GETARG_ARRAYTYPE_P(arg), n);
	value = timeline_text(PG_GETARG_TEXT_PP(arg));
	list = timeline_alloc_array(count_commas(value) + 1, sizeof(AtlText));
	list[0] = value;
	*n = 1;
	if (value.size == 0 || value.text[0] != '{')
		return list;
	literal.s = value.text;
	literal.end = value.text + value.size;
	literal.out = palloc(value.size);
	return read_names(&literal, list, n) ? list : NULL;
}

AtlText *
timeline_name_list(FunctionCallInfo fcinfo, int arg, int *n)
{
	AtlText    *list = timeline_try_names(fcinfo, arg, n);

	if (list == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("malformed array literal: \"%s\"", text_to_cstring(PG_GETARG_TEXT_PP(arg))),
				 errdetail("A text that begins with a brace is a list of names."),
				 errhint("Write one name as it is, and several as '{one,two}'.")));
	return list;
}
