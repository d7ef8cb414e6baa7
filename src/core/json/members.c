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

/* Behind the string that starts at s, or NULL. */
static const char *
skip_string(const char *s, const char *end, bool *escaped)
{
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\' && s + 1 < end)
		{
			*escaped = true;
			s++;
		}
	return s < end ? s + 1 : NULL;
}

/* Behind the object or array that starts at s, or NULL. */
static const char *
skip_container(const char *s, const char *end)
{
	uint32_t	depth = 0;
	bool		escaped;

	while (s != NULL && s < end)
	{
		if (*s == '"')
		{
			s = skip_string(s, end, &escaped);
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
skip_value(const char *s, const char *end)
{
	bool		escaped;

	if (s < end && *s == '"')
		return skip_string(s, end, &escaped);
	if (s < end && (*s == '{' || *s == '['))
		return skip_container(s, end);
	while (s < end && *s != ',' && *s != '}')
		s++;
	return s;
}

AtlStatus
atl_members_begin(AtlMemberScan *scan, AtlText object)
{
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
	value = skip_string(key, end, &member->escaped);
	if (value == NULL || value >= end || *value != ':')
		return ATL_DAMAGED;
	value++;
	scan->s = skip_value(value, end);
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
