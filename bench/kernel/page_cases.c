// SPDX-License-Identifier: MIT
/*
 * What a page costs, in any kernel with Linux's page calls: the same file is
 * linked into ours and made a module of Linux, so that both are measured with
 * the same instructions around the calls.
 *
 *   round      one turn of a case's loop
 *   operation  what is counted: taking a block and giving it back. A round
 *              is one operation, or as many as the case says
 *   pass       a number of rounds between two readings of the counter
 *
 * Cost. A pass costs a constant (calls, readings) and its rounds. The constant
 * is measured by passes without rounds and taken off; what is left is divided
 * by the operations. The loop itself, two instructions, and the test for NULL
 * stay in: `loop` shows the first, `random-driver` what `random` does besides
 * its calls.
 *
 * Interrupts stay on, as GFP_KERNEL may sleep. A pass is short against a tick
 * (4 ms, 4 million instructions when one takes 1 ns), so few passes see one,
 * and the median of all passes none. The median, not the least: where passes
 * differ by themselves, as with random orders, the least would flatter.
 *
 * Random numbers are the top bits of Knuth's linear congruential generator,
 * from a fixed start, so that every run and both kernels see one sequence.
 *
 * `random` holds RANDOM_LIVE blocks. A round frees one of them, each as likely
 * as another, and takes a block in its place, of order o with probability
 * 1/2^(o+1) up to RANDOM_ORDER_MAX, which has what is left: half of the blocks
 * are single pages, 15 of 16 have orders 0 to 3.
 *
 * I1  b->pages holds the pages that a case has between its passes, NULL
 *     elsewhere; only `random` has any, from its set-up to its clean-up.
 */
#include "page_cases.h"

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/timex.h>

#define MANY			1024	/* pages of `many` */
#define BULK			16	/* pages of a bulk call */
#define RANDOM_LIVE		256	/* blocks that `random` holds */
#define RANDOM_ORDER_MAX	5
#define PASSES			31	/* odd: there is one in the middle */
#define PASSES_QUICK		3
#define PASSES_WARM		3	/* before those that count */

/* Owned by the thread that measures. */
struct page_bench {
	struct page *pages[MANY];	/* what is held; see I1 */
	u16 shuffle[MANY];		/* 0 to MANY - 1 in random order */
	u8 orders[RANDOM_LIVE];		/* of pages[i], while `random` runs */
	u64 random;			/* the generator's state */
	unsigned long cost[PASSES];	/* of each pass, in counts */
};
#define BENCH_ORDER	get_order(sizeof(struct page_bench))

struct page_case {
	const char *name;
	unsigned int rounds;	/* of a pass */
	unsigned int ops;	/* operations of a round */
	/* Does @rounds rounds. False when there was no memory. */
	bool (*pass)(struct page_bench *b, unsigned int rounds);
	/* Before and after all passes of a case; may be NULL. */
	bool (*start)(struct page_bench *b);
	void (*end)(struct page_bench *b);
};

static unsigned int random_below(struct page_bench *b, unsigned int limit)
{
	b->random = b->random * 6364136223846793005ULL +
		    1442695040888963407ULL;
	return (unsigned int)((b->random >> 32) * limit >> 32);
}

static bool pass_loop(struct page_bench *b, unsigned int rounds)
{
	for (; rounds; rounds--)
		barrier();
	return true;
}

/* A block of one order with one GFP mask, taken and given back. */
#define PAIR(name, gfp, order)						\
static bool pass_##name(struct page_bench *b, unsigned int rounds)	\
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
PAIR(order9, GFP_KERNEL, 9)
PAIR(movable, GFP_HIGHUSER_MOVABLE, 0)
PAIR(atomic, GFP_ATOMIC, 0)
PAIR(dma32, GFP_KERNEL | GFP_DMA32, 0)

/* The calls that take and return addresses. */
static bool pass_address(struct page_bench *b, unsigned int rounds)
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
static bool pass_many(struct page_bench *b, unsigned int rounds)
{
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
static bool pass_many_random(struct page_bench *b, unsigned int rounds)
{
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

static bool shuffle_start(struct page_bench *b)
{
	unsigned int i, other;

	for (i = 0; i < MANY; i++) {
		other = random_below(b, i + 1);
		b->shuffle[i] = b->shuffle[other];
		b->shuffle[other] = (u16)i;
	}
	return true;
}

/* BULK pages with one call, given back one by one. */
static bool pass_bulk(struct page_bench *b, unsigned int rounds)
{
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
static bool pass_bulk_release(struct page_bench *b, unsigned int rounds)
{
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
	unsigned long bits = random_below(b, 1U << RANDOM_ORDER_MAX);

	return (unsigned int)__ffs(bits | 1UL << RANDOM_ORDER_MAX);
}

static void random_end(struct page_bench *b)
{
	unsigned int i;

	for (i = 0; i < RANDOM_LIVE; i++) {
		if (b->pages[i])
			__free_pages(b->pages[i], b->orders[i]);
		b->pages[i] = NULL;
	}
}

static bool random_start(struct page_bench *b)
{
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

static bool pass_random(struct page_bench *b, unsigned int rounds)
{
	for (; rounds; rounds--) {
		unsigned int i = random_below(b, RANDOM_LIVE);
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
static bool pass_random_driver(struct page_bench *b, unsigned int rounds)
{
	for (; rounds; rounds--) {
		unsigned int i = random_below(b, RANDOM_LIVE);

		b->orders[i] = (u8)random_order(b);
		b->pages[i] = NULL;
		barrier();
	}
	return true;
}

static const struct page_case page_cases[] = {
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
};

static int cost_compare(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

/* b->cost[0 .. @passes), sorted, of passes of @rounds rounds. */
static bool case_measure(struct page_bench *b, const struct page_case *c,
			 unsigned int rounds, unsigned int passes)
{
	unsigned int i;

	for (i = 0; i < passes; i++) {
		cycles_t from = get_cycles();
		bool ok = c->pass(b, rounds);

		b->cost[i] = (unsigned long)(get_cycles() - from);
		if (!ok)
			return false;
	}
	sort(b->cost, passes, sizeof(b->cost[0]), cost_compare, NULL);
	return true;
}

/* Hundredths for an operation of @c; less than the constant is nothing. */
static unsigned long case_cost(const struct page_case *c, unsigned long cost,
			       unsigned long constant)
{
	if (cost < constant)
		return 0;
	return (cost - constant) * 100 / ((unsigned long)c->rounds * c->ops);
}

/* With c->start() done. */
static bool case_passes(struct page_bench *b, const struct page_case *c,
			unsigned int passes, struct page_result *result)
{
	unsigned long constant;

	if (!case_measure(b, c, c->rounds, PASSES_WARM))
		return false;
	if (!case_measure(b, c, 0, passes))
		return false;
	constant = b->cost[passes / 2];
	if (!case_measure(b, c, c->rounds, passes))
		return false;
	result->median = case_cost(c, b->cost[passes / 2], constant);
	result->low = case_cost(c, b->cost[0], constant);
	result->high = case_cost(c, b->cost[passes - 1], constant);
	result->passes = passes;
	return true;
}

static bool case_run(struct page_bench *b, const struct page_case *c,
		     unsigned int passes, struct page_result *result)
{
	bool ok;

	if (c->start && !c->start(b))
		return false;
	ok = case_passes(b, c, passes, result);
	if (c->end)
		c->end(b);
	return ok;
}

int page_cases_run(bool quick, void (*report)(const struct page_result *result,
					      void *ctx), void *ctx)
{
	unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO,
					      BENCH_ORDER);
	struct page_bench *b = (struct page_bench *)addr;
	unsigned int i;
	int err = 0;

	if (!b)
		return -ENOMEM;
	b->random = 1;
	for (i = 0; i < ARRAY_SIZE(page_cases); i++) {
		struct page_result result = { .name = page_cases[i].name };

		if (!case_run(b, &page_cases[i], quick ? PASSES_QUICK : PASSES,
			      &result))
			err = -ENOMEM;
		report(&result, ctx);
	}
	free_pages(addr, BENCH_ORDER);
	return err;
}
