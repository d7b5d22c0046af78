// SPDX-License-Identifier: MIT
/*
 * The machine of the programs of objects and of kernel addresses: the page
 * allocator's (machine.c) with caches and per-CPU objects on it, what the
 * program adds (program.h), and a thread on each CPU that can sleep. Its
 * starting states:
 *
 *   free     as the program starts it
 *   mixed    warm: something of each kind is out, and CPUs have some at hand
 *   short    the same, and hardly a page is free
 *
 * What a state is a copy of is found when it has been made: all frames in use
 * with what they hold, as slabs have objects' links and arrays in them.
 */
#include "program.h"
#include "sim_test.h"

#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#include "../../arch/host/host.h"
#include "../../arch/host/os/include/host_os.h"
#include "../early/early_machine.h"
#include "../host/harness.h"

#define RAM_START	M(4)
#define RAM_END		M(16)
#define CLOCK_STEP	1000	/* ns a reading */
#define NR_PIECES	256	/* of memory that a state is a copy of */
#define MAX_SHORT	512U	/* pages left free in a short state, at most */

struct piece {
	char *at;
	size_t size;
};

struct state {
	struct piece pieces[NR_PIECES];
	unsigned int nr_pieces;
	size_t size;		/* of all */
	char *copy;		/* one after another */
	struct books books;	/* once all is given back */
};

static struct state states[NR_START_STATES], fresh;
static struct task_struct tasks[TEST_CPUS];
static bool held[PFN_DOWN(RAM_END)];	/* frames taken for good */
static struct sim *sim;

struct sim *test_sim(void)
{
	return sim;
}

bool machine_is_large(void)
{
	return false;
}

/* ---- start-up --------------------------------------------------------- */

static void memory_start(void)
{
	static const struct early_range ram[] = {
		{ RAM_START, RAM_END, 0 }, { 0, 0 },
	};
	unsigned long limits[MAX_NR_ZONES] = {
		[ZONE_DMA32] = PFN_DOWN(RAM_END),
	};
	struct machine *m = this_machine();
	unsigned int cpu;

	early_memory(ram);
	m->nr_cpus = TEST_CPUS;
	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		cpumask_set_cpu(cpu, &m->cpu_present);
		cpumask_set_cpu(cpu, &m->cpu_online);
		m->cpu_node[cpu] = 0;
	}
	max_pfn = max_low_pfn = PFN_DOWN(RAM_END);
	free_area_init(limits);
	setup_per_cpu_areas();
	memblock_reserve(M(14), M(2));
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	kmem_cache_init();
	percpu_init();
	m->state = SYSTEM_RUNNING;
	page_alloc_init_late();
}

void cpu_become(unsigned int cpu)
{
	host_cpu.percpu_offset = this_machine()->percpu_offset[cpu];
	host_cpu.task = &tasks[cpu];
}

/* A thread for each CPU, which has it from here on. */
static void threads_start(void)
{
	unsigned int cpu;

	sched_init();
	for (cpu = TEST_CPUS; cpu--;) {
		struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);

		task_setup(&tasks[cpu], cpu, "sim");
		tasks[cpu].on_rq = true;
		tasks[cpu].pid = (int)cpu + 1;
		rq->curr = &tasks[cpu];
		host_cpu.percpu_offset = this_machine()->percpu_offset[cpu];
		port_set_current(&tasks[cpu]);
	}
}

/* ---- states ----------------------------------------------------------- */

static void piece_add(struct state *st, void *at, size_t size)
{
	struct piece *last = &st->pieces[st->nr_pieces - 1];

	st->size += size;
	if (st->nr_pieces && last->at + last->size == (char *)at) {
		last->size += size;
		return;
	}
	BUG_ON(st->nr_pieces == NR_PIECES);
	st->pieces[st->nr_pieces++] = (struct piece){ at, size };
}

/* Frames that are in use: those that the allocator gave out, but for those
 * that nobody looks at, and of what was reserved early all that is used. */
static bool frame_counts(unsigned long pfn)
{
	const struct page *page = pfn_to_page(pfn);

	if (PageReserved(page))
		return memchr_inv(page_address(page), 0, PAGE_SIZE);
	return page_ref_count(compound_head(page)) && !held[pfn];
}

static void pieces_find(struct state *st)
{
	struct machine *m = this_machine();
	char *end = (char *)(m + 1), *log = (char *)&m->log;
	unsigned long pfn;
	size_t size;
	void *data;

	piece_add(st, &m->arch.clock_now, sizeof(m->arch.clock_now));
	piece_add(st, &m->arch.random_state, sizeof(m->arch.random_state));
	piece_add(st, log, (size_t)(m->log.buf - log));
	piece_add(st, &m->cpu_online, (size_t)(end - (char *)&m->cpu_online));
	piece_add(st, tasks, sizeof(tasks));
	data = program_data(&size);
	piece_add(st, data, size);
	for (pfn = PFN_DOWN(RAM_START); pfn < PFN_DOWN(RAM_END); pfn++)
		if (frame_counts(pfn))
			piece_add(st, __va(PFN_PHYS(pfn)), PAGE_SIZE);
}

static void state_save(struct state *st)
{
	unsigned int i;
	char *to;

	pieces_find(st);
	to = st->copy = host_pages_alloc(st->size);
	BUG_ON(!to);
	for (i = 0; i < st->nr_pieces; i++) {
		memcpy(to, st->pieces[i].at, st->pieces[i].size);
		to += st->pieces[i].size;
	}
}

static void state_restore(const struct state *st)
{
	const char *from = st->copy;
	unsigned int i;

	for (i = 0; i < st->nr_pieces; i++) {
		memcpy(st->pieces[i].at, from, st->pieces[i].size);
		from += st->pieces[i].size;
	}
}

void machine_restore(enum start_state state)
{
	state_restore(&states[state]);
}

const struct books *machine_books(enum start_state state)
{
	return &states[state].books;
}

/* All but a few pages are somebody's, for good. */
static void pages_hold(void)
{
	const gfp_t gfp = GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN;
	struct page *page, *few[MAX_SHORT];
	unsigned int i = 0;

	BUG_ON(program_short > MAX_SHORT);
	while ((page = alloc_page(gfp))) {
		held[page_to_pfn(page)] = true;
		few[i++ % program_short] = page;
	}
	for (i = 0; i < program_short; i++) {
		held[page_to_pfn(few[i])] = false;
		__free_page(few[i]);
	}
}

static void state_make(enum start_state state)
{
	struct state *st = &states[state];

	if (state != START_FREE)
		program_warm();
	if (state == START_SHORT)
		pages_hold();
	state_save(st);
	program_empty();
	st->books = program_settle();
}

int simtest_start(bool large)
{
	static struct task_struct self;
	enum start_state i;
	int err;

	if (large)
		return -EINVAL;
	err = harness_machine(RAM_END, false);
	if (err)
		return err;
	this_arch()->clock_step = CLOCK_STEP;
	strscpy(self.comm, "sim", sizeof(self.comm));
	current = &self;
	memory_start();
	threads_start();
	local_irq_enable();
	program_start();
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

/* ---- what this program has not ---------------------------------------- */

const struct call *program_call(u64 *rng)
{
	return NULL;
}

void calls_watch(void)
{
}

void calls_tally(struct sim_tally *tally)
{
}

unsigned int simtest_nr_toys(void)
{
	return 0;
}

const char *simtest_toy(unsigned int i, bool *ok, char *text, size_t size)
{
	*ok = false;
	return "none";
}
