/* SPDX-License-Identifier: MIT */
/*
 * The settings of the page allocator that /proc/sys/vm shows, by name; what
 * they mean stands in mm/page/settings.c.
 */
#ifndef _OCTAVO_VM_SETTINGS_H
#define _OCTAVO_VM_SETTINGS_H

#include <linux/types.h>

struct seq_file;

/* The @i-th setting's name, such as "min_free_kbytes"; NULL past the last. */
const char *vm_setting_name(unsigned int i);
/*
 * Writes the value of @name as a line. 0; -ENOENT; -EACCES when it can only be
 * written. Any context.
 */
int vm_setting_show(const char *name, struct seq_file *m);
/*
 * Sets @name to what @text says; it takes effect before the call returns. 0;
 * -ENOENT for an unknown setting, -EINVAL for another text or a value out of
 * range, which changes nothing, with the reason as a line of at most @size
 * bytes in @why. Task context.
 */
int vm_setting_store(const char *name, const char *text, char *why,
		     size_t size);

#endif
