/*
 * read.c
 *		JSON text to tokens.
 *
 * The fast parser.  It takes only valid JSON, and never says what is wrong
 * with other text: the server's own parser is asked for that.  The fast parser
 * does not recurse, and copies only strings that have escapes.
 */
#include "core/json/read.h"

#include <string.h>

#include "core/base/buffer.h"
#include "core/base/bytes.h"
#include "core/base/number.h"
#include "core/base/text.h"
#include "core/format.h"

/* Numbers of an array that are handed over at once. */
#define BATCH	512

typedef struct Parser
{
	const char *s;
	const char *end;
	const AtlSink *sink;
	const AtlHost *host;
	AtlBuffer	string;			/* the current string, if it has escapes */
	AtlBuffer	open;			/* open containers: '{' or '[' */
	AtlWork		work;			/* within an item */
	bool		bare;			/* the outermost braces are not pushed */
	bool		complete;		/* the value has ended */
} Parser;

static inline bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Pass over space: returns the character after it, or 0 at the end. */
static char
skip_space(Parser *parser)
{
	for (; parser->s < parser->end && is_space(*parser->s); parser->s++)
		atl_work(&parser->work, 1);
	return parser->s < parser->end ? *parser->s : '\0';
}

/* The next character that is not space, or 0 at the end. */
static inline char
next_char(Parser *parser)
{
	if (parser->s < parser->end && !is_space(*parser->s))
		return *parser->s;
	return skip_space(parser);
}

static bool
take_word(Parser *parser, const char *word, size_t size)
{
	if ((size_t) (parser->end - parser->s) < size || memcmp(parser->s, word, size) != 0)
		return false;
	parser->s += size;
	return true;
}


/*
 * Strings
 */

/* Four hexadecimal digits, or -1. */
static int
take_hex(Parser *parser)
{
	int			number = 0;

	if (parser->end - parser->s < 4)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		char		c = *parser->s++;

		if (c >= '0' && c <= '9')
			number = number * 16 + (c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			number = number * 16 + ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return number;
}

/* The code point after "\u", of one escape or of a surrogate pair; or -1. */
static int
take_code_point(Parser *parser)
{
	int			code = take_hex(parser);
	int			low;

	if (code < 0xD800 || code > 0xDFFF)
		return code == 0 ? -1 : code;
	if (code > 0xDBFF || !take_word(parser, "\\u", 2))
		return -1;
	low = take_hex(parser);
	if (low < 0xDC00 || low > 0xDFFF)
		return -1;
	return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

static AtlStatus
append_utf8(AtlBuffer *out, int code)
{
	static const uint8_t lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
	size_t		size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	char		bytes[4];

	for (size_t i = size; i-- > 1; code >>= 6)
		bytes[i] = (char) (0x80 | (code & 0x3F));
	bytes[0] = (char) (lead[size] | code);
	return atl_buffer_append(out, bytes, size);
}

/* Parse an escape, from behind its backslash. */
static AtlStatus
parse_escape(Parser *parser)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int			code;

	if (parser->s >= parser->end)
		return ATL_DAMAGED;
	if (*parser->s != 'u')
	{
		found = memchr(from, *parser->s++, sizeof(from) - 1);
		return found == NULL ? ATL_DAMAGED : atl_buffer_append(&parser->string, &to[found - from], 1);
	}
	parser->s++;
	code = take_code_point(parser);
	return code < 0 ? ATL_DAMAGED : append_utf8(&parser->string, code);
}

/* Pass over unescaped characters; returns the character after them, or 0. */
static inline char
skip_plain(Parser *parser)
{
	const char *s = parser->s;
	const char *stop = atl_stretch_end(s, parser->end);

	for (;;)
	{
		while (s < stop && (uint8_t) *s >= 0x20 && *s != '"' && *s != '\\')
			s++;
		if (s < stop || s == parser->end)
			break;
		atl_poll(parser->host);
		stop = atl_stretch_end(s, parser->end);
	}
	parser->s = s;
	return s < parser->end ? *s : '\0';
}

/* Parse the rest of a string that has escapes, from the first escape on. */
static AtlStatus
parse_escaped(Parser *parser, AtlText *string)
{
	AtlBuffer  *out = &parser->string;

	out->size = 0;
	ATL_TRY(atl_buffer_append(out, string->text, string->size));
	while (*parser->s == '\\')
	{
		const char *start = parser->s++;
		AtlStatus	status;

		atl_work(&parser->work, 20);
		status = parse_escape(parser);
		if (status != ATL_OK)
		{
			parser->s = start;
			return status;
		}
		start = parser->s;
		if (skip_plain(parser) == '\0')
			return ATL_DAMAGED;
		ATL_TRY(atl_buffer_append(out, start, (size_t) (parser->s - start)));
	}
	string->text = (const char *) atl_buffer_at(out, 0);
	string->size = (uint32_t) out->size;
	return ATL_OK;
}

/* A string, from its opening quote on. */
static AtlStatus
parse_string(Parser *parser, AtlText *string)
{
	char		c;

	string->text = ++parser->s;
	c = skip_plain(parser);
	string->size = (uint32_t) (parser->s - string->text);
	if (c == '\\')
		ATL_TRY(parse_escaped(parser, string));
	return take_word(parser, "\"", 1) ? ATL_OK : ATL_DAMAGED;
}


/*
 * Numbers
 */

/*
 * As atl_number_read, but a number longer than ATL_MAX_NUMBER is only passed
 * over, with polls: reading its digits would not poll.
 */
static inline const char *
read_number(Parser *parser, double *number, bool *exact)
{
	bool		cut = (size_t) (parser->end - parser->s) > ATL_MAX_NUMBER;
	const char *stop = cut ? parser->s + ATL_MAX_NUMBER : parser->end;
	const char *end = atl_number_read(parser->s, stop, number, exact);

	if (!cut || (end != NULL && end < stop))
		return end;
	for (end = parser->s; end < parser->end && memchr("0123456789+-.eE", *end, 15) != NULL; end++)
		atl_work(&parser->work, 5);
	*exact = false;
	return end > stop ? end : NULL;
}

/* A number, or the start of something that is no value at all. */
static AtlStatus
parse_number(Parser *parser)
{
	AtlToken	token = {.kind = ATL_NUMBER, .text = {parser->s, 0}};
	bool		exact;
	const char *end = read_number(parser, &token.number, &exact);

	if (end == NULL)
		return ATL_DAMAGED;
	token.text.size = (uint32_t) (end - parser->s);
	parser->s = end;
	atl_work(&parser->work, 10 * token.text.size);
	if (exact && parser->sink->form(parser->sink->context) != ATL_AS_TEXT)
		token.kind = ATL_DOUBLE;
	return atl_push(parser->sink, token);
}

/*
 * Take one element of an array of numbers, if it is null or a number that is
 * read exactly.
 */
static inline bool
take_element(Parser *parser, char c, double *number)
{
	const char *end;
	bool		exact;

	if (c == 'n')
	{
		*number = atl_bits_f64(ATL_NAN_NUMBER_64);
		return take_word(parser, "null", 4);
	}
	end = read_number(parser, number, &exact);
	if (end == NULL || !exact)
		return false;
	parser->s = end;
	return true;
}

/*
 * Parse elements of an array while they are null or exact numbers: at most a
 * batch, and a stretch.  *more tells whether another element follows.
 */
static AtlStatus
parse_numbers(Parser *parser, bool *more)
{
	double		numbers[BATCH];
	const char *stop = atl_stretch_end(parser->s, parser->end);
	uint32_t	n = 0;

	*more = true;
	while (*more && n < BATCH && parser->s < stop && take_element(parser, next_char(parser), &numbers[n]))
	{
		n++;
		*more = next_char(parser) == ',';
		parser->s += *more;
	}
	return n == 0 ? ATL_OK : parser->sink->push_numbers(parser->sink->context, numbers, n);
}


/*
 * Containers
 */

/* The outermost container of bare members is not a token. */
static bool
is_bare(const Parser *parser)
{
	return parser->bare && parser->open.size == 0;
}

static AtlStatus
open_container(Parser *parser, char bracket)
{
	bool		bare = is_bare(parser);

	ATL_TRY(atl_buffer_append(&parser->open, &bracket, 1));
	return bare ? ATL_OK : atl_push_mark(parser->sink, bracket == '{' ? ATL_OBJECT_START : ATL_ARRAY_START);
}

static AtlStatus
close_container(Parser *parser)
{
	bool		object = *parser->s++ == '}';

	parser->open.size--;
	return is_bare(parser) ? ATL_OK : atl_push_mark(parser->sink, object ? ATL_OBJECT_END : ATL_ARRAY_END);
}

static bool
in_object(const Parser *parser)
{
	return parser->open.size > 0 && parser->open.bytes[parser->open.size - 1] == '{';
}

static AtlStatus
parse_key(Parser *parser)
{
	AtlText		key;

	if (next_char(parser) != '"')
		return ATL_DAMAGED;
	ATL_TRY(parse_string(parser, &key));
	if (next_char(parser) != ':')
		return ATL_DAMAGED;
	parser->s++;
	return atl_push_text(parser->sink, ATL_KEY, key);
}

static AtlStatus
parse_word(Parser *parser, const char *word, AtlTokenKind kind)
{
	return take_word(parser, word, strlen(word)) ? atl_push_mark(parser->sink, kind) : ATL_DAMAGED;
}

/* A scalar, or the opening of a container (opened is set). */
static AtlStatus
parse_value(Parser *parser, bool *opened)
{
	AtlText		string;
	char		c = next_char(parser);

	*opened = false;
	switch (c)
	{
		case '{':
		case '[':
			*opened = true;
			parser->s++;
			return open_container(parser, c);
		case '"':
			ATL_TRY(parse_string(parser, &string));
			return atl_push_text(parser->sink, ATL_STRING, string);
		case 't':
			return parse_word(parser, "true", ATL_TRUE);
		case 'f':
			return parse_word(parser, "false", ATL_FALSE);
		case 'n':
			return parse_word(parser, "null", ATL_NULL);
		default:
			return parse_number(parser);
	}
}

/* Parse a member or element, or only its opening bracket (opened is set). */
static AtlStatus
parse_item(Parser *parser, bool *opened)
{
	bool		more = true;

	*opened = false;
	if (in_object(parser))
		ATL_TRY(parse_key(parser));
	else if (parser->sink->form(parser->sink->context) == ATL_AS_NUMBERS)
		ATL_TRY(parse_numbers(parser, &more));
	return more ? parse_value(parser, opened) : ATL_OK;
}

/* Parse behind an item: close containers, up to the next comma or the end. */
static AtlStatus
parse_rest(Parser *parser)
{
	while (parser->open.size > 0)
	{
		char		c = next_char(parser);

		if (c == ',')
		{
			parser->s++;
			return ATL_OK;
		}
		if (c != (in_object(parser) ? '}' : ']'))
			return ATL_DAMAGED;
		ATL_TRY(close_container(parser));
	}
	return ATL_OK;
}

static AtlStatus
parse_document(Parser *parser, size_t max_depth)
{
	bool		opened;

	ATL_TRY(parse_value(parser, &opened));
	while (parser->open.size > 0)
	{
		char		c = next_char(parser);

		if (parser->open.size > max_depth)
			return ATL_DAMAGED;
		atl_poll(parser->host);
		/* An empty container has no item. */
		if (!opened || (c != '}' && c != ']'))
			ATL_TRY(parse_item(parser, &opened));
		else
			opened = false;
		if (!opened)
			ATL_TRY(parse_rest(parser));
	}
	parser->complete = true;
	return next_char(parser) != '\0' || parser->s != parser->end ? ATL_DAMAGED : ATL_OK;
}

/* *stop: how far the text was read. */
static AtlStatus
parse(const AtlSink *sink, const AtlHost *host, AtlText json, bool bare, size_t max_depth, AtlJsonStop *stop)
{
	Parser		parser = {.s = json.text, .end = json.text + json.size, .sink = sink, .host = host, .work = {.host = host}, .bare = bare};
	AtlStatus	status;

	atl_buffer_init(&parser.string, host);
	atl_buffer_init(&parser.open, host);
	status = parse_document(&parser, max_depth);
	atl_buffer_free(&parser.string);
	atl_buffer_free(&parser.open);
	stop->at = (size_t) (parser.s - json.text);
	stop->complete = parser.complete;
	return status;
}

AtlStatus
atl_json_read(const AtlSink *sink, const AtlHost *host, AtlText json)
{
	AtlJsonStop stop;

	return parse(sink, host, json, false, ATL_JSON_DEPTH, &stop);
}

AtlStatus
atl_json_read_to_stop(const AtlSink *sink, const AtlHost *host, AtlText json, AtlJsonStop *stop)
{
	return parse(sink, host, json, false, SIZE_MAX, stop);
}

AtlStatus
atl_json_read_value(const AtlSink *sink, const AtlHost *host, AtlText json)
{
	AtlJsonStop stop;

	return atl_text_is_utf8(host, json) ? parse(sink, host, json, false, SIZE_MAX, &stop) : ATL_DAMAGED;
}

AtlStatus
atl_json_read_members(const AtlSink *sink, const AtlHost *host, AtlText json)
{
	AtlJsonStop stop;

	if (json.size == 0)
		return ATL_OK;
	if (json.text[0] != '{' || !atl_text_is_utf8(host, json))
		return ATL_DAMAGED;
	return parse(sink, host, json, true, SIZE_MAX, &stop);
}
