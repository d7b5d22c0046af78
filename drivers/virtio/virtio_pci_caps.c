// SPDX-License-Identifier: MIT
/*
 * Where a virtio device of PCI has its registers: vendor capabilities, each
 * with the kind of registers, a BAR and a place in it.
 *
 *   [09|next|len|kind] [bar|id|..] [offset] [length] [multiplier]
 *
 * The first of a kind that can be used is the one; a device may list several.
 * Nothing is believed: a place that is not within its BAR, or too small for
 * its registers, is one line, and the capability is as if it were not there.
 */
#include "virtio_pci.h"

#include <linux/errno.h>
#include <linux/kernel.h>

#define CAP_LEN		2
#define CAP_KIND	3
#define CAP_BAR		4
#define CAP_OFFSET	8
#define CAP_LENGTH	12
#define CAP_MULTIPLIER	16

enum { KIND_COMMON = 1, KIND_NOTIFY, KIND_ISR, KIND_DEVICE };

#define CAP_BYTES		16
#define CAP_BYTES_NOTIFY	20

/* What each kind needs at least, in bytes. */
static u32 kind_least(u8 kind)
{
	switch (kind) {
	case KIND_COMMON:
		return 56;
	case KIND_NOTIFY:
		return 2;
	case KIND_ISR:
		return 1;
	default:
		return 12;	/* a disk's capacity and sizes */
	}
}

static const char *area_fault(const struct pci_dev *pdev, u8 kind, u8 len,
			      const struct virtio_pci_area *a)
{
	u64 size;

	if (len < (kind == KIND_NOTIFY ? CAP_BYTES_NOTIFY : CAP_BYTES))
		return "is too short";
	if (a->bar >= PCI_STD_NUM_BARS)
		return "names no BAR";
	size = pci_resource_len(pdev, a->bar);
	if (!(pci_resource_flags(pdev, a->bar) & IORESOURCE_MEM))
		return "names a BAR that is no memory";
	if (a->len < kind_least(kind))
		return "has too few bytes";
	if (a->offset > size || a->len > size - a->offset)
		return "is not within its BAR";
	if (a->offset % 4 && kind != KIND_ISR && kind != KIND_NOTIFY)
		return "is not aligned";
	return NULL;
}

static struct virtio_pci_area *area_of(struct virtio_pci_caps *caps, u8 kind)
{
	switch (kind) {
	case KIND_COMMON:
		return &caps->common;
	case KIND_NOTIFY:
		return &caps->notify;
	case KIND_ISR:
		return &caps->isr;
	case KIND_DEVICE:
		return &caps->device;
	default:
		return NULL;	/* nothing that is used here */
	}
}

static void cap_read(struct pci_dev *pdev, u8 pos,
		     struct virtio_pci_caps *caps)
{
	struct virtio_pci_area area, *to;
	const char *fault = NULL;
	u8 kind, len;

	if (pos > PCI_CFG_SPACE_SIZE - CAP_BYTES) {
		dev_warn(&pdev->dev, "virtio capability at %#x runs over the end\n",
			 pos);
		return;
	}
	pci_read_config_byte(pdev, pos + CAP_KIND, &kind);
	to = area_of(caps, kind);
	if (!to || to->len)
		return;
	pci_read_config_byte(pdev, pos + CAP_LEN, &len);
	pci_read_config_byte(pdev, pos + CAP_BAR, &area.bar);
	pci_read_config_dword(pdev, pos + CAP_OFFSET, &area.offset);
	pci_read_config_dword(pdev, pos + CAP_LENGTH, &area.len);
	fault = area_fault(pdev, kind, len, &area);
	if (!fault && kind == KIND_NOTIFY)
		pci_read_config_dword(pdev, pos + CAP_MULTIPLIER,
				      &caps->notify_multiplier);
	if (fault)
		dev_warn(&pdev->dev, "virtio capability at %#x, BAR %u, %#x bytes at %#x, %s: ignored\n",
			 pos, area.bar, area.len, area.offset, fault);
	else
		*to = area;
}

int virtio_pci_read_caps(struct pci_dev *pdev, struct virtio_pci_caps *caps)
{
	unsigned int left = PCI_CAPS_MAX;
	u8 pos;

	*caps = (struct virtio_pci_caps) { .notify_multiplier = 0 };
	pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR);
	if (!pos)
		return -ENODEV;
	for (; pos && left; left--) {
		cap_read(pdev, pos, caps);
		pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR);
	}
	if (pos)
		dev_warn(&pdev->dev, "virtio: the list of capabilities goes round\n");
	if (caps->common.len && caps->notify.len && caps->device.len)
		return 0;
	dev_warn(&pdev->dev, "virtio: no capability of %s\n",
		 !caps->common.len ? "common registers" :
		 !caps->notify.len ? "notification" : "the device's registers");
	return -EINVAL;
}
