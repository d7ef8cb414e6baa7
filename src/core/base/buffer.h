/*
 * buffer.h
 *		Bytes that grow up to a limit: ATL_MAX_IMAGE, unless limit is changed.
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

/* The bytes from offset on; never NULL, even in an empty buffer. */
static inline const uint8_t *
atl_buffer_at(const AtlBuffer *buffer, size_t offset)
{
	return buffer->bytes == NULL ? (const uint8_t *) "" : buffer->bytes + offset;
}

/*
 * The capacity that a buffer grows to for wanted bytes, at most limit.  The
 * capacity doubles, and does not wrap where size_t has 32 bits.
 */
extern uint64_t atl_buffer_capacity(uint64_t capacity, uint64_t wanted, uint64_t limit);

/*
 * Make room for more bytes: ATL_TOO_LARGE past the limit.  Sizes are 64 bits
 * wide, so that a product of counts may be handed over as it is.
 */
extern AtlStatus atl_buffer_grow(AtlBuffer *buffer, uint64_t more);

static inline AtlStatus
atl_buffer_reserve(AtlBuffer *buffer, uint64_t more)
{
	return more <= buffer->capacity - buffer->size ? ATL_OK : atl_buffer_grow(buffer, more);
}

extern AtlStatus atl_buffer_append(AtlBuffer *buffer, const void *bytes, size_t size);
extern AtlStatus atl_buffer_append_zeros(AtlBuffer *buffer, uint64_t size);

#endif							/* ATL_BASE_BUFFER_H */
