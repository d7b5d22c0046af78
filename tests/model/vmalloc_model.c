// SPDX-License-Identifier: MIT
/*
 * Areas against an oracle: a list of who has which addresses, and what stands
 * in each of their pages. After each step
 *
 *   - the addresses of a new area are whole pages that nobody had
 *   - what was written to a page of an area is there through its address,
 *     through every other area that shows the page, and in the direct map
 *   - a request fails only when pages were made to fail
 *   - what is no area's start is refused, and nothing changes
 *   - the sums agree, and every so often vmalloc_check() finds all invariants
 *     of areas, addresses and tables to hold
 *
 * At the end every page that was free at first is free again.
 */
#include "vmalloc_model.h"

#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include <kunit/random.h>
#include <octavo/fail_page.h>

#include "../../mm/kvirt/internal.h"

#define AREAS		48	/* at once */
#define PAGES_MAX	40U	/* of an area; its array may be behind it */
#define CHECK_EVERY	64	/* steps between looks at everything */
#define PHASE		2048	/* steps */

enum kind { NONE, MEMORY, SHOWN, RAM, ADDRESSES };

struct area {
	enum kind kind;
	char *p;
	unsigned int pages;
	unsigned int of;	/* SHOWN, RAM: the area whose pages these are */
	unsigned int shown;	/* MEMORY: how many show it */
	u64 mark;		/* what its pages hold, with their number */
};

static struct {
	struct random rnd;
	struct area area[AREAS];
	unsigned int nr;		/* areas */
	unsigned long pages;		/* of MEMORY */
	const char *wrong;		/* what differs */
} am;

static bool am_expect(bool ok, const char *what)
{
	if (!ok && !am.wrong)
		am.wrong = what;
	return ok;
}
#define AM_EXPECT(ok)	am_expect(ok, #ok)

static unsigned long am_guard(const struct area *a)
{
	return a->kind == RAM ? 0 : PAGE_SIZE;
}

static unsigned long am_end(const struct area *a)
{
	return (unsigned long)a->p + a->pages * PAGE_SIZE + am_guard(a);
}

/* Its addresses are nobody else's. */
static void am_enter(struct area *a)
{
	unsigned long start = (unsigned long)a->p;
	unsigned int i;

	AM_EXPECT(PAGE_ALIGNED(start));
	AM_EXPECT(start >= VMALLOC_START && am_end(a) <= VMALLOC_END);
	for (i = 0; i < AREAS; i++) {
		const struct area *b = &am.area[i];

		if (b != a && b->kind != NONE)
			AM_EXPECT(am_end(a) <= (unsigned long)b->p ||
				  am_end(b) <= start);
	}
	am.nr++;
	if (a->kind == MEMORY)
		am.pages += a->pages;
}

static u64 *am_word(const struct area *a, unsigned int page)
{
	return (u64 *)(a->p + page * PAGE_SIZE) +
	       (a->mark >> 8) % (PAGE_SIZE / sizeof(u64));
}

static void am_write(struct area *a)
{
	unsigned int i;

	a->mark = random_next(&am.rnd);
	for (i = 0; i < a->pages; i++)
		*am_word(a, i) = a->mark + i;
}

static void am_read(const struct area *a)
{
	const struct area *of = a->kind == MEMORY ? a : &am.area[a->of];
	struct va_area area;
	unsigned int i;

	if (!AM_EXPECT(va_find(kvirt_state()->space, (unsigned long)a->p,
			       &area)) ||
	    !AM_EXPECT(area.start == (unsigned long)a->p) ||
	    !AM_EXPECT(area.start + area.size == am_end(a)) ||
	    a->kind == ADDRESSES)
		return;
	for (i = 0; i < a->pages; i++) {
		struct area view = { .p = a->p, .mark = of->mark };
		const u64 *at = am_word(&view, i);
		struct page *page = vmalloc_to_page(at);
		u64 word = 0;

		AM_EXPECT(*at == of->mark + i);
		AM_EXPECT(page == vmalloc_to_page(of->p + i * PAGE_SIZE));
		if (page)
			memcpy_from_page((char *)&word, page,
					 offset_in_page(at), sizeof(word));
		AM_EXPECT(page && word == of->mark + i);
	}
}

/* ---- areas that come -------------------------------------------------- */

static char *am_vmalloc(unsigned int pages, gfp_t gfp)
{
	unsigned long size = pages * PAGE_SIZE;

	switch (random_below(&am.rnd, 5)) {
	case 0:
		return __vmalloc(size, gfp | __GFP_ZERO);
	case 1:
		return __vmalloc_node(size, PAGE_SIZE << 3, gfp, NUMA_NO_NODE,
				      &am);
	case 2:
		return __vmalloc_node(size, 1, gfp,
				      (int)random_below(&am.rnd, 2), &am);
	case 3:
		return vmalloc_huge(size, gfp);
	default:
		return __vmalloc(size, gfp);
	}
}

static void am_memory(struct area *a)
{
	bool fault = !random_below(&am.rnd, 16);

	a->pages = 1 + random_below(&am.rnd, random_below(&am.rnd, 4) ?
				    PAGES_MAX : 4);
	a->shown = 0;
	if (fault)
		page_alloc_fail_nth(1 + random_below(&am.rnd, 6));
	a->p = am_vmalloc(a->pages, GFP_KERNEL | __GFP_NOWARN);
	page_alloc_fail_nth(0);
	AM_EXPECT(a->p || fault);
	if (!a->p)
		return;
	a->kind = MEMORY;
	am_enter(a);
	am_write(a);
}

/* The pages of another one, all of them or the first. */
static void am_show(struct area *a)
{
	struct page *pages[PAGES_MAX];
	unsigned int i, of = random_below(&am.rnd, AREAS);
	struct area *from = &am.area[of];

	if (from->kind != MEMORY)
		return;
	a->pages = 1 + random_below(&am.rnd, from->pages);
	for (i = 0; i < a->pages; i++)
		pages[i] = vmalloc_to_page(from->p + i * PAGE_SIZE);
	if (random_below(&am.rnd, 2)) {
		a->p = vmap(pages, a->pages, VM_MAP, PAGE_KERNEL);
		a->kind = SHOWN;
	} else {
		a->p = vm_map_ram(pages, a->pages, NUMA_NO_NODE);
		a->kind = RAM;
	}
	if (!AM_EXPECT(a->p)) {
		a->kind = NONE;
		return;
	}
	a->of = of;
	from->shown++;
	am_enter(a);
}

static void am_addresses(struct area *a)
{
	struct vm_struct *vm;

	a->pages = 1 + random_below(&am.rnd, 100);
	vm = get_vm_area(a->pages * PAGE_SIZE, VM_MAP);
	if (!AM_EXPECT(vm))
		return;
	a->p = vm->addr;
	a->kind = ADDRESSES;
	am_enter(a);
}

/* ---- areas that go ---------------------------------------------------- */

static void am_end_area(struct area *a)
{
	am_read(a);
	if (a->kind == MEMORY && a->shown)
		return;
	switch (a->kind) {
	case MEMORY:
		am.pages -= a->pages;
		if (random_below(&am.rnd, 8))
			vfree(a->p);
		else
			vfree_atomic(a->p);
		break;
	case SHOWN:
		am.area[a->of].shown--;
		vunmap(a->p);
		break;
	case RAM:
		am.area[a->of].shown--;
		vm_unmap_ram(a->p, a->pages);
		break;
	case ADDRESSES:
		free_vm_area(find_vm_area(a->p));
		break;
	default:
		return;
	}
	a->kind = NONE;
	am.nr--;
}

/* What is no area's start, or not of that kind; nothing changes. */
static void am_wrong(struct area *a)
{
	long bad = atomic_long_read(&kvirt_state()->nr_bad);

	switch (a->kind) {
	case MEMORY:
		vunmap(a->p);
		vfree(a->p + a->pages * PAGE_SIZE);
		break;
	case RAM:
		vfree(a->p);
		vunmap(a->p);
		break;
	case ADDRESSES:
		vm_unmap_ram(a->p, a->pages);
		vfree(a->p + PAGE_SIZE);
		break;
	default:
		return;
	}
	AM_EXPECT(atomic_long_read(&kvirt_state()->nr_bad) == bad + 2);
}

/* ---- the stream ------------------------------------------------------- */

static unsigned int am_wanted(u64 step)
{
	static const unsigned int wanted[] = { AREAS, 8, AREAS / 2, 0, 20 };

	return wanted[step / PHASE % ARRAY_SIZE(wanted)];
}

static void am_begin(struct area *a)
{
	unsigned int what = random_below(&am.rnd, 8);

	if (what < 5)
		am_memory(a);
	else if (what < 7)
		am_show(a);
	else
		am_addresses(a);
}

static void am_step(u64 step)
{
	struct area *a = &am.area[random_below(&am.rnd, AREAS)];
	bool grow = am.nr < am_wanted(step);

	if (a->kind == NONE) {
		if (grow || !random_below(&am.rnd, 4))
			am_begin(a);
	} else if (!random_below(&am.rnd, 512)) {
		am_wrong(a);
	} else if (a->kind == MEMORY && !random_below(&am.rnd, 8)) {
		am_write(a);
	} else if (!grow || !random_below(&am.rnd, 4)) {
		am_end_area(a);
	} else {
		am_read(a);
	}
	if (!random_below(&am.rnd, 1024))
		vm_unmap_aliases();
}

static void am_compare(u64 step)
{
	unsigned int i;

	if (step % CHECK_EVERY)
		return;
	/* What vfree_atomic() left is counted till somebody frees it. */
	vfree(vmalloc(1));
	AM_EXPECT(vmalloc_nr_pages() == am.pages);
	AM_EXPECT(vmalloc_check());
	for (i = 0; i < AREAS; i++)
		if (am.area[i].kind != NONE)
			am_read(&am.area[i]);
}

static unsigned long am_free_pages(void)
{
	vm_unmap_aliases();
	rcu_barrier();
	kvfree_rcu_barrier();
	kmem_caches_reap_all();
	drain_all_pages(NULL);
	return global_zone_page_state(NR_FREE_PAGES);
}

int vmalloc_model_run(u64 seed, u64 steps)
{
	unsigned long free = am_free_pages();
	unsigned int i, round;
	u64 step;

	memset(&am, 0, sizeof(am));
	random_seed(&am.rnd, seed);
	for (step = 1; step <= steps && !am.wrong; step++) {
		am_step(step);
		am_compare(step);
	}
	/* Those that show others first. */
	for (round = 0; round < 2 && !am.wrong; round++)
		for (i = 0; i < AREAS; i++)
			if (am.area[i].kind != NONE)
				am_end_area(&am.area[i]);
	am_compare(0);
	AM_EXPECT(!am.nr && !am.pages && am_free_pages() == free);
	if (!am.wrong)
		return 0;
	pr_err("vmalloc model: not so: %s\n", am.wrong);
	return (int)min(step, steps);
}
