// SPDX-License-Identifier: MIT
/*
 * Disks behind virtio.
 *
 * A request is a chain of three: a header that says what and where, the data,
 * and a byte that the device answers with:
 *
 *   [ type, sector ] -> [ data ............ ] -> [ status ]
 *     out                 out or in              in
 *
 * Header and status lie in one block of a DMA pool. The data is the caller's
 * buffer where the device reaches it, else a block of coherent memory that it
 * is copied through.
 *
 * As many requests are under way as the queue has room for; more wait for a
 * turn. A request ends by interrupt, or, where there are none, when its caller
 * finds that it did.
 *
 * A device that does not answer in time is reset, so that it touches memory no
 * more, and stays out of use: every request that is out, or comes later, fails
 * with -EIO. If it does not even reset, what it was given is not freed.
 *
 * Locks: lock for the queue and the disk's state, interrupts off.
 */
#include "virtio.h"

#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <octavo/block.h>
#include <octavo/port.h>

#define VIRTIO_BLK_F_SIZE_MAX	(1ULL << 1)
#define VIRTIO_BLK_F_RO		(1ULL << 5)
#define VIRTIO_BLK_F_FLUSH	(1ULL << 9)

#define VIRTIO_BLK_T_IN		0
#define VIRTIO_BLK_T_OUT	1
#define VIRTIO_BLK_T_FLUSH	4

#define VIRTIO_BLK_S_OK		0
#define VIRTIO_BLK_S_UNSUPP	2
#define STATUS_NONE		0xff	/* the device has not answered */

/* Offsets in the device's registers. */
#define CONFIG_CAPACITY		0	/* 64 bits: sectors */
#define CONFIG_SIZE_MAX		8	/* 32 bits: bytes of a segment */

#define QUEUE_MOST		256u	/* descriptors: 85 requests */
#define TRANSFER_MOST		256u	/* sectors */
#define TIMEOUT_MS		30000u
#define DESCS			3	/* of a request */

/* What the device reads and writes besides the data. */
struct blk_frame {
	u32 type;
	u32 reserved;
	u64 sector;
	u8 status;	/* the device's */
};
#define FRAME_OUT	offsetof(struct blk_frame, status)
#define FRAME_ALIGN	16	/* bytes: none lies across cache lines */
static_assert(QUEUE_MOST / DESCS * ALIGN(sizeof(struct blk_frame),
					 FRAME_ALIGN) <= PAGE_SIZE,
	      "a page holds the frames of all requests");

/* On its caller's stack, until it is done. */
struct blk_request {
	struct blk_frame *frame;
	dma_addr_t frame_dma;
	struct completion done;
	bool failed;			/* l: the disk was given up */
};

/* l: lock, c: constant once made */
struct virtio_blk {
	struct block_device bdev;
	struct virtio_device *vdev;	/* c */
	spinlock_t lock;
	struct virtqueue *vq;		/* l */
	struct dma_pool *frames;	/* c */
	struct semaphore room;		/* requests that still fit the queue */
	bool irq;			/* c: requests end by interrupt */
	bool dead;			/* l: given up */
	bool stuck;			/* l: and may still touch memory */
	u64 timeout_ns;			/* c: of a request */
};

/* ---- the end of requests ---- */

/* Ends what the device is done with. */
static void blk_reap(struct virtio_blk *vblk)
{
	struct blk_request *rq;
	unsigned long flags;
	u32 len;

	spin_lock_irqsave(&vblk->lock, flags);
	while ((rq = virtqueue_get(vblk->vq, &len)))
		complete(&rq->done);
	spin_unlock_irqrestore(&vblk->lock, flags);
}

static void blk_interrupt(void *arg)
{
	blk_reap(arg);
}

/* The device did not answer: it is out of use. */
static void blk_give_up(struct virtio_blk *vblk, const char *why)
{
	struct blk_request *rq;
	unsigned long flags;
	bool first, stuck;

	spin_lock_irqsave(&vblk->lock, flags);
	first = !vblk->dead;
	vblk->dead = true;
	spin_unlock_irqrestore(&vblk->lock, flags);
	if (!first)
		return;
	dev_err(vblk->vdev->dev, "%s: %s: the disk is out of use\n",
		vblk->bdev.name, why);
	stuck = virtio_reset(vblk->vdev);
	spin_lock_irqsave(&vblk->lock, flags);
	vblk->stuck = stuck;
	while ((rq = virtqueue_detach(vblk->vq))) {
		rq->failed = true;
		complete(&rq->done);
	}
	spin_unlock_irqrestore(&vblk->lock, flags);
}

/* Whether the queue is found broken, which nobody would be told of. */
static bool blk_broken(struct virtio_blk *vblk)
{
	return READ_ONCE(vblk->vq->broken);
}

static bool blk_overdue(struct virtio_blk *vblk, u64 start)
{
	return port_clock_ns() - start > vblk->timeout_ns ||
	       blk_broken(vblk);
}

/* Until the request is done, or the disk given up. */
static void blk_wait(struct virtio_blk *vblk, struct blk_request *rq)
{
	u64 start = port_clock_ns();

	for (;;) {
		if (!vblk->irq) {
			blk_reap(vblk);
			if (try_wait_for_completion(&rq->done))
				return;
			cond_resched();
		} else if (wait_for_completion_timeout(&rq->done,
						       HZ / 10 + 1)) {
			return;
		} else {
			/* An interrupt may get lost. */
			blk_reap(vblk);
			if (try_wait_for_completion(&rq->done))
				return;
		}
		if (blk_overdue(vblk, start)) {
			blk_give_up(vblk, blk_broken(vblk) ?
				    "the queue is broken" :
				    "a request was not answered in time");
			/* Whoever gives it up ends this one too. */
			wait_for_completion(&rq->done);
			return;
		}
	}
}

/* ---- requests ---- */

static int blk_submit(struct virtio_blk *vblk, struct blk_request *rq,
		      bool write, dma_addr_t data, u32 len)
{
	struct virtqueue_seg segs[DESCS];
	unsigned int n = 0, out;
	unsigned long flags;
	int err;

	segs[n++] = (struct virtqueue_seg) { rq->frame_dma, FRAME_OUT };
	if (len)
		segs[n++] = (struct virtqueue_seg) { data, len };
	segs[n++] = (struct virtqueue_seg) { rq->frame_dma + FRAME_OUT, 1 };
	out = write ? n - 1 : 1;
	spin_lock_irqsave(&vblk->lock, flags);
	err = vblk->dead ? -EIO : virtqueue_add(vblk->vq, segs, out, n - out,
						rq);
	spin_unlock_irqrestore(&vblk->lock, flags);
	if (!err)
		vblk->vdev->ops->notify(vblk->vdev, 0);
	return err;
}

static int blk_status(const struct virtio_blk *vblk,
		      const struct blk_request *rq)
{
	if (rq->failed)
		return -EIO;
	switch (READ_ONCE(rq->frame->status)) {
	case VIRTIO_BLK_S_OK:
		return 0;
	case VIRTIO_BLK_S_UNSUPP:
		return -EOPNOTSUPP;
	}
	dev_err(vblk->vdev->dev, "%s: %s of sector %llu failed, status %u\n",
		vblk->bdev.name, rq->frame->type == VIRTIO_BLK_T_IN ? "read" :
		rq->frame->type == VIRTIO_BLK_T_OUT ? "write" : "flush",
		rq->frame->sector, rq->frame->status);
	return -EIO;
}

/* @len bytes at @data, which the device reaches; 0: none. */
static int blk_request(struct virtio_blk *vblk, u32 type, u64 sector,
		       dma_addr_t data, u32 len)
{
	struct blk_request rq = { .failed = false };
	int err;

	init_completion(&rq.done);
	rq.frame = dma_pool_zalloc(vblk->frames, GFP_KERNEL, &rq.frame_dma);
	if (!rq.frame)
		return -ENOMEM;
	rq.frame->type = type;
	rq.frame->sector = sector;
	rq.frame->status = STATUS_NONE;
	down(&vblk->room);
	err = blk_submit(vblk, &rq, type == VIRTIO_BLK_T_OUT, data, len);
	if (!err) {
		blk_wait(vblk, &rq);
		err = blk_status(vblk, &rq);
	}
	up(&vblk->room);
	/* A device that does not reset may still write to it. */
	if (!READ_ONCE(vblk->stuck))
		dma_pool_free(vblk->frames, rq.frame, rq.frame_dma);
	return err;
}

/* ---- data ---- */

/* Whether the device reaches the buffer as it is. */
static bool blk_reaches(const struct virtio_blk *vblk, const void *buffer,
			size_t len)
{
	return virt_addr_valid(buffer) &&
	       virt_addr_valid((const char *)buffer + len - 1) &&
	       __pa(buffer) + len - 1 <= dma_get_mask(vblk->vdev->dev);
}

static int blk_move_direct(struct virtio_blk *vblk, u32 type, u64 sector,
			   void *buffer, size_t len)
{
	enum dma_data_direction dir = type == VIRTIO_BLK_T_OUT ?
				      DMA_TO_DEVICE : DMA_FROM_DEVICE;
	struct device *dev = vblk->vdev->dev;
	dma_addr_t addr = dma_map_single(dev, buffer, len, dir);
	int err;

	if (dma_mapping_error(dev, addr))
		return -ENOMEM;
	err = blk_request(vblk, type, sector, addr, (u32)len);
	dma_unmap_single(dev, addr, len, dir);
	return err;
}

static int blk_move_copied(struct virtio_blk *vblk, u32 type, u64 sector,
			   void *buffer, size_t len)
{
	struct device *dev = vblk->vdev->dev;
	dma_addr_t addr;
	void *copy;
	int err;

	copy = dma_alloc_coherent(dev, len, &addr, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (type == VIRTIO_BLK_T_OUT)
		memcpy(copy, buffer, len);
	err = blk_request(vblk, type, sector, addr, (u32)len);
	if (!err && type == VIRTIO_BLK_T_IN)
		memcpy(buffer, copy, len);
	if (!READ_ONCE(vblk->stuck))
		dma_free_coherent(dev, len, copy, addr);
	return err;
}

static int blk_transfer(struct block_device *bdev, enum block_op op,
			u64 sector, void *buffer, unsigned int nr)
{
	struct virtio_blk *vblk = bdev->private_data;
	u32 type = op == BLOCK_WRITE ? VIRTIO_BLK_T_OUT : VIRTIO_BLK_T_IN;
	size_t len = (size_t)nr << SECTOR_SHIFT;

	if (op == BLOCK_FLUSH) {
		/* Without the feature, writes are done when they end. */
		if (!(vblk->vdev->features & VIRTIO_BLK_F_FLUSH))
			return 0;
		return blk_request(vblk, VIRTIO_BLK_T_FLUSH, 0, 0, 0);
	}
	if (blk_reaches(vblk, buffer, len))
		return blk_move_direct(vblk, type, sector, buffer, len);
	return blk_move_copied(vblk, type, sector, buffer, len);
}

static const struct block_ops virtio_blk_ops = { .transfer = blk_transfer };

/* ---- starting ---- */

/* What the device says it is; -EINVAL when that makes no sense. */
static int blk_read_config(struct virtio_blk *vblk)
{
	struct virtio_device *vdev = vblk->vdev;
	struct block_device *bdev = &vblk->bdev;
	u32 size_max;

	vdev->ops->config(vdev, CONFIG_CAPACITY, &bdev->nr_sectors,
			  sizeof(bdev->nr_sectors));
	bdev->max_sectors = TRANSFER_MOST;
	bdev->read_only = vdev->features & VIRTIO_BLK_F_RO;
	if (bdev->nr_sectors > 1ULL << (63 - SECTOR_SHIFT)) {
		dev_err(vdev->dev, "%s: a disk of %llu sectors: not used\n",
			bdev->name, bdev->nr_sectors);
		return -EINVAL;
	}
	if (!(vdev->features & VIRTIO_BLK_F_SIZE_MAX))
		return 0;
	vdev->ops->config(vdev, CONFIG_SIZE_MAX, &size_max, sizeof(size_max));
	bdev->max_sectors = min(bdev->max_sectors, size_max >> SECTOR_SHIFT);
	if (bdev->max_sectors >= 8)
		return 0;
	dev_err(vdev->dev, "%s: takes %u bytes at once, less than a page: not used\n",
		bdev->name, size_max);
	return -EINVAL;
}

/*
 * A page of frames, which the pool keeps: it is enough for all requests that
 * the queue holds, so none of them needs memory for its frame.
 */
static int blk_frames_create(struct virtio_blk *vblk)
{
	dma_addr_t dma;
	void *frame;

	vblk->frames = dma_pool_create("virtio_blk", vblk->vdev->dev,
				       sizeof(struct blk_frame), FRAME_ALIGN,
				       0);
	frame = vblk->frames ? dma_pool_alloc(vblk->frames, GFP_KERNEL, &dma) :
			       NULL;
	if (!frame)
		return -ENOMEM;
	dma_pool_free(vblk->frames, frame, dma);
	return 0;
}

static int blk_start(struct virtio_blk *vblk)
{
	struct virtio_device *vdev = vblk->vdev;
	int err;

	err = virtio_negotiate(vdev, VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_RO |
			       VIRTIO_BLK_F_FLUSH | VIRTIO_BLK_F_SIZE_MAX);
	if (!err)
		err = blk_read_config(vblk);
	if (!err)
		err = blk_frames_create(vblk);
	if (err)
		return err;
	vblk->irq = !vdev->ops->irq_set(vdev, blk_interrupt, vblk);
	vblk->vq = virtio_queue_create(vdev, 0, QUEUE_MOST);
	if (!vblk->vq)
		return -ENOMEM;
	if (vblk->vq->size < DESCS) {
		dev_err(vdev->dev, "%s: a queue of %u descriptors holds no request\n",
			vblk->bdev.name, vblk->vq->size);
		return -EINVAL;
	}
	sema_init(&vblk->room,
		  (int)(min(vblk->vq->size, QUEUE_MOST) / DESCS));
	virtio_status_add(vdev, VIRTIO_STATUS_DRIVER_OK);
	return block_register(&vblk->bdev);
}

/* Undoes blk_start(), however far it came. */
static void blk_stop(struct virtio_blk *vblk)
{
	if (virtio_reset(vblk->vdev))
		vblk->stuck = true;
	if (vblk->frames)
		vblk->vdev->ops->irq_clear(vblk->vdev);
	if (vblk->stuck)
		return;
	virtqueue_destroy(vblk->vq);
	dma_pool_destroy(vblk->frames);
}

struct virtio_blk *virtio_blk_create(struct virtio_device *vdev,
				     const char *name,
				     unsigned int timeout_ms)
{
	struct virtio_blk *vblk = kzalloc(sizeof(*vblk), GFP_KERNEL);
	int err;

	if (!vblk)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&vblk->lock);
	vblk->vdev = vdev;
	vblk->timeout_ns = (u64)(timeout_ms ?: TIMEOUT_MS) * 1000000;
	strscpy(vblk->bdev.name, name, sizeof(vblk->bdev.name));
	vblk->bdev.ops = &virtio_blk_ops;
	vblk->bdev.dev = vdev->dev;
	vblk->bdev.private_data = vblk;
	err = blk_start(vblk);
	if (err) {
		blk_stop(vblk);
		kfree(vblk);
		return ERR_PTR(err);
	}
	dev_info(vdev->dev, "%s: %llu sectors of 512 bytes, %s%s, %s\n", name,
		 vblk->bdev.nr_sectors, vdev->features & VIRTIO_F_VERSION_1 ?
		 "virtio 1" : "virtio legacy",
		 vblk->bdev.read_only ? ", read-only" : "",
		 vblk->irq ? "interrupts" : "polled");
	return vblk;
}

void virtio_blk_destroy(struct virtio_blk *vblk)
{
	block_unregister(&vblk->bdev);
	blk_stop(vblk);
	kfree(vblk);
}
