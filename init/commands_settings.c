// SPDX-License-Identifier: MIT
/* The console's commands that change settings: echo and sysctl. */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/string.h>

#define VALUE_MAX	EDIT_LINE_MAX	/* a value is part of a line */
#define PATH_MAX_BYTES	128

/* Writes @value to @path; a refusal is shown as @command's. */
static int setting_write(struct shell *sh, const char *command,
			 const char *path, const char *value)
{
	char why[128];
	int err = proc_write(path, value, why, sizeof(why));

	if (!err)
		return 0;
	shell_printf(sh, "%s: %s\n", command, why);
	return err == -EINVAL ? -ERANGE : err;
}

int command_echo(struct shell *sh, int argc, char **argv)
{
	char text[VALUE_MAX];
	size_t n = 0;
	int i;

	text[0] = '\0';
	for (i = 1; i < argc && argv[i][0] != '>'; i++)
		n += (size_t)scnprintf(text + n, sizeof(text) - n, "%s%s",
				       i > 1 ? " " : "", argv[i]);
	if (i == argc) {
		shell_printf(sh, "%s\n", text);
		return 0;
	}
	/* "> FILE" or ">FILE", at the end. */
	if (argv[i][1] && i + 1 == argc)
		return setting_write(sh, argv[0], argv[i] + 1, text);
	if (!argv[i][1] && i + 2 == argc)
		return setting_write(sh, argv[0], argv[i + 1], text);
	return -EINVAL;
}

/* "vm.min_free_kbytes" to "sys/vm/min_free_kbytes". */
static void setting_path(char *path, size_t size, const char *name)
{
	char *dot;

	scnprintf(path, size, "sys/%s", name);
	for (dot = path; (dot = strchr(dot, '.')); )
		*dot = '/';
}

/* A setting's value on its way to the console. */
struct shown_value {
	struct shell *sh;
	const char *name;	/* "vm/min_free_kbytes" */
	bool begun;		/* the name was shown */
};

static void emit_value(void *ctx, const char *s, size_t n)
{
	struct shown_value *v = ctx;
	int group = (int)strcspn(v->name, "/");

	if (!v->begun)
		shell_printf(v->sh, "%.*s.%s = ", group, v->name,
			     v->name + group + 1);
	v->begun = true;
	shell_write(v->sh, s, n);
}

/* "vm.min_free_kbytes = 8192"; -EACCES: it can only be written. */
static int setting_print(struct shell *sh, const char *path)
{
	struct shown_value v = { .sh = sh, .name = strchr(path, '/') + 1 };
	struct seq_file m = { .emit = emit_value, .ctx = &v };

	return proc_show(path, &m);
}

static void print_if_setting(const char *path, void *ctx)
{
	if (!strncmp(path, "sys/", 4))
		setting_print(ctx, path);
}

struct setting_search {
	const char *path;
	bool found;
};

static void match_setting(const char *path, void *ctx)
{
	struct setting_search *s = ctx;

	if (!strcmp(path, s->path))
		s->found = true;
}

static int sysctl_one(struct shell *sh, char *arg)
{
	struct setting_search search = { 0 };
	char path[PATH_MAX_BYTES];
	char *value = strchr(arg, '=');

	if (value)
		*value++ = '\0';
	setting_path(path, sizeof(path), arg);
	search.path = path;
	proc_for_each(match_setting, &search);
	if (!search.found) {
		shell_printf(sh, "sysctl: %s: no such setting; sysctl -a lists them\n",
			     arg);
		return -ENOENT;
	}
	if (value)
		return setting_write(sh, "sysctl", path, value);
	if (setting_print(sh, path) != -EACCES)
		return 0;
	shell_printf(sh, "sysctl: %s: can only be written\n", arg);
	return -EACCES;
}

int command_sysctl(struct shell *sh, int argc, char **argv)
{
	int i, err = 0;

	if (argc < 2)
		return -EINVAL;
	if (argc == 2 && !strcmp(argv[1], "-a")) {
		proc_for_each(print_if_setting, sh);
		return 0;
	}
	for (i = 1; i < argc && !err; i++)
		err = sysctl_one(sh, argv[i]);
	return err;
}
