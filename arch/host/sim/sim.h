/* SPDX-License-Identifier: MIT */
/*
 * The simulator, as its tests see it: the CPUs of one machine as coroutines
 * of one thread, and who of them goes on at each point as an input. Theory in
 * sim.c.
 */
#ifndef OCTAVO_SIM_H
#define OCTAVO_SIM_H

#include <linux/types.h>

#define SIM_CPUS	4	/* at most */

enum sim_policy {
	SIM_RANDOM,	/* at each point, chance */
	SIM_PCT,	/* by priorities that change a few times */
	SIM_PLAN,	/* as sim_config.plan says, else on and on */
};

/* What can happen at a point, besides that its CPU goes on. */
enum sim_what {
	SIM_GO_ON,
	SIM_SWITCH,	/* CPU .cpu goes on instead */
	SIM_INTERRUPT,	/* an interrupt comes to the CPU */
	SIM_FLUSH,	/* the oldest store of CPU .cpu becomes visible */
};

struct sim_choice {
	u32 step;		/* points passed before it */
	u8 what;		/* SIM_* */
	u8 cpu;			/* whose; in a plan, the first that could */
};

/* What could have happened at a step, and what its CPU was about to do. */
struct sim_offer {
	const volatile void *object;	/* touch this; NULL: not known */
	u8 whats;		/* bits of 1 << SIM_* */
	u8 cpu;			/* the CPU */
	bool write;		/* and not only read it */
	bool nested;		/* in an interrupt */
};

/* How a run ended. */
enum sim_end {
	SIM_DONE,		/* all CPUs came to the end of their bodies */
	SIM_PANIC,		/* the machine's; the log has the report */
	SIM_STOPPED,		/* sim_stop() */
	SIM_DEADLOCK,		/* every CPU waits for another */
	SIM_ENDLESS,		/* max_steps points, and no end in sight */
};

struct sim_config {
	unsigned int nr_cpus;	/* of the machine's, from CPU 0 on */
	enum sim_policy policy;
	u64 seed;		/* of all chance */
	u32 max_steps;		/* points after which a run is given up */

	/* What CPU @cpu does; interrupts are on. */
	void (*body)(void *ctx, unsigned int cpu);
	/* An interrupt's handler; NULL: no interrupts. */
	void (*interrupt)(void *ctx, unsigned int cpu);
	void *ctx;
	unsigned int interrupts;	/* how many may come in a run */

	/* SIM_PLAN alone. */
	unsigned int first;		/* the CPU that starts */
	bool lazy;			/* stores become visible only when they
					 * must; false: at once */
	const struct sim_choice *plan;	/* by step, rising */
	unsigned int nr_plan;
	/* For each step its choices; room for max_steps. NULL: not wanted. */
	struct sim_offer *offered;
};

struct sim_result {
	enum sim_end end;
	u32 steps;		/* points passed */
	u32 switches;		/* from CPU to CPU */
	u32 interrupts;		/* delivered */
	u32 delayed;		/* stores that others saw late */
};

struct sim;

/*
 * A simulator for the machine that the calling thread is bound to, whose
 * CPUs have their per-CPU areas. NULL when memory lacks. One at a time.
 */
struct sim *sim_create(void);
void sim_destroy(struct sim *s);
/* One run from the machine as it is. The thread is CPU 0 again afterwards. */
void sim_run(struct sim *s, const struct sim_config *config,
	     struct sim_result *result);
const char *sim_end_name(enum sim_end end);

/* For bodies and handlers. */

/* A point of the test's own. */
void sim_yield(void);
/* Ends the run here: @why is shown with it, and must stay. */
void __noreturn sim_stop(const char *why);
/* Remembers that something happened: @text with two numbers in it (%ld). */
void sim_note(const char *text, long a, long b);
/* The run's seed and the like; NULL: no run. */
struct sim *sim_current(void);
unsigned int sim_cpu(void);

/*
 * The last happenings of the last run, oldest first, each with the place of
 * the code (0: none) at which it was.
 */
void sim_trace(struct sim *s, void (*emit)(void *ctx, const char *text,
					   unsigned long place), void *ctx);
/* What sim_stop() said, or what a deadlock is. */
const char *sim_why(const struct sim *s);

/*
 * What CPUs remember of the page tables (tlb.c). These end the run when
 * something is wrong.
 */

/* Nothing, from here on. */
void sim_tlb_reset(void);
/*
 * The running CPU accesses @addr, a mapped one of VMALLOC_START and so on that
 * stays so meanwhile: the frame that it comes to. @strict: that is not freed
 * before a flush.
 */
unsigned long sim_tlb_touch(unsigned long addr, bool strict);
/* Whether a CPU remembers anything of [start, end). */
bool sim_tlb_holds(unsigned long start, unsigned long end);

/* The planted bug that is there from now on (octavo/plant.h); 0: none. */
void sim_plant(int plant);

#endif
