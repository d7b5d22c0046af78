// SPDX-License-Identifier: MIT
/*
 * Addresses of kernel mappings: a reservation of the process's address space.
 * The machine's tables say what is to be there; pieces of its memfd, as long
 * as frames are adjacent, are mapped a second time, until the core hides
 * what nobody uses any more.
 *
 * Linux gives a process some 65000 mappings. What is shown counts its pieces,
 * and a request that would need too many has no memory; so hiding, which may
 * cut a piece of its own in two, always finds one.
 */
#include "host.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <asm/pgtable.h>

#include "../../mm/kvirt/tables.h"
#include "os/include/host_os.h"

/*
 * Of addresses: more than anybody asks for at once; and with how few a process
 * that is not given so many (under ulimit, in valgrind) still does.
 */
#define SPACE_WANTED	(64UL << 30)
#define SPACE_MIN	(256UL << 20)

int port_kvirt_setup(unsigned long *start, unsigned long *end, void **root,
		     bool *huge)
{
	struct arch_machine *a = this_arch();
	size_t size = max(SPACE_WANTED,
			  roundup_pow_of_two(2 * (u64)a->ram_end));

	*root = (void *)get_zeroed_page(GFP_KERNEL);
	if (!*root)
		return -ENOMEM;
	for (; !a->kvirt_space; size /= 2) {
		if (size < SPACE_MIN)
			return -ENOMEM;
		a->kvirt_size = size;
		/* So that it takes the same tables wherever it comes to be. */
		a->kvirt_space = host_space_reserve(size, size);
	}
	*start = (unsigned long)a->kvirt_space;
	*end = *start + a->kvirt_size;
	*huge = true;
	return 0;
}

u64 port_kvirt_prot(u64 prot)
{
	return prot;
}

/* Keeps what was ever touched, so that all of it can be given back. */
static void kvirt_touched(struct arch_machine *a, unsigned long end)
{
	size_t size = end - (unsigned long)a->kvirt_space;
	size_t was = __atomic_load_n(&a->kvirt_end, __ATOMIC_RELAXED);

	while (was < size &&
	       !__atomic_compare_exchange_n(&a->kvirt_end, &was, size, false,
					    __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
}

static int show(struct arch_machine *a, const struct kvirt_run *run)
{
	if (!(run->prot & _PAGE_PRESENT))
		return 0;
	return host_space_show(a->arena, (void *)run->start, run->phys,
			       run->size, run->prot & _PAGE_RW) ? -ENOMEM : 0;
}

int port_kvirt_show(unsigned long start, unsigned long end)
{
	struct arch_machine *a = this_arch();
	struct kvirt_run run;
	unsigned long addr;
	int err = 0;

	host_faults_watch();
	kvirt_touched(a, end);
	for (addr = start; addr < end && !err; addr += run.size) {
		kvirt_run(&this_machine()->kvirt, addr, end, &run);
		err = show(a, &run);
	}
	if (err)
		port_kvirt_hide(start, end);
	return err;
}

void port_kvirt_hide(unsigned long start, unsigned long end)
{
	port_unpoison((void *)start, end - start);
	BUG_ON(host_space_hide((void *)start, end - start));
}

void host_kvirt_release(struct arch_machine *a)
{
	if (!a->kvirt_space)
		return;
	host_unpoison(a->kvirt_space, a->kvirt_end);
	host_space_release(a->kvirt_space, a->kvirt_size);
	a->kvirt_space = NULL;
}
