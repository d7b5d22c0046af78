/* SPDX-License-Identifier: MIT */
/*
 * Memory that devices read and write by themselves. Theory in
 * mm/kvirt/dma_mapping.c.
 *
 * A DMA address is what the device puts on its bus: the physical address, as
 * there is nothing in between. Devices see what CPUs have stored, and CPUs
 * what devices have (coherence); so syncing does nothing here, but code that
 * does not sync where it should is wrong on other machines.
 *
 * What Linux has besides (dmam_*, dma_map_sg, dma_map_resource, IOMMUs, bounce
 * buffers) does not exist.
 */
#ifndef _LINUX_DMA_MAPPING_H
#define _LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/mm.h>

/* What a request says besides. */
#define DMA_ATTR_WEAK_ORDERING		(1UL << 1)	/* means nothing here */
#define DMA_ATTR_WRITE_COMBINE		(1UL << 2)	/* memory is cached */
#define DMA_ATTR_NO_KERNEL_MAPPING	(1UL << 4)	/* a cookie is enough */
#define DMA_ATTR_SKIP_CPU_SYNC		(1UL << 5)	/* means nothing here */
#define DMA_ATTR_FORCE_CONTIGUOUS	(1UL << 6)	/* all memory is */
#define DMA_ATTR_ALLOC_SINGLE_PAGES	(1UL << 7)	/* means nothing here */
#define DMA_ATTR_NO_WARN		(1UL << 8)	/* as __GFP_NOWARN */
#define DMA_ATTR_PRIVILEGED		(1UL << 9)	/* means nothing here */

/* What a mapping that failed returns. */
#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)

/* Addresses of @n bits, 0 to 64. */
#define DMA_BIT_MASK(n)		((n) >= 64 ? ~0ULL : (1ULL << (n)) - 1)

/* ---- masks ---- */

/*
 * The device reaches the addresses of @mask, a low mask, for streaming
 * mappings, for memory that it is given, for both. 0; -EIO, after a line, when
 * there is no zone all of which that covers, or the device has no dma_mask:
 * nothing is changed.
 */
int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);

static inline int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int err = dma_set_mask(dev, mask);

	if (!err)
		dma_set_coherent_mask(dev, mask);
	return err;
}

/* The same for a device whose dma_mask points nowhere yet. */
static inline int dma_coerce_mask_and_coherent(struct device *dev, u64 mask)
{
	dev->dma_mask = &dev->coherent_dma_mask;
	return dma_set_mask_and_coherent(dev, mask);
}

/* Whether dma_set_mask() would take @mask. */
int dma_supported(struct device *dev, u64 mask);
/* The mask that reaches all memory. */
u64 dma_get_required_mask(struct device *dev);

static inline u64 dma_get_mask(const struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask :
						 DMA_BIT_MASK(32);
}

/* Whether some memory lies where the device does not reach. */
static inline bool dma_addressing_limited(struct device *dev)
{
	u64 mask = dma_get_mask(dev);

	if (dev->bus_dma_limit && dev->bus_dma_limit < mask)
		mask = dev->bus_dma_limit;
	return mask < dma_get_required_mask(dev);
}

/* ---- memory for devices ---- */

/*
 * @size bytes, rounded up to pages, in one piece, aligned to the smallest order
 * that holds them, zeroed, all of it within the device's coherent mask, near
 * its node: the address for the CPU, and for the device in *@handle. NULL, with
 * *@handle DMA_MAPPING_ERROR, when there is none, after a line that says why
 * unless __GFP_NOWARN or DMA_ATTR_NO_WARN. @gfp says whether it may sleep; zone
 * flags in it are ignored, __GFP_COMP is refused. With
 * DMA_ATTR_NO_KERNEL_MAPPING what is returned is a cookie for dma_free_attrs()
 * and no address.
 */
void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle,
		      gfp_t gfp, unsigned long attrs);
/*
 * Gives it back, all that it was called with the same as before. NULL for
 * @cpu_addr is let pass. What is no such block is reported and left alone.
 * Interrupts on: drivers of machines with other caches must be able to sleep.
 */
void dma_free_attrs(struct device *dev, size_t size, void *cpu_addr,
		    dma_addr_t handle, unsigned long attrs);

static inline void *dma_alloc_coherent(struct device *dev, size_t size,
				       dma_addr_t *handle, gfp_t gfp)
{
	return dma_alloc_attrs(dev, size, handle, gfp,
			       gfp & __GFP_NOWARN ? DMA_ATTR_NO_WARN : 0);
}

static inline void dma_free_coherent(struct device *dev, size_t size,
				     void *cpu_addr, dma_addr_t handle)
{
	dma_free_attrs(dev, size, cpu_addr, handle, 0);
}

/*
 * The same as pages, for a driver that syncs before and after transfers in
 * direction @dir.
 */
struct page *dma_alloc_pages(struct device *dev, size_t size,
			     dma_addr_t *handle, enum dma_data_direction dir,
			     gfp_t gfp);
void dma_free_pages(struct device *dev, size_t size, struct page *page,
		    dma_addr_t handle, enum dma_data_direction dir);

static inline void *dma_alloc_noncoherent(struct device *dev, size_t size,
					  dma_addr_t *handle,
					  enum dma_data_direction dir,
					  gfp_t gfp)
{
	struct page *page = dma_alloc_pages(dev, size, handle, dir, gfp);

	return page ? page_address(page) : NULL;
}

static inline void dma_free_noncoherent(struct device *dev, size_t size,
					void *cpu_addr, dma_addr_t handle,
					enum dma_data_direction dir)
{
	dma_free_pages(dev, size, virt_to_page(cpu_addr), handle, dir);
}

/* ---- streaming: memory that was there before ---- */

/*
 * Shows the device the @size bytes from @offset in @page on, which may go over
 * the page's end. The DMA address; DMA_MAPPING_ERROR, after a line, when the
 * device does not reach all of it or the memory is none that can be shown.
 * Any context. The memory is the device's until it is unmapped.
 */
dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t size,
			      enum dma_data_direction dir,
			      unsigned long attrs);
void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs);
/* The same of an address in the direct map; others are refused. */
dma_addr_t dma_map_single_attrs(struct device *dev, void *ptr, size_t size,
				enum dma_data_direction dir,
				unsigned long attrs);

static inline void dma_unmap_single_attrs(struct device *dev, dma_addr_t addr,
					  size_t size,
					  enum dma_data_direction dir,
					  unsigned long attrs)
{
	dma_unmap_page_attrs(dev, addr, size, dir, attrs);
}

#define dma_map_single(d, p, s, r)	dma_map_single_attrs(d, p, s, r, 0)
#define dma_unmap_single(d, a, s, r)	dma_unmap_single_attrs(d, a, s, r, 0)
#define dma_map_page(d, p, o, s, r)	dma_map_page_attrs(d, p, o, s, r, 0)
#define dma_unmap_page(d, a, s, r)	dma_unmap_page_attrs(d, a, s, r, 0)

/* 0, or -ENOMEM for what dma_map_*() returned in vain. */
static inline int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	return addr == DMA_MAPPING_ERROR ? -ENOMEM : 0;
}

/*
 * The CPU, or the device again, is to have a mapping's memory. Any context;
 * checks its arguments in debug builds.
 */
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir);

static inline void dma_sync_single_range_for_cpu(struct device *dev,
						 dma_addr_t addr,
						 unsigned long offset,
						 size_t size,
						 enum dma_data_direction dir)
{
	dma_sync_single_for_cpu(dev, addr + offset, size, dir);
}

static inline void dma_sync_single_range_for_device(struct device *dev,
						    dma_addr_t addr,
						    unsigned long offset,
						    size_t size,
						    enum dma_data_direction dir)
{
	dma_sync_single_for_device(dev, addr + offset, size, dir);
}

/* Nothing here is ever copied for a sync. */
static inline bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	(void)addr;
	return false;
}

/* A mapping may be as large as memory is. */
static inline size_t dma_max_mapping_size(struct device *dev)
{
	(void)dev;
	return SIZE_MAX;
}

/* What transfers must be aligned to so as to share no cache line: anything. */
static inline int dma_get_cache_alignment(void)
{
	return 1;
}

#endif
