/* SPDX-License-Identifier: MIT */
/*
 * The files under /proc, and those of nodes and CPUs under /sys, as text: tables of
 * names and writers, no file system.
 */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/seq_file.h>

/* A file: its path under its folder, and what writes it. */
struct proc_entry {
	const char *name;
	int (*show)(struct seq_file *m);	/* 0 or -errno */
};

#define SYS_NODE	"/sys/devices/system/node/"

#define SYS_CPU		"/sys/devices/system/cpu/"
#define SYS_SLAB	"/sys/kernel/slab/"
#define SYS_DEBUG	"/sys/kernel/debug/"
#define SYS_TRACING	"/sys/kernel/tracing/"

/* Whether a file is written by who may sleep and allocate, on a CPU. */
bool proc_show_sleeps(const char *path);
/*
 * Writes a file of the current machine. @path is relative to /proc
 * ("buddyinfo", "sys/vm/min_free_kbytes"), or absolute under /proc/, SYS_NODE,
 * SYS_CPU, SYS_SLAB, SYS_DEBUG or SYS_TRACING. 0; -ENOENT for an unknown one;
 * what else the writer says. Takes zone locks, one at a time.
 */
int proc_show(const char *path, struct seq_file *m);
/*
 * Writes @text to a file of the current machine, such as
 * "sys/vm/min_free_kbytes"; what it sets has taken effect on return. 0;
 * -ENOENT for an unknown file, -EACCES for one that cannot be written, -EINVAL
 * for a text that it does not take, or what else was in the way (a CPU's), each
 * with the reason as a line of at most
 * @size bytes in @why. Task context.
 */
int proc_write(const char *path, const char *text, char *why, size_t size);
/*
 * Calls @fn for every file: first those of /proc by relative path, in the
 * order of names, then those of nodes, CPUs and caches by absolute path.
 */
void proc_for_each(void (*fn)(const char *name, void *ctx), void *ctx);

#endif
