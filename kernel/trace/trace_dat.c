// SPDX-License-Identifier: MIT
/*
 * What the rings hold as a trace.dat file of version 6, which trace-cmd and
 * what builds on its library read (trace-cmd.dat.v6(5)):
 *
 *   magic, version, byte order, sizes
 *   header_page, header_event      how pages and heads of records look
 *   formats                        of each event, by system
 *   kallsyms                       names of functions
 *   saved_cmdlines                 names of threads
 *   offset and size of each CPU's pages
 *   pages
 *
 * A page begins with the time of its first record and the bytes of its data;
 * each record has the time since the one before. That is not how rings hold
 * them, so they are packed anew:
 *
 *   ring     | time, words | payload |
 *   page     | bytes / 4, time since (27 bits) | payload |       112 at most
 *            | 0, time since | bytes + 4 | payload |             longer
 *            | 30, lower 27 bits of time | upper ones | ...      in front of
 *                                          one that comes later than that
 *
 * The file is written from front to back, so it is gone through twice: where
 * pages lie has to be known before the first of them. Nothing is written to
 * the rings meanwhile.
 */
#include "internal.h"

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/port.h>
#include <asm/byteorder.h>

#define DAT_PAGE	4096U
#define DAT_HEAD	16U			/* time, bytes of data */
#define DAT_DATA	(DAT_PAGE - DAT_HEAD)
#define DAT_SHORT_MAX	(28U * 4)	/* bytes that a head can tell */
#define DAT_TIME_BITS	27
#define DAT_TIME_EXTEND	30U
/* In the bytes of data: records are missing in front of the page; how many
 * stands behind the data. */
#define DAT_MISSED	(1U << 31)
#define DAT_MISSED_STORED (1U << 30)

/* The file on its way out. */
struct dat {
	struct seq_file *m;
	bool counts;		/* only pages are counted */
	u64 at;			/* bytes written so far */
	/* The page that is being filled. */
	u8 page[DAT_PAGE];
	u32 used;		/* bytes of its data; 0: none yet */
	u64 ns;			/* time of its last record */
	u64 missed;		/* records missing in front of it */
	u64 nr_pages;		/* of this CPU, so far */
};

static void dat_write(struct dat *d, const void *data, size_t n)
{
	seq_write(d->m, data, n);
	d->at += n;
}

static void dat_u16(struct dat *d, u16 value)
{
	dat_write(d, &value, sizeof(value));
}

static void dat_u32(struct dat *d, u32 value)
{
	dat_write(d, &value, sizeof(value));
}

static void dat_u64(struct dat *d, u64 value)
{
	dat_write(d, &value, sizeof(value));
}

/* With its NUL. */
static void dat_string(struct dat *d, const char *s)
{
	dat_write(d, s, strlen(s) + 1);
}

/* ---- texts with their length in front ---------------------------------- */

static void emit_nowhere(void *ctx, const char *s, size_t n)
{
}

static void emit_dat(void *ctx, const char *s, size_t n)
{
	dat_write(ctx, s, n);
}

static size_t text_length(void (*show)(struct seq_file *m, const void *arg),
			  const void *arg)
{
	struct seq_file m = { .emit = emit_nowhere };

	show(&m, arg);
	return m.count;
}

static void dat_text(struct dat *d,
		     void (*show)(struct seq_file *m, const void *arg),
		     const void *arg)
{
	struct seq_file m = { .emit = emit_dat, .ctx = d };

	show(&m, arg);
}

static void show_string(struct seq_file *m, const void *arg)
{
	seq_puts(m, arg);
}

static void show_format(struct seq_file *m, const void *arg)
{
	trace_format_show(m, arg);
}

static void show_comms(struct seq_file *m, const void *arg)
{
	trace_comms_show(m);
}

static void symbol_show(void *ctx, const char *name, unsigned long addr)
{
	seq_printf(ctx, "%lx t ", addr);
	seq_puts(ctx, name);
	seq_putc(ctx, '\n');
}

static void show_symbols(struct seq_file *m, const void *arg)
{
	kallsyms_for_each(symbol_show, m);
}

/* ---- the front --------------------------------------------------------- */

static void dat_headers(struct dat *d)
{
	dat_write(d, "\x17\x08\x44tracing", 10);
	dat_string(d, "6");
	dat_write(d, "\0", 1);			/* little endian */
	dat_write(d, "\x08", 1);		/* bytes of a long */
	dat_u32(d, DAT_PAGE);
	dat_string(d, "header_page");
	dat_u64(d, strlen(trace_header_page));
	dat_text(d, show_string, trace_header_page);
	dat_string(d, "header_event");
	dat_u64(d, strlen(trace_header_event));
	dat_text(d, show_string, trace_header_event);
	dat_u32(d, 0);				/* formats of ftrace's own */
}

/* Whether an event in front of place @i is of the same system. */
static bool system_seen(unsigned int i)
{
	const char *system = trace_event_at(i)->event->system;

	while (i--)
		if (trace_event_at(i)->event &&
		    !strcmp(trace_event_at(i)->event->system, system))
			return true;
	return false;
}

static u32 systems_count(void)
{
	const struct tracepoint *tp;
	unsigned int i;
	u32 n = 0;

	for (i = 0; (tp = trace_event_at(i)); i++)
		n += tp->event && !system_seen(i);
	return n;
}

/* The events of @system: how many, or (@d not NULL) their formats too. */
static u32 system_events(struct dat *d, const char *system)
{
	const struct tracepoint *tp;
	unsigned int i;
	u32 n = 0;

	for (i = 0; (tp = trace_event_at(i)); i++) {
		if (!tp->event || strcmp(tp->event->system, system))
			continue;
		n++;
		if (!d)
			continue;
		dat_u64(d, text_length(show_format, tp));
		dat_text(d, show_format, tp);
	}
	return n;
}

static void dat_formats(struct dat *d)
{
	const struct tracepoint *tp;
	unsigned int i;

	dat_u32(d, systems_count());
	for (i = 0; (tp = trace_event_at(i)); i++) {
		if (!tp->event || system_seen(i))
			continue;
		dat_string(d, tp->event->system);
		dat_u32(d, system_events(NULL, tp->event->system));
		system_events(d, tp->event->system);
	}
}

static void dat_names(struct dat *d)
{
	dat_u32(d, (u32)text_length(show_symbols, NULL));
	dat_text(d, show_symbols, NULL);
	dat_u32(d, 0);				/* formats of trace_printk() */
	dat_u64(d, text_length(show_comms, NULL));
	dat_text(d, show_comms, NULL);
}

/* ---- pages ------------------------------------------------------------- */

static void page_put32(struct dat *d, u32 value)
{
	memcpy(d->page + DAT_HEAD + d->used, &value, sizeof(value));
	d->used += (u32)sizeof(value);
}

static void page_end(struct dat *d)
{
	u64 commit = d->used;

	if (!d->used)
		return;
	if (d->missed) {
		commit |= DAT_MISSED | DAT_MISSED_STORED;
		memcpy(d->page + DAT_HEAD + d->used, &d->missed, 8);
	}
	memcpy(d->page + 8, &commit, 8);
	if (!d->counts)
		dat_write(d, d->page, DAT_PAGE);
	d->nr_pages++;
	d->used = 0;
	d->missed = 0;
}

static void page_begin(struct dat *d, u64 ns)
{
	memset(d->page, 0, DAT_PAGE);
	memcpy(d->page, &ns, 8);
	d->ns = ns;
}

static void dat_record(struct dat *d, const struct trace_reader *rd)
{
	u32 bytes = 8 * rd->words, head = bytes <= DAT_SHORT_MAX ? 4 : 8;
	u64 late = d->used ? (rd->ns - d->ns) >> DAT_TIME_BITS : 0;
	u32 need = head + bytes + (late ? 8 : 0) + (d->missed ? 8 : 0);
	u32 delta;

	if (d->used && d->used + need > DAT_DATA) {
		page_end(d);
		late = 0;
	}
	if (!d->used)
		page_begin(d, rd->ns);
	delta = (u32)(rd->ns - d->ns) & ((1U << DAT_TIME_BITS) - 1);
	if (late) {
		page_put32(d, DAT_TIME_EXTEND | delta << 5);
		page_put32(d, (u32)late);
		delta = 0;
	}
	page_put32(d, (head == 4 ? bytes / 4 : 0) | delta << 5);
	if (head == 8)
		page_put32(d, bytes + 4);
	memcpy(d->page + DAT_HEAD + d->used, rd->payload, bytes);
	d->used += bytes;
	d->ns = rd->ns;
}

/* All pages of @cpu; how many. */
static u64 dat_cpu(struct dat *d, struct trace_reader *rd, unsigned int cpu)
{
	const struct trace_ring *r = &per_cpu(trace_ring, cpu);

	d->used = 0;
	d->nr_pages = 0;
	d->missed = r->overrun - r->told;
	while (trace_reader_next_of(rd, cpu, false))
		dat_record(d, rd);
	page_end(d);
	return d->nr_pages;
}

/* The table of where pages lie, up to the first of them. */
static void dat_places(struct dat *d, const u64 *nr_pages)
{
	u64 at = d->at + 4 + 10 + 2 + 10 + 16ULL * nr_cpu_ids;
	unsigned int cpu;

	at = ALIGN(at, DAT_PAGE);
	dat_u32(d, nr_cpu_ids);
	dat_string(d, "options  ");
	dat_u16(d, 0);
	dat_string(d, "flyrecord");
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		dat_u64(d, at);
		dat_u64(d, nr_pages[cpu] * DAT_PAGE);
		at += nr_pages[cpu] * DAT_PAGE;
	}
	while (d->at % DAT_PAGE)
		dat_write(d, "\0", 1);
}

/* Counts the pages of each CPU, or emits them. */
static int dat_pages(struct dat *d, u64 *nr_pages)
{
	struct trace_reader *rd = trace_reader_start();
	unsigned int cpu;

	if (!rd)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		nr_pages[cpu] = dat_cpu(d, rd, cpu);
	trace_reader_end(rd);
	return 0;
}

static int dat_emit(struct dat *d, u64 *nr_pages)
{
	int err;

	d->counts = true;
	err = dat_pages(d, nr_pages);
	if (err)
		return err;
	d->counts = false;
	dat_headers(d);
	dat_formats(d);
	dat_names(d);
	dat_places(d, nr_pages);
	return dat_pages(d, nr_pages);
}

int trace_dat_show(struct seq_file *m)
{
	struct dat *d = kzalloc(sizeof(*d), GFP_KERNEL | __GFP_NOWARN);
	u64 *nr_pages = kcalloc(nr_cpu_ids, sizeof(*nr_pages),
				GFP_KERNEL | __GFP_NOWARN);
	bool was_on = tracing_is_on();
	int err = -ENOMEM;

	BUILD_BUG_ON(__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__);
	if (d && nr_pages) {
		d->m = m;
		tracing_set(false);
		/* Who was about to write has done so. */
		tracepoint_synchronize_unregister();
		err = dat_emit(d, nr_pages);
		tracing_set(was_on);
	}
	kfree(nr_pages);
	kfree(d);
	return err;
}

static void emit_port(void *ctx, const char *s, size_t n)
{
	port_dump_write(s, n);
}

int trace_dump(void)
{
	struct seq_file m = { .emit = emit_port };

	return port_dump_write(NULL, 0) ? trace_dat_show(&m) : -ENODEV;
}

void trace_end(void)
{
	int err;

	if (!trace_has_buffers())
		return;
	err = trace_dump();
	if (err && err != -ENODEV)
		pr_err("trace: the rings could not be dumped: error %d\n", err);
}
