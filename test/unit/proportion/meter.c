/*
 * meter.c
 *		Memory and work of a job of the core, counted.
 */
#include "meter.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* Bytes that are as much work as a basic block. */
#define BYTES_PER_WORK	16

struct UnitMeterBlock
{
	UnitMeterBlock *next;
	UnitMeterBlock *previous;
	size_t		size;
	max_align_t bytes[];
};

/*
 * What is left of the work that the job may do; where to go when that is not
 * enough, and how much too little it was.
 */
static uint64_t work_left = UINT64_MAX;
static uint64_t work_missing;
static jmp_buf stopped;
static UnitMeter *running;

static inline void
add_work(uint64_t more)
{
	if (more > work_left)
	{
		work_missing = more - work_left;
		longjmp(stopped, 1);
	}
	work_left -= more;
}

/* So much is about to be held besides what is held already. */
static void
note_peak(UnitMeter *meter, size_t more)
{
	if (meter->bytes + more > meter->peak)
		meter->peak = meter->bytes + more;
}

/* The counted copy of the core calls these, see counted.h. */
extern void __sanitizer_cov_trace_pc(void);
extern void unit_count_bytes(size_t bytes);

void
__sanitizer_cov_trace_pc(void)
{
	add_work(1);
}

void
unit_count_bytes(size_t bytes)
{
	add_work(bytes / BYTES_PER_WORK);
}


/*
 * Memory
 */

static void
release(UnitMeter *meter, UnitMeterBlock *block)
{
	if (block == NULL)
		return;
	if (block->previous == NULL)
		meter->blocks = block->next;
	else
		block->previous->next = block->next;
	if (block->next != NULL)
		block->next->previous = block->previous;
	meter->bytes -= block->size;
	free(block);
}

static UnitMeterBlock *
new_block(UnitMeter *meter, size_t size)
{
	UnitMeterBlock *block = malloc(sizeof(UnitMeterBlock) + size);

	if (block == NULL)
		return NULL;
	block->size = size;
	block->previous = NULL;
	block->next = meter->blocks;
	if (block->next != NULL)
		block->next->previous = block;
	meter->blocks = block;
	meter->bytes += size;
	return block;
}

/* A block that grows is there twice while it moves, as most allocators have it. */
static void *
meter_resize(void *context, void *memory, size_t size)
{
	UnitMeter  *meter = context;
	UnitMeterBlock *old = memory == NULL ? NULL :
		(UnitMeterBlock *) ((char *) memory - offsetof(UnitMeterBlock, bytes));
	UnitMeterBlock *block;

	if (size == 0)
	{
		release(meter, old);
		return NULL;
	}
	note_peak(meter, size);
	add_work(size / BYTES_PER_WORK);
	if (meter->bytes + size > meter->limit)
		return NULL;
	block = new_block(meter, size);
	if (block == NULL)
		return NULL;
	if (old != NULL)
		memcpy(block->bytes, old->bytes, old->size < size ? old->size : size);
	release(meter, old);
	return block->bytes;
}

static void
meter_poll(void *context)
{
}

void
unit_meter_init(UnitMeter *meter, size_t memory_limit)
{
	UnitHost	plain;

	unit_host_init(&plain);
	memset(meter, 0, sizeof(*meter));
	meter->host = plain.host;
	meter->host.resize = meter_resize;
	meter->host.poll = meter_poll;
	meter->host.context = meter;
	meter->limit = memory_limit;
}

/* The core holds nothing but memory of its host, so it can be left at any place. */
bool
unit_meter_run(UnitMeter *meter, uint64_t work_limit, UnitJob job, void *context, AtlStatus *status)
{
	bool		done;

	if (setjmp(stopped) == 0)
	{
		running = meter;
		work_left = work_limit;
		*status = job(&meter->host, context);
		meter->work = work_limit - work_left;
		done = true;
	}
	else
	{
		meter->work = work_limit + work_missing;
		done = false;
	}
	work_left = UINT64_MAX;
	return done;
}

size_t
unit_meter_free(UnitMeter *meter)
{
	size_t		num = 0;

	while (meter->blocks != NULL)
	{
		release(meter, meter->blocks);
		num++;
	}
	return num;
}
