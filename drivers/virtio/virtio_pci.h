/* SPDX-License-Identifier: MIT */
#ifndef _DRIVERS_VIRTIO_VIRTIO_PCI_H
#define _DRIVERS_VIRTIO_VIRTIO_PCI_H

#include <linux/pci.h>
#include <linux/types.h>

/* A piece of a BAR that a capability names; len 0: there is none. */
struct virtio_pci_area {
	u8 bar;
	u32 offset;	/* bytes */
	u32 len;	/* bytes */
};

/* Where a device of virtio 1.0 has its registers. */
struct virtio_pci_caps {
	struct virtio_pci_area common, notify, isr, device;
	u32 notify_multiplier;	/* bytes from queue to queue */
};

/*
 * Reads the device's capabilities. 0; -ENODEV: it has none of virtio 1.0's;
 * -EINVAL, after a line: one makes no sense. Any context.
 */
int virtio_pci_read_caps(struct pci_dev *pdev, struct virtio_pci_caps *caps);

#endif
