// SPDX-License-Identifier: MIT
/*
 * Starting the devices of a machine, and the options about them:
 *
 *   pci=off                 there is no PCI
 *   virtio_blk.dma_bits=N   disks reach N bits of addresses, 24 to 64
 *   virtio_blk.poll         requests are waited for without interrupts
 */
#include <octavo/drivers.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <octavo/machine.h>

#include "pci/pci.h"
#include "virtio/virtio.h"

static int __init option_pci(char *val)
{
	if (!val || strcmp(val, "off"))
		return option_malformed("pci", val, "is not known, only off");
	this_machine()->drivers.pci_off = true;
	return 0;
}
early_param("pci", option_pci);

static int __init option_dma_bits(char *val)
{
	unsigned int bits;

	if (!val || kstrtouint(val, 10, &bits) || bits < 24 || bits > 64)
		return option_malformed("virtio_blk.dma_bits", val,
					"is no number from 24 to 64");
	this_machine()->drivers.virtio_dma_bits = bits;
	return 0;
}
early_param("virtio_blk.dma_bits", option_dma_bits);

static int __init option_poll(char *val)
{
	if (val)
		return option_malformed("virtio_blk.poll", val,
					"has a value, and takes none");
	this_machine()->drivers.virtio_poll = true;
	return 0;
}
early_param("virtio_blk.poll", option_poll);

void drivers_start(const struct pci_host *host)
{
	unsigned int nr, disks;

	drivers_init();
	if (this_machine()->drivers.pci_off || !host)
		return;
	nr = pci_scan(host);
	disks = virtio_pci_start();
	pr_info("PCI: %u functions, %u disks\n", nr, disks);
}
