// SPDX-License-Identifier: MIT
/*
 * DMA pools: small blocks of coherent memory, many to a page.
 *
 * Terms. A slab is a DMA block (dma_mapping.c) that a pool cuts up: a page, or
 * as many as one of the pool's blocks needs. A segment is the part of a slab
 * between two multiples of the boundary; blocks lie within one:
 *
 *   slab      |-- segment ---|-- segment ---|
 *   blocks    [0][1][2][3]   [4][5][6][7]
 *   free       1  0  0  1     1  1  1  1       a bit each, outside of it
 *
 * A slab with a free block is in the pool's list of partial ones, others in
 * none. A block comes from the first partial slab, the lowest free bit; a slab
 * that was full goes to the front when a block comes back, so that few slabs
 * are in use, and one that nobody uses goes to the end. One such stays for the
 * next request; any further one is given back, so a pool that was large once
 * does not stay so.
 *
 * The map is kept outside of the blocks: neither a device that writes where it
 * should not, nor a driver that writes to what it gave back, harms it. A free
 * of an address finds its slab through struct page (dma.h), at the cost of one
 * load, however many slabs there are.
 *
 * Invariants:
 *   I1  a slab's free bits and nr_used add up to the pool's nr_blocks, and no
 *       bit from there on is set
 *   I2  a slab is in the list exactly when it has a free block; slabs without
 *       a used one are at its end, and at most one of them there is
 *   I3  nr_used of all slabs and of the pool agree, so do the pool's nr_slabs
 *       and the pages' record of their slab
 *
 * Locks: pool->lock for all of it but what is constant; interrupts off.
 * Memory is asked for and given back without it.
 *
 * Failure: no memory gives NULL and changes nothing. A wrong free is one line
 * and changes nothing.
 *
 * Differs from Linux: free memory is given back before the pool ends, and
 * wrong frees are always seen.
 */
#include "dma.h"

#include <linux/bitmap.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/find.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <octavo/port.h>

#define POOL_NAME_SIZE	32	/* bytes, with the NUL */
/* As small as the smallest that a cache of objects would have. */
#define POOL_MIN_SIZE	8U

/* Flags that are about blocks and not about a slab's record. */
#define SLAB_STRIPPED	(__GFP_ZERO | __GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM)

/* c: constant once made  l: pool->lock */
struct dma_slab {
	struct list_head list;		/* l: pool->partial, when it is there */
	struct dma_pool *pool;		/* c */
	char *vaddr;			/* c: of its first byte */
	dma_addr_t dma;			/* c: the same for the device */
	unsigned int nr_used;		/* l: blocks that are out */
	unsigned long free[];		/* l: a bit for each block */
};

/* c, l as above */
struct dma_pool {
	spinlock_t lock;
	struct list_head partial;	/* l: slabs with a free block */
	unsigned long nr_slabs;		/* l */
	unsigned long nr_used;		/* l: blocks that are out */
	unsigned int size;		/* c: bytes of a block, a multiple of
					 * its alignment */
	unsigned int nr_blocks;		/* c: in a slab */
	unsigned int per_segment;	/* c: blocks */
	unsigned int segment;		/* c: bytes */
	unsigned int slab_size;		/* c: bytes */
	struct device *dev;		/* c: whose memory it is */
	char name[POOL_NAME_SIZE];	/* c: for messages */
};

/* ---- blocks of a slab ---- */

/* In bytes from the slab's beginning. */
static unsigned int block_offset(const struct dma_pool *pool, unsigned int i)
{
	return i / pool->per_segment * pool->segment +
	       i % pool->per_segment * pool->size;
}

/* The number of the block at @offset; nr_blocks when none begins there. */
static unsigned int block_at(const struct dma_pool *pool, unsigned int offset)
{
	unsigned int in_segment = offset % pool->segment;
	unsigned int i = in_segment / pool->size;

	if (in_segment % pool->size || i >= pool->per_segment)
		return pool->nr_blocks;
	i += offset / pool->segment * pool->per_segment;
	return min(i, pool->nr_blocks);
}

static bool slab_is_partial(const struct dma_slab *slab)
{
	return slab->nr_used < slab->pool->nr_blocks;
}

/* ---- slabs ---- */

static struct dma_slab *slab_create(struct dma_pool *pool, gfp_t gfp)
{
	struct dma_slab *slab;
	struct page *page;

	slab = kmalloc_node(struct_size(slab, free,
					BITS_TO_LONGS(pool->nr_blocks)),
			    gfp & ~SLAB_STRIPPED, dma_device_node(pool->dev));
	if (!slab)
		return NULL;
	page = dma_block_alloc(pool->dev, pool->slab_size, gfp, DMA_KIND_POOL,
			       slab);
	if (!page) {
		kfree(slab);
		return NULL;
	}
	INIT_LIST_HEAD(&slab->list);
	slab->pool = pool;
	slab->vaddr = lowmem_page_address(page);
	slab->dma = page_to_phys(page);
	slab->nr_used = 0;
	bitmap_zero(slab->free, pool->nr_blocks);
	bitmap_set(slab->free, 0, pool->nr_blocks);
	port_poison(slab->vaddr, pool->slab_size);
	return slab;
}

static void slab_destroy(struct dma_slab *slab)
{
	unsigned int size = slab->pool->slab_size;

	port_unpoison(slab->vaddr, size);
	dma_block_free(virt_to_page(slab->vaddr), PFN_UP((u64)size));
	kfree(slab);
}

/* A new slab goes to the front: its first block is about to be taken. */
static void pool_add(struct dma_pool *pool, struct dma_slab *slab)
{
	pool->nr_slabs++;
	list_add(&slab->list, &pool->partial);
}

/* The one at the end of the list, if nobody uses it. */
static struct dma_slab *pool_unused(struct dma_pool *pool)
{
	struct dma_slab *slab;

	if (list_empty(&pool->partial))
		return NULL;
	slab = list_last_entry(&pool->partial, struct dma_slab, list);
	return slab->nr_used ? NULL : slab;
}

static void pool_remove(struct dma_pool *pool, struct dma_slab *slab)
{
	pool->nr_slabs--;
	list_del_init(&slab->list);
}

/* ---- taking and giving ---- */

static void *slab_take(struct dma_slab *slab, dma_addr_t *handle)
{
	struct dma_pool *pool = slab->pool;
	unsigned int i = (unsigned int)find_first_bit(slab->free,
						      pool->nr_blocks);
	unsigned int offset = block_offset(pool, i);

	VM_BUG_ON(i >= pool->nr_blocks);
	__clear_bit(i, slab->free);
	slab->nr_used++;
	pool->nr_used++;
	if (!slab_is_partial(slab))
		list_del_init(&slab->list);
	*handle = slab->dma + offset;
	return slab->vaddr + offset;
}

/*
 * The first partial slab; one made for the purpose when there is none. NULL
 * with the lock dropped: no memory. The lock is held otherwise.
 */
static struct dma_slab *pool_slab_locked(struct dma_pool *pool, gfp_t gfp,
					 unsigned long *flags)
{
	struct dma_slab *slab;

	spin_lock_irqsave(&pool->lock, *flags);
	slab = list_first_entry_or_null(&pool->partial, struct dma_slab, list);
	if (likely(slab))
		return slab;
	spin_unlock_irqrestore(&pool->lock, *flags);
	slab = slab_create(pool, gfp);
	if (!slab)
		return NULL;
	spin_lock_irqsave(&pool->lock, *flags);
	pool_add(pool, slab);
	return slab;
}

void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle)
{
	struct dma_slab *slab;
	unsigned long flags;
	void *block;

	slab = pool_slab_locked(pool, gfp, &flags);
	if (!slab) {
		*handle = DMA_MAPPING_ERROR;
		return NULL;
	}
	block = slab_take(slab, handle);
	/* What a checker knows of two blocks may be in one byte of its own. */
	if (PORT_CHECKS_MEMORY)
		port_unpoison(block, pool->size);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (gfp & __GFP_ZERO)
		memset(block, 0, pool->size);
	return block;
}

/* The slab that @vaddr lies in; NULL when that is none of the pool's. */
static struct dma_slab *pool_find(const struct dma_pool *pool,
				  const void *vaddr)
{
	struct dma_slab *slab;
	struct page *page;
	u32 type;

	if (!virt_addr_valid(vaddr))
		return NULL;
	page = virt_to_page(vaddr);
	type = page_type_read(page);
	if (type >> PAGE_TYPE_SHIFT != PGTY_dma ||
	    (type & PAGE_TYPE_NUMBER_MASK & ~DMA_KIND_TAIL) != DMA_KIND_POOL)
		return NULL;
	slab = (struct dma_slab *)(unsigned long)page->private;
	return slab->pool == pool ? slab : NULL;
}

/*
 * Lets a block be free again; a slab that is to be given back goes to @spare.
 * False, with nothing changed, when it is free already.
 */
static bool slab_give(struct dma_slab *slab, unsigned int i,
		      struct dma_slab **spare)
{
	struct dma_pool *pool = slab->pool;
	bool was_partial = slab_is_partial(slab);

	if (test_bit(i, slab->free))
		return false;
	if (PORT_CHECKS_MEMORY)
		port_poison(slab->vaddr + block_offset(pool, i), pool->size);
	__set_bit(i, slab->free);
	slab->nr_used--;
	pool->nr_used--;
	if (slab->nr_used) {
		if (!was_partial)
			list_add(&slab->list, &pool->partial);
		return true;
	}
	if (was_partial)
		list_del(&slab->list);
	*spare = pool_unused(pool);
	if (*spare)
		pool_remove(pool, *spare);
	list_add_tail(&slab->list, &pool->partial);
	return true;
}

void dma_pool_free(struct dma_pool *pool, void *vaddr, dma_addr_t handle)
{
	struct dma_slab *slab = pool_find(pool, vaddr), *spare = NULL;
	unsigned int i = pool->nr_blocks;
	unsigned long flags;
	bool taken;

	if (likely(slab))
		i = block_at(pool, (unsigned int)((char *)vaddr - slab->vaddr));
	if (unlikely(i == pool->nr_blocks)) {
		dev_err(pool->dev, "dma_pool_free %s, %p (bad vaddr)/%pad\n",
			pool->name, vaddr, &handle);
		return;
	}
	if (unlikely(slab->dma + block_offset(pool, i) != handle)) {
		dev_err(pool->dev, "dma_pool_free %s, %p/%pad (bad dma)\n",
			pool->name, vaddr, &handle);
		return;
	}
	spin_lock_irqsave(&pool->lock, flags);
	taken = slab_give(slab, i, &spare);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (unlikely(!taken))
		dev_err(pool->dev, "dma_pool_free %s, dma %pad already free\n",
			pool->name, &handle);
	if (spare)
		slab_destroy(spare);
}

/* ---- pools ---- */

/* Why there is no such pool; NULL when there can be. */
static const char *pool_fault(const struct device *dev, size_t size,
			      size_t align, size_t boundary)
{
	if (!dev)
		return "there is no device";
	if (!size)
		return "blocks of no size";
	if (size > INT_MAX)
		return "blocks are too large";
	if (align && !is_power_of_2(align))
		return "the alignment is no power of two";
	if (align > INT_MAX)
		return "the alignment is too large";
	if (boundary && !is_power_of_2(boundary))
		return "the boundary is no power of two";
	if (boundary && boundary < ALIGN(max(size, (size_t)POOL_MIN_SIZE),
					 align ?: 1))
		return "the boundary is smaller than a block";
	return NULL;
}

static void pool_layout(struct dma_pool *pool, size_t size, size_t align,
			size_t boundary)
{
	size_t slab_size;

	align = max(align, (size_t)1);
	size = ALIGN(max(size, (size_t)POOL_MIN_SIZE), align);
	slab_size = PAGE_ALIGN(size);
	/* A slab begins on a multiple of the order that holds it. */
	if (!boundary || boundary > slab_size)
		boundary = slab_size;
	pool->size = (unsigned int)size;
	pool->slab_size = (unsigned int)slab_size;
	pool->segment = (unsigned int)boundary;
	pool->per_segment = (unsigned int)(boundary / size);
	pool->nr_blocks = (unsigned int)(slab_size / boundary) *
			  pool->per_segment;
}

struct dma_pool *dma_pool_create(const char *name, struct device *dev,
				 size_t size, size_t align, size_t boundary)
{
	const char *fault = pool_fault(dev, size, align, boundary);
	struct dma_pool *pool;

	if (fault) {
		pr_warn("%s: dma_pool_create %s, size %zu, align %zu, boundary %zu: %s\n",
			dev_name(dev), name, size, align, boundary, fault);
		return NULL;
	}
	pool = kzalloc_node(sizeof(*pool), GFP_KERNEL, dma_device_node(dev));
	if (!pool)
		return NULL;
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->partial);
	pool->dev = dev;
	strscpy(pool->name, name, sizeof(pool->name));
	pool_layout(pool, size, align, boundary);
	return pool;
}

void dma_pool_destroy(struct dma_pool *pool)
{
	struct dma_slab *slab, *next;

	if (!pool)
		return;
	list_for_each_entry_safe(slab, next, &pool->partial, list) {
		if (slab->nr_used)
			continue;
		pool_remove(pool, slab);
		slab_destroy(slab);
	}
	if (pool->nr_used) {
		/*
		 * Their addresses are somewhere: pages, records and the pool
		 * stay, so that a late free finds them and harms nothing.
		 */
		dev_err(pool->dev, "dma_pool_destroy %s busy: %lu blocks are out\n",
			pool->name, pool->nr_used);
		return;
	}
	kfree(pool);
}

/* ---- checks ---- */

static void slab_check(const struct dma_slab *slab)
{
	const struct dma_pool *pool = slab->pool;
	unsigned int nr = pool->nr_blocks;

	BUG_ON(bitmap_weight(slab->free, nr) + slab->nr_used != nr);
	BUG_ON(find_next_bit(slab->free, BITS_TO_LONGS(nr) * BITS_PER_LONG,
			     nr) < BITS_TO_LONGS(nr) * BITS_PER_LONG);
	BUG_ON(!slab_is_partial(slab));
	BUG_ON(pool_find(pool, slab->vaddr + pool->slab_size - 1) != slab);
}

void dma_pool_check(struct dma_pool *pool)
{
	unsigned long flags, used = 0, partial = 0;
	const struct dma_slab *slab, *unused = NULL;

	spin_lock_irqsave(&pool->lock, flags);
	list_for_each_entry(slab, &pool->partial, list) {
		slab_check(slab);
		BUG_ON(unused);
		unused = slab->nr_used ? NULL : slab;
		used += slab->nr_used;
		partial++;
	}
	BUG_ON(partial > pool->nr_slabs);
	/* The others are full. */
	BUG_ON(used + (pool->nr_slabs - partial) * pool->nr_blocks !=
	       pool->nr_used);
	spin_unlock_irqrestore(&pool->lock, flags);
}
