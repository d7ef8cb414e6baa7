/*
 * atl.h
 *		The timeline core: build, check, read and print timeline images.
 *
 * Plain C: no Postgres header, no global state, no I/O.  All bytes are hostile
 * until checked: every function here answers or returns ATL_DAMAGED, whatever
 * the image holds.  These are the doors of the folders, from the lowest up; a
 * folder uses those before it, never those after.
 */
#ifndef ATL_H
#define ATL_H

#include "core/format.h"
#include "core/base/buffer.h"
#include "core/base/text.h"
#include "core/json/token.h"
#include "core/json/read.h"
#include "core/codec/encoding.h"
#include "core/image/view.h"
#include "core/image/track.h"
#include "core/image/feature.h"
#include "core/image/summary.h"
#include "core/image/logical.h"
#include "core/document/document.h"
#include "core/whole/whole.h"

#endif							/* ATL_H */
