/* SPDX-License-Identifier: MIT */
/* What the port keeps of PCI and of interrupts that devices send. */
#ifndef _ASM_PCI_HOST_H
#define _ASM_PCI_HOST_H

#include <linux/ioport.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/*
 * Configuration space. b: written while starting, i: lock, taken with
 * interrupts off; a: atomic
 */
struct x86_pci {
	spinlock_t lock;		/* of the two ports */
	phys_addr_t ecam;		/* b: of bus first_bus; 0: ports only */
	unsigned int first_bus;		/* b: in the window */
	unsigned int last_bus;		/* b */
	struct resource resource;	/* b: the window, for /proc/iomem */
	volatile void *bus[256];	/* a: mapped; NULL: not yet */
};

/* Notes the window that firmware tells of. Boot, once tables are found. */
void pci_mmcfg_early_init(void);

/* m: lock */
struct x86_msi {
	spinlock_t lock;
	struct {
		void (*handler)(void *arg);	/* a: NULL: unused */
		void *arg;			/* m */
	} vector[16];
};

/* The number of vectors, from MSI_VECTOR_FIRST on. */
#define NR_MSI_VECTORS	16u

/*
 * A vector for messages of devices: see pci_host.irq_alloc, irq_free
 * (linux/pci.h).
 */
int msi_alloc(void (*handler)(void *arg), void *arg, u64 *address, u32 *data);
void msi_free(int irq);
/* Runs the handler of @vector; false when it has none. */
bool msi_interrupt(unsigned int vector);

#endif
