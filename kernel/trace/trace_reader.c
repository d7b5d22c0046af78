// SPDX-License-Identifier: MIT
/*
 * The records of all CPUs in the order of time: of each ring the next record's
 * head is known, and the oldest of them is taken.
 *
 * Locks: trace_state.mutex, from start to end.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct trace_reader *trace_reader_start(void)
{
	struct trace_reader *rd;
	unsigned int cpu;

	mutex_lock(&trace_state()->mutex);
	rd = kzalloc(sizeof(*rd) + nr_cpu_ids * sizeof(rd->place[0]),
		     GFP_KERNEL | __GFP_NOWARN);
	if (!rd) {
		mutex_unlock(&trace_state()->mutex);
		return NULL;
	}
	rd->nr_cpus = nr_cpu_ids;
	for_each_possible_cpu(cpu) {
		struct trace_place *p = &rd->place[cpu];

		ring_reader_start(&p->rd, &per_cpu(trace_ring, cpu));
		p->head = ring_reader_peek(&p->rd);
	}
	return rd;
}

void trace_reader_end(struct trace_reader *rd)
{
	kfree(rd);
	mutex_unlock(&trace_state()->mutex);
}

bool trace_reader_next_of(struct trace_reader *rd, unsigned int cpu,
			  bool consume)
{
	struct trace_place *p = &rd->place[cpu];
	u64 head;

	while ((head = p->head)) {
		bool got = ring_reader_take(&p->rd, head, rd->payload, consume);

		p->head = ring_reader_peek(&p->rd);
		if (!got)
			continue;
		rd->cpu = cpu;
		rd->ns = RECORD_NS(head);
		rd->words = RECORD_WORDS(head);
		return true;
	}
	return false;
}

bool trace_reader_next(struct trace_reader *rd, bool consume)
{
	unsigned int cpu, first;

	for (;;) {
		first = rd->nr_cpus;
		for (cpu = 0; cpu < rd->nr_cpus; cpu++)
			if (rd->place[cpu].head &&
			    (first == rd->nr_cpus ||
			     RECORD_NS(rd->place[cpu].head) <
			     RECORD_NS(rd->place[first].head)))
				first = cpu;
		if (first == rd->nr_cpus)
			return false;
		if (trace_reader_next_of(rd, first, consume))
			return true;
	}
}
