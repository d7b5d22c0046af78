// SPDX-License-Identifier: MIT
/*
 * What a look at a page outside the direct map costs: measure.c tells how it
 * is measured. A pair each, the page is not touched.
 *
 * `local` is kmap_local_page() and kunmap_local() of a highmem page,
 * `local-driver` what these cannot do without: two stores to an entry of a
 * page table and one invlpg, in a loop. `mapped` is kmap() alone, of a page that
 * is mapped already; `kmap` a pair of one that nobody else has mapped.
 * `local-low` and `kmap-low` are of a page that has an address.
 */
#include "measure.h"

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <asm/pgtable.h>

/* Owned by the thread that measures. */
struct highmem_bench {
	struct page *page;	/* of the case, or NULL */
	unsigned long held;	/* `mapped`: calls of kmap() to be undone */
	pte_t entry;		/* `local-driver`: of no table */
};

static bool page_start(struct highmem_bench *b, gfp_t gfp)
{
	b->page = alloc_page(gfp);
	return b->page;
}

static bool high_start(void *state)
{
	return page_start(state, GFP_KERNEL | __GFP_HIGHMEM);
}

static bool low_start(void *state)
{
	return page_start(state, GFP_KERNEL);
}

static void page_end(void *state)
{
	struct highmem_bench *b = state;

	__free_page(b->page);
	b->page = NULL;
}

static bool mapped_start(void *state)
{
	struct highmem_bench *b = state;

	if (!high_start(b))
		return false;
	kmap(b->page);
	b->held = 1;
	return true;
}

static void mapped_end(void *state)
{
	struct highmem_bench *b = state;

	for (; b->held; b->held--)
		kunmap(b->page);
	page_end(b);
}

static bool pass_local(void *state, unsigned int rounds)
{
	const struct page *page = ((struct highmem_bench *)state)->page;

	for (; rounds; rounds--) {
		void *p = kmap_local_page(page);

		OPTIMIZER_HIDE_VAR(p);
		kunmap_local(p);
	}
	return true;
}

static bool pass_kmap(void *state, unsigned int rounds)
{
	struct page *page = ((struct highmem_bench *)state)->page;

	for (; rounds; rounds--) {
		void *p = kmap(page);

		OPTIMIZER_HIDE_VAR(p);
		kunmap(page);
	}
	return true;
}

static bool pass_mapped(void *state, unsigned int rounds)
{
	struct highmem_bench *b = state;
	struct page *page = b->page;

	b->held += rounds;
	for (; rounds; rounds--) {
		void *p = kmap(page);

		OPTIMIZER_HIDE_VAR(p);
	}
	return true;
}

static bool pass_driver(void *state, unsigned int rounds)
{
	struct highmem_bench *b = state;

	for (; rounds; rounds--) {
		set_pte(&b->entry, __pte(0x1067));
		pte_clear(&b->entry);
		__asm__ __volatile__("invlpg %0" : : "m" (b->entry) : "memory");
	}
	return true;
}

static void highmem_bench_init(void *state)
{
}

static const struct bench_case highmem_cases[] = {
	{ "local-driver", 2000, 1, pass_driver, NULL, NULL },
	{ "local", 2000, 1, pass_local, high_start, page_end },
	{ "local-low", 2000, 1, pass_local, low_start, page_end },
	{ "mapped", 2000, 1, pass_mapped, mapped_start, mapped_end },
	{ "kmap", 2000, 1, pass_kmap, high_start, page_end },
	{ "kmap-low", 2000, 1, pass_kmap, low_start, page_end },
};

const struct bench_group bench_highmem = {
	.name = "highmem", .cases = highmem_cases,
	.nr = ARRAY_SIZE(highmem_cases),
	.state_size = sizeof(struct highmem_bench),
	.init = highmem_bench_init,
};
