/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueues: how a driver hands buffers to a virtio device and gets
 * them back. Theory in virtqueue.c. The caller has a lock.
 */
#ifndef _DRIVERS_VIRTIO_VIRTQUEUE_H
#define _DRIVERS_VIRTIO_VIRTQUEUE_H

#include <linux/device.h>
#include <linux/types.h>

/* What device and driver share: layouts of the virtio standard. */
struct vring_desc {
	u64 addr;	/* DMA address */
	u32 len;	/* bytes */
	u16 flags;	/* VRING_DESC_F_* */
	u16 next;	/* of the chain */
};

#define VRING_DESC_F_NEXT	1
#define VRING_DESC_F_WRITE	2	/* the device writes it */

struct vring_avail {
	u16 flags;
	u16 idx;	/* where the driver puts the next, not cut */
	u16 ring[];	/* first descriptors of chains */
};

struct vring_used_elem {
	u32 id;		/* first descriptor of a chain */
	u32 len;	/* bytes that the device wrote */
};

struct vring_used {
	u16 flags;
	u16 idx;	/* where the device puts the next, not cut */
	struct vring_used_elem ring[];
};

#define VIRTQUEUE_MAX_SIZE	32768u	/* descriptors; the standard's */

/* d: the device writes it, l: its user's lock, c: constant once made */
struct virtqueue {
	struct device *dev;		/* c: whose memory it is */
	unsigned int size;		/* c: descriptors, a power of two */
	struct vring_desc *desc;	/* l: in memory for the device */
	struct vring_avail *avail;	/* l: too */
	struct vring_used *used;	/* d: too */
	dma_addr_t dma;			/* c: of desc, with which it begins */
	size_t bytes;			/* c: of all three */
	void **token;			/* l: of a chain, by its first descriptor;
					 * NULL: none begins there */
	u16 free_head;			/* l: first unused descriptor */
	u16 nr_free;			/* l: unused descriptors */
	u16 last_used;			/* l: next used element to look at */
	const char *broken;		/* l: what the device did wrong */
};

/* A piece of a buffer. */
struct virtqueue_seg {
	dma_addr_t addr;
	u32 len;	/* bytes */
};

/*
 * A queue of @size descriptors. NULL, after a line: not a power of two up to
 * VIRTQUEUE_MAX_SIZE, no memory. May sleep.
 */
struct virtqueue *virtqueue_create(struct device *dev, unsigned int size);
/* The device does not use it any more. May sleep. */
void virtqueue_destroy(struct virtqueue *vq);

/* DMA addresses of the three parts. */
dma_addr_t virtqueue_avail_addr(const struct virtqueue *vq);
dma_addr_t virtqueue_used_addr(const struct virtqueue *vq);

/*
 * Hands over a chain of @nr_out pieces that the device reads and @nr_in that
 * it writes, at least one; @token is what virtqueue_get() returns for it, not
 * NULL. 0; -ENOSPC: not enough descriptors are free; -EIO: it is broken.
 */
int virtqueue_add(struct virtqueue *vq, const struct virtqueue_seg *segs,
		  unsigned int nr_out, unsigned int nr_in, void *token);
/* The token of a chain that the device is done with, or NULL. */
void *virtqueue_get(struct virtqueue *vq, u32 *len);
/* The token of a chain that the device still has, or NULL; takes it back. */
void *virtqueue_detach(struct virtqueue *vq);

/* Invariants of the driver's side; stops at one that is broken. */
void virtqueue_check(const struct virtqueue *vq);

#endif
