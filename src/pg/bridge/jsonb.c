/*
 * jsonb.c
 *		Canonical JSON text to jsonb.
 *
 * What events have is mostly a small object of numbers and words, and a lookup
 * makes one or two of them for each row.  Such an object has its keys in
 * jsonb's own order, so it becomes one without the server's parser; anything
 * else goes through that.  Damaged text makes a jsonb that is sound, or an error,
 * but may pass for other text: 007 for 7.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/base/text.h"
#include "core/json/canonical.h"
#include "core/json/members.h"
#include "pg/bridge/bridge.h"

/* Members, and digits of a number, that are done here. */
#define MAX_MEMBERS	32

/*
 * Larger objects are the server's own business: jsonb has limits that its parser
 * knows.  Smaller ones are done within a stretch, and nobody needs to poll.
 */
#define MAX_FLAT_SIZE	ATL_SCAN_STRETCH
#define MAX_DIGITS	18

static bool
convert_number(AtlText text, JsonbValue *value)
{
	bool		negative = text.text[0] == '-';
	int			scale = -1;
	int64		digits = 0;

	if (text.size == negative || text.size - negative > MAX_DIGITS)
		return false;
	for (uint32 i = negative; i < text.size; i++)
	{
		char		c = text.text[i];

		if (c == '.' && scale < 0 && i > negative)
			scale = text.size - i - 1;
		else if (c >= '0' && c <= '9')
			digits = digits * 10 + (c - '0');
		else
			return false;
	}
	if (negative)
		digits = -digits;
	value->type = jbvNumeric;
	value->val.numeric = scale > 0 ? int64_div_fast_to_numeric(digits, scale) : int64_to_numeric(digits);
	return scale != 0;
}

static bool
convert_string(AtlText text, JsonbValue *value)
{
	AtlText		inside = {text.text + 1, text.size - 2};

	if (text.size < 2 || !atl_json_is_plain(NULL, inside) || !atl_text_is_utf8(NULL, inside))
		return false;
	value->type = jbvString;
	value->val.string.val = unconstify(char *, text.text + 1);
	value->val.string.len = text.size - 2;
	return true;
}

static bool
is_word(AtlText text, const char *word)
{
	return text.size == strlen(word) && memcmp(text.text, word, text.size) == 0;
}

/* A scalar; it may point into the text. */
static bool
convert_scalar(AtlText text, JsonbValue *value)
{
	if (text.text[0] == '"')
		return convert_string(text, value);
	if (text.text[0] == '-' || (text.text[0] >= '0' && text.text[0] <= '9'))
		return convert_number(text, value);
	value->type = is_word(text, "null") ? jbvNull : jbvBool;
	value->val.boolean = is_word(text, "true");
	return value->type == jbvNull || value->val.boolean || is_word(text, "false");
}

/* An object of scalars whose keys are in order; it is short. */
static bool
convert_object(AtlText text, JsonbPair *pairs, JsonbValue *object)
{
	AtlMemberScan scan;
	AtlJsonMember member;
	AtlText		before = {NULL, 0};
	bool		found;
	int			n = 0;

	if (atl_members_begin(&scan, NULL, text) != ATL_OK)
		return false;
	for (; atl_members_next(&scan, &member, &found) == ATL_OK; n++)
	{
		JsonbPair  *pair = &pairs[n];

		if (!found)
		{
			object->type = jbvObject;
			object->val.object.nPairs = n;
			object->val.object.pairs = pairs;
			return true;
		}
		if (n == MAX_MEMBERS || member.escaped || (n > 0 && atl_text_compare(before, member.key) >= 0) ||
			!convert_scalar(member.value, &pair->value))
			return false;
		pair->key.type = jbvString;
		pair->key.val.string.val = unconstify(char *, member.key.text);
		pair->key.val.string.len = member.key.size;
		pair->order = n;
		before = member.key;
	}
	return false;
}

Jsonb *
timeline_json_to_sql(AtlText json)
{
	JsonbPair	pairs[MAX_MEMBERS + 1];
	JsonbValue	value;
	char	   *string;
	Jsonb	   *result;

	if (json.size > 0 && json.size <= MAX_FLAT_SIZE && json.text[0] == '{' && convert_object(json, pairs, &value))
		return JsonbValueToJsonb(&value);
	string = pnstrdup(json.text, json.size);
	result = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(string)));
	pfree(string);
	return result;
}
