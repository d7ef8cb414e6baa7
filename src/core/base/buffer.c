/*
 * buffer.c
 *		Bytes that grow, never past what an image may hold.
 */
#include "core/base/buffer.h"

#include "core/base/work.h"
#include "core/format.h"

#define ATL_BUFFER_START	1024

void
atl_buffer_init(AtlBuffer *buffer, const AtlHost *host)
{
	buffer->host = host;
	buffer->bytes = NULL;
	buffer->size = 0;
	buffer->capacity = 0;
	buffer->limit = ATL_MAX_IMAGE;
}

void
atl_buffer_free(AtlBuffer *buffer)
{
	if (buffer->bytes != NULL)
		buffer->host->resize(buffer->host->context, buffer->bytes, 0);
	atl_buffer_init(buffer, buffer->host);
}

uint64_t
atl_buffer_capacity(uint64_t capacity, uint64_t wanted, uint64_t limit)
{
	if (capacity == 0)
		capacity = ATL_BUFFER_START;
	while (capacity < wanted && capacity < limit)
		capacity = capacity > limit / 2 ? limit : capacity * 2;
	return capacity < limit ? capacity : limit;
}

AtlStatus
atl_buffer_grow(AtlBuffer *buffer, uint64_t more)
{
	size_t		capacity;
	uint8_t    *bytes;

	if (more > buffer->limit - buffer->size)
		return ATL_TOO_LARGE;

	capacity = (size_t) atl_buffer_capacity(buffer->capacity, buffer->size + more, buffer->limit);
	bytes = buffer->host->resize(buffer->host->context, buffer->bytes, capacity);
	if (bytes == NULL)
		return ATL_NO_MEMORY;
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return ATL_OK;
}

AtlStatus
atl_buffer_append(AtlBuffer *buffer, const void *bytes, size_t size)
{
	ATL_TRY(atl_buffer_reserve(buffer, size));
	if (size > 0)
	{
		atl_copy(buffer->host, buffer->bytes + buffer->size, bytes, size);
		buffer->size += size;
	}
	return ATL_OK;
}

AtlStatus
atl_buffer_append_zeros(AtlBuffer *buffer, uint64_t size)
{
	ATL_TRY(atl_buffer_reserve(buffer, size));
	if (size > 0)
	{
		atl_zero(buffer->host, buffer->bytes + buffer->size, (size_t) size);
		buffer->size += (size_t) size;
	}
	return ATL_OK;
}
