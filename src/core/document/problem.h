/*
 * problem.h
 *		Reporting what is wrong with a document, and where.
 */
#ifndef ATL_DOCUMENT_PROBLEM_H
#define ATL_DOCUMENT_PROBLEM_H

#include "core/document/document.h"
#include "core/image/track.h"

/* What a repair by clamping gives. */
typedef enum AtlClamp
{
	ATL_CLAMP_ZERO,
	ATL_CLAMP_ONE,
	ATL_CLAMP_START,			/* of the timeline */
	ATL_CLAMP_DURATION
} AtlClamp;

/* What can be done about a problem, and where.  Tokens count from 0. */
typedef struct AtlRemedy
{
	uint8_t		repairs;		/* set of ATL_REPAIR_BIT; scale only if the
								 * confidences of its track speak for it */
	uint8_t		member;			/* AtlMember with the problem, or unknown */
	uint8_t		kinds;			/* of value that the place takes */
	uint8_t		clamp;			/* AtlClamp */
	uint8_t		track;			/* AtlTrack, of an item */
	bool		behind;			/* the times to sort stand behind the values,
								 * as they never do in jsonb */
	uint16_t	width;			/* of SORT: elements of the values to a time;
								 * of NULLIFY: bytes of a number in base64, or
								 * 0 */
	uint32_t	value;			/* first token of the value to change */
	uint32_t	drop;			/* first token of the value to drop */
} AtlRemedy;

/* A problem as kept; small, as every number of a document can be a problem. */
typedef struct AtlDraftProblem
{
	AtlProblemCode code;
	AtlRemedy	remedy;
	uint32_t	message;		/* in problem_text, terminated */
	uint32_t	path_size;		/* bytes of the message that are path */
	uint32_t	hint;			/* in problem_text, terminated;
								 * ATL_USUAL_HINT: that of the code */
} AtlDraftProblem;

#define ATL_USUAL_HINT	UINT32_MAX

/* What to do about problems of this code in general, or NULL. */
extern const char *atl_usual_hint(AtlProblemCode code);

/*
 * Report a problem.  Returns ATL_OK for a warning or with collect, otherwise
 * ATL_INVALID or ATL_TOO_LARGE.  The message is path, space, formatted text.
 */
extern AtlStatus atl_problem(AtlBuilder *builder, AtlProblemCode code, const char *path,
							 const char *format, ...)
			__attribute__((format(printf, 4, 5)));

/*
 * Set the hint of the problem that is reported next: what to do about this
 * very value.  Without it the problem gets the usual hint of its code.
 */
extern void atl_hint(AtlBuilder *builder, const char *format, ...)
			__attribute__((format(printf, 2, 3)));

/* Whether problems are only counted from now on, as there are too many. */
extern bool atl_problems_are_full(const AtlBuilder *builder);

/* Report ATL_TOO_LARGE if no problem is reported yet; return the status. */
extern AtlStatus atl_status_problem(AtlBuilder *builder, AtlStatus status);

/* The kept problems, and how many; all that there are after keep_all. */
extern const AtlDraftProblem *atl_kept_problems(const AtlBuilder *builder, size_t *n);

/* Append a member's name or an index to a path of ATL_PATH_SIZE bytes. */
extern void atl_path_append_name(char *path, AtlText name);
extern void atl_path_append_index(char *path, uint32_t index);

/* Write a path into path, of ATL_PATH_SIZE bytes, and return path. */
extern const char *atl_path_member(const AtlBuilder *builder, const char *member, char *path);
extern const char *atl_path_item(AtlTrack track, uint32_t number, const char *member, char *path);
extern const char *atl_path_feature(AtlText name, const char *member, char *path);
extern const char *atl_path_frame(const AtlBuilder *builder, uint32_t frame, char *path);
extern const char *atl_path_time(const AtlBuilder *builder, uint32_t frame, char *path);
extern const char *atl_path_number(const AtlBuilder *builder, uint32_t frame, uint32_t number, char *path);

/* Report a problem of a member of the feature in hand. */
#define atl_feature_problem(builder, code, member, ...) \
	atl_problem(builder, code, \
				atl_path_feature(atl_kept_text(builder, (builder)->feature.name), member, \
								 (char[ATL_PATH_SIZE]) {0}), \
				__VA_ARGS__)

/* Print a number into buffer, of ATL_DOUBLE_SIZE bytes, and return buffer. */
extern const char *atl_show_number(const AtlBuilder *builder, double number, char *buffer);

#endif							/* ATL_DOCUMENT_PROBLEM_H */
