/* SPDX-License-Identifier: MIT */
/* What the core's half of the simulation's tests shares. */
#ifndef OCTAVO_TESTS_SIM_TEST_H
#define OCTAVO_TESTS_SIM_TEST_H

#include <linux/gfp.h>
#include <linux/mm.h>

#include "../../arch/host/sim/sim.h"

#include "run.h"

/* ---- machine.c: the machine, and its starting states ------------------ */

#define TEST_CPUS	SIM_CPUS
#define TEST_FRAMES	4096UL	/* frames below this: 16 MiB */

/* How the machine's memory stands when a run starts. */
enum start_state {
	START_FREE,		/* nearly all is free */
	START_MIXED,		/* about half, in pieces */
	START_SHORT,		/* a few dozen pages above the reserve */
	NR_START_STATES
};

/* Whether zones keep pageblocks for HIGHATOMIC requests. */
bool machine_is_large(void);
struct sim *test_sim(void);
/* Puts machine and oracle back to @state: costs two copies. */
void machine_restore(enum start_state state);
/* Blocks that are free below pageblock_order once all slots are free. */
unsigned long machine_blocks(enum start_state state);
/* Counts them as they are now. */
unsigned long machine_count_blocks(void);

/* ---- oracle.c: who owns what ------------------------------------------ */

#define NR_SLOTS	96	/* allocations that calls can free */

enum slot_kind {
	SLOT_EMPTY,
	SLOT_BLOCK,		/* __free_pages() */
	SLOT_FOLIO,		/* folio_put() */
	SLOT_CONTIG,		/* free_contig_range() */
};

struct slot {
	enum slot_kind kind;
	u32 pfn;
	u32 order;		/* of a block */
	u32 nr;			/* pages */
};

struct oracle {
	u8 owner[TEST_FRAMES];	/* slot + 1, or OWNER_* */
	struct slot slots[NR_SLOTS];
	u32 nr_owned;		/* frames of slots and held ones */
	u32 nr_total;		/* free, in per-CPU lists or owned */
};

#define OWNER_FREE	0
#define OWNER_HELD	254	/* taken for good before the run */
#define OWNER_NONE	255	/* not the allocator's */

extern struct oracle oracle;

/* These end the run when something is wrong. */

/* Pages that a call brought; false when no slot was left (then freed). */
bool oracle_take(struct page *page, unsigned int order, enum slot_kind kind);
bool oracle_take_range(unsigned long pfn, unsigned long nr);
/* Some slot, by @rng, becomes the caller's to free; NULL: none. */
bool oracle_give(u64 *rng, struct slot *slot);
/* The same for a given one. */
bool oracle_give_slot(unsigned int i, struct slot *slot);
void slot_free(const struct slot *slot);
/* After a run: NULL, or what is wrong with machine and books. */
const char *oracle_check(enum start_state state, bool thorough);
/*
 * Whether requests without any claim to the reserves leave just those. For
 * the end of a run, with the lists drained. NULL, or what is wrong.
 */
const char *reserves_check(void);
/* Before a run: takes stock. */
void oracle_start(void);
void oracle_hold(unsigned long pfn, unsigned long nr);

/* ---- calls.c: what CPUs do -------------------------------------------- */

/* One call with its choices drawn from *@rng. */
struct call {
	const char *name;
	void (*fn)(u64 *rng);
	unsigned int weight;	/* how often in programs */
	bool interrupt;		/* handlers may make it */
};

extern const struct call calls[];
extern const unsigned int nr_calls;

/* Forgets what calls keep from one to the next. */
void program_calls_start(void);
/* One that is chosen before all others; NULL: none. */
const struct call *program_call(u64 *rng);
/* Reclaim's answers are the calls', from here on: for the large machine. */
void calls_register(void);
/* After a call: what became of HIGHATOMIC pageblocks meanwhile. */
void calls_watch(void);
void calls_tally(struct sim_tally *tally);

/* ---- park.c ----------------------------------------------------------- */

/* Before a run. CPUs from @nr_cpus on stand still all the time. */
void calls_start(unsigned int nr_cpus);
/* A CPU that stands still, to be taken off-line; TEST_CPUS: none. */
unsigned int park_take(void);
void park_back(unsigned int cpu);
/* A call chosen by weight. */
const struct call *call_choose(u64 *rng, bool interrupt);
/* What an interrupt's handler does. */
void call_interrupt(u64 *rng, unsigned int cpu);
/* After a CPU's program: it may go off-line and come back. */
void call_park(unsigned int cpu);

/* ---- the program's plants --------------------------------------------- */

struct plant_text {
	int id;			/* enum plant */
	const char *name, *text;
};
extern const struct plant_text plants[];
extern const unsigned int nr_plants;

/* ---- seeds.c ---------------------------------------------------------- */

/* The last run's failure; NULL: it did not fail. */
extern const char *failure;
/* A run from @state with the books checked after it; false: it failed. */
bool run_checked(enum start_state state, const struct sim_config *config,
		 bool thorough, struct sim_tally *tally);

#endif
