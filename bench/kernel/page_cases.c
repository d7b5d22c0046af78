// SPDX-License-Identifier: MIT
/*
 * What a page costs: measure.c tells how it is measured.
 *
 * `random` holds RANDOM_LIVE blocks. A round frees one of them, each as likely
 * as another, and takes a block in its place, of order o with probability
 * 1/2^(o+1) up to RANDOM_ORDER_MAX, which has what is left: half of the blocks
 * are single pages, 15 of 16 have orders 0 to 3.
 *
 * I1  b->pages holds the pages that a case has between its passes, NULL
 *     elsewhere; only `random` has any, from its set-up to its clean-up.
 */
#include "measure.h"

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#define MANY			1024	/* pages of `many` */
#define BULK			16	/* pages of a bulk call */
#define RANDOM_LIVE		256	/* blocks that `random` holds */
#define RANDOM_ORDER_MAX	5

/* Owned by the thread that measures. */
struct page_bench {
	struct page *pages[MANY];	/* what is held; see I1 */
	u16 shuffle[MANY];		/* 0 to MANY - 1 in random order */
	u8 orders[RANDOM_LIVE];		/* of pages[i], while `random` runs */
	u64 random;			/* the generator's state */
};

static bool pass_loop(void *state, unsigned int rounds)
{
	for (; rounds; rounds--)
		barrier();
	return true;
}

/* A block of one order with one GFP mask, taken and given back. */
#define PAIR(name, gfp, order)						\
static bool pass_##name(void *state, unsigned int rounds)		\
{									\
	for (; rounds; rounds--) {					\
		struct page *page = alloc_pages(gfp, order);		\
									\
		if (unlikely(!page))					\
			return false;					\
		__free_pages(page, order);				\
	}								\
	return true;							\
}
PAIR(order0, GFP_KERNEL, 0)
PAIR(zeroed, GFP_KERNEL | __GFP_ZERO, 0)
PAIR(order1, GFP_KERNEL, 1)
PAIR(order2, GFP_KERNEL, 2)
PAIR(order3, GFP_KERNEL, 3)
PAIR(order4, GFP_KERNEL, 4)
PAIR(order5, GFP_KERNEL, 5)
PAIR(order6, GFP_KERNEL, 6)
PAIR(order7, GFP_KERNEL, 7)
PAIR(order8, GFP_KERNEL, 8)
PAIR(order9, GFP_KERNEL, 9)
PAIR(order10, GFP_KERNEL, 10)
PAIR(movable, GFP_HIGHUSER_MOVABLE, 0)
PAIR(atomic, GFP_ATOMIC, 0)
PAIR(dma32, GFP_KERNEL | GFP_DMA32, 0)

/* The calls that take and return addresses. */
static bool pass_address(void *state, unsigned int rounds)
{
	for (; rounds; rounds--) {
		unsigned long addr = get_zeroed_page(GFP_KERNEL);

		if (unlikely(!addr))
			return false;
		free_page(addr);
	}
	return true;
}

/* Frees the first @nr of b->pages. */
static void pages_free(struct page_bench *b, unsigned int nr)
{
	while (nr--) {
		__free_page(b->pages[nr]);
		b->pages[nr] = NULL;
	}
}

static bool many_take(struct page_bench *b)
{
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		b->pages[i] = alloc_page(GFP_KERNEL);
		if (unlikely(!b->pages[i])) {
			pages_free(b, i);
			return false;
		}
	}
	return true;
}

/* MANY pages, then freed, the oldest first. */
static bool pass_many(void *state, unsigned int rounds)
{
	struct page_bench *b = state;
	unsigned int i;

	for (; rounds; rounds--) {
		if (!many_take(b))
			return false;
		for (i = 0; i < MANY; i++) {
			__free_page(b->pages[i]);
			b->pages[i] = NULL;
		}
	}
	return true;
}

/* The same, freed in random order. */
static bool pass_many_random(void *state, unsigned int rounds)
{
	struct page_bench *b = state;
	unsigned int i;

	for (; rounds; rounds--) {
		if (!many_take(b))
			return false;
		for (i = 0; i < MANY; i++) {
			__free_page(b->pages[b->shuffle[i]]);
			b->pages[b->shuffle[i]] = NULL;
		}
	}
	return true;
}

static bool shuffle_start(void *state)
{
	struct page_bench *b = state;

	bench_places_shuffle(&b->random, b->shuffle, MANY);
	return true;
}

/* BULK pages with one call, given back one by one. */
static bool pass_bulk(void *state, unsigned int rounds)
{
	struct page_bench *b = state;

	for (; rounds; rounds--) {
		unsigned long got;

		got = alloc_pages_bulk(GFP_KERNEL, BULK, b->pages);
		pages_free(b, (unsigned int)got);
		if (unlikely(got != BULK))
			return false;
	}
	return true;
}

/* BULK pages with one call, given back with another. */
static bool pass_bulk_release(void *state, unsigned int rounds)
{
	struct page_bench *b = state;
	unsigned int i;

	for (; rounds; rounds--) {
		unsigned long got;

		got = alloc_pages_bulk(GFP_KERNEL, BULK, b->pages);
		release_pages(b->pages, (int)got);
		for (i = 0; i < got; i++)
			b->pages[i] = NULL;
		if (unlikely(got != BULK))
			return false;
	}
	return true;
}

static unsigned int random_order(struct page_bench *b)
{
	unsigned long bits = bench_random_below(&b->random,
						1U << RANDOM_ORDER_MAX);

	return (unsigned int)__ffs(bits | 1UL << RANDOM_ORDER_MAX);
}

static void random_end(void *state)
{
	struct page_bench *b = state;
	unsigned int i;

	for (i = 0; i < RANDOM_LIVE; i++) {
		if (b->pages[i])
			__free_pages(b->pages[i], b->orders[i]);
		b->pages[i] = NULL;
	}
}

static bool random_start(void *state)
{
	struct page_bench *b = state;
	unsigned int i;

	for (i = 0; i < RANDOM_LIVE; i++) {
		b->orders[i] = (u8)random_order(b);
		b->pages[i] = alloc_pages(GFP_KERNEL, b->orders[i]);
		if (!b->pages[i]) {
			random_end(b);
			return false;
		}
	}
	return true;
}

static bool pass_random(void *state, unsigned int rounds)
{
	struct page_bench *b = state;

	for (; rounds; rounds--) {
		unsigned int i = bench_random_below(&b->random, RANDOM_LIVE);
		unsigned int order = random_order(b);

		__free_pages(b->pages[i], b->orders[i]);
		b->orders[i] = (u8)order;
		b->pages[i] = alloc_pages(GFP_KERNEL, order);
		if (unlikely(!b->pages[i]))
			return false;
	}
	return true;
}

/* What pass_random() does besides its calls. */
static bool pass_random_driver(void *state, unsigned int rounds)
{
	struct page_bench *b = state;

	for (; rounds; rounds--) {
		unsigned int i = bench_random_below(&b->random, RANDOM_LIVE);

		b->orders[i] = (u8)random_order(b);
		b->pages[i] = NULL;
		barrier();
	}
	return true;
}

static const struct bench_case page_cases[] = {
	{ "loop", 1000, 1, pass_loop, NULL, NULL },
	{ "order0", 500, 1, pass_order0, NULL, NULL },
	{ "order0-zeroed", 200, 1, pass_zeroed, NULL, NULL },
	{ "order0-zeroed-address", 200, 1, pass_address, NULL, NULL },
	{ "order1", 500, 1, pass_order1, NULL, NULL },
	{ "order2", 500, 1, pass_order2, NULL, NULL },
	{ "order3", 500, 1, pass_order3, NULL, NULL },
	{ "order4", 200, 1, pass_order4, NULL, NULL },
	{ "order9", 100, 1, pass_order9, NULL, NULL },
	{ "movable", 500, 1, pass_movable, NULL, NULL },
	{ "atomic", 500, 1, pass_atomic, NULL, NULL },
	{ "dma32", 500, 1, pass_dma32, NULL, NULL },
	{ "many", 1, MANY, pass_many, NULL, NULL },
	{ "many-random-free", 1, MANY, pass_many_random, shuffle_start, NULL },
	{ "bulk16", 50, BULK, pass_bulk, NULL, NULL },
	{ "bulk16-release", 50, BULK, pass_bulk_release, NULL, NULL },
	{ "random-driver", 1000, 1, pass_random_driver, NULL, NULL },
	{ "random", 1000, 1, pass_random, random_start, random_end },
	{ "order5", 100, 1, pass_order5, NULL, NULL },
	{ "order6", 100, 1, pass_order6, NULL, NULL },
	{ "order7", 100, 1, pass_order7, NULL, NULL },
	{ "order8", 100, 1, pass_order8, NULL, NULL },
	{ "order10", 20, 1, pass_order10, NULL, NULL },
};

static void page_bench_init(void *state)
{
	struct page_bench *b = state;

	bench_random_init(&b->random);
}

const struct bench_group bench_pages = {
	.name = "page", .cases = page_cases, .nr = ARRAY_SIZE(page_cases),
	.state_size = sizeof(struct page_bench), .init = page_bench_init,
};
