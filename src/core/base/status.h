/*
 * status.h
 *		What every function of the core shares: its status, its text, its host.
 *
 * Functions return a status and never raise.  The program around the core
 * hands over an AtlHost: memory, the shortest decimal of a double, a poll
 * function and seeds.
 */
#ifndef ATL_BASE_STATUS_H
#define ATL_BASE_STATUS_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every step must compute in the precision of its type: the same bytes give
 * the same numbers on every processor, and the checked number is stored.
 */
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "floating point here has more digits than its type: compile with -msse2 -mfpmath=sse, or for 64 bits"
#endif

typedef enum AtlStatus
{
	ATL_OK = 0,
	ATL_INVALID,				/* the document breaks a rule: see AtlProblem */
	ATL_TOO_LARGE,				/* a limit is exceeded: see AtlProblem */
	ATL_DAMAGED,				/* the bytes are not an image */
	ATL_UNSUPPORTED,			/* an image of a later version */
	ATL_NO_MEMORY
} AtlStatus;

/* Text inside an image, a token or a buffer: UTF-8, not terminated. */
typedef struct AtlText
{
	const char *text;
	uint32_t	size;
} AtlText;

/*
 * What the core asks of its host.  resize works as realloc does, and frees
 * when size is 0; it may return NULL or not return at all.  format_double
 * writes the shortest decimal that reads back as the same finite double, in
 * JSON's grammar, and returns its length (less than ATL_DOUBLE_SIZE).  poll is
 * called every now and then in long work (work.h), and need not return: the core
 * holds nothing but memory from resize.  seeds are the key of hash tables
 * (hash.h): any numbers, the same in one call of the core, best secret ones.
 */
typedef struct AtlHost
{
	void	   *(*resize) (void *context, void *memory, size_t size);
	int			(*format_double) (double value, char *buffer);
	void		(*poll) (void *context);
	void	   *context;
	uint64_t	seeds[2];
} AtlHost;

#define ATL_DOUBLE_SIZE		32

static inline void
atl_poll(const AtlHost *host)
{
	host->poll(host->context);
}

/* Bytes [offset, offset + size) of something. */
typedef struct AtlSpan
{
	uint32_t	offset;
	uint32_t	size;
} AtlSpan;

/* Make a call; if its status is not ATL_OK, return that status. */
#define ATL_TRY(call) \
	do { \
		AtlStatus	try_status = (call); \
\
		if (try_status != ATL_OK) \
			return try_status; \
	} while (0)

#endif							/* ATL_BASE_STATUS_H */
