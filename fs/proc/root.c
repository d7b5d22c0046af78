// SPDX-License-Identifier: MIT
/*
 * /proc without a file system: a table of paths, each with the function that
 * writes the file. A file is written anew at every read, straight from the
 * structures, so it is as exact as they are at that moment; files that walk
 * zones take each zone's lock by itself, and so show one zone at one moment
 * but the zones at different ones, as Linux does.
 */
#include <linux/proc_fs.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/proc_files.h>

#include "internal.h"

/* In the order of names, but for what port and page_debug add, and sys/. */
static const struct proc_entry proc_files[] = {
	{ "buddyinfo", buddyinfo_show },
	{ "cmdline", cmdline_show },
	{ "cpuinfo", cpuinfo_show },
	{ "dmesg", kmsg_show },
	{ "iomem", iomem_show },
	{ "kmsg", kmsg_show },
	{ "loadavg", loadavg_show },
	{ "meminfo", meminfo_show },
	PORT_PROC_FILES
	{ "pagetypeinfo", pagetypeinfo_show },
	{ "percpu_stats", percpu_stats_file_show },
	{ "slabinfo", slabinfo_show },
	{ "stat", stat_show },
	{ "swaps", swaps_show },
	{ "uptime", uptime_show },
	{ "version", version_show },
	{ "vmallocinfo", vmallocinfo_show },
	{ "vmstat", vmstat_show },
	{ "zoneinfo", zoneinfo_show },
	PAGE_DEBUG_PROC_FILES
};

/* Of the port, below SYS_DEBUG; ends with one without a name. */
static const struct proc_entry debug_files[] = {
	PORT_DEBUG_FILES
	{ NULL, NULL },
};

static const struct proc_entry *proc_find(const struct proc_entry *table,
					  size_t n, const char *path)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(table[i].name, path))
			return &table[i];
	return NULL;
}

/* What follows @prefix in @s; NULL when @s does not start with it. */
static const char *after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) ? NULL : s + n;
}

static void emit_nowhere(void *ctx, const char *s, size_t n)
{
}

static int sysfs_show(const char *path, struct seq_file *m)
{
	const char *rest = after(path, SYS_DEBUG);
	const struct proc_entry *e;
	int err;

	e = rest ? proc_find(debug_files, ARRAY_SIZE(debug_files) - 1, rest) :
		   NULL;
	if (e)
		return e->show(m);
	err = sysfs_slab_show(path, m);
	return err == -ENOENT ? slab_debug_show(path, m) : err;
}

int proc_show(const char *path, struct seq_file *m)
{
	const struct proc_entry *e;
	const char *rest = after(path, SYS_NODE);
	int err;

	if (rest)
		return sysfs_node_show(rest, m);
	rest = after(path, SYS_CPU);
	if (rest)
		return sysfs_cpu_show(rest, m);
	if (after(path, SYS_SLAB) || after(path, SYS_DEBUG))
		return sysfs_show(path, m);
	rest = after(path, SYS_TRACING);
	if (rest)
		return tracefs_show(rest, m);
	rest = after(path, "/proc/");
	if (rest)
		path = rest;
	e = proc_find(proc_files, ARRAY_SIZE(proc_files), path);
	if (e)
		return e->show(m);
	err = sysctl_show(path, m);
	return err == -ENOENT ? slab_debug_show(path, m) : err;
}

bool proc_show_sleeps(const char *path)
{
	const char *rest = after(path, "/proc/");

	return after(path, SYS_SLAB) || after(path, SYS_DEBUG) ||
	       after(path, SYS_TRACING) ||
	       !strcmp(rest ? rest : path, "vmallocinfo");
}

/* Whether there is a file @path that cannot be written. */
static bool proc_readable(const char *path)
{
	struct seq_file nobody = { .emit = emit_nowhere };

	return proc_show(path, &nobody) != -ENOENT;
}

int proc_write(const char *path, const char *text, char *why, size_t size)
{
	const char *rest = after(path, "/proc/");
	const char *name = rest ? rest : path;
	int err = sysctl_store(name, text, why, size);

	if (err == -ENOENT)
		err = page_debug_store(name, text, why, size);
	if (err == -ENOENT)
		err = slab_debug_store(name, text, why, size);
	if (err == -ENOENT)
		err = sysfs_slab_store(path, text, why, size);
	if (err == -ENOENT && after(path, SYS_TRACING))
		err = tracefs_store(after(path, SYS_TRACING), text, why, size);
	if (err == -ENOENT)
		err = sysfs_cpu_store(path, text, why, size);
	if (err != -ENOENT)
		return err;
	if (proc_readable(path)) {
		scnprintf(why, size, "%s: cannot be written", path);
		return -EACCES;
	}
	scnprintf(why, size, "%s: no such file", path);
	return -ENOENT;
}

static void debug_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	const struct proc_entry *e;
	char path[64];

	for (e = debug_files; e->name; e++) {
		scnprintf(path, sizeof(path), SYS_DEBUG "%s", e->name);
		fn(path, ctx);
	}
}

void proc_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(proc_files); i++)
		fn(proc_files[i].name, ctx);
	slab_debug_for_each(fn, ctx);
	sysctl_for_each(fn, ctx);
	sysfs_node_for_each(fn, ctx);
	debug_for_each(fn, ctx);
	sysfs_cpu_for_each(fn, ctx);
	slab_debug_sys_for_each(fn, ctx);
	sysfs_slab_for_each(fn, ctx);
	tracefs_for_each(fn, ctx);
}
