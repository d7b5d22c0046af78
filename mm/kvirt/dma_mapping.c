// SPDX-License-Identifier: MIT
/*
 * Memory for devices: where the device reaches it.
 *
 * Terms. A device's limit is the last address it can use: the lower of its
 * mask and of what its bus carries. Its zones are those that lie below the
 * limit as a whole; the zone that the limit cuts through is its in part.
 *
 *     0      16M                          4G
 *     |  DMA  |           DMA32            |        NORMAL ...
 *             |<- 30 bits: part ->|
 *
 * A block is looked for in this order, each step only if the one before gave
 * nothing that the device reaches:
 *
 *   1  the highest of its zones, or the one that the limit cuts, with the
 *      zones below it: mostly what comes is low enough, as free pages are
 *      taken from the lower end
 *   2  a run of frames below the limit by address (octavo/contig.h): exactly
 *      what can serve is looked at, and blocks larger than any order are found
 *   3  DMA, for which no other zone is passed over and no reserve is kept
 *
 * What an order rounds up to is given back at once, page by page, so a block
 * costs the pages it has. Blocks carry their size and owner in struct page
 * (dma.h): no memory is needed beside the block, so nothing else can fail, and
 * a wrong free is told from a right one.
 *
 * Streaming maps are the physical address, if the device reaches it. Memory
 * that it does not reach is refused, with a line that names the address and
 * the mask: nobody copies behind the driver's back.
 *
 * Failure: one line with the device's name and the reason; nothing is changed.
 *
 * Differs from Linux: blocks may be of any size; a mask between zones is met
 * wherever there is memory below it; wrong frees are always seen.
 */
#include "dma.h"

#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <octavo/contig.h>
#include <octavo/machine.h>

/* Zone flags say nothing here: the mask does. */
#define ZONE_FLAGS	(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM)

/* ---- masks ---- */

/* The last byte of the lowest zone that has memory. */
static u64 lowest_zone_last(void)
{
	const struct machine *m = this_machine();
	unsigned int idx;

	for (idx = 0; idx < MAX_NR_ZONES; idx++)
		if (m->arch_zone_highest[idx] > m->arch_zone_lowest[idx])
			return min((u64)PFN_PHYS(m->arch_zone_highest[idx]),
				   (u64)PFN_PHYS(max_pfn)) - 1;
	return U64_MAX;
}

static u64 mask_limit(const struct device *dev, u64 mask)
{
	if (dev->bus_dma_limit && dev->bus_dma_limit < mask)
		return dev->bus_dma_limit;
	return mask;
}

int dma_supported(struct device *dev, u64 mask)
{
	return mask_limit(dev, mask) >= lowest_zone_last();
}

/* Whether the device may have that mask; says so if not. */
static bool mask_taken(struct device *dev, const char *what, u64 mask)
{
	if (dma_supported(dev, mask))
		return true;
	dev_warn(dev, "%s %#llx covers no zone: the lowest ends at %#llx\n",
		 what, mask_limit(dev, mask), lowest_zone_last());
	return false;
}

int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask) {
		dev_warn(dev, "DMA mask %#llx: the device does no DMA\n",
			 mask);
		return -EIO;
	}
	if (!mask_taken(dev, "DMA mask", mask))
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!mask_taken(dev, "coherent DMA mask", mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}

u64 dma_get_required_mask(struct device *dev)
{
	u64 last = PFN_PHYS(max_pfn) - 1;

	(void)dev;
	return DMA_BIT_MASK(fls64(last));
}

/* ---- blocks ---- */

/* What is asked for: a block of @nr pages for @dev. */
struct request {
	struct device *dev;
	unsigned long nr;	/* pages */
	unsigned int order;	/* that holds them */
	u64 limit;		/* the last address that serves */
	gfp_t gfp;		/* without zone flags, zeroing, no report */
};

static bool request_reaches(const struct request *rq, const struct page *page)
{
	return page_to_phys(page) + (rq->nr << PAGE_SHIFT) - 1 <= rq->limit;
}

/* The zone flag of a request whose zones end where @limit does, or below. */
static gfp_t limit_zone(u64 limit)
{
	if (limit < PFN_PHYS(MAX_DMA_PFN))
		return __GFP_DMA;
	return limit < PFN_PHYS(MAX_DMA32_PFN) ? __GFP_DMA32 : 0;
}

int dma_device_node(const struct device *dev)
{
	int nid = dev_to_node(dev);

	return (unsigned int)nid < MAX_NUMNODES && NODE_DATA(nid) ?
	       nid : NUMA_NO_NODE;
}

/* Struct pages of a large block need not be adjacent. */
static struct page *block_page(struct page *first, unsigned long i)
{
	return pfn_to_page(page_to_pfn(first) + i);
}

/* From the buddy system, by zone. */
static struct page *block_from_zone(const struct request *rq, gfp_t zone)
{
	struct page *page;
	unsigned long i;

	if (rq->order > MAX_PAGE_ORDER)
		return NULL;
	page = alloc_pages_node(dma_device_node(rq->dev), rq->gfp | zone,
				rq->order);
	if (!page)
		return NULL;
	if (!request_reaches(rq, page)) {
		__free_pages(page, rq->order);
		return NULL;
	}
	if (!rq->order)
		return page;
	split_page(page, rq->order);
	for (i = rq->nr; i < 1UL << rq->order; i++)
		__free_page(block_page(page, i));
	return page;
}

static struct page *block_from_place(const struct request *rq, gfp_t zone)
{
	const struct contig_place place = {
		.high = rq->limit == U64_MAX ? 0 : rq->limit + 1,
		.align = PAGE_SIZE << rq->order,
	};

	return alloc_contig_pages_within(rq->nr << PAGE_SHIFT, &place,
					 rq->gfp | zone, dma_device_node(rq->dev),
					 NULL);
}

static struct page *block_find(const struct request *rq)
{
	gfp_t zone = limit_zone(rq->limit);
	struct page *page = block_from_zone(rq, zone);

	if (!page)
		page = block_from_place(rq, zone);
	if (!page && !(zone & __GFP_DMA) && rq->limit != U64_MAX)
		page = block_from_zone(rq, __GFP_DMA);
	return page;
}

/* Writes into the pages what dma.h says of them. */
static void block_mark(struct page *page, unsigned long nr, enum dma_kind kind,
		       void *owner)
{
	unsigned long i;

	for (i = nr; i-- > 0;) {
		struct page *p = block_page(page, i);
		u32 number = kind | (i ? DMA_KIND_TAIL : 0);

		VM_BUG_ON_PAGE(page_type_read(p) != PAGE_TYPE_NONE, p);
		p->index = (u32)(i ?: nr);
		p->private = i && kind != DMA_KIND_POOL ? 0 :
			(unsigned long)owner;
		page_type_write(p, page_type_make(PGTY_dma, number));
	}
}

void dma_block_free(struct page *page, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		struct page *p = block_page(page, i);

		p->index = 0;
		p->private = 0;
		page_type_write(p, PAGE_TYPE_NONE);
		__free_page(p);
	}
}

/* Why the device cannot have a block like that; NULL when it can. */
static const char *request_fault(const struct device *dev, size_t size,
				 gfp_t gfp)
{
	if (!size)
		return "it is of no size";
	if (size > PAGE_ALIGN_DOWN(SIZE_MAX / 2) ||
	    PFN_UP(size) > U32_MAX)
		return "it is larger than any memory";
	if (gfp & __GFP_COMP)
		return "__GFP_COMP means nothing here";
	if (!dev->coherent_dma_mask)
		return "the device has no coherent DMA mask";
	if (mask_limit(dev, dev->coherent_dma_mask) < PAGE_SIZE - 1)
		return "the coherent DMA mask reaches no page";
	return NULL;
}

static void request_report(const struct device *dev, size_t size, gfp_t gfp,
			   const char *why)
{
	if (gfp & __GFP_NOWARN)
		return;
	if (!dev) {
		pr_warn("DMA block of %zu bytes: there is no device\n", size);
		return;
	}
	dev_warn(dev, "no DMA block of %zu bytes up to %#llx: %s\n", size,
		 mask_limit(dev, dev->coherent_dma_mask), why);
}

struct page *dma_block_alloc(struct device *dev, size_t size, gfp_t gfp,
			     enum dma_kind kind, void *owner)
{
	const char *fault = dev ? request_fault(dev, size, gfp) : "";
	struct request rq;
	struct page *page;

	if (fault) {
		request_report(dev, size, gfp, fault);
		return NULL;
	}
	rq = (struct request) {
		.dev = dev,
		.nr = PFN_UP(size),
		.order = (unsigned int)get_order(size),
		.limit = mask_limit(dev, dev->coherent_dma_mask),
		.gfp = (gfp & ~ZONE_FLAGS) | __GFP_ZERO | __GFP_NOWARN,
	};
	page = block_find(&rq);
	if (page)
		block_mark(page, rq.nr, kind, owner);
	else
		request_report(dev, size, gfp, "there is no memory");
	return page;
}

void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle,
		      gfp_t gfp, unsigned long attrs)
{
	struct page *page;

	if (attrs & DMA_ATTR_NO_WARN)
		gfp |= __GFP_NOWARN;
	page = dma_block_alloc(dev, size, gfp, DMA_KIND_COHERENT, dev);
	*handle = page ? page_to_phys(page) : DMA_MAPPING_ERROR;
	if (!page || attrs & DMA_ATTR_NO_KERNEL_MAPPING)
		return page;
	return page_address(page);
}

struct page *dma_alloc_pages(struct device *dev, size_t size,
			     dma_addr_t *handle, enum dma_data_direction dir,
			     gfp_t gfp)
{
	struct page *page;

	BUG_ON(!valid_dma_direction(dir));
	page = dma_block_alloc(dev, size, gfp, DMA_KIND_PAGES, dev);
	*handle = page ? page_to_phys(page) : DMA_MAPPING_ERROR;
	return page;
}

/* ---- and back ---- */

static const char *kind_of(u32 number)
{
	switch (number & ~DMA_KIND_TAIL) {
	case DMA_KIND_COHERENT:
		return "is dma_alloc_coherent()'s";
	case DMA_KIND_PAGES:
		return "is dma_alloc_pages()'s";
	default:
		return "is a DMA pool's";
	}
}

/* What is said of a block that is freed. */
struct claim {
	const struct device *dev;
	struct page *page;
	u64 nr;			/* pages */
	dma_addr_t handle;
	enum dma_kind kind;
};

/* Why the claim is wrong; NULL when it is right. */
static const char *claim_fault(const struct claim *c)
{
	u32 type = page_type_read(c->page), number;

	if (type >> PAGE_TYPE_SHIFT != PGTY_dma)
		return page_ref_count(c->page) ? "is no DMA block" :
			"is free already (double free?)";
	number = type & PAGE_TYPE_NUMBER_MASK;
	if ((number & ~DMA_KIND_TAIL) != c->kind)
		return kind_of(number);
	if (number & DMA_KIND_TAIL)
		return "is inside a DMA block";
	if (c->page->private != (unsigned long)c->dev)
		return "is another device's";
	if (c->page->index != c->nr)
		return "is of another size";
	if (c->handle != page_to_phys(c->page))
		return "has another DMA address";
	return NULL;
}

/*
 * Claims the block's first page for the free that follows: of two frees at
 * once, one finds the type gone.
 */
static bool claim_take(const struct claim *c)
{
	u32 type = page_type_make(PGTY_dma, c->kind);

	/* Relaxed: who gave the block away has ordered its own accesses. */
	return __atomic_compare_exchange_n(&c->page->page_type, &type,
					   PAGE_TYPE_NONE, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void claim_free(const struct claim *c, const char *caller, size_t size,
		       const void *what)
{
	const char *fault = claim_fault(c);

	if (!fault && !claim_take(c))
		fault = "is free already (double free?)";
	if (!fault) {
		dma_block_free(c->page, (unsigned long)c->nr);
		return;
	}
	dev_err(c->dev, "%s of %zu bytes at %p, DMA address %#llx: it %s\n",
		caller, size, what, c->handle, fault);
}

void dma_free_attrs(struct device *dev, size_t size, void *cpu_addr,
		    dma_addr_t handle, unsigned long attrs)
{
	struct claim c = {
		.dev = dev, .nr = PFN_UP((u64)size), .handle = handle,
		.kind = DMA_KIND_COHERENT,
	};

	WARN(irqs_disabled(), "%s: dma_free_coherent() with interrupts off\n",
	     dev_name(dev));
	if (!cpu_addr)
		return;
	if (attrs & DMA_ATTR_NO_KERNEL_MAPPING) {
		c.page = cpu_addr;
	} else if (virt_addr_valid(cpu_addr) && PAGE_ALIGNED(cpu_addr)) {
		c.page = virt_to_page(cpu_addr);
	} else {
		dev_err(dev, "dma_free_coherent of %zu bytes at %p, DMA address %#llx: it is no address of a page\n",
			size, cpu_addr, handle);
		return;
	}
	claim_free(&c, "dma_free_coherent", size, cpu_addr);
}

void dma_free_pages(struct device *dev, size_t size, struct page *page,
		    dma_addr_t handle, enum dma_data_direction dir)
{
	const struct claim c = {
		.dev = dev, .page = page, .nr = PFN_UP((u64)size),
		.handle = handle, .kind = DMA_KIND_PAGES,
	};

	BUG_ON(!valid_dma_direction(dir));
	claim_free(&c, "dma_free_pages", size, page);
}

/* ---- streaming ---- */

static dma_addr_t map_refuse(struct device *dev, const char *why, u64 addr,
			     size_t size)
{
	dev_warn(dev, "DMA map of %zu bytes at %#llx: %s\n", size, addr, why);
	return DMA_MAPPING_ERROR;
}

/* Of physical memory that is known to be some. */
static dma_addr_t map_phys(struct device *dev, u64 phys, size_t size)
{
	u64 last = phys + size - 1, limit;

	if (!size)
		return map_refuse(dev, "it is of no size", phys, size);
	if (!dev->dma_mask || !*dev->dma_mask)
		return map_refuse(dev, "the device has no DMA mask", phys,
				  size);
	limit = mask_limit(dev, *dev->dma_mask);
	if (last < phys || !pfn_valid(PHYS_PFN(last)))
		return map_refuse(dev, "it is no memory", phys, size);
	if (likely(last <= limit))
		return phys;
	dev_warn(dev, "overflow %#llx+%zu of DMA mask %llx bus limit %llx\n",
		 phys, size, *dev->dma_mask, dev->bus_dma_limit);
	return DMA_MAPPING_ERROR;
}

dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t size,
			      enum dma_data_direction dir,
			      unsigned long attrs)
{
	(void)attrs;
	BUG_ON(!valid_dma_direction(dir));
	return map_phys(dev, page_to_phys(page) + offset, size);
}

dma_addr_t dma_map_single_attrs(struct device *dev, void *ptr, size_t size,
				enum dma_data_direction dir,
				unsigned long attrs)
{
	(void)attrs;
	BUG_ON(!valid_dma_direction(dir));
	if (unlikely(!virt_addr_valid(ptr)))
		return map_refuse(dev, "it is no address of the direct map",
				  (unsigned long)ptr, size);
	return map_phys(dev, __pa(ptr), size);
}

void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs)
{
	(void)attrs;
	dma_sync_single_for_cpu(dev, addr, size, dir);
}

/* Devices are coherent: there is nothing to be done but to look. */
static void sync_check(dma_addr_t addr, size_t size,
		       enum dma_data_direction dir)
{
	BUG_ON(!valid_dma_direction(dir));
	VM_WARN_ON(addr == DMA_MAPPING_ERROR);
	VM_WARN_ON(!size || !pfn_valid(PHYS_PFN(addr + size - 1)));
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	(void)dev;
	sync_check(addr, size, dir);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	(void)dev;
	sync_check(addr, size, dir);
}
