/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/string.h>

/* Every page has an address on 64-bit ports. */
#define kmap(page)			page_address(page)
#define kunmap(page)			((void)(page))
#define kmap_local_page(page)		page_address(page)
#define kmap_local_folio(folio, off)	(folio_address(folio) + (off))
#define kunmap_local(addr)		((void)(addr))
#define kmap_atomic(page)		(preempt_disable_value(), page_address(page))
#define kunmap_atomic(addr)		do { (void)(addr); preempt_enable(); } while (0)

static inline int preempt_disable_value(void)
{
	preempt_disable();
	return 0;
}

static inline void clear_highpage(struct page *page)
{
	clear_page(page_address(page));
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	copy_page(page_address(to), page_address(from));
}

static inline void memcpy_to_page(struct page *page, size_t offset,
				  const char *from, size_t len)
{
	memcpy((char *)page_address(page) + offset, from, len);
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset,
				    size_t len)
{
	memcpy(to, (char *)page_address(page) + offset, len);
}

#endif
