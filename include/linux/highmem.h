/* SPDX-License-Identifier: MIT */
/*
 * Pages without an address of their own. A port maps as much of RAM as it has
 * addresses for; pages above high_memory, in ZONE_HIGHMEM, get one when
 * somebody asks. On other ports all of this is page_address(), and free.
 *
 *                       for                 may sleep  slots  seen by
 *   kmap                as long as wanted   yes        1024   all CPUs
 *   kmap_local_page     a few lines         no         16     this thread
 *
 * kmap() is mm/page/highmem.c, kmap_local_page() kernel/kmap_local.c.
 */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/string.h>

#ifdef CONFIG_HIGHMEM
#include <linux/highmem-internal.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>

/*
 * Gives back the addresses of all pages that kunmap() was called for as often
 * as kmap(); until then they are kept. May sleep.
 */
void kmap_flush_unused(void);
/* Threads that wait for an address of kmap()'s: a hint. */
unsigned int kmap_nr_waiting(void);
/* Pages of the machine without an address: free, and managed. */
unsigned long nr_free_highpages(void);
unsigned long totalhigh_pages(void);
/*
 * Whether the slots of kmap() are as they should be (mm/page/highmem.c);
 * reports the first thing that is not. Takes the lock.
 */
bool pkmap_check(void);
#else
#include <linux/highmem-direct.h>
#endif

/* Frames without an address: [highstart_pfn, highend_pfn). */
#define highstart_pfn		max_low_pfn
#define highend_pfn		max_pfn

/*
 * kmap(page): an address of @page, the same for all who ask, until each has
 * called kunmap(page). May sleep, for an address that others give back; so
 * who waits for others must not keep many. Not in interrupts: then NULL.
 *
 * kmap_local_page(page): an address for the calling thread, which it gives
 * back by kunmap_local() before those it got earlier; at most KM_MAX_IDX on
 * a CPU, interrupts' included. Any context but NMI. The thread stays on its
 * CPU, but may sleep.
 * kmap_local_folio(folio, offset): the byte there; good to the page's end.
 * kmap_local_pfn(pfn): the same of any frame.
 *
 * kmap_atomic(page): the same with preemption off, for older code.
 *
 * kmap_to_page(addr): the page of an address of kmap()'s or kmap_local's, or
 * of the direct map.
 */
#define kmap_local_folio(folio, offset)					\
	((void *)((char *)kmap_local_page(folio_page(folio,		\
				(offset) / PAGE_SIZE)) +		\
		  (offset) % PAGE_SIZE))

#define __kmap_no_page(addr)						\
	static_assert(!__builtin_types_compatible_p(__typeof__(addr),	\
						    struct page *),	\
		      "takes the address, not the page")
#define kunmap_local(addr) do {						\
	__kmap_no_page(addr);						\
	__kunmap_local(addr);						\
} while (0)

static inline void *kmap_atomic(struct page *page)
{
	preempt_disable();
	return kmap_local_page(page);
}
#define kmap_atomic_prot(page, prot)					\
	({ preempt_disable(); kmap_local_page_prot(page, prot); })
#define kmap_atomic_pfn(pfn)						\
	({ preempt_disable(); kmap_local_pfn(pfn); })
#define kunmap_atomic(addr) do {					\
	__kmap_no_page(addr);						\
	__kunmap_local(addr);						\
	preempt_enable();						\
} while (0)

/* What is in a page. Any context; they take at most two local slots. */

static inline void clear_highpage(struct page *page)
{
	void *addr = kmap_local_page(page);

	clear_page(addr);
	kunmap_local(addr);
}

/* @vaddr: where a user sees it. */
static inline void clear_user_highpage(struct page *page, unsigned long vaddr)
{
	(void)vaddr;
	clear_highpage(page);
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	char *src = kmap_local_page(from);
	char *dst = kmap_local_page(to);

	copy_page(dst, src);
	kunmap_local(dst);
	kunmap_local(src);
}

static inline void copy_user_highpage(struct page *to, struct page *from,
				      unsigned long vaddr, void *vma)
{
	(void)vaddr;
	(void)vma;
	copy_highpage(to, from);
}

/* Bytes of one page: @offset + @len is at most PAGE_SIZE. */
static inline void memcpy_to_page(struct page *page, size_t offset,
				  const char *from, size_t len)
{
	char *to = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE);
	memcpy(to + offset, from, len);
	kunmap_local(to);
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset,
				    size_t len)
{
	char *from = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE);
	memcpy(to, from + offset, len);
	kunmap_local(from);
}

static inline void memset_page(struct page *page, size_t offset, int val,
			       size_t len)
{
	char *addr = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE);
	memset(addr + offset, val, len);
	kunmap_local(addr);
}

static inline void memcpy_page(struct page *to, size_t to_offset,
			       struct page *from, size_t from_offset,
			       size_t len)
{
	char *dst = kmap_local_page(to);
	char *src = kmap_local_page(from);

	VM_BUG_ON(to_offset + len > PAGE_SIZE || from_offset + len > PAGE_SIZE);
	memcpy(dst + to_offset, src + from_offset, len);
	kunmap_local(src);
	kunmap_local(dst);
}

static inline void memzero_page(struct page *page, size_t offset, size_t len)
{
	memset_page(page, offset, 0, len);
}

/* Zeroes [start1, end1) and [start2, end2) of @page; either may be empty. */
static inline void zero_user_segments(struct page *page, unsigned int start1,
				      unsigned int end1, unsigned int start2,
				      unsigned int end2)
{
	char *addr = kmap_local_page(page);

	BUG_ON(end1 > PAGE_SIZE || end2 > PAGE_SIZE);
	if (end1 > start1)
		memset(addr + start1, 0, end1 - start1);
	if (end2 > start2)
		memset(addr + start2, 0, end2 - start2);
	kunmap_local(addr);
}

static inline void zero_user_segment(struct page *page, unsigned int start,
				     unsigned int end)
{
	zero_user_segments(page, start, end, 0, 0);
}

static inline void zero_user(struct page *page, unsigned int start,
			     unsigned int size)
{
	zero_user_segments(page, start, start + size, 0, 0);
}

#endif
