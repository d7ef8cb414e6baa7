/*
 * meter.h
 *		What the core takes for a job: memory, and work without a clock.
 *
 * A unit of work is a basic block of the core that is run, or 16 bytes that it
 * has the C library move or asks its host for.  The same job takes the same
 * work in every run.
 */
#ifndef METER_H
#define METER_H

#include "core/atl.h"

typedef struct UnitMeterBlock UnitMeterBlock;

typedef struct UnitMeter
{
	AtlHost		host;			/* for the job */
	UnitMeterBlock *blocks;		/* that are not freed */
	size_t		bytes;			/* in them */
	size_t		peak;			/* the most there were, or would have been */
	size_t		limit;			/* bytes past this are refused */
	uint64_t	work;
} UnitMeter;

typedef AtlStatus (*UnitJob) (const AtlHost *host, void *context);

extern void unit_meter_init(UnitMeter *meter, size_t memory_limit);

/*
 * Do a job.  False when it was stopped at what would have taken more work than
 * it may; that is in meter->work, too.
 */
extern bool unit_meter_run(UnitMeter *meter, uint64_t work_limit, UnitJob job, void *context,
						   AtlStatus *status);

/* Free what the job left behind; returns how many blocks that were. */
extern size_t unit_meter_free(UnitMeter *meter);

#endif							/* METER_H */
