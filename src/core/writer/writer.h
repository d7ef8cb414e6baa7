/*
 * writer.h
 *		The inside of the writer: the parts of an image.
 *
 * The size functions are exact: writing fills exactly so many bytes.
 *
 *	image.c			order, layout, header
 *	track.c			events and markers: dictionary and index
 *	block.h			the files that make blocks of events and markers
 *	feature.c		features: entries and texts
 *	series.c		numbers of features: pieces and summaries
 *	groups.c		pieces of features in the image, group by group
 */
#ifndef ATL_WRITER_WRITER_H
#define ATL_WRITER_WRITER_H

#include "core/base/count.h"
#include "core/base/work.h"
#include "core/writer/draft.h"

/* block.c, shared.c: choose a sorted track's shared members, and make its blocks. */
extern AtlStatus atl_write_blocks(AtlDraft *draft, AtlDraftTrack *track);
extern AtlStatus atl_choose_shared(AtlDraft *draft, AtlDraftTrack *track);

/* track.c */
extern uint64_t atl_write_types_size(const AtlDraftTrack *track);
extern void atl_write_types(const AtlDraft *draft, const AtlDraftTrack *track, uint8_t *to);
extern void atl_write_track(const AtlDraftTrack *track, uint8_t *index, uint8_t *leaves,
							uint8_t *blocks);

/* feature.c */
extern uint64_t atl_write_feature_text_size(const AtlDraft *draft);
extern void atl_write_features(const AtlDraft *draft, uint8_t *entries, uint8_t *texts, uint8_t *summary);

/* groups.c: group features, which gives their places in directory and data. */
extern AtlStatus atl_group_features(AtlDraft *draft);
extern uint64_t atl_write_directory_size(const AtlDraft *draft);
extern uint64_t atl_write_series_size(const AtlDraft *draft);
extern uint64_t atl_write_summary_size(const AtlDraft *draft);
extern void atl_write_series(const AtlDraft *draft, uint8_t *directory, uint8_t *data);

/* The number of blocks of a feature. */
static inline uint32_t
atl_draft_blocks(const AtlDraftFeature *feature)
{
	return atl_divide_up(feature->entry.frames, atl_block_frames(feature->entry.dims));
}

/* Write a span of the draft's text; returns the address behind it. */
static inline uint8_t *
atl_write_text(const AtlDraft *draft, AtlSpan span, uint8_t *to)
{
	if (span.size > 0)
		atl_copy(draft->host, to, draft->text.bytes + span.offset, span.size);
	return to + span.size;
}

#endif							/* ATL_WRITER_WRITER_H */
