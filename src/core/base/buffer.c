/*
 * buffer.c
 *		Bytes that grow, never past what an image may hold.
 */
#include "core/base/buffer.h"

#include <string.h>

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

AtlStatus
atl_buffer_grow(AtlBuffer *buffer, size_t more)
{
	size_t		wanted;
	size_t		capacity = buffer->capacity;
	uint8_t    *bytes;

	if (more > buffer->limit - buffer->size)
		return ATL_TOO_LARGE;

	wanted = buffer->size + more;
	if (capacity == 0)
		capacity = ATL_BUFFER_START;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity > buffer->limit)
		capacity = buffer->limit;

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
	AtlStatus	status = atl_buffer_reserve(buffer, size);

	if (status == ATL_OK && size > 0)
	{
		memcpy(buffer->bytes + buffer->size, bytes, size);
		buffer->size += size;
	}
	return status;
}

AtlStatus
atl_buffer_append_zeros(AtlBuffer *buffer, size_t size)
{
	AtlStatus	status = atl_buffer_reserve(buffer, size);

	if (status == ATL_OK && size > 0)
	{
		memset(buffer->bytes + buffer->size, 0, size);
		buffer->size += size;
	}
	return status;
}
