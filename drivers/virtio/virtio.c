// SPDX-License-Identifier: MIT
/*
 * The way in which every virtio device is started:
 *
 *   reset  ->  ACKNOWLEDGE  ->  DRIVER  ->  features  ->  FEATURES_OK
 *          ->  queues       ->  DRIVER_OK
 *
 * A legacy device knows no FEATURES_OK: it is one that does not offer
 * VIRTIO_F_VERSION_1.
 *
 * Failure: one line; the status says FAILED, which the device may show.
 */
#include "virtio.h"

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>

/* How long a reset may take. */
#define RESET_MS	1000

void virtio_status_add(struct virtio_device *vdev, u8 bits)
{
	vdev->ops->set_status(vdev, vdev->ops->get_status(vdev) | bits);
}

int virtio_reset(struct virtio_device *vdev)
{
	unsigned int ms;

	vdev->ops->set_status(vdev, 0);
	for (ms = 0; vdev->ops->get_status(vdev); ms++) {
		if (ms == RESET_MS) {
			dev_err(vdev->dev, "virtio: the device does not reset\n");
			return -EIO;
		}
		msleep(1);
	}
	return 0;
}

int virtio_negotiate(struct virtio_device *vdev, u64 wanted)
{
	int err = virtio_reset(vdev);

	if (err)
		return err;
	virtio_status_add(vdev, VIRTIO_STATUS_ACKNOWLEDGE);
	virtio_status_add(vdev, VIRTIO_STATUS_DRIVER);
	vdev->features = vdev->ops->get_features(vdev) & wanted;
	vdev->ops->set_features(vdev, vdev->features);
	if (!(vdev->features & VIRTIO_F_VERSION_1))
		return 0;
	virtio_status_add(vdev, VIRTIO_STATUS_FEATURES_OK);
	if (vdev->ops->get_status(vdev) & VIRTIO_STATUS_FEATURES_OK)
		return 0;
	dev_err(vdev->dev, "virtio: the device does not take features %#llx\n",
		vdev->features);
	virtio_status_add(vdev, VIRTIO_STATUS_FAILED);
	return -EIO;
}

struct virtqueue *virtio_queue_create(struct virtio_device *vdev,
				      unsigned int index, unsigned int most)
{
	unsigned int size = vdev->ops->queue_size(vdev, index);
	struct virtqueue *vq;

	if (!size) {
		dev_err(vdev->dev, "virtio: there is no queue %u\n", index);
		return NULL;
	}
	/* A legacy device says how large a queue is, others how large at most. */
	if (vdev->features & VIRTIO_F_VERSION_1 && is_power_of_2(size))
		size = min(size, most);
	vq = virtqueue_create(vdev->dev, size);
	if (!vq)
		return NULL;
	if (!vdev->ops->queue_set(vdev, index, vq))
		return vq;
	dev_err(vdev->dev, "virtio: queue %u cannot be set\n", index);
	virtqueue_destroy(vq);
	return NULL;
}
