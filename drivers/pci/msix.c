// SPDX-License-Identifier: MIT
/*
 * MSI-X: an interrupt is a write of a value to an address, one for each entry
 * of a table that lies in one of the device's BARs.
 *
 *   capability   flags: number of entries | table: BAR, offset
 *   entry        address low, high | value | bit 0: masked
 *
 * Every entry gets the same here, since a driver has one handler: entries that
 * the device does not use stay as they are set.
 */
#include "pci.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <octavo/machine.h>

static void entry_write(volatile void *table, unsigned int i, u64 address,
			u32 data)
{
	volatile u32 *entry = (volatile u32 *)
		((volatile u8 *)table + (size_t)i * PCI_MSIX_ENTRY_SIZE);

	entry[PCI_MSIX_ENTRY_VECTOR_CTRL / 4] = 1;
	entry[PCI_MSIX_ENTRY_LOWER_ADDR / 4] = (u32)address;
	entry[PCI_MSIX_ENTRY_UPPER_ADDR / 4] = (u32)(address >> 32);
	entry[PCI_MSIX_ENTRY_DATA / 4] = data;
	entry[PCI_MSIX_ENTRY_VECTOR_CTRL / 4] = 0;
}

int pci_msix_enable(struct pci_dev *pdev, void (*handler)(void *arg),
		    void *arg)
{
	const struct pci_host *host = pci_this_host();
	u8 pos = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	u32 place, data;
	unsigned int i;
	u64 address;
	u16 flags;

	if (!pos)
		return -ENODEV;
	pci_read_config_word(pdev, pos + PCI_MSIX_FLAGS, &flags);
	pci_read_config_dword(pdev, pos + PCI_MSIX_TABLE, &place);
	pdev->nr_msix = (flags & PCI_MSIX_FLAGS_QSIZE) + 1U;
	pdev->msix_table = pci_map_bar(pdev, (int)(place & PCI_MSIX_TABLE_BIR),
				       place & ~PCI_MSIX_TABLE_BIR,
				       pdev->nr_msix * PCI_MSIX_ENTRY_SIZE);
	if (!pdev->msix_table)
		return -EINVAL;
	pdev->msix_irq = host->irq_alloc(handler, arg, &address, &data);
	if (pdev->msix_irq < 0) {
		dev_warn(&pdev->dev, "there is no interrupt vector left\n");
		pci_unmap_bar(pdev, pdev->msix_table,
			      pdev->nr_msix * PCI_MSIX_ENTRY_SIZE);
		pdev->msix_table = NULL;
		return pdev->msix_irq;
	}
	pci_write_config_word(pdev, pos + PCI_MSIX_FLAGS,
			      flags | PCI_MSIX_FLAGS_ENABLE |
			      PCI_MSIX_FLAGS_MASKALL);
	for (i = 0; i < pdev->nr_msix; i++)
		entry_write(pdev->msix_table, i, address, data);
	pci_write_config_word(pdev, pos + PCI_MSIX_FLAGS,
			      (u16)((flags | PCI_MSIX_FLAGS_ENABLE) &
				    ~PCI_MSIX_FLAGS_MASKALL));
	return 0;
}

void pci_msix_disable(struct pci_dev *pdev)
{
	u8 pos = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	u16 flags;

	if (!pdev->msix_table)
		return;
	pci_read_config_word(pdev, pos + PCI_MSIX_FLAGS, &flags);
	pci_write_config_word(pdev, pos + PCI_MSIX_FLAGS,
			      (u16)(flags & ~PCI_MSIX_FLAGS_ENABLE));
	pci_this_host()->irq_free(pdev->msix_irq);
	pci_unmap_bar(pdev, pdev->msix_table,
		      pdev->nr_msix * PCI_MSIX_ENTRY_SIZE);
	pdev->msix_table = NULL;
}
