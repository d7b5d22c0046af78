/* SPDX-License-Identifier: MIT */
/*
 * PCI functions: as much of them as a driver needs that is started once and
 * stays. Theory in drivers/pci/probe.c. There is no hot plug, no power
 * management, and nobody assigns addresses: firmware has.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/pci.h>
#elif !defined(_OCTAVO_LINUX_PCI_H)
#define _OCTAVO_LINUX_PCI_H

#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#define PCI_ANY_ID		(~0U)
#define PCI_DEVFN(slot, fn)	((u8)(((slot) & 0x1f) << 3 | ((fn) & 7)))
#define PCI_SLOT(devfn)		((unsigned int)(devfn) >> 3 & 0x1f)
#define PCI_FUNC(devfn)		((unsigned int)(devfn) & 7)

/*
 * The way to the functions: configuration space, memory, ports, interrupts. A
 * booted PC has one; a test brings its own, and needs no hardware.
 */
struct pci_host {
	/*
	 * @size bytes, 1, 2 or 4, at an aligned offset below 256 of function
	 * @devfn of @bus; all ones when nobody answers. Any context.
	 */
	u32 (*read)(unsigned int bus, u8 devfn, unsigned int where,
		    unsigned int size);
	void (*write)(unsigned int bus, u8 devfn, unsigned int where,
		      unsigned int size, u32 value);
	/* Registers in memory, uncached; NULL after a line. May sleep. */
	volatile void *(*map)(phys_addr_t start, size_t size);
	void (*unmap)(volatile void *p, size_t size);
	/* Ports; @size is 1, 2 or 4. Any context. */
	u32 (*in)(u16 port, unsigned int size);
	void (*out)(u16 port, unsigned int size, u32 value);
	/*
	 * What a device writes where so that @handler(@arg) runs, as an
	 * interrupt. A number for irq_free(), or -ENOSPC. May sleep.
	 */
	int (*irq_alloc)(void (*handler)(void *arg), void *arg, u64 *address,
			 u32 *data);
	/* @handler does not run any more on return. May sleep. */
	void (*irq_free)(int irq);
};

/* b: written while starting, d: its driver's */
struct pci_dev {
	struct list_head list;		/* b: machine.drivers.pci */
	unsigned int bus;		/* b */
	u8 devfn;			/* b: device and function */
	u8 hdr_type;			/* b: without the bit of others */
	u8 revision;			/* b */
	u16 vendor, device;		/* b */
	u16 subsystem_vendor, subsystem_device;	/* b; 0 for bridges */
	u32 class;			/* b: 24 bits */
	char name[16];			/* b: "0000:00:04.0" */
	struct resource resource[PCI_STD_NUM_BARS];	/* b: flags 0: none */
	u64 dma_mask;			/* d: what dev.dma_mask points to */
	struct device dev;		/* d */
	volatile void *msix_table;	/* d: mapped; NULL: MSI-X is off */
	unsigned int nr_msix;		/* d: entries of it */
	int msix_irq;			/* d: of pci_host.irq_alloc() */
};

#define to_pci_dev(d)	container_of(d, struct pci_dev, dev)

static inline const char *pci_name(const struct pci_dev *pdev)
{
	return pdev->name;
}

static inline void *pci_get_drvdata(const struct pci_dev *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

/* @bar is 0 to 5. Start 0 and length 0 for one that there is not. */
#define pci_resource_start(pdev, bar)	((pdev)->resource[bar].start)
#define pci_resource_end(pdev, bar)	((pdev)->resource[bar].end)
#define pci_resource_flags(pdev, bar)	((pdev)->resource[bar].flags)

static inline resource_size_t pci_resource_len(const struct pci_dev *pdev,
					       int bar)
{
	return pdev->resource[bar].flags ?
	       resource_size(&pdev->resource[bar]) : 0;
}

/* ---- configuration space ---- */

#define PCIBIOS_SUCCESSFUL		0x00
#define PCIBIOS_BAD_REGISTER_NUMBER	0x87

/*
 * @where is aligned and below 256: else PCIBIOS_BAD_REGISTER_NUMBER, and all
 * ones are read. Any context.
 */
int pci_read_config_byte(const struct pci_dev *pdev, int where, u8 *val);
int pci_read_config_word(const struct pci_dev *pdev, int where, u16 *val);
int pci_read_config_dword(const struct pci_dev *pdev, int where, u32 *val);
int pci_write_config_byte(const struct pci_dev *pdev, int where, u8 val);
int pci_write_config_word(const struct pci_dev *pdev, int where, u16 val);
int pci_write_config_dword(const struct pci_dev *pdev, int where, u32 val);

/*
 * Where the first capability @cap is, or the next after the one at @pos; 0:
 * there is none. A list that leads astray is reported, and ends there. Who asks
 * for one after another stops after PCI_CAPS_MAX: a list may go round.
 */
u8 pci_find_capability(struct pci_dev *pdev, int cap);
u8 pci_find_next_capability(struct pci_dev *pdev, u8 pos, int cap);

/* ---- devices ---- */

/* The next one after @from (NULL: the first) with these ids, or NULL. */
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device,
			       struct pci_dev *from);

/* Lets the device answer at its addresses. 0. */
int pci_enable_device(struct pci_dev *pdev);
/* Lets it read and write memory, or forbids it. */
void pci_set_master(struct pci_dev *pdev);
void pci_clear_master(struct pci_dev *pdev);
void pci_disable_device(struct pci_dev *pdev);

/*
 * Marks the memory of BAR @bar as @name's in /proc/iomem. 0, -EBUSY, -ENOMEM.
 */
int pci_request_region(struct pci_dev *pdev, int bar, const char *name);
/*
 * [@offset, @offset + @size) of the memory BAR @bar, mapped uncached. NULL
 * after a line. May sleep.
 */
volatile void *pci_map_bar(struct pci_dev *pdev, int bar, u64 offset,
			   size_t size);
void pci_unmap_bar(struct pci_dev *pdev, volatile void *p, size_t size);

/*
 * MSI-X on, and every entry of its table runs @handler(@arg) on an interrupt.
 * 0; -ENODEV: it has none; -ENOSPC, -ENOMEM, -EINVAL after a line. May sleep.
 */
int pci_msix_enable(struct pci_dev *pdev, void (*handler)(void *arg),
		    void *arg);
void pci_msix_disable(struct pci_dev *pdev);

#endif
