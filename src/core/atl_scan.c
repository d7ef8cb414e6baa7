/*
 * atl_scan.c
 *		Canonical JSON text, as an image holds it, to tokens.
 *
 * Not a JSON parser: it takes exactly what AtlFragment prints, compact and with
 * the escapes that we use.  Text from users goes through the server's parser.
 */
#include "atl.h"
#include "atl_json.h"

#include <string.h>

typedef struct Scanner
{
	const char *s;
	const char *end;
	AtlBuilder *builder;
	AtlBuffer	string;			/* the string in hand, unescaped */
	AtlBuffer	open;			/* open containers: '{' or '[' */
	bool		bare;			/* the outermost braces are not pushed */
} Scanner;

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int) (found - digits);
}

/* After a backslash: the byte that is meant, or -1.  Only what we write. */
static int
scan_escape(Scanner *scanner)
{
	static const char from[] = "\"\\bfnrt";
	static const char to[] = "\"\\\b\f\n\r\t";
	const char *found;
	int			high;
	int			low;

	if (scanner->s >= scanner->end)
		return -1;
	if (*scanner->s != 'u')
	{
		found = *scanner->s == '\0' ? NULL : strchr(from, *scanner->s);
		scanner->s++;
		return found == NULL ? -1 : to[found - from];
	}
	if (scanner->end - scanner->s < 5 || scanner->s[1] != '0' || scanner->s[2] != '0')
		return -1;
	high = hex_value(scanner->s[3]);
	low = hex_value(scanner->s[4]);
	scanner->s += 5;
	return high <= 0 && low <= 0 ? -1 : high * 16 + low;
}

/* The rest of a string, from behind its opening quote. */
static AtlStatus
scan_string(Scanner *scanner, AtlText *string)
{
	AtlBuffer  *out = &scanner->string;
	AtlStatus	status = ATL_OK;

	out->size = 0;
	while (status == ATL_OK)
	{
		const char *start = scanner->s;
		int			c;
		char		byte;

		while (scanner->s < scanner->end && *scanner->s != '"' && *scanner->s != '\\')
			scanner->s++;
		status = atl_buffer_append(out, start, scanner->s - start);
		if (scanner->s >= scanner->end)
			return ATL_DAMAGED;
		if (status != ATL_OK || *scanner->s++ == '"')
			break;
		c = scan_escape(scanner);
		if (c < 0)
			return ATL_DAMAGED;
		byte = (char) c;
		status = atl_buffer_append(out, &byte, 1);
	}
	string->text = (const char *) atl_buffer_at(out, 0);
	string->size = (uint32_t) out->size;
	return status;
}

static AtlStatus
push(Scanner *scanner, AtlTokenKind kind, AtlText text)
{
	AtlToken	token = {.kind = kind, .text = text};

	return atl_build_push(scanner->builder, token);
}

static bool
scan_word(Scanner *scanner, const char *word)
{
	size_t		size = strlen(word);

	if ((size_t) (scanner->end - scanner->s) < size || memcmp(scanner->s, word, size) != 0)
		return false;
	scanner->s += size;
	return true;
}

static bool
scan_digits(Scanner *scanner)
{
	const char *start = scanner->s;

	while (scanner->s < scanner->end && *scanner->s >= '0' && *scanner->s <= '9')
		scanner->s++;
	return scanner->s > start;
}

/* A number, in JSON's grammar. */
static AtlStatus
scan_number(Scanner *scanner)
{
	AtlText		number = {scanner->s, 0};
	bool		good;

	scan_word(scanner, "-");
	good = scan_word(scanner, "0") || scan_digits(scanner);
	if (good && scan_word(scanner, "."))
		good = scan_digits(scanner);
	if (good && scan_word(scanner, "e"))
	{
		if (!scan_word(scanner, "+"))
			scan_word(scanner, "-");
		good = scan_digits(scanner);
	}
	number.size = (uint32_t) (scanner->s - number.text);
	return good ? push(scanner, ATL_NUMBER, number) : ATL_DAMAGED;
}

/* The outermost container of bare members is not a token. */
static bool
is_bare(const Scanner *scanner)
{
	return scanner->bare && scanner->open.size == 0;
}

static AtlStatus
open_container(Scanner *scanner, char bracket)
{
	AtlText		none = {NULL, 0};
	bool		bare = is_bare(scanner);
	AtlStatus	status = atl_buffer_append(&scanner->open, &bracket, 1);

	if (status != ATL_OK || bare)
		return status;
	return push(scanner, bracket == '{' ? ATL_OBJECT_START : ATL_ARRAY_START, none);
}

static bool
in_object(const Scanner *scanner)
{
	return scanner->open.size > 0 && scanner->open.bytes[scanner->open.size - 1] == '{';
}

static AtlStatus
scan_key(Scanner *scanner)
{
	AtlText		key;
	AtlStatus	status;

	if (!scan_word(scanner, "\""))
		return ATL_DAMAGED;
	status = scan_string(scanner, &key);
	if (status == ATL_OK && !scan_word(scanner, ":"))
		status = ATL_DAMAGED;
	return status != ATL_OK ? status : push(scanner, ATL_KEY, key);
}

/* A scalar, or the opening of a container (opened is set). */
static AtlStatus
scan_value(Scanner *scanner, bool *opened)
{
	AtlText		text = {NULL, 0};
	AtlStatus	status = in_object(scanner) ? scan_key(scanner) : ATL_OK;

	if (status != ATL_OK)
		return status;
	*opened = scanner->s < scanner->end && (*scanner->s == '{' || *scanner->s == '[');
	if (*opened)
		return open_container(scanner, *scanner->s++);
	if (scan_word(scanner, "true"))
		return push(scanner, ATL_TRUE, text);
	if (scan_word(scanner, "false"))
		return push(scanner, ATL_FALSE, text);
	if (scan_word(scanner, "null"))
		return push(scanner, ATL_NULL, text);
	if (!scan_word(scanner, "\""))
		return scan_number(scanner);
	status = scan_string(scanner, &text);
	return status != ATL_OK ? status : push(scanner, ATL_STRING, text);
}

/* Close the innermost container, if its bracket comes next. */
static AtlStatus
scan_close(Scanner *scanner, bool *closed)
{
	bool		object = in_object(scanner);
	AtlText		none = {NULL, 0};

	*closed = scan_word(scanner, object ? "}" : "]");
	if (!*closed)
		return ATL_OK;
	scanner->open.size--;
	if (is_bare(scanner))
		return ATL_OK;
	return push(scanner, object ? ATL_OBJECT_END : ATL_ARRAY_END, none);
}

static AtlStatus
scan_document(Scanner *scanner)
{
	bool		opened;
	AtlStatus	status = scan_value(scanner, &opened);

	while (status == ATL_OK && scanner->open.size > 0)
	{
		bool		closed;

		status = scan_close(scanner, &closed);
		if (status == ATL_OK && closed)
			opened = false;
		else if (status == ATL_OK && !opened && !scan_word(scanner, ","))
			status = ATL_DAMAGED;
		else if (status == ATL_OK)
			status = scan_value(scanner, &opened);
	}
	return status == ATL_OK && scanner->s != scanner->end ? ATL_DAMAGED : status;
}

static AtlStatus
scan(AtlBuilder *builder, const AtlHost *host, AtlText json, bool bare)
{
	Scanner		scanner = {.s = json.text, .end = json.text + json.size, .builder = builder, .bare = bare};
	AtlStatus	status;

	if (!atl_text_is_utf8(json) || (bare && json.text[0] != '{'))
		return ATL_DAMAGED;
	atl_buffer_init(&scanner.string, host);
	atl_buffer_init(&scanner.open, host);
	status = scan_document(&scanner);
	atl_buffer_free(&scanner.string);
	atl_buffer_free(&scanner.open);
	return status;
}

AtlStatus
atl_scan_value(AtlBuilder *builder, const AtlHost *host, AtlText json)
{
	return scan(builder, host, json, false);
}

AtlStatus
atl_scan_members(AtlBuilder *builder, const AtlHost *host, AtlText json)
{
	return json.size == 0 ? ATL_OK : scan(builder, host, json, true);
}
