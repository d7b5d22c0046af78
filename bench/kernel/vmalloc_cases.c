// SPDX-License-Identifier: MIT
/*
 * What memory that is contiguous in its addresses only costs: measure.c tells
 * how it is measured. A pair each: asked for, not touched, and given back;
 * the flushes that come of it now and then are in the figures.
 *
 * `huge64m` is vmalloc_huge() of 64 MiB, `huge64m-pages` the blocks of pages
 * that such an area is made of, alone.
 */
#include "measure.h"

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#define VMAP_PAGES	16	/* of `vmap16` */
#define HUGE_SIZE	(64UL << 20)
#define HUGE_ORDER	9	/* blocks of 2 MiB */
#define HUGE_BLOCKS	((unsigned int)(HUGE_SIZE >> (PAGE_SHIFT + HUGE_ORDER)))

/* Owned by the thread that measures. */
struct vmalloc_bench {
	struct page *pages[VMAP_PAGES];		/* of `vmap16`, or NULL */
	struct page *blocks[HUGE_BLOCKS];	/* of `huge64m-pages` */
};

/* An area that some expressions take and give back. */
#define PAIR(name, take, give)						\
static bool pass_##name(void *state, unsigned int rounds)		\
{									\
	struct vmalloc_bench *b = state;				\
									\
	(void)b;							\
	for (; rounds; rounds--) {					\
		void *p = (take);					\
									\
		if (unlikely(!p))					\
			return false;					\
		give;							\
	}								\
	return true;							\
}
PAIR(vmalloc1, vmalloc(PAGE_SIZE), vfree(p))
PAIR(vmalloc16, vmalloc(16 * PAGE_SIZE), vfree(p))
PAIR(vmalloc256, vmalloc(256 * PAGE_SIZE), vfree(p))
PAIR(vmap16, vmap(b->pages, VMAP_PAGES, VM_MAP, PAGE_KERNEL), vunmap(p))
PAIR(huge64m, vmalloc_huge(HUGE_SIZE, GFP_KERNEL), vfree(p))

static void vmap_end(void *state)
{
	struct vmalloc_bench *b = state;
	unsigned int i;

	for (i = 0; i < VMAP_PAGES; i++) {
		if (b->pages[i])
			__free_page(b->pages[i]);
		b->pages[i] = NULL;
	}
}

static bool vmap_start(void *state)
{
	struct vmalloc_bench *b = state;
	unsigned int i;

	for (i = 0; i < VMAP_PAGES; i++) {
		b->pages[i] = alloc_page(GFP_KERNEL);
		if (!b->pages[i]) {
			vmap_end(state);
			return false;
		}
	}
	return true;
}

static bool pass_blocks(void *state, unsigned int rounds)
{
	struct vmalloc_bench *b = state;

	for (; rounds; rounds--) {
		unsigned int got, i;

		for (got = 0; got < HUGE_BLOCKS; got++) {
			b->blocks[got] = alloc_pages(GFP_KERNEL, HUGE_ORDER);
			if (unlikely(!b->blocks[got]))
				break;
		}
		for (i = 0; i < got; i++)
			__free_pages(b->blocks[i], HUGE_ORDER);
		if (unlikely(got < HUGE_BLOCKS))
			return false;
	}
	return true;
}

static void vmalloc_bench_init(void *state)
{
}

static const struct bench_case vmalloc_cases[] = {
	{ "vmalloc1", 200, 1, pass_vmalloc1, NULL, NULL },
	{ "vmalloc16", 100, 1, pass_vmalloc16, NULL, NULL },
	{ "vmalloc256", 20, 1, pass_vmalloc256, NULL, NULL },
	{ "vmap16", 200, 1, pass_vmap16, vmap_start, vmap_end },
	{ "huge64m-pages", 10, 1, pass_blocks, NULL, NULL },
	{ "huge64m", 10, 1, pass_huge64m, NULL, NULL },
};

const struct bench_group bench_vmalloc = {
	.name = "virt", .cases = vmalloc_cases,
	.nr = ARRAY_SIZE(vmalloc_cases),
	.state_size = sizeof(struct vmalloc_bench),
	.init = vmalloc_bench_init,
};
