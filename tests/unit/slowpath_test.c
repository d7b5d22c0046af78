// SPDX-License-Identifier: MIT
/*
 * A request that finds nothing: who is asked for help, how often, and what
 * comes of it. The answers of later stages are the test's own.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/page-isolation.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "log_capture.h"
#include "page_snapshot.h"

static struct page_snapshot before;

/* What later stages answer, and what they were asked, in order. */
static struct {
	const struct page_upcalls *others;	/* registered before */
	u64 chain;		/* pages held: PFN + 1, linked by private */
	char calls[256];	/* "w" kswapd, "r" reclaim, "c" and the
				 * priority compaction, "k" kill */
	unsigned int nr_calls;	/* characters of it, those left out too */
	const char *progress;	/* of each reclaim: '0' nothing, '1' a page
				 * for somebody else, 'f' all that is held;
				 * the last one for all that follow */
	const char *made;	/* of each compaction: 's' skipped, 'd'
				 * deferred, 'c' complete, 'S' success, 'f'
				 * success, and frees all that is held */
	const char *killed;	/* of each kill: '0', '1', 'f' */
	gfp_t gfp;		/* the last call's */
	bool lax;		/* a call met a task that may reclaim */
} help;

static void chain_free(void)
{
	while (help.chain) {
		struct page *page = pfn_to_page((unsigned long)help.chain - 1);

		help.chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static void note(char c)
{
	if (help.nr_calls < sizeof(help.calls) - 1)
		help.calls[help.nr_calls] = c;
	help.nr_calls++;
}

/* The next answer of a script; all that is held is freed for an 'f'. */
static char answer(const char **script)
{
	char c = **script;

	if (c && (*script)[1])
		(*script)++;
	if (c == 'f')
		chain_free();
	return c;
}

static void check_reclaimer(gfp_t gfp)
{
	help.gfp = gfp;
	if (!(current->flags & PF_MEMALLOC) || !(current->flags & PF_MEMSTALL))
		help.lax = true;
}

static void help_wakeup(struct zone *zone, gfp_t gfp, int order,
			enum zone_type highest)
{
	note('w');
}

static unsigned long help_reclaim(struct zonelist *zonelist, int order,
				  gfp_t gfp, const nodemask_t *nodes)
{
	check_reclaimer(gfp);
	note('r');
	return answer(&help.progress) != '0';
}

static enum compact_result help_compact(const struct compact_request *request)
{
	check_reclaimer(request->gfp_mask);
	note('c');
	note((char)('0' + request->priority));
	switch (answer(&help.made)) {
	case 's': return COMPACT_SKIPPED;
	case 'd': return COMPACT_DEFERRED;
	case 'c': return COMPACT_COMPLETE;
	default: return COMPACT_SUCCESS;
	}
}

static bool help_kill(struct oom_control *oc)
{
	note('k');
	return answer(&help.killed) != '0';
}

static unsigned long help_swappable(struct zone *zone)
{
	return 64;
}

static const struct page_upcalls all = {
	.wakeup_kswapd = help_wakeup,
	.try_to_free_pages = help_reclaim,
	.try_to_compact_pages = help_compact,
	.out_of_memory = help_kill,
};
static const struct page_upcalls without_compaction = {
	.wakeup_kswapd = help_wakeup,
	.try_to_free_pages = help_reclaim,
	.out_of_memory = help_kill,
};
static const struct page_upcalls swapping = {
	.try_to_free_pages = help_reclaim,
	.swappable_pages = help_swappable,
};

/* Starts a script anew. */
static void script(const struct page_upcalls *ops, const char *progress,
		   const char *made, const char *killed)
{
	memset(help.calls, 0, sizeof(help.calls));
	help.nr_calls = 0;
	help.progress = progress;
	help.made = made;
	help.killed = killed;
	page_upcalls_register(ops);
}

/* The DMA zone of the first node: small on every machine. */
static struct zone *dma_zone(void)
{
	return &first_online_pgdat()->node_zones[ZONE_DMA];
}

static gfp_t dma_gfp(gfp_t how)
{
	return how | __GFP_DMA | __GFP_THISNODE | __GFP_NOWARN;
}

static struct page *dma_alloc(gfp_t how, unsigned int order)
{
	return alloc_pages_node(zone_to_nid(dma_zone()), dma_gfp(how), order);
}

/* Holds every page of the DMA zone. */
static void dma_exhaust(void)
{
	struct page *page;

	while ((page = dma_alloc(GFP_ATOMIC | __GFP_MEMALLOC, 0))) {
		set_page_private(page, help.chain);
		help.chain = page_to_pfn(page) + 1;
	}
}

/* Holds every page of the machine. */
static void exhaust_all(void)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN;
	struct page *page;

	while ((page = alloc_page(gfp))) {
		set_page_private(page, help.chain);
		help.chain = page_to_pfn(page) + 1;
	}
}

/* The last page held becomes free. */
static void chain_drop(unsigned int n)
{
	while (n--) {
		struct page *page = pfn_to_page((unsigned long)help.chain - 1);

		help.chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static void file_pages(long n)
{
	mod_zone_page_state(dma_zone(), NR_ZONE_INACTIVE_FILE, n);
}

static int slowpath_init(struct kunit *test)
{
	before = page_snapshot_take();
	memset(&help, 0, sizeof(help));
	help.others = this_machine()->page_alloc.upcalls;
	page_upcalls_register(NULL);
	/* What compaction says, not what the free lists say of its chances. */
	this_machine()->page_alloc.extfrag_threshold = -1;
	return 0;
}

static void slowpath_exit(struct kunit *test)
{
	this_machine()->page_alloc.extfrag_threshold = 500;
	chain_free();
	page_upcalls_register(help.others);
	page_snapshot_check(test, &before);
}

static void nothing_registered_test(struct kunit *test)
{
	dma_exhaust();
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_ATOMIC, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_NOMEMALLOC, 3));
}

/* A request that finds nothing, and all that is done for it until it fails. */
struct sequence {
	gfp_t gfp;
	unsigned int order;
	const char *progress, *made;
	const char *calls;
};

#define TRY_HARD	(GFP_KERNEL | __GFP_RETRY_MAYFAIL)

static const struct sequence sequences[] = {
	/* Who may not sleep: the reclaim threads alone, or not even they. */
	{ 0, 0, "1", "S", "" },
	{ 0, 4, "1", "S", "" },
	{ GFP_ATOMIC, 0, "1", "S", "w" },
	{ GFP_NOWAIT, 0, "1", "S", "w" },
	{ GFP_ATOMIC, 4, "1", "S", "w" },
	{ GFP_NOWAIT | __GFP_NOMEMALLOC, 2, "1", "S", "w" },
	{ GFP_TRANSHUGE_LIGHT & ~__GFP_HIGHMEM, 9, "1", "S", "" },
	/* Single pages are never compacted; nothing to reclaim: one round. */
	{ GFP_KERNEL, 0, "0", "S", "wr" },
	{ GFP_USER, 0, "0", "S", "wr" },
	{ GFP_NOIO, 0, "0", "S", "wr" },
	{ GFP_NOFS, 0, "0", "S", "wr" },
	{ __GFP_DIRECT_RECLAIM, 0, "0", "S", "r" },
	{ GFP_KERNEL | __GFP_NORETRY, 0, "1", "S", "wr" },
	{ TRY_HARD, 0, "0", "S", "wr" },
	/* Blocks: compaction first, but not for movable ones. */
	{ GFP_KERNEL, 2, "0", "c", "wc2rc1" },
	{ GFP_KERNEL | __GFP_MOVABLE, 2, "0", "c", "wrc1" },
	{ GFP_KERNEL | __GFP_MEMALLOC, 2, "0", "c", "wrc1" },
	{ GFP_KERNEL | __GFP_NORETRY, 2, "1", "c", "wc2rc1" },
	{ GFP_NOIO, 2, "1", "S", "wr" },
	{ GFP_NOFS, 2, "0", "c", "wc2rc1" },
	/* While reclaim frees something, compaction tries harder and harder. */
	{ GFP_KERNEL, 2, "1", "c", "wc2rc1wrc0" },
	{ GFP_KERNEL, 2, "10", "c", "wc2rc1wrc0" },
	{ GFP_KERNEL, 3, "1", "d", "wc2rc1wrc0" },
	{ GFP_KERNEL, 3, "1", "s", "wc2rc1" },
	/* Costly orders: once, unless asked for more, and never hardest. */
	{ GFP_KERNEL, 4, "1", "c", "wc2rc1" },
	{ GFP_KERNEL | __GFP_MOVABLE, 4, "1", "c", "wc2rc1" },
	{ GFP_KERNEL | __GFP_NORETRY, 4, "1", "c", "wc2rc2" },
	{ GFP_KERNEL | __GFP_NORETRY, 4, "1", "s", "wc2" },
	{ GFP_KERNEL | __GFP_NORETRY, 4, "1", "d", "wc2" },
	{ GFP_TRANSHUGE & ~__GFP_HIGHMEM, 9, "1", "c", "c2rc1" },
	{ GFP_NOIO | __GFP_RETRY_MAYFAIL, 4, "1", "S", "wr" },
	{ TRY_HARD, 4, "0", "S", "wc2rc1" },
	{ TRY_HARD, 4, "1", "c", "wc2rc1" },
	{ TRY_HARD, 4, "1", "S", "wc2rc1wrc1wrc1wrc1wrc1" },
};

static void sequence_check(struct kunit *test, const struct sequence *s)
{
	char names[160];

	script(&all, s->progress, s->made, "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(s->gfp, s->order));
	KUNIT_CHECK(test, !strcmp(help.calls, s->calls), 0,
		    "%s, order %u, reclaim %s, compaction %s: expected %s, found %s",
		    gfp_flags_format(names, sizeof(names), s->gfp), s->order,
		    s->progress, s->made, s->calls, help.calls);
}

static void sequences_test(struct kunit *test)
{
	const struct sequence *s;

	dma_exhaust();
	for (s = sequences; s < sequences + ARRAY_SIZE(sequences); s++)
		sequence_check(test, s);
	KUNIT_EXPECT_FALSE(test, help.lax);
	KUNIT_EXPECT_FALSE(test, current->flags & (PF_MEMALLOC | PF_MEMSTALL));
}

/* Both priorities sixteen times and once, when others take the blocks. */
static void compaction_retries_test(struct kunit *test)
{
	dma_exhaust();
	script(&all, "1", "S", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 2));
	KUNIT_EXPECT_EQ(test, help.nr_calls, 2 * 17 * 4 + 2U);
	KUNIT_EXPECT_FALSE(test, strncmp(help.calls, "wc2rc1wrc1w", 11));
}

/* Skipped compaction goes on as long as reclaim could help it to begin. */
static void compaction_skipped_test(struct kunit *test)
{
	dma_exhaust();
	file_pages(2048);
	script(&all, "110", "s", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 2));
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1wrc1wrc1");
	script(&all, "0", "s", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 5));
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1");
	script(&all, "1110", "s", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(TRY_HARD, 5));
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1wrc1wrc1wrc1");
	file_pages(-2048);
}

/* As long as there is something to reclaim, sixteen rounds in vain. */
static void reclaim_retries_test(struct kunit *test)
{
	dma_exhaust();
	file_pages(2048);
	script(&all, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, help.nr_calls, 2U * 17);
	/* A page for somebody else begins the count anew. */
	script(&all, "0000000000100", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, help.nr_calls, 2U * (11 + 17));
	file_pages(-2048);
	/* What can be swapped counts, too; 64 pages are under the mark. */
	script(&swapping, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, help.nr_calls,
			min_wmark_pages(dma_zone()) < 64 ? 17U : 1U);
	dma_zone()->_watermark[WMARK_MIN] += 64;
	script(&swapping, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, help.nr_calls, 1U);
	dma_zone()->_watermark[WMARK_MIN] -= 64;
}

static void served_after_reclaim_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	file_pages(2048);
	script(&all, "000f", "c", "1");
	page = dma_alloc(GFP_KERNEL, 0);
	file_pages(-2048);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_STREQ(test, help.calls, "wrwrwrwr");
	__free_page(page);
}

static void served_after_compaction_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	script(&all, "1", "cf", "1");
	page = dma_alloc(GFP_KERNEL, 2);
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1");
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_pages(page, 2);
	dma_exhaust();
	script(&all, "1", "f", "1");
	page = dma_alloc(GFP_KERNEL, 5);
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2");
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_pages(page, 5);
}

/* Where memory is what is missing, no large block is compacted for. */
static void memory_missing_test(struct kunit *test)
{
	struct zone *zone = dma_zone();

	dma_exhaust();
	KUNIT_EXPECT_EQ(test, fragmentation_index(zone, 4), 0);
	this_machine()->page_alloc.extfrag_threshold = 500;
	script(&all, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 4));
	KUNIT_EXPECT_STREQ(test, help.calls, "wr");
	/* A smaller one is. */
	script(&all, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 3));
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1");
	this_machine()->page_alloc.extfrag_threshold = 0;
	chain_free();
	drain_all_pages(NULL);
	KUNIT_EXPECT_EQ(test, fragmentation_index(zone, 4), -1000);
}

/* Each second page free: as much as is wanted lies apart. */
static void pages_apart_test(struct kunit *test)
{
	struct zone *zone = dma_zone();
	u64 chain, kept = 0;
	int index;

	dma_exhaust();
	chain = help.chain;
	while (chain) {
		struct page *page = pfn_to_page((unsigned long)chain - 1);

		chain = page_private(page);
		if (page_to_pfn(page) & 1) {
			set_page_private(page, 0);
			__free_page(page);
			continue;
		}
		set_page_private(page, kept);
		kept = page_to_pfn(page) + 1;
	}
	help.chain = kept;
	drain_all_pages(NULL);
	index = fragmentation_index(zone, 4);
	KUNIT_EXPECT_GT(test, index, 900);
	KUNIT_EXPECT_LT(test, index, 1000);
	this_machine()->page_alloc.extfrag_threshold = 500;
	script(&all, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 4));
	KUNIT_EXPECT_STREQ(test, help.calls, "wc2rc1");
	this_machine()->page_alloc.extfrag_threshold = 1000;
	script(&all, "0", "c", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 4));
	KUNIT_EXPECT_STREQ(test, help.calls, "wr");
}

static void nofail_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	script(&without_compaction, "00000000000000000000000000000f", "", "1");
	page = dma_alloc(GFP_KERNEL | __GFP_NOFAIL, 0);
	KUNIT_EXPECT_EQ(test, help.nr_calls, 2U * 30);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	/* Even of who asks for one try alone. */
	dma_exhaust();
	script(&without_compaction, "000f", "", "1");
	page = dma_alloc(GFP_KERNEL | __GFP_NOFAIL | __GFP_NORETRY, 0);
	KUNIT_EXPECT_STREQ(test, help.calls, "wrwrwrwr");
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* What would break its promise is said; who cannot sleep may fail. */
static void nofail_warnings_test(struct kunit *test)
{
	static struct log_capture log;
	struct page *page;

	dma_exhaust();
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_NOWAIT | __GFP_NOFAIL, 0));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"__GFP_NOFAIL of who cannot sleep: it may fail\n"));
	script(&without_compaction, "f", "", "1");
	log_capture_start(&log);
	page = dma_alloc(GFP_KERNEL | __GFP_NOFAIL, 3);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"__GFP_NOFAIL with order 3: it may take for ever\n"));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_pages(page, 3);
	current->flags |= PF_MEMALLOC;
	dma_exhaust();
	chain_drop(1);
	log_capture_start(&log);
	page = dma_alloc(GFP_KERNEL | __GFP_NOFAIL, 0);
	log_capture_end(&log);
	current->flags &= ~PF_MEMALLOC;
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"__GFP_NOFAIL of a task that frees memory"));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* Reclaim gets to know what it may do, from flags and from scopes. */
static void scopes_test(struct kunit *test)
{
	unsigned int outer, inner;

	dma_exhaust();
	script(&all, "0", "c", "1");
	dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS),
			__GFP_IO | __GFP_FS);
	dma_alloc(GFP_NOFS, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS), __GFP_IO);
	outer = memalloc_nofs_save();
	dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS), __GFP_IO);
	inner = memalloc_noio_save();
	dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS), 0U);
	memalloc_noio_restore(inner);
	dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS), __GFP_IO);
	inner = memalloc_nofs_save();
	memalloc_nofs_restore(inner);
	KUNIT_EXPECT_TRUE(test, current->flags & PF_MEMALLOC_NOFS);
	memalloc_nofs_restore(outer);
	dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.gfp & (__GFP_IO | __GFP_FS),
			__GFP_IO | __GFP_FS);
	outer = memalloc_pin_save();
	KUNIT_EXPECT_EQ(test, current_gfp_context(GFP_HIGHUSER_MOVABLE),
			GFP_HIGHUSER);
	memalloc_pin_restore(outer);
}

static void pin_scope_test(struct kunit *test)
{
	unsigned int scope = memalloc_pin_save();
	struct page *page = alloc_page(GFP_KERNEL | __GFP_MOVABLE);

	memalloc_pin_restore(scope);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NE(test, (int)page_zonenum(page), (int)ZONE_MOVABLE);
	if (!this_machine()->page_alloc.page_group_by_mobility_disabled)
		KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
				MIGRATE_UNMOVABLE);
	__free_page(page);
}

/* Whoever frees memory may have the last page, and reclaims nothing. */
static void memalloc_task_test(struct kunit *test)
{
	unsigned int scope;
	struct page *page;

	script(&all, "1", "c", "1");
	dma_exhaust();
	chain_drop(1);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	scope = memalloc_noreclaim_save();
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_NOMEMALLOC, 0));
	page = dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	memalloc_noreclaim_restore(scope);
	dma_zone()->_watermark[WMARK_MIN] -= 8;
	KUNIT_EXPECT_NULL(test, strchr(help.calls, 'r'));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* An interrupt is not the task that frees memory, whoever it met. */
static void memalloc_interrupt_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	chain_drop(1);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	current->flags |= PF_MEMALLOC;
	preempt_count_add(HARDIRQ_OFFSET);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_NOWAIT, 0));
	preempt_count_sub(HARDIRQ_OFFSET);
	page = dma_alloc(GFP_NOWAIT, 0);
	current->flags &= ~PF_MEMALLOC;
	dma_zone()->_watermark[WMARK_MIN] -= 8;
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* A victim goes half as deep again, and then fails: it is to end. */
static void victim_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	chain_drop(6);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	script(&without_compaction, "0", "", "1");
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	mark_oom_victim(current);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_NOMEMALLOC, 0));
	dma_zone()->_watermark[WMARK_MIN] = 8;
	page = dma_alloc(GFP_KERNEL, 0);
	dma_zone()->_watermark[WMARK_MIN] = 12;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	current->oom_victim = false;
	init_per_zone_wmark_min();
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void kill_test(struct kunit *test)
{
	struct page *page;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	exhaust_all();
	script(&without_compaction, "0", "", "0");
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NOT_NULL(test, strchr(help.calls, 'k'));
	script(&without_compaction, "0", "", "1");
	KUNIT_EXPECT_NULL(test, alloc_page(TRY_HARD | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL | __GFP_NOWARN |
					   __GFP_NORETRY));
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL | __GFP_NOWARN |
					   __GFP_THISNODE));
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL | __GFP_NOWARN |
					   __GFP_DMA));
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL | __GFP_NOWARN,
					    PAGE_ALLOC_COSTLY_ORDER + 1));
	KUNIT_EXPECT_NULL(test, strchr(help.calls, 'k'));
	/* As long as there are victims it goes on. */
	script(&without_compaction, "0", "", "11f");
	page = alloc_page(GFP_KERNEL | __GFP_NOWARN);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&this_machine()->page_alloc
						 .oom_lock));
	__free_page(page);
}

/* Frees what is held a while later, as one who found a victim would. */
static int other_killer(void *arg)
{
	struct mutex *lock = &this_machine()->page_alloc.oom_lock;

	mutex_lock(lock);
	complete(arg);
	msleep(20);
	chain_free();
	mutex_unlock(lock);
	return 0;
}

/* Another looks for a victim: this one waits for what comes of it. */
static void oom_lock_test(struct kunit *test)
{
	struct task_struct *other;
	struct completion held;
	struct page *page;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	init_completion(&held);
	other = kthread_create(other_killer, &held, "killer");
	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	get_task_struct(other);
	exhaust_all();
	script(&without_compaction, "0", "", "0");
	wake_up_process(other);
	wait_for_completion(&held);
	page = alloc_page(GFP_KERNEL | __GFP_NOWARN);
	kthread_stop(other);
	put_task_struct(other);
	KUNIT_EXPECT_NULL(test, strchr(help.calls, 'k'));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static struct kunit_case slowpath_cases[] = {
	KUNIT_CASE(nothing_registered_test),
	KUNIT_CASE(sequences_test),
	KUNIT_CASE(compaction_retries_test),
	KUNIT_CASE(compaction_skipped_test),
	KUNIT_CASE(reclaim_retries_test),
	KUNIT_CASE(served_after_reclaim_test),
	KUNIT_CASE(served_after_compaction_test),
	KUNIT_CASE(memory_missing_test),
	KUNIT_CASE(pages_apart_test),
	KUNIT_CASE(nofail_test),
	KUNIT_CASE(nofail_warnings_test),
	KUNIT_CASE(scopes_test),
	KUNIT_CASE(pin_scope_test),
	KUNIT_CASE(memalloc_task_test),
	KUNIT_CASE(memalloc_interrupt_test),
	KUNIT_CASE(victim_test),
	KUNIT_CASE(kill_test),
	KUNIT_CASE(oom_lock_test),
	{ 0 }
};

static struct kunit_suite slowpath_suite = {
	.name = "slowpath",
	.init = slowpath_init,
	.exit = slowpath_exit,
	.test_cases = slowpath_cases,
};
kunit_test_suite(slowpath_suite);
