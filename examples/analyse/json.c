/*
 * json.c
 *		JSON strings and numbers.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"

/* Length of the well-formed UTF-8 character at "text", 0 if it is none. */
static int
utf8_length(const unsigned char *text)
{
	unsigned char first = text[0];
	int			length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if ((first >= 0x80 && first < 0xc2) || first > 0xf4)
		return 0;
	for (int i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, past U+10FFFF */
	if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) ||
		(first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

/* A file name may hold any bytes: what is not UTF-8 becomes U+FFFD. */
void
an_json_string(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *) text;

	fputc('"', out);
	while (*at)
	{
		int			length = utf8_length(at);

		if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else if (*at < 0x20)
			fprintf(out, "\\u%04x", *at);
		else if (length == 0)
			fputs("\\ufffd", out);
		else
			fwrite(at, 1, length, out);
		at += length ? length : 1;
	}
	fputc('"', out);
}

/*
 * The shortest of 15 to 17 digits that reads back to the same double, as a
 * JavaScript client would send it; null for what JSON cannot say.
 */
void
an_json_number(FILE *out, double number)
{
	char		text[32];

	if (!isfinite(number))
	{
		fputs("null", out);
		return;
	}
	if (number == 0)
		number = 0;				/* no minus sign */
	for (int digits = 15; digits <= 17; digits++)
	{
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	fputs(text, out);
}
