// SPDX-License-Identifier: MIT
/*
 * Configuration space: reading and writing it, and the list of capabilities.
 *
 *   0x34 -> [id|next| ...] -> [id|next| ...] -> 0
 *
 * A device made by somebody else wrote the list, so it is believed only as
 * far as it goes: a capability lies behind the header and is aligned, and
 * there is no room for more of them than PCI_CAPS_MAX. One that is not so, or a
 * list that goes round, is one line, and the list ends there.
 */
#include "pci.h"

#include <linux/kernel.h>
#include <octavo/machine.h>

const struct pci_host *pci_this_host(void)
{
	return this_machine()->drivers.pci_host;
}

static bool where_valid(int where, unsigned int size)
{
	return where >= 0 && where < PCI_CFG_SPACE_SIZE &&
	       !((unsigned int)where % size);
}

static u32 config_read(const struct pci_dev *pdev, int where,
		       unsigned int size)
{
	return pci_this_host()->read(pdev->bus, pdev->devfn,
				     (unsigned int)where, size);
}

#define PCI_CONFIG_OPS(name, type)					\
int pci_read_config_##name(const struct pci_dev *pdev, int where,	\
			   type *val)					\
{									\
	bool valid = where_valid(where, sizeof(type));			\
									\
	*val = valid ? (type)config_read(pdev, where, sizeof(type)) :	\
		       (type)~0U;					\
	return valid ? PCIBIOS_SUCCESSFUL : PCIBIOS_BAD_REGISTER_NUMBER;\
}									\
int pci_write_config_##name(const struct pci_dev *pdev, int where,	\
			    type val)					\
{									\
	if (!where_valid(where, sizeof(type)))				\
		return PCIBIOS_BAD_REGISTER_NUMBER;			\
	pci_this_host()->write(pdev->bus, pdev->devfn,			\
			       (unsigned int)where, sizeof(type), val);	\
	return PCIBIOS_SUCCESSFUL;					\
}

PCI_CONFIG_OPS(byte, u8)
PCI_CONFIG_OPS(word, u16)
PCI_CONFIG_OPS(dword, u32)

/* From the pointer at @at on: the place of the first @cap, or 0. */
static u8 capability_walk(struct pci_dev *pdev, u8 at, int cap)
{
	unsigned int left = PCI_CAPS_MAX;
	u8 pos, id;

	for (;; at = pos + PCI_CAP_LIST_NEXT) {
		pci_read_config_byte(pdev, at, &pos);
		/* The standard reserves the lowest two bits. */
		pos &= 0xfc;
		if (!pos)
			return 0;
		if (pos < PCI_STD_HEADER_SIZEOF) {
			dev_warn(&pdev->dev, "capability at %#x lies in the header: the list ends there\n",
				 pos);
			return 0;
		}
		if (!left--) {
			dev_warn(&pdev->dev, "the list of capabilities goes round\n");
			return 0;
		}
		pci_read_config_byte(pdev, pos + PCI_CAP_LIST_ID, &id);
		/* Nobody answers any more. */
		if (id == 0xff)
			return 0;
		if (id == cap)
			return pos;
	}
}

u8 pci_find_next_capability(struct pci_dev *pdev, u8 pos, int cap)
{
	return capability_walk(pdev, pos + PCI_CAP_LIST_NEXT, cap);
}

u8 pci_find_capability(struct pci_dev *pdev, int cap)
{
	u16 status;

	pci_read_config_word(pdev, PCI_STATUS, &status);
	if (!(status & PCI_STATUS_CAP_LIST) || status == 0xffff)
		return 0;
	return capability_walk(pdev, PCI_CAPABILITY_LIST, cap);
}
