/* SPDX-License-Identifier: MIT */
/*
 * A virtio device, whatever it is behind: what a driver asks of its transport.
 */
#ifndef _DRIVERS_VIRTIO_VIRTIO_H
#define _DRIVERS_VIRTIO_VIRTIO_H

#include <linux/device.h>
#include <linux/types.h>

#include "virtqueue.h"

#define VIRTIO_STATUS_ACKNOWLEDGE	1
#define VIRTIO_STATUS_DRIVER		2
#define VIRTIO_STATUS_DRIVER_OK		4
#define VIRTIO_STATUS_FEATURES_OK	8
#define VIRTIO_STATUS_NEEDS_RESET	64
#define VIRTIO_STATUS_FAILED		128

#define VIRTIO_F_VERSION_1	(1ULL << 32)

struct virtio_device;

struct virtio_ops {
	u8 (*get_status)(struct virtio_device *vdev);
	/* 0 resets the device. */
	void (*set_status)(struct virtio_device *vdev, u8 status);
	u64 (*get_features)(struct virtio_device *vdev);
	void (*set_features)(struct virtio_device *vdev, u64 features);
	/* The size of queue @index, 0: there is none. */
	unsigned int (*queue_size)(struct virtio_device *vdev,
				   unsigned int index);
	/* Tells the device where queue @index is. 0 or -errno. */
	int (*queue_set)(struct virtio_device *vdev, unsigned int index,
			 const struct virtqueue *vq);
	/* Something is new in queue @index. Any context. */
	void (*notify)(struct virtio_device *vdev, unsigned int index);
	/* @len bytes of the device's own registers. */
	void (*config)(struct virtio_device *vdev, unsigned int offset,
		       void *to, unsigned int len);
	/* @handler runs on interrupts; -ENODEV: there are none: poll. */
	int (*irq_set)(struct virtio_device *vdev, void (*handler)(void *arg),
		       void *arg);
	void (*irq_clear)(struct virtio_device *vdev);
};

/* c: constant once its driver starts */
struct virtio_device {
	const struct virtio_ops *ops;	/* c */
	struct device *dev;		/* c: for messages and memory */
	u64 features;			/* c: that both sides have */
};

/*
 * Resets the device and agrees on features: those of @wanted that it offers.
 * 0; -EIO, after a line, when it does not reset or does not agree.
 */
int virtio_negotiate(struct virtio_device *vdev, u64 wanted);
/* A queue, made and told to the device; NULL after a line. May sleep. */
struct virtqueue *virtio_queue_create(struct virtio_device *vdev,
				      unsigned int index, unsigned int most);
/* 0 when the device is reset, so that it touches no memory; -EIO. Sleeps. */
int virtio_reset(struct virtio_device *vdev);
/* Adds to the status. */
void virtio_status_add(struct virtio_device *vdev, u8 bits);

/* virtio_blk.c */
struct virtio_blk;
/*
 * A disk behind @vdev, registered as @name; or an error pointer after a line.
 * @timeout_ms: how long a request may take; 0: long. May sleep.
 */
struct virtio_blk *virtio_blk_create(struct virtio_device *vdev,
				     const char *name,
				     unsigned int timeout_ms);
/* Resets the device; nobody uses the disk. May sleep. */
void virtio_blk_destroy(struct virtio_blk *vblk);

/* virtio_pci.c: starts every virtio disk behind PCI; how many. May sleep. */
unsigned int virtio_pci_start(void);

#endif
