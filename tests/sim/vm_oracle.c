// SPDX-License-Identifier: MIT
/*
 * Who has each kernel mapping, and what lies in its pages: a stamp of the
 * area and the page's place, which whoever reads through the mapping must
 * find. CPUs read as simulated ones do (arch/host/sim/tlb.c): by what they
 * remember of the tables, if they remember anything.
 *
 * What is checked as it happens: an area overlaps none that is somebody's, has
 * pages that no other has, and nobody remembers anything of its addresses when
 * it comes; nor when vunmap_range() is over. Each read comes to the area's
 * page, and to its stamp, which is there until the area goes. After the run:
 * areas, tables and space are sound, and with all given back every page is
 * free again.
 */
#include "vm_sim.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/failslab.h>
#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "../../mm/kvirt/va_internal.h"
#include "../../mm/slab/internal.h"

#define GFP_TEST	(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)

struct areas areas;

static void __noreturn wrong(const char *why, const struct area *a, long at)
{
	if (!sim_current())
		panic("%s: area at %#lx, page %ld", why, a->addr, at);
	sim_note("area at %#lx, page %ld:", (long)a->addr, at);
	sim_stop(why);
}

/* ---- pages ------------------------------------------------------------ */

static u64 stamp(const struct area *a, unsigned int i)
{
	return (u64)a->number << 16 | i;
}

static u64 *stamp_at(const struct page *page)
{
	return page_address(page);
}

/* Each page is this area's, and says so. */
static void pages_own(struct area *a)
{
	unsigned int i;

	for (i = 0; i < a->nr; i++) {
		u8 *owner = &areas.owner[page_to_pfn(a->page[i])];

		if (*owner)
			wrong("a page of another area was handed out", a, i);
		*owner = (u8)(a - areas.area + 1);
		*stamp_at(a->page[i]) = stamp(a, i);
	}
}

static void pages_disown(struct area *a)
{
	unsigned int i;

	for (i = 0; i < a->nr; i++) {
		if (*stamp_at(a->page[i]) != stamp(a, i))
			wrong("somebody wrote to an area's page", a, i);
		areas.owner[page_to_pfn(a->page[i])] = 0;
	}
}

bool area_pages_get(struct area *a)
{
	unsigned int order, i;
	struct page *page;

	/* A range's lie side by side. */
	order = a->kind == AREA_RANGE ? 2 : 0;
	for (i = 0; i < a->nr; i++) {
		if (order && i) {
			a->page[i] = a->page[0] + i;
			continue;
		}
		page = alloc_pages(GFP_TEST | (order ? __GFP_COMP : 0),
				   order);
		if (!page) {
			a->nr = i;
			area_pages_put(a);
			return false;
		}
		a->page[i] = page;
	}
	return true;
}

void area_pages_put(struct area *a)
{
	unsigned int i;

	if (a->kind == AREA_RANGE) {
		if (a->nr)
			__free_pages(a->page[0], 2);
		return;
	}
	for (i = 0; i < a->nr; i++)
		__free_page(a->page[i]);
}

/* ---- areas ------------------------------------------------------------ */

struct area *area_reserve(enum area_kind kind, unsigned int nr)
{
	struct area *a;

	if (areas.pages + AREA_PAGES > ALL_PAGES)
		return NULL;
	for (a = areas.area; a < areas.area + NR_AREAS; a++)
		if (a->state == AREA_NONE)
			break;
	if (a == areas.area + NR_AREAS)
		return NULL;
	*a = (struct area){
		.state = AREA_COMING, .kind = kind, .nr = nr,
		.number = ++areas.number,
	};
	areas.pages += AREA_PAGES;
	return a;
}

void area_forget(struct area *a)
{
	areas.pages -= AREA_PAGES;
	a->state = AREA_NONE;
}

static unsigned long area_stop(const struct area *a)
{
	return a->addr + a->nr * PAGE_SIZE;
}

void area_got(struct area *a, const void *addr)
{
	const struct area *b;

	a->addr = (unsigned long)addr;
	sim_note("got %#lx, %ld pages", (long)a->addr, (long)a->nr);
	for (b = areas.area; b < areas.area + NR_AREAS; b++)
		if (b->state == AREA_OWNED && a->addr < area_stop(b) &&
		    b->addr < area_stop(a))
			wrong("addresses that are somebody's were handed out",
			      a, 0);
	if (sim_tlb_holds(a->addr, area_stop(a)))
		wrong("a CPU remembers addresses that were handed out", a, 0);
	pages_own(a);
	a->state = AREA_OWNED;
}

static struct area *area_some(u64 *rng, unsigned int kinds, bool idle)
{
	unsigned int at = (unsigned int)random_below(rng, NR_AREAS), n;

	for (n = 0; n < NR_AREAS; n++, at = (at + 1) % NR_AREAS) {
		struct area *a = &areas.area[at];

		if (a->state == AREA_OWNED && kinds & 1U << a->kind &&
		    !(idle && a->users))
			return a;
	}
	return NULL;
}

struct area *area_give(u64 *rng, unsigned int kinds)
{
	struct area *a = area_some(rng, kinds, true);

	if (!a)
		return NULL;
	a->state = AREA_GOING;
	pages_disown(a);
	sim_note("gives up %#lx, %ld pages", (long)a->addr, (long)a->nr);
	return a;
}

struct area *area_use(u64 *rng)
{
	struct area *a = area_some(rng, AREA_ANY, false);

	if (a)
		a->users++;
	return a;
}

void area_unuse(struct area *a)
{
	a->users--;
}

void area_touch(struct area *a, unsigned int i)
{
	unsigned long pfn = sim_tlb_touch(a->addr + i * PAGE_SIZE,
					  a->kind == AREA_RIGHTS ||
					  a->kind == AREA_RANGE);

	if (pfn != page_to_pfn(a->page[i]))
		wrong("a CPU comes to another page than the area's", a, i);
	if (*stamp_at(pfn_to_page(pfn)) != stamp(a, i))
		wrong("a CPU reads something else than was written", a, i);
}

/* ---- making and ending ------------------------------------------------ */

static void *range_map(struct area *a)
{
	unsigned long size = a->nr * PAGE_SIZE, addr;
	struct vm_struct *vm = get_vm_area(size, VM_MAP);

	if (!vm)
		return NULL;
	addr = (unsigned long)vm->addr;
	if (!vmap_page_range(addr, addr + size,
			     PFN_PHYS(page_to_pfn(a->page[0])), PAGE_KERNEL))
		return vm->addr;
	free_vm_area(vm);
	return NULL;
}

/* Whether vmalloc() brings its pages. */
static bool area_has_pages(const struct area *a)
{
	return a->kind == AREA_ALLOC || a->kind == AREA_RIGHTS;
}

static void *pages_alloc(struct area *a)
{
	unsigned long flags = a->kind == AREA_RIGHTS ?
			      VM_FLUSH_RESET_PERMS : 0;
	void *addr = __vmalloc_node_range(a->nr * PAGE_SIZE, 1, VMALLOC_START,
					  VMALLOC_END, GFP_TEST, PAGE_KERNEL,
					  flags, NUMA_NO_NODE, NULL);
	struct vm_struct *vm = addr ? find_vm_area(addr) : NULL;

	if (vm)
		memcpy(a->page, vm->pages, a->nr * sizeof(*a->page));
	return addr;
}

static void *area_map(struct area *a)
{
	void *addr = NULL;

	switch (a->kind) {
	case AREA_ALLOC:
	case AREA_RIGHTS:
		addr = pages_alloc(a);
		break;
	case AREA_MAP:
		addr = vmap(a->page, a->nr, VM_MAP, PAGE_KERNEL);
		break;
	case AREA_RAM:
		addr = vm_map_ram(a->page, a->nr, NUMA_NO_NODE);
		break;
	case AREA_RANGE:
		addr = range_map(a);
		break;
	}
	return addr;
}

struct area *area_make(enum area_kind kind, unsigned int nr)
{
	struct area *a = area_reserve(kind, nr);
	void *addr;

	if (!a)
		return NULL;
	if (!area_has_pages(a) && !area_pages_get(a)) {
		area_forget(a);
		return NULL;
	}
	addr = area_map(a);
	if (addr) {
		area_got(a, addr);
		return a;
	}
	if (!area_has_pages(a))
		area_pages_put(a);
	area_forget(a);
	return NULL;
}

static void range_end(struct area *a)
{
	struct vm_struct *vm = find_vm_area((void *)a->addr);

	if (!vm)
		wrong("an area is not found", a, 0);
	vunmap_range(a->addr, area_stop(a));
	if (sim_tlb_holds(a->addr, area_stop(a)))
		wrong("a CPU remembers what vunmap_range() unmapped", a, 0);
	free_vm_area(vm);
}

/* It is the caller's alone (AREA_GOING). */
void area_end(struct area *a)
{
	void *addr = (void *)a->addr;

	switch (a->kind) {
	case AREA_ALLOC:
	case AREA_RIGHTS:
		vfree(addr);
		break;
	case AREA_MAP:
		vunmap(addr);
		break;
	case AREA_RAM:
		vm_unmap_ram(addr, a->nr);
		break;
	case AREA_RANGE:
		range_end(a);
		break;
	}
	if (!area_has_pages(a))
		area_pages_put(a);
	area_forget(a);
}

/* ---- the machine's ---------------------------------------------------- */

/* Enough for all areas and the tables that they may take. */
const unsigned int program_short = 512;

void program_start(void)
{
	vmalloc_init();
}

/* Of each CPU: areas of every kind, and addresses that are lazy. */
void program_warm(void)
{
	static const unsigned int sizes[] = { 1, 3, 20 };
	unsigned int cpu, i;

	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		cpu_become(cpu);
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			vfree(__vmalloc(sizes[i] * PAGE_SIZE, GFP_TEST));
		if (cpu < 2)
			area_make(AREA_ALLOC, sizes[cpu]);
		else
			area_make(cpu & 1 ? AREA_MAP : AREA_RAM, sizes[1]);
	}
	cpu_become(0);
	area_make(AREA_RANGE, 2);
}

void program_empty(void)
{
	struct area *a;

	for (a = areas.area; a < areas.area + NR_AREAS; a++) {
		if (a->state != AREA_OWNED)
			continue;
		a->state = AREA_GOING;
		pages_disown(a);
		area_end(a);
	}
	vm_unmap_aliases();
	va_chunks_drain(this_machine()->kvirt.space);
	va_chunks_trim(this_machine()->kvirt.space);
	/* Chunks go after a grace period. */
	kvfree_rcu_barrier();
}

struct books program_settle(void)
{
	struct slab_state *s = &this_machine()->slab;
	struct books books = { 0 };
	struct kmem_cache *cache;
	struct cache_sums sums;
	unsigned int cpu;

	/* No CPU keeps an array, empty or not, or gets one on the way. */
	for_each_possible_cpu(cpu)
		kmem_cache_cpu_dead(cpu);
	list_for_each_entry(cache, &s->caches, list)
		kmem_cache_shrink(cache);
	for_each_possible_cpu(cpu)
		kmem_cache_cpu_online(cpu);
	list_for_each_entry(cache, &s->caches, list) {
		cache_sums_read(cache, &sums);
		books.pages += (sums.slabs + sums.free_slabs) << cache->order;
		if (cache != s->index_cache)
			books.out += sums.out;
	}
	drain_all_pages(NULL);
	books.pages += global_zone_page_state(NR_FREE_PAGES);
	return books;
}

void *program_data(size_t *size)
{
	*size = sizeof(areas);
	return &areas;
}

/* ---- after a run ------------------------------------------------------ */

static const char *nothing_left(enum start_state state)
{
	const struct kvirt_state *k = &this_machine()->kvirt;
	const struct books *was = machine_books(state);
	struct books books;
	struct va_stats stats;

	program_empty();
	if (!vmalloc_check())
		return "areas, tables or space are not sound at the end";
	va_get_stats(k->space, &stats);
	if (stats.used || stats.lazy || stats.nr_areas)
		return "areas were lost or won";
	if (vmalloc_nr_pages())
		return "pages of vmalloc() are left";
	if (k->nr_empty)
		return "empty tables are left";
	books = program_settle();
	if (books.out != was->out)
		return "objects were lost or won";
	if (books.pages != was->pages)
		return "pages were lost or won";
	return NULL;
}

/* Areas that vfree_atomic() left to a task. */
static unsigned int deferred(void)
{
	const struct llist_node *n = this_machine()->kvirt.deferred.first;
	unsigned int nr = 0;

	for (; n; n = n->next)
		nr++;
	return nr;
}

/* Whether a line says that something is wrong, though the run went on. */
static void line_look(void *ctx, const char *s, size_t n)
{
	const char *stamp_end = memchr(s, ']', n);
	bool *bad = ctx;

	if (stamp_end && (size_t)(stamp_end - s) + 7 < n &&
	    (!strncmp(stamp_end + 2, "BUG:", 4) ||
	     !strncmp(stamp_end + 2, "WARN", 4)))
		*bad = true;
}

const char *oracle_check(enum start_state state, bool thorough)
{
	unsigned int nr = deferred();
	struct va_stats stats;
	bool bad = false;
	struct area *a;

	page_alloc_fail_nth(0);
	failslab_fail_nth(0);
	if (!vmalloc_check())
		return "areas, tables or space are not sound";
	for (a = areas.area; a < areas.area + NR_AREAS; a++)
		nr += a->state == AREA_OWNED;
	va_get_stats(this_machine()->kvirt.space, &stats);
	if (stats.nr_areas != nr)
		return "there are other areas than those that somebody has";
	if (kmem_cache_check(NULL))
		return "a cache is not sound";
	log_for_each(line_look, &bad);
	if (bad)
		return "something was reported";
	return thorough ? nothing_left(state) : NULL;
}
