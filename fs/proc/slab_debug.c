// SPDX-License-Identifier: MIT
/*
 * The files of what is watched: failslab/, one number each, or Y and N, which
 * can be written; and in /sys/kernel/debug kmemleak, to which commands can be
 * written, kfence/stats and kfence/objects.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/kmemleak.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#include <octavo/failslab.h>

#define FAILSLAB	"failslab/"

/* In the order of names. */
static const struct {
	const char *name;
	bool yes_no;		/* shown as debugfs shows a bool */
} files[] = {
	{ "cache-filter", true }, { "ignore-gfp-wait", true },
	{ "interval", false }, { "probability", false }, { "space", false },
	{ "times", false }, { "verbose", false },
};

/* What follows FAILSLAB in @path; NULL: it is another's. */
static const char *file_of(const char *path)
{
	return strncmp(path, FAILSLAB, strlen(FAILSLAB)) ? NULL :
	       path + strlen(FAILSLAB);
}

static bool is_yes_no(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i].name, name))
			return files[i].yes_no;
	return false;
}

/* In Linux the file cannot be read then; here it says what to do. */
static int kmemleak_file_show(struct seq_file *m)
{
	if (kmemleak_show(m) == -EBUSY)
		seq_puts(m, "kmemleak is off: start with kmemleak=on\n");
	return 0;
}

static const struct proc_entry debug_files[] = {
	{ SYS_DEBUG "kfence/objects", kfence_objects_show },
	{ SYS_DEBUG "kfence/stats", kfence_stats_show },
	{ SYS_DEBUG "kmemleak", kmemleak_file_show },
};

int slab_debug_show(const char *path, struct seq_file *m)
{
	const char *name = file_of(path);
	long value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(debug_files); i++)
		if (!strcmp(debug_files[i].name, path))
			return debug_files[i].show(m);

	if (!name || failslab_read(name, &value))
		return -ENOENT;
	if (is_yes_no(name))
		seq_printf(m, "%c\n", value ? 'Y' : 'N');
	else
		seq_printf(m, "%ld\n", value);
	return 0;
}

static int kmemleak_store(const char *text, char *why, size_t size)
{
	const char *fault = kmemleak_command(text);

	if (fault)
		scnprintf(why, size, SYS_DEBUG "kmemleak: \"%s\" %s", text,
			  fault);
	return fault ? -EINVAL : 0;
}

int slab_debug_store(const char *path, const char *text, char *why,
		     size_t size)
{
	const char *name = file_of(path);
	int value, err = -EINVAL;
	long now;
	bool yes;

	if (!strcmp(path, SYS_DEBUG "kmemleak"))
		return kmemleak_store(text, why, size);
	if (!name || failslab_read(name, &now))
		return -ENOENT;
	if (!kstrtoint(text, 0, &value)) {
		err = failslab_write(name, value);
	} else if (is_yes_no(name) && isalpha(text[0]) && !text[1] &&
		   !kstrtobool(text, &yes)) {
		err = failslab_write(name, yes);
	}
	if (err)
		scnprintf(why, size, "%s: \"%s\" is no value for it", path,
			  text);
	return err;
}

void slab_debug_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		scnprintf(path, sizeof(path), FAILSLAB "%s", files[i].name);
		fn(path, ctx);
	}
}

void slab_debug_sys_for_each(void (*fn)(const char *name, void *ctx),
			     void *ctx)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(debug_files); i++)
		fn(debug_files[i].name, ctx);
}
