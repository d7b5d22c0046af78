// SPDX-License-Identifier: MIT
/*
 * What the simulated CPUs do with kernel mappings: make areas of every kind,
 * read them, give up their own and others', in interrupts as well, and purge.
 */
#include "vm_sim.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/vmalloc.h>

#include <octavo/fail_page.h>
#include <octavo/failslab.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#define TOUCHES		6	/* of one call, at most */

static unsigned int random_pages(u64 *rng)
{
	if (!random_below(rng, 6))
		return (unsigned int)random_between(rng, 9, AREA_PAGES);
	return (unsigned int)random_between(rng, 1, 4);
}

static void call_vmalloc(u64 *rng)
{
	area_make(AREA_ALLOC, random_pages(rng));
}

static void call_rights(u64 *rng)
{
	area_make(AREA_RIGHTS, (unsigned int)random_between(rng, 1, 4));
}

static void call_vmap(u64 *rng)
{
	area_make(AREA_MAP, random_pages(rng));
}

static void call_map_ram(u64 *rng)
{
	area_make(AREA_RAM, (unsigned int)random_between(rng, 1, 4));
}

static void call_range(u64 *rng)
{
	area_make(AREA_RANGE, (unsigned int)random_between(rng, 1, 4));
}

static void end_one(u64 *rng, unsigned int kinds)
{
	struct area *a = area_give(rng, kinds);

	if (a)
		area_end(a);
}

/* In an interrupt it is left to the next task. */
static void call_vfree(u64 *rng)
{
	end_one(rng, AREA(ALLOC));
}

static void call_vfree_atomic(u64 *rng)
{
	struct area *a = area_give(rng, AREA(ALLOC));
	unsigned long addr;

	if (!a)
		return;
	addr = a->addr;
	area_forget(a);
	vfree_atomic((void *)addr);
}

static void call_unmap(u64 *rng)
{
	end_one(rng, AREA_ANY & ~AREA(ALLOC));
}

static void call_ends(u64 *rng)
{
	unsigned long n;

	for (n = random_between(rng, 2, 6); n; n--)
		end_one(rng, AREA_ANY);
}

static void call_touch(u64 *rng)
{
	struct area *a = area_use(rng);
	unsigned long n;

	if (!a)
		return;
	for (n = random_between(rng, 1, TOUCHES); n; n--)
		area_touch(a, (unsigned int)random_below(rng, a->nr));
	area_unuse(a);
}

/* One that is somebody's is found, and no other. */
static void call_find(u64 *rng)
{
	struct area *a = area_use(rng);
	unsigned int i;
	struct vm_struct *vm;

	if (!a)
		return;
	i = (unsigned int)random_below(rng, a->nr);
	vm = find_vm_area((void *)(a->addr + i * PAGE_SIZE));
	if (a->kind == AREA_RAM ? vm != NULL :
				  !vm || (unsigned long)vm->addr != a->addr)
		sim_stop("another area than that of the address is found");
	if (vmalloc_to_page((void *)(a->addr + i * PAGE_SIZE)) != a->page[i])
		sim_stop("another page than that of the address is found");
	area_unuse(a);
}

static void call_aliases(u64 *rng)
{
	vm_unmap_aliases();
}

static void call_fail(u64 *rng)
{
	if (random_below(rng, 2))
		failslab_fail_nth((long)random_between(rng, 1, 3));
	else
		page_alloc_fail_nth((long)random_between(rng, 1, 6));
}

/* ---- what this program has not ---------------------------------------- */

void program_calls_start(void)
{
	sim_tlb_reset();
}

const struct call calls[] = {
	{ "vmalloc", call_vmalloc, 10, false },
	{ "rights", call_rights, 2, false },
	{ "vmap", call_vmap, 5, false },
	{ "map_ram", call_map_ram, 5, false },
	{ "range", call_range, 2, false },
	{ "vfree", call_vfree, 6, true },
	{ "vfree_atomic", call_vfree_atomic, 2, true },
	{ "unmap", call_unmap, 6, false },
	{ "ends", call_ends, 3, false },
	{ "touch", call_touch, 14, true },
	{ "find", call_find, 3, true },
	{ "aliases", call_aliases, 5, false },
	{ "fail", call_fail, 1, false },
};
const unsigned int nr_calls = ARRAY_SIZE(calls);
