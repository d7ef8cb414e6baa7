/*
 * repairer.h
 *		Parts of a repairer: the list of changes, and lists put in order.
 *
 *	repair.c		problems to edits, and edits into a stream of tokens
 *	changes.c		the list of changes
 *	reorder.c		"times" in order, and "values" in the order of their times
 *	unwrap.c		JSON text in a string
 *	mend.c			numbers in another unit, or infinite
 */
#ifndef ATL_DOCUMENT_REPAIRER_H
#define ATL_DOCUMENT_REPAIRER_H

#include <string.h>

#include "core/document/document.h"
#include "core/json/write.h"

/* Changes as JSON text. */
typedef struct AtlChanges
{
	AtlBuffer	json;			/* the elements of an array */
	AtlJsonWriter writer;		/* to json */
	AtlSink		sink;			/* of the writer */
	uint32_t	listed;
	uint64_t	more;			/* not listed */
	bool		open;			/* the change in hand is listed */
	size_t		was;			/* where its old value begins; 0: it was long */
} AtlChanges;

extern void atl_changes_init(AtlChanges *changes, const AtlHost *host);
extern void atl_changes_free(AtlChanges *changes);

/*
 * One change: begin, then the tokens of the old value, if it is lost, then
 * end, with the new value if that is a scalar (else NULL).
 */
extern AtlStatus atl_changes_begin(AtlChanges *changes, const char *path, AtlRepair repair);
extern AtlStatus atl_changes_begin_was(AtlChanges *changes, const AtlToken *token);
extern AtlStatus atl_changes_push_was(AtlChanges *changes, const AtlToken *token);
extern AtlStatus atl_changes_end(AtlChanges *changes, const AtlToken *now);

extern AtlStatus atl_changes_print(const AtlChanges *changes, AtlBuffer *json);

/*
 * The elements of one array, in another order: all of "times", and then those
 * of "values", a group to each time, in the same order.
 */
typedef struct AtlReorder
{
	AtlBuffer	order;			/* places of the elements, by time */
	AtlBuffer	elements;		/* AtlSpan of json */
	AtlBuffer	json;
	AtlJsonWriter writer;		/* to json */
	AtlSink		sink;			/* of the writer */
	uint32_t	depth;			/* open containers of the array, itself too;
								 * 0: no array is taken */
	bool		values;			/* the array is "values" */
	uint32_t	group;			/* elements of the values to a time */
} AtlReorder;

extern void atl_reorder_init(AtlReorder *reorder, const AtlHost *host);
extern void atl_reorder_free(AtlReorder *reorder);

/*
 * After the opening bracket take the tokens of an array.  With the closing
 * bracket it goes to a sink, brackets too.
 */
extern void atl_reorder_times(AtlReorder *reorder, uint32_t group);
extern void atl_reorder_values(AtlReorder *reorder);
extern AtlStatus atl_reorder_push(AtlReorder *reorder, const AtlToken *token, const AtlSink *to);

/*
 * A number divided by 10^places, exactly.  ATL_INVALID for zero, which has no
 * unit, and if type numeric has no room for the digits.
 */
extern AtlStatus atl_mend_scale(AtlText number, int places, AtlBuffer *digits, AtlBuffer *to);

/* Base64 of doubles or floats, NaN in place of those that are infinite. */
extern AtlStatus atl_mend_base64(AtlText base64, uint32_t width, AtlBuffer *numbers, AtlBuffer *to);

static inline AtlText
atl_text_of(const char *text)
{
	AtlText		result = {text, (uint32_t) strlen(text)};

	return result;
}

#endif							/* ATL_DOCUMENT_REPAIRER_H */
