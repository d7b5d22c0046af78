// SPDX-License-Identifier: MIT
/*
 * Split virtqueues, as virtio 1.0 has them and the legacy form lays them out.
 *
 *   desc    [0][1][2][3] ...      pieces of buffers, chained by `next`
 *   avail   idx | 2 0 ...         first descriptors of chains, to the device
 *   used    idx | (0, len) ...    the same on the way back
 *
 * All three lie in one block of coherent memory: desc, behind it avail, used on
 * the next page. That is the legacy form's layout, and the newer one takes any.
 *
 * The device is another CPU as far as order goes: what it is to see is stored
 * before the index that tells it of it, and what it wrote is read after its
 * index. On this machine that is an ordering for the compiler, but the
 * operations say release and acquire.
 *
 * What the device writes is not believed: a used element names the first
 * descriptor of a chain that is out, and there are never more of them than
 * chains. If it does not, the queue is broken: one line, no more requests, and
 * what is out comes back by virtqueue_detach(), once the device is reset.
 *
 * Invariants:
 *   Q1  the free list and the chains that are out have each descriptor once
 *   Q2  a chain that is out has a token, at its first descriptor
 */
#include "virtqueue.h"

#include <linux/align.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/slab.h>

static size_t used_offset(unsigned int size)
{
	/* Behind avail's ring is a word that some features use. */
	return PAGE_ALIGN(sizeof(struct vring_desc) * size +
			  struct_size_t(struct vring_avail, ring, size) +
			  sizeof(u16));
}

static size_t queue_bytes(unsigned int size)
{
	return used_offset(size) +
	       struct_size_t(struct vring_used, ring, size) + sizeof(u16);
}

static void queue_init(struct virtqueue *vq, void *memory)
{
	unsigned int i;

	vq->desc = memory;
	vq->avail = (void *)(vq->desc + vq->size);
	vq->used = (void *)((char *)memory + used_offset(vq->size));
	for (i = 0; i < vq->size; i++)
		vq->desc[i].next = (u16)(i + 1);
	vq->nr_free = (u16)vq->size;
}

struct virtqueue *virtqueue_create(struct device *dev, unsigned int size)
{
	struct virtqueue *vq;
	void *memory;

	if (!is_power_of_2(size) || size > VIRTQUEUE_MAX_SIZE) {
		dev_warn(dev, "a virtqueue of %u descriptors: not a power of two up to %u\n",
			 size, VIRTQUEUE_MAX_SIZE);
		return NULL;
	}
	vq = kzalloc(sizeof(*vq), GFP_KERNEL);
	if (!vq)
		return NULL;
	vq->dev = dev;
	vq->size = size;
	vq->bytes = queue_bytes(size);
	vq->token = kcalloc(size, sizeof(*vq->token), GFP_KERNEL);
	memory = vq->token ? dma_alloc_coherent(dev, vq->bytes, &vq->dma,
						GFP_KERNEL) : NULL;
	if (!memory) {
		kfree(vq->token);
		kfree(vq);
		return NULL;
	}
	queue_init(vq, memory);
	return vq;
}

void virtqueue_destroy(struct virtqueue *vq)
{
	if (!vq)
		return;
	dma_free_coherent(vq->dev, vq->bytes, vq->desc, vq->dma);
	kfree(vq->token);
	kfree(vq);
}

dma_addr_t virtqueue_avail_addr(const struct virtqueue *vq)
{
	return vq->dma + sizeof(struct vring_desc) * vq->size;
}

dma_addr_t virtqueue_used_addr(const struct virtqueue *vq)
{
	return vq->dma + used_offset(vq->size);
}

int virtqueue_add(struct virtqueue *vq, const struct virtqueue_seg *segs,
		  unsigned int nr_out, unsigned int nr_in, void *token)
{
	unsigned int nr = nr_out + nr_in, i;
	u16 head = vq->free_head, at = head;

	BUG_ON(!nr || !token);
	if (vq->broken)
		return -EIO;
	if (nr > vq->nr_free)
		return -ENOSPC;
	for (i = 0; i < nr; i++) {
		struct vring_desc *d = &vq->desc[at];

		d->addr = segs[i].addr;
		d->len = segs[i].len;
		d->flags = (u16)((i + 1 < nr ? VRING_DESC_F_NEXT : 0) |
				 (i < nr_out ? 0 : VRING_DESC_F_WRITE));
		at = d->next;
	}
	vq->free_head = at;
	vq->nr_free = (u16)(vq->nr_free - nr);
	vq->token[head] = token;
	vq->avail->ring[vq->avail->idx & (vq->size - 1)] = head;
	/* Pairs with the device's reading of it before what it tells of. */
	__atomic_store_n(&vq->avail->idx, (u16)(vq->avail->idx + 1),
			 __ATOMIC_RELEASE);
	return 0;
}

/* The chain's descriptors are free again. */
static void chain_free(struct virtqueue *vq, u16 head)
{
	unsigned int nr = 1;
	u16 at = head;

	while (vq->desc[at].flags & VRING_DESC_F_NEXT && nr < vq->size) {
		at = vq->desc[at].next;
		nr++;
	}
	vq->desc[at].next = vq->free_head;
	vq->free_head = head;
	vq->nr_free = (u16)(vq->nr_free + nr);
	vq->token[head] = NULL;
}

static void *queue_broken(struct virtqueue *vq, const char *why, u32 value)
{
	vq->broken = why;
	dev_err(vq->dev, "virtqueue: %s (%u): no more requests\n", why, value);
	return NULL;
}

void *virtqueue_get(struct virtqueue *vq, u32 *len)
{
	/* Pairs with the device's writing of it after what it tells of. */
	u16 idx = __atomic_load_n(&vq->used->idx, __ATOMIC_ACQUIRE);
	const struct vring_used_elem *e;
	void *token;
	u32 id;

	if (vq->broken || idx == vq->last_used)
		return NULL;
	if ((u16)(idx - vq->last_used) > vq->size)
		return queue_broken(vq, "the device's index ran ahead", idx);
	e = &vq->used->ring[vq->last_used & (vq->size - 1)];
	id = READ_ONCE(e->id);
	*len = READ_ONCE(e->len);
	if (id >= vq->size || !vq->token[id])
		return queue_broken(vq, "the device is done with a chain that is not out",
				    id);
	token = vq->token[id];
	chain_free(vq, (u16)id);
	vq->last_used++;
	return token;
}

void *virtqueue_detach(struct virtqueue *vq)
{
	unsigned int i;

	for (i = 0; i < vq->size; i++) {
		void *token = vq->token[i];

		if (!token)
			continue;
		chain_free(vq, (u16)i);
		return token;
	}
	return NULL;
}

void virtqueue_check(const struct virtqueue *vq)
{
	unsigned int i, nr = 0, at = vq->free_head;

	for (i = 0; i < vq->nr_free; i++) {
		BUG_ON(at >= vq->size || vq->token[at]);
		at = vq->desc[at].next;
	}
	for (i = 0; i < vq->size; i++) {
		if (!vq->token[i])
			continue;
		for (at = i, nr++; vq->desc[at].flags & VRING_DESC_F_NEXT;
		     nr++)
			at = vq->desc[at].next;
	}
	BUG_ON(nr + vq->nr_free != vq->size);
}
