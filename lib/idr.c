// SPDX-License-Identifier: MIT
/*
 * Numbers for pointers, and numbers alone, as entries of an array. An IDA
 * stores a value for each number that is taken; it gives them in order, so
 * its tree is dense.
 *
 * An IDR's array is locked by its user, so nothing here may drop a lock that
 * the user does not know of: memory is asked for under xa_lock without
 * sleeping, then, if that fails, before it.
 */
#include <linux/idr.h>

#include <linux/kernel.h>
#include <linux/slab.h>

int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max,
		  gfp_t gfp)
{
	struct xa_limit limit;
	u32 id;
	int err;

	if (*nextid < idr->idr_base)
		*nextid = idr->idr_base;
	limit = XA_LIMIT(*nextid, (u32)min(max, (unsigned long)UINT_MAX));
	if (limit.min > limit.max)
		return -ENOSPC;
	err = xa_alloc(&idr->idr_rt, &id, ptr, limit, gfp);
	if (!err)
		*nextid = id;
	return err == -EBUSY ? -ENOSPC : err;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = (u32)start;
	int err;

	if (WARN_ON(start < 0))
		return -EINVAL;
	err = idr_alloc_u32(idr, ptr, &id,
			    end > 0 ? (unsigned long)end - 1 : INT_MAX, gfp);
	return err ? err : (int)id;
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end,
		     gfp_t gfp)
{
	unsigned long max = end > 0 ? (unsigned long)end - 1 : INT_MAX;
	u32 id = max((u32)start, idr->idr_next);
	int err;

	err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	if (err == -ENOSPC && id > (u32)start) {
		id = (u32)start;
		err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	}
	if (err)
		return err;
	idr->idr_next = id + 1;
	return (int)id;
}

void *idr_find(const struct idr *idr, unsigned long id)
{
	return xa_load((struct xarray *)&idr->idr_rt, id);
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	unsigned long flags;
	void *old;

	xa_lock_irqsave(&idr->idr_rt, flags);
	old = __xa_erase(&idr->idr_rt, id);
	xa_unlock_irqrestore(&idr->idr_rt, flags);
	return old;
}

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	unsigned long flags;
	void *old;

	xa_lock_irqsave(&idr->idr_rt, flags);
	old = xa_load(&idr->idr_rt, id);
	if (old)
		__xa_store(&idr->idr_rt, id, ptr, GFP_NOWAIT);
	xa_unlock_irqrestore(&idr->idr_rt, flags);
	return old ? old : ERR_PTR(-ENOENT);
}

int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data)
{
	unsigned long index;
	void *entry;
	int ret;

	xa_for_each((struct xarray *)&idr->idr_rt, index, entry) {
		ret = fn((int)index, entry, data);
		if (ret)
			return ret;
	}
	return 0;
}

void *idr_get_next_ul(struct idr *idr, unsigned long *nextid)
{
	return xa_find(&idr->idr_rt, nextid, ULONG_MAX, XA_PRESENT);
}

void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = (unsigned long)*nextid;
	void *entry = xa_find(&idr->idr_rt, &id, INT_MAX, XA_PRESENT);

	if (entry)
		*nextid = (int)id;
	return entry;
}

void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->idr_rt);
}

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
		    gfp_t gfp)
{
	u32 id;
	int err;

	if ((int)min < 0)
		return -ENOSPC;
	if ((int)max < 0)
		max = INT_MAX;
	if (min > max)
		return -ENOSPC;
	err = xa_alloc_irq(&ida->xa, &id, xa_mk_value(1), XA_LIMIT(min, max),
			   gfp);
	return err ? (err == -EBUSY ? -ENOSPC : err) : (int)id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long flags;
	void *old;

	xa_lock_irqsave(&ida->xa, flags);
	old = __xa_erase(&ida->xa, id);
	xa_unlock_irqrestore(&ida->xa, flags);
	WARN(!old, "ida_free called for id=%u which is not allocated.", id);
}

void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}
