/*
 * support.h
 *		What the core needs around it in tests: a host, JSON text in and out,
 *		and sources that notice what is read.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "core/atl.h"

/*
 * A host that counts its memory.  Every resize moves the block, so that
 * nothing may hold on to the old place.
 */
typedef struct UnitHost
{
	AtlHost		host;
	size_t		blocks;			/* not freed yet */
	size_t		bytes;			/* in them */
	size_t		limit;			/* bytes past this are refused */
	size_t		calls;			/* allocations so far */
	size_t		fail_at;		/* the call that fails; 0 for none */
	size_t		polls;
	const AtlEncodingRule *rule;	/* that builders follow, or NULL */
} UnitHost;

extern void unit_host_init(UnitHost *host);

/* Memory of the server's JSON parser: all of it is freed at once. */
extern void unit_parser_free(void);

/* An image in memory from malloc, of exactly its size. */
typedef struct UnitImage
{
	uint8_t    *bytes;
	uint32_t	size;
} UnitImage;

/*
 * Build from JSON text; with collect, problems are gathered and there is no
 * image.  ATL_DAMAGED: the text is not JSON, or not UTF-8.  problem may be
 * NULL; its code is ATL_PROBLEM_NONE when there is none.
 */
extern AtlStatus unit_image_from_text(UnitHost *host, const char *json, size_t size,
									  UnitImage *image, AtlProblem *problem);

/* The image built again from its own content, by the host's rule. */
extern AtlStatus unit_image_again(UnitHost *host, const AtlView *view, UnitImage *image);
extern void unit_image_free(UnitImage *image);

/*
 * A builder that has taken the whole text, or NULL when it is not JSON: as the
 * type's input function does it, or always by the server's own parser.
 */
extern AtlBuilder *unit_builder_from_text(UnitHost *host, const char *json, size_t size,
										  bool collect, AtlStatus *status);
extern AtlBuilder *unit_builder_by_server(UnitHost *host, const char *json, size_t size,
										  bool collect, AtlStatus *status);

/*
 * A source that hands out every piece as a block of its own, so that the
 * sanitizers see any read outside of what was fetched; and that counts.
 */
typedef struct UnitPiece UnitPiece;

typedef struct UnitSource
{
	const uint8_t *bytes;
	uint32_t	size;
	UnitPiece  *pieces;
	uint64_t	fetches;
	uint64_t	fetched;		/* bytes */
	uint32_t	largest;		/* piece */
	uint64_t	prefetches;		/* ranges that were announced */
	uint64_t	prefetched;		/* bytes in them */
	uint64_t	polls;
} UnitSource;

extern AtlSource unit_source(UnitSource *source, const uint8_t *bytes, uint32_t size);

/* Free the pieces; views on the source must be done with them. */
extern void unit_source_release(UnitSource *source);

/* A document as an image that is open, read piece by piece. */
typedef struct UnitTimeline
{
	UnitHost	host;
	UnitImage	image;
	UnitSource	source;
	AtlView		view;
} UnitTimeline;

/* False, and nothing to close, when the text is no valid document. */
extern bool unit_open(UnitTimeline *timeline, const char *json, size_t size);
extern void unit_close(UnitTimeline *timeline);

/* Append formatted text to a buffer. */
extern void unit_append(AtlBuffer *buffer, const char *format, ...)
			__attribute__((format(printf, 2, 3)));

#endif							/* SUPPORT_H */
