/* SPDX-License-Identifier: MIT */
/*
 * Small numbers for pointers (IDR), and small numbers alone (IDA), on arrays
 * of linux/xarray.h. The user of an IDR locks: lookups need a read section or
 * his lock, all else his lock. An IDA locks for itself.
 */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/gfp.h>
#include <linux/preempt.h>
#include <linux/xarray.h>

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;		/* lowest number */
	unsigned int idr_next;		/* where idr_alloc_cyclic() begins */
};

#define IDR_INIT_BASE(name, base)					\
	{ .idr_rt = XARRAY_INIT(name, XA_FLAGS_ALLOC),			\
	  .idr_base = (base), .idr_next = 0 }
#define IDR_INIT(name)		IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name)	struct idr name = IDR_INIT(name)

static inline void idr_init_base(struct idr *idr, int base)
{
	*idr = (struct idr)IDR_INIT_BASE(*idr, (unsigned int)base);
}

static inline void idr_init(struct idr *idr)
{
	idr_init_base(idr, 0);
}

#define idr_lock(idr)		xa_lock(&(idr)->idr_rt)
#define idr_unlock(idr)		xa_unlock(&(idr)->idr_rt)

/*
 * The lowest free number from @start to below @end (<= 0: to INT_MAX) for
 * @ptr, or -ENOSPC, -ENOMEM, -EINVAL. Sleeps as @gfp says. The second form
 * begins behind the last one that it gave.
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end,
		     gfp_t gfp);
/* From *@nextid to @max; 0 with the number in *@nextid, or the same errors. */
int __must_check idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid,
			       unsigned long max, gfp_t gfp);
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_remove(struct idr *idr, unsigned long id);
/* The old pointer, or ERR_PTR(-ENOENT). */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
/* Stops at the first result that is not 0, and gives it. */
int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data);
/* The first from *@nextid on, its number in *@nextid; NULL. */
void *idr_get_next(struct idr *idr, int *nextid);
void *idr_get_next_ul(struct idr *idr, unsigned long *nextid);
void idr_destroy(struct idr *idr);

static inline bool idr_is_empty(const struct idr *idr)
{
	return xa_empty(&idr->idr_rt);
}

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int val)
{
	WRITE_ONCE(idr->idr_next, val);
}

/* idr_alloc() needs nothing prepared; between these nobody may sleep. */
#define idr_preload(gfp)						\
	({ (void)(gfp); preempt_disable(); })
#define idr_preload_end()	preempt_enable()

#define idr_for_each_entry(idr, entry, id)				\
	for ((id) = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; (id)++)
#define idr_for_each_entry_ul(idr, entry, tmp, id)			\
	for ((tmp) = 0, (id) = 0;					\
	     (tmp) <= (id) &&						\
	     ((entry) = idr_get_next_ul(idr, &(id))) != NULL;		\
	     (tmp) = (id), (id)++)
#define idr_for_each_entry_continue(idr, entry, id)			\
	for ((entry) = idr_get_next(idr, &(id)); (entry);		\
	     ++(id), (entry) = idr_get_next(idr, &(id)))

struct ida {
	struct xarray xa;
};

#define IDA_INIT_FLAGS		(XA_FLAGS_LOCK_IRQ | XA_FLAGS_ALLOC)
#define IDA_INIT(name)		{ .xa = XARRAY_INIT(name, IDA_INIT_FLAGS) }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

static inline void ida_init(struct ida *ida)
{
	xa_init_flags(&ida->xa, IDA_INIT_FLAGS);
}

/* A free number from @min to @max; -ENOSPC, -ENOMEM. Sleeps as @gfp says. */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
		    gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);

#define ida_alloc(ida, gfp)		ida_alloc_range(ida, 0, ~0U, gfp)
#define ida_alloc_min(ida, min, gfp)	ida_alloc_range(ida, min, ~0U, gfp)
#define ida_alloc_max(ida, max, gfp)	ida_alloc_range(ida, 0, max, gfp)
#define ida_simple_get(ida, start, end, gfp)				\
	ida_alloc_range(ida, start, (end) - 1, gfp)
#define ida_simple_remove(ida, id)	ida_free(ida, id)

static inline bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

#endif
