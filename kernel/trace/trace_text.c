// SPDX-License-Identifier: MIT
/*
 * Records as text, as ftrace prints them, and counters of the rings.
 *
 *	          init-1       [000] d..1.     0.123456: kfree: call_site=... ptr=...
 *
 * comm-PID, CPU, context (interrupts off, switch due, in an interrupt, depth
 * of preempt_disable(), always a dot), seconds since start-up, event, fields.
 * Programs that read ftrace's text read it.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <octavo/port.h>

/* ---- fields ------------------------------------------------------------ */

void trace_text_printf(struct trace_text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += (size_t)vscnprintf(t->line + t->len,
				     sizeof(t->line) - t->len, fmt, args);
	va_end(args);
	t->used = 0;
}

/* A text in scratch that is being written. */
static void __printf(2, 3) scratch_add(struct trace_text *t, const char *fmt,
				       ...)
{
	va_list args;

	va_start(args, fmt);
	t->used += (size_t)vscnprintf(t->scratch + t->used,
				      sizeof(t->scratch) - t->used, fmt, args);
	va_end(args);
}

static const char *scratch_end(struct trace_text *t, size_t start)
{
	if (t->used < sizeof(t->scratch) - 1)
		t->used++;
	/* Whoever has no more room gets an empty text. */
	t->scratch[sizeof(t->scratch) - 1] = '\0';
	return t->scratch + start;
}

const char *trace_print_flags_seq(struct trace_text *t, const char *delim,
				  unsigned long flags,
				  const struct trace_print_flags *names)
{
	size_t start = t->used;
	const char *between = "";

	t->scratch[start] = '\0';
	for (; names->name && flags; names++) {
		if (!names->mask || (flags & names->mask) != names->mask)
			continue;
		flags &= ~names->mask;
		scratch_add(t, "%s%s", between, names->name);
		between = delim;
	}
	if (flags)
		scratch_add(t, "%s0x%lx", between, flags);
	return scratch_end(t, start);
}

const char *trace_print_symbols_seq(struct trace_text *t, unsigned long value,
				    const struct trace_print_flags *names)
{
	size_t start = t->used;

	while (names->name && names->mask != value)
		names++;
	if (names->name)
		return names->name;
	t->scratch[start] = '\0';
	scratch_add(t, "0x%lx", value);
	return scratch_end(t, start);
}

const char *trace_print_hex_seq(struct trace_text *t, const void *bytes, int n)
{
	size_t start = t->used;
	int i;

	t->scratch[start] = '\0';
	for (i = 0; i < n; i++)
		scratch_add(t, "%s%02x", i ? " " : "",
			    ((const u8 *)bytes)[i]);
	return scratch_end(t, start);
}

const char *trace_print_gfp(struct trace_text *t, unsigned long gfp)
{
	const struct trace_gfp_name *n;
	size_t start = t->used;
	const char *between = "";

	if (!gfp)
		return "none";
	t->scratch[start] = '\0';
	for (n = trace_gfp_names; n->name && gfp; n++) {
		if ((gfp & n->mask) != n->mask)
			continue;
		gfp &= ~n->mask;
		scratch_add(t, "%s%s", between, n->name);
		between = "|";
	}
	if (gfp)
		scratch_add(t, "%s0x%lx", between, gfp);
	return scratch_end(t, start);
}

/* ---- lines ------------------------------------------------------------- */

static const char header[] =
	"#\n"
	"#                                _-----=> irqs-off/BH-disabled\n"
	"#                               / _----=> need-resched\n"
	"#                              | / _---=> hardirq/softirq\n"
	"#                              || / _--=> preempt-depth\n"
	"#                              ||| / _-=> migrate-disable\n"
	"#                              |||| /     delay\n"
	"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
	"#              | |         |   |||||     |         |\n";

static void header_show(struct seq_file *m)
{
	struct trace_sums sums;

	trace_sums_read(&sums);
	seq_puts(m, "# tracer: nop\n#\n");
	seq_printf(m, "# entries-in-buffer/entries-written: %llu/%llu   #P:%u\n",
		   sums.entries, sums.written, num_online_cpus());
	seq_puts(m, header);
}

static char interrupt_letter(unsigned int flags)
{
	bool hard = flags & TRACE_FLAG_HARDIRQ;
	bool soft = flags & TRACE_FLAG_SOFTIRQ;

	if (flags & TRACE_FLAG_NMI)
		return hard ? 'Z' : 'z';
	if (hard)
		return soft ? 'H' : 'h';
	return soft ? 's' : '.';
}

static void context_text(const struct trace_entry *e, char text[6])
{
	unsigned int depth = e->preempt_count & 15U;

	text[0] = e->flags & TRACE_FLAG_IRQS_OFF ? 'd' : '.';
	text[1] = e->flags & TRACE_FLAG_NEED_RESCHED ? 'n' : '.';
	text[2] = interrupt_letter(e->flags);
	text[3] = depth ? "0123456789abcdef"[depth] : '.';
	text[4] = '.';
	text[5] = '\0';
}

static void record_show(struct seq_file *m, const struct trace_reader *rd,
			struct trace_text *t)
{
	const struct trace_entry *e = (const struct trace_entry *)rd->payload;
	const struct tracepoint *tp = trace_event_of(e->type);
	u64 us = rd->ns / 1000;
	char comm[TASK_COMM_LEN], context[6];

	trace_comm_find(e->pid, comm);
	context_text(e, context);
	t->len = t->used = 0;
	t->line[0] = '\0';
	if (tp && tp->event)
		tp->event->print(t, e);
	else
		trace_text_printf(t, "Unknown type %u", e->type);
	seq_printf(m, "%16s-%-7d [%03u] %s %5llu.%06llu: ", comm, e->pid,
		   rd->cpu, context, us / 1000000, us % 1000000);
	seq_puts(m, tp && tp->event ? tp->event->name : "?");
	seq_puts(m, ": ");
	seq_puts(m, t->line);
	seq_putc(m, '\n');
}

/* Says what went by unread since it was said last. */
static void lost_show(struct seq_file *m, struct trace_reader *rd,
		      bool consume)
{
	struct ring_reader *ring = &rd->place[rd->cpu].rd;
	struct trace_ring *r = ring->ring;
	u64 overrun = __atomic_load_n(&r->overrun, __ATOMIC_RELAXED);

	if (consume && overrun != r->told)
		seq_printf(m, "CPU:%u [LOST %llu EVENTS]\n", rd->cpu,
			   overrun - r->told);
	else if (!consume && ring->lost)
		seq_printf(m, "CPU:%u [LOST EVENTS]\n", rd->cpu);
	if (consume)
		r->told = overrun;
	ring->lost = false;
}

int trace_show(struct seq_file *m, bool consume)
{
	struct trace_text *t = kmalloc(sizeof(*t), GFP_KERNEL | __GFP_NOWARN);
	struct trace_reader *rd;

	if (!t)
		return -ENOMEM;
	rd = trace_reader_start();
	if (!rd) {
		kfree(t);
		return -ENOMEM;
	}
	if (!consume)
		header_show(m);
	while (trace_reader_next(rd, consume)) {
		lost_show(m, rd, consume);
		record_show(m, rd, t);
	}
	trace_reader_end(rd);
	kfree(t);
	return 0;
}

/* ---- counters ---------------------------------------------------------- */

void trace_cpu_stats_show(struct seq_file *m, unsigned int cpu)
{
	const struct trace_ring *r = &per_cpu(trace_ring, cpu);
	struct ring_reader rd = { 0 };
	u64 head, now = port_clock_ns() / 1000, oldest = 0;

	mutex_lock(&trace_state()->mutex);
	ring_reader_start(&rd, (struct trace_ring *)r);
	head = ring_reader_peek(&rd);
	if (head)
		oldest = RECORD_NS(head) / 1000;
	mutex_unlock(&trace_state()->mutex);
	seq_printf(m, "entries: %llu\n", ring_entries(r));
	seq_printf(m, "overrun: %llu\n", READ_ONCE(r->overrun));
	seq_printf(m, "commit overrun: %llu\n", READ_ONCE(r->nested));
	seq_printf(m, "bytes: %llu\n", rd.end - rd.at);
	seq_printf(m, "oldest event ts: %5llu.%06llu\n", oldest / 1000000,
		   oldest % 1000000);
	seq_printf(m, "now ts: %5llu.%06llu\n", now / 1000000, now % 1000000);
	seq_printf(m, "dropped events: %llu\n", READ_ONCE(r->dropped));
	seq_printf(m, "read events: %llu\n", READ_ONCE(r->consumed));
}

void trace_stats_show(struct seq_file *m)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		seq_printf(m, "CPU: %u\n", cpu);
		trace_cpu_stats_show(m, cpu);
	}
}
