/*
 * golden.c
 *		Files of test/golden.
 */
#include "golden.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define PATH_SIZE		1024
#define BYTES_PER_LINE	32

const char *
unit_golden_document(size_t i)
{
	static char path[PATH_SIZE];
	glob_t		found;
	bool		there = glob(GOLDEN_DIR "/v*.json", 0, NULL, &found) == 0 && i < found.gl_pathc;

	if (there)
		snprintf(path, sizeof(path), "%s", found.gl_pathv[i]);
	globfree(&found);
	return there ? path : NULL;
}

char *
unit_file_read(const char *path, size_t *size)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text = NULL;
	long		length = -1;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0)
		length = ftell(file);
	rewind(file);
	if (length >= 0)
		text = calloc(1, (size_t) length + 1);
	*size = text == NULL ? 0 : fread(text, 1, (size_t) length, file);
	fclose(file);
	return text;
}

const char *
unit_golden_hex_path(const char *document, char *path)
{
	int			stem = (int) (strrchr(document, '.') - document);

	snprintf(path, PATH_SIZE, "%.*s.hex", stem, document);
	return path;
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int) (found - digits);
}

bool
unit_hex_read(const char *path, UnitImage *image)
{
	size_t		size;
	char	   *text = unit_file_read(path, &size);
	bool		good = text != NULL;

	image->bytes = malloc(size / 2 + 1);
	image->size = 0;
	for (size_t i = 0; good && i < size; i++)
	{
		if (text[i] == '\n')
			continue;
		good = hex_digit(text[i]) >= 0 && hex_digit(text[i + 1]) >= 0;
		image->bytes[image->size++] = (uint8_t) (hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
		i++;
	}
	free(text);
	return good && image->size > 0;
}

bool
unit_hex_write(const char *path, const UnitImage *image)
{
	FILE	   *file = fopen(path, "wx");

	if (file == NULL)
		return false;
	for (uint32_t i = 0; i < image->size; i++)
		fprintf(file, "%02x%s", image->bytes[i],
				(i + 1) % BYTES_PER_LINE == 0 || i + 1 == image->size ? "\n" : "");
	return fclose(file) == 0;
}

UnitImage
unit_golden_image(UnitHost *host, const char *document)
{
	size_t		size;
	char	   *json = unit_file_read(document, &size);
	UnitImage	image = {NULL, 0};
	AtlProblem	problem;

	unit_context("%s", document);
	if (CHECK(json != NULL))
		CHECK_INT(unit_image_from_text(host, json, size, &image, &problem), ATL_OK);
	free(json);
	return image;
}
