/*
 * summary.c
 *		Features reduced: minimum, maximum and mean of spans of frames.
 *
 * A span is put together from as few parts as possible: frames up to the next
 * node of the pyramid, then nodes, the coarsest that fit.  Wide features have
 * no pyramid, which would take more than 2 % of their size.
 */
#include "core/image/summary.h"

#include <math.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/codec/piece.h"


/* Buckets that are filled between two polls. */
#define POLL_BUCKETS	256


/*
 * Nodes
 */

/* Frames below one node of a level. */
static uint64_t
node_frames(int level)
{
	return (uint64_t) ATL_SUMMARY_FRAMES << (ATL_SUMMARY_FANOUT_BITS * level);
}

static uint32_t
level_nodes(const AtlFeature *feature, int level)
{
	return atl_divide_up(feature->frames, node_frames(level));
}

static uint32_t
node_size(const AtlFeature *feature)
{
	uint32_t	width = atl_encoding_width(feature->encoding);

	return 2 * width + atl_mean_width(atl_feature_scale(feature)) + (feature->missing > 0 ? 4 : 0);
}

/* How many levels a narrow feature has: none if the image has no summaries. */
static int
num_levels(const AtlView *view, const AtlFeature *feature)
{
	int			levels = 0;

	if (view->sections[ATL_FEATURE_SUMMARY].size == 0 || atl_feature_is_wide(feature))
		return 0;
	while (levels < ATL_SUMMARY_MAX_LEVELS && node_frames(levels) < feature->frames)
		levels++;
	return levels;
}

/* Where a dim's level begins in the section. */
static uint64_t
level_offset(const AtlView *view, const AtlFeature *feature, uint32_t dim, int level)
{
	int			levels = num_levels(view, feature);
	uint64_t	of_dim = 0;
	uint64_t	below = 0;

	for (int i = 0; i < levels; i++)
	{
		of_dim += level_nodes(feature, i);
		below += i < level ? level_nodes(feature, i) : 0;
	}
	return feature->summary + (dim * of_dim + below) * node_size(feature);
}

static AtlStatus
fetch_nodes(const AtlView *view, const AtlFeature *feature, uint32_t dim, int level,
			uint32_t first, uint32_t n, const uint8_t **nodes)
{
	uint32_t	size = node_size(feature);

	return atl_view_fetch(view, ATL_FEATURE_SUMMARY,
						  level_offset(view, feature, dim, level) + (uint64_t) first * size,
						  (uint64_t) n * size, nodes);
}

static double
node_number(AtlScale scale, const uint8_t *word)
{
	double		number;

	atl_series_decode(scale, word, NULL, 0, 1, &number);
	return number;
}

static AtlStatus
add_nodes(const AtlView *view, const AtlFeature *feature, uint32_t dim, int level,
		  uint32_t first, uint32_t n, AtlBucket *bucket)
{
	AtlScale	scale = atl_feature_scale(feature);
	uint32_t	width = atl_encoding_width(feature->encoding);
	uint32_t	mean_width = atl_mean_width(scale);
	uint32_t	frames = (uint32_t) node_frames(level);
	const uint8_t *node;

	ATL_TRY(fetch_nodes(view, feature, dim, level, first, n, &node));
	for (uint32_t i = 0; i < n; i++, node += node_size(feature))
	{
		uint64_t	end = (uint64_t) (first + i + 1) * frames;
		const uint8_t *mean_at = node + 2 * width;
		double		mean = mean_width == 8 ? atl_load_f64(mean_at) : atl_bits_f32(atl_load_u32(mean_at));
		AtlBucket	of_node = {
			.count = end <= feature->frames ? frames : frames - (uint32_t) (end - feature->frames),
			.min = node_number(scale, node),
			.max = node_number(scale, node + width)
		};

		if (feature->missing > 0)
			of_node.count = atl_load_u32(mean_at + mean_width);
		of_node.sum = mean * of_node.count;
		atl_bucket_merge(bucket, &of_node);
	}
	return ATL_OK;
}


/*
 * Rising numbers
 */

/* How many of n nodes, from node first on, begin below number. */
static AtlStatus
count_nodes(const AtlView *view, const AtlFeature *feature, int level, uint32_t first, uint32_t n, double number,
			uint32_t *count)
{
	AtlScale	scale = atl_feature_scale(feature);
	const uint8_t *node;

	ATL_TRY(fetch_nodes(view, feature, 0, level, first, n, &node));
	for (*count = 0; *count < n && node_number(scale, node) < number; (*count)++)
		node += node_size(feature);
	return ATL_OK;
}

AtlStatus
atl_rising_nodes_below(const AtlView *view, const AtlFeature *feature, double number, bool *known, uint32_t *num)
{
	int			levels = num_levels(view, feature);
	uint32_t	count = 0;

	*known = levels > 0;
	*num = 0;
	for (int level = levels - 1; level >= 0; level--)
	{
		uint32_t	first = *num == 0 ? 0 : (*num - 1) << ATL_SUMMARY_FANOUT_BITS;
		uint32_t	fanout = level == levels - 1 ? UINT32_MAX : 1 << ATL_SUMMARY_FANOUT_BITS;
		uint32_t	nodes = level_nodes(feature, level);

		if (first >= nodes)
			return ATL_DAMAGED;
		ATL_TRY(count_nodes(view, feature, level, first, atl_min(nodes - first, fanout), number, &count));
		/* A node begins where the first one below it does. */
		if (count == 0)
			return *num == 0 ? ATL_OK : ATL_DAMAGED;
		*num = first + count;
	}
	return ATL_OK;
}


/*
 * Spans
 */

static AtlStatus
add_frames(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t first, uint32_t end,
		   AtlBucket *bucket)
{
	double		numbers[ATL_PIECE_NUMBERS];

	while (first < end)
	{
		uint32_t	n = atl_min(end - first, ATL_PIECE_NUMBERS);

		ATL_TRY(atl_feature_read_dim(view, feature, dim, first, n, numbers));
		atl_bucket_add(bucket, numbers, n);
		first += n;
	}
	return ATL_OK;
}

/* Whether a node of this level begins at frame first and ends by end. */
static bool
node_fits(const AtlFeature *feature, int level, uint32_t first, uint32_t end)
{
	uint64_t	frames = node_frames(level);

	return first % frames == 0 && (first + frames <= end || end == feature->frames);
}

/* The coarsest level with a node that fits, or -1. */
static int
best_level(const AtlFeature *feature, int levels, uint32_t first, uint32_t end)
{
	int			level = -1;

	while (level + 1 < levels && node_fits(feature, level + 1, first, end))
		level++;
	return level;
}

static AtlStatus
add_dim(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t first, uint32_t end,
		AtlBucket *bucket)
{
	int			levels = num_levels(view, feature);

	while (first < end)
	{
		int			level = best_level(feature, levels, first, end);
		uint32_t	n = 0;
		uint64_t	next;

		if (level < 0)
		{
			next = levels == 0 ? end : (first / ATL_SUMMARY_FRAMES + 1) * (uint64_t) ATL_SUMMARY_FRAMES;
			next = next < end ? next : end;
			ATL_TRY(add_frames(view, feature, dim, first, (uint32_t) next, bucket));
		}
		else
		{
			/* Take nodes of this level until a coarser node fits. */
			next = first;
			do
			{
				next += node_frames(level);
				n++;
			} while (next < end && best_level(feature, levels, (uint32_t) next, end) == level);
			ATL_TRY(add_nodes(view, feature, dim, level, (uint32_t) (first / node_frames(level)), n, bucket));
		}
		first = next < end ? (uint32_t) next : end;
		if (first < end)
			atl_view_poll(view);
	}
	return ATL_OK;
}

/*
 * Add n frames of num numbers each, to one bucket or to one for each column.
 * Columns are added number by number, so that a sum does not depend on the
 * portions, nor on how many dims are asked for.
 */
static void
add_rows(const double *numbers, uint32_t n, uint32_t num, bool together, AtlBucket *buckets)
{
	if (together)
	{
		atl_bucket_add(buckets, numbers, n * num);
		return;
	}
	for (uint32_t i = 0; i < n; i++, numbers += num)
		for (uint32_t d = 0; d < num; d++)
			atl_bucket_add(&buckets[d], &numbers[d], 1);
}

/* Add frames [first, end) of a wide feature, in portions that fit numbers. */
static AtlStatus
add_wide(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num, uint32_t first, uint32_t end,
		 bool together, AtlBucket *buckets)
{
	double		numbers[ATL_PIECE_NUMBERS];
	uint32_t	columns = atl_min(num, ATL_PIECE_NUMBERS);
	uint32_t	rows = ATL_PIECE_NUMBERS / columns;
	uint32_t	n;

	for (uint32_t frame = first; frame < end; frame += n)
	{
		bool		null;

		atl_view_poll(view);
		n = atl_min(end - frame, rows);
		if (num > ATL_PIECE_NUMBERS)
		{
			ATL_TRY(atl_feature_block_is_null(view, feature, frame / feature->block_frames, &null));
			if (null)
				continue;
		}
		for (uint32_t d = 0; d < num; d += columns)
		{
			uint32_t	dims = atl_min(num - d, columns);

			ATL_TRY(atl_feature_read_dims(view, feature, dim + d, dims, frame, n, numbers));
			add_rows(numbers, n, dims, together, together ? buckets : buckets + d);
		}
	}
	return ATL_OK;
}

AtlStatus
atl_feature_reduce(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
				   uint32_t first, uint32_t end, AtlBucket *bucket)
{
	if (first > end || end > feature->frames || num == 0 || dim > feature->dims || num > feature->dims - dim)
		return ATL_DAMAGED;
	if (atl_feature_is_wide(feature))
		return add_wide(view, feature, dim, num, first, end, true, bucket);
	for (uint32_t d = dim; d < dim + num; d++)
		ATL_TRY(add_dim(view, feature, d, first, end, bucket));
	return ATL_OK;
}


/*
 * Overviews
 */

uint32_t
atl_overview_grain(const AtlView *view, const AtlFeature *feature, uint32_t frames, uint32_t buckets)
{
	int			levels = num_levels(view, feature);
	int			level = 0;

	if (levels == 0 || frames / buckets < 2 * ATL_SUMMARY_FRAMES)
		return 1;
	while (level + 1 < levels && frames / buckets >= 8 * node_frames(level + 1))
		level++;
	return (uint32_t) node_frames(level);
}

/* Where the buckets of one dim are. */
typedef struct Column
{
	AtlBucket  *first;
	uint32_t	step;
} Column;

/* Fill all buckets from frames of one dim, narrow; reads each frame once. */
static AtlStatus
reduce_frames(const AtlView *view, const AtlFeature *feature, uint32_t dim,
			  const uint32_t *bounds, uint32_t buckets, Column out)
{
	double		numbers[ATL_PIECE_NUMBERS];
	uint32_t	first = bounds[0];
	uint32_t	bucket = 0;

	while (first < bounds[buckets])
	{
		uint32_t	border = (first / feature->block_frames + 1) * feature->block_frames;
		uint32_t	end = atl_min(border, bounds[buckets]);
		uint32_t	at = first;

		ATL_TRY(atl_feature_read_dim(view, feature, dim, first, end - first, numbers));
		while (at < end)
		{
			uint32_t	next = atl_min(bounds[bucket + 1], end);

			atl_bucket_add(out.first + (size_t) bucket * out.step, numbers + (at - first), next - at);
			at = next;
			if (next == bounds[bucket + 1] && bucket++ % POLL_BUCKETS == POLL_BUCKETS - 1)
				atl_view_poll(view);
		}
		first = end;
	}
	return ATL_OK;
}

/* Buckets whose ends are announced together. */
#define PORTION		64

/* Announce the pieces at the bounds of n buckets that lie inside of nodes. */
static AtlStatus
prefetch_ends(const AtlView *view, const AtlFeature *feature, uint32_t dim, const uint32_t *bounds, uint32_t n)
{
	AtlRead		reads[PORTION + 1];
	uint32_t	num = 0;

	for (uint32_t i = 0; i <= n; i++)
		if (bounds[i] % ATL_SUMMARY_FRAMES != 0 && bounds[i] < feature->frames)
			reads[num++] = (AtlRead) {feature, dim, 1, bounds[i], 1};
	return num == 0 ? ATL_OK : atl_features_prefetch(view, reads, num);
}

/* Fill all buckets from nodes; neighbouring nodes are fetched together. */
static AtlStatus
reduce_nodes(const AtlView *view, const AtlFeature *feature, uint32_t dim,
			 const uint32_t *bounds, uint32_t buckets, Column out)
{
	uint32_t	first = bounds[0] / ATL_SUMMARY_FRAMES;
	uint32_t	end = atl_divide_up(bounds[buckets], ATL_SUMMARY_FRAMES);
	const uint8_t *nodes;

	if (end - first <= 64 * buckets)
		ATL_TRY(fetch_nodes(view, feature, dim, 0, first, end - first, &nodes));
	for (uint32_t i = 0; i < buckets; i++)
	{
		if (i % PORTION == 0)
			ATL_TRY(prefetch_ends(view, feature, dim, bounds + i, atl_min(buckets - i, PORTION)));
		if (i % POLL_BUCKETS == POLL_BUCKETS - 1)
			atl_view_poll(view);
		ATL_TRY(add_dim(view, feature, dim, bounds[i], bounds[i + 1], out.first + (size_t) i * out.step));
	}
	return ATL_OK;
}

/* Fill all buckets of a wide feature. */
static AtlStatus
reduce_wide(const AtlView *view, const AtlFeature *feature, const AtlOverview *overview)
{
	const uint32_t *bounds = overview->bounds;
	uint32_t	width = atl_overview_width(overview);

	for (uint32_t i = 0; i < overview->buckets; i++)
		ATL_TRY(add_wide(view, feature, overview->dim, overview->num, bounds[i], bounds[i + 1],
						 overview->together, overview->out + (size_t) i * width));
	return ATL_OK;
}

/* Fill all buckets of a narrow feature, dim after dim. */
static AtlStatus
reduce_narrow(const AtlView *view, const AtlFeature *feature, const AtlOverview *overview)
{
	for (uint32_t d = 0; d < overview->num; d++)
	{
		Column		column = {
			.first = overview->together ? overview->out : overview->out + d,
			.step = atl_overview_width(overview)
		};

		ATL_TRY(overview->nodes ?
				reduce_nodes(view, feature, overview->dim + d, overview->bounds, overview->buckets, column) :
				reduce_frames(view, feature, overview->dim + d, overview->bounds, overview->buckets, column));
	}
	return ATL_OK;
}

AtlStatus
atl_feature_overview(const AtlView *view, const AtlFeature *feature, const AtlOverview *overview)
{
	const uint32_t *bounds = overview->bounds;
	uint32_t	end = bounds[overview->buckets];
	AtlRead		read = {feature, overview->dim, overview->num, bounds[0], end - bounds[0]};

	if (overview->num == 0 || overview->dim > feature->dims || overview->num > feature->dims - overview->dim ||
		end > feature->frames)
		return ATL_DAMAGED;
	if (!overview->nodes)
		ATL_TRY(atl_features_prefetch(view, &read, 1));
	return atl_feature_is_wide(feature) ? reduce_wide(view, feature, overview) :
		reduce_narrow(view, feature, overview);
}
