// SPDX-License-Identifier: MIT
/*
 * DMA pools against an oracle: the list of blocks that are out. After each
 * step
 *
 *   - a block that was given lies on its alignment, within its boundary, below
 *     the device's mask, at the DMA address that was told, and over no other
 *     block that is out, of any pool
 *   - one that is freed still holds what was written to it
 *   - a request fails only when a page, or the record beside it, was not to
 *     be had
 *   - a free of what is no block of the pool changes nothing
 *   - dma_pool_check() finds the invariants of the pool to hold
 *
 * Pools come and go with shapes of all kinds; at the end all pages are back.
 */
#include "dmapool_model.h"

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <kunit/random.h>
#include <octavo/fail_page.h>

#include "../../mm/kvirt/dma.h"

#define POOLS	6
#define BLOCKS	250	/* at once, of all pools */
#define PHASE	3000	/* steps of growing, then of shrinking */

struct pool {
	struct dma_pool *pool;		/* NULL: none */
	u32 size, align, boundary;	/* bytes; boundary 0: none */
	unsigned int out;		/* blocks */
};

struct block {
	struct pool *pool;		/* NULL: none */
	u8 *p;
	dma_addr_t dma;
	u8 mark;			/* what all of it holds */
};

static struct {
	struct random rnd;
	struct pool pool[POOLS];
	struct block block[BLOCKS];
	unsigned int nr;		/* blocks that are out */
	const char *wrong;		/* what differs */
} dm;

static struct device dm_dev = {
	.init_name = "model", .coherent_dma_mask = DMA_BIT_MASK(25),
};

static bool dm_expect(bool ok, const char *what)
{
	if (!ok && !dm.wrong)
		dm.wrong = what;
	return ok;
}
#define DM_EXPECT(ok)	dm_expect(ok, #ok)

static void dm_create(struct pool *p)
{
	u32 align = random_below(&dm.rnd, 2) ?
		    1U << random_below(&dm.rnd, 11) : 0;

	p->size = 1 + random_below(&dm.rnd, 8U << random_below(&dm.rnd, 11));
	p->align = align;
	p->boundary = random_below(&dm.rnd, 2) ?
		      1U << (5 + random_below(&dm.rnd, 12)) : 0;
	if (p->boundary && p->boundary < ALIGN(max(p->size, 8U), align ?: 1))
		p->boundary = 0;
	p->pool = dma_pool_create("model", &dm_dev, p->size, align,
				  p->boundary);
	DM_EXPECT(p->pool);
}

static bool dm_overlaps(const struct block *b)
{
	const struct block *o;

	for (o = dm.block; o < dm.block + BLOCKS; o++)
		if (o != b && o->pool && o->p < b->p + b->pool->size &&
		    b->p < o->p + o->pool->size)
			return true;
	return false;
}

static void dm_enter(struct block *b)
{
	const struct pool *p = b->pool;

	DM_EXPECT(b->dma == __pa(b->p));
	DM_EXPECT(b->dma + p->size - 1 <= dm_dev.coherent_dma_mask);
	DM_EXPECT(!p->align || IS_ALIGNED(b->dma, p->align));
	DM_EXPECT(!p->boundary || b->dma / p->boundary ==
		  (b->dma + p->size - 1) / p->boundary);
	DM_EXPECT(!dm_overlaps(b));
	b->mark = (u8)random_next(&dm.rnd);
	memset(b->p, b->mark, p->size);
	b->pool->out++;
	dm.nr++;
}

static void dm_alloc(struct block *b, struct pool *p)
{
	bool fault = !random_below(&dm.rnd, 32);
	bool zero = random_below(&dm.rnd, 2), failed;
	gfp_t gfp = random_below(&dm.rnd, 2) ? GFP_KERNEL : GFP_NOWAIT;

	if (fault)
		page_alloc_fail_nth(1 + random_below(&dm.rnd, 3));
	b->p = (zero ? dma_pool_zalloc : dma_pool_alloc)
	       (p->pool, gfp | __GFP_NOWARN | __GFP_NORETRY, &b->dma);
	failed = fault && !page_alloc_fail_left();
	page_alloc_fail_nth(0);
	if (!b->p) {
		DM_EXPECT(failed && b->dma == DMA_MAPPING_ERROR);
		return;
	}
	b->pool = p;
	if (zero)
		DM_EXPECT(!memchr_inv(b->p, 0, p->size));
	dm_enter(b);
}

static void dm_free(struct block *b)
{
	DM_EXPECT(!memchr_inv(b->p, b->mark, b->pool->size));
	dma_pool_free(b->pool->pool, b->p, b->dma);
	b->pool->out--;
	b->pool = NULL;
	dm.nr--;
}

/* What is no block of the pool: another's, the inside, another address. */
static void dm_wrong_free(const struct block *b)
{
	const struct pool *other = &dm.pool[random_below(&dm.rnd, POOLS)];

	switch (random_below(&dm.rnd, 3)) {
	case 0:
		if (other != b->pool && other->pool)
			dma_pool_free(other->pool, b->p, b->dma);
		break;
	case 1:
		if (b->pool->size > 1)
			dma_pool_free(b->pool->pool, b->p + 1, b->dma + 1);
		break;
	default:
		dma_pool_free(b->pool->pool, b->p, b->dma + 1);
	}
}

static void dm_step(u64 step)
{
	struct block *b = &dm.block[random_below(&dm.rnd, BLOCKS)];
	struct pool *p = &dm.pool[random_below(&dm.rnd, POOLS)];
	bool grow = step / PHASE % 2 == 0;

	if (!p->pool) {
		dm_create(p);
	} else if (!p->out && !random_below(&dm.rnd, 16)) {
		dma_pool_destroy(p->pool);
		p->pool = NULL;
	} else if (!b->pool) {
		if (grow || !random_below(&dm.rnd, 3))
			dm_alloc(b, p);
	} else if (!random_below(&dm.rnd, 256)) {
		p = b->pool;
		dm_wrong_free(b);
	} else if (!grow || !random_below(&dm.rnd, 3)) {
		p = b->pool;
		dm_free(b);
	}
	if (p->pool)
		dma_pool_check(p->pool);
}

static unsigned long dm_free_pages(void)
{
	kmem_caches_reap_all();
	drain_all_pages(NULL);
	return global_zone_page_state(NR_FREE_PAGES);
}

int dmapool_model_run(u64 seed, u64 steps)
{
	unsigned long before;
	unsigned int i;
	u64 step;

	memset(&dm, 0, sizeof(dm));
	random_seed(&dm.rnd, seed);
	before = dm_free_pages();
	for (step = 1; step <= steps && !dm.wrong; step++)
		dm_step(step);
	for (i = 0; i < BLOCKS && !dm.wrong; i++)
		if (dm.block[i].pool)
			dm_free(&dm.block[i]);
	for (i = 0; i < POOLS && !dm.wrong; i++)
		dma_pool_destroy(dm.pool[i].pool);
	DM_EXPECT(dm_free_pages() >= before);
	DM_EXPECT(buddy_check());
	if (!dm.wrong)
		return 0;
	pr_err("dmapool model: not so: %s\n", dm.wrong);
	return (int)min(step, steps);
}
