// SPDX-License-Identifier: MIT
/*
 * Virtio devices of PCI: registers in memory (virtio 1.0), or in ports where a
 * device has nothing else (legacy).
 *
 *              1.0: common           legacy: BAR 0, ports
 *   features   0 select, 4 device's, 0 device's, 4 driver's
 *              8 select, 12 driver's
 *   status     20                    18
 *   queue      22 select, 24 size,   14 select, 12 size,
 *              28 on, 30 doorbell,   8 page frame of all three parts
 *              32, 40, 48 the parts
 *   doorbell   notify area           16
 *   own        device area           20; 24 with MSI-X on
 *   vectors    16, 26                20, 22, with MSI-X on
 */
#include "virtio.h"
#include "virtio_pci.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <octavo/machine.h>

#define PCI_VENDOR_VIRTIO	0x1af4
#define DEVICE_BLK_LEGACY	0x1001	/* may speak 1.0 as well */
#define DEVICE_BLK		0x1042

/* virtio 1.0 */
#define C_DEVICE_SELECT		0
#define C_DEVICE_FEATURES	4
#define C_DRIVER_SELECT		8
#define C_DRIVER_FEATURES	12
#define C_STATUS		20
#define C_QUEUE_SELECT		22
#define C_QUEUE_SIZE		24
#define C_QUEUE_VECTOR		26
#define C_QUEUE_ENABLE		28
#define C_QUEUE_NOTIFY		30
#define C_QUEUE_DESC		32
#define C_QUEUE_AVAIL		40
#define C_QUEUE_USED		48
/* legacy */
#define L_DEVICE_FEATURES	0
#define L_DRIVER_FEATURES	4
#define L_QUEUE_PFN		8
#define L_QUEUE_SIZE		12
#define L_QUEUE_SELECT		14
#define L_NOTIFY		16
#define L_STATUS		18
#define L_QUEUE_VECTOR		22
#define L_CONFIG		20
#define L_CONFIG_MSIX		24

#define NO_VECTOR		0xffff

/* c: constant once made */
struct virtio_pci {
	struct virtio_device vdev;
	struct pci_dev *pdev;		/* c */
	struct virtio_pci_caps caps;	/* c: 1.0 */
	volatile u8 *common, *device;	/* c: 1.0: mapped */
	volatile u8 *notify;		/* c: 1.0: mapped */
	volatile u16 *doorbell;		/* c: 1.0: of queue 0 */
	u16 port;			/* c: legacy: the first */
	bool msix;			/* c: interrupts are on */
};

static struct virtio_pci *to_vp(struct virtio_device *vdev)
{
	return container_of(vdev, struct virtio_pci, vdev);
}

/* ---- virtio 1.0 ---- */

static u16 common_read16(struct virtio_pci *vp, unsigned int at)
{
	return *(volatile u16 *)(vp->common + at);
}

static void common_write16(struct virtio_pci *vp, unsigned int at, u16 v)
{
	*(volatile u16 *)(vp->common + at) = v;
}

static u32 common_read32(struct virtio_pci *vp, unsigned int at)
{
	return *(volatile u32 *)(vp->common + at);
}

static void common_write32(struct virtio_pci *vp, unsigned int at, u32 v)
{
	*(volatile u32 *)(vp->common + at) = v;
}

/* Halves, as the standard wants 64-bit fields to be written. */
static void common_write64(struct virtio_pci *vp, unsigned int at, u64 v)
{
	common_write32(vp, at, (u32)v);
	common_write32(vp, at + 4, (u32)(v >> 32));
}

static u8 modern_get_status(struct virtio_device *vdev)
{
	return to_vp(vdev)->common[C_STATUS];
}

static void modern_set_status(struct virtio_device *vdev, u8 status)
{
	to_vp(vdev)->common[C_STATUS] = status;
}

static u64 modern_get_features(struct virtio_device *vdev)
{
	struct virtio_pci *vp = to_vp(vdev);
	u64 features;

	common_write32(vp, C_DEVICE_SELECT, 1);
	features = (u64)common_read32(vp, C_DEVICE_FEATURES) << 32;
	common_write32(vp, C_DEVICE_SELECT, 0);
	return features | common_read32(vp, C_DEVICE_FEATURES);
}

static void modern_set_features(struct virtio_device *vdev, u64 features)
{
	struct virtio_pci *vp = to_vp(vdev);

	common_write32(vp, C_DRIVER_SELECT, 0);
	common_write32(vp, C_DRIVER_FEATURES, (u32)features);
	common_write32(vp, C_DRIVER_SELECT, 1);
	common_write32(vp, C_DRIVER_FEATURES, (u32)(features >> 32));
}

static unsigned int modern_queue_size(struct virtio_device *vdev,
				      unsigned int index)
{
	common_write16(to_vp(vdev), C_QUEUE_SELECT, (u16)index);
	return common_read16(to_vp(vdev), C_QUEUE_SIZE);
}

static int modern_queue_set(struct virtio_device *vdev, unsigned int index,
			    const struct virtqueue *vq)
{
	struct virtio_pci *vp = to_vp(vdev);
	u64 at;

	common_write16(vp, C_QUEUE_SELECT, (u16)index);
	at = (u64)common_read16(vp, C_QUEUE_NOTIFY) *
	     vp->caps.notify_multiplier;
	if (at > vp->caps.notify.len - sizeof(u16)) {
		dev_err(vdev->dev, "virtio: the doorbell at %#llx is not in its area\n",
			at);
		return -EINVAL;
	}
	vp->doorbell = (volatile u16 *)(vp->notify + at);
	if (vp->msix) {
		common_write16(vp, C_QUEUE_VECTOR, 0);
		if (common_read16(vp, C_QUEUE_VECTOR) == NO_VECTOR)
			return -ENOSPC;
	}
	common_write16(vp, C_QUEUE_SIZE, (u16)vq->size);
	common_write64(vp, C_QUEUE_DESC, vq->dma);
	common_write64(vp, C_QUEUE_AVAIL, virtqueue_avail_addr(vq));
	common_write64(vp, C_QUEUE_USED, virtqueue_used_addr(vq));
	common_write16(vp, C_QUEUE_ENABLE, 1);
	return 0;
}

static void modern_notify(struct virtio_device *vdev, unsigned int index)
{
	*to_vp(vdev)->doorbell = (u16)index;
}

static void modern_config(struct virtio_device *vdev, unsigned int offset,
			  void *to, unsigned int len)
{
	volatile u8 *from = to_vp(vdev)->device + offset;
	unsigned int i;

	for (i = 0; i < len; i++)
		((u8 *)to)[i] = from[i];
}

/* ---- legacy ---- */

static u32 port_in(struct virtio_device *vdev, unsigned int at,
		   unsigned int size)
{
	return this_machine()->drivers.pci_host->in(
		(u16)(to_vp(vdev)->port + at), size);
}

static void port_out(struct virtio_device *vdev, unsigned int at,
		     unsigned int size, u32 v)
{
	this_machine()->drivers.pci_host->out((u16)(to_vp(vdev)->port + at),
					      size, v);
}

static u8 legacy_get_status(struct virtio_device *vdev)
{
	return (u8)port_in(vdev, L_STATUS, 1);
}

static void legacy_set_status(struct virtio_device *vdev, u8 status)
{
	port_out(vdev, L_STATUS, 1, status);
}

static u64 legacy_get_features(struct virtio_device *vdev)
{
	return port_in(vdev, L_DEVICE_FEATURES, 4);
}

static void legacy_set_features(struct virtio_device *vdev, u64 features)
{
	port_out(vdev, L_DRIVER_FEATURES, 4, (u32)features);
}

static unsigned int legacy_queue_size(struct virtio_device *vdev,
				      unsigned int index)
{
	port_out(vdev, L_QUEUE_SELECT, 2, index);
	return port_in(vdev, L_QUEUE_SIZE, 2);
}

static int legacy_queue_set(struct virtio_device *vdev, unsigned int index,
			    const struct virtqueue *vq)
{
	/* A frame number of 32 bits: 16 TiB, all that there can be. */
	if (vq->dma >> PAGE_SHIFT > U32_MAX)
		return -EINVAL;
	port_out(vdev, L_QUEUE_SELECT, 2, index);
	if (to_vp(vdev)->msix) {
		port_out(vdev, L_QUEUE_VECTOR, 2, 0);
		if (port_in(vdev, L_QUEUE_VECTOR, 2) == NO_VECTOR)
			return -ENOSPC;
	}
	port_out(vdev, L_QUEUE_PFN, 4, (u32)(vq->dma >> PAGE_SHIFT));
	return 0;
}

static void legacy_notify(struct virtio_device *vdev, unsigned int index)
{
	port_out(vdev, L_NOTIFY, 2, index);
}

static void legacy_config(struct virtio_device *vdev, unsigned int offset,
			  void *to, unsigned int len)
{
	unsigned int i;

	offset += to_vp(vdev)->msix ? L_CONFIG_MSIX : L_CONFIG;
	for (i = 0; i < len; i++)
		((u8 *)to)[i] = (u8)port_in(vdev, offset + i, 1);
}

/* ---- both ---- */

static int vp_irq_set(struct virtio_device *vdev, void (*handler)(void *arg),
		      void *arg)
{
	struct virtio_pci *vp = to_vp(vdev);
	int err;

	if (this_machine()->drivers.virtio_poll)
		return -ENODEV;
	err = pci_msix_enable(vp->pdev, handler, arg);
	vp->msix = !err;
	return err;
}

static void vp_irq_clear(struct virtio_device *vdev)
{
	pci_msix_disable(to_vp(vdev)->pdev);
	to_vp(vdev)->msix = false;
}

static const struct virtio_ops modern_ops = {
	.get_status = modern_get_status, .set_status = modern_set_status,
	.get_features = modern_get_features,
	.set_features = modern_set_features,
	.queue_size = modern_queue_size, .queue_set = modern_queue_set,
	.notify = modern_notify, .config = modern_config,
	.irq_set = vp_irq_set, .irq_clear = vp_irq_clear,
};

static const struct virtio_ops legacy_ops = {
	.get_status = legacy_get_status, .set_status = legacy_set_status,
	.get_features = legacy_get_features,
	.set_features = legacy_set_features,
	.queue_size = legacy_queue_size, .queue_set = legacy_queue_set,
	.notify = legacy_notify, .config = legacy_config,
	.irq_set = vp_irq_set, .irq_clear = vp_irq_clear,
};

static volatile u8 *area_map(struct virtio_pci *vp,
			     const struct virtio_pci_area *a)
{
	return pci_map_bar(vp->pdev, a->bar, a->offset, a->len);
}

static int modern_open(struct virtio_pci *vp)
{
	vp->vdev.ops = &modern_ops;
	vp->common = area_map(vp, &vp->caps.common);
	vp->notify = area_map(vp, &vp->caps.notify);
	vp->device = area_map(vp, &vp->caps.device);
	if (!vp->common || !vp->notify || !vp->device)
		return -ENOMEM;
	pci_request_region(vp->pdev, vp->caps.common.bar, "virtio-pci-modern");
	return 0;
}

static int legacy_open(struct virtio_pci *vp)
{
	const struct resource *res = &vp->pdev->resource[0];

	if (!(res->flags & IORESOURCE_IO) || !res->start) {
		dev_warn(&vp->pdev->dev, "virtio: no registers, neither in memory nor in ports\n");
		return -ENODEV;
	}
	vp->vdev.ops = &legacy_ops;
	vp->port = (u16)res->start;
	return 0;
}

static void vp_close(struct virtio_pci *vp)
{
	pci_unmap_bar(vp->pdev, vp->common, vp->caps.common.len);
	pci_unmap_bar(vp->pdev, vp->notify, vp->caps.notify.len);
	pci_unmap_bar(vp->pdev, vp->device, vp->caps.device.len);
	pci_disable_device(vp->pdev);
	kfree(vp);
}

static int vp_open(struct virtio_pci *vp)
{
	unsigned int bits = this_machine()->drivers.virtio_dma_bits ?: 64;
	int err;

	pci_enable_device(vp->pdev);
	err = virtio_pci_read_caps(vp->pdev, &vp->caps) ? legacy_open(vp) :
							  modern_open(vp);
	if (!err)
		err = dma_set_mask_and_coherent(&vp->pdev->dev,
						DMA_BIT_MASK(bits));
	if (!err)
		pci_set_master(vp->pdev);
	return err;
}

/* The disk @pdev is the @nr-th; whether it is in use now. */
static bool vp_start(struct pci_dev *pdev, unsigned int nr)
{
	struct virtio_pci *vp = kzalloc(sizeof(*vp), GFP_KERNEL);
	char name[] = { 'v', 'd', (char)('a' + nr % 26), '\0' };
	int err;

	if (!vp)
		return false;
	vp->pdev = pdev;
	vp->vdev.dev = &pdev->dev;
	err = vp_open(vp);
	if (!err)
		err = PTR_ERR_OR_ZERO(virtio_blk_create(&vp->vdev, name, 0));
	if (!err)
		return true;
	dev_warn(&pdev->dev, "virtio disk: not used, error %d\n", err);
	vp_close(vp);
	return false;
}

unsigned int virtio_pci_start(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int nr = 0;

	while ((pdev = pci_get_device(PCI_VENDOR_VIRTIO, PCI_ANY_ID, pdev)))
		if (pdev->device == DEVICE_BLK_LEGACY ||
		    pdev->device == DEVICE_BLK)
			nr += vp_start(pdev, nr);
	return nr;
}
