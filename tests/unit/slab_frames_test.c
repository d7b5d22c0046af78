// SPDX-License-Identifier: MIT
/*
 * The table of frames where a chunk is made late: one without objects is
 * taken out, as on a machine that is larger than what start-up makes.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <octavo/fail_page.h>

#include "../../mm/slab/internal.h"

/* A page whose chunk holds no object; NULL, with all pages free: no such. */
static struct page *lonely_page(void)
{
	struct slab_state *s = slab_state();
	struct page *page = alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER), *next;
	struct page *held = NULL;
	unsigned long i;

	for (; page; page = alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER)) {
		unsigned long pfn = page_to_pfn(page) & ~(FRAME_CHUNK - 1);
		const u16 *entry = s->frames[pfn >> FRAME_CHUNK_SHIFT];

		for (i = 0; i < FRAME_CHUNK && !entry[pfn + i]; i++)
			;
		if (i == FRAME_CHUNK)
			break;
		page->private = (unsigned long)held;
		held = page;
	}
	for (; held; held = next) {
		next = (struct page *)(unsigned long)held->private;
		held->private = 0;
		__free_pages(held, MAX_PAGE_ORDER);
	}
	return page;
}

static void late_chunk_test(struct kunit *test)
{
	struct slab_state *s = slab_state();
	struct page *page = lonely_page();
	unsigned long pfn, nr;
	u16 **entry, *former, *none;

	if (!page)
		kunit_skip(test, "objects in each chunk of 32 MiB");
	pfn = page_to_pfn(page);
	entry = &s->frames[pfn >> FRAME_CHUNK_SHIFT];
	former = *entry;
	none = frame_chunk_entry(s->no_frames, pfn);
	*entry = none;
	KUNIT_EXPECT_EQ(test, frame_kind(page_address(page)),
			(unsigned int)FRAME_NONE);

	/* Without memory nothing changes. */
	page_alloc_fail_nth(1);
	KUNIT_EXPECT_EQ(test, frame_prepare(pfn, GFP_KERNEL | __GFP_NOWARN),
			-ENOMEM);
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_PTR_EQ(test, *entry, none);

	/* Zones and types of the request are not the chunk's. */
	KUNIT_ASSERT_EQ(test, frame_prepare(pfn, GFP_KERNEL | __GFP_DMA |
					    __GFP_COMP | __GFP_RECLAIMABLE), 0);
	KUNIT_EXPECT_TRUE(test, *entry != none);
	for (nr = 0; nr < FRAME_CHUNK &&
		     !(*entry)[(pfn & ~(FRAME_CHUNK - 1)) + nr]; nr++)
		;
	KUNIT_EXPECT_EQ(test, nr, FRAME_CHUNK);
	frame_set_kind(pfn, FRAME_LARGE);
	KUNIT_EXPECT_EQ(test, frame_kind(page_address(page)),
			(unsigned int)FRAME_LARGE);
	KUNIT_EXPECT_EQ(test, frame_kind(page_address(page + 1)),
			(unsigned int)FRAME_NONE);
	frame_set_kind(pfn, FRAME_NONE);
	KUNIT_EXPECT_EQ(test, frame_prepare(pfn, GFP_KERNEL), 0);

	free_pages_exact(*entry + (pfn & ~(FRAME_CHUNK - 1)),
			 FRAME_CHUNK * sizeof(u16));
	*entry = former;
	__free_pages(page, MAX_PAGE_ORDER);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

static struct kunit_case slab_frames_cases[] = {
	KUNIT_CASE(late_chunk_test),
	{ 0 }
};

static struct kunit_suite slab_frames_suite = {
	.name = "slab_frames",
	.test_cases = slab_frames_cases,
};
kunit_test_suite(slab_frames_suite);
