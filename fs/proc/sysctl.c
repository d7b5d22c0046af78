// SPDX-License-Identifier: MIT
/* /proc/sys: settings, which can be written. */
#include "internal.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/vm_settings.h>

#define SYS_VM	"sys/vm/"

/* The setting's name in @path; NULL when that is none's. */
static const char *setting_of(const char *path)
{
	return strncmp(path, SYS_VM, strlen(SYS_VM)) ? NULL :
	       path + strlen(SYS_VM);
}

int sysctl_show(const char *path, struct seq_file *m)
{
	const char *name = setting_of(path);

	return name ? vm_setting_show(name, m) : -ENOENT;
}

int sysctl_store(const char *path, const char *text, char *why, size_t size)
{
	const char *name = setting_of(path);

	return name ? vm_setting_store(name, text, why, size) : -ENOENT;
}

void sysctl_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	char path[64];
	unsigned int i;

	for (i = 0; vm_setting_name(i); i++) {
		scnprintf(path, sizeof(path), SYS_VM "%s", vm_setting_name(i));
		fn(path, ctx);
	}
}
