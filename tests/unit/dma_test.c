// SPDX-License-Identifier: MIT
/* Memory for devices: masks, blocks, streaming maps. */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"

#define QUIET	(GFP_KERNEL | __GFP_NOWARN)
#define POINTS	64	/* more requests than any of the calls makes */

static struct page_snapshot before;
static struct log_capture dma_log;
static u64 dma_mask;
static struct device dev;

static int dma_test_init(struct kunit *test)
{
	before = page_snapshot_take();
	dma_mask = DMA_BIT_MASK(64);
	dev = (struct device) {
		.init_name = "dma0", .dma_mask = &dma_mask,
		.coherent_dma_mask = DMA_BIT_MASK(64),
		.numa_node = NUMA_NO_NODE,
	};
	return 0;
}

static void dma_test_exit(struct kunit *test)
{
	page_alloc_fail_nth(0);
	page_snapshot_check(test, &before);
}

#define EXPECT_LOGGED(test, line)					\
	KUNIT_CHECK(test, log_captured(&dma_log, line), 0,		\
		    "%s\nlogged: %s", line, dma_log.text)

/* Whether the machine has memory past the last address of @bits bits. */
static bool memory_above(unsigned int bits)
{
	return bits < 64 && PFN_PHYS(max_pfn) - 1 > DMA_BIT_MASK(bits);
}

static void mask_bits_test(struct kunit *test)
{
	unsigned int bits;

	KUNIT_EXPECT_EQ(test, DMA_BIT_MASK(64), U64_MAX);
	KUNIT_EXPECT_EQ(test, DMA_BIT_MASK(24), 0xffffffULL);
	KUNIT_EXPECT_EQ(test, DMA_BIT_MASK(0), 0ULL);
	for (bits = 24; bits <= 64; bits++) {
		KUNIT_CHECK(test, !dma_set_mask_and_coherent(&dev,
				DMA_BIT_MASK(bits)), 0, "%u bits", bits);
		KUNIT_EXPECT_EQ(test, dma_mask, DMA_BIT_MASK(bits));
		KUNIT_EXPECT_EQ(test, dma_get_mask(&dev), DMA_BIT_MASK(bits));
		KUNIT_EXPECT_EQ(test, dev.coherent_dma_mask,
				DMA_BIT_MASK(bits));
		KUNIT_EXPECT_EQ(test, dma_addressing_limited(&dev),
				memory_above(bits));
	}
	KUNIT_EXPECT_GE(test, dma_get_required_mask(&dev),
			(u64)PFN_PHYS(max_pfn) - 1);
	KUNIT_EXPECT_LT(test, dma_get_required_mask(&dev) / 2,
			(u64)PFN_PHYS(max_pfn) - 1);
}

static void mask_refused_test(struct kunit *test)
{
	log_capture_start(&dma_log);
	KUNIT_EXPECT_EQ(test, dma_set_mask(&dev, 0xfff), -EIO);
	KUNIT_EXPECT_EQ(test, dma_set_coherent_mask(&dev, 0x1fff), -EIO);
	KUNIT_EXPECT_EQ(test, dma_mask, DMA_BIT_MASK(64));
	KUNIT_EXPECT_EQ(test, dev.coherent_dma_mask, DMA_BIT_MASK(64));
	KUNIT_EXPECT_FALSE(test, dma_supported(&dev, 0xffff));
	dev.bus_dma_limit = 0x7fff;
	KUNIT_EXPECT_EQ(test, dma_set_mask(&dev, DMA_BIT_MASK(64)), -EIO);
	dev.bus_dma_limit = 0;
	dev.dma_mask = NULL;
	KUNIT_EXPECT_EQ(test, dma_set_mask(&dev, DMA_BIT_MASK(64)), -EIO);
	log_capture_end(&dma_log);
	EXPECT_LOGGED(test, "dma0: DMA mask 0xfff covers no zone: the lowest ends at 0x");
	EXPECT_LOGGED(test, "dma0: coherent DMA mask 0x1fff covers no zone");
	EXPECT_LOGGED(test, "dma0: DMA mask 0x7fff covers no zone");
	EXPECT_LOGGED(test, "dma0: DMA mask 0xffffffffffffffff: the device does no DMA");
	KUNIT_EXPECT_EQ(test, dma_coerce_mask_and_coherent(&dev,
			DMA_BIT_MASK(32)), 0);
	KUNIT_EXPECT_PTR_EQ(test, dev.dma_mask, &dev.coherent_dma_mask);
}

/* One block: where it is, what is in it, and back. */
static void block_try(struct kunit *test, size_t size, unsigned int bits)
{
	dma_addr_t handle;
	u8 *p = dma_alloc_coherent(&dev, size, &handle, QUIET);

	KUNIT_CHECK(test, p != NULL, 1, "%zu bytes, %u bits", size, bits);
	KUNIT_EXPECT_EQ(test, handle, __pa(p));
	KUNIT_CHECK(test, handle + size - 1 <= DMA_BIT_MASK(bits), 0,
		    "%zu bytes, %u bits: at %#llx", size, bits, handle);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(handle, PAGE_SIZE <<
					   get_order(size)));
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, PAGE_ALIGN(size)));
	memset(p, 0xa5, PAGE_ALIGN(size));
	dma_free_coherent(&dev, size, p, handle);
}

static void blocks_test(struct kunit *test)
{
	static const size_t sizes[] = {
		1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE, 37 * PAGE_SIZE,
		128 * PAGE_SIZE + 5,
	};
	unsigned int bits, i;

	for (bits = 24; bits <= 64; bits++)
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			dev.coherent_dma_mask = DMA_BIT_MASK(bits);
			block_try(test, sizes[i], bits);
		}
}

/* A block costs the pages that it has, not those of its order. */
static void cost_test(struct kunit *test)
{
	dma_addr_t handle;
	void *p = dma_alloc_coherent(&dev, 33 * PAGE_SIZE, &handle, QUIET);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, page_snapshot_take().nr_free,
			before.nr_free - 33);
	dma_free_coherent(&dev, 33 * PAGE_SIZE, p, handle);
}

/* Masks that end within a zone are met exactly, to its last page. */
static void cut_zone_test(struct kunit *test)
{
	struct zone *zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	u64 limit = PFN_PHYS(zone->zone_start_pfn) + (4UL << 20) - 1;
	dma_addr_t handle, *chain = NULL, *next;
	unsigned long n = 0;

	dev.coherent_dma_mask = limit;
	while ((next = dma_alloc_coherent(&dev, 5 * PAGE_SIZE, &handle,
					  QUIET))) {
		KUNIT_CHECK(test, handle + 5 * PAGE_SIZE - 1 <= limit, 0,
			    "%#llx", handle);
		*next = (unsigned long)chain;
		chain = next;
		n++;
	}
	KUNIT_EXPECT_GT(test, n, 0ul);
	for (; chain; chain = next) {
		next = (dma_addr_t *)(unsigned long)*chain;
		dma_free_coherent(&dev, 5 * PAGE_SIZE, chain, __pa(chain));
	}
}

static void bus_limit_test(struct kunit *test)
{
	dev.bus_dma_limit = DMA_BIT_MASK(24);
	dev.coherent_dma_mask = DMA_BIT_MASK(40);
	block_try(test, 2 * PAGE_SIZE, 24);
}

static void large_test(struct kunit *test)
{
	size_t size = (PAGE_SIZE << MAX_PAGE_ORDER) + PAGE_SIZE;
	dma_addr_t handle;
	void *p = dma_alloc_coherent(&dev, size, &handle, QUIET);

	if (!p) {
		kunit_skip(test, "no %zu bytes in one piece", size);
		return;
	}
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(handle, PAGE_SIZE <<
					   (MAX_PAGE_ORDER + 1)));
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, size));
	dma_free_coherent(&dev, size, p, handle);
}

static void node_test(struct kunit *test)
{
	struct pglist_data *pgdat;
	dma_addr_t handle;
	void *p;

	for_each_online_pgdat(pgdat) {
		if (!populated_zone(&pgdat->node_zones[ZONE_NORMAL]) &&
		    !populated_zone(&pgdat->node_zones[ZONE_DMA32]))
			continue;
		set_dev_node(&dev, pgdat->node_id);
		p = dma_alloc_coherent(&dev, PAGE_SIZE, &handle, QUIET);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, page_to_nid(virt_to_page(p)),
				pgdat->node_id);
		dma_free_coherent(&dev, PAGE_SIZE, p, handle);
	}
	/* One that nobody knows of is as good as none. */
	set_dev_node(&dev, MAX_NUMNODES);
	block_try(test, PAGE_SIZE, 64);
}

static void attrs_test(struct kunit *test)
{
	unsigned long attrs = DMA_ATTR_NO_KERNEL_MAPPING |
			      DMA_ATTR_FORCE_CONTIGUOUS;
	dma_addr_t handle;
	struct page *page;

	page = dma_alloc_attrs(&dev, 3 * PAGE_SIZE, &handle, QUIET, attrs);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_phys(page), handle);
	dma_free_attrs(&dev, 3 * PAGE_SIZE, page, handle, attrs);

	log_capture_start(&dma_log);
	page = dma_alloc_attrs(&dev, 0, &handle, GFP_KERNEL, DMA_ATTR_NO_WARN);
	log_capture_end(&dma_log);
	KUNIT_EXPECT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, handle, DMA_MAPPING_ERROR);
	KUNIT_EXPECT_FALSE(test, log_captured(&dma_log, "DMA block"));
	dma_free_attrs(&dev, PAGE_SIZE, NULL, 0, 0);
}

static void pages_test(struct kunit *test)
{
	dma_addr_t handle;
	struct page *page;
	u8 *p;

	page = dma_alloc_pages(&dev, 5000, &handle, DMA_FROM_DEVICE, QUIET);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_phys(page), handle);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0, 8192));
	dma_free_pages(&dev, 5000, page, handle, DMA_FROM_DEVICE);

	p = dma_alloc_noncoherent(&dev, 100, &handle, DMA_TO_DEVICE, QUIET);
	KUNIT_ASSERT_NOT_NULL(test, p);
	p[99] = 1;
	dma_sync_single_for_device(&dev, handle, 100, DMA_TO_DEVICE);
	dma_sync_single_for_cpu(&dev, handle, 100, DMA_TO_DEVICE);
	dma_sync_single_range_for_cpu(&dev, handle, 50, 50, DMA_TO_DEVICE);
	dma_sync_single_range_for_device(&dev, handle, 50, 50, DMA_TO_DEVICE);
	dma_free_noncoherent(&dev, 100, p, handle, DMA_TO_DEVICE);
}

/* From where nobody may sleep. */
static void atomic_test(struct kunit *test)
{
	unsigned long flags;
	dma_addr_t handle;
	void *p;

	local_irq_save(flags);
	p = dma_alloc_coherent(&dev, 3 * PAGE_SIZE, &handle,
			       GFP_ATOMIC | __GFP_NOWARN);
	local_irq_restore(flags);
	KUNIT_ASSERT_NOT_NULL(test, p);
	dma_free_coherent(&dev, 3 * PAGE_SIZE, p, handle);
}

static void map_test(struct kunit *test)
{
	u8 *p = kmalloc(300, GFP_KERNEL);
	struct page *page = alloc_pages(QUIET, 1);
	dma_addr_t addr;

	KUNIT_ASSERT_TRUE(test, p && page);
	addr = dma_map_single(&dev, p, 300, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, addr, __pa(p));
	KUNIT_EXPECT_EQ(test, dma_mapping_error(&dev, addr), 0);
	dma_unmap_single(&dev, addr, 300, DMA_TO_DEVICE);
	addr = dma_map_page(&dev, page, 4000, 1000, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, addr, page_to_phys(page) + 4000);
	dma_unmap_page(&dev, addr, 1000, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_FALSE(test, dma_need_sync(&dev, addr));
	KUNIT_EXPECT_EQ(test, dma_max_mapping_size(&dev), SIZE_MAX);
	__free_pages(page, 1);
	kfree(p);
}

static void map_refused_test(struct kunit *test)
{
	struct page *page = alloc_pages(QUIET, 0);
	void *p = page_address(page);
	dma_addr_t phys = page_to_phys(page);
	unsigned long last = max_pfn - 1;
	char line[96];

	KUNIT_ASSERT_NOT_NULL(test, page);
	log_capture_start(&dma_log);
	dma_mask = phys + 99;
	KUNIT_EXPECT_EQ(test, dma_map_single(&dev, p, 100, DMA_TO_DEVICE),
			phys);
	KUNIT_EXPECT_EQ(test, dma_map_single(&dev, p, 101, DMA_TO_DEVICE),
			DMA_MAPPING_ERROR);
	dma_mask = DMA_BIT_MASK(64);
	dev.bus_dma_limit = phys - 1;
	KUNIT_EXPECT_EQ(test, dma_map_page(&dev, page, 0, 1, DMA_TO_DEVICE),
			DMA_MAPPING_ERROR);
	dev.bus_dma_limit = 0;
	KUNIT_EXPECT_EQ(test, dma_map_single(&dev, p, 0, DMA_TO_DEVICE),
			DMA_MAPPING_ERROR);
	KUNIT_EXPECT_EQ(test, dma_map_single(&dev, &page, 8, DMA_TO_DEVICE),
			virt_addr_valid(&page) ? __pa(&page) :
			DMA_MAPPING_ERROR);
	/* What 32 bits can say may all be memory, but not behind the last. */
	while (!pfn_valid(last))
		last--;
	KUNIT_EXPECT_EQ(test, dma_map_page(&dev, pfn_to_page(last), 0,
					   SIZE_MAX, DMA_TO_DEVICE),
			DMA_MAPPING_ERROR);
	dma_mask = 0;
	KUNIT_EXPECT_EQ(test, dma_map_single(&dev, p, 1, DMA_TO_DEVICE),
			DMA_MAPPING_ERROR);
	KUNIT_EXPECT_EQ(test, dma_mapping_error(&dev, DMA_MAPPING_ERROR),
			-ENOMEM);
	log_capture_end(&dma_log);
	scnprintf(line, sizeof(line), "dma0: overflow %#llx+101 of DMA mask %llx bus limit 0",
		  phys, phys + 99);
	EXPECT_LOGGED(test, line);
	scnprintf(line, sizeof(line), "of DMA mask ffffffffffffffff bus limit %llx",
		  phys - 1);
	EXPECT_LOGGED(test, line);
	EXPECT_LOGGED(test, "it is of no size");
	EXPECT_LOGGED(test, "it is no memory");
	EXPECT_LOGGED(test, "the device has no DMA mask");
	__free_page(page);
}

/* The first, second, ... request for pages that a call makes finds nothing. */
static void points_test(struct kunit *test)
{
	unsigned long points = 0;
	dma_addr_t handle;
	bool reached;
	long nth;
	void *p;

	dev.coherent_dma_mask = DMA_BIT_MASK(23);
	for (nth = 1; nth < POINTS; nth++) {
		page_alloc_fail_nth(nth);
		p = dma_alloc_coherent(&dev, 3 * PAGE_SIZE, &handle, QUIET);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		if (p)
			dma_free_coherent(&dev, 3 * PAGE_SIZE, p, handle);
		else
			KUNIT_EXPECT_EQ(test, handle, DMA_MAPPING_ERROR);
		page_snapshot_check(test, &before);
		if (!reached)
			break;
		points++;
	}
	KUNIT_EXPECT_TRUE(test, p && points);
	/* All of them at once. */
	for (nth = 0; nth < 2; nth++) {
		page_alloc_fail_nth(1);
		p = dma_alloc_pages(&dev, 1, &handle, DMA_TO_DEVICE, QUIET);
		page_alloc_fail_nth(0);
		if (p)
			dma_free_pages(&dev, 1, p, handle, DMA_TO_DEVICE);
	}
}

static struct kunit_case dma_cases[] = {
	KUNIT_CASE(mask_bits_test),
	KUNIT_CASE(mask_refused_test),
	KUNIT_CASE(blocks_test),
	KUNIT_CASE(cost_test),
	KUNIT_CASE(cut_zone_test),
	KUNIT_CASE(bus_limit_test),
	KUNIT_CASE(large_test),
	KUNIT_CASE(node_test),
	KUNIT_CASE(attrs_test),
	KUNIT_CASE(pages_test),
	KUNIT_CASE(atomic_test),
	KUNIT_CASE(map_test),
	KUNIT_CASE(map_refused_test),
	KUNIT_CASE(points_test),
	{ 0 }
};

static struct kunit_suite dma_suite = {
	.name = "dma",
	.init = dma_test_init,
	.exit = dma_test_exit,
	.test_cases = dma_cases,
};
kunit_test_suite(dma_suite);
