// SPDX-License-Identifier: MIT
/* The last happenings of a run, kept in a ring and shown when it failed. */
#include "internal.h"

#include <linux/kernel.h>

static struct sim_event *event_new(struct sim *s)
{
	struct sim_event *e = &s->events[s->nr_events++ % SIM_EVENTS];

	*e = (struct sim_event){ .step = s->result.steps, .cpu = s->cur };
	return e;
}

void sim_event(struct sim *s, enum sim_event_kind kind, const void *where,
	       long a)
{
	struct sim_event *e = event_new(s);

	e->kind = kind;
	e->where = where;
	e->a = a;
}

void sim_note(const char *text, long a, long b)
{
	struct sim *s = sim_now;
	struct sim_event *e;

	if (!s)
		return;
	e = event_new(s);
	e->kind = SIM_EV_NOTE;
	e->text = text;
	e->a = a;
	e->b = b;
}

static void event_text(char *buf, size_t size, const struct sim_event *e)
{
	static const char *const texts[] = {
		[SIM_EV_SWITCH] = "CPU %ld goes on; this one stands",
		[SIM_EV_INTERRUPT] = "an interrupt comes",
		[SIM_EV_CALL] = "calls of another CPU come",
		[SIM_EV_DELAY] = "a store is held back",
		[SIM_EV_FLUSH] = "the oldest store of CPU %ld is seen by all",
		[SIM_EV_WAIT] = "waits",
		[SIM_EV_IDLE] = "has done its part",
	};
	int n = scnprintf(buf, size, "%6u CPU %u: ", e->step, e->cpu);
	const char *text = e->kind == SIM_EV_NOTE ? e->text : texts[e->kind];

	scnprintf(buf + n, size - (size_t)n, text, e->a, e->b);
}

void sim_trace(struct sim *s, void (*emit)(void *ctx, const char *text,
					   unsigned long place), void *ctx)
{
	u64 i = s->nr_events > SIM_EVENTS ? s->nr_events - SIM_EVENTS : 0;
	char text[160];

	for (; i < s->nr_events; i++) {
		const struct sim_event *e = &s->events[i % SIM_EVENTS];

		event_text(text, sizeof(text), e);
		emit(ctx, text, (unsigned long)e->where);
	}
}
