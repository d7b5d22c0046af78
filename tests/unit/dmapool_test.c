// SPDX-License-Identifier: MIT
/* DMA pools. */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/fail_page.h>

#include "../../mm/kvirt/dma.h"
#include "page_snapshot.h"
#include "threads.h"

#define POINTS	64	/* more requests than any of the calls makes */
#define BLOCKS	300

static struct page_snapshot before;
static struct device dev;

static struct {
	void *p;
	dma_addr_t dma;
} block[BLOCKS];

static int pool_test_init(struct kunit *test)
{
	before = page_snapshot_take();
	dev = (struct device) {
		.init_name = "dma0", .coherent_dma_mask = DMA_BIT_MASK(32),
		.numa_node = NUMA_NO_NODE,
	};
	return 0;
}

static void pool_test_exit(struct kunit *test)
{
	page_alloc_fail_nth(0);
	page_snapshot_check(test, &before);
}

static const struct shape {
	size_t size, align, boundary;
} shapes[] = {
	{ 1, 0, 0 },
	{ 4, 4, 0 },
	{ 13, 1, 64 },
	{ 24, 8, 0 },
	{ 64, 64, 4096 },
	{ 100, 4, 256 },
	{ 512, 512, 1024 },
	{ 1536, 16, 0 },
	{ 4096, 4096, 4096 },
	{ 5000, 8, 8192 },
	{ 9000, 1, 65536 },
	{ 8, 8192, 0 },
};

static bool block_suits(const struct shape *s, dma_addr_t dma)
{
	return (!s->align || IS_ALIGNED(dma, s->align)) &&
	       (!s->boundary ||
		dma / s->boundary == (dma + s->size - 1) / s->boundary);
}

static void shape_try(struct kunit *test, const struct shape *s)
{
	struct dma_pool *pool = dma_pool_create("shape", &dev, s->size,
						s->align, s->boundary);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (i = 0; i < BLOCKS / 4; i++) {
		block[i].p = dma_pool_alloc(pool, GFP_KERNEL, &block[i].dma);
		KUNIT_ASSERT_NOT_NULL(test, block[i].p);
		KUNIT_EXPECT_EQ(test, __pa(block[i].p), block[i].dma);
		KUNIT_CHECK(test, block_suits(s, block[i].dma), 0,
			    "size %zu, align %zu, boundary %zu: %#llx",
			    s->size, s->align, s->boundary, block[i].dma);
		memset(block[i].p, (int)i, s->size);
		dma_pool_check(pool);
	}
	for (i = 0; i < BLOCKS / 4; i++) {
		KUNIT_EXPECT_NULL(test, memchr_inv(block[i].p, (int)i,
						   s->size));
		dma_pool_free(pool, block[i].p, block[i].dma);
		dma_pool_check(pool);
	}
	dma_pool_destroy(pool);
}

static void shapes_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		shape_try(test, &shapes[i]);
}

static void zalloc_test(struct kunit *test)
{
	struct dma_pool *pool = dma_pool_create("zero", &dev, 96, 32, 0);
	dma_addr_t dma;
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	p = dma_pool_alloc(pool, GFP_KERNEL, &dma);
	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 0xff, 96);
	dma_pool_free(pool, p, dma);
	p = dma_pool_zalloc(pool, GFP_KERNEL, &dma);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, 96));
	dma_pool_free(pool, p, dma);
	dma_pool_destroy(pool);
	dma_pool_destroy(NULL);
}

/* What was large once does not stay so: one unused slab is kept. */
static void shrinks_test(struct kunit *test)
{
	struct dma_pool *pool = dma_pool_create("large", &dev, 2048, 0, 0);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (i = 0; i < BLOCKS; i++) {
		block[i].p = dma_pool_alloc(pool, GFP_KERNEL, &block[i].dma);
		KUNIT_ASSERT_NOT_NULL(test, block[i].p);
	}
	for (i = 0; i < BLOCKS; i++)
		dma_pool_free(pool, block[i].p, block[i].dma);
	dma_pool_check(pool);
	/* A page for the slab; records and the pool are small. */
	KUNIT_EXPECT_GE(test, page_snapshot_take().nr_free,
			before.nr_free - 8);
	dma_pool_destroy(pool);
}

static void atomic_test(struct kunit *test)
{
	struct dma_pool *pool = dma_pool_create("atomic", &dev, 64, 64, 0);
	unsigned long flags;
	dma_addr_t dma;
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	local_irq_save(flags);
	p = dma_pool_alloc(pool, GFP_ATOMIC, &dma);
	if (p)
		dma_pool_free(pool, p, dma);
	local_irq_restore(flags);
	KUNIT_EXPECT_NOT_NULL(test, p);
	dma_pool_destroy(pool);
}

static void points_test(struct kunit *test)
{
	unsigned long points = 0;
	struct dma_pool *pool;
	bool reached;
	void *p = NULL;
	dma_addr_t dma;
	long nth;

	for (nth = 1; nth < POINTS; nth++) {
		p = NULL;
		kmem_caches_reap_all();
		page_alloc_fail_nth(nth);
		pool = dma_pool_create("points", &dev, 3000, 8, 0);
		if (pool)
			p = dma_pool_alloc(pool, GFP_KERNEL | __GFP_NOWARN |
					   __GFP_NORETRY, &dma);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		if (p)
			dma_pool_free(pool, p, dma);
		else if (pool)
			KUNIT_EXPECT_EQ(test, dma, DMA_MAPPING_ERROR);
		dma_pool_destroy(pool);
		page_snapshot_check(test, &before);
		if (!reached)
			break;
		points++;
	}
	KUNIT_EXPECT_TRUE(test, p && points);
}

#define THREADS	4
#define ROUNDS	400

struct worker {
	struct dma_pool *pool;
	unsigned int mark;	/* what its blocks hold */
	unsigned int wrong;	/* blocks that held something else */
};

static void worker_body(void *arg)
{
	struct worker *w = arg;
	dma_addr_t dma[4];
	unsigned int i, n;
	u32 *p[4];

	for (i = 0; i < ROUNDS; i++) {
		for (n = 0; n < 4; n++) {
			p[n] = dma_pool_alloc(w->pool, GFP_KERNEL, &dma[n]);
			if (p[n])
				*p[n] = w->mark;
		}
		cond_resched();
		for (n = 0; n < 4; n++) {
			if (!p[n] || *p[n] != w->mark)
				w->wrong++;
			if (p[n])
				dma_pool_free(w->pool, p[n], dma[n]);
		}
	}
}

static void threads_test(struct kunit *test)
{
	struct dma_pool *pool = dma_pool_create("shared", &dev, 1500, 0, 0);
	static struct test_thread thread[THREADS];
	static struct worker worker[THREADS];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (i = 0; i < THREADS; i++) {
		worker[i] = (struct worker) { .pool = pool, .mark = i + 1 };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&thread[i],
				worker_body, &worker[i], test_cpu(i)));
	}
	for (i = 0; i < THREADS; i++) {
		test_thread_join(&thread[i]);
		KUNIT_EXPECT_EQ(test, worker[i].wrong, 0u);
	}
	dma_pool_check(pool);
	dma_pool_destroy(pool);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(threads_test),
	KUNIT_CASE(shapes_test),
	KUNIT_CASE(zalloc_test),
	KUNIT_CASE(shrinks_test),
	KUNIT_CASE(atomic_test),
	KUNIT_CASE(points_test),
	{ 0 }
};

static struct kunit_suite pool_suite = {
	.name = "dmapool",
	.init = pool_test_init,
	.exit = pool_test_exit,
	.test_cases = pool_cases,
};
kunit_test_suite(pool_suite);
