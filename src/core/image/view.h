/*
 * view.h
 *		An image, open for reading: header, section table, and pieces of sections.
 *
 * Bytes of an image are read through an AtlSource, piece by piece, so a lookup
 * reads only the pieces that the lookup needs.
 */
#ifndef ATL_IMAGE_VIEW_H
#define ATL_IMAGE_VIEW_H

#include "core/base/status.h"
#include "core/format.h"

/*
 * A source hands out pieces of one image.  fetch returns the bytes [offset,
 * offset + size), which stay readable as long as the source exists; the view
 * only fetches bytes inside source.size.
 *
 * prefetch, which may be NULL, gets the ranges that will be fetched next, so
 * that a source can read them in one go.  Prefetching changes no result.
 *
 * poll, which may be NULL, is called every now and then in long work on the
 * image, and need not return.  poll belongs to the source because a view
 * allocates no memory and so has no host, and because a view kept for many
 * calls gets a new source, with the poll of the call, in each call.
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
 * Cache for reads of single numbers: words of the piece read last.  A caller
 * that keeps a view open for many lookups sets view->memo, with num_words 0.
 */
typedef struct AtlMemo
{
	uint32_t	start;			/* of the piece, in its section */
	AtlEncoding encoding;
	uint32_t	num_words;		/* first words of the piece, decoded so far */
	uint64_t	words[ATL_PIECE_NUMBERS];
} AtlMemo;

typedef struct AtlView
{
	AtlSource	source;
	AtlMemo    *memo;			/* may be NULL */
	double		duration;		/* seconds */
	double		start_time;		/* seconds, at most 0: where it begins */
	uint32_t	sample_rate;	/* Hz */
	uint32_t	present;		/* ATL_HAS_... */
	uint32_t	num_events;
	uint32_t	num_markers;
	uint32_t	num_features;
	AtlSpan		sections[ATL_SECTION_KINDS];
} AtlView;

/*
 * Times up to one sample period outside of [start time, duration] are rounding:
 * documents may have them, and they count as at the bound.
 */
static inline double
atl_view_rounding(const AtlView *view)
{
	return 1.0 / view->sample_rate;
}

static inline void
atl_view_poll(const AtlView *view)
{
	if (view->source.poll != NULL)
		view->source.poll(view->source.context);
}

/* Read and check header and section table; nothing else. */
extern AtlStatus atl_view_open(AtlView *view, AtlSource source);

/* Fetch a piece of a section; ATL_DAMAGED if not inside the section. */
extern AtlStatus atl_view_fetch(const AtlView *view, AtlSectionKind kind,
								uint64_t offset, uint64_t size,
								const uint8_t **bytes);

/*
 * Announce the pieces of a section that will be fetched next, best in
 * ascending order; ATL_DAMAGED if a piece does not lie inside the section.
 */
extern AtlStatus atl_view_prefetch(const AtlView *view, AtlSectionKind kind,
								   const AtlSpan *ranges, uint32_t n);

/* The whole of a text section; empty if there is none. */
extern AtlStatus atl_view_text(const AtlView *view, AtlSectionKind kind, AtlText *text);

#endif							/* ATL_IMAGE_VIEW_H */
