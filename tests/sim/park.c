// SPDX-License-Identifier: MIT
/*
 * Which call comes next, and CPUs that stand still: with its program half
 * done each CPU parks until the others have come so far, and those that take
 * no part are parked all the time. A parked CPU can be taken off-line and
 * brought back, by one of the others at a time.
 */
#include "sim_test.h"

#include <asm/processor.h>
#include <octavo/random.h>

enum park { PARK_NOT, PARK_PARKED, PARK_OFF };

static struct {
	unsigned int nr_cpus;
	unsigned int nr_over;		/* have come to their end */
	enum park park[TEST_CPUS];
	bool handling[TEST_CPUS];	/* an interrupt */
	bool hotplug;			/* one at a time */
} state;

void calls_start(unsigned int nr_cpus)
{
	unsigned int cpu;

	state.nr_cpus = nr_cpus;
	state.nr_over = 0;
	state.hotplug = false;
	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		state.park[cpu] = cpu < nr_cpus ? PARK_NOT : PARK_PARKED;
		state.handling[cpu] = false;
	}
	program_calls_start();
}

unsigned int park_take(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < TEST_CPUS; cpu++)
		if (state.park[cpu] == PARK_PARKED && !state.handling[cpu])
			break;
	if (cpu == TEST_CPUS || state.hotplug)
		return TEST_CPUS;
	state.hotplug = true;
	state.park[cpu] = PARK_OFF;
	return cpu;
}

void park_back(unsigned int cpu)
{
	state.hotplug = false;
	state.park[cpu] = cpu < state.nr_cpus ? PARK_NOT : PARK_PARKED;
}

void call_park(unsigned int cpu)
{
	state.park[cpu] = PARK_PARKED;
	state.nr_over++;
	while (state.park[cpu] == PARK_OFF ||
	       (state.park[cpu] == PARK_PARKED &&
		state.nr_over < state.nr_cpus))
		cpu_relax();
	if (state.park[cpu] == PARK_PARKED)
		state.park[cpu] = PARK_NOT;
}

void call_interrupt(u64 *rng, unsigned int cpu)
{
	const struct call *call;

	/* Nothing comes to a CPU that is off-line. */
	if (state.park[cpu] == PARK_OFF)
		return;
	state.handling[cpu] = true;
	call = call_choose(rng, true);
	sim_note(call->name, 0, 0);
	call->fn(rng);
	state.handling[cpu] = false;
}

const struct call *call_choose(u64 *rng, bool interrupt)
{
	const struct call *call = interrupt ? NULL : program_call(rng);
	unsigned int sum = 0, i, at;

	if (call)
		return call;
	for (i = 0; i < nr_calls; i++)
		if (calls[i].interrupt || !interrupt)
			sum += calls[i].weight;
	at = (unsigned int)random_below(rng, sum);
	for (i = 0; ; i++) {
		if (interrupt && !calls[i].interrupt)
			continue;
		if (at < calls[i].weight)
			return &calls[i];
		at -= calls[i].weight;
	}
}
