/*
 * fault.c
 *		What is wrong with a text that is not JSON.
 *
 * Only what people and programs often write in place of JSON is recognised, by
 * the characters where the text stops being JSON.
 */
#include "core/json/fault.h"

#include <string.h>

#include "core/base/work.h"

/* Encoders break lines of base64 after 64 or 76 characters. */
#define BASE64_LINE	60

typedef struct Fault
{
	AtlText		json;
	size_t		stop;
	bool		complete;
	char		before;			/* the last character before that is no space;
								 * '\0': there is none */
} Fault;

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static char
last_before(const AtlHost *host, AtlText json, size_t stop)
{
	AtlWork		work = {.host = host};

	for (; stop > 0 && is_space(json.text[stop - 1]); stop--)
		atl_work(&work, 2);
	return stop > 0 ? json.text[stop - 1] : '\0';
}

static Fault
fault_at(const AtlHost *host, AtlText json, AtlJsonStop stop)
{
	Fault		fault = {json, stop.at, stop.complete, last_before(host, json, stop.at)};

	return fault;
}

/* The byte at so many bytes behind the stop, or '\0' behind the end. */
static char
byte_at(const Fault *fault, size_t offset)
{
	size_t		i = fault->stop + offset;

	return i < fault->json.size ? fault->json.text[i] : '\0';
}

static bool
stops_at(const Fault *fault, const char *word)
{
	size_t		size = strlen(word);

	return fault->json.size - fault->stop >= size &&
		memcmp(fault->json.text + fault->stop, word, size) == 0;
}

static bool
stops_at_one_of(const Fault *fault, const char *const *words)
{
	for (; *words != NULL; words++)
		if (stops_at(fault, *words))
			return true;
	return false;
}

bool
atl_json_fault_is_nul(AtlText json, AtlJsonStop stop)
{
	const Fault fault = {.json = json, .stop = stop.at};

	return stops_at(&fault, "\\u0000");
}

bool
atl_json_fault_is_value(const AtlHost *host, AtlText json, AtlJsonStop stop)
{
	return last_before(host, json, stop.at) == ':';
}

/* Something that stands for a value, but is none of JSON's words. */
static const char *
word_hint(const Fault *fault)
{
	static const char *const nan[] = {"NaN", "nan", "NAN", "-NaN", "-nan", "-1.#IND", "1.#QNAN", NULL};
	static const char *const infinity[] = {"Infinity", "-Infinity", "inf", "-inf", "+inf", "Inf", "-Inf", "+Infinity", NULL};
	static const char *const python[] = {"None", "True", "False", "array(", "tensor(", "np.", NULL};

	if (stops_at_one_of(fault, nan))
		return "JSON has no NaN: write null for a number that is missing.";
	if (stops_at_one_of(fault, infinity))
		return "JSON has no infinity: write null, or the number that stands for silence or no limit.";
	if (stops_at_one_of(fault, python))
		return "The text is Python's own notation: write it with json.dumps.";
	if (stops_at(fault, "undefined"))
		return "undefined is no JSON: the client had no document, or left a member undefined; leave it out or write null.";
	return NULL;
}

static const char escaped[] = "Quotes outside of strings are escaped (\\\"): the text was escaped once too often.";

/* At the start of the text, where a document should begin. */
static const char *
start_hint(const Fault *fault)
{
	if (stops_at(fault, "\xEF\xBB\xBF"))
		return "Remove the byte-order mark (U+FEFF) before the document.";
	if (fault->stop == fault->json.size)
		return "The text is empty; where there is no timeline, give NULL.";
	if (stops_at(fault, "\\"))
		return escaped;
	return "The text does not begin like JSON: a document is an object, { ... }.";
}

/* Whether a value, a string or a container has just ended. */
static bool
is_behind_value(const Fault *fault)
{
	return is_digit(fault->before) || (fault->before != '\0' && strchr("\"}]el", fault->before) != NULL);
}

/* A number in a form that JSON does not have. */
static bool
is_odd_number(const Fault *fault)
{
	char		c = byte_at(fault, 0);
	char		touching = fault->stop > 0 ? fault->json.text[fault->stop - 1] : '\0';

	if (is_digit(touching))
		return is_digit(c) || is_letter(c) || c == '.';
	return (c == '+' || c == '.' || c == '-' || is_digit(c)) && !is_behind_value(fault);
}

/* Whether a whole line of base64 text is before the stop. */
static bool
is_behind_base64(const Fault *fault)
{
	const char *end = fault->json.text + fault->stop;

	if (fault->stop < BASE64_LINE)
		return false;
	for (const char *c = end - BASE64_LINE; c < end; c++)
		if (!is_letter(*c) && !is_digit(*c) && *c != '+' && *c != '/' && *c != '\r')
			return false;
	return true;
}

/* Inside a string. */
static const char *
string_hint(const Fault *fault)
{
	char		c = byte_at(fault, 0);

	if (stops_at(fault, "\\u0000"))
		return "Text cannot hold the character U+0000: remove it.";
	if (stops_at(fault, "\\u"))
		return "\\u takes four hexadecimal digits; a character above U+FFFF is a pair of them, a surrogate alone is none.";
	if (stops_at(fault, "\\\""))
		return escaped;
	if (c == '\\')
		return "After \\ in a string comes one of \" \\ / b f n r t u; a backslash itself is \\\\.";
	if (c > 0 && c < ' ' && !is_space(c))
		return "Control characters in a string are written \\u and four digits.";
	if ((c == '\n' || c == '\r') && is_behind_base64(fault))
		return "base64 text has no line breaks here: remove them, in SQL by translate(encode(bytes, 'base64'), E'\\n', '').";
	if (c > 0 && c < ' ')
		return "A line break or tab in a string is written \\n or \\t; COPY's text format takes one backslash away, its csv format none.";
	return NULL;
}

/* Whether a word without quotes, not too long, and then a colon is at the stop. */
static bool
is_bare_key(const Fault *fault)
{
	size_t		i = 0;

	while (i < ATL_STRETCH && (is_letter(byte_at(fault, i)) || is_digit(byte_at(fault, i))))
		i++;
	while (i < ATL_STRETCH && is_space(byte_at(fault, i)))
		i++;
	return is_letter(byte_at(fault, 0)) && byte_at(fault, i) == ':';
}

/* Where a key, a comma or a bracket should be. */
static const char *
structure_hint(const Fault *fault)
{
	char		c = byte_at(fault, 0);

	if (c == '\'')
		return "JSON's quotes are double quotes; in Python write the document with json.dumps.";
	if (c == '/' || c == '#')
		return "JSON has no comments: remove it.";
	if ((c == '}' || c == ']') && fault->before == ',')
		return "Remove the comma before the closing bracket.";
	if (stops_at(fault, "\xE2\x80\x9C") || stops_at(fault, "\xE2\x80\x9D"))
		return "JSON's quotes are plain double quotes, not typographic ones.";
	if ((uint8_t) c >= 0x80)
		return "Between its parts JSON takes only spaces, tabs and line breaks.";
	if (c == ',' && !is_behind_value(fault))
		return "A value is missing before this comma.";
	if (is_bare_key(fault) && (fault->before == '{' || fault->before == ','))
		return "Keys are strings in double quotes; JSON.stringify and json.dumps write them so.";
	if (is_letter(c) && !is_behind_value(fault))
		return "Text is written in double quotes; the words of JSON are true, false and null.";
	if (is_behind_value(fault) && c != '\0' && strchr("\"{[-0123456789tfn", c) != NULL && fault->json.text[fault->stop - 1] != '"')
		return "A comma is missing before this value or key.";
	if (fault->before == '"')
		return "A quote inside a string is written \\\"; COPY's text format takes one backslash away, its csv format none.";
	return NULL;
}

const char *
atl_json_fault_hint(const AtlHost *host, AtlText json, AtlJsonStop stop)
{
	static const char *const object[] = {"object Object", "object Undefined", "object Null", NULL};
	Fault		fault = fault_at(host, json, stop);
	const char *hint = word_hint(&fault);

	if (hint != NULL)
		return hint;
	if (stops_at_one_of(&fault, object) && fault.before == '[')
		return "The client wrote an object as [object Object]: pass the object itself, or JSON.stringify of it.";
	if (fault.complete && (byte_at(&fault, 0) == '{' || byte_at(&fault, 0) == '['))
		return "The text holds more than one document, as files of JSON lines do: give them one by one.";
	if (fault.before == '\0')
		return start_hint(&fault);
	if (fault.stop == json.size)
		return "The text ends in the middle of the document: it was cut off.";
	if (fault.complete)
		return "Something follows the end of the document: remove it.";
	hint = string_hint(&fault);
	if (hint == NULL && is_odd_number(&fault))
		hint = "JSON's numbers have no plus sign, no leading zeros, and digits on both sides of the point.";
	return hint == NULL ? structure_hint(&fault) : hint;
}

static AtlStatus
drop_token(void *context, const AtlToken *token)
{
	(void) context;
	(void) token;
	return ATL_OK;
}

static AtlStatus
drop_numbers(void *context, const double *numbers, uint32_t n)
{
	(void) context;
	(void) numbers;
	(void) n;
	return ATL_OK;
}

AtlSink
atl_json_nowhere(void)
{
	AtlSink		sink = {NULL, drop_token, drop_numbers, atl_as_text};

	return sink;
}

AtlTextPlace
atl_json_fault_place(const AtlHost *host, AtlText json, AtlJsonStop stop)
{
	AtlTextPlace place = {1, 1};
	AtlWork		work = {.host = host};

	for (size_t i = 0; i < stop.at && i < json.size; i++)
	{
		atl_work(&work, 2);
		if (json.text[i] == '\n')
		{
			place.line++;
			place.character = 1;
		}
		else if ((json.text[i] & 0xC0) != 0x80)
			place.character++;
	}
	return place;
}
