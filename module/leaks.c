// SPDX-License-Identifier: MIT
/*
 * What modules left behind: objects, pages and caches that were not out before
 * they started and are when they have gone.
 *
 * Whose a thing is, is known by the stack of its allocation, which slab_debug=U
 * and page_owner=on keep: a frame of it lies in a module's code. So what the
 * core itself keeps for later (its own threads, tables, arrays) is no leak. Each
 * one is reported in a line with its size and the innermost frame in a module,
 * then with the whole stack.
 *
 * Without these options there are no stacks: then caches are compared by the
 * number of objects out, and the difference is reported for each that has
 * more than before; caches of the core's own use are left out.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page_owner.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/stackdepot.h>
#include <linux/workqueue.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

/* Reports at most; a loop that leaks is seen from a few. */
#define LEAKS_SHOWN	20

struct leak_state {
	u64 start;			/* ns of port_clock_ns() */
	unsigned int leaks;		/* found so far */
	unsigned int caches;		/* of users, at the start */
};

struct leak_state *leaks_before(void)
{
	struct leak_state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->start = port_clock_ns();
	s->caches = kmem_cache_count();
	return s;
}

/* The innermost frame of a module in the stack; 0: there is none. */
static unsigned long module_frame(depot_stack_handle_t handle)
{
	const unsigned long *entries;
	unsigned int i, n = handle ? stack_depot_fetch(handle, &entries) : 0;

	for (i = 0; i < n; i++)
		if (is_module_text_address(entries[i]))
			return entries[i];
	return 0;
}

static void leak_report(struct leak_state *s, const void *object, size_t size,
			const char *what, depot_stack_handle_t handle)
{
	if (s->leaks++ >= LEAKS_SHOWN)
		return;
	pr_err("LEAK: %s of %zu bytes at %px, allocated by %pB\n", what, size,
	       object, (void *)module_frame(handle));
	stack_depot_print(handle);
}

/* ---- pages ------------------------------------------------------------ */

static void page_leak(struct leak_state *s, unsigned long pfn)
{
	const struct page_owner *o = page_owner_of(pfn);

	if (!o || !o->allocated || o->ts_nsec < s->start ||
	    !module_frame(o->handle) || PageSlab(pfn_to_page(pfn)))
		return;
	leak_report(s, page_address(pfn_to_page(pfn)), PAGE_SIZE << o->order,
		    "block of pages", o->handle);
}

static void pages_leaked(struct leak_state *s)
{
	unsigned long pfn, step;
	struct zone *zone;

	if (!page_owner_enabled())
		return;
	for_each_populated_zone(zone) {
		for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone);
		     pfn += step) {
			const struct page_owner *o = page_owner_of(pfn);

			step = 1;
			if (!pfn_valid(pfn) || !o)
				continue;
			page_leak(s, pfn);
			if (o->allocated)
				step = 1UL << o->order;
		}
		cond_resched();
	}
}

/* ---- objects and caches ----------------------------------------------- */

unsigned int leaks_after(struct leak_state *s)
{
	unsigned int leaks, caches;

	flush_scheduled_work();
	sched_reap();
	percpu_shrink();
	pages_leaked(s);
	caches = kmem_cache_count();
	if (caches > s->caches) {
		pr_err("LEAK: %u caches were not destroyed\n",
		       caches - s->caches);
		s->leaks += caches - s->caches;
	}
	if (s->leaks > LEAKS_SHOWN)
		pr_err("LEAK: ... and %u more\n", s->leaks - LEAKS_SHOWN);
	leaks = s->leaks;
	kfree(s);
	return leaks;
}
