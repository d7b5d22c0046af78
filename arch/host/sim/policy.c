// SPDX-License-Identifier: MIT
/*
 * Who goes on: the scheduler's three ways to choose.
 *
 * Random. At each point another CPU goes on with a chance that is drawn for
 * the run, from often to seldom: races that need many switches and those that
 * need one long stay are met both. Interrupts come, and held back stores
 * become visible, in the same way.
 *
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, 2010). CPUs have priorities
 * in a random order, and the highest that can go on does. At a few random
 * steps the running CPU's falls below all others. A bug that takes d
 * orderings between n CPUs in k steps is met with a chance of at least
 * 1 / (n * k^(d - 1)), whatever the program does.
 *
 * Plan. The running CPU goes on until it cannot, but for a few steps at which
 * something is to happen. A test that asks what could have happened where
 * (sim_config.offered) can go through all plans of that length.
 *
 * All draws come from one generator in the order of the steps, so that a seed
 * gives the same run again.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/random.h>

/* Steps of a run are between these for PCT: 2^6 to 2^10. */
#define PCT_STEPS_MIN	6
#define PCT_STEPS_MAX	10

static unsigned int draw(struct sim *s, const u8 *from, unsigned int n)
{
	return from[random_below(&s->rng, n)];
}

static void random_start(struct sim *s)
{
	static const u8 switches[] = { 128, 64, 24, 8 };
	static const u8 interrupts[] = { 32, 8, 2 };
	static const u8 flushes[] = { 128, 24, 2, 0 };

	s->odds_switch = draw(s, switches, ARRAY_SIZE(switches));
	s->odds_interrupt = draw(s, interrupts, ARRAY_SIZE(interrupts));
	s->odds_flush = draw(s, flushes, ARRAY_SIZE(flushes));
	s->odds_delay = 128;
}

static void pct_start(struct sim *s)
{
	u64 steps = 1ULL << random_between(&s->rng, PCT_STEPS_MIN,
					   PCT_STEPS_MAX);
	unsigned int i, j;

	random_start(s);
	s->odds_switch = 0;
	for (i = 0; i < s->config->nr_cpus; i++) {
		j = (unsigned int)random_below(&s->rng, i + 1);
		s->prio[i] = s->prio[j];
		s->prio[j] = (int)i + 1;
	}
	s->prio_lowest = 0;
	s->nr_changes = (unsigned int)random_below(&s->rng, SIM_CHANGES);
	for (i = 0; i < s->nr_changes; i++)
		s->change[i] = (u32)random_below(&s->rng, steps);
}

void sim_policy_start(struct sim *s)
{
	s->rng = s->config->seed;
	s->nr_held = 0;
	s->plan_next = 0;
	s->interrupts_left = s->config->interrupts;
	if (s->config->policy == SIM_RANDOM)
		random_start(s);
	else if (s->config->policy == SIM_PCT)
		pct_start(s);
	if (s->config->policy == SIM_PLAN)
		s->cur = s->config->first;
	else
		s->cur = (unsigned int)random_below(&s->rng,
						    s->config->nr_cpus);
}

bool sim_policy_delay(struct sim *s)
{
	if (s->config->policy == SIM_PLAN)
		return s->config->lazy;
	return random_next(&s->rng) % 256 < s->odds_delay;
}

/* The @n-th CPU of @mask, from 0. */
static unsigned int nth_of(unsigned int mask, unsigned int n)
{
	while (n--)
		mask &= mask - 1;
	return (unsigned int)__ffs(mask);
}

static unsigned int one_of(struct sim *s, unsigned int mask)
{
	return nth_of(mask, (unsigned int)random_below(&s->rng,
						       hweight64(mask)));
}

static unsigned int holders(const struct sim *s)
{
	unsigned int cpu, mask = 0;

	for (cpu = 0; cpu < s->config->nr_cpus; cpu++)
		if (s->cpu[cpu].nr_stores)
			mask |= 1U << cpu;
	return mask;
}

static unsigned int highest_of(const struct sim *s, unsigned int mask)
{
	unsigned int cpu, best = (unsigned int)__ffs(mask);

	for (cpu = best + 1; cpu < s->config->nr_cpus; cpu++)
		if (mask & 1U << cpu && s->prio[cpu] > s->prio[best])
			best = cpu;
	return best;
}

static void pct_change(struct sim *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_changes; i++)
		if (s->change[i] == s->result.steps)
			s->prio[s->cur] = --s->prio_lowest;
}

static struct sim_choice chance(struct sim *s)
{
	struct sim_choice c = { .what = SIM_GO_ON };
	u64 r = random_next(&s->rng);
	unsigned int ready;

	if (s->nr_held && (r & 255) < s->odds_flush) {
		c.what = SIM_FLUSH;
		c.cpu = (u8)one_of(s, holders(s));
		return c;
	}
	if (s->interrupts_left && (r >> 8 & 255) < s->odds_interrupt &&
	    sim_interruptible(s)) {
		c.what = SIM_INTERRUPT;
		return c;
	}
	if (s->config->policy == SIM_PCT) {
		pct_change(s);
		c.cpu = (u8)highest_of(s, sim_ready(s) | 1U << s->cur);
		c.what = c.cpu == s->cur ? SIM_GO_ON : SIM_SWITCH;
	} else if ((r >> 16 & 255) < s->odds_switch) {
		ready = sim_ready(s);
		if (ready) {
			c.what = SIM_SWITCH;
			c.cpu = (u8)one_of(s, ready);
		}
	}
	return c;
}

static void plan_offer(struct sim *s)
{
	struct sim_offer *offered = s->config->offered;
	unsigned int what = 0;

	if (!offered || s->result.steps >= s->config->max_steps)
		return;
	if (s->may_switch && sim_ready(s))
		what |= 1U << SIM_SWITCH;
	if (s->interrupts_left && sim_interruptible(s))
		what |= 1U << SIM_INTERRUPT;
	if (s->nr_held)
		what |= 1U << SIM_FLUSH;
	offered[s->result.steps] = (struct sim_offer){
		.object = s->object, .whats = (u8)what, .cpu = (u8)s->cur,
		.write = s->write, .nested = s->cpu[s->cur].nested,
	};
}

void sim_policy_none(struct sim *s)
{
	if (s->config->offered && s->result.steps < s->config->max_steps)
		s->config->offered[s->result.steps].whats = 0;
}

static struct sim_choice planned(struct sim *s)
{
	static const struct sim_choice go_on = { .what = SIM_GO_ON };
	const struct sim_config *config = s->config;
	struct sim_choice c;

	plan_offer(s);
	if (s->plan_next == config->nr_plan ||
	    config->plan[s->plan_next].step != s->result.steps)
		return go_on;
	c = config->plan[s->plan_next++];
	if (c.what == SIM_SWITCH && sim_ready(s))
		c.cpu = (u8)__ffs(sim_ready(s));
	else if (c.what == SIM_FLUSH && s->nr_held)
		c.cpu = (u8)__ffs(holders(s));
	else if (c.what != SIM_INTERRUPT || !sim_interruptible(s))
		return go_on;
	return c;
}

struct sim_choice sim_policy_point(struct sim *s)
{
	return s->config->policy == SIM_PLAN ? planned(s) : chance(s);
}

unsigned int sim_policy_pick(struct sim *s, unsigned int mask)
{
	if (s->config->policy == SIM_PLAN)
		return (unsigned int)__ffs(mask);
	if (s->config->policy == SIM_PCT) {
		pct_change(s);
		return highest_of(s, mask);
	}
	return one_of(s, mask);
}
