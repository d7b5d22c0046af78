// SPDX-License-Identifier: MIT
/*
 * A machine for malloc(): a port of the core that lives below the C library's
 * callers, so it must not call what allocates, has no threads, and costs next
 * to nothing to start, since every process does.
 *
 *   reservation  | struct pages | kinds | CPUs' areas | RAM, physical 0 on ... |
 *   may be        ###...........#.......#..............#####...................
 *   touched (#)        grows with RAM    all            grows by commit()
 *
 * One anonymous private mapping: a child of fork() has its own copy of the
 * heap, as POSIX wants. (The hosted port's memfd would be shared.) What is not
 * needed yet may not even be read, so that mlockall() and core dumps do not
 * meet terabytes of nothing. Struct pages and kinds lie outside of RAM and
 * are zero until written, so neither is ever cleared.
 *
 * There is one node with one zone, from physical 0 on. The first page is kept
 * from the page allocator, so that a block's address is never the base's.
 * Struct pages are made a largest block at a time, when they are needed.
 *
 * CPUs are tokens: a thread that calls the core takes any that is free, for
 * that long. More threads than CPUs wait, on a futex. Nothing in here sleeps
 * or creates threads: no request may reclaim, so nobody has to.
 *
 * Invariants
 *   I1  a thread that runs core code holds the lock of the CPU that
 *       host_cpu names
 *   I2  every frame below malloc_nr_frames may be touched, and so may its
 *       struct page and its kind; no frame above is in a free list
 *
 * Lock order: a CPU's lock -> commit lock -> none.
 */
#include "port.h"

#include <linux/align.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>
#include <octavo/start.h>

#include "os.h"

struct machine malloc_machine;
unsigned long malloc_nr_frames;
u16 *malloc_frames;
unsigned long malloc_kinds;
char *malloc_base;
__thread struct host_cpu host_cpu;

/* Of the largest order: what struct pages are made for at once. */
#define BLOCK_BYTES	(MAX_ORDER_NR_PAGES << PAGE_SHIFT)
/* Less address space than this is not worth starting. */
#define LEAST_RAM	(4 * BLOCK_BYTES)
/* What the start itself and a small program need. */
#define FIRST_COMMIT	(4 * BLOCK_BYTES)
/* Commits come in steps of this part of what there is. */
#define COMMIT_PART	4

static struct {
	u32 lock;			/* of commits: os_lock() */
	unsigned int nr_cpus;		/* c */
	u32 cpu_lock[MALLOC_MAX_CPUS];	/* os_lock(): who has the CPU */
	struct task_struct task[MALLOC_MAX_CPUS]; /* CPU's: who has it */
	bool full;			/* lock: no more than this */
} core;

/* The CPU that the thread had last, and has while inside. */
static __thread unsigned int last_cpu
	__attribute__((tls_model("initial-exec")));

/* ---- CPUs ------------------------------------------------------------- */

static void cpu_enter(unsigned int cpu)
{
	last_cpu = cpu;
	host_cpu.percpu_offset = malloc_machine.percpu_offset[cpu];
	host_cpu.task = &core.task[cpu];
	host_cpu.irqs_off = 0;
}

void malloc_core_enter(void)
{
	unsigned int cpu = last_cpu, i;

	for (i = 0; i < core.nr_cpus; i++) {
		if (os_trylock(&core.cpu_lock[cpu])) {
			cpu_enter(cpu);
			return;
		}
		cpu = cpu + 1 < core.nr_cpus ? cpu + 1 : 0;
	}
	os_lock(&core.cpu_lock[cpu]);
	cpu_enter(cpu);
}

void malloc_core_leave(void)
{
	os_unlock(&core.cpu_lock[last_cpu]);
}

void malloc_core_stop(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < core.nr_cpus; cpu++)
		os_lock(&core.cpu_lock[cpu]);
	os_lock(&core.lock);
}

void malloc_core_go(void)
{
	unsigned int cpu;

	os_unlock(&core.lock);
	for (cpu = 0; cpu < core.nr_cpus; cpu++)
		os_unlock(&core.cpu_lock[cpu]);
}

/* ---- memory that may be touched --------------------------------------- */

u16 *port_frame_kinds(void)
{
	return this_arch()->frames;
}

static bool commit_part(void *base, unsigned long from, unsigned long to,
			size_t each)
{
	char *start = (char *)base + ALIGN_DOWN(from * each, PAGE_SIZE);
	char *end = (char *)base + ALIGN(to * each, PAGE_SIZE);

	return os_commit(start, (size_t)(end - start));
}

/* Frames below @pfn may be touched. Commit lock, or start. */
static bool commit_to(unsigned long pfn)
{
	const struct arch_machine *a = this_arch();
	unsigned long was = malloc_nr_frames;

	if (!commit_part(a->struct_pages, was, pfn, sizeof(struct page)) ||
	    !commit_part(a->frames, was, pfn, sizeof(u16)) ||
	    !commit_part(__va(0), was, pfn, PAGE_SIZE))
		return false;
	__atomic_store_n(&malloc_nr_frames, pfn, __ATOMIC_RELEASE);
	return true;
}

/*
 * Frames that requests may come to: struct pages of so many are made, and of
 * two blocks more by each CPU before it comes here again.
 */
static unsigned long commit_needed(void)
{
	const struct zone *zone = &NODE_DATA(0)->node_zones[ZONE_NORMAL];
	unsigned long pfn = READ_ONCE(zone->first_deferred_pfn);

	if (pfn >= max_pfn)
		return max_pfn;
	return min(pfn + 2 * (core.nr_cpus + 1) * MAX_ORDER_NR_PAGES, max_pfn);
}

bool malloc_core_commit(void)
{
	unsigned long need = commit_needed(), step;
	bool ok = true;

	if (likely(need <= __atomic_load_n(&malloc_nr_frames,
					   __ATOMIC_ACQUIRE)))
		return true;
	os_lock(&core.lock);
	if (need > malloc_nr_frames) {
		step = ALIGN(malloc_nr_frames / COMMIT_PART,
			     MAX_ORDER_NR_PAGES);
		ok = commit_to(min(max(need, malloc_nr_frames + step),
				   max_pfn)) || commit_to(need);
	}
	os_unlock(&core.lock);
	return ok;
}

/* ---- the port contract, as far as starting goes ----------------------- */

unsigned long port_percpu_space(unsigned int nr, size_t stride)
{
	return (unsigned long)this_arch()->percpu_space;
}

/* The area has memory of its own; what the core set aside stays untouched. */
int port_percpu_map(unsigned long addr, phys_addr_t phys, size_t size)
{
	return os_commit((void *)addr, size) ? 0 : -ENOMEM;
}

void port_percpu_unmap(unsigned long addr, size_t size)
{
	os_give_back((void *)addr, size);
}

void port_switch_percpu(unsigned long offset)
{
	host_cpu.percpu_offset = offset;
}

/* ---- the start -------------------------------------------------------- */

static size_t percpu_size(void)
{
	return (size_t)(__per_cpu_end - __per_cpu_start);
}

/* The reservation; halves what is asked for until it is to be had. */
static bool reserve(struct arch_machine *a, u64 ram, unsigned int nr_cpus)
{
	size_t pages, kinds, areas = (size_t)nr_cpus * PERCPU_STRIDE;
	char *base;

	for (; ram >= LEAST_RAM; ram = ALIGN_DOWN(ram / 2, BLOCK_BYTES)) {
		pages = (ram >> PAGE_SHIFT) * sizeof(struct page);
		kinds = ALIGN((ram >> PAGE_SHIFT) * sizeof(u16), PAGE_SIZE);
		base = os_reserve(pages + kinds + areas + ram +
				  2 * BLOCK_BYTES);
		if (!base)
			continue;
		a->ram_end = ram;
		a->struct_pages = (struct page *)base;
		a->frames = (u16 *)(base + pages);
		a->percpu_space = (char *)ALIGN((unsigned long)base + pages +
						kinds, PERCPU_UNIT_SIZE);
		a->page_offset = ALIGN((unsigned long)a->percpu_space + areas,
				       BLOCK_BYTES);
		return true;
	}
	return false;
}

static void setup_cpus(unsigned int nr_cpus)
{
	struct machine *m = this_machine();
	unsigned int cpu;

	core.nr_cpus = nr_cpus;
	m->nr_cpus = nr_cpus;
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		cpumask_set_cpu(cpu, &m->cpu_present);
		cpumask_set_cpu(cpu, &m->cpu_online);
		task_setup(&core.task[cpu], cpu, "malloc");
	}
}

void setup_arch(void)
{
	unsigned long limits[MAX_NR_ZONES] = { 0 };
	struct machine *m = this_machine();
	phys_addr_t end = this_arch()->ram_end;

	max_pfn = max_low_pfn = PHYS_PFN(end);
	min_low_pfn = 0;
	high_memory = __va(end);
	m->early.defer = 1;
	m->early.defer_first = MAX_ORDER_NR_PAGES;
	m->page_alloc.deferred_lazy = true;
	m->page_alloc.deferred_chunk = MAX_ORDER_NR_PAGES;
	BUG_ON(memblock_add(0, end) || memblock_reserve(0, PAGE_SIZE));
	memblock_set_current_limit(FIRST_COMMIT);
	limits[ZONE_NORMAL] = max_pfn;
	free_area_init(limits);
}

static void boot(void)
{
	struct machine *m = this_machine();

	m->state = SYSTEM_BOOTING;
	setup_arch();
	setup_per_cpu_areas();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	kmem_cache_init();
	setup_per_cpu_pageset();
	page_alloc_init_late();
	m->state = SYSTEM_RUNNING;
}

int malloc_machine_start(uint64_t ram, unsigned int nr_cpus)
{
	struct arch_machine *a = this_arch();

	nr_cpus = clamp(nr_cpus, 1U, MALLOC_MAX_CPUS);
	ram = min(ALIGN_DOWN(ram, BLOCK_BYTES), 1ULL << (MAX_PHYSMEM_BITS - 1));
	a->boot_percpu = os_map(percpu_size());
	if (!a->boot_percpu || !reserve(a, ram, nr_cpus))
		return -ENOMEM;
	if (!commit_to(FIRST_COMMIT >> PAGE_SHIFT))
		return -ENOMEM;
	memcpy(a->boot_percpu, __per_cpu_start, percpu_size());
	setup_cpus(nr_cpus);
	host_cpu.percpu_offset = (unsigned long)a->boot_percpu -
				 (unsigned long)__per_cpu_start;
	host_cpu.irqs_off = 1;
	host_cpu.task = &core.task[0];
	boot();
	os_unmap(a->boot_percpu, percpu_size());
	malloc_base = __va(0);
	/* Released by whoever says that the library has started. */
	malloc_frames = a->frames;
	malloc_kinds = (unsigned long)a->frames -
		       (a->page_offset >> PAGE_SHIFT) * sizeof(u16);
	return malloc_core_commit() ? 0 : -ENOMEM;
}
