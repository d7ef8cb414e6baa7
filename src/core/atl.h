/*
 * atl.h
 *		The timeline core: build, check, read and print timeline images.
 *
 * Plain C: no Postgres header, no global state, no I/O.  Image bytes are
 * hostile until checked: whatever an image holds, a function here returns an
 * answer or ATL_DAMAGED.  The headers below are the public headers of the
 * folders, lowest folder first; no folder uses a folder listed after it.
 */
#ifndef ATL_H
#define ATL_H

#include "core/format.h"
#include "core/base/buffer.h"
#include "core/base/text.h"
#include "core/json/token.h"
#include "core/json/read.h"
#include "core/json/fault.h"
#include "core/codec/encoding.h"
#include "core/image/view.h"
#include "core/image/track.h"
#include "core/image/clock.h"
#include "core/image/feature.h"
#include "core/image/summary.h"
#include "core/image/logical.h"
#include "core/document/document.h"
#include "core/document/repair.h"
#include "core/whole/whole.h"

#endif							/* ATL_H */
