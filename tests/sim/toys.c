// SPDX-License-Identifier: MIT
/*
 * Known mistakes, small enough to be sure of, that the simulator must find,
 * and their cures, in which it must find nothing. Each is tried with as many
 * seeds of each policy as a test of its size needs many times over.
 */
#include "toys.h"

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <asm/processor.h>
#include <octavo/plant.h>
#include <octavo/random.h>

#define TOY_RUNS	2000	/* of each policy */
#define TOY_STEPS	5000

static struct {
	atomic_t count;
	spinlock_t a, b;
	u32 x, y;
	u32 saw[2];
	bool inside;
	u32 calls;
} toy;

/* ---- two CPUs read, then write --------------------------------------- */

static void lost_update(void *ctx, unsigned int cpu)
{
	atomic_set(&toy.count, atomic_read(&toy.count) + 1);
}

static void kept_update(void *ctx, unsigned int cpu)
{
	atomic_inc(&toy.count);
}

static const char *two_counted(void)
{
	return atomic_read(&toy.count) == 2 ? NULL : "an update is lost";
}

/* ---- two locks, in two orders ----------------------------------------- */

static void abba(void *ctx, unsigned int cpu)
{
	spin_lock(cpu ? &toy.b : &toy.a);
	spin_lock(cpu ? &toy.a : &toy.b);
	spin_unlock(&toy.a);
	spin_unlock(&toy.b);
}

static void abab(void *ctx, unsigned int cpu)
{
	spin_lock(&toy.a);
	spin_lock(&toy.b);
	spin_unlock(&toy.b);
	spin_unlock(&toy.a);
}

/* ---- each says that it is there, and looks for the other -------------- */

static void dekker(void *ctx, unsigned int cpu)
{
	port_store(cpu ? &toy.y : &toy.x, 1U, __ATOMIC_RELAXED);
	toy.saw[cpu] = port_load(cpu ? &toy.x : &toy.y, __ATOMIC_RELAXED);
}

static void dekker_fenced(void *ctx, unsigned int cpu)
{
	port_store(cpu ? &toy.y : &toy.x, 1U, __ATOMIC_RELAXED);
	smp_mb();
	toy.saw[cpu] = port_load(cpu ? &toy.x : &toy.y, __ATOMIC_RELAXED);
}

static const char *one_seen(void)
{
	return toy.saw[0] || toy.saw[1] ? NULL :
	       "both came first: a store was seen late";
}

/* ---- stores of one CPU stay in order ---------------------------------- */

static void message(void *ctx, unsigned int cpu)
{
	if (!cpu) {
		port_store(&toy.x, 1U, __ATOMIC_RELAXED);
		port_store(&toy.y, 1U, __ATOMIC_RELEASE);
		return;
	}
	toy.saw[0] = port_load(&toy.y, __ATOMIC_ACQUIRE);
	toy.saw[1] = port_load(&toy.x, __ATOMIC_RELAXED);
}

static const char *in_order(void)
{
	return toy.saw[0] && !toy.saw[1] ? "stores were seen out of order" :
					   NULL;
}

/* ---- a lock that an interrupt takes too ------------------------------- */

static void lock_open(void *ctx, unsigned int cpu)
{
	spin_lock(&toy.a);
	spin_unlock(&toy.a);
}

static void lock_shut(void *ctx, unsigned int cpu)
{
	unsigned long flags;

	spin_lock_irqsave(&toy.a, flags);
	spin_unlock_irqrestore(&toy.a, flags);
}

/* ---- a CPU waits for what another one does ---------------------------- */

static void hand_over(void *ctx, unsigned int cpu)
{
	if (cpu)
		while (!atomic_read(&toy.count))
			cpu_relax();
	else
		atomic_set(&toy.count, 2);
}

/* Nobody ever does it. */
static void no_hand_over(void *ctx, unsigned int cpu)
{
	while (!atomic_read(&toy.count))
		cpu_relax();
}

/* Without saying that it waits. */
static void busy_loop(void *ctx, unsigned int cpu)
{
	if (cpu)
		while (!atomic_read(&toy.count))
			;
}

/* ---- calls across CPUs ------------------------------------------------ */

static void called(void *info)
{
	toy.calls++;
	atomic_inc(&toy.count);
}

static void call_each_other(void *ctx, unsigned int cpu)
{
	smp_call_function_single((int)!cpu, called, NULL, 1);
}

/* Two CPUs that call each other with interrupts off never answer. */
static void call_shut(void *ctx, unsigned int cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	atomic_inc(&toy.count);
	while (atomic_read(&toy.count) < 3)
		cpu_relax();
	local_irq_restore(flags);
}

#define DEADLOCK	"every CPU waits for another"
#define ENDLESS		"the limit of steps was reached"

static const struct toy_case toys[] = {
	{ "lost_update", lost_update, NULL, two_counted, "an update is lost" },
	{ "kept_update", kept_update, NULL, two_counted, NULL },
	{ "locks_crossed", abba, NULL, NULL, DEADLOCK },
	{ "locks_in_order", abab, NULL, NULL, NULL },
	{ "no_barrier", dekker, NULL, one_seen,
	  "both came first: a store was seen late" },
	{ "barrier", dekker_fenced, NULL, one_seen, NULL },
	{ "stores_in_order", message, NULL, in_order, NULL },
	{ "lock_in_interrupt", lock_open, lock_open, NULL, DEADLOCK },
	{ "lock_without_interrupts", lock_shut, lock_shut, NULL, NULL },
	{ "waits_for_another", hand_over, NULL, two_counted, NULL },
	{ "waits_for_nobody", no_hand_over, NULL, NULL, DEADLOCK },
	{ "waits_in_silence", busy_loop, NULL, NULL, ENDLESS },
	{ "calls_each_other", call_each_other, NULL, two_counted, NULL },
	{ "calls_unanswered", call_shut, NULL, NULL, DEADLOCK },
};

unsigned int simtest_nr_toys(void)
{
	return ARRAY_SIZE(toys) + nr_ring_toys;
}

/* One run; NULL when nothing was found. */
static const char *toy_run(const struct toy_case *t, enum sim_policy policy,
			   u64 seed)
{
	struct sim_config config = {
		.nr_cpus = 2, .policy = policy, .seed = seed,
		.max_steps = TOY_STEPS, .body = t->body,
		.interrupt = t->interrupt,
		.interrupts = t->interrupt ? t->interrupts ?: 2 : 0,
	};
	struct sim_result result;

	machine_restore(START_FREE);
	memset(&toy, 0, sizeof(toy));
	if (t->start)
		t->start();
	sim_plant(t->plant);
	sim_run(test_sim(), &config, &result);
	sim_plant(PLANT_NONE);
	if (result.end != SIM_DONE)
		return sim_why(test_sim());
	return t->check ? t->check() : NULL;
}

const char *simtest_toy(unsigned int i, bool *ok, char *text, size_t size)
{
	const struct toy_case *t = i < ARRAY_SIZE(toys) ?
		&toys[i] : &ring_toys[i - ARRAY_SIZE(toys)];
	enum sim_policy policy;
	const char *found;
	int at = 0;
	u64 seed;

	*ok = true;
	text[0] = '\0';
	for (policy = SIM_RANDOM; policy <= SIM_PCT; policy++) {
		found = NULL;
		for (seed = 1; seed <= TOY_RUNS && !found; seed++)
			found = toy_run(t, policy, seed);
		at += scnprintf(text + at, size - (size_t)at, "%s%s: ",
				at ? "; " : "",
				policy == SIM_PCT ? "pct" : "random");
		if (found)
			at += scnprintf(text + at, size - (size_t)at,
					"%s after %llu", found, seed - 1);
		else
			at += scnprintf(text + at, size - (size_t)at,
					"nothing in %u", TOY_RUNS);
		if (!found != !t->expect ||
		    (found && strcmp(found, t->expect)))
			*ok = false;
	}
	return t->name;
}
