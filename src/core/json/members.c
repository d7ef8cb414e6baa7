/*
 * members.c
 *		The members of an object in canonical text, one after the other.
 *
 * The text may be that of a damaged image: where no member can be told,
 * ATL_DAMAGED.  What the values are is not looked at, only where they end, nor
 * whether a comma or a brace is between two members.
 */
#include "core/json/members.h"

#include <string.h>

/* What a member counts for, with what is done with it. */
#define WORK_OF_MEMBER	100

/* Behind the string that starts at s, or NULL. */
static const char *
skip_string(AtlMemberScan *scan, const char *s, bool *escaped)
{
	const char *stop = atl_stretch_end(++s, scan->end);

	for (;;)
	{
		for (; s < stop && *s != '"'; s++)
			if (*s == '\\' && s + 1 < scan->end)
			{
				*escaped = true;
				s++;
			}
		if (s < stop)
			return s + 1;
		if (s >= scan->end)
			return NULL;
		atl_poll(scan->work.host);
		stop = atl_stretch_end(s, scan->end);
	}
}

/* Behind the object or array that starts at s, or NULL. */
static const char *
skip_container(AtlMemberScan *scan, const char *s)
{
	const char *end = scan->end;
	uint32_t	depth = 0;
	bool		escaped;

	while (s != NULL && s < end)
	{
		atl_work(&scan->work, 2);
		if (*s == '"')
		{
			s = skip_string(scan, s, &escaped);
			continue;
		}
		if (*s == '{' || *s == '[')
			depth++;
		else if (*s == '}' || *s == ']')
			depth--;
		s++;
		if (depth == 0)
			return s;
	}
	return NULL;
}

static const char *
skip_value(AtlMemberScan *scan, const char *s)
{
	const char *end = scan->end;
	bool		escaped;

	if (s < end && *s == '"')
		return skip_string(scan, s, &escaped);
	if (s < end && (*s == '{' || *s == '['))
		return skip_container(scan, s);
	while (s < end && *s != ',' && *s != '}')
	{
		const char *stop = atl_stretch_end(s, end);

		while (s < stop && *s != ',' && *s != '}')
			s++;
		if (s == stop && s < end)
			atl_poll(scan->work.host);
	}
	return s;
}

AtlStatus
atl_members_begin(AtlMemberScan *scan, const AtlHost *host, AtlText object)
{
	scan->work = (AtlWork) {.host = host};
	scan->s = object.text;
	scan->end = object.text + object.size;
	return object.size < 2 || object.text[0] != '{' ? ATL_DAMAGED : ATL_OK;
}

AtlStatus
atl_members_next(AtlMemberScan *scan, AtlJsonMember *member, bool *found)
{
	const char *end = scan->end;
	const char *key = scan->s + 1;
	const char *value;

	*found = key < end && *key == '"';
	if (!*found)
		return end - key == 0 || (end - key == 1 && *key == '}') ? ATL_OK : ATL_DAMAGED;
	member->escaped = false;
	atl_work(&scan->work, WORK_OF_MEMBER);
	value = skip_string(scan, key, &member->escaped);
	if (value == NULL || value >= end || *value != ':')
		return ATL_DAMAGED;
	value++;
	scan->s = skip_value(scan, value);
	if (scan->s == NULL || scan->s >= end || scan->s == value || (*scan->s != ',' && *scan->s != '}'))
		return ATL_DAMAGED;
	member->key.text = key + 1;
	member->key.size = (uint32_t) (value - key) - 3;
	member->value.text = value;
	member->value.size = (uint32_t) (scan->s - value);
	member->whole.text = key;
	member->whole.size = (uint32_t) (scan->s - key);
	return ATL_OK;
}
