/*
 * series.c
 *		One feature's frames as they come out of the analysis.
 */
#include <stdlib.h>
#include <string.h>

#include "analyse.h"

/*
 * A frame is named after the middle of its samples.  A long buffer is centred
 * on frame i only "latency" hops after hop i, so what comes before is dropped.
 */
void
an_series_push(AnSeries *series, const double *frame)
{
	size_t		used = series->frames * series->dims;

	if (series->pushed++ < series->latency)
		return;
	series->values = an_grow(series->values, &series->capacity,
							 used + series->dims, sizeof(double));
	memcpy(series->values + used, frame, series->dims * sizeof(double));
	series->frames++;
}

void
an_series_free(AnSeries *series)
{
	free(series->values);
	series->values = NULL;
}
