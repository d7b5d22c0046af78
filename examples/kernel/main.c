// SPDX-License-Identifier: MIT
/*
 * A kernel that embeds Octavo's core: it starts, shows its zones, uses memory
 * in every size, and ends with success if nothing is missing afterwards.
 */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/start.h>

#include "kernel.h"

struct point {
	struct list_head list;
	int x;
};

static int failed;

static void check(bool ok, const char *what)
{
	pr_info("check: %s: %s\n", what, ok ? "ok" : "FAILED");
	failed += !ok;
}

static void show_zones(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		pr_info("zone %-6s %7lu pages, %7lu free, watermarks %lu %lu %lu\n",
			zone->name, zone_managed_pages(zone),
			zone_page_state(zone, NR_FREE_PAGES),
			min_wmark_pages(zone), low_wmark_pages(zone),
			high_wmark_pages(zone));
}

/* Free pages once CPUs have given back what they kept. */
static unsigned long nr_free(void)
{
	drain_all_pages(NULL);
	return global_zone_page_state(NR_FREE_PAGES);
}

static void use_pages(void)
{
	struct page *dma = alloc_pages(GFP_KERNEL | GFP_DMA, 2);
	char *zeroed = (char *)get_zeroed_page(GFP_KERNEL);

	check(dma && page_to_pfn(dma) < MAX_DMA_PFN, "alloc_pages below 16 MiB");
	check(zeroed && !memchr_inv(zeroed, 0, PAGE_SIZE), "a zeroed page");
	__free_pages(dma, 2);
	free_page((unsigned long)zeroed);
}

static void use_objects(void)
{
	struct kmem_cache *cache = KMEM_CACHE(point, SLAB_NO_MERGE);
	struct point *p, *next;
	LIST_HEAD(points);
	int i, sum = 0;

	for (i = 0; i < 1000; i++) {
		p = kmem_cache_alloc(cache, GFP_KERNEL);
		p->x = i;
		list_add(&p->list, &points);
	}
	list_for_each_entry_safe(p, next, &points, list) {
		sum += p->x;
		kmem_cache_free(cache, p);
	}
	kmem_cache_destroy(cache);
	check(sum == 999 * 1000 / 2, "1000 objects of a cache");
}

static void use_kmalloc(void)
{
	char *small = kmalloc(100, GFP_KERNEL);
	char *large = kmalloc(100000, GFP_KERNEL);

	check(small && ksize(small) >= 100 && large, "kmalloc");
	kfree(small);
	kfree(large);
}

struct job {
	u64 *counter;
	struct completion done;
};

/* A thread of its own adds to its CPU's counter. */
static int worker(void *arg)
{
	struct job *job = arg;

	this_cpu_add(*job->counter, 42);
	complete(&job->done);
	return 0;
}

static void use_threads(void)
{
	struct job job = { .counter = alloc_percpu(u64) };

	init_completion(&job.done);
	kthread_run(worker, &job, "worker");
	wait_for_completion(&job.done);
	check(*per_cpu_ptr(job.counter, 0) == 42, "a thread's per-CPU counter");
	free_percpu(job.counter);
}

static void use_all(void)
{
	use_pages();
	use_objects();
	use_kmalloc();
	use_threads();
}

/* The first thread: all that may sleep. What caches keep, the first round
 * leaves with them; the second takes nothing more. */
static int init(void *unused)
{
	unsigned long before;

	start_late();
	show_zones();
	use_all();
	before = nr_free();
	use_all();
	check(nr_free() == before, "as many free pages as before");
	check(!kmem_cache_check(NULL), "every cache is sound");
	port_poweroff(!failed);
}

void kernel_main(const struct pvh_start_info *info)
{
	port_setup(info);
	start_kernel();
	kthread_run(init, NULL, "init");
	cpu_idle();
}
