// SPDX-License-Identifier: MIT
/*
 * Addresses of kernel mappings in the simulation: tables alone. What they say
 * is what simulated CPUs get (tlb.c); nothing is mapped a second time, so a
 * state of the machine is put back with its RAM.
 *
 * Behind the addresses lies plain memory of the process, which has nothing of
 * the frames in it: vfree_atomic() puts its list there.
 */
#include "../host.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "../os/include/host_os.h"

/* A chunk of each kind for each CPU many times over, and few tables. */
#define SPACE_SIZE	SZ_256M

int port_kvirt_setup(unsigned long *start, unsigned long *end, void **root,
		     bool *huge)
{
	struct arch_machine *a = this_arch();
	size_t before;
	char *p;

	*root = (void *)get_zeroed_page(GFP_KERNEL);
	p = host_pages_alloc(2 * SPACE_SIZE);
	if (!*root || !p)
		return -ENOMEM;
	/* So that it takes the same tables wherever it comes to be. */
	before = -(unsigned long)p & (SPACE_SIZE - 1);
	if (before)
		host_pages_free(p, before);
	p += before;
	host_pages_free(p + SPACE_SIZE, SPACE_SIZE - before);
	a->kvirt_space = p;
	a->kvirt_size = SPACE_SIZE;
	*start = (unsigned long)p;
	*end = *start + SPACE_SIZE;
	*huge = true;
	return 0;
}

u64 port_kvirt_prot(u64 prot)
{
	return prot;
}

int port_kvirt_show(unsigned long start, unsigned long end)
{
	return 0;
}

void port_kvirt_hide(unsigned long start, unsigned long end)
{
}

void host_kvirt_release(struct arch_machine *a)
{
	if (!a->kvirt_space)
		return;
	host_pages_free(a->kvirt_space, a->kvirt_size);
	a->kvirt_space = NULL;
}
