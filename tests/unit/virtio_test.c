// SPDX-License-Identifier: MIT
/*
 * Virtqueues, and a disk behind a device that a test plays: one that works, in
 * the new and the legacy form, by interrupt and polled, and all kinds of such
 * that do not.
 */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/block.h>
#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"
#include "../../drivers/virtio/virtio.h"

#define SECTORS		64
#define TIMEOUT_MS	30	/* for a device that does not answer */

static struct log_capture virtio_log;
static struct page_snapshot before;

enum fault {
	WORKS,
	SILENT,		/* takes requests, and never answers */
	STUCK,		/* the same, and does not reset */
	NO_RESET,	/* from the start */
	NO_FEATURES,	/* does not agree on them */
	NO_QUEUE,
	ODD_QUEUE,	/* of 12 descriptors */
	TINY_QUEUE,	/* of 2 */
	QUEUE_REFUSED,
	BAD_ID,		/* is done with a chain that is not out */
	FAR_INDEX,	/* is done with more than there is */
	BAD_STATUS,	/* fails requests */
	UNSUPPORTED,	/* does not know them */
	NO_STATUS,	/* forgets to say how they went */
	HUGE,		/* has too many sectors */
	SMALL_SEGMENTS,	/* moves less than a page at once */
};

/* The device. */
static struct {
	struct virtio_device vdev;
	struct device dev;
	u64 dma_mask;
	enum fault fault;
	bool legacy, irq, read_only;
	u8 status;
	u64 features;
	unsigned int queue_size;
	const struct virtqueue *vq;
	u16 seen;		/* of the available ring */
	unsigned int nr_requests, nr_flushes;
	void (*handler)(void *arg);
	void *arg;
	u8 disk[SECTORS * SECTOR_SIZE];
} fake;

static void *fake_at(u64 addr)
{
	return __va(addr);
}

static u8 fake_get_status(struct virtio_device *vdev)
{
	if (fake.fault == NO_FEATURES)
		return fake.status & ~VIRTIO_STATUS_FEATURES_OK;
	return fake.status;
}

static void fake_set_status(struct virtio_device *vdev, u8 status)
{
	if (!status && fake.status && (fake.fault == STUCK ||
				       fake.fault == NO_RESET))
		return;
	fake.status = status;
	if (!status) {
		fake.vq = NULL;
		fake.seen = 0;
	}
}

static u64 fake_get_features(struct virtio_device *vdev)
{
	return (fake.legacy ? 0 : VIRTIO_F_VERSION_1) | 1ULL << 9 |
	       (fake.read_only ? 1ULL << 5 : 0) |
	       (fake.fault == SMALL_SEGMENTS ? 1ULL << 1 : 0);
}

static void fake_set_features(struct virtio_device *vdev, u64 features)
{
	fake.features = features;
}

static unsigned int fake_queue_size(struct virtio_device *vdev,
				    unsigned int index)
{
	switch (fake.fault) {
	case NO_QUEUE:
		return 0;
	case ODD_QUEUE:
		return 12;
	case TINY_QUEUE:
		return 2;
	default:
		return index ? 0 : fake.queue_size;
	}
}

static int fake_queue_set(struct virtio_device *vdev, unsigned int index,
			  const struct virtqueue *vq)
{
	fake.vq = vq;
	return fake.fault == QUEUE_REFUSED ? -EINVAL : 0;
}

/* One chain: header, data, status. */
static u32 fake_serve(u16 head)
{
	const struct vring_desc *d = &fake.vq->desc[head];
	const struct { u32 type, zero; u64 sector; } *header;
	u32 written = 1;

	header = fake_at(d->addr);
	d = &fake.vq->desc[d->next];
	if (header->type != 4) {
		u8 *at = fake.disk + header->sector * SECTOR_SIZE;
		bool in = !header->type;

		BUG_ON(!!(d->flags & VRING_DESC_F_WRITE) != in);
		BUG_ON(header->sector * SECTOR_SIZE + d->len >
		       sizeof(fake.disk));
		if (in)
			memcpy(fake_at(d->addr), at, d->len);
		else
			memcpy(at, fake_at(d->addr), d->len);
		written += in ? d->len : 0;
		d = &fake.vq->desc[d->next];
	} else {
		fake.nr_flushes++;
	}
	BUG_ON(d->len != 1 || d->flags != VRING_DESC_F_WRITE);
	if (fake.fault != NO_STATUS)
		*(u8 *)fake_at(d->addr) = fake.fault == BAD_STATUS ? 1 :
					  fake.fault == UNSUPPORTED ? 2 : 0;
	return written;
}

static void fake_notify(struct virtio_device *vdev, unsigned int index)
{
	const struct virtqueue *vq = fake.vq;

	fake.nr_requests++;
	if (fake.fault == SILENT || fake.fault == STUCK)
		return;
	while (vq && fake.seen != vq->avail->idx) {
		u16 head = vq->avail->ring[fake.seen++ & (vq->size - 1)];
		struct vring_used_elem *e;

		e = &vq->used->ring[vq->used->idx & (vq->size - 1)];
		e->len = fake_serve(head);
		e->id = fake.fault == BAD_ID ? vq->size + 7u : head;
		vq->used->idx = (u16)(vq->used->idx +
				      (fake.fault == FAR_INDEX ? 1000 : 1));
	}
	if (fake.irq && fake.handler)
		fake.handler(fake.arg);
}

static void fake_config(struct virtio_device *vdev, unsigned int offset,
			void *to, unsigned int len)
{
	u64 sectors = fake.fault == HUGE ? ~0ULL : SECTORS;
	u32 size_max = 1024;

	if (offset == 0 && len == 8)
		memcpy(to, &sectors, 8);
	else if (offset == 8 && len == 4)
		memcpy(to, &size_max, 4);
	else
		BUG();
}

static int fake_irq_set(struct virtio_device *vdev,
			void (*handler)(void *arg), void *arg)
{
	if (!fake.irq)
		return -ENODEV;
	fake.handler = handler;
	fake.arg = arg;
	return 0;
}

static void fake_irq_clear(struct virtio_device *vdev)
{
	fake.handler = NULL;
}

static const struct virtio_ops fake_ops = {
	.get_status = fake_get_status, .set_status = fake_set_status,
	.get_features = fake_get_features, .set_features = fake_set_features,
	.queue_size = fake_queue_size, .queue_set = fake_queue_set,
	.notify = fake_notify, .config = fake_config,
	.irq_set = fake_irq_set, .irq_clear = fake_irq_clear,
};

static int virtio_test_init(struct kunit *test)
{
	unsigned int i;

	before = page_snapshot_take();
	memset(&fake, 0, sizeof(fake));
	fake.dma_mask = DMA_BIT_MASK(64);
	fake.dev = (struct device) {
		.init_name = "fake", .dma_mask = &fake.dma_mask,
		.coherent_dma_mask = DMA_BIT_MASK(64),
		.numa_node = NUMA_NO_NODE,
	};
	fake.vdev.ops = &fake_ops;
	fake.vdev.dev = &fake.dev;
	fake.queue_size = 16;
	fake.irq = true;
	for (i = 0; i < sizeof(fake.disk); i++)
		fake.disk[i] = (u8)(i * 7 + i / SECTOR_SIZE);
	log_capture_start(&virtio_log);
	return 0;
}

static void virtio_test_exit(struct kunit *test)
{
	page_alloc_fail_nth(0);
	log_capture_end(&virtio_log);
	/* What a device may still write to is not freed. */
	if (fake.fault != STUCK)
		page_snapshot_check(test, &before);
}

static void expect_logged(struct kunit *test, const char *line)
{
	log_capture_end(&virtio_log);
	KUNIT_CHECK(test, log_captured(&virtio_log, line), 0,
		    "%s\nlogged: %s", line, virtio_log.text);
}

/* ---- queues ---- */

static void queue_test(struct kunit *test)
{
	struct virtqueue *vq = virtqueue_create(&fake.dev, 8);
	struct virtqueue_seg segs[4] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
	int token[8];
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, vq);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(vq->dma, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, virtqueue_avail_addr(vq) - vq->dma, 128ULL);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(virtqueue_used_addr(vq),
					   PAGE_SIZE));
	virtqueue_check(vq);
	KUNIT_EXPECT_EQ(test, virtqueue_add(vq, segs, 1, 2, &token[0]), 0);
	KUNIT_EXPECT_EQ(test, virtqueue_add(vq, segs, 2, 1, &token[1]), 0);
	KUNIT_EXPECT_EQ(test, virtqueue_add(vq, segs, 3, 0, &token[2]),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, virtqueue_add(vq, segs, 0, 1, &token[2]), 0);
	virtqueue_check(vq);
	KUNIT_EXPECT_EQ(test, vq->avail->idx, 3);
	KUNIT_EXPECT_EQ(test, vq->desc[1].addr, 3ULL);
	KUNIT_EXPECT_EQ(test, vq->desc[1].flags,
			VRING_DESC_F_NEXT | VRING_DESC_F_WRITE);
	KUNIT_EXPECT_PTR_EQ(test, virtqueue_get(vq, &len), NULL);
	/* The second is done first. */
	vq->used->ring[0] = (struct vring_used_elem) { 3, 99 };
	vq->used->idx = 1;
	KUNIT_EXPECT_PTR_EQ(test, virtqueue_get(vq, &len), (void *)&token[1]);
	KUNIT_EXPECT_EQ(test, len, 99u);
	virtqueue_check(vq);
	KUNIT_EXPECT_EQ(test, virtqueue_add(vq, segs, 1, 2, &token[3]), 0);
	virtqueue_check(vq);
	KUNIT_EXPECT_NOT_NULL(test, virtqueue_detach(vq));
	KUNIT_EXPECT_NOT_NULL(test, virtqueue_detach(vq));
	KUNIT_EXPECT_NOT_NULL(test, virtqueue_detach(vq));
	KUNIT_EXPECT_PTR_EQ(test, virtqueue_detach(vq), NULL);
	virtqueue_check(vq);
	virtqueue_destroy(vq);
	virtqueue_destroy(NULL);
}

static void queue_sizes_test(struct kunit *test)
{
	unsigned int size;

	for (size = 1; size <= 2048; size *= 2) {
		struct virtqueue *vq = virtqueue_create(&fake.dev, size);

		KUNIT_ASSERT_NOT_NULL(test, vq);
		virtqueue_check(vq);
		virtqueue_destroy(vq);
	}
	KUNIT_EXPECT_NULL(test, virtqueue_create(&fake.dev, 0));
	KUNIT_EXPECT_NULL(test, virtqueue_create(&fake.dev, 65536));
	KUNIT_EXPECT_NULL(test, virtqueue_create(&fake.dev, 24));
	expect_logged(test, "fake: a virtqueue of 24 descriptors: not a power of two up to 32768");
}

/* ---- disks that work ---- */

static u8 buffer[8 * SECTOR_SIZE + 16] __aligned(8);

static void disk_works(struct kunit *test)
{
	struct virtio_blk *vblk = virtio_blk_create(&fake.vdev, "test", 0);
	u8 *p = kmalloc(SECTORS * SECTOR_SIZE, GFP_KERNEL);
	struct block_device *disk;

	KUNIT_ASSERT_TRUE(test, !IS_ERR(vblk));
	KUNIT_ASSERT_NOT_NULL(test, p);
	disk = block_find("test");
	KUNIT_ASSERT_NOT_NULL(test, disk);
	KUNIT_EXPECT_EQ(test, disk->nr_sectors, (u64)SECTORS);
	KUNIT_EXPECT_EQ(test, block_read(disk, 0, p, SECTORS), 0);
	KUNIT_EXPECT_TRUE(test, !memcmp(p, fake.disk, sizeof(fake.disk)));
	memset(p, 0xaa, 5 * SECTOR_SIZE);
	KUNIT_EXPECT_EQ(test, block_write(disk, 9, p, 5), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(fake.disk + 9 * SECTOR_SIZE, 0xaa,
					   5 * SECTOR_SIZE));
	KUNIT_EXPECT_EQ(test, fake.disk[14 * SECTOR_SIZE],
			(u8)(14 * SECTOR_SIZE * 7 + 14));
	/* Memory that is not in the direct map, at least not on the host. */
	KUNIT_EXPECT_EQ(test, block_read(disk, 9, buffer, 8), 0);
	KUNIT_EXPECT_TRUE(test, !memcmp(buffer, fake.disk + 9 * SECTOR_SIZE,
					8 * SECTOR_SIZE));
	KUNIT_EXPECT_EQ(test, block_flush(disk), 0);
	KUNIT_EXPECT_EQ(test, fake.nr_flushes, 1u);
	KUNIT_EXPECT_EQ(test, block_read(disk, SECTORS - 1, buffer, 2),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, block_read(disk, ~0ULL, buffer, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, block_read(disk, 1, buffer + 2, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, disk->nr_transfers, 4ULL);
	kfree(p);
	virtio_blk_destroy(vblk);
	KUNIT_EXPECT_NULL(test, block_find("test"));
	KUNIT_EXPECT_EQ(test, fake.status, 0);
}

static void modern_test(struct kunit *test)
{
	disk_works(test);
	KUNIT_EXPECT_EQ(test, fake.features, VIRTIO_F_VERSION_1 | 1ULL << 9);
	expect_logged(test, "fake: test: 64 sectors of 512 bytes, virtio 1, interrupts");
}

static void legacy_test(struct kunit *test)
{
	fake.legacy = true;
	fake.queue_size = 512;
	disk_works(test);
	expect_logged(test, "fake: test: 64 sectors of 512 bytes, virtio legacy, interrupts");
}

static void polled_test(struct kunit *test)
{
	fake.irq = false;
	fake.queue_size = 4;
	disk_works(test);
	expect_logged(test, "virtio 1, polled");
}

/* A device that reaches little has all copied. */
static void near_test(struct kunit *test)
{
	fake.dma_mask = fake.dev.coherent_dma_mask = DMA_BIT_MASK(24);
	disk_works(test);
}

static void read_only_test(struct kunit *test)
{
	struct virtio_blk *vblk;
	struct block_device *disk;

	fake.read_only = true;
	vblk = virtio_blk_create(&fake.vdev, "test", 0);
	KUNIT_ASSERT_TRUE(test, !IS_ERR(vblk));
	disk = block_find("test");
	KUNIT_EXPECT_EQ(test, block_write(disk, 0, buffer, 1), -EROFS);
	KUNIT_EXPECT_EQ(test, block_read(disk, 0, buffer, 1), 0);
	/* The name is taken. */
	KUNIT_EXPECT_EQ(test, PTR_ERR(virtio_blk_create(&fake.vdev, "test",
							0)), (long)-EEXIST);
	virtio_blk_destroy(vblk);
}

/* Two of the machine's are found in turn. */
static void list_test(struct kunit *test)
{
	struct block_device second = { .name = "second", .max_sectors = 8,
				       .ops = (const struct block_ops *)1 };
	struct block_device bad = { .name = "bad", .max_sectors = 7,
				    .ops = (const struct block_ops *)1 };
	struct virtio_blk *vblk = virtio_blk_create(&fake.vdev, "test", 0);

	KUNIT_ASSERT_TRUE(test, !IS_ERR(vblk));
	KUNIT_EXPECT_EQ(test, block_register(&bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, block_register(&second), 0);
	KUNIT_EXPECT_PTR_EQ(test, block_next(block_find("test")), &second);
	KUNIT_EXPECT_NULL(test, block_next(&second));
	block_unregister(&second);
	virtio_blk_destroy(vblk);
}

/* ---- disks that do not ---- */

static void disk_refused(struct kunit *test, enum fault fault, int err,
			 const char *line)
{
	struct virtio_blk *vblk;

	fake.fault = fault;
	fake.status = fault == NO_RESET ? 1 : 0;
	log_capture_start(&virtio_log);
	vblk = virtio_blk_create(&fake.vdev, "test", TIMEOUT_MS);
	KUNIT_CHECK(test, IS_ERR(vblk), 1, "fault %d", fault);
	KUNIT_EXPECT_EQ(test, PTR_ERR(vblk), (long)err);
	KUNIT_EXPECT_NULL(test, block_find("test"));
	expect_logged(test, line);
	fake.fault = WORKS;
	fake.status = 0;
	page_snapshot_check(test, &before);
}

static void refused_test(struct kunit *test)
{
	disk_refused(test, NO_FEATURES, -EIO,
		     "fake: virtio: the device does not take features 0x100000200");
	disk_refused(test, NO_QUEUE, -ENOMEM,
		     "fake: virtio: there is no queue 0");
	disk_refused(test, ODD_QUEUE, -ENOMEM,
		     "fake: a virtqueue of 12 descriptors: not a power of two");
	disk_refused(test, TINY_QUEUE, -EINVAL,
		     "fake: test: a queue of 2 descriptors holds no request");
	disk_refused(test, QUEUE_REFUSED, -ENOMEM,
		     "fake: virtio: queue 0 cannot be set");
	disk_refused(test, HUGE, -EINVAL,
		     "fake: test: a disk of 18446744073709551615 sectors: not used");
	disk_refused(test, SMALL_SEGMENTS, -EINVAL,
		     "fake: test: takes 1024 bytes at once, less than a page: not used");
	disk_refused(test, NO_RESET, -EIO,
		     "fake: virtio: the device does not reset");
}

/* A request that fails, and the next, once the fault is gone. */
static void request_fails(struct kunit *test, enum fault fault, int err,
			  int later, const char *line)
{
	struct virtio_blk *vblk = virtio_blk_create(&fake.vdev, "test",
						    TIMEOUT_MS);
	struct block_device *disk;

	KUNIT_ASSERT_TRUE(test, !IS_ERR(vblk));
	disk = block_find("test");
	log_capture_start(&virtio_log);
	fake.fault = fault;
	KUNIT_EXPECT_EQ(test, block_read(disk, 3, buffer, 1), err);
	if (line)
		expect_logged(test, line);
	if (fault != STUCK)
		fake.fault = WORKS;
	KUNIT_EXPECT_EQ(test, block_read(disk, 3, buffer, 1), later);
	virtio_blk_destroy(vblk);
}

static void status_test(struct kunit *test)
{
	request_fails(test, BAD_STATUS, -EIO, 0,
		      "fake: test: read of sector 3 failed, status 1");
	request_fails(test, UNSUPPORTED, -EOPNOTSUPP, 0, NULL);
	request_fails(test, NO_STATUS, -EIO, 0,
		      "fake: test: read of sector 3 failed, status 255");
}

static void silent_test(struct kunit *test)
{
	request_fails(test, SILENT, -EIO, -EIO,
		      "fake: test: a request was not answered in time: the disk is out of use");
	fake.irq = false;
	request_fails(test, SILENT, -EIO, -EIO,
		      "fake: test: a request was not answered in time: the disk is out of use");
}

static void broken_test(struct kunit *test)
{
	request_fails(test, BAD_ID, -EIO, -EIO,
		      "fake: virtqueue: the device is done with a chain that is not out (23): no more requests");
	request_fails(test, FAR_INDEX, -EIO, -EIO,
		      "fake: virtqueue: the device's index ran ahead (1000): no more requests");
}

/* It may still write: what it was given is lost rather than used. */
static void stuck_test(struct kunit *test)
{
	request_fails(test, STUCK, -EIO, -EIO,
		      "fake: virtio: the device does not reset");
	KUNIT_EXPECT_LT(test, page_snapshot_take().nr_free, before.nr_free);
}

static void points_test(struct kunit *test)
{
	struct virtio_blk *vblk;
	unsigned long points = 0;
	bool reached;
	long nth;

	fake.queue_size = 256;
	for (nth = 1; nth < 64; nth++) {
		kmem_caches_reap_all();
		page_alloc_fail_nth(nth);
		vblk = virtio_blk_create(&fake.vdev, "test", 0);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		if (!IS_ERR(vblk))
			virtio_blk_destroy(vblk);
		page_snapshot_check(test, &before);
		if (!reached)
			break;
		points++;
	}
	KUNIT_EXPECT_TRUE(test, !IS_ERR(vblk) && points);
}

static struct kunit_case virtio_cases[] = {
	KUNIT_CASE(queue_test),
	KUNIT_CASE(queue_sizes_test),
	KUNIT_CASE(modern_test),
	KUNIT_CASE(legacy_test),
	KUNIT_CASE(polled_test),
	KUNIT_CASE(near_test),
	KUNIT_CASE(read_only_test),
	KUNIT_CASE(list_test),
	KUNIT_CASE(refused_test),
	KUNIT_CASE(status_test),
	KUNIT_CASE(silent_test),
	KUNIT_CASE(broken_test),
	KUNIT_CASE(stuck_test),
	KUNIT_CASE(points_test),
	{ 0 }
};

static struct kunit_suite virtio_suite = {
	.name = "virtio",
	.init = virtio_test_init,
	.exit = virtio_test_exit,
	.test_cases = virtio_cases,
};
kunit_test_suite(virtio_suite);
