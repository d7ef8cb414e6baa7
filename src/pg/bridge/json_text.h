/*
 * json_text.h
 *		JSON text to tokens, by the server's own JSON parser.
 *
 * Compiles for the server and, with FRONTEND defined, for programs outside of
 * it: the fuzzer runs this very code.
 */
#ifndef PG_BRIDGE_JSON_TEXT_H
#define PG_BRIDGE_JSON_TEXT_H

#include "common/jsonapi.h"

#include "core/json/token.h"

/*
 * Parse the text of the lexer (which must unescape strings) and push its
 * tokens.  Returns the parser's result; *status is the sink's first failure.
 * The whole text is parsed even if the sink refuses a token early, so that
 * text that is not JSON is always reported as such.
 */
extern JsonParseErrorType json_text_push(JsonLexContext *lex, const AtlSink *sink,
										 AtlStatus *status);

#endif							/* PG_BRIDGE_JSON_TEXT_H */
