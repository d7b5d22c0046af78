/* SPDX-License-Identifier: MIT */
/*
 * Arrays without a length: an unsigned long to a pointer, or to a number of
 * 63 bits (xa_mk_value()), most of it empty. Lookups and walks take no lock
 * (inside of a read section if entries may go); changes take xa_lock, which
 * the caller has already for those that begin with two underscores. The
 * theory stands in lib/xarray.c.
 *
 * Differs from Linux: entries of several indices, and the interface by
 * XA_STATE, do not exist.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

typedef unsigned int xa_mark_t;
#define XA_MARK_0		((xa_mark_t)0u)
#define XA_MARK_1		((xa_mark_t)1u)
#define XA_MARK_2		((xa_mark_t)2u)
#define XA_PRESENT		((xa_mark_t)8u)	/* whatever is not NULL */
#define XA_MARK_MAX		XA_MARK_2
#define XA_FREE_MARK		XA_MARK_0

/* l: xa_lock */
struct xarray {
	spinlock_t xa_lock;
	unsigned int xa_flags;		/* l: XA_FLAGS_* */
	void *xa_head;			/* l, read by anyone: NULL, the entry of
					 * index 0, or the topmost node */
	unsigned int head_marks;	/* l: of an entry at the head */
};

#define XA_FLAGS_LOCK_IRQ	1u
#define XA_FLAGS_LOCK_BH	2u
#define XA_FLAGS_TRACK_FREE	4u
#define XA_FLAGS_ZERO_BUSY	8u
#define XA_FLAGS_ALLOC_WRAPPED	16u
#define XA_FLAGS_ACCOUNT	32u
#define XA_FLAGS_ALLOC		XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1		(XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

#define XARRAY_INIT(name, flags)					\
	{ .xa_lock = __SPIN_LOCK_UNLOCKED, .xa_flags = (flags) }
#define DEFINE_XARRAY_FLAGS(name, flags)				\
	struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	*xa = (struct xarray)XARRAY_INIT(*xa, flags);
}

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

/* ---- entries ---------------------------------------------------------- */

/* A number, or a pointer with two bits beside it, as an entry. */
static inline void *xa_mk_value(unsigned long v)
{
	WARN_ON((long)v < 0);
	return (void *)(v << 1 | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *xa_tag_pointer(void *p, unsigned long tag)
{
	return (void *)((unsigned long)p | tag);
}

static inline void *xa_untag_pointer(void *entry)
{
	return (void *)((unsigned long)entry & ~3UL);
}

static inline unsigned int xa_pointer_tag(void *entry)
{
	return (unsigned int)((unsigned long)entry & 3UL);
}

/* A place that is taken and reads as NULL. */
#define XA_ZERO_ENTRY		((void *)(257UL << 2 | 2))
#define xa_is_zero(entry)	((entry) == XA_ZERO_ENTRY)
/* Errors come as entries of their own. */
#define XA_ERROR(errno)		((void *)((unsigned long)(long)(errno) << 2 | 2))

static inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2 &&
	       entry >= XA_ERROR(-MAX_ERRNO);
}

static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

#define xa_is_node(entry)						\
	(((unsigned long)(entry) & 3) == 2 && (unsigned long)(entry) > 4096 && \
	 !xa_is_err(entry))
#define xa_is_advanced(entry)	(xa_is_zero(entry))

/* ---- locks ------------------------------------------------------------ */

#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)		spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)			spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)		spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)					\
	spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags)					\
	spin_unlock_irqrestore(&(xa)->xa_lock, flags)

/* ---- calls ------------------------------------------------------------ */

/* Any context. */
void *xa_load(struct xarray *xa, unsigned long index);
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
bool xa_marked(const struct xarray *xa, xa_mark_t mark);
static inline bool xa_empty(const struct xarray *xa)
{
	return READ_ONCE(xa->xa_head) == NULL;
}

/*
 * The first entry from *@index to @max that has mark @filter, its index in
 * *@index; NULL. The second: behind *@index. Any context.
 */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index,
		    unsigned long max, xa_mark_t filter);
/* At most @n of them into @dst; how many. */
unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start,
			unsigned long max, unsigned int n, xa_mark_t filter);

/*
 * The old entry, or an error as an entry: -EINVAL when @entry cannot be one,
 * -ENOMEM. @gfp may let the call sleep: the lock is dropped meanwhile.
 */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry,
		 gfp_t gfp);
void *__xa_erase(struct xarray *xa, unsigned long index);
/* Stores @entry if @old is there; what was there. */
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old,
		   void *entry, gfp_t gfp);
/* 0; -EBUSY when something is there (reserved too); -ENOMEM, -EINVAL. */
int __must_check __xa_insert(struct xarray *xa, unsigned long index,
			     void *entry, gfp_t gfp);

struct xa_limit {
	u32 max, min;		/* of the index, both among them */
};
#define XA_LIMIT(lo, hi)	(struct xa_limit){ .min = (lo), .max = (hi) }
#define xa_limit_32b		XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b		XA_LIMIT(0, INT_MAX)
#define xa_limit_16b		XA_LIMIT(0, USHRT_MAX)

/*
 * Stores @entry at the lowest free index of @limit, which goes to *@id. 0;
 * -EBUSY: none is free; -ENOMEM; -EINVAL. The second begins at *@next, and
 * says 1 when it came past the end.
 */
int __must_check __xa_alloc(struct xarray *xa, u32 *id, void *entry,
			    struct xa_limit limit, gfp_t gfp);
int __must_check __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
				   struct xa_limit limit, u32 *next,
				   gfp_t gfp);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
/* Empties it; its entries are the caller's business. */
void xa_destroy(struct xarray *xa);

/* The same with the lock taken, in its three forms. */
#define __XA_FORMS(form)						\
static inline void *xa_store##form(struct xarray *xa, unsigned long index, \
				   void *entry, gfp_t gfp)		\
{									\
	void *old;							\
									\
	xa_lock##form(xa);						\
	old = __xa_store(xa, index, entry, gfp);			\
	xa_unlock##form(xa);						\
	return old;							\
}									\
static inline void *xa_erase##form(struct xarray *xa, unsigned long index) \
{									\
	void *old;							\
									\
	xa_lock##form(xa);						\
	old = __xa_erase(xa, index);					\
	xa_unlock##form(xa);						\
	return old;							\
}									\
static inline void *xa_cmpxchg##form(struct xarray *xa,			\
				     unsigned long index, void *old,	\
				     void *entry, gfp_t gfp)		\
{									\
	void *was;							\
									\
	xa_lock##form(xa);						\
	was = __xa_cmpxchg(xa, index, old, entry, gfp);			\
	xa_unlock##form(xa);						\
	return was;							\
}									\
static inline int __must_check						\
xa_insert##form(struct xarray *xa, unsigned long index, void *entry,	\
		gfp_t gfp)						\
{									\
	int err;							\
									\
	xa_lock##form(xa);						\
	err = __xa_insert(xa, index, entry, gfp);			\
	xa_unlock##form(xa);						\
	return err;							\
}									\
static inline int __must_check						\
xa_alloc##form(struct xarray *xa, u32 *id, void *entry,			\
	       struct xa_limit limit, gfp_t gfp)			\
{									\
	int err;							\
									\
	xa_lock##form(xa);						\
	err = __xa_alloc(xa, id, entry, limit, gfp);			\
	xa_unlock##form(xa);						\
	return err;							\
}									\
static inline int __must_check						\
xa_alloc_cyclic##form(struct xarray *xa, u32 *id, void *entry,		\
		      struct xa_limit limit, u32 *next, gfp_t gfp)	\
{									\
	int err;							\
									\
	xa_lock##form(xa);						\
	err = __xa_alloc_cyclic(xa, id, entry, limit, next, gfp);	\
	xa_unlock##form(xa);						\
	return err;							\
}									\
static inline int __must_check						\
xa_reserve##form(struct xarray *xa, unsigned long index, gfp_t gfp)	\
{									\
	return xa_err(xa_cmpxchg##form(xa, index, NULL, XA_ZERO_ENTRY, gfp)); \
}
__XA_FORMS()
__XA_FORMS(_bh)
__XA_FORMS(_irq)

/* Gives a reserved place back if nothing was stored there. */
static inline void xa_release(struct xarray *xa, unsigned long index)
{
	xa_cmpxchg(xa, index, XA_ZERO_ENTRY, NULL, 0);
}

static inline void xa_set_mark(struct xarray *xa, unsigned long index,
			       xa_mark_t mark)
{
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	__xa_set_mark(xa, index, mark);
	xa_unlock_irqrestore(xa, flags);
}

static inline void xa_clear_mark(struct xarray *xa, unsigned long index,
				 xa_mark_t mark)
{
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	__xa_clear_mark(xa, index, mark);
	xa_unlock_irqrestore(xa, flags);
}

#define xa_for_each_range(xa, index, entry, start, last)		\
	for ((index) = (start),						\
	     (entry) = xa_find(xa, &(index), last, XA_PRESENT);		\
	     (entry);							\
	     (entry) = xa_find_after(xa, &(index), last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start)			\
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry)					\
	xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)			\
	for ((index) = 0, (entry) = xa_find(xa, &(index), ULONG_MAX, filter); \
	     (entry);							\
	     (entry) = xa_find_after(xa, &(index), ULONG_MAX, filter))

/* 0, or the number of an invariant that does not hold (lib/xarray.c). */
int xa_check(struct xarray *xa);

#endif
