// SPDX-License-Identifier: MIT
/*
 * Struct pages made late.
 *
 * On a large machine start-up makes only the first struct pages of each zone
 * (mm/early/mm_init.c). The rest, [first_deferred_pfn, end of the zone), is
 * made in chunks, by a thread on each CPU of the node while the machine goes
 * on booting, and by an allocation that finds the zone's lists empty.
 *
 *     start            first_deferred_pfn              end
 *       |  in lists      |chunk|chunk|chunk| no values   |
 *                         └ taken by whoever comes, one at a time
 *
 * Taking a chunk is moving first_deferred_pfn under the zone's lock, past
 * pageblocks made just then; making its struct pages needs none, since nobody
 * else looks there; giving them to the lists takes the lock again. Chunks are whole max-order blocks, so no merge ever
 * looks across their edge.
 *
 * The frames count as free and managed from the start:
 *   I1  NR_FREE_PAGES = sum of the lists + nr_deferred_free
 *   I2  first_deferred_pfn is ULONG_MAX exactly when no chunk is left to take
 *
 * lazy_struct_pages on the command line: no threads, chunks are made when
 * they are needed only. For machines much larger than what they are run on.
 *
 * Locks: zone->lock. page_alloc_init_late() sleeps.
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/memblock.h>
#include <linux/sched.h>

/*
 * 128 MiB: 32768 struct pages are a mebibyte, half a millisecond's work, so
 * that an allocation is not held up, and threads meet at the lock rarely.
 */
#define DEFERRED_CHUNK		(32 * MAX_ORDER_NR_PAGES)

static int __init lazy_struct_pages(char *val)
{
	if (val)
		return option_malformed("lazy_struct_pages", val,
					"takes no value");
	page_alloc_state()->deferred_lazy = true;
	return 0;
}
early_param("lazy_struct_pages", lazy_struct_pages);

/*
 * Where deferral goes on. It starts and goes on at multiples of the largest
 * block within the zone; what is anything else was damaged, and means none.
 */
static unsigned long deferred_start(struct zone *zone)
{
	unsigned long pfn = zone->first_deferred_pfn;

	if (likely(pfn == ULONG_MAX || (IS_MAX_ORDER_ALIGNED(pfn) &&
					zone_spans_pfn(zone, pfn))))
		return pfn;
	WRITE_ONCE(zone->first_deferred_pfn, ULONG_MAX);
	atomic_long_inc(&page_alloc_state()->nr_bad);
	pr_err("deferral: node %d zone %s: frame %#lx was damaged\n",
	       zone_to_nid(zone), zone->name, pfn);
	return ULONG_MAX;
}

static unsigned long deferred_chunk(void)
{
	return page_alloc_state()->deferred_chunk ?: DEFERRED_CHUNK;
}

/* Takes a chunk of @zone to make; false when none is left. */
static bool deferred_take(struct zone *zone, unsigned long *start,
			  unsigned long *end)
{
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	*start = deferred_start(zone);
	if (*start != ULONG_MAX) {
		*end = min(ALIGN(*start + 1, deferred_chunk()),
			   zone_end_pfn(zone));
		buddy_pageblocks_init(zone, *start, *end);
		WRITE_ONCE(zone->first_deferred_pfn,
			   *end < zone_end_pfn(zone) ? *end : ULONG_MAX);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return *start != ULONG_MAX;
}

/* Frees what memblock has left of [pfn, end); how many frames. */
static unsigned long chunk_free_ranges(struct zone *zone, unsigned long pfn,
				       unsigned long end)
{
	unsigned long start, stop, freed = 0;
	u64 i;

	for_each_free_mem_pfn_range_in_zone(i, zone, &start, &stop) {
		if (start >= end)
			break;
		start = max(start, pfn);
		stop = min(stop, end);
		if (start >= stop)
			continue;
		page_init_free_range(zone, start, stop, true);
		freed += stop - start;
	}
	return freed;
}

/* Makes the struct pages of [start, end) and frees what is not reserved. */
static unsigned long chunk_make(struct zone *zone, unsigned long start,
				unsigned long end)
{
	unsigned long n = deferred_init_pages(zone, start, end);

	if (n == end - start) {
		page_init_free_range(zone, start, end, true);
		return n;
	}
	return n ? chunk_free_ranges(zone, start, end) : 0;
}

/* The chunk's free frames are in the lists now and no longer deferred. */
static void deferred_settle(struct zone *zone, unsigned long n)
{
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	BUG_ON(n > zone->nr_deferred_free);
	zone->nr_deferred_free -= n;
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* The free frames of the next chunk that has any; 0 when none is left. */
static unsigned long deferred_step(struct zone *zone)
{
	unsigned long start, end, n;

	while (deferred_take(zone, &start, &end)) {
		n = chunk_make(zone, start, end);
		deferred_settle(zone, n);
		if (n)
			return n;
	}
	return 0;
}

bool deferred_zone_grow(struct zone *zone, unsigned int order)
{
	unsigned long need = 1UL << order, got = 0;

	while (got < need) {
		unsigned long n = deferred_step(zone);

		if (!n)
			break;
		got += n;
	}
	return got > 0;
}

/* One node's late initialisation; lives on page_alloc_init_late()'s stack. */
struct deferred_node {
	struct pglist_data *pgdat;
	atomic_t running;		/* a: threads, and one for the maker */
	atomic_long_t pages;		/* a: made so far */
	struct completion done;
};

static void deferred_node_put(struct deferred_node *work)
{
	if (atomic_dec_and_test(&work->running))
		complete(&work->done);
}

static void deferred_node_make(struct deferred_node *work)
{
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		struct zone *zone = &work->pgdat->node_zones[i];
		unsigned long n;

		if (zone_is_empty(zone))
			continue;
		while ((n = deferred_step(zone)) > 0) {
			atomic_long_add((long)n, &work->pages);
			cond_resched();
		}
	}
}

static int deferred_thread(void *arg)
{
	struct deferred_node *work = arg;

	deferred_node_make(work);
	deferred_node_put(work);
	return 0;
}

static bool node_is_deferred(const struct pglist_data *pgdat)
{
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		const struct zone *zone = &pgdat->node_zones[i];

		if (!zone_is_empty(zone) &&
		    READ_ONCE(zone->first_deferred_pfn) != ULONG_MAX)
			return true;
	}
	return false;
}

/* A thread on each online CPU of the node; this one works too. */
static void deferred_node_run(struct pglist_data *pgdat)
{
	struct deferred_node work = { .pgdat = pgdat };
	u64 begin = port_clock_ns();
	unsigned int cpu;

	init_completion(&work.done);
	atomic_set(&work.running, 1);
	for_each_online_cpu(cpu) {
		struct task_struct *task;

		if (cpu_to_node((int)cpu) != pgdat->node_id ||
		    cpu == smp_processor_id())
			continue;
		task = kthread_create_on_cpu(deferred_thread, &work, cpu,
					     "pgdatinit");
		if (IS_ERR(task))
			break;	/* those that run do the work */
		atomic_inc(&work.running);
		wake_up_process(task);
	}
	deferred_node_make(&work);
	deferred_node_put(&work);
	wait_for_completion(&work.done);
	pr_info("node %d deferred pages initialised in %ums\n",
		pgdat->node_id,
		(unsigned int)((port_clock_ns() - begin) >> 10) / 977);
}

void deferred_init_finish(void)
{
	struct pglist_data *pgdat;

	for_each_online_pgdat(pgdat)
		if (node_is_deferred(pgdat))
			deferred_node_run(pgdat);
}

void page_alloc_init_late(void)
{
	struct page_alloc_state *pa = page_alloc_state();

	pa->allowed_mask = __GFP_BITS_MASK;
	if (!pa->deferred_lazy)
		deferred_init_finish();
	init_per_zone_wmark_min();
	commit_reserves_init();
	page_slow_set(PAGE_SLOW_STARTING, false);
	setup_per_cpu_pageset();
}
