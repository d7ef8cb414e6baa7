/*
 * wide.h
 *		Timelines with one feature of many dims, made of numbers.
 */
#ifndef WIDE_H
#define WIDE_H

#include "support.h"

/* What a feature holds, and how it asks to be stored. */
typedef struct WideKind
{
	const char *name;
	const char *encoding;		/* or NULL */
	double		range_max;		/* its range is [0, this]; 0: none */
	double		(*number) (uint32_t frame, uint32_t dim);
} WideKind;

typedef struct WideShape
{
	const WideKind *kind;
	uint32_t	frames;
	uint32_t	dims;
	uint32_t	nulls;			/* one frame in so many is null; 0: none */
	uint32_t	missing;		/* and one number in so many; 0: none */
} WideShape;

/* Numbers that no codec makes smaller, in each encoding, and numbers that any does. */
extern const WideKind wide_noise[];
extern const uint32_t wide_num_noise;
extern const WideKind wide_smooth[];
extern const uint32_t wide_num_smooth;

/* Whether a frame is null; what a number is, NaN if it is missing. */
extern bool wide_is_null(const WideShape *shape, uint32_t frame);
extern double wide_number(const WideShape *shape, uint32_t frame, uint32_t dim);

/* Bytes of the numbers as they are: with a bit for each where codes can be missing. */
extern uint64_t wide_plain_size(const WideShape *shape);

/* Build {"features": {"f": ...}} and open it; at 20 frames a second, as long as the frames last. */
extern bool wide_open(UnitTimeline *timeline, const WideShape *shape);

#endif							/* WIDE_H */
