/*
 * hash.h
 *		The hash of every hash table in the core.
 *
 * Keys come from documents, and whoever writes one may want them to collide.
 * The hash is keyed by the host's seeds, which a document cannot know.  It
 * only ever decides where something stands in a table in memory: no result
 * and no stored byte depends on it.
 *
 * SipHash-1-3, from J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast
 * short-input PRF" (2012), with one round for each word and three at the end.
 */
#ifndef ATL_BASE_HASH_H
#define ATL_BASE_HASH_H

#include "core/base/status.h"

extern uint64_t atl_hash(const AtlHost *host, AtlText text);

#endif							/* ATL_BASE_HASH_H */
