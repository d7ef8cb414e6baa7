/*
 * audio_cache.c
 *		The module: its magic block and its version.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(audio_cache_version);

/* The version of the library, to be held against the extension's. */
Datum
audio_cache_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(AUDIO_CACHE_VERSION));
}
