/* SPDX-License-Identifier: MIT */
/*
 * Memory of devices, as its pages know it. Every page of a block that is out
 * has the type PGTY_dma, with its kind as the number:
 *
 *              first page      the others
 *   index      pages in all    pages before it
 *   private    the owner       0
 *
 * So whoever frees something wrong can be told what it is, and
 * __free_pages() of such a page is reported as the mistake that it is. The
 * owner is the device, or for DMA_KIND_POOL the pool's record, in each page.
 */
#ifndef _MM_KVIRT_DMA_H
#define _MM_KVIRT_DMA_H

#include <linux/mm.h>
#include <linux/types.h>

struct device;
struct dma_pool;

enum dma_kind {
	DMA_KIND_COHERENT = 1,	/* dma_alloc_attrs()'s */
	DMA_KIND_PAGES,		/* dma_alloc_pages()'s */
	DMA_KIND_POOL,		/* a pool's */
	DMA_KIND_TAIL = 0x10,	/* besides: not the first page */
};

/*
 * A block of @size bytes for the device: dma_alloc_attrs(). @owner goes to its
 * first page, to all of a pool's.
 */
struct page *dma_block_alloc(struct device *dev, size_t size, gfp_t gfp,
			     enum dma_kind kind, void *owner);
/* The device's node if there is such a one, or NUMA_NO_NODE. */
int dma_device_node(const struct device *dev);
/* Gives back the block of @nr pages, which is one. Any context but NMI. */
void dma_block_free(struct page *page, unsigned long nr);

/* Invariants of a pool (mm/kvirt/dmapool.c); stops at one that is broken. */
void dma_pool_check(struct dma_pool *pool);

#endif
