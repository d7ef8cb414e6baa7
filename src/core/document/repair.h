/*
 * repair.h
 *		A repairer: a filter of tokens that mends what a builder found wrong.
 *
 * Rounds: build the document with collect and atl_build_keep_all, plan the
 * edits for its problems, push the document again through the repairer's sink,
 * and begin anew with what comes out, until a plan has no edits.  A round
 * treats all problems that are known; mending shows those behind them.  The
 * tokens of both passes must be the same ones.
 *
 * Edits that drop something wait until there are no others.  Therefore paths
 * in the list of changes are those of the document as it was given.
 */
#ifndef ATL_DOCUMENT_REPAIR_H
#define ATL_DOCUMENT_REPAIR_H

#include "core/base/buffer.h"
#include "core/document/document.h"

/* Rounds after which a document is left as it is: it needs no more than ten. */
#define ATL_REPAIR_ROUNDS	32

typedef struct AtlRepairer AtlRepairer;

/* Returns NULL when out of memory.  repairs: set of ATL_REPAIR_BIT. */
extern AtlRepairer *atl_repair_begin(const AtlHost *host, uint32_t repairs);

/* The edits for the problems of a builder that has finished: how many. */
extern AtlStatus atl_repair_plan(AtlRepairer *repairer, const AtlBuilder *builder, size_t *num);

/* The sink that takes the document once, and pushes it, edited, to another. */
extern const AtlSink *atl_repair_sink(AtlRepairer *repairer, const AtlSink *to);

/*
 * Append the changes of all rounds as a JSON array of {"path", "repair", "was",
 * "now"}, in order of repair.  Of very many, the last element says how many
 * more there are: {"more": 7}.
 */
extern AtlStatus atl_repair_changes(const AtlRepairer *repairer, AtlBuffer *json);

extern void atl_repair_free(AtlRepairer *repairer);

#endif							/* ATL_DOCUMENT_REPAIR_H */
