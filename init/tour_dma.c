// SPDX-License-Identifier: MIT
/*
 * The tour's steps about memory for devices: blocks under masks of all widths,
 * pools, streaming maps, blocks at a place with conditions; and each disk that
 * there is, which is only read.
 */
#include "tour.h"

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/block.h>
#include <octavo/contig.h>

#define TOUR_DMA_BLOCKS	100	/* more than a page has */
#define QUIET		(GFP_KERNEL | __GFP_NOWARN)

static void dma_block(struct tour *t, struct device *dev, size_t size)
{
	dma_addr_t handle;
	void *p = dma_alloc_coherent(dev, size, &handle, QUIET);

	/* A machine of a few MiB need not have so large a block. */
	TOUR_CHECK(t, p || size > PAGE_SIZE);
	if (!p)
		return;
	TOUR_CHECK(t, handle == __pa(p));
	TOUR_CHECK(t, handle + size - 1 <= dev->coherent_dma_mask);
	TOUR_CHECK(t, !memchr_inv(p, 0, size));
	memset(p, 0x5a, size);
	dma_free_coherent(dev, size, p, handle);
}

static void dma_masks(struct tour *t, struct device *dev)
{
	unsigned int bits;

	for (bits = 24; bits <= 64; bits++) {
		TOUR_CHECK(t, !dma_set_mask_and_coherent(dev,
							 DMA_BIT_MASK(bits)));
		TOUR_CHECK(t, dma_get_mask(dev) == DMA_BIT_MASK(bits));
		dma_block(t, dev, 1);
		dma_block(t, dev, 5 * PAGE_SIZE);
		dma_block(t, dev, PAGE_SIZE << 6);
	}
	TOUR_CHECK(t, !dma_supported(dev, 1));
	TOUR_CHECK(t, dma_get_required_mask(dev) >= PFN_PHYS(max_pfn) - 1);
	TOUR_CHECK(t, !dma_addressing_limited(dev));
}

static void dma_page_blocks(struct tour *t, struct device *dev)
{
	unsigned long attrs = DMA_ATTR_NO_KERNEL_MAPPING | DMA_ATTR_NO_WARN;
	dma_addr_t handle;
	struct page *page;
	void *p;

	p = dma_alloc_attrs(dev, 3 * PAGE_SIZE, &handle, QUIET, attrs);
	if (TOUR_CHECK(t, p))
		dma_free_attrs(dev, 3 * PAGE_SIZE, p, handle, attrs);
	page = dma_alloc_pages(dev, 100, &handle, DMA_TO_DEVICE, QUIET);
	if (TOUR_CHECK(t, page))
		dma_free_pages(dev, 100, page, handle, DMA_TO_DEVICE);
	p = dma_alloc_noncoherent(dev, 100, &handle, DMA_FROM_DEVICE, QUIET);
	if (!TOUR_CHECK(t, p))
		return;
	dma_sync_single_for_device(dev, handle, 100, DMA_FROM_DEVICE);
	dma_sync_single_for_cpu(dev, handle, 100, DMA_FROM_DEVICE);
	dma_free_noncoherent(dev, 100, p, handle, DMA_FROM_DEVICE);
}

static void dma_maps(struct tour *t, struct device *dev)
{
	void *p = kmalloc(1000, GFP_KERNEL);
	dma_addr_t addr;

	if (!TOUR_CHECK(t, p))
		return;
	addr = dma_map_single(dev, p, 1000, DMA_BIDIRECTIONAL);
	TOUR_CHECK(t, !dma_mapping_error(dev, addr) && addr == __pa(p));
	dma_unmap_single(dev, addr, 1000, DMA_BIDIRECTIONAL);
	addr = dma_map_page(dev, virt_to_page(p), offset_in_page(p), 10,
			    DMA_TO_DEVICE);
	TOUR_CHECK(t, addr == __pa(p));
	dma_unmap_page(dev, addr, 10, DMA_TO_DEVICE);
	kfree(p);
}

static void dma_pools(struct tour *t, struct device *dev)
{
	struct dma_pool *pool = dma_pool_create("tour", dev, 96, 32, 1024);
	struct tour_dma { void *p; dma_addr_t dma; } *b;
	unsigned int i, n = 0;

	b = kcalloc(TOUR_DMA_BLOCKS, sizeof(*b), GFP_KERNEL);
	if (TOUR_CHECK(t, pool && b)) {
		for (; n < TOUR_DMA_BLOCKS; n++) {
			b[n].p = (n % 2 ? dma_pool_zalloc : dma_pool_alloc)
				 (pool, GFP_KERNEL, &b[n].dma);
			if (!TOUR_CHECK(t, b[n].p))
				break;
			TOUR_CHECK(t, b[n].dma / 1024 ==
				   (b[n].dma + 95) / 1024);
			memset(b[n].p, (int)n, 96);
		}
		for (i = 0; i < n; i++) {
			TOUR_CHECK(t, !memchr_inv(b[i].p, (int)i, 96));
			dma_pool_free(pool, b[i].p, b[i].dma);
		}
	}
	dma_pool_destroy(pool);
	kfree(b);
}

static void dma_places(struct tour *t)
{
	static const struct contig_place places[] = {
		{ .high = 1UL << 24 },
		{ .align = 1UL << 16 },
		{ .low = 1UL << 20, .high = 1UL << 24, .boundary = 1UL << 16 },
	};
	const size_t size = 9 * PAGE_SIZE;
	struct page *page;
	phys_addr_t at;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		page = alloc_contig_pages_within(size, &places[i], QUIET,
						 NUMA_NO_NODE, NULL);
		if (!TOUR_CHECK(t, page))
			continue;
		at = page_to_phys(page);
		TOUR_CHECK(t, at >= places[i].low);
		TOUR_CHECK(t, !places[i].high || at + size <= places[i].high);
		TOUR_CHECK(t, !places[i].align ||
			   IS_ALIGNED(at, places[i].align));
		TOUR_CHECK(t, !places[i].boundary || at / places[i].boundary ==
			   (at + size - 1) / places[i].boundary);
		free_contig_pages_within(page, size);
	}
}

#define TOUR_SECTORS	64	/* read of a disk */

/* The first @nr sectors, read at once and one by one, are the same. */
static void sectors_compare(struct tour *t, struct block_device *disk,
			    u8 *all, u8 *one, unsigned int nr)
{
	unsigned int i;

	TOUR_CHECK(t, !block_read(disk, 0, all, nr));
	for (i = 0; i < nr; i++) {
		TOUR_CHECK(t, !block_read(disk, i, one, 1));
		TOUR_CHECK(t, !memcmp(one, all + i * SECTOR_SIZE,
				      SECTOR_SIZE));
	}
	TOUR_CHECK(t, block_read(disk, disk->nr_sectors, one, 1) == -EINVAL);
	TOUR_CHECK(t, !block_flush(disk));
	pr_info("tour: %s: %u sectors of %llu read\n", disk->name, nr,
		disk->nr_sectors);
}

static void disk_read(struct tour *t, struct block_device *disk)
{
	const size_t size = TOUR_SECTORS * SECTOR_SIZE;
	u8 *one = kmalloc(SECTOR_SIZE, GFP_KERNEL), *all;
	dma_addr_t handle;

	all = dma_alloc_coherent(disk->dev, size, &handle, GFP_KERNEL);
	TOUR_CHECK(t, one && all);
	if (one && all)
		sectors_compare(t, disk, all, one,
				(unsigned int)min((u64)TOUR_SECTORS,
						  disk->nr_sectors));
	if (all)
		dma_free_coherent(disk->dev, size, all, handle);
	kfree(one);
}

void tour_disk(struct tour *t)
{
	struct block_device *disk = block_find(NULL);

	if (!disk)
		pr_info("tour: there is no disk\n");
	for (; disk; disk = block_next(disk))
		disk_read(t, disk);
}

void tour_dma(struct tour *t)
{
	struct device dev = { .init_name = "tour", .numa_node = NUMA_NO_NODE };

	TOUR_CHECK(t, !dma_coerce_mask_and_coherent(&dev, DMA_BIT_MASK(64)));
	dma_masks(t, &dev);
	dma_page_blocks(t, &dev);
	dma_maps(t, &dev);
	dma_pools(t, &dev);
	dma_places(t);
}
