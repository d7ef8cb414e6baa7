/*
 * members.c
 *		The members of an object in canonical text, one after the other.
 *
 * The text may come from a damaged image: ATL_DAMAGED where no member can be
 * found.  Values are not checked, only their ends are found; nor is it checked
 * whether a comma or a brace stands between two members.
 */
#include "core/json/members.h"

#include <string.h>

#include "core/base/bytes.h"

/* At scan->stop: poll and set the next stop, or return NULL at the end. */
static const char *
pass_stop(AtlMemberScan *scan, const char *s)
{
	if (s >= scan->end)
		return NULL;
	atl_poll(scan->host);
	scan->stop = (size_t) (scan->end - s) <= ATL_SCAN_STRETCH ? scan->end : s + ATL_SCAN_STRETCH;
	return s;
}

/* The high bit of the first zero byte of 8, and maybe of bytes behind it. */
static inline uint64_t
zero_bytes(uint64_t chars)
{
	return (chars - UINT64_C(0x0101010101010101)) & ~chars & UINT64_C(0x8080808080808080);
}

/* The next quote or backslash, or stop: 8 characters at a time. */
static inline const char *
find_quote(const char *s, const char *stop)
{
	for (; stop - s >= 8; s += 8)
	{
		uint64_t	chars = atl_load_u64((const uint8_t *) s);
		uint64_t	found = zero_bytes(chars ^ UINT64_C(0x2222222222222222)) |
			zero_bytes(chars ^ UINT64_C(0x5C5C5C5C5C5C5C5C));

		if (found != 0)
			return s + __builtin_ctzll(found) / 8;
	}
	while (s < stop && *s != '"' && *s != '\\')
		s++;
	return s;
}

/* Skip the string that starts at s; NULL if it does not end. */
static inline const char *
skip_string(AtlMemberScan *scan, const char *s, bool *escaped)
{
	s++;
	for (;;)
	{
		s = find_quote(s, scan->stop);
		if (s >= scan->stop)
		{
			if (pass_stop(scan, s) == NULL)
				return NULL;
			continue;
		}
		if (*s == '"')
			return s + 1;
		*escaped = true;
		s += scan->end - s > 1 ? 2 : 1;
	}
}

/* Skip the object or array that starts at s; NULL if it does not end. */
static const char *
skip_container(AtlMemberScan *scan, const char *s)
{
	uint32_t	depth = 0;
	bool		escaped;

	while (s != NULL && (s < scan->stop || pass_stop(scan, s) != NULL))
	{
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
skip_value(AtlMemberScan *scan, const char *s, bool *escaped)
{
	if (s < scan->end && *s == '"')
		return skip_string(scan, s, escaped);
	if (s < scan->end && (*s == '{' || *s == '['))
		return skip_container(scan, s);
	do
	{
		while (s < scan->stop && *s != ',' && *s != '}')
			s++;
	} while (s >= scan->stop && pass_stop(scan, s) != NULL);
	return s;
}

AtlStatus
atl_members_begin(AtlMemberScan *scan, const AtlHost *host, AtlText object)
{
	scan->s = object.text;
	scan->end = object.text + object.size;
	scan->host = host;
	scan->stop = object.size <= ATL_SCAN_STRETCH ? scan->end : scan->s + ATL_SCAN_STRETCH;
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
	member->escaped = member->value_escaped = false;
	value = skip_string(scan, key, &member->escaped);
	if (value == NULL || value >= end || *value != ':')
		return ATL_DAMAGED;
	value++;
	scan->s = skip_value(scan, value, &member->value_escaped);
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
