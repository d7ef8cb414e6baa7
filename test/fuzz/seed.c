/*
 * seed.c
 *		Makes a corpus file for fuzz target "image" of JSON text:
 *
 *	seed <timeline.json >image
 */
#include <stdio.h>

#include "support.h"

#define MAX_TEXT	(1024 * 1024)

int
main(void)
{
	static char text[MAX_TEXT];
	size_t		size = fread(text, 1, sizeof(text), stdin);
	UnitHost	host;
	UnitImage	image;
	AtlProblem	problem;
	AtlStatus	status;

	unit_host_init(&host);
	status = unit_image_from_text(&host, text, size, &image, &problem);
	if (status != ATL_OK)
	{
		fprintf(stderr, "seed: status %d: %s\n", (int) status, problem.message);
		return 1;
	}
	fwrite(image.bytes, 1, image.size, stdout);
	unit_image_free(&image);
	return 0;
}
