/* SPDX-License-Identifier: MIT */
/*
 * The files under /proc as text: one table of names and writers, no file
 * system. Paths are relative to /proc: "buddyinfo", "sys/vm/min_free_kbytes".
 */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/seq_file.h>

/* Writes /proc/@path of the current machine. -ENOENT for an unknown one. */
int proc_show(const char *path, struct seq_file *m);
/* Calls @fn for every entry, in the order of names. */
void proc_for_each(void (*fn)(const char *name, void *ctx), void *ctx);

#endif
