// SPDX-License-Identifier: MIT
/*
 * /sys/kernel/tracing: tracing by files, of ftrace's names and forms.
 *
 *   available_events, set_event          events that there are, that are on
 *   events/enable                        all of them: 0, 1; X: some are on
 *   events/SYSTEM/enable
 *   events/SYSTEM/EVENT/enable, format, id
 *   events/header_page, header_event
 *   trace                                what the rings hold; writing empties
 *   trace_pipe                           the same, and it is gone then
 *   trace.dat                            the same as trace-cmd's file; bytes
 *   tracing_on, options/overwrite        0, 1
 *   buffer_size_kb, buffer_total_size_kb
 *   free_buffer                          writing gives the memory back
 *   per_cpu/cpuN/stats, saved_cmdlines
 *   current_tracer, available_tracers, trace_clock
 *
 * Differs from Linux: trace.dat; and what is written to set_event is added to what is on (!
 * in front: taken from it), and an empty text turns all off, as files here
 * are not opened.
 */
#include <linux/proc_fs.h>

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <octavo/trace.h>
#include <octavo/trace_point.h>

#include "proc/internal.h"

#define PATH_MAX_BYTES	160

/* ---- single files ------------------------------------------------------ */

static int trace_file_show(struct seq_file *m)
{
	return trace_show(m, false);
}

static int pipe_show(struct seq_file *m)
{
	return trace_show(m, true);
}

static const char *trace_store(const char *text)
{
	(void)text;
	trace_clear();
	return NULL;
}

static void event_names_show(struct seq_file *m, bool on_only)
{
	const struct tracepoint *tp;
	unsigned int i;

	for (i = 0; (tp = trace_event_at(i)); i++)
		if (tp->event && (!on_only || trace_event_is_on(tp)))
			seq_printf(m, "%s:%s\n", tp->event->system,
				   tp->event->name);
}

static int available_show(struct seq_file *m)
{
	event_names_show(m, false);
	return 0;
}

static int set_event_show(struct seq_file *m)
{
	event_names_show(m, true);
	return 0;
}

static int on_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", tracing_is_on());
	return 0;
}

static const char *flag_store(const char *text, void (*set)(bool on))
{
	unsigned int on;

	if (kstrtouint(text, 0, &on) || on > 1)
		return "is neither 0 nor 1";
	set(on);
	return NULL;
}

static const char *on_store(const char *text)
{
	return flag_store(text, tracing_set);
}

static int overwrite_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", trace_overwrites());
	return 0;
}

static const char *overwrite_store(const char *text)
{
	return flag_store(text, trace_overwrite_set);
}

/* As Linux has it while there is no memory yet: what it is, and will be. */
static void size_show(struct seq_file *m, unsigned int nr)
{
	unsigned int kb = nr * trace_size_kb();

	if (trace_has_buffers())
		seq_printf(m, "%u\n", kb);
	else
		seq_printf(m, "0 (expanded: %u)\n", kb);
}

static int size_file_show(struct seq_file *m)
{
	size_show(m, 1);
	return 0;
}

static const char *size_store(const char *text)
{
	unsigned long kb;
	int err;

	if (kstrtoul(text, 0, &kb))
		return "is no number";
	err = trace_size_set(kb);
	if (err == -EINVAL)
		return "is no size that a ring can have";
	return err ? "is more than there is memory for" : NULL;
}

static int total_size_show(struct seq_file *m)
{
	size_show(m, num_possible_cpus());
	return 0;
}

static const char *free_store(const char *text)
{
	(void)text;
	trace_free();
	return NULL;
}

static int comms_show(struct seq_file *m)
{
	trace_comms_show(m);
	return 0;
}

static int tracer_show(struct seq_file *m)
{
	seq_puts(m, "nop\n");
	return 0;
}

static int clock_show(struct seq_file *m)
{
	seq_puts(m, "[local]\n");
	return 0;
}

static int header_page_show(struct seq_file *m)
{
	seq_puts(m, trace_header_page);
	return 0;
}

static int header_event_show(struct seq_file *m)
{
	seq_puts(m, trace_header_event);
	return 0;
}

/* In the order of names. A file that is not stored to, or shown, has NULL. */
static const struct trace_file {
	const char *name;
	int (*show)(struct seq_file *m);
	const char *(*store)(const char *text);	/* NULL, or what is wrong */
} files[] = {
	{ "available_events", available_show, NULL },
	{ "available_tracers", tracer_show, NULL },
	{ "buffer_size_kb", size_file_show, size_store },
	{ "buffer_total_size_kb", total_size_show, NULL },
	{ "current_tracer", tracer_show, NULL },
	{ "events/header_event", header_event_show, NULL },
	{ "events/header_page", header_page_show, NULL },
	{ "free_buffer", NULL, free_store },
	{ "options/overwrite", overwrite_show, overwrite_store },
	{ "saved_cmdlines", comms_show, NULL },
	{ "trace", trace_file_show, trace_store },
	{ "trace_clock", clock_show, NULL },
	{ "trace_pipe", pipe_show, NULL },
	{ "tracing_on", on_show, on_store },
};

/* Not text, so nobody is shown it who did not ask for it by name. */
#define TRACE_DAT	"trace.dat"

/* set_event says which name it does not know: tracefs_store(). */
#define SET_EVENT	"set_event"

static const struct trace_file *file_find(const char *path)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i].name, path))
			return &files[i];
	return NULL;
}

/* ---- events/ ----------------------------------------------------------- */

#define EVENTS	"events/"

/* What of a path under events/ is named. */
struct event_path {
	char pattern[2 * TRACE_NAME_MAX];	/* for trace_events_set() */
	const struct tracepoint *tp;		/* NULL: not of one event */
	const char *system;			/* NULL: of all */
	size_t system_len;
	const char *file;			/* "enable", "format", "id" */
};

/* Cuts "events/[SYSTEM/[EVENT/]]FILE" up; false: there is no such thing. */
static bool event_path_read(const char *path, struct event_path *p)
{
	const char *rest, *slash;
	char name[TRACE_NAME_MAX];

	*p = (struct event_path){ .pattern = "*:*" };
	if (strncmp(path, EVENTS, strlen(EVENTS)))
		return false;
	p->file = rest = path + strlen(EVENTS);
	slash = strchr(rest, '/');
	if (!slash || slash - rest >= TRACE_NAME_MAX)
		return !slash;
	p->system = rest;
	p->system_len = (size_t)(slash - rest);
	scnprintf(p->pattern, sizeof(p->pattern), "%.*s:*",
		  (int)p->system_len, rest);
	p->file = rest = slash + 1;
	slash = strchr(rest, '/');
	if (!slash || slash - rest >= TRACE_NAME_MAX)
		return !slash;
	strscpy(name, rest, (size_t)(slash - rest) + 1);
	p->tp = trace_event_find(p->system, p->system_len, name);
	p->file = slash + 1;
	return p->tp;
}

static bool path_has(const struct event_path *p, const struct trace_event *e)
{
	return !p->system || (strlen(e->system) == p->system_len &&
			      !strncmp(e->system, p->system, p->system_len));
}

/* 0, 1, or X when some are on and some are not; -ENOENT: there are none. */
static int enable_show(struct seq_file *m, const struct event_path *p)
{
	unsigned int i, nr = 0, on = 0;
	const struct tracepoint *tp;

	if (p->tp) {
		seq_printf(m, "%d\n", trace_event_is_on(p->tp));
		return 0;
	}
	for (i = 0; (tp = trace_event_at(i)); i++) {
		if (!tp->event || !path_has(p, tp->event))
			continue;
		nr++;
		on += trace_event_is_on(tp);
	}
	if (!nr)
		return -ENOENT;
	seq_printf(m, "%c\n", !on ? '0' : on == nr ? '1' : 'X');
	return 0;
}

static int event_show(struct seq_file *m, const struct event_path *p)
{
	if (!strcmp(p->file, "enable"))
		return enable_show(m, p);
	if (!p->tp)
		return -ENOENT;
	if (!strcmp(p->file, "format"))
		trace_format_show(m, p->tp);
	else if (!strcmp(p->file, "id"))
		seq_printf(m, "%u\n", trace_event_id(p->tp));
	else
		return -ENOENT;
	return 0;
}

static int enable_store(const char *path, const struct event_path *p,
			const char *text, char *why, size_t size)
{
	char reason[TRACE_WHY_MAX];
	unsigned int on;
	int err;

	if (kstrtouint(text, 0, &on) || on > 1) {
		scnprintf(why, size, SYS_TRACING "%s: \"%s\" is neither 0 nor 1",
			  path, text);
		return -EINVAL;
	}
	if (p->tp)
		err = trace_event_set(p->tp, on);
	else
		err = trace_events_set(p->pattern, on, reason, sizeof(reason));
	if (err == -ENOMEM)
		scnprintf(why, size, SYS_TRACING "%s: no memory for the rings",
			  path);
	return err;
}

/* ---- per_cpu/ ---------------------------------------------------------- */

/* "per_cpu/cpuN/stats": N; or -1. */
static int stats_cpu(const char *path)
{
	static const char folder[] = "per_cpu/cpu";
	unsigned long cpu;
	char *end;

	if (strncmp(path, folder, sizeof(folder) - 1))
		return -1;
	path += sizeof(folder) - 1;
	cpu = simple_strtoul(path, &end, 10);
	if (end == path || strcmp(end, "/stats") || cpu >= nr_cpu_ids ||
	    !cpu_online((int)cpu))
		return -1;
	return (int)cpu;
}

/* ---- all of them ------------------------------------------------------- */

int tracefs_show(const char *path, struct seq_file *m)
{
	const struct trace_file *f = file_find(path);
	struct event_path p;

	if (f)
		return f->show ? f->show(m) : -EACCES;
	if (!strcmp(path, SET_EVENT))
		return set_event_show(m);
	if (!strcmp(path, TRACE_DAT))
		return trace_dat_show(m);
	if (stats_cpu(path) >= 0) {
		trace_cpu_stats_show(m, (unsigned int)stats_cpu(path));
		return 0;
	}
	return event_path_read(path, &p) ? event_show(m, &p) : -ENOENT;
}

static int set_event_store(const char *text, char *why, size_t size)
{
	char reason[TRACE_WHY_MAX];
	int err;

	if (!text[strspn(text, ", \t\n")]) {
		trace_events_off();
		return 0;
	}
	err = trace_events_set(text, true, reason, sizeof(reason));
	if (err)
		scnprintf(why, size, SYS_TRACING SET_EVENT ": %s", reason);
	return err == -ENOENT ? -EINVAL : err;
}

int tracefs_store(const char *path, const char *text, char *why, size_t size)
{
	const struct trace_file *f = file_find(path);
	const char *fault;
	struct event_path p;

	if (!strcmp(path, SET_EVENT))
		return set_event_store(text, why, size);
	if (!f && event_path_read(path, &p) && !strcmp(p.file, "enable"))
		return enable_store(path, &p, text, why, size);
	if (!f && stats_cpu(path) < 0 && !event_path_read(path, &p))
		return -ENOENT;
	if (!f || !f->store) {
		scnprintf(why, size, SYS_TRACING "%s: cannot be written", path);
		return -EACCES;
	}
	fault = f->store(text);
	if (fault)
		scnprintf(why, size, SYS_TRACING "%s: \"%s\" %s", path, text,
			  fault);
	return fault ? -EINVAL : 0;
}

static void __printf(3, 4) name_one(void (*fn)(const char *name, void *ctx),
				    void *ctx, const char *fmt, ...)
{
	char path[PATH_MAX_BYTES] = SYS_TRACING;
	size_t n = strlen(path);
	va_list args;

	va_start(args, fmt);
	vscnprintf(path + n, sizeof(path) - n, fmt, args);
	va_end(args);
	fn(path, ctx);
}

/* Whether no event in front of place @i is of that one's system. */
static bool system_is_new(unsigned int i)
{
	const char *system = trace_event_at(i)->event->system;

	while (i--)
		if (trace_event_at(i)->event &&
		    !strcmp(trace_event_at(i)->event->system, system))
			return false;
	return true;
}

void tracefs_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	const struct tracepoint *tp;
	unsigned int i;
	int cpu;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		name_one(fn, ctx, "%s", files[i].name);
	name_one(fn, ctx, SET_EVENT);
	name_one(fn, ctx, EVENTS "enable");
	for (i = 0; (tp = trace_event_at(i)); i++) {
		const struct trace_event *e = tp->event;

		if (!e)
			continue;
		if (system_is_new(i))
			name_one(fn, ctx, EVENTS "%s/enable", e->system);
		name_one(fn, ctx, EVENTS "%s/%s/enable", e->system, e->name);
		name_one(fn, ctx, EVENTS "%s/%s/format", e->system, e->name);
		name_one(fn, ctx, EVENTS "%s/%s/id", e->system, e->name);
	}
	for_each_online_cpu(cpu)
		name_one(fn, ctx, "per_cpu/cpu%d/stats", cpu);
}
