/* SPDX-License-Identifier: MIT */
/* What a machine keeps of its devices. */
#ifndef _OCTAVO_DRIVERS_TYPES_H
#define _OCTAVO_DRIVERS_TYPES_H

#include <linux/list.h>
#include <linux/spinlock_types.h>

struct pci_host;

/* b: written while starting; l: its lock */
struct drivers_state {
	spinlock_t lock;
	bool ready;			/* b: the lists are made */
	struct list_head block;		/* l: block devices, oldest first */
	struct list_head pci;		/* b: PCI functions, by address */
	const struct pci_host *pci_host; /* b: how to reach them; or NULL */
	bool pci_off;			/* b: pci=off */
	bool virtio_poll;		/* b: virtio_blk.poll: no interrupts */
	unsigned int virtio_dma_bits;	/* b: virtio_blk.dma_bits=; 0: 64 */
};

#endif
