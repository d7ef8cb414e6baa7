/*
 * view.h
 *		An image, open for reading: header, section table, and pieces of sections.
 *
 * A lookup touches what it needs and no more: bytes of an image are read
 * through an AtlSource, piece by piece.
 */
#ifndef ATL_IMAGE_VIEW_H
#define ATL_IMAGE_VIEW_H

#include "core/base/status.h"
#include "core/format.h"

/*
 * A source hands out pieces of one image.  fetch
 * returns the bytes [offset, offset + size), which stay readable as long as
 * the source; the view only asks for what lies inside source.size.
 *
 * prefetch, which may be NULL, is told what will be fetched next, so that a
 * source that reads can read it in one go.  It changes no answer.
 *
 * poll, which may be NULL, is called every now and then in long work on the
 * image, and need not return.  A view has no host, for it needs no memory; who
 * hands out the bytes is who can be asked to stop, and a view that is kept for
 * many calls gets the poll of each call with the source of that call.
 */
typedef struct AtlSource
{
	const uint8_t *(*fetch) (void *context, uint32_t offset, uint32_t size);
	void	   *context;
	uint32_t	size;			/* of the whole image */
	void		(*prefetch) (void *context, const AtlSpan *ranges, uint32_t n);
	void		(*poll) (void *context);
} AtlSource;

/* A source over bytes in memory. */
extern AtlSource atl_memory_source(const void *image, uint32_t size);

/*
 * What is known of the piece that a number was last read from alone: who holds
 * a view open for many lookups gives it one, with no words.
 */
typedef struct AtlMemo
{
	uint32_t	start;			/* of the piece, in its section */
	AtlEncoding encoding;
	uint32_t	num_words;		/* its first ones, as far as they were needed */
	uint64_t	words[ATL_PIECE_NUMBERS];
} AtlMemo;

typedef struct AtlView
{
	AtlSource	source;
	AtlMemo    *memo;			/* may be NULL */
	double		duration;		/* seconds */
	uint32_t	sample_rate;	/* Hz */
	uint32_t	present;		/* ATL_ATL_HAS_... */
	uint32_t	num_events;
	uint32_t	num_markers;
	uint32_t	num_features;
	AtlSpan	sections[ATL_SECTION_KINDS];
} AtlView;

static inline void
atl_view_poll(const AtlView *view)
{
	if (view->source.poll != NULL)
		view->source.poll(view->source.context);
}

/* Read and check header and section table; nothing else. */
extern AtlStatus atl_view_open(AtlView *view, AtlSource source);

/* A piece of a section, or ATL_DAMAGED when it does not lie inside. */
extern AtlStatus atl_view_fetch(const AtlView *view, AtlSectionKind kind,
								uint64_t offset, uint64_t size,
								const uint8_t **bytes);

/*
 * Say which pieces of a section will be fetched next, best in ascending order;
 * ATL_DAMAGED when one does not lie inside.
 */
extern AtlStatus atl_view_prefetch(const AtlView *view, AtlSectionKind kind,
								   const AtlSpan *ranges, uint32_t n);

/* The whole of a text section; empty if there is none. */
extern AtlStatus atl_view_text(const AtlView *view, AtlSectionKind kind, AtlText *text);

#endif							/* ATL_IMAGE_VIEW_H */
