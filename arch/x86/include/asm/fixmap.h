/* SPDX-License-Identifier: MIT */
/*
 * Addresses that are fixed at build time and get their memory later, from
 * FIXADDR_START upwards: asm/page.h on 64 bits; on 32 as many pages below
 * FIXADDR_TOP as there are.
 */
#ifndef _ASM_FIXMAP_H
#define _ASM_FIXMAP_H

#include <linux/bug.h>
#include <linux/types.h>
#include <asm/early_ioremap.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>
#ifdef CONFIG_X86_32
#include <linux/threads.h>
#include <asm-generic/kmap_size.h>
#endif

/* Pages of a slot of early_ioremap(); unaligned pieces need one more. */
#define NR_FIX_BTMAPS		(EARLY_MEMREMAP_MAX / PAGE_SIZE + 1)

/* A page each. */
enum fixed_addresses {
	FIX_APIC_BASE,
	FIX_HPET_BASE,
	FIX_TEST,		/* unit tests' */
	FIX_BTMAP_BEGIN,
	FIX_BTMAP_END = FIX_BTMAP_BEGIN +
			FIX_BTMAPS_SLOTS * (int)NR_FIX_BTMAPS - 1,
#ifdef CONFIG_X86_32
	FIX_KMAP_BEGIN,		/* each CPU's, asm/highmem.h */
	FIX_KMAP_END = FIX_KMAP_BEGIN + KM_PAGES_PER_CPU * NR_CPUS - 1,
#endif
	__end_of_fixed_addresses
};

#ifndef CONFIG_64BIT
#define FIXADDR_TOP	0xfffff000UL
#define FIXADDR_START							\
	(FIXADDR_TOP - (unsigned long)__end_of_fixed_addresses * PAGE_SIZE)
#endif

#define FIXMAP_PAGE_NORMAL	PAGE_KERNEL
#define FIXMAP_PAGE_RO		PAGE_KERNEL_RO
#define FIXMAP_PAGE_NOCACHE	PAGE_KERNEL_NOCACHE
#define FIXMAP_PAGE_IO		PAGE_KERNEL_NOCACHE
#define FIXMAP_PAGE_CLEAR	__pgprot(0)

static inline unsigned long fix_to_virt(enum fixed_addresses idx)
{
	BUG_ON((unsigned int)idx >= __end_of_fixed_addresses);
	return FIXADDR_START + (unsigned long)idx * PAGE_SIZE;
}

static inline enum fixed_addresses virt_to_fix(unsigned long addr)
{
	BUG_ON(addr - FIXADDR_START >= __end_of_fixed_addresses * PAGE_SIZE);
	return (enum fixed_addresses)((addr - FIXADDR_START) / PAGE_SIZE);
}

/*
 * Shows the page of @phys at @idx in place of what was there, or nothing with
 * FIXMAP_PAGE_CLEAR; all CPUs see it on return. Needs no memory. Any context
 * but NMI and interrupts; the callers keep users of one @idx apart.
 */
void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot);
/* Whether it may be called yet. */
bool fixmap_ready(void);

#define set_fixmap(idx, phys)	__set_fixmap(idx, phys, FIXMAP_PAGE_NORMAL)
#define set_fixmap_nocache(idx, phys)					\
	__set_fixmap(idx, phys, FIXMAP_PAGE_NOCACHE)
#define set_fixmap_io(idx, phys)	__set_fixmap(idx, phys, FIXMAP_PAGE_IO)
#define clear_fixmap(idx)	__set_fixmap(idx, 0, FIXMAP_PAGE_CLEAR)

/* The same; returns the address of @phys there. */
static inline unsigned long __set_fixmap_offset(enum fixed_addresses idx,
						phys_addr_t phys,
						pgprot_t prot)
{
	__set_fixmap(idx, phys, prot);
	return fix_to_virt(idx) + (unsigned long)(phys & ~PAGE_MASK);
}
#define set_fixmap_offset(idx, phys)					\
	__set_fixmap_offset(idx, phys, FIXMAP_PAGE_NORMAL)
#define set_fixmap_offset_nocache(idx, phys)				\
	__set_fixmap_offset(idx, phys, FIXMAP_PAGE_NOCACHE)
#define set_fixmap_offset_io(idx, phys)					\
	__set_fixmap_offset(idx, phys, FIXMAP_PAGE_IO)

/* Start-up: makes the tables of all, so that none needs memory later. */
void fixmap_tables_init(void);

#endif
