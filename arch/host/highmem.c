// SPDX-License-Identifier: MIT
/*
 * Addresses of high memory in a process: a reservation of its own, where a
 * page of the memfd is shown for as long as its entry says so.
 *
 *   kmap_start   | kmap(): LAST_PKMAP pages | CPU 0: - 16 | CPU 1: - 16 | ...
 *
 * The page in front of each CPU's is never shown. There is nothing to flush:
 * what is not shown any more faults at once.
 */
#include "host.h"

#include <linux/kernel.h>
#include <linux/pfn.h>
#include <linux/threads.h>

#include <asm/highmem.h>
#include <asm/pgtable.h>
#include <octavo/machine.h>

#include "os/include/host_os.h"

#define NR_PAGES	(LAST_PKMAP + NR_CPUS * KM_PAGES_PER_CPU)
#define SPACE_SIZE	(NR_PAGES * PAGE_SIZE)
#define ENTRIES_SIZE	(NR_PAGES * sizeof(pte_t))

void port_kmap_setup(void)
{
	struct arch_machine *a = this_arch();

	a->kmap_entries = host_pages_alloc(ENTRIES_SIZE);
	a->kmap_start = (unsigned long)host_space_reserve(SPACE_SIZE,
							  PAGE_SIZE);
	if (!a->kmap_entries || !a->kmap_start)
		panic("no address space for pages of high memory");
}

void host_highmem_release(struct arch_machine *a)
{
	if (a->kmap_start)
		host_space_release((void *)a->kmap_start, SPACE_SIZE);
	if (a->kmap_entries)
		host_pages_free(a->kmap_entries, ENTRIES_SIZE);
	a->kmap_start = 0;
	a->kmap_entries = NULL;
}

/* Whoever maps or unmaps a page there is alone with its entry. */
static u64 *entry_of(unsigned long addr)
{
	unsigned long nr = (addr - this_arch()->kmap_start) >> PAGE_SHIFT;

	BUG_ON(nr >= NR_PAGES);
	return &this_arch()->kmap_entries[nr];
}

void port_kmap_set(unsigned long addr, pte_t pte)
{
	int err;

	VM_BUG_ON(*entry_of(addr));
	host_faults_watch();
	err = host_space_show(this_arch()->arena, (void *)addr,
			      PFN_PHYS(pte_pfn(pte)), PAGE_SIZE,
			      pte_write(pte));
	if (err)
		panic("kmap: cannot show frame %#lx: error %d", pte_pfn(pte),
		      err);
	*entry_of(addr) = pte_val(pte);
}

void port_kmap_clear(unsigned long addr)
{
	*entry_of(addr) = 0;
	BUG_ON(host_space_hide((void *)addr, PAGE_SIZE));
}

pte_t port_kmap_pte(unsigned long addr)
{
	return __pte(*entry_of(addr));
}
