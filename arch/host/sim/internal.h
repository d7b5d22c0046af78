/* SPDX-License-Identifier: MIT */
/* What the files of the simulator share; theory in sim.c. */
#ifndef OCTAVO_SIM_INTERNAL_H
#define OCTAVO_SIM_INTERNAL_H

#include "sim.h"

#include <octavo/machine.h>

#define SIM_STACK	(128UL << 10)	/* bytes; a report needs most */
#define SIM_STORES	4	/* that a CPU can hold back; a real one: dozens */
#define SIM_EVENTS	256	/* remembered, a power of two */
#define SIM_CHANGES	8	/* of priority in a run */

/* A store that only its own CPU sees yet. */
struct sim_store {
	void *at;
	u64 value;
	size_t size;		/* bytes */
};

enum sim_state {
	SIM_RUNS,		/* or would, if it were chosen */
	SIM_WAITS,		/* spins: nothing to do before others did */
	SIM_IDLE,		/* its body is over */
};

struct sim_cpu {
	void *sp;		/* while another one runs: its stack pointer */
	char *stack;		/* lowest address */
	struct host_cpu regs;	/* while another one runs: its host_cpu */
	enum sim_state state;
	const void *where;	/* the code of the last point */
	u64 points;		/* passed, turns of one wait only once */
	u64 wait_points;	/* of them before the wait that it is in */
	const void *wait_site;	/* the code of that wait */
	u64 seen;		/* what others had done when it looked last */
	bool call;		/* another CPU has calls for it */
	bool interrupt;		/* one is to come when it goes on */
	unsigned int nested;	/* 1 in an interrupt */
	struct sim_store stores[SIM_STORES];	/* oldest first */
	unsigned int nr_stores;
};

enum sim_event_kind { SIM_EV_SWITCH, SIM_EV_INTERRUPT, SIM_EV_CALL,
		      SIM_EV_DELAY, SIM_EV_FLUSH, SIM_EV_WAIT, SIM_EV_NOTE,
		      SIM_EV_IDLE };

struct sim_event {
	enum sim_event_kind kind;
	u32 step;
	unsigned int cpu;
	const void *where;	/* code, or NULL */
	const char *text;	/* of a note */
	long a, b;		/* of a note; the other CPU */
};

struct sim {
	struct machine *machine;
	const struct sim_config *config;	/* of the run */
	struct sim_result result;
	const char *why;	/* it failed */
	unsigned int cur;	/* the CPU that runs */
	struct sim_cpu cpu[SIM_CPUS];
	void *main_sp;		/* of sim_run() */
	struct host_cpu main_regs;
	u64 points;		/* of all CPUs, as theirs count */
	u64 changes;		/* seen by waiting CPUs that no CPU's point
				 * made: stores that became visible */
	unsigned int interrupts_left;
	const volatile void *object;	/* what the point is about, or NULL */
	bool write;		/* and not only to be read */
	bool may_switch;	/* another CPU may go on at the point */
	unsigned int looks;	/* since a CPU last came to a new wait */

	/* policy.c */
	u64 rng;
	unsigned int nr_held;	/* stores that are held back, of all CPUs */
	unsigned int odds_switch, odds_interrupt, odds_flush;	/* of 256 */
	unsigned int odds_delay;	/* a store is held back at all */
	int prio[SIM_CPUS];	/* PCT: highest runs */
	int prio_lowest;
	u32 change[SIM_CHANGES];	/* PCT: steps at which it changes */
	unsigned int nr_changes;
	unsigned int plan_next;

	struct sim_event events[SIM_EVENTS];
	u64 nr_events;		/* ever */
};

/* switch.c: saves this stack pointer to *@save and goes on at @load. */
void sim_switch(void **save, void *load);
/* A stack that, switched to, runs @fn, which never returns. */
void *sim_stack_setup(char *stack, size_t size, void (*fn)(void));

/* policy.c */
void sim_policy_start(struct sim *s);
/* What happens at a point of the running CPU, which could go on. */
struct sim_choice sim_policy_point(struct sim *s);
/* A step at which nothing is chosen. */
void sim_policy_none(struct sim *s);
/* One of the CPUs of @mask, as the running one cannot go on. */
unsigned int sim_policy_pick(struct sim *s, unsigned int mask);
/* Whether a store is held back. */
bool sim_policy_delay(struct sim *s);

/* sim.c: whether an interrupt could come to the running CPU now. */
bool sim_interruptible(const struct sim *s);
/* The CPUs that could go on, but for the running one. */
unsigned int sim_ready(const struct sim *s);

/* store.c */
void sim_flush_one(struct sim *s, unsigned int cpu);
void sim_flush_all(struct sim *s, unsigned int cpu);

/* trace.c */
void sim_event(struct sim *s, enum sim_event_kind kind, const void *where,
	       long a);

extern __thread struct sim *sim_now
	__attribute__((tls_model("initial-exec")));

#endif
