// SPDX-License-Identifier: MIT
/*
 * The files of failslab/: one number each, or Y and N, which can be written.
 * Paths are relative to /proc.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
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

int slab_debug_show(const char *path, struct seq_file *m)
{
	const char *name = file_of(path);
	long value;

	if (!name || failslab_read(name, &value))
		return -ENOENT;
	if (is_yes_no(name))
		seq_printf(m, "%c\n", value ? 'Y' : 'N');
	else
		seq_printf(m, "%ld\n", value);
	return 0;
}

int slab_debug_store(const char *path, const char *text, char *why,
		     size_t size)
{
	const char *name = file_of(path);
	int value, err = -EINVAL;
	long now;
	bool yes;

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
