// SPDX-License-Identifier: MIT
/* Misuse of memory for devices: one line each, and the machine goes on. */
#include "death.h"

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/irqflags.h>
#include <linux/mm.h>

#include <octavo/contig.h>

#include "../../mm/kvirt/dma.h"

static u64 mask = DMA_BIT_MASK(32);
static struct device dev = {
	.init_name = "dma0", .dma_mask = &mask,
	.coherent_dma_mask = DMA_BIT_MASK(32),
};
static struct device other = {
	.init_name = "dma1", .coherent_dma_mask = DMA_BIT_MASK(32),
};

static void dma_mask_no_zone(void)
{
	BUG_ON(dma_set_mask(&dev, DMA_BIT_MASK(12)) != -EIO);
}
DEATH_TEST(dma_mask_no_zone, SURVIVES,
	   "dma0: DMA mask 0xfff covers no zone: the lowest ends at 0xffffff");

/* Set without being asked about: what comes of it is said at the request. */
static void dma_mask_no_page(void)
{
	dma_addr_t handle;

	other.coherent_dma_mask = 0x7ff;
	BUG_ON(dma_alloc_coherent(&other, 1, &handle, GFP_KERNEL));
	other.coherent_dma_mask = 0;
	BUG_ON(dma_alloc_coherent(&other, 1, &handle, GFP_KERNEL));
	other.coherent_dma_mask = 0x1fff;
	BUG_ON(dma_alloc_coherent(&other, PAGE_SIZE * 3, &handle, GFP_KERNEL));
	other.coherent_dma_mask = DMA_BIT_MASK(32);
}
DEATH_TEST(dma_mask_no_page, SURVIVES,
	   "dma1: no DMA block of 1 bytes up to 0x7ff: the coherent DMA mask reaches no page",
	   "dma1: no DMA block of 1 bytes up to 0x0: the device has no coherent DMA mask",
	   "dma1: no DMA block of 12288 bytes up to 0x1fff: there is no memory");

static void dma_sizes(void)
{
	dma_addr_t handle;

	BUG_ON(dma_alloc_coherent(&dev, 0, &handle, GFP_KERNEL));
	BUG_ON(dma_alloc_coherent(&dev, SIZE_MAX, &handle, GFP_KERNEL));
	BUG_ON(dma_alloc_coherent(&dev, 1UL << 36, &handle, GFP_KERNEL));
	BUG_ON(dma_alloc_coherent(&dev, 1, &handle, GFP_KERNEL | __GFP_COMP));
	BUG_ON(dma_alloc_coherent(NULL, 7, &handle, GFP_KERNEL));
}
DEATH_TEST(dma_sizes, SURVIVES,
	   "dma0: no DMA block of 0 bytes up to 0xffffffff: it is of no size",
	   "dma0: no DMA block of 18446744073709551615 bytes up to 0xffffffff: it is larger than any memory",
	   "dma0: no DMA block of 68719476736 bytes up to 0xffffffff: there is no memory",
	   "dma0: no DMA block of 1 bytes up to 0xffffffff: __GFP_COMP means nothing here",
	   "DMA block of 7 bytes: there is no device");

#define BAD_FREE(size, why)						\
	"dma0: dma_free_coherent of " size " bytes at *, DMA address 0x*: " why

static void *take(size_t size, dma_addr_t *handle)
{
	void *p = dma_alloc_coherent(&dev, size, handle, GFP_KERNEL);

	BUG_ON(!p);
	return p;
}

static void dma_freed_twice(void)
{
	dma_addr_t handle;
	void *p = take(8192, &handle);

	dma_free_coherent(&dev, 8192, p, handle);
	dma_free_coherent(&dev, 8192, p, handle);
	BUG_ON(!buddy_check());
}
DEATH_TEST(dma_freed_twice, SURVIVES,
	   BAD_FREE("8192", "it is free already (double free[?])"));

static void dma_freed_wrongly(void)
{
	dma_addr_t handle;
	char *p = take(12288, &handle);

	dma_free_coherent(&dev, 8192, p, handle);
	dma_free_coherent(&dev, 12288, p, handle + 4096);
	dma_free_coherent(&dev, 8192, p + 4096, handle + 4096);
	dma_free_coherent(&dev, 12288, p + 16, handle);
	dma_free_coherent(&dev, 12287, p, handle);
	BUG_ON(!buddy_check());
}
DEATH_TEST(dma_freed_wrongly, SURVIVES,
	   BAD_FREE("8192", "it is of another size"),
	   BAD_FREE("12288", "it has another DMA address"),
	   BAD_FREE("8192", "it is inside a DMA block"),
	   BAD_FREE("12288", "it is no address of a page"));

static void dma_freed_foreign(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	dma_addr_t handle;
	void *p = take(4096, &handle);

	dma_free_coherent(&dev, 4096, page_address(page), page_to_phys(page));
	dma_free_coherent(&dev, 4096, &handle, handle);
	dma_free_coherent(&other, 4096, p, handle);
	dma_free_pages(&dev, 4096, virt_to_page(p), handle, DMA_TO_DEVICE);
	dma_free_coherent(&dev, 4096, p, handle);
	__free_page(page);
}
DEATH_TEST(dma_freed_foreign, SURVIVES, BAD_FREE("4096", "it is no DMA block"),
	   BAD_FREE("4096", "it is no address of a page"),
	   "dma1: dma_free_coherent of 4096 bytes at *: it is another device's",
	   "dma0: dma_free_pages of 4096 bytes at *: it is dma_alloc_coherent()'s");

static void dma_pages_as_coherent(void)
{
	dma_addr_t handle;
	struct page *page = dma_alloc_pages(&dev, 4096, &handle, DMA_TO_DEVICE,
					    GFP_KERNEL);

	dma_free_coherent(&dev, 4096, page_address(page), handle);
	dma_free_pages(&dev, 4096, page, handle, DMA_TO_DEVICE);
}
DEATH_TEST(dma_pages_as_coherent, SURVIVES,
	   BAD_FREE("4096", "it is dma_alloc_pages()'s"));

/* To the page allocator it is a page that somebody uses as something. */
static void dma_freed_as_page(void)
{
	dma_addr_t handle;
	void *p = take(4096, &handle);

	free_page((unsigned long)p);
	BUG_ON(!buddy_check());
}
DEATH_TEST(dma_freed_as_page, SURVIVES, "BUG: Bad page state in process *");

static void dma_freed_irqs_off(void)
{
	unsigned long flags;
	dma_addr_t handle;
	void *p = take(4096, &handle);

	local_irq_save(flags);
	dma_free_coherent(&dev, 4096, p, handle);
	local_irq_restore(flags);
}
DEATH_TEST(dma_freed_irqs_off, SURVIVES,
	   "WARNING: CPU: * at *dma_mapping.c:*",
	   "dma0: dma_free_coherent() with interrupts off");

static void dma_map_beyond(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	mask = page_to_phys(page);
	BUG_ON(dma_map_page(&dev, page, 0, 64, DMA_TO_DEVICE) !=
	       DMA_MAPPING_ERROR);
	mask = DMA_BIT_MASK(32);
}
DEATH_TEST(dma_map_beyond, SURVIVES,
	   "dma0: overflow 0x*+64 of DMA mask * bus limit 0");

static void dma_map_stack(void)
{
	char buffer[8];

	BUG_ON(dma_map_single(&dev, buffer, 8, DMA_TO_DEVICE) !=
	       DMA_MAPPING_ERROR);
}
DEATH_TEST(dma_map_stack, SURVIVES,
	   "dma0: DMA map of 8 bytes at 0x*: it is no address of the direct map");

static void dma_map_no_direction(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	dma_map_page(&dev, page, 0, 64, DMA_NONE);
}
DEATH_TEST(dma_map_no_direction, DIES, "kernel BUG at *dma_mapping.c:*! *");

#define NO_POOL(args, why)						\
	"dma0: dma_pool_create p, " args ": " why

static void pool_arguments(void)
{
	BUG_ON(dma_pool_create("p", &dev, 0, 0, 0));
	BUG_ON(dma_pool_create("p", &dev, 1UL << 31, 0, 0));
	BUG_ON(dma_pool_create("p", &dev, 64, 48, 0));
	BUG_ON(dma_pool_create("p", &dev, 64, 0, 96));
	BUG_ON(dma_pool_create("p", &dev, 64, 0, 32));
	BUG_ON(dma_pool_create("p", &dev, 64, 128, 64));
}
DEATH_TEST(pool_arguments, SURVIVES,
	   NO_POOL("size 0, align 0, boundary 0", "blocks of no size"),
	   NO_POOL("size 2147483648, align 0, boundary 0",
		   "blocks are too large"),
	   NO_POOL("size 64, align 48, boundary 0",
		   "the alignment is no power of two"),
	   NO_POOL("size 64, align 0, boundary 96",
		   "the boundary is no power of two"),
	   NO_POOL("size 64, align 0, boundary 32",
		   "the boundary is smaller than a block"),
	   NO_POOL("size 64, align 128, boundary 64",
		   "the boundary is smaller than a block"));

static void pool_wrong_frees(void)
{
	struct dma_pool *pool = dma_pool_create("p", &dev, 64, 0, 0);
	struct dma_pool *second = dma_pool_create("q", &dev, 64, 0, 0);
	dma_addr_t dma;
	char *p = dma_pool_alloc(pool, GFP_KERNEL, &dma);

	dma_pool_free(pool, p + 8, dma + 8);
	dma_pool_free(pool, p, dma + 64);
	dma_pool_free(second, p, dma);
	dma_pool_free(pool, &dma, dma);
	dma_pool_check(pool);
	dma_pool_free(pool, p, dma);
	dma_pool_free(pool, p, dma);
	dma_pool_check(pool);
	dma_pool_destroy(pool);
	dma_pool_destroy(second);
}
DEATH_TEST(pool_wrong_frees, SURVIVES,
	   "dma0: dma_pool_free p, * (bad vaddr)/0x*",
	   "dma0: dma_pool_free p, */0x* (bad dma)",
	   "dma0: dma_pool_free q, * (bad vaddr)/0x*",
	   "dma0: dma_pool_free p, dma 0x* already free");

static void pool_as_coherent(void)
{
	struct dma_pool *pool = dma_pool_create("p", &dev, 4096, 0, 0);
	dma_addr_t dma;
	void *p = dma_pool_alloc(pool, GFP_KERNEL, &dma);

	dma_free_coherent(&dev, 4096, p, dma);
	dma_pool_free(pool, p, dma);
	dma_pool_destroy(pool);
}
DEATH_TEST(pool_as_coherent, SURVIVES,
	   BAD_FREE("4096", "it is a DMA pool's"));

/* A block that is still out harms nothing, now or later. */
static void pool_busy(void)
{
	struct dma_pool *pool = dma_pool_create("p", &dev, 100, 0, 0);
	dma_addr_t dma;
	char *p = dma_pool_alloc(pool, GFP_KERNEL, &dma);

	dma_pool_alloc(pool, GFP_KERNEL, &dma);
	dma_pool_destroy(pool);
	p[99] = 1;
	BUG_ON(!buddy_check());
}
DEATH_TEST(pool_busy, SURVIVES,
	   "dma0: dma_pool_destroy p busy: 2 blocks are out");

static void contig_arguments(void)
{
	const struct contig_place odd = { .align = 12288 };
	const struct contig_place small = { .boundary = 4096 };

	BUG_ON(alloc_contig_pages_within(0, &odd, GFP_KERNEL, 0, NULL));
	BUG_ON(alloc_contig_pages_within(1, &odd, GFP_KERNEL, 0, NULL));
	BUG_ON(alloc_contig_pages_within(4097, &small, GFP_KERNEL, 0, NULL));
	BUG_ON(alloc_contig_pages_within(1UL << 40, &small, GFP_KERNEL, 99,
					 NULL));
}
DEATH_TEST(contig_arguments, SURVIVES,
	   "contig: no block of 0 bytes in [[]mem 0x0-0xffffffffffffffff], alignment 0x3000, boundary 0x0: it is of no size",
	   "contig: no block of 1 bytes *: the alignment is no power of two",
	   "contig: no block of 4097 bytes *: the boundary is smaller than the size");

static void contig_freed_twice(void)
{
	const struct contig_place place = { .high = 1 << 24 };
	struct page *page = alloc_contig_pages_within(8192, &place, GFP_KERNEL,
						      0, NULL);

	free_contig_pages_within(page, 8192);
	free_contig_pages_within(page, 8192);
	BUG_ON(!buddy_check());
}
DEATH_TEST(contig_freed_twice, SURVIVES, "BUG: Bad page state in process *");
