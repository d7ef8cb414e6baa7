/*
 * golden_write.c
 *		Writes the .hex of each golden document that has none.
 *
 * Golden bytes are kept for ever: a file that is there is never touched.  To
 * add one, put test/golden/v<version>-<name>.json there and run
 * "make -C test/unit golden".
 */
#include <stdio.h>
#include <stdlib.h>

#include "golden.h"

/* Write one, if it is missing; false when the document is not valid. */
static bool
write_missing(const char *document)
{
	char		path[1024];
	size_t		size;
	char	   *json = unit_file_read(document, &size);
	FILE	   *there = fopen(unit_golden_hex_path(document, path), "rb");
	UnitHost	host;
	UnitImage	image = {NULL, 0};
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
	bool		good = json != NULL;

	unit_host_init(&host);
	if (there != NULL)
		fclose(there);
	else if (good)
	{
		good = unit_image_from_text(&host, json, size, &image, &problem) == ATL_OK &&
			unit_hex_write(path, &image);
		printf("%s: %s\n", path, good ? "written" : problem.message);
	}
	unit_image_free(&image);
	free(json);
	return good;
}

int
main(void)
{
	const char *document;
	bool		good = true;

	for (size_t i = 0; (document = unit_golden_document(i)) != NULL; i++)
		good = write_missing(document) && good;
	return good ? 0 : 1;
}
