// SPDX-License-Identifier: MIT
/*
 * The tour's step about pages without an address: as many as there are
 * addresses are mapped at once, each with what was written to it; then a
 * thread on each CPU waits for one more, and gets it when one is given back.
 *
 * A machine whose memory all has addresses says so.
 */
#include "tour.h"

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>

#define TOUR_WAITERS	8

/* A thread that wants an address. c: constant; o: its own until it ends */
struct waiter {
	struct page *page;		/* c */
	bool right;			/* o: what it found there is the page's */
	struct completion done;
	struct task_struct *task;	/* c: NULL: there is none */
};

static unsigned long stamp(const struct page *page)
{
	return page_to_pfn(page) * 0x9e3779b1UL;
}

static bool stamped(const struct page *page, const unsigned long *p)
{
	return p && p[0] == stamp(page) && p[100] == ~stamp(page);
}

/* A page of @nid's high memory, stamped; NULL: there is none left. */
static struct page *stamped_page(int nid)
{
	struct page *page = alloc_pages_node(nid, GFP_HIGHUSER | __GFP_NOWARN |
					     __GFP_THISNODE, 0);
	unsigned long *p;

	if (!page)
		return NULL;
	/* High memory is used up: low memory stands in, which has addresses. */
	if (!PageHighMem(page)) {
		__free_page(page);
		return NULL;
	}
	p = kmap_local_page(page);
	p[0] = stamp(page);
	p[100] = ~stamp(page);
	kunmap_local(p);
	return page;
}

static int waiter_fn(void *arg)
{
	struct waiter *w = arg;

	w->right = stamped(w->page, kmap(w->page));
	kunmap(w->page);
	complete(&w->done);
	return 0;
}

static void waiter_start(struct tour *t, struct waiter *w, struct page *page,
			 unsigned int cpu)
{
	w->page = page;
	init_completion(&w->done);
	w->task = kthread_create_on_cpu(waiter_fn, w, cpu, "kmap/%u");
	if (!TOUR_CHECK(t, !IS_ERR(w->task))) {
		w->task = NULL;
		return;
	}
	get_task_struct(w->task);
	wake_up_process(w->task);
}

static void waiter_end(struct tour *t, struct waiter *w)
{
	if (!w->task)
		return;
	wait_for_completion(&w->done);
	kthread_stop(w->task);
	put_task_struct(w->task);
	TOUR_CHECK(t, w->right);
}

static void await_waiting(unsigned int nr)
{
	while (kmap_nr_waiting() < nr)
		msleep(1);
}

/* All addresses are taken: threads wait, and each gets what is given back. */
static void waiting(struct tour *t, struct page **pages, unsigned int nr)
{
	struct waiter w[TOUR_WAITERS];
	unsigned int cpu, i, n = 0;

	for_each_online_cpu(cpu) {
		if (n == TOUR_WAITERS)
			break;
		waiter_start(t, &w[n], pages[nr + n], cpu);
		await_waiting(w[n].task ? n + 1 : n);
		n++;
	}
	TOUR_CHECK(t, pkmap_check());
	for (i = 0; i < n; i++) {
		kunmap(pages[i]);
		waiter_end(t, &w[i]);
	}
	pr_info("tour: %u pages of high memory mapped at once, %u threads waited for an address\n",
		nr, n);
	for (i = n; i < nr; i++)
		kunmap(pages[i]);
}

static void all_mapped(struct tour *t, struct page **pages, unsigned int nr)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < nr; i++)
		wrong += !stamped(pages[i], kmap(pages[i]));
	for (i = 0; i < nr; i++)
		wrong += !stamped(pages[i], page_address(pages[i]));
	TOUR_CHECK(t, !wrong);
	waiting(t, pages, nr);
	kmap_flush_unused();
	TOUR_CHECK(t, !page_address(pages[0]));
	TOUR_CHECK(t, pkmap_check());
}

static struct zone *high_zone(void)
{
	struct zone *zone, *largest = NULL;

	for_each_populated_zone(zone)
		if (is_highmem(zone) &&
		    (!largest || zone_managed_pages(zone) >
				 zone_managed_pages(largest)))
			largest = zone;
	return largest;
}

void tour_highmem(struct tour *t)
{
	struct zone *zone = high_zone();
	unsigned int want = LAST_PKMAP + TOUR_WAITERS, n = 0;
	struct page **pages;

	if (!zone) {
		pr_info("tour: all memory has an address\n");
		return;
	}
	pages = kvcalloc(want, sizeof(*pages), GFP_KERNEL);
	if (!TOUR_CHECK(t, pages))
		return;
	while (n < want && (pages[n] = stamped_page(zone_to_nid(zone))))
		n++;
	if (n == want)
		all_mapped(t, pages, LAST_PKMAP);
	else
		pr_info("tour: high memory has fewer pages than there are addresses\n");
	while (n)
		__free_page(pages[--n]);
	kvfree(pages);
}
