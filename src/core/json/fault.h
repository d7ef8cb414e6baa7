/*
 * fault.h
 *		What is wrong with a text that is not JSON.
 */
#ifndef ATL_JSON_FAULT_H
#define ATL_JSON_FAULT_H

#include "core/json/read.h"

/* A place in a text as people count it, from 1. */
typedef struct AtlTextPlace
{
	size_t		line;
	size_t		character;		/* of the line */
} AtlTextPlace;

/* A sink for a text that is only looked through. */
extern AtlSink atl_json_nowhere(void);

/* What to do about it, or NULL if the fault is not one of the usual ones. */
extern const char *atl_json_fault_hint(const AtlHost *host, AtlText json, AtlJsonStop stop);

extern AtlTextPlace atl_json_fault_place(const AtlHost *host, AtlText json, AtlJsonStop stop);

/* Whether the fault is U+0000, which is JSON, but no text of the server's. */
extern bool atl_json_fault_is_nul(AtlText json, AtlJsonStop stop);

/* Whether the value of a key was to begin there. */
extern bool atl_json_fault_is_value(const AtlHost *host, AtlText json, AtlJsonStop stop);

#endif							/* ATL_JSON_FAULT_H */
