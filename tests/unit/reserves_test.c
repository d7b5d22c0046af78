// SPDX-License-Identifier: MIT
/*
 * Where requests may go: contexts, tasks kept to nodes, pages that will be
 * dirtied. What depends on the machine's size is in tests/page.
 */
#include <kunit/test.h>
#include <linux/cpuset.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/page-isolation.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/page/internal.h"
#include "log_capture.h"
#include "page_snapshot.h"

static struct log_capture log;
static struct page_snapshot before;
static const struct page_upcalls *others;	/* registered before */

static int reserves_init(struct kunit *test)
{
	before = page_snapshot_take();
	others = this_machine()->page_alloc.upcalls;
	return 0;
}

static void reserves_exit(struct kunit *test)
{
	static const nodemask_t anywhere;

	set_mems_allowed(&anywhere);
	page_upcalls_register(others);
	page_snapshot_check(test, &before);
}

/* ---- contexts ---- */

/* A request of one caller: this function's, inlined nowhere. */
static noinline struct page *ask_here(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	barrier();
	return page;
}

static noinline unsigned long ask_there(gfp_t gfp)
{
	unsigned long addr = __get_free_page(gfp);

	barrier();
	return addr;
}

static bool reported(void)
{
	return log_captured(&log, "BUG: sleeping function called from invalid context at ");
}

/* A context, entered and left. */
struct context {
	const char *name;	/* as the report has it */
	unsigned int count;	/* of preempt_count */
	bool irqs_off;
};

static void context_request(struct kunit *test, const struct context *c,
			    gfp_t gfp, bool again)
{
	unsigned long flags = 0;
	struct page *page;

	log_capture_start(&log);
	preempt_count_add(c->count);
	if (c->irqs_off)
		local_irq_save(flags);
	page = ask_here(gfp);
	if (c->irqs_off)
		local_irq_restore(flags);
	preempt_count_sub(c->count);
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, reported(), (gfp & __GFP_DIRECT_RECLAIM) != 0 &&
			!again);
	if (reported())
		KUNIT_CHECK(test, log_captured(&log, c->name), 0, "%s",
			    c->name);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void callers_forget(void)
{
	struct caller_set *set = &this_machine()->page_alloc.sleepers;

	memset(set, 0, sizeof(*set));
}

/* Each context of the table, with requests that may and may not sleep. */
static void contexts_test(struct kunit *test)
{
	static const struct context contexts[] = {
		{ "in atomic context", PREEMPT_OFFSET, false },
		{ "in a part with interrupts off", 0, true },
		{ "in a softirq", SOFTIRQ_OFFSET, false },
		{ "in a hard interrupt", HARDIRQ_OFFSET, true },
	};
	static const gfp_t quiet[] = { GFP_ATOMIC, GFP_NOWAIT, 0,
				       GFP_DMA | GFP_ATOMIC };
	static const gfp_t sleeping[] = { GFP_KERNEL, GFP_USER, GFP_NOIO,
					  GFP_NOFS, GFP_DMA | GFP_KERNEL };
	unsigned int c, i;

	if (!current || is_idle_task(current))
		kunit_skip(test, "no thread");
	for (c = 0; c < ARRAY_SIZE(contexts); c++) {
		for (i = 0; i < ARRAY_SIZE(quiet); i++)
			context_request(test, &contexts[c], quiet[i], false);
		for (i = 0; i < ARRAY_SIZE(sleeping); i++) {
			callers_forget();
			context_request(test, &contexts[c], sleeping[i],
					false);
			context_request(test, &contexts[c], sleeping[i], true);
		}
	}
	callers_forget();
}

/* Whether a caller is known by an address in the function at @fn. */
static bool caller_known(unsigned long fn)
{
	struct caller_set *set = &this_machine()->page_alloc.sleepers;
	unsigned int i;

	for (i = 0; i < CALLER_SET_SIZE; i++)
		if ((unsigned long)atomic_long_read(&set->place[i]) - fn < 512)
			return true;
	return false;
}

/* Two callers are two reports, also by way of another page call. */
static void callers_test(struct kunit *test)
{
	unsigned long addr[3];
	struct page *page;
	int i;

	if (!current || is_idle_task(current))
		kunit_skip(test, "no thread");
	callers_forget();
	preempt_disable();
	log_capture_start(&log);
	page = ask_here(GFP_KERNEL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, reported());
	log_capture_start(&log);
	for (i = 0; i < 2; i++)
		addr[i] = ask_there(GFP_KERNEL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, reported());
	log_capture_start(&log);
	addr[2] = ask_there(GFP_KERNEL);
	log_capture_end(&log);
	preempt_enable();
	KUNIT_EXPECT_FALSE(test, reported());
	KUNIT_EXPECT_TRUE(test, caller_known((unsigned long)ask_here));
	KUNIT_EXPECT_TRUE(test, caller_known((unsigned long)ask_there));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	for (i = 0; i < 3; i++)
		free_page(addr[i]);
	callers_forget();
}

/* ---- tasks kept to nodes ---- */

static int node_after(int nid)
{
	int next = next_node(nid, this_machine()->node_masks[N_NORMAL_MEMORY]);

	return next < MAX_NUMNODES ? next : first_node(
			this_machine()->node_masks[N_NORMAL_MEMORY]);
}

static void cpuset_test(struct kunit *test)
{
	int here = numa_node_id(), there = node_after(here);
	nodemask_t nodes;
	struct page *page;

	nodes_clear(nodes);
	node_set(MAX_NUMNODES - 1, nodes);
	KUNIT_EXPECT_EQ(test, set_mems_allowed(&nodes), -EINVAL);
	if (here == there)
		kunit_skip(test, "one node");
	nodes_clear(nodes);
	node_set(there, nodes);
	KUNIT_ASSERT_EQ(test, set_mems_allowed(&nodes), 0);
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_nid(page), there);
	__free_page(page);
	/* A node that it may not use, and no other: only who must. */
	KUNIT_EXPECT_NULL(test, alloc_pages_node(here, GFP_USER | __GFP_NOWARN |
						 __GFP_THISNODE, 0));
	page = alloc_pages_node(here, GFP_KERNEL | __GFP_THISNODE, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	page = alloc_pages_node(here, GFP_ATOMIC | __GFP_HARDWALL |
				__GFP_THISNODE, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	mark_oom_victim(current);
	page = alloc_pages_node(here, GFP_USER | __GFP_THISNODE, 0);
	current->oom_victim = false;
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	/* Nor is an interrupt kept to where the task is that it met. */
	preempt_count_add(HARDIRQ_OFFSET);
	page = alloc_pages_node(here, GFP_NOWAIT | __GFP_HARDWALL |
				__GFP_THISNODE, 0);
	preempt_count_sub(HARDIRQ_OFFSET);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* ---- pages that will be dirtied ---- */

static void dirty_spread_test(struct kunit *test)
{
	int here = numa_node_id(), there = node_after(here);
	struct pglist_data *pgdat = NODE_DATA(here);
	long dirty = (long)pgdat->node_present_pages;
	struct page *page;

	if (here == there)
		kunit_skip(test, "one node");
	KUNIT_EXPECT_TRUE(test, node_dirty_ok(pgdat));
	mod_node_page_state(pgdat, NR_FILE_DIRTY, dirty);
	KUNIT_EXPECT_FALSE(test, node_dirty_ok(pgdat));
	page = alloc_page(GFP_KERNEL | __GFP_WRITE);
	KUNIT_EXPECT_TRUE(test, page && page_to_nid(page) == there);
	if (page)
		__free_page(page);
	page = alloc_page(GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, page && page_to_nid(page) == here);
	if (page)
		__free_page(page);
	/* Rather here than nowhere. */
	page = alloc_pages_node(here, GFP_KERNEL | __GFP_WRITE |
				__GFP_THISNODE, 0);
	KUNIT_EXPECT_NOT_NULL(test, page);
	if (page)
		__free_page(page);
	mod_node_page_state(pgdat, NR_FILE_DIRTY, -dirty);
}

static struct kunit_case reserves_cases[] = {
	KUNIT_CASE(contexts_test),
	KUNIT_CASE(callers_test),
	KUNIT_CASE(cpuset_test),
	KUNIT_CASE(dirty_spread_test),
	{ 0 }
};

static struct kunit_suite reserves_suite = {
	.name = "reserves",
	.init = reserves_init,
	.exit = reserves_exit,
	.test_cases = reserves_cases,
};
kunit_test_suite(reserves_suite);
