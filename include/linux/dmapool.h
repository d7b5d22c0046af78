/* SPDX-License-Identifier: MIT */
/*
 * Small blocks of memory for devices, out of dma_alloc_coherent()'s pages.
 * Theory in mm/kvirt/dmapool.c. dmam_pool_create() does not exist.
 */
#ifndef _LINUX_DMAPOOL_H
#define _LINUX_DMAPOOL_H

#include <linux/gfp.h>
#include <linux/types.h>

struct device;
struct dma_pool;

/*
 * A pool of blocks of @size bytes on multiples of @align (a power of two; 0:
 * 1) that do not lie across multiples of @boundary (a power of two; 0: any).
 * @name is copied. NULL when there is no memory, and for values that no pool
 * can have, after a line. May sleep.
 */
struct dma_pool *dma_pool_create(const char *name, struct device *dev,
				 size_t size, size_t align, size_t boundary);
/*
 * Ends it; NULL is let pass. Blocks that are still out are reported, and their
 * pages stay with who has them. May sleep.
 */
void dma_pool_destroy(struct dma_pool *pool);
/*
 * A block: the address for the CPU, and for the device in *@handle. NULL when
 * there is none. Sleeps only with __GFP_DIRECT_RECLAIM; without it, any context
 * but NMI. Its contents are anything unless __GFP_ZERO.
 */
void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle);
/* Takes it back. What is none of the pool's is reported. Any context but NMI. */
void dma_pool_free(struct dma_pool *pool, void *vaddr, dma_addr_t handle);

static inline void *dma_pool_zalloc(struct dma_pool *pool, gfp_t gfp,
				    dma_addr_t *handle)
{
	return dma_pool_alloc(pool, gfp | __GFP_ZERO, handle);
}

#endif
