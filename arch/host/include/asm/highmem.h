/* SPDX-License-Identifier: MIT */
/*
 * High memory of a machine in a process: addresses of a space of their own,
 * where frames of the memfd are shown; and entries that say which.
 * octavo/port.h has the contract.
 */
#ifndef _ASM_HIGHMEM_H
#define _ASM_HIGHMEM_H

#include <linux/percpu-defs.h>
#include <linux/types.h>
#include <asm-generic/kmap_size.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>
#include <octavo/this_machine.h>

#define LAST_PKMAP	1024
#define PKMAP_BASE	(this_arch()->kmap_start)
#define kmap_prot	PAGE_KERNEL

/* A CPU is a token: nobody else runs on it in between. */
#define port_kmap_local_push(v) ({					\
	unsigned long __top = this_cpu_read(kmap_local_top) + (v);	\
	this_cpu_write(kmap_local_top, __top);				\
	__top; })

#define port_kmap_local_is(addr, var)	((addr) == this_cpu_read(var))
#define port_kmap_local_below(addr, var)	((addr) < this_cpu_read(var))

static inline unsigned long port_kmap_local_base(unsigned int cpu)
{
	return PKMAP_BASE + (LAST_PKMAP + cpu * KM_PAGES_PER_CPU + 1UL) *
	       PAGE_SIZE;
}

void port_kmap_setup(void);
void port_kmap_set(unsigned long addr, pte_t pte);
void port_kmap_clear(unsigned long addr);
pte_t port_kmap_pte(unsigned long addr);

#define port_pkmap_set(addr, pte)	port_kmap_set(addr, pte)
#define port_pkmap_clear(addr)		port_kmap_clear(addr)
#define port_pkmap_pte(addr)		port_kmap_pte(addr)
#define port_kmap_local_set(addr, pte)	port_kmap_set(addr, pte)
#define port_kmap_local_clear(addr)	port_kmap_clear(addr)
#define port_kmap_local_pte(addr)	port_kmap_pte(addr)

#endif
