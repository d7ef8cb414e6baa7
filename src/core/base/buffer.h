/*
 * buffer.h
 *		Bytes that grow up to a limit, ATL_MAX_IMAGE unless it is set otherwise.
 */
#ifndef ATL_BASE_BUFFER_H
#define ATL_BASE_BUFFER_H

#include "core/base/status.h"

typedef struct AtlBuffer
{
	const AtlHost *host;
	uint8_t    *bytes;
	size_t		size;
	size_t		capacity;
	size_t		limit;
} AtlBuffer;

extern void atl_buffer_init(AtlBuffer *buffer, const AtlHost *host);
extern void atl_buffer_free(AtlBuffer *buffer);

/* The bytes from offset on, where there may be none at all. */
static inline const uint8_t *
atl_buffer_at(const AtlBuffer *buffer, size_t offset)
{
	return buffer->bytes == NULL ? (const uint8_t *) "" : buffer->bytes + offset;
}

/* Make room for more bytes: ATL_TOO_LARGE past the limit. */
extern AtlStatus atl_buffer_grow(AtlBuffer *buffer, size_t more);

static inline AtlStatus
atl_buffer_reserve(AtlBuffer *buffer, size_t more)
{
	return more <= buffer->capacity - buffer->size ? ATL_OK : atl_buffer_grow(buffer, more);
}

extern AtlStatus atl_buffer_append(AtlBuffer *buffer, const void *bytes, size_t size);
extern AtlStatus atl_buffer_append_zeros(AtlBuffer *buffer, size_t size);

#endif							/* ATL_BASE_BUFFER_H */
