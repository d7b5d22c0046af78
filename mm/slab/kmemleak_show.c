// SPDX-License-Identifier: MIT
/*
 * /sys/kernel/debug/kmemleak: what scans found, in the form that Linux
 * documents, and the commands that are written there.
 *
 *   unreferenced object 0xffff89862ca702e8 (size 32):
 *     comm "modprobe", pid 2088, jiffies 4294680594 (age 375.486s)
 *     hex dump (first 32 bytes):
 *       6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk
 *     backtrace:
 *       [<ffffffff81234567>] kmem_cache_alloc+0x10/0x20
 *
 * A record is copied under the lock and shown outside it. Contents are shown
 * while kmemleak is on: later nobody says whether the memory is still there.
 */
#include "kmemleak.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#define DUMP_MAX	32u	/* bytes shown, as in Linux */
#define ROW		16u	/* bytes a line */

/* One record and its first bytes. */
struct leak_copy {
	struct leak_object o;
	u8 bytes[DUMP_MAX];
	unsigned int nr_bytes;
};

static __attribute__((__no_sanitize__("address", "thread", "undefined")))
noinline void bytes_copy(struct leak_copy *copy)
{
	const volatile u8 *from = (const u8 *)copy->o.range.start;
	unsigned long size = copy->o.range.end - copy->o.range.start;
	unsigned int i;

	copy->nr_bytes = (unsigned int)min(size, (unsigned long)DUMP_MAX);
	for (i = 0; i < copy->nr_bytes; i++)
		copy->bytes[i] = from[i];
}

static void dump_show(struct seq_file *m, const struct leak_copy *copy)
{
	unsigned int i, row;

	seq_printf(m, "  hex dump (first %u bytes):\n", copy->nr_bytes);
	for (row = 0; row < copy->nr_bytes; row += ROW) {
		char hex[3 * ROW + 1], text[ROW + 1];
		unsigned int n = min(copy->nr_bytes - row, ROW);

		for (i = 0; i < n; i++) {
			u8 byte = copy->bytes[row + i];

			scnprintf(hex + 3 * i, 4, "%02x ", byte);
			text[i] = isprint(byte) ? (char)byte : '.';
		}
		text[n] = '\0';
		seq_printf(m, "    %-48s %s\n", hex, text);
	}
}

static void copy_show(struct seq_file *m, const struct leak_copy *copy)
{
	const struct leak_object *o = &copy->o;
	const unsigned long *entries;
	unsigned int nr = stack_depot_fetch(o->trace, &entries), i;
	u64 age_ms = (u64)(jiffies - o->born) * 1000 / HZ;

	seq_printf(m, "unreferenced object 0x%lx (size %lu):\n", o->range.start,
		   o->range.end - o->range.start);
	seq_printf(m, "  comm \"%s\", pid %d, jiffies %lu (age %llu.%03llus)\n",
		   o->comm, o->pid, o->born, age_ms / 1000, age_ms % 1000);
	if (copy->nr_bytes)
		dump_show(m, copy);
	seq_puts(m, "  backtrace:\n");
	for (i = 0; i < nr; i++)
		seq_printf(m, "    [<%px>] %pS\n", (void *)entries[i],
			   (void *)entries[i]);
}

/* The first object from @at on that is to be shown; false: none. */
static bool copy_next(unsigned long at, struct leak_copy *copy)
{
	struct leak_state *s = leak_state();
	struct range_node *node;
	unsigned long flags;

	copy->nr_bytes = 0;
	spin_lock_irqsave(&s->lock, flags);
	for (node = range_tree_from(&s->objects, at); node;
	     node = range_tree_from(&s->objects, node->end)) {
		copy->o = *leak_of(node);
		if (copy->o.flags & LEAK_REPORTED && leak_is_found(&copy->o))
			break;
	}
	if (node && s->on)
		bytes_copy(copy);
	spin_unlock_irqrestore(&s->lock, flags);
	return node;
}

int kmemleak_show(struct seq_file *m)
{
	struct leak_state *s = leak_state();
	struct leak_copy copy;
	unsigned long at = 0;

	if (!s->records)
		return -EBUSY;
	/* No scan turns them white and gray meanwhile. */
	mutex_lock(&s->scan_mutex);
	for (; copy_next(at, &copy); at = copy.o.range.end) {
		copy_show(m, &copy);
		cond_resched();
	}
	mutex_unlock(&s->scan_mutex);
	return 0;
}

/* ---- commands --------------------------------------------------------- */

static const char *dump_command(const char *text)
{
	struct leak_state *s = leak_state();
	struct leak_object *o, copy;
	unsigned long at, flags;

	if (kstrtoul(text, 0, &at))
		return "has no address";
	spin_lock_irqsave(&s->lock, flags);
	o = leak_find(at);
	if (o)
		copy = *o;
	spin_unlock_irqrestore(&s->lock, flags);
	if (!o)
		return "is the address of no object";
	pr_notice("kmemleak: Object 0x%lx (size %lu):\n", copy.range.start,
		  copy.range.end - copy.range.start);
	pr_notice("kmemleak:   comm \"%s\", pid %d, jiffies %lu\n", copy.comm,
		  copy.pid, copy.born);
	pr_notice("kmemleak:   min_count = %d\n", copy.min_count);
	pr_notice("kmemleak:   count = %d\n", copy.count);
	pr_notice("kmemleak:   flags = 0x%x\n", copy.flags);
	pr_notice("kmemleak:   checksum = %u\n", copy.checksum);
	pr_notice("kmemleak:   backtrace:\n");
	stack_depot_print(copy.trace);
	return NULL;
}

static const char *number_command(const char *text, unsigned int *value)
{
	unsigned int n;

	if (kstrtouint(text, 0, &n) || n > INT_MAX / 1000)
		return "has no number, or one that is too large";
	/* A scan may be under way. */
	__atomic_store_n(value, n, __ATOMIC_RELAXED);
	return NULL;
}

/* Scans by itself until it is told not to. */
static int scan_thread(void *arg)
{
	while (!kthread_should_stop()) {
		kmemleak_scan();
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule_timeout(__atomic_load_n(&leak_state()->
							 scan_wait_secs,
							 __ATOMIC_RELAXED) *
					 HZ);
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static const char *thread_command(bool on)
{
	struct leak_state *s = leak_state();
	struct task_struct *thread, *former;

	if (!on) {
		mutex_lock(&s->scan_mutex);
		former = s->scan_thread;
		s->scan_thread = NULL;
		mutex_unlock(&s->scan_mutex);
		if (former)
			kthread_stop(former);
		return NULL;
	}
	if (s->scan_thread)
		return NULL;
	thread = kthread_run(scan_thread, NULL, "kmemleak");
	if (IS_ERR(thread))
		return "finds no memory for a thread";
	s->scan_thread = thread;
	return NULL;
}

/* What follows @prefix in @text; NULL: it does not start so. */
static const char *after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) ? NULL : text + n;
}

static const char *off_command(void)
{
	thread_command(false);
	leak_disable("by command");
	slab_watch_set(SLAB_WATCH_LEAK, false);
	return NULL;
}

static const char *scan_command(const char *rest)
{
	const char *fault;

	if (!strcmp(rest, "on") || !strcmp(rest, "off"))
		return thread_command(!strcmp(rest, "on"));
	fault = number_command(rest, &leak_state()->scan_wait_secs);
	if (!fault && !leak_state()->scan_wait_secs)
		return thread_command(false);
	return fault;
}

const char *kmemleak_command(const char *text)
{
	struct leak_state *s = leak_state();
	const char *rest;

	if (!s->records)
		return "cannot be, as kmemleak is off: start with kmemleak=on";
	if (!strcmp(text, "clear")) {
		mutex_lock(&s->scan_mutex);
		leak_clear();
		mutex_unlock(&s->scan_mutex);
		return NULL;
	}
	if (!READ_ONCE(s->on))
		return "cannot be, as kmemleak went off";
	if (!strcmp(text, "scan")) {
		kmemleak_scan();
		return NULL;
	}
	if (!strcmp(text, "off"))
		return off_command();
	if (!strcmp(text, "stack=on") || !strcmp(text, "stack=off")) {
		s->scan_stacks = !strcmp(text, "stack=on");
		return NULL;
	}
	rest = after(text, "scan=");
	if (rest)
		return scan_command(rest);
	rest = after(text, "min_age=");
	if (rest)
		return number_command(rest, &s->min_age_ms);
	rest = after(text, "dump=");
	return rest ? dump_command(rest) : "is no command";
}
