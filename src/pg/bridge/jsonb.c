/*
 * jsonb.c
 *		Converts timelines, and JSON text inside timelines, to jsonb.
 *
 * A whole timeline becomes jsonb token by token, without its text in between:
 * that needs less memory, and can be cancelled anywhere.
 *
 * The JSON of an event is mostly a small object of numbers and words, and a
 * lookup converts one or two such objects for each row.  Their keys are in
 * jsonb's own order already, so they are converted without sorting; any other
 * text is read token by token.  Text that is not JSON is damaged; the error
 * does not quote the text, but an error of the server's parser would.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/base/decimal.h"
#include "core/base/text.h"
#include "core/json/canonical.h"
#include "core/json/members.h"
#include "pg/bridge/bridge.h"

/* Most members of a flat object, and most digits after a decimal point. */
#define MAX_MEMBERS	32
#define MAX_SCALE	64

/*
 * Larger objects go token by token, where the limits of jsonb are checked.
 * Smaller objects fit in one stretch, so no check for interrupts is needed.
 */
#define MAX_FLAT_SIZE	ATL_SCAN_STRETCH

/* Below this a whole double is the very number that its shortest decimal says. */
#define MAX_WHOLE	1e15


/*
 * Flat objects
 */

static bool
convert_number(AtlText text, JsonbValue *value)
{
	AtlDecimal	decimal;
	int64		digits;
	int			scale;

	if (!atl_decimal_take(text, &decimal) || !atl_decimal_is_plain(text, &decimal) ||
		decimal.digits > PG_INT64_MAX || atl_decimal_fraction(&decimal) > MAX_SCALE)
		return false;
	digits = decimal.negative ? -(int64) decimal.digits : (int64) decimal.digits;
	scale = atl_decimal_fraction(&decimal);
	value->type = jbvNumeric;
	value->val.numeric = scale > 0 ? int64_div_fast_to_numeric(digits, scale) : int64_to_numeric(digits);
	return true;
}

/* Sets some high bit if one of 8 bytes is a control or non-ASCII character. */
static inline uint64
special_bytes(uint64 chars)
{
	return chars | (chars - UINT64CONST(0x2020202020202020));
}

static bool
has_control(AtlText text)
{
	uint32		i = 0;

	while (i < text.size && (uint8) text.text[i] >= 0x20)
		i++;
	return i < text.size;
}

/*
 * Whether each character of a text may stand in a JSON string unescaped.
 * Reads 8 bytes at a time.  The text is no longer than a stretch, so there is
 * no check for interrupts.
 */
static bool
is_string_text(AtlText text)
{
	const uint8 *bytes = (const uint8 *) text.text;
	uint64		special = text.size < sizeof(uint64) ? 0x80 : 0;

	for (uint32 i = sizeof(uint64); i < text.size; i += sizeof(uint64))
		special |= special_bytes(atl_load_u64(bytes + i - sizeof(uint64)));
	if (text.size >= sizeof(uint64))
		special |= special_bytes(atl_load_u64(bytes + text.size - sizeof(uint64)));
	return (special & UINT64CONST(0x8080808080808080)) == 0 || (!has_control(text) && atl_text_is_utf8(NULL, text));
}

static bool
convert_string(AtlText text, JsonbValue *value)
{
	if (text.size < 2)
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

/* Convert a short object of scalars with keys in order; false for others. */
static bool
convert_object(AtlText text, JsonbPair *pairs, JsonbValue *object)
{
	AtlMemberScan scan;
	AtlJsonMember member;
	AtlText		before = {NULL, 0};
	bool		found;
	int			n = 0;

	if (!is_string_text(text) || atl_members_begin(&scan, NULL, text) != ATL_OK)
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
		if (n == MAX_MEMBERS || (member.escaped | member.value_escaped) || (n > 0 && atl_text_compare(before, member.key) >= 0) ||
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


/*
 * All other JSON, built token by token
 */

/* A jsonb in the making, in the current memory context. */
struct TimelineMaker
{
	JsonbInState jsonb;
	JsonbValue	scalar;			/* the whole jsonb, if it is no container */
	AtlHost		host;
	AtlSink		sink;
	ErrorContextCallback callback;
};

/* Error context callback: replaces the server's message for jsonb limits. */
static void
explain_limit(void *context)
{
	if (geterrcode() != ERRCODE_PROGRAM_LIMIT_EXCEEDED)
		return;
	errmsg("audio_timeline is too large for jsonb");
	errdetail("A jsonb takes less than 256 MB, and an array in it has at most 16 million elements.");
	errhint("Cast the timeline to json or text, or read it in pieces, with feature_slice and events_between.");
}

/* Raise the error for a limit that the server does not check or name well. */
static void
refuse_size(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg_internal("a limit of jsonb is exceeded")));
}

/*
 * Refuse one more member if the server, which doubles its array of members,
 * would exceed MaxAllocSize.
 */
static void
check_room(const JsonbParseState *open)
{
	bool		array = open->contVal.type == jbvArray;
	Size		n = array ? open->contVal.val.array.nElems : open->contVal.val.object.nPairs;
	Size		size = array ? sizeof(JsonbValue) : sizeof(JsonbPair);

	if (n >= open->size && open->size > MaxAllocSize / 2 / size)
		refuse_size();
}

static void
put(TimelineMaker *maker, JsonbIteratorToken token, JsonbValue *value)
{
	CHECK_FOR_INTERRUPTS();
	if (maker->jsonb.parseState != NULL && token != WJB_END_OBJECT && token != WJB_END_ARRAY)
		check_room(maker->jsonb.parseState);
	push_jsonb_value(&maker->jsonb, token, value);
}

static void
put_value(TimelineMaker *maker, JsonbValue *value)
{
	const JsonbParseState *open = maker->jsonb.parseState;

	if (open == NULL)
	{
		maker->scalar = *value;
		maker->jsonb.result = &maker->scalar;
	}
	else
		put(maker, open->contVal.type == jbvArray ? WJB_ELEM : WJB_VALUE, value);
}

static void
put_null(TimelineMaker *maker)
{
	JsonbValue	value = {.type = jbvNull};

	put_value(maker, &value);
}

static void
put_bool(TimelineMaker *maker, bool boolean)
{
	JsonbValue	value = {.type = jbvBool, .val.boolean = boolean};

	put_value(maker, &value);
}

/* A string that stays until the jsonb is made. */
static JsonbValue
string_value(char *string, Size size)
{
	JsonbValue	value = {.type = jbvString, .val.string = {.val = string, .len = size}};

	if (size > JENTRY_OFFLENMASK)
		refuse_size();
	return value;
}

static JsonbValue
copied_string(const TimelineMaker *maker, AtlText text)
{
	JsonbValue	value = string_value(unconstify(char *, text.text), text.size);

	if (!atl_text_is_utf8(&maker->host, text))
		timeline_check(ATL_DAMAGED);
	value.val.string.val = pnstrdup(text.text, text.size);
	return value;
}

static void
read_numeric(char *number, JsonbValue *value)
{
	value->type = jbvNumeric;
	value->val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(number),
															 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* Check a number of JSON text: one beyond numeric's limits means damage. */
static void
check_number(TimelineMaker *maker, AtlText number)
{
	AtlBuffer	canonical;

	atl_buffer_init(&canonical, &maker->host);
	if (atl_json_append_number(&canonical, number) != ATL_OK)
		timeline_check(ATL_DAMAGED);
	atl_buffer_free(&canonical);
}

static void
put_number(TimelineMaker *maker, AtlText number)
{
	JsonbValue	value;
	char	   *digits;

	if (!convert_number(number, &value))
	{
		check_number(maker, number);
		digits = pnstrdup(number.text, number.size);
		read_numeric(digits, &value);
		pfree(digits);
	}
	put_value(maker, &value);
}

static void
put_double(TimelineMaker *maker, double number)
{
	char		digits[ATL_DOUBLE_SIZE];
	AtlText		text = {digits, 0};
	JsonbValue	value;

	if (isnan(number))
	{
		put_null(maker);
		return;
	}
	if (isinf(number))
		timeline_check(ATL_DAMAGED);
	if (number == rint(number) && fabs(number) < MAX_WHOLE)
	{
		value.type = jbvNumeric;
		value.val.numeric = int64_to_numeric((int64) number);
	}
	else
	{
		text.size = maker->host.format_double(number, digits);
		digits[text.size] = '\0';
		if (!convert_number(text, &value))
			read_numeric(digits, &value);
	}
	put_value(maker, &value);
}

/* Bytes as a string in base64. */
static void
put_bytes(TimelineMaker *maker, AtlText bytes)
{
	AtlBuffer	base64;
	JsonbValue	value;

	atl_buffer_init(&base64, &maker->host);
	timeline_check(atl_base64_append(&base64, (const uint8_t *) bytes.text, bytes.size));
	value = string_value((char *) atl_buffer_at(&base64, 0), base64.size);
	put_value(maker, &value);
}


/* A known key as a jsonb string, without the quotes and colon of the token. */
static JsonbValue
name_value(AtlText name)
{
	return string_value(unconstify(char *, name.text + 1), name.size - 3);
}

static AtlStatus
put_token(void *context, const AtlToken *token)
{
	TimelineMaker *maker = context;
	JsonbValue	string;

	switch (token->kind)
	{
		case ATL_OBJECT_START:
			put(maker, WJB_BEGIN_OBJECT, NULL);
			break;
		case ATL_OBJECT_END:
			put(maker, WJB_END_OBJECT, NULL);
			break;
		case ATL_ARRAY_START:
			put(maker, WJB_BEGIN_ARRAY, NULL);
			break;
		case ATL_ARRAY_END:
			put(maker, WJB_END_ARRAY, NULL);
			break;
		case ATL_NAME:
			string = name_value(token->text);
			put(maker, WJB_KEY, &string);
			break;
		case ATL_KEY:
			string = copied_string(maker, token->text);
			put(maker, WJB_KEY, &string);
			break;
		case ATL_STRING:
			string = copied_string(maker, token->text);
			put_value(maker, &string);
			break;
		case ATL_NUMBER:
			put_number(maker, token->text);
			break;
		case ATL_DOUBLE:
			put_double(maker, token->number);
			break;
		case ATL_TRUE:
		case ATL_FALSE:
			put_bool(maker, token->kind == ATL_TRUE);
			break;
		case ATL_JSON:
			return atl_json_read_value(&maker->sink, &maker->host, token->text);
		case ATL_MEMBERS:
			return atl_json_read_members(&maker->sink, &maker->host, token->text);
		case ATL_BYTES:
			put_bytes(maker, token->text);
			break;
		case ATL_NULL:
			put_null(maker);
			break;
	}
	return ATL_OK;
}

static AtlStatus
put_numbers(void *context, const double *numbers, uint32_t n)
{
	for (uint32 i = 0; i < n; i++)
		put_double(context, numbers[i]);
	return ATL_OK;
}

static void
begin_maker(TimelineMaker *maker)
{
	/* numbers as text: a double cannot hold every number of JSON */
	const AtlSink sink = {maker, put_token, put_numbers, atl_as_text};

	memset(maker, 0, sizeof(*maker));
	maker->sink = sink;
	maker->host = timeline_host();
	maker->callback.callback = explain_limit;
	maker->callback.previous = error_context_stack;
	error_context_stack = &maker->callback;
}

/* The jsonb, in the memory context that is current. */
static Jsonb *
end_maker(TimelineMaker *maker)
{
	Jsonb	   *result = JsonbValueToJsonb(maker->jsonb.result);

	error_context_stack = maker->callback.previous;
	return result;
}

/* Convert any JSON text; text that is not JSON raises the error for damage. */
static Jsonb *
make_jsonb(AtlText json)
{
	TimelineMaker maker;

	begin_maker(&maker);
	timeline_check(atl_json_read_value(&maker.sink, &maker.host, json));
	return end_maker(&maker);
}

TimelineMaker *
timeline_make_jsonb(void)
{
	TimelineMaker *maker = palloc(sizeof(TimelineMaker));

	begin_maker(maker);
	return maker;
}

const AtlSink *
timeline_maker_sink(const TimelineMaker *maker)
{
	return &maker->sink;
}

Jsonb *
timeline_made_jsonb(TimelineMaker *maker)
{
	return end_maker(maker);
}

Jsonb *
timeline_json_to_sql(AtlText json)
{
	JsonbPair	pairs[MAX_MEMBERS + 1];
	JsonbValue	value;

	if (json.size <= MAX_FLAT_SIZE && convert_object(json, pairs, &value))
		return JsonbValueToJsonb(&value);
	return make_jsonb(json);
}

/* A whole timeline, or an extract of it. */
static Jsonb *
convert(const AtlView *view, const AtlExtract *extract)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline to jsonb",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(context);
	TimelineMaker maker;
	Jsonb	   *result;

	begin_maker(&maker);
	if (extract == NULL)
		timeline_check(atl_push_tokens(view, &maker.host, &maker.sink));
	else
		timeline_check(atl_extract_push(view, &maker.host, extract, &maker.sink));
	MemoryContextSwitchTo(outer);
	result = end_maker(&maker);
	MemoryContextDelete(context);
	return result;
}

Jsonb *
timeline_to_jsonb(const AtlView *view)
{
	return convert(view, NULL);
}

Jsonb *
timeline_extract_to_jsonb(const AtlView *view, const AtlExtract *extract)
{
	return convert(view, extract);
}
