// SPDX-License-Identifier: MIT
/*
 * The machine of the simulation's tests, small enough to be put back
 * thousands of times a second.
 *
 *   frame 0x400       0x600      0x800      0xa00      0xc00      0xe00
 *         | DMA32     |          | CMA      | Normal   |          | start-up |
 *
 * 12 MiB, since less is too small for pageblocks of several types. The last
 * pageblock holds what start-up made: struct pages, nodes, per-CPU areas.
 *
 * A zone keeps pageblocks for HIGHATOMIC requests only when 1% of it is one,
 * so for these there is the large machine: the same, with 208 MiB behind it
 * that are taken for good before any run. It is put back more slowly.
 *
 * A starting state is what a run begins with. It is a copy of all frames that
 * hold structures, of the machine and of the oracle; putting it back is
 * copying it back. The contents of other pages are left as they are: the
 * oracle knows what it last wrote there. The log's text is not copied, only
 * its ends, so that it shows what the last run wrote.
 */
#include "sim_test.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/pageblock_types.h>

#include "../../arch/host/host.h"
#include "../../arch/host/os/include/host_os.h"
#include "../early/early_machine.h"
#include "../host/harness.h"

#define RAM_START	M(4)
#define RAM_END		M(16)
#define LARGE_RAM_END	M(224)	/* Normal has 107 pageblocks */
#define ZONE_BORDER	M(10)
#define CMA_START	M(8)
#define LIST_BATCH	6	/* pages */
#define CLOCK_STEP	1000	/* ns a reading */
#define NR_PIECES	64	/* of memory that a state is a copy of */

struct piece {
	char *at;
	size_t size;
};

struct state {
	struct oracle oracle;
	unsigned long blocks;	/* free, once all slots are free */
	char *copy;		/* of all pieces, one after another */
};

static struct piece pieces[NR_PIECES];
static unsigned int nr_pieces;
static size_t pieces_size;
static struct state states[NR_START_STATES], fresh;
static struct sim *sim;
static bool large;

bool machine_is_large(void)
{
	return large;
}

static unsigned long ram_end(void)
{
	return large ? LARGE_RAM_END : RAM_END;
}

struct sim *test_sim(void)
{
	return sim;
}

/* ---- start-up --------------------------------------------------------- */

static void memory_start(void)
{
	const struct early_range ram[] = {
		{ RAM_START, ram_end(), 0 }, { 0, 0 },
	};
	unsigned long limits[MAX_NR_ZONES] = {
		[ZONE_DMA32] = PFN_DOWN(ZONE_BORDER),
		[ZONE_NORMAL] = PFN_DOWN(ram_end()),
	};
	struct machine *m = this_machine();
	unsigned int cpu;

	early_memory(ram);
	memblock_reserve(CMA_START, M(2));
	/* Start-up's own comes from the top of what there is. */
	if (large)
		memblock_reserve(RAM_END, LARGE_RAM_END - RAM_END);
	m->nr_cpus = TEST_CPUS;
	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		cpumask_set_cpu(cpu, &m->cpu_present);
		cpumask_set_cpu(cpu, &m->cpu_online);
		m->cpu_node[cpu] = 0;
	}
	free_area_init(limits);
	setup_per_cpu_areas();
	memblock_reserve(M(14), M(2));
	if (large)
		memblock_phys_free(RAM_END, LARGE_RAM_END - RAM_END);
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	init_cma_reserved_pageblock(pfn_to_page(PFN_DOWN(CMA_START)));
	m->state = SYSTEM_RUNNING;
	page_alloc_init_late();
}

/*
 * What makes the large machine large is nobody's to have: pageblocks, and of
 * those that start-up has pages in, the single pages that are free.
 */
static void hold_large(void)
{
	unsigned long pfn = PFN_DOWN(RAM_END), end = PFN_DOWN(ram_end());

	for (; pfn < end; pfn += pageblock_nr_pages) {
		unsigned long at = pfn, next = pfn + pageblock_nr_pages;

		if (!alloc_contig_range(pfn, next, MIGRATE_MOVABLE, GFP_KERNEL))
			continue;
		for (; at < next; at++)
			if (PageBuddy(pfn_to_page(at)) ||
			    !page_ref_count(pfn_to_page(at)))
				alloc_contig_range(at, at + 1, MIGRATE_MOVABLE,
						   GFP_KERNEL);
	}
}

/* Little is enough for all marks of the large machine. */
static void marks_lower(void)
{
	this_machine()->page_alloc.min_free_kbytes = 256;
	this_machine()->page_alloc.watermark_scale_factor = 1;
	setup_per_zone_wmarks();
}

/* So small a zone would have its lists filled one by one. */
static void lists_grow(void)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		zone_pcp_disable(zone);
		zone->pageset_batch = LIST_BATCH;
		zone_pcp_enable(zone);
	}
}

/* ---- states ----------------------------------------------------------- */

static void piece_add(void *at, size_t size)
{
	struct piece *last = &pieces[nr_pieces - 1];

	pieces_size += size;
	if (nr_pieces && last->at + last->size == (char *)at) {
		last->size += size;
		return;
	}
	BUG_ON(nr_pieces == NR_PIECES);
	pieces[nr_pieces++] = (struct piece){ at, size };
}

/* All that start-up wrote and that may change: not what is only read. */
static void pieces_find(void)
{
	struct machine *m = this_machine();
	char *end = (char *)(m + 1), *log = (char *)&m->log;
	unsigned long pfn;

	piece_add(&m->arch.clock_now, sizeof(m->arch.clock_now));
	piece_add(&m->arch.random_state, sizeof(m->arch.random_state));
	piece_add(log, (size_t)(m->log.buf - log));
	piece_add(&m->cpu_online, (size_t)(end - (char *)&m->cpu_online));
	for (pfn = PFN_DOWN(RAM_START); pfn < PFN_DOWN(ram_end()); pfn++) {
		const struct page *page = pfn_to_page(pfn);
		void *at = __va(PFN_PHYS(pfn));
		bool used = buddy_order(page) == PAGEBLOCK_FULL;

		/* Of what was reserved early, much is never used. */
		if (PageReserved(page))
			used = memchr_inv(at, 0, PAGE_SIZE);
		if (used)
			piece_add(at, PAGE_SIZE);
	}
}

static void state_save(struct state *st)
{
	char *to = st->copy = host_pages_alloc(pieces_size);
	unsigned int i;

	BUG_ON(!to);
	for (i = 0; i < nr_pieces; i++) {
		memcpy(to, pieces[i].at, pieces[i].size);
		to += pieces[i].size;
	}
	st->oracle = oracle;
}

static void state_restore(const struct state *st)
{
	const char *from = st->copy;
	unsigned int i;

	for (i = 0; i < nr_pieces; i++) {
		memcpy(pieces[i].at, from, pieces[i].size);
		from += pieces[i].size;
	}
	oracle = st->oracle;
}

void machine_restore(enum start_state state)
{
	state_restore(&states[state]);
}

unsigned long machine_blocks(enum start_state state)
{
	return states[state].blocks;
}

unsigned long machine_count_blocks(void)
{
	unsigned long blocks = 0;
	struct zone *zone;
	unsigned int order;

	for_each_populated_zone(zone)
		for (order = 0; order < pageblock_order; order++)
			blocks += zone->free_area[order].nr_free;
	return blocks;
}

#define TAKE_ALL	(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN)

/* Takes single pages of mixed types until @leave are left. */
static void hold_all_but(unsigned long leave)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };
	unsigned int i = 0;
	struct page *page;

	while (global_zone_page_state(NR_FREE_PAGES) > leave) {
		page = alloc_page(TAKE_ALL | types[i++ / 64 % 3]);
		if (!page)
			break;
		oracle_hold(page_to_pfn(page), 1);
	}
}

/* Frees one held page in @nth, and what lies beside it when @run is more. */
static void free_held(unsigned long nth, unsigned long run)
{
	unsigned long pfn, n = 0;

	for (pfn = 0; pfn < TEST_FRAMES; pfn++) {
		if (oracle.owner[pfn] != OWNER_HELD || n++ % nth >= run)
			continue;
		oracle.owner[pfn] = OWNER_FREE;
		oracle.nr_owned--;
		__free_page(pfn_to_page(pfn));
	}
}

/* Some pages that calls can free from the start on. */
static void fill_slots(unsigned int nr, gfp_t gfp)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		unsigned int order = i % 4 == 3 ? i / 4 % 4 : 0;
		gfp_t type = i % 2 ? __GFP_MOVABLE : 0;
		struct page *page = alloc_pages(gfp | type, order);

		if (page)
			oracle_take(page, order, SLOT_BLOCK);
	}
}

static void slots_empty(void)
{
	struct slot slot;
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++)
		if (oracle_give_slot(i, &slot))
			slot_free(&slot);
}

/* Something in the lists of every CPU. */
static void warm_lists(void)
{
	unsigned long saved = host_cpu.percpu_offset;
	struct page *page;
	unsigned int cpu;

	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		host_cpu.percpu_offset = this_machine()->percpu_offset[cpu];
		page = alloc_page(TAKE_ALL);
		if (page)
			__free_page(page);
	}
	host_cpu.percpu_offset = saved;
}

static void state_make(enum start_state state)
{
	struct state *st = &states[state];

	if (state == START_MIXED) {
		hold_all_but(0);
		free_held(5, 3);
	} else if (state == START_SHORT) {
		hold_all_but(0);
		free_held(24, 1);
		free_held(400, 12);
	}
	fill_slots(24, TAKE_ALL);
	warm_lists();
	state_save(st);
	slots_empty();
	drain_all_pages(NULL);
	st->blocks = machine_count_blocks();
}

int simtest_start(bool is_large)
{
	static struct task_struct self;
	enum start_state i;
	int err;

	large = is_large;
	err = harness_machine(ram_end(), false);
	if (err)
		return err;
	this_arch()->clock_step = CLOCK_STEP;
	self.cpu = 0;
	strscpy(self.comm, "sim", sizeof(self.comm));
	current = &self;
	memory_start();
	if (large) {
		marks_lower();
		calls_register();
	}
	lists_grow();
	pieces_find();
	hold_large();
	oracle_start();
	/* From here on the log is about runs. */
	this_machine()->log.head = this_machine()->log.tail = 0;
	sim = sim_create();
	if (!sim)
		return -ENOMEM;
	state_save(&fresh);
	for (i = START_FREE; i < NR_START_STATES; i++) {
		state_restore(&fresh);
		state_make(i);
	}
	return 0;
}
