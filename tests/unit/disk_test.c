// SPDX-License-Identifier: MIT
/*
 * A real disk, read and written through memory for devices. It runs only with
 * disk_seed=N on the command line, which says that the first disk holds the
 * pattern of that seed and may be overwritten (tests/boot/disk_test.py, which
 * compares it afterwards).
 *
 * Word i of sector s is a number of a generator that starts from seed and s;
 * the whole disk goes from the pattern of N to that of N + 1, in parts, each
 * under another mask of the device.
 */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <octavo/block.h>
#include <octavo/machine.h>
#include <octavo/options.h>

#include "page_snapshot.h"
#include "threads.h"

#define CHUNK	128u		/* sectors at a time: 64 KiB */
#define THREADS	4

static const unsigned int masks[] = { 24, 30, 32, 64 };

known_param(disk_seed, "disk_seed");

static struct block_device *disk;
static u64 seed;

static int disk_init(struct kunit *test)
{
	char text[24];

	disk = block_find(NULL);
	if (!option_get(boot_command_line, "disk_seed", text, sizeof(text)) ||
	    kstrtoull(text, 0, (unsigned long long *)&seed)) {
		disk = NULL;
		return 0;
	}
	KUNIT_EXPECT_NOT_NULL(test, disk);
	return 0;
}

/* The generator of one sector's words. */
static u64 pattern_start(u64 from, u64 sector)
{
	return (from + 1) * 0x9e3779b97f4a7c15ULL ^ (sector + 1) << 20;
}

static u64 pattern_next(u64 *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

#define SECTOR_WORDS	(SECTOR_SIZE / sizeof(u64))

static void pattern_fill(u64 *buffer, u64 from, u64 sector, unsigned int nr)
{
	unsigned int i;
	u64 x;

	for (; nr; sector++, nr--) {
		x = pattern_start(from, sector);
		for (i = 0; i < SECTOR_WORDS; i++)
			*buffer++ = pattern_next(&x);
	}
}

/* How many words differ from the pattern of @from. */
static unsigned int pattern_differs(const u64 *buffer, u64 from, u64 sector,
				    unsigned int nr)
{
	unsigned int i, differs = 0;
	u64 x;

	for (; nr; sector++, nr--) {
		x = pattern_start(from, sector);
		for (i = 0; i < SECTOR_WORDS; i++)
			differs += *buffer++ != pattern_next(&x);
	}
	return differs;
}

static void read_all(struct kunit *test, u64 *buffer, unsigned int bits)
{
	u64 sector;

	for (sector = 0; sector < disk->nr_sectors; sector += CHUNK) {
		u64 from = seed;
		unsigned int nr = (unsigned int)min((u64)CHUNK,
						    disk->nr_sectors - sector);

		KUNIT_ASSERT_EQ(test, block_read(disk, sector, buffer, nr), 0);
		KUNIT_CHECK(test, !pattern_differs(buffer, from, sector, nr), 1,
			    "%u bits, sector %llu of the pattern of %llu",
			    bits, sector, from);
	}
}

/* Writes the quarter @part of the disk. */
static void write_part(struct kunit *test, u64 *buffer, unsigned int part)
{
	u64 sector = disk->nr_sectors * part / ARRAY_SIZE(masks);
	u64 end = disk->nr_sectors * (part + 1) / ARRAY_SIZE(masks);

	for (; sector < end; sector += CHUNK) {
		unsigned int nr = (unsigned int)min((u64)CHUNK, end - sector);

		pattern_fill(buffer, seed + 1, sector, nr);
		KUNIT_ASSERT_EQ(test, block_write(disk, sector, buffer, nr), 0);
	}
}

/* Every mask, through buffers from where the device reaches. */
static void masks_test(struct kunit *test)
{
	struct page_snapshot before;
	dma_addr_t handle;
	unsigned int i;
	u64 *buffer;

	if (!disk) {
		kunit_skip(test, "no disk_seed=");
		return;
	}
	/* The driver keeps what its first request took. */
	buffer = kmalloc(SECTOR_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	KUNIT_EXPECT_EQ(test, block_read(disk, 0, buffer, 1), 0);
	kfree(buffer);
	before = page_snapshot_take();
	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(disk->dev,
				DMA_BIT_MASK(masks[i])), 0);
		buffer = dma_alloc_coherent(disk->dev, CHUNK * SECTOR_SIZE,
					    &handle, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, buffer);
		KUNIT_EXPECT_TRUE(test, handle + CHUNK * SECTOR_SIZE - 1 <=
				  DMA_BIT_MASK(masks[i]));
		kunit_info(test, "mask of %u bits: buffer at %#llx\n",
			   masks[i], handle);
		read_all(test, buffer, masks[i]);
		dma_free_coherent(disk->dev, CHUNK * SECTOR_SIZE, buffer,
				  handle);
	}
	page_snapshot_check(test, &before);
}

/* Of ordinary memory, above what the device reaches where there is some. */
static void copied_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, get_order(CHUNK *
							      SECTOR_SIZE));
	u64 *buffer = page ? page_address(page) : NULL, transfers;

	if (!disk) {
		kunit_skip(test, "no disk_seed=");
		goto out;
	}
	KUNIT_ASSERT_NOT_NULL(test, page);
	transfers = disk->nr_transfers;
	KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(disk->dev,
						DMA_BIT_MASK(24)), 0);
	kunit_info(test, "buffer at %#llx, mask of 24 bits\n",
		   (u64)page_to_phys(page));
	read_all(test, buffer, 24);
	/* Sectors at odd places, of one page and of several. */
	KUNIT_EXPECT_EQ(test, block_read(disk, 3, buffer, 1), 0);
	KUNIT_EXPECT_FALSE(test, pattern_differs(buffer, seed, 3, 1));
	KUNIT_EXPECT_EQ(test, block_read(disk, 7, buffer + 1, 40), 0);
	KUNIT_EXPECT_FALSE(test, pattern_differs(buffer + 1, seed, 7, 40));
	KUNIT_EXPECT_GT(test, disk->nr_transfers, transfers);
	KUNIT_EXPECT_EQ(test, block_read(disk, disk->nr_sectors, buffer, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, block_write(disk, disk->nr_sectors - 1, buffer,
					  2), -EINVAL);
	KUNIT_EXPECT_EQ(test, block_read(disk, 0, (char *)buffer + 1, 1),
			-EINVAL);
out:
	if (page)
		__free_pages(page, get_order(CHUNK * SECTOR_SIZE));
}

static struct reader {
	unsigned int number;
	unsigned int wrong;	/* sectors */
} reader[THREADS];

static void reader_body(void *arg)
{
	struct reader *r = arg;
	u64 *buffer = kmalloc(8 * SECTOR_SIZE, GFP_KERNEL), sector;
	unsigned int i;

	for (i = 0; buffer && i < 100; i++) {
		sector = (r->number * 1009 + i * 97) % (disk->nr_sectors - 8);
		if (block_read(disk, sector, buffer, 8) ||
		    pattern_differs(buffer, seed, sector, 8))
			r->wrong++;
	}
	r->wrong += !buffer;
	kfree(buffer);
}

/* Many requests at once. */
static void threads_test(struct kunit *test)
{
	static struct test_thread thread[THREADS];
	unsigned int i;

	if (!disk) {
		kunit_skip(test, "no disk_seed=");
		return;
	}
	for (i = 0; i < THREADS; i++) {
		reader[i] = (struct reader) { .number = i };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&thread[i],
				reader_body, &reader[i], test_cpu(i)));
	}
	for (i = 0; i < THREADS; i++) {
		test_thread_join(&thread[i]);
		KUNIT_EXPECT_EQ(test, reader[i].wrong, 0u);
	}
}

/* Last: the other pattern, a quarter under each mask; then all of it back. */
static void write_test(struct kunit *test)
{
	dma_addr_t handle;
	unsigned int i;
	u64 *buffer;

	if (!disk) {
		kunit_skip(test, "no disk_seed=");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(disk->dev,
				DMA_BIT_MASK(masks[i])), 0);
		buffer = dma_alloc_coherent(disk->dev, CHUNK * SECTOR_SIZE,
					    &handle, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, buffer);
		write_part(test, buffer, i);
		dma_free_coherent(disk->dev, CHUNK * SECTOR_SIZE, buffer,
				  handle);
	}
	KUNIT_EXPECT_EQ(test, block_flush(disk), 0);
	seed++;
	buffer = kmalloc(CHUNK * SECTOR_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	read_all(test, buffer, 64);
	kfree(buffer);
}

static struct kunit_case disk_cases[] = {
	KUNIT_CASE(masks_test),
	KUNIT_CASE(copied_test),
	KUNIT_CASE(threads_test),
	KUNIT_CASE(write_test),
	{ 0 }
};

static struct kunit_suite disk_suite = {
	.name = "disk",
	.init = disk_init,
	.test_cases = disk_cases,
};
kunit_test_suite(disk_suite);
