/*
 * json_text.h
 *		JSON text into a builder, by the server's own JSON parser.
 *
 * Compiles for the server and, with FRONTEND defined, for programs outside of
 * it: the fuzzer runs this very code.
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "common/jsonapi.h"

#include "atl.h"

/*
 * Parse the text of the lexer (which must unescape strings) and push its
 * tokens.  Returns what the parser says; *status is what the builder said
 * first.  The whole text is parsed even if the builder refuses it early: text
 * that is not JSON at all should be told so.
 */
extern JsonParseErrorType json_text_push(JsonLexContext *lex, AtlBuilder *builder,
										 AtlStatus *status);

#endif							/* JSON_TEXT_H */
