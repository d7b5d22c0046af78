// SPDX-License-Identifier: MIT
/*
 * The tour's step about CPUs: each but the first goes off-line with pages and
 * objects in its lists and a counter that it has added to, and comes back.
 * What it held is with the others then, and nothing is counted twice.
 */
#include "tour.h"

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/percpu_counter.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include <linux/workqueue.h>

#include <octavo/machine.h>

#define CPU_PAGES	48
#define CPU_OBJECTS	300
/* CPUs that are taken and brought: on large machines some will do. */
#define CPU_MOST	8

/* What one CPU is made to hold. p: the thread that fills, then the step */
struct cpu_load {
	struct kmem_cache *cache;
	struct percpu_counter counter;
	struct completion done;
	struct page *page[CPU_PAGES];	/* p */
	void *object[CPU_OBJECTS];	/* p */
	unsigned int failed;		/* p: calls that got nothing */
};

/* Every third one stays out. */
static bool load_keeps(unsigned int i)
{
	return i % 3 == 0;
}

static int load_thread(void *arg)
{
	struct cpu_load *l = arg;
	unsigned int i;

	for (i = 0; i < CPU_PAGES; i++) {
		l->page[i] = alloc_pages(GFP_KERNEL, i % 4);
		l->failed += !l->page[i];
	}
	for (i = 0; i < CPU_OBJECTS; i++) {
		l->object[i] = kmem_cache_alloc(l->cache, GFP_KERNEL);
		l->failed += !l->object[i];
		if (l->object[i])
			memset(l->object[i], (int)i, 128);
	}
	for (i = 0; i < CPU_PAGES; i++)
		if (!load_keeps(i) && l->page[i])
			__free_pages(l->page[i], i % 4);
	for (i = 0; i < CPU_OBJECTS; i++)
		if (!load_keeps(i))
			kmem_cache_free(l->cache, l->object[i]);
	percpu_counter_add(&l->counter, 3);
	complete(&l->done);
	return 0;
}

static bool load_put(struct tour *t, struct cpu_load *l, unsigned int cpu)
{
	struct task_struct *p;

	init_completion(&l->done);
	p = kthread_create_on_cpu(load_thread, l, cpu, "load/%u");
	if (!TOUR_CHECK(t, !IS_ERR(p)))
		return false;
	wake_up_process(p);
	wait_for_completion(&l->done);
	return TOUR_CHECK(t, !l->failed);
}

/* What stayed out is what it was. */
static void load_free(struct tour *t, struct cpu_load *l)
{
	unsigned int i;

	for (i = 0; i < CPU_PAGES; i += 3)
		if (l->page[i])
			__free_pages(l->page[i], i % 4);
	for (i = 0; i < CPU_OBJECTS; i += 3) {
		char want = (char)i;

		TOUR_CHECK(t, l->object[i] &&
			   !memchr_inv(l->object[i], want, 128));
		kmem_cache_free(l->cache, l->object[i]);
	}
}

static unsigned long pages_of(unsigned int cpu)
{
	struct zone_pageset_info info;
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		zone_pageset_info(zone, cpu, &info);
		pages += (unsigned long)info.count;
	}
	return pages;
}

/*
 * The CPU keeps pages that its load freed. Somebody may have emptied the
 * lists since, so it is asked for more than once.
 */
static void load_in_lists(struct tour *t, struct cpu_load *l, unsigned int cpu)
{
	unsigned int tries = 5;

	while (!pages_of(cpu) && --tries) {
		load_free(t, l);
		if (!load_put(t, l, cpu))
			return;
	}
	TOUR_CHECK(t, pages_of(cpu) > 0);
}

static void cpu_gone(struct tour *t, struct cpu_load *l, unsigned int cpu,
		     s64 counted)
{
	TOUR_CHECK(t, !cpu_online(cpu));
	TOUR_CHECK(t, pages_of(cpu) == 0);
	TOUR_CHECK(t, kmem_cache_check(l->cache) == 0);
	TOUR_CHECK(t, percpu_counter_sum(&l->counter) == counted);
	TOUR_CHECK(t, remove_cpu(cpu) == 1);
	synchronize_rcu();
}

/* False: it may not go now. */
static bool tour_one_cpu(struct tour *t, struct cpu_load *l, unsigned int cpu,
			 s64 counted)
{
	unsigned int nr = num_online_cpus();
	int err;

	if (!load_put(t, l, cpu))
		return true;
	load_in_lists(t, l, cpu);
	err = remove_cpu(cpu);
	if (err == -EBUSY) {
		/* A thread of the program has it. */
		load_free(t, l);
		return false;
	}
	if (TOUR_CHECK(t, err == 0)) {
		cpu_gone(t, l, cpu, counted);
		TOUR_CHECK(t, add_cpu(cpu) == 0);
	}
	TOUR_CHECK(t, cpu_online(cpu) && num_online_cpus() == nr);
	load_free(t, l);
	/* It has lists again, and keeps what it gets. */
	if (load_put(t, l, cpu))
		load_in_lists(t, l, cpu);
	load_free(t, l);
	return true;
}

static void tour_each_cpu(struct tour *t, struct cpu_load *l)
{
	unsigned int cpu, gone = 0;
	s64 counted = 0;

	for_each_present_cpu(cpu) {
		if (!cpu || !cpu_online(cpu) || gone == CPU_MOST)
			continue;
		gone += tour_one_cpu(t, l, cpu, counted + 3);
		counted = percpu_counter_sum(&l->counter);
	}
	pr_info("tour: %u CPUs went off-line and came back\n", gone);
}

void tour_cpus(struct tour *t)
{
	struct cpu_load *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!TOUR_CHECK(t, l))
		return;
	TOUR_CHECK(t, remove_cpu(0) == -EPERM);
	TOUR_CHECK(t, remove_cpu(NR_CPUS) == -EINVAL);
	l->cache = kmem_cache_create("tour-cpu", 128, 0, SLAB_NO_MERGE, NULL);
	if (TOUR_CHECK(t, l->cache)) {
		if (TOUR_CHECK(t, !percpu_counter_init(&l->counter, 0,
						       GFP_KERNEL))) {
			tour_each_cpu(t, l);
			percpu_counter_destroy(&l->counter);
		}
		kmem_cache_destroy(l->cache);
	}
	kfree(l);
}
