/*
 * opened.c
 *		Stored values that a call site has open.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/proc.h"

#include "pg/bridge/compat.h"
#include "pg/value/opened.h"

/* Enough for a join that goes back and forth between the stems of a file. */
#define NUM_OPENED		4

/* In fn_extra: the value that was used last comes first. */
typedef struct CallSite
{
	TimelineOpened *opened[NUM_OPENED];
} CallSite;

static TimelineOpened *
make_opened(MemoryContext context)
{
	TimelineOpened *opened = MemoryContextAlloc(context, sizeof(TimelineOpened));

	opened->ready = false;
	memset(&opened->key, 0, sizeof(opened->key));
	timeline_extents_init(&opened->extents, context);
	return opened;
}

static void
reset_opened(TimelineOpened *opened)
{
	opened->ready = false;
	timeline_extents_reset(&opened->extents);
}

static void
set_key(TimelineOpened *opened, const ToastPointer *key)
{
	opened->key = *key;
	opened->transaction = MY_LOCAL_TRANSACTION;
	opened->size = key->va_extinfo;
	memset(&opened->place, 0, sizeof(opened->place));
}

static bool
is_current(const TimelineOpened *opened, const ToastPointer *key)
{
	return memcmp(&opened->key, key, sizeof(*key)) == 0 && opened->transaction == MY_LOCAL_TRANSACTION;
}

/*
 * Reset opened values if a call site has more than work_mem.  One call may
 * exceed the limit; the next call resets.  The value that was used last stays,
 * because the current call may have that value open as another argument.
 */
static void
limit_memory(CallSite *site)
{
	Size		memory = 0;

	for (int i = 0; i < NUM_OPENED && site->opened[i] != NULL; i++)
		memory += site->opened[i]->extents.memory;
	if (memory <= work_mem * (Size) 1024)
		return;
	for (int i = 1; i < NUM_OPENED && site->opened[i] != NULL; i++)
		reset_opened(site->opened[i]);
}

/* Make opened[i] the first. */
static TimelineOpened *
move_to_front(CallSite *site, int i)
{
	TimelineOpened *opened = site->opened[i];

	memmove(&site->opened[1], &site->opened[0], i * sizeof(site->opened[0]));
	site->opened[0] = opened;
	return opened;
}

static int
find_opened(const CallSite *site, const ToastPointer *key)
{
	for (int i = 0; i < NUM_OPENED && site->opened[i] != NULL; i++)
		if (is_current(site->opened[i], key))
			return i;
	return -1;
}

/* The place for another value: a free one, or that of the value not used for longest. */
static int
take_place(CallSite *site, MemoryContext context)
{
	int			i = 0;

	while (i < NUM_OPENED - 1 && site->opened[i] != NULL)
		i++;
	if (site->opened[i] == NULL)
		site->opened[i] = make_opened(context);
	else
		reset_opened(site->opened[i]);
	return i;
}

TimelineOpened *
timeline_opened_get(FmgrInfo *call_site, const ToastPointer *key)
{
	CallSite   *site;
	TimelineOpened *opened;
	int			i;

	if (call_site == NULL)
	{
		opened = make_opened(CurrentMemoryContext);
		set_key(opened, key);
		return opened;
	}
	if (call_site->fn_extra == NULL)
		call_site->fn_extra = MemoryContextAllocZero(call_site->fn_mcxt, sizeof(CallSite));
	site = call_site->fn_extra;
	limit_memory(site);
	i = find_opened(site, key);
	if (i < 0)
		i = take_place(site, call_site->fn_mcxt);
	opened = move_to_front(site, i);
	if (!is_current(opened, key))
		set_key(opened, key);
	else if (opened->extents.memory > work_mem * (Size) 1024)
		reset_opened(opened);
	return opened;
}
