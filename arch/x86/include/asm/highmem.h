/* SPDX-License-Identifier: MIT */
/*
 * Addresses for pages of high memory: octavo/port.h has the contract. Both
 * kinds have page tables of their own in the image, which never go, so an
 * entry is found by its address.
 */
#ifndef _ASM_HIGHMEM_H
#define _ASM_HIGHMEM_H

#include <linux/percpu-defs.h>
#include <asm/areas_32.h>
#include <asm/msr.h>
#include <asm/pgtable.h>
#include <octavo/this_machine.h>

/* The last tables of the fixed addresses, from the first large page on. */
#define FIXMAP_TABLES_START	(FIXADDR_START & PMD_MASK)
extern pte_t fixmap_page_table[];
extern pte_t pkmap_page_table[LAST_PKMAP];

/* Rights of such a page, less what the CPU lacks. */
#define kmap_prot		__pgprot(this_arch()->port.map.areas.pte_prot)

/* The tables were made with the direct map. */
static inline void port_kmap_setup(void)
{
}

static inline void port_pkmap_set(unsigned long addr, pte_t pte)
{
	set_pte(pkmap_page_table + ((addr - PKMAP_BASE) >> PAGE_SHIFT), pte);
}

static inline void port_pkmap_clear(unsigned long addr)
{
	pte_clear(pkmap_page_table + ((addr - PKMAP_BASE) >> PAGE_SHIFT));
}

static inline pte_t port_pkmap_pte(unsigned long addr)
{
	return pkmap_page_table[(addr - PKMAP_BASE) >> PAGE_SHIFT];
}

static inline unsigned long port_kmap_local_base(unsigned int cpu)
{
	return fix_to_virt(FIX_KMAP_BEGIN) +
	       (cpu * KM_PAGES_PER_CPU + 1) * PAGE_SIZE;
}

/* As if the tables began at address 0: the compiler's constant. */
static inline pte_t *kmap_local_entry(unsigned long addr)
{
	return (pte_t *)((unsigned long)fixmap_page_table -
			 (FIXMAP_TABLES_START >> PAGE_SHIFT) * sizeof(pte_t)) +
	       (addr >> PAGE_SHIFT);
}

static inline pte_t port_kmap_local_pte(unsigned long addr)
{
	return *kmap_local_entry(addr);
}

/* An entry of two words is found once for both. */
static __always_inline pte_t *kmap_local_entry_found(unsigned long addr)
{
	pte_t *entry = kmap_local_entry(addr);

	if (sizeof(pte_t) > sizeof(long))
		OPTIMIZER_HIDE_VAR(entry);
	return entry;
}

static inline void port_kmap_local_set(unsigned long addr, pte_t pte)
{
	set_pte(kmap_local_entry_found(addr), pte);
}

static inline void port_kmap_local_clear(unsigned long addr)
{
	pte_clear(kmap_local_entry_found(addr));
	invlpg(addr);
}

/* A comparison in memory, whose flags are the answer. */
#define __kmap_local_cmp(flag, addr, var) ({				\
	bool __kl_is;							\
	__asm__ __volatile__("cmpl " PERCPU_SEG "%2, %1"		\
			     : "=@cc" flag (__kl_is)			\
			     : "r" (addr), "m" (var));			\
	__kl_is; })
#define port_kmap_local_is(addr, var)	__kmap_local_cmp("e", addr, var)
#define port_kmap_local_below(addr, var)	__kmap_local_cmp("b", addr, var)

/* One instruction. */
#define port_kmap_local_push(v) ({					\
	unsigned long __push = (v), __top = __push;			\
	__asm__ __volatile__("xaddl %0, " PERCPU_SEG "%1"		\
			     : "+r" (__top), "+m" (kmap_local_top) : : "cc"); \
	__top + __push; })

#endif
