/* SPDX-License-Identifier: MIT */
/*
 * PCI functions that tests make: configuration space as bytes, with the bits
 * of BARs that can be written. The machine's own functions are put aside.
 */
#ifndef _TESTS_FAKE_PCI_H
#define _TESTS_FAKE_PCI_H

#include <linux/list.h>
#include <linux/pci.h>
#include <linux/string.h>

#include <octavo/drivers.h>
#include <octavo/machine.h>

#include "../../drivers/pci/pci.h"

#define FAKE_FUNCTIONS	8

struct fake_function {
	unsigned int bus;
	u8 devfn;
	u8 config[PCI_CFG_SPACE_SIZE];
	u32 bar_mask[PCI_STD_NUM_BARS];	/* bits that can be written */
	bool decodes;			/* a BAR was written while it answered */
};

static struct {
	struct fake_function fn[FAKE_FUNCTIONS];
	unsigned int nr;
	struct list_head saved;		/* the machine's functions */
	const struct pci_host *saved_host;
} fake_pci;

static struct fake_function *fake_find(unsigned int bus, u8 devfn)
{
	unsigned int i;

	for (i = 0; i < fake_pci.nr; i++)
		if (fake_pci.fn[i].bus == bus && fake_pci.fn[i].devfn == devfn)
			return &fake_pci.fn[i];
	return NULL;
}

static u32 fake_read(unsigned int bus, u8 devfn, unsigned int where,
		     unsigned int size)
{
	struct fake_function *f = fake_find(bus, devfn);
	u32 value = 0;

	if (!f)
		return ~0U >> (32 - 8 * size);
	memcpy(&value, f->config + where, size);
	return value;
}

static void fake_write(unsigned int bus, u8 devfn, unsigned int where,
		       unsigned int size, u32 value)
{
	struct fake_function *f = fake_find(bus, devfn);
	unsigned int bar = (where - PCI_BASE_ADDRESS_0) / 4;
	u32 was;

	if (!f)
		return;
	if (where >= PCI_BASE_ADDRESS_0 && bar < PCI_STD_NUM_BARS &&
	    size == 4) {
		memcpy(&was, f->config + where, 4);
		value = (was & ~f->bar_mask[bar]) |
			(value & f->bar_mask[bar]);
		if (f->config[PCI_COMMAND] & (PCI_COMMAND_IO |
					      PCI_COMMAND_MEMORY))
			f->decodes = true;
	}
	memcpy(f->config + where, &value, size);
}

static const struct pci_host fake_host = {
	.read = fake_read, .write = fake_write,
};

static inline struct fake_function *
fake_add(unsigned int bus, u8 devfn, u16 vendor, u16 device, u8 type)
{
	struct fake_function *f = &fake_pci.fn[fake_pci.nr++];

	memset(f, 0, sizeof(*f));
	f->bus = bus;
	f->devfn = devfn;
	memcpy(f->config + PCI_VENDOR_ID, &vendor, 2);
	memcpy(f->config + PCI_DEVICE_ID, &device, 2);
	f->config[PCI_HEADER_TYPE] = type;
	f->config[PCI_COMMAND] = PCI_COMMAND_IO | PCI_COMMAND_MEMORY;
	return f;
}

/* BAR @bar has @value, of which the bits of @mask can be written. */
static inline void fake_bar(struct fake_function *f, int bar, u32 value,
			    u32 mask)
{
	memcpy(f->config + PCI_BASE_ADDRESS_0 + bar * 4, &value, 4);
	f->bar_mask[bar] = mask;
}

static inline void fake_cap(struct fake_function *f, u8 at, u8 id, u8 next)
{
	f->config[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
	f->config[at] = id;
	f->config[at + 1] = next;
}

static inline void fake_pci_begin(void)
{
	struct drivers_state *d = &this_machine()->drivers;

	drivers_init();
	INIT_LIST_HEAD(&fake_pci.saved);
	list_splice_init(&d->pci, &fake_pci.saved);
	fake_pci.saved_host = d->pci_host;
	fake_pci.nr = 0;
	d->pci_host = &fake_host;
}

static inline void fake_pci_end(void)
{
	struct drivers_state *d = &this_machine()->drivers;

	pci_forget();
	list_splice(&fake_pci.saved, &d->pci);
	d->pci_host = fake_pci.saved_host;
}

#endif
