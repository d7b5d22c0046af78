/* SPDX-License-Identifier: MIT */
/*
 * Temporary addresses of pages, where not all have one: linux/highmem.h says
 * what each call does. kmap_local_page() is an exchange-and-add and a store
 * of an entry; kernel/kmap_local.c has the theory.
 */
#ifndef _LINUX_HIGHMEM_INTERNAL_H
#define _LINUX_HIGHMEM_INTERNAL_H

#ifdef CONFIG_HIGHMEM

#include <linux/kmap_local.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <octavo/machine.h>
#include <asm/highmem.h>
#include <asm/pgtable.h>

#define PKMAP_ADDR(nr)		(PKMAP_BASE + ((unsigned long)(nr) << PAGE_SHIFT))
#define PKMAP_NR(addr)		(((unsigned long)(addr) - PKMAP_BASE) >> PAGE_SHIFT)

/* Is @addr one of kmap()'s, one of kmap_local_page()'s? */
static inline bool is_kmap_addr(const void *addr)
{
	return (unsigned long)addr - PKMAP_BASE <
	       (unsigned long)LAST_PKMAP << PAGE_SHIFT;
}

void *kmap_high(struct page *page);
void kunmap_high(struct page *page);
/* There is no slot left: says so, and maps @page as kmap() does if it can. */
void *kmap_local_full(unsigned long pfn);
/* @addr is not what was mapped last here. */
void kunmap_local_other(unsigned long addr);
/* What page @page of kmap_local's, in a slot of this or another CPU, is. */
struct page *kmap_to_page(const void *addr);

static inline void *kmap(struct page *page)
{
	/* High memory itself first: for it, each instruction counts. */
	if (unlikely(page_zonenum(page) != ZONE_HIGHMEM) && !PageHighMem(page))
		return lowmem_page_address(page);
	return kmap_high(page);
}

static inline void kunmap(struct page *page)
{
	if (PageHighMem(page))
		kunmap_high(page);
}

static __always_inline void *kmap_local_pfn_prot(unsigned long pfn,
						 pgprot_t prot)
{
	/* From here on the thread stays on this CPU. */
	unsigned long addr = port_kmap_local_push(PAGE_SIZE);

	if (unlikely(!port_kmap_local_below(addr, kmap_local_end)))
		return kmap_local_full(pfn);
	port_kmap_local_set(addr, pfn_pte(pfn, prot));
	return (void *)addr;
}

static __always_inline void *kmap_local_page_prot(const struct page *page,
						  pgprot_t prot)
{
	unsigned long pfn = page_to_pfn(page);

	/* The frame, which is needed anyway, tells what the zone would. */
	if (unlikely(pfn < max_low_pfn))
		return lowmem_page_address(page);
	return kmap_local_pfn_prot(pfn, prot);
}

static __always_inline void *kmap_local_page(const struct page *page)
{
	return kmap_local_page_prot(page, kmap_prot);
}

static __always_inline void *kmap_local_pfn(unsigned long pfn)
{
	return kmap_local_pfn_prot(pfn, kmap_prot);
}

static __always_inline void __kunmap_local(const void *p)
{
	unsigned long addr = (unsigned long)p & PAGE_MASK;

	if (likely(port_kmap_local_is(addr, kmap_local_top))) {
		port_kmap_local_clear(addr);
		this_cpu_sub(kmap_local_top, PAGE_SIZE);
	} else {
		kunmap_local_other(addr);
	}
}

#endif

#endif
