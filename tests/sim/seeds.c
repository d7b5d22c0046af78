// SPDX-License-Identifier: MIT
/*
 * Seeded schedules: each seed is a starting state, a number of CPUs, a random
 * program for each of them and the scheduler's chance. Nothing else goes in,
 * so the seed has it all again.
 */
#include "sim_test.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/random.h>

#include "../../arch/host/host.h"
#include "../../arch/host/os/include/host_os.h"

#define PROGRAM_MAX	8	/* calls of one CPU */
#define INTERRUPTS	4	/* at most, in a run */
#define MAX_STEPS	200000	/* a hundred times as long as any run takes */

const char *failure;

struct program {
	u64 rng[TEST_CPUS];		/* of the calls' arguments */
	u64 handler_rng;		/* of interrupts' */
	unsigned int nr[TEST_CPUS];	/* calls; half of them before a stop */
};

static void program_run(struct program *p, unsigned int cpu, unsigned int n)
{
	for (; n; n--) {
		const struct call *call = call_choose(&p->rng[cpu], false);

		sim_note(call->name, 0, 0);
		call->fn(&p->rng[cpu]);
		calls_watch();
	}
}

static void body(void *ctx, unsigned int cpu)
{
	struct program *p = ctx;

	program_run(p, cpu, p->nr[cpu] / 2);
	call_park(cpu);
	program_run(p, cpu, p->nr[cpu] - p->nr[cpu] / 2);
}

static void handler(void *ctx, unsigned int cpu)
{
	struct program *p = ctx;

	call_interrupt(&p->handler_rng, cpu);
}

static void tally_add(struct sim_tally *tally, const struct sim_result *r)
{
	tally->runs++;
	tally->steps += r->steps;
	tally->switches += r->switches;
	tally->interrupts += r->interrupts;
	tally->delayed += r->delayed;
}

struct check {
	enum start_state state;
	bool thorough;
};

static void check(void *arg)
{
	const struct check *c = arg;

	failure = "checking did not come to its end";
	failure = oracle_check(c->state, c->thorough);
}

void simtest_crashed(void)
{
	if (sim_current())
		sim_stop("memory was accessed that is not there");
	if (failure && host_can_throw())
		host_throw(HOST_THROW_PANIC);
}

bool run_checked(enum start_state state, const struct sim_config *config,
		 bool thorough, struct sim_tally *tally)
{
	struct check c = { state, thorough };
	struct sim_result result;

	machine_restore(state);
	calls_start(config->nr_cpus);
	sim_run(test_sim(), config, &result);
	tally_add(tally, &result);
	calls_tally(tally);
	if (result.end != SIM_DONE)
		failure = sim_why(test_sim());
	else
		host_catch(check, &c);
	return !failure;
}

static bool seed_run(enum sim_policy policy, u64 seed, struct sim_tally *tally)
{
	u64 rng = seed * 2 + 1;
	struct program p;
	struct sim_config config = {
		.policy = policy,
		.max_steps = MAX_STEPS,
		.body = body, .interrupt = handler, .ctx = &p,
	};
	enum start_state state;
	unsigned int i;

	state = (enum start_state)random_below(&rng, NR_START_STATES);
	/* Only who finds little is served with what is kept. */
	if (machine_is_large() && seed & 1)
		state = START_SHORT;
	config.nr_cpus = (unsigned int)random_between(&rng, 2, TEST_CPUS);
	config.seed = random_next(&rng);
	config.interrupts = (unsigned int)random_below(&rng, INTERRUPTS + 1);
	p.handler_rng = random_next(&rng);
	for (i = 0; i < config.nr_cpus; i++) {
		p.rng[i] = random_next(&rng);
		p.nr[i] = (unsigned int)random_between(&rng, 1, PROGRAM_MAX);
	}
	return run_checked(state, &config, seed % 4 == 0, tally);
}

bool simtest_seeds(const char *policy, uint64_t seed, uint64_t nr,
		   struct sim_tally *tally)
{
	bool mixed = !strcmp(policy, "mixed");
	bool pct = !strcmp(policy, "pct");

	if (!mixed && !pct && strcmp(policy, "random"))
		return false;
	for (; nr && !tally->failed; nr--, seed++) {
		bool with_pct = mixed ? seed & 1 : pct;

		if (seed_run(with_pct ? SIM_PCT : SIM_RANDOM, seed, tally))
			continue;
		tally->failed = true;
		scnprintf(tally->replay, sizeof(tally->replay),
			  "%s--policy %s --seed %llu --schedules 1",
			  machine_is_large() ? "--large " : "",
			  with_pct ? "pct" : "random", (u64)seed);
	}
	return true;
}
