// SPDX-License-Identifier: MIT
/*
 * BARs: where a function's registers are, and how many.
 *
 * The size is asked for by writing all ones: the bits that stay 0, above the
 * flags, are those that the device decodes itself.
 *
 *   written   ffffffff ffffffff
 *   read      ffffffff ffffc00c     64-bit, prefetchable, 16 KiB
 *
 * While that goes on the function must not answer, so its decoding is off.
 *
 * Failure: a BAR that is none (size 0) has no resource; one that makes no
 * sense is one line, and has none either: a size that is no power of two, the
 * upper half of a 64-bit one that would lie behind the last. One that
 * firmware has not assigned is a line at its user's.
 */
#include "pci.h"

#include <linux/kernel.h>
#include <linux/log2.h>

static int bar_where(int bar)
{
	return PCI_BASE_ADDRESS_0 + bar * 4;
}

/* The bits that the device lets be written, of one half. */
static u32 half_probe(struct pci_dev *pdev, int bar, u32 *was)
{
	u32 mask;

	pci_read_config_dword(pdev, bar_where(bar), was);
	pci_write_config_dword(pdev, bar_where(bar), ~0U);
	pci_read_config_dword(pdev, bar_where(bar), &mask);
	pci_write_config_dword(pdev, bar_where(bar), *was);
	return mask;
}

static void bar_refuse(struct pci_dev *pdev, int bar, const char *why)
{
	dev_warn(&pdev->dev, "BAR %d %s: ignored\n", bar, why);
}

/* What @value and the bits @mask that can be written make. */
static void bar_set(struct pci_dev *pdev, int bar, u64 value, u64 mask,
		    u64 address_bits, unsigned long flags)
{
	struct resource *res = &pdev->resource[bar];
	u64 size;

	mask &= address_bits;
	if (!mask)
		return;
	size = mask & -mask;
	/* All bits above the lowest, as far as the BAR is wide. */
	if (mask != (address_bits & -size)) {
		bar_refuse(pdev, bar, "has a size that is no power of two");
		return;
	}
	value &= mask;
	if (value + size - 1 < value) {
		bar_refuse(pdev, bar, "lies past the last address");
		return;
	}
	res->start = value;
	res->end = value + size - 1;
	res->name = pdev->name;
	res->flags = flags;
}

static void bar_log(const struct pci_dev *pdev, int bar, bool wide)
{
	const struct resource *res = &pdev->resource[bar];

	if (!res->flags)
		return;
	if (res->flags & IORESOURCE_IO)
		dev_info(&pdev->dev, "BAR %d [io  0x%04llx-0x%04llx]\n", bar,
			 (u64)res->start, (u64)res->end);
	else
		dev_info(&pdev->dev, "BAR %d [mem 0x%08llx-0x%08llx%s%s]\n",
			 bar, (u64)res->start, (u64)res->end,
			 wide ? " 64bit" : "",
			 res->flags & IORESOURCE_PREFETCH ? " pref" : "");
}

/* Reads BAR @bar of @nr; how many of them it takes. */
static int bar_read(struct pci_dev *pdev, int bar, int nr)
{
	unsigned long flags = IORESOURCE_MEM;
	u32 low, high = 0, low_mask, high_mask = 0;
	bool wide;

	low_mask = half_probe(pdev, bar, &low);
	if (!low_mask || low_mask == ~0U)
		return 1;
	if (low & PCI_BASE_ADDRESS_SPACE_IO) {
		/* Ports have 16 bits; what is above need not be there. */
		bar_set(pdev, bar, low & 0xffff, low_mask & 0xffff,
			PCI_BASE_ADDRESS_IO_MASK & 0xffff, IORESOURCE_IO);
		bar_log(pdev, bar, false);
		return 1;
	}
	if (low & PCI_BASE_ADDRESS_MEM_PREFETCH)
		flags |= IORESOURCE_PREFETCH;
	wide = (low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) ==
	       PCI_BASE_ADDRESS_MEM_TYPE_64;
	if (wide && bar + 1 >= nr) {
		bar_refuse(pdev, bar, "has 64 bits and is the last");
		return 1;
	}
	if (wide)
		high_mask = half_probe(pdev, bar + 1, &high);
	bar_set(pdev, bar, (u64)high << 32 | low,
		(u64)high_mask << 32 | low_mask, PCI_BASE_ADDRESS_MEM_MASK &
		(wide ? ~0ULL : 0xffffffffULL), flags);
	bar_log(pdev, bar, wide);
	return wide ? 2 : 1;
}

void pci_read_bars(struct pci_dev *pdev)
{
	/* A bridge has two, others but these two none that are known. */
	int nr = pdev->hdr_type == PCI_HEADER_TYPE_NORMAL ? PCI_STD_NUM_BARS :
		 pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE ? 2 : 0;
	u16 command;
	int bar = 0;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND, command &
			      (u16)~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	while (bar < nr)
		bar += bar_read(pdev, bar, nr);
	pci_write_config_word(pdev, PCI_COMMAND, command);
}
