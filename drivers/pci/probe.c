// SPDX-License-Identifier: MIT
/*
 * Finding PCI functions, and what drivers do with one.
 *
 *   bus 0 ─┬─ 00.0  host bridge
 *          ├─ 01.0  bridge ── bus 1 ── 00.0
 *          ├─ 1f.0  of several functions: its others
 *          └─ 1f.2  are asked for as well
 *
 * A bridge leads to the bus that firmware numbered it with; a bus that was
 * seen before is not gone to again, so bridges that point at each other end.
 * A function has its registers where firmware put them. They become resources,
 * and show in /proc/iomem.
 *
 * Locks: none; one thread starts devices, and afterwards the list stays.
 *
 * Failure: a function for which there is no memory ends the search with a
 * line. What was found works.
 */
#include "pci.h"

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <octavo/drivers.h>
#include <octavo/machine.h>

#define NR_BUSES	256
#define NR_SLOTS	32
#define NR_FUNCTIONS	8

/* A search under way. */
struct scan {
	const struct pci_host *host;
	DECLARE_BITMAP(seen, NR_BUSES);		/* buses gone to */
	DECLARE_BITMAP(wanted, NR_BUSES);	/* that bridges lead to */
	unsigned int nr;			/* functions found */
};

static void resource_claim(struct pci_dev *pdev, int bar)
{
	struct resource *res = &pdev->resource[bar];

	if (!(res->flags & IORESOURCE_MEM) || !res->start)
		return;
	if (insert_resource(&iomem_resource, res))
		dev_warn(&pdev->dev, "BAR %d [mem %#llx-%#llx] overlaps what others have\n",
			 bar, (u64)res->start, (u64)res->end);
}

static void function_read(struct pci_dev *pdev)
{
	u32 class;
	u8 type;
	int bar;

	pci_read_config_word(pdev, PCI_VENDOR_ID, &pdev->vendor);
	pci_read_config_word(pdev, PCI_DEVICE_ID, &pdev->device);
	pci_read_config_dword(pdev, PCI_CLASS_REVISION, &class);
	pci_read_config_byte(pdev, PCI_HEADER_TYPE, &type);
	pdev->class = class >> 8;
	pdev->revision = (u8)class;
	pdev->hdr_type = type & PCI_HEADER_TYPE_MASK;
	if (pdev->hdr_type == PCI_HEADER_TYPE_NORMAL) {
		pci_read_config_word(pdev, PCI_SUBSYSTEM_VENDOR_ID,
				     &pdev->subsystem_vendor);
		pci_read_config_word(pdev, PCI_SUBSYSTEM_ID,
				     &pdev->subsystem_device);
	}
	dev_info(&pdev->dev, "[%04x:%04x] type %02x class 0x%06x\n",
		 pdev->vendor, pdev->device, pdev->hdr_type, pdev->class);
	pci_read_bars(pdev);
	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		resource_claim(pdev, bar);
}

static struct pci_dev *function_add(struct scan *s, unsigned int bus,
				    u8 devfn)
{
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);

	if (!pdev) {
		pr_warn("PCI: no memory for function %02x:%02x.%u\n", bus,
			PCI_SLOT(devfn), PCI_FUNC(devfn));
		return NULL;
	}
	pdev->bus = bus;
	pdev->devfn = devfn;
	scnprintf(pdev->name, sizeof(pdev->name), "0000:%02x:%02x.%u", bus,
		  PCI_SLOT(devfn), PCI_FUNC(devfn));
	pdev->dma_mask = 0xffffffff;
	pdev->dev = (struct device) {
		.init_name = pdev->name, .dma_mask = &pdev->dma_mask,
		.coherent_dma_mask = 0xffffffff, .numa_node = NUMA_NO_NODE,
	};
	list_add_tail(&pdev->list, &this_machine()->drivers.pci);
	s->nr++;
	function_read(pdev);
	return pdev;
}

/* The bus behind the bridge is one to go to. */
static void bridge_follow(struct scan *s, struct pci_dev *pdev)
{
	u8 secondary;

	pci_read_config_byte(pdev, PCI_SECONDARY_BUS, &secondary);
	if (!secondary || secondary == 0xff) {
		dev_info(&pdev->dev, "bridge to no bus\n");
		return;
	}
	dev_info(&pdev->dev, "PCI bridge to [bus %02x]\n", secondary);
	if (test_bit(secondary, s->seen) || test_bit(secondary, s->wanted)) {
		dev_warn(&pdev->dev, "another bridge leads to bus %02x too: ignored\n",
			 secondary);
		return;
	}
	__set_bit(secondary, s->wanted);
}

/* One function; false when nobody is there. @others: whether to ask further. */
static bool function_try(struct scan *s, unsigned int bus, u8 devfn,
			 bool *others)
{
	u32 id = s->host->read(bus, devfn, PCI_VENDOR_ID, 4);
	struct pci_dev *pdev;

	/* Some bridges answer so where there is nothing. */
	if (id == ~0U || !id || (u16)id == 0xffff || !(u16)id)
		return false;
	*others = s->host->read(bus, devfn, PCI_HEADER_TYPE, 1) &
		  PCI_HEADER_TYPE_MFD;
	pdev = function_add(s, bus, devfn);
	if (pdev && pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE)
		bridge_follow(s, pdev);
	return true;
}

static void bus_scan(struct scan *s, unsigned int bus)
{
	unsigned int slot, fn;
	bool others, ignored;

	for (slot = 0; slot < NR_SLOTS; slot++) {
		if (!function_try(s, bus, PCI_DEVFN(slot, 0), &others) ||
		    !others)
			continue;
		for (fn = 1; fn < NR_FUNCTIONS; fn++)
			function_try(s, bus, PCI_DEVFN(slot, fn), &ignored);
	}
}

unsigned int pci_scan(const struct pci_host *host)
{
	struct scan s = { .host = host };
	unsigned long bus = 0;

	drivers_init();
	this_machine()->drivers.pci_host = host;
	__set_bit(0, s.wanted);
	do {
		__clear_bit((unsigned int)bus, s.wanted);
		__set_bit((unsigned int)bus, s.seen);
		bus_scan(&s, (unsigned int)bus);
		bus = find_first_bit(s.wanted, NR_BUSES);
	} while (bus < NR_BUSES);
	return s.nr;
}

void pci_forget(void)
{
	struct drivers_state *d = &this_machine()->drivers;
	struct pci_dev *pdev, *next;

	list_for_each_entry_safe(pdev, next, &d->pci, list) {
		int bar;

		for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
			struct resource *res = &pdev->resource[bar];

			if (res->child)
				release_mem_region(res->start,
						   resource_size(res));
			if (res->parent)
				release_resource(res);
		}
		list_del(&pdev->list);
		kfree(pdev);
	}
	d->pci_host = NULL;
}

struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device,
			       struct pci_dev *from)
{
	struct list_head *head = &this_machine()->drivers.pci;
	struct pci_dev *pdev = from ?: list_entry(head, struct pci_dev, list);

	list_for_each_entry_continue(pdev, head, list)
		if ((vendor == PCI_ANY_ID || vendor == pdev->vendor) &&
		    (device == PCI_ANY_ID || device == pdev->device))
			return pdev;
	return NULL;
}

/* ---- what drivers do with one ---- */

static void command_change(struct pci_dev *pdev, u16 clear, u16 set)
{
	u16 command;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND,
			      (u16)((command & ~clear) | set));
}

int pci_enable_device(struct pci_dev *pdev)
{
	command_change(pdev, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
				PCI_COMMAND_INTX_DISABLE);
	return 0;
}

void pci_set_master(struct pci_dev *pdev)
{
	command_change(pdev, 0, PCI_COMMAND_MASTER);
}

void pci_clear_master(struct pci_dev *pdev)
{
	command_change(pdev, PCI_COMMAND_MASTER, 0);
}

void pci_disable_device(struct pci_dev *pdev)
{
	command_change(pdev, PCI_COMMAND_MASTER | PCI_COMMAND_IO |
			     PCI_COMMAND_MEMORY, 0);
}

int pci_request_region(struct pci_dev *pdev, int bar, const char *name)
{
	const struct resource *res = &pdev->resource[bar];

	if (!res->parent)
		return -EBUSY;
	return request_mem_region(res->start, resource_size(res), name) ?
	       0 : -EBUSY;
}

volatile void *pci_map_bar(struct pci_dev *pdev, int bar, u64 offset,
			   size_t size)
{
	const struct resource *res;
	volatile void *p;

	if (bar < 0 || bar >= PCI_STD_NUM_BARS ||
	    !(pdev->resource[bar].flags & IORESOURCE_MEM) ||
	    !pdev->resource[bar].start) {
		dev_warn(&pdev->dev, "BAR %d is no memory\n", bar);
		return NULL;
	}
	res = &pdev->resource[bar];
	if (!size || offset >= resource_size(res) ||
	    size > resource_size(res) - offset) {
		dev_warn(&pdev->dev, "BAR %d has %#llx bytes: %#zx at %#llx are not in it\n",
			 bar, (u64)resource_size(res), size, offset);
		return NULL;
	}
	p = pci_this_host()->map(res->start + offset, size);
	if (!p)
		dev_warn(&pdev->dev, "BAR %d cannot be mapped\n", bar);
	return p;
}

void pci_unmap_bar(struct pci_dev *pdev, volatile void *p, size_t size)
{
	(void)pdev;
	if (p)
		pci_this_host()->unmap(p, size);
}
