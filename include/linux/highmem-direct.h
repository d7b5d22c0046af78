/* SPDX-License-Identifier: MIT */
/* Addresses of pages where every page has one: the direct map's. */
#ifndef _LINUX_HIGHMEM_DIRECT_H
#define _LINUX_HIGHMEM_DIRECT_H

#ifndef CONFIG_HIGHMEM

#include <linux/kmap_local.h>
#include <linux/mm.h>
#include <linux/preempt.h>

#define LAST_PKMAP		0U
#define is_kmap_addr(addr)	((void)(addr), false)
#define kmap(page)		page_address(page)
#define kunmap(page)		((void)(page))
#define kmap_to_page(addr)	virt_to_page(addr)
#define kmap_local_page(page)	page_address(page)
#define kmap_local_page_prot(page, prot)				\
	((void)(prot), page_address(page))
#define kmap_local_pfn(pfn)	page_address(pfn_to_page(pfn))
#define kmap_local_pfn_prot(pfn, prot)	((void)(prot), kmap_local_pfn(pfn))
#define __kunmap_local(addr)	((void)(addr))
#define kmap_flush_unused()	((void)0)
#define kmap_nr_waiting()	0U
#define nr_free_highpages()	0UL
#define totalhigh_pages()	0UL

static inline bool pkmap_check(void)
{
	return true;
}

#endif

#endif
