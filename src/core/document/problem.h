/*
 * problem.h
 *		Reporting what is wrong with a document, and where.
 */
#ifndef ATL_DOCUMENT_PROBLEM_H
#define ATL_DOCUMENT_PROBLEM_H

#include "core/document/document.h"
#include "core/image/track.h"

/* A problem, small: a bad document has one for each of its numbers. */
typedef struct AtlDraftProblem
{
	AtlProblemCode code;
	uint32_t	message;		/* in problem_text, terminated */
	uint32_t	path_size;		/* the part of it that is the path */
} AtlDraftProblem;

/*
 * Report a problem: ATL_INVALID, or ATL_OK when problems are
 * collected or it is a warning.  The message is the path, a space and the
 * formatted text.
 */
extern AtlStatus atl_problem(AtlBuilder *builder, AtlProblemCode code, const char *path,
							 const char *format,...)
			__attribute__((format(printf, 4, 5)));

/* A problem of a status alone: limits and memory. */
extern AtlStatus atl_status_problem(AtlBuilder *builder, AtlStatus status);

/* Paths, into a buffer of ATL_PATH_SIZE; they return it. */
extern const char *atl_path_member(const AtlBuilder *builder, const char *member, char *path);
extern const char *atl_path_item(AtlTrack track, uint32_t number, const char *member, char *path);
extern const char *atl_path_feature(AtlText name, const char *member, char *path);
extern const char *atl_path_frame(const AtlBuilder *builder, uint32_t frame, char *path);
extern const char *atl_path_number(const AtlBuilder *builder, uint32_t frame, uint32_t number, char *path);

/* Report a problem of a member of the feature in hand. */
#define atl_feature_problem(builder, code, member, ...) \
	atl_problem(builder, code, \
				atl_path_feature(atl_kept_text(builder, (builder)->feature.name), member, \
								 (char[ATL_PATH_SIZE]) {0}), \
				__VA_ARGS__)

/* A number for a message, terminated. */
extern const char *atl_show_number(const AtlBuilder *builder, double number, char *buffer);

#endif							/* ATL_DOCUMENT_PROBLEM_H */
