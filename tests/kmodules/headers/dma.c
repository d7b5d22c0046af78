// SPDX-License-Identifier: MIT
/* What a driver does with memory of its device. */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

/* A descriptor as devices like them, and a ring of them. */
struct descriptor {
	__le64 addr;
	__le32 len;
	__le32 flags;
};

#define RING	128

struct nic {
	struct device dev;
	struct descriptor *ring;
	dma_addr_t ring_dma;
	struct dma_pool *pool;
};

static int nic_open(struct nic *nic)
{
	int err = dma_coerce_mask_and_coherent(&nic->dev, DMA_BIT_MASK(64));

	if (err)
		err = dma_coerce_mask_and_coherent(&nic->dev,
						   DMA_BIT_MASK(32));
	if (err)
		return err;
	nic->ring = dma_alloc_coherent(&nic->dev, RING * sizeof(*nic->ring),
				       &nic->ring_dma, GFP_KERNEL);
	if (!nic->ring)
		return -ENOMEM;
	nic->pool = dma_pool_create("nic", &nic->dev, 200, 8, 4096);
	if (nic->pool)
		return 0;
	dma_free_coherent(&nic->dev, RING * sizeof(*nic->ring), nic->ring,
			  nic->ring_dma);
	return -ENOMEM;
}

static void nic_close(struct nic *nic)
{
	dma_pool_destroy(nic->pool);
	dma_free_coherent(&nic->dev, RING * sizeof(*nic->ring), nic->ring,
			  nic->ring_dma);
}

static void ring_test(struct kunit *test)
{
	struct nic *nic = kunit_kzalloc(test, sizeof(*nic), GFP_KERNEL);
	void *data[RING];
	int i;

	nic->dev.init_name = "nic0";
	KUNIT_ASSERT_EQ(test, nic_open(nic), 0);
	for (i = 0; i < RING; i++) {
		dma_addr_t dma;

		data[i] = dma_pool_zalloc(nic->pool, GFP_KERNEL, &dma);
		KUNIT_ASSERT_NOT_NULL(test, data[i]);
		nic->ring[i].addr = cpu_to_le64(dma);
		nic->ring[i].len = cpu_to_le32(200);
	}
	for (i = 0; i < RING; i++)
		dma_pool_free(nic->pool, data[i],
			      le64_to_cpu(nic->ring[i].addr));
	nic_close(nic);
}

static void stream_test(struct kunit *test)
{
	struct nic *nic = kunit_kzalloc(test, sizeof(*nic), GFP_KERNEL);
	char *packet = kunit_kmalloc(test, 1500, GFP_KERNEL);
	dma_addr_t dma;

	KUNIT_ASSERT_EQ(test, dma_coerce_mask_and_coherent(&nic->dev,
						DMA_BIT_MASK(64)), 0);
	dma = dma_map_single(&nic->dev, packet, 1500, DMA_TO_DEVICE);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(&nic->dev, dma), 0);
	dma_sync_single_for_cpu(&nic->dev, dma, 1500, DMA_TO_DEVICE);
	packet[0] = 1;
	dma_sync_single_for_device(&nic->dev, dma, 1500, DMA_TO_DEVICE);
	dma_unmap_single(&nic->dev, dma, 1500, DMA_TO_DEVICE);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ring_test), KUNIT_CASE(stream_test), {}
};
static struct kunit_suite suite = { .name = "dma_driver", .test_cases = cases };
kunit_test_suite(suite);
MODULE_LICENSE("Dual MIT/GPL");
