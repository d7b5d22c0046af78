// SPDX-License-Identifier: MIT
/*
 * A PCI function that an adversary made: byte 0 chooses the header's type, 24
 * more are which bits of the BARs can be written, the rest is its
 * configuration space. What is learned of it must hold together: a BAR is a
 * power of two at a multiple of itself, a piece of registers lies within its
 * BAR, a walk of capabilities ends.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "../../drivers/pci/pci.h"
#include "../../drivers/virtio/virtio_pci.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u8 config[PCI_CFG_SPACE_SIZE];
static u32 bar_mask[PCI_STD_NUM_BARS];

static u32 fuzz_read(unsigned int bus, u8 devfn, unsigned int where,
		     unsigned int size)
{
	u32 value = 0;

	memcpy(&value, config + where, size);
	return value;
}

static void fuzz_write(unsigned int bus, u8 devfn, unsigned int where,
		       unsigned int size, u32 value)
{
	unsigned int bar = (where - PCI_BASE_ADDRESS_0) / 4;
	u32 was;

	if (where >= PCI_BASE_ADDRESS_0 && bar < PCI_STD_NUM_BARS) {
		memcpy(&was, config + where, 4);
		value = (was & ~bar_mask[bar]) | (value & bar_mask[bar]);
	}
	memcpy(config + where, &value, size);
}

static const struct pci_host fuzz_host = {
	.read = fuzz_read, .write = fuzz_write,
};

static void check(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void check_bars(const struct pci_dev *pdev)
{
	int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		u64 len = pci_resource_len(pdev, bar);

		if (!pci_resource_flags(pdev, bar))
			continue;
		check(is_power_of_2(len));
		check(IS_ALIGNED(pci_resource_start(pdev, bar), len));
		check(pci_resource_end(pdev, bar) >=
		      pci_resource_start(pdev, bar));
	}
}

static void check_area(const struct pci_dev *pdev,
		       const struct virtio_pci_area *a)
{
	if (!a->len)
		return;
	check(a->bar < PCI_STD_NUM_BARS);
	check((u64)a->offset + a->len <= pci_resource_len(pdev, a->bar));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 before[sizeof(config)];
	struct pci_dev pdev = { .name = "fuzz" };
	struct virtio_pci_caps caps;
	int cap;

	if (size < 1 + sizeof(bar_mask))
		return 0;
	pdev.hdr_type = data[0] & PCI_HEADER_TYPE_MASK;
	memcpy(bar_mask, data + 1, sizeof(bar_mask));
	memset(config, 0, sizeof(config));
	memcpy(config, data + 1 + sizeof(bar_mask),
	       min(size - 1 - sizeof(bar_mask), sizeof(config)));
	memcpy(before, config, sizeof(config));
	pdev.dev.init_name = pdev.name;
	this_machine()->drivers.pci_host = &fuzz_host;
	pci_read_bars(&pdev);
	check(!memcmp(before, config, sizeof(config)));
	check_bars(&pdev);
	for (cap = 0; cap < 256; cap += 9) {
		u8 pos = pci_find_capability(&pdev, cap);

		check(!pos || pos >= PCI_STD_HEADER_SIZEOF);
	}
	if (!virtio_pci_read_caps(&pdev, &caps))
		check(caps.common.len && caps.notify.len && caps.device.len);
	check_area(&pdev, &caps.common);
	check_area(&pdev, &caps.notify);
	check_area(&pdev, &caps.device);
	return 0;
}
