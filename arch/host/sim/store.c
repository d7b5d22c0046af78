// SPDX-License-Identifier: MIT
/*
 * Stores that others see late.
 *
 * A processor writes to memory some time after the store has been executed:
 * the store waits in a buffer of the CPU, which sees it itself, and leaves it
 * in order. Nothing else is reordered (this is x86's model). So what goes
 * wrong without a barrier goes wrong here, though each step of the simulation
 * is whole.
 *
 *   port_store(p, 1) ─► | p=1 | q=0 | ─► memory    by the scheduler's choice,
 *                        oldest             when the buffer is full, when the
 *                                           CPU passes port_locked_point(),
 *                                           ends, or is made to by a barrier
 *   port_load(p)     ◄── the newest of p in the own buffer, else memory
 *
 * Only stores that are marked by port_store() go through the buffer; all
 * others are seen at once, also before an older marked one. A marked store is
 * therefore one whose order no plain store after it relies on.
 */
#include "internal.h"

#include <linux/compiler.h>
#include <linux/string.h>

#include <asm/point.h>

static void store_now(struct sim *s, const struct sim_store *st)
{
	/* Little endian: the low bytes come first. */
	memcpy(st->at, &st->value, st->size);
	s->changes++;
}

void sim_flush_one(struct sim *s, unsigned int cpu)
{
	struct sim_cpu *c = &s->cpu[cpu];

	if (!c->nr_stores)
		return;
	store_now(s, &c->stores[0]);
	sim_event(s, SIM_EV_FLUSH, NULL, (long)cpu);
	c->nr_stores--;
	s->nr_held--;
	memmove(&c->stores[0], &c->stores[1],
		c->nr_stores * sizeof(c->stores[0]));
}

void sim_flush_all(struct sim *s, unsigned int cpu)
{
	while (s->cpu[cpu].nr_stores)
		sim_flush_one(s, cpu);
}

void sim_store(void *p, u64 value, size_t size)
{
	struct sim_store st = { p, value, size };
	struct sim *s = sim_now;
	struct sim_cpu *c;

	if (!s) {
		memcpy(p, &value, size);
		return;
	}
	sim_point(p, true);
	c = &s->cpu[s->cur];
	if (!c->nr_stores && !sim_policy_delay(s)) {
		store_now(s, &st);
		return;
	}
	if (c->nr_stores == SIM_STORES)
		sim_flush_one(s, s->cur);
	c->stores[c->nr_stores++] = st;
	s->nr_held++;
	s->result.delayed++;
	sim_event(s, SIM_EV_DELAY, __builtin_return_address(0), 0);
}

u64 sim_load(const void *p, size_t size)
{
	struct sim *s = sim_now;
	struct sim_cpu *c;
	unsigned int i;
	u64 value = 0;

	if (s) {
		sim_point(p, false);
		c = &s->cpu[s->cur];
		for (i = c->nr_stores; i-- > 0; )
			if (c->stores[i].at == p)
				return c->stores[i].value;
	}
	memcpy(&value, p, size);
	return value;
}

void sim_locked_point(const volatile void *object)
{
	struct sim *s = sim_now;

	if (!s)
		return;
	sim_point(object, true);
	if (s->nr_held)
		sim_flush_all(s, s->cur);
}
