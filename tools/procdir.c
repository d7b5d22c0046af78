/* SPDX-License-Identifier: MIT */
/*
 * octavo procdir DIR: a machine's text files as a directory tree,
 *
 *	DIR/proc/meminfo ...
 *	DIR/proc/sys/vm/min_free_kbytes ...
 *	DIR/sys/devices/system/node/node0/meminfo ...
 *
 * so that programs that read /proc read the machine's, for instance in a
 * mount namespace with DIR/proc bound over /proc. Files are written whole:
 * a DIR that cannot be written ends the command with the file's name.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "octavo.h"

#define MAX_PATH	4096

struct procdir_args {
	struct machine_args machine;
	const char *dir;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct procdir_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->machine;
		return 0;
	case ARGP_KEY_ARG:
		if (args->dir)
			argp_error(state, "'%s': only one directory", arg);
		args->dir = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no directory");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
	{ .argp = &machine_argp },
	{ .argp = NULL },
};

static const struct argp argp = {
	.parser = parse, .children = children, .args_doc = "DIR",
	.doc = "Starts a machine in this process and writes its files to "
	       "DIR/proc and DIR/sys.",
};

/* What is being written, for callbacks. */
struct writer {
	struct octavo_machine *m;
	const char *dir;
	int status;
};

/* Makes every directory above @path. */
static int make_parents(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return 0;
}

/* Files of /proc are named relative to it, others absolute. */
static FILE *create(struct writer *w, const char *source, char *path)
{
	int n = snprintf(path, MAX_PATH, "%s%s%s", w->dir,
			 *source == '/' ? "" : "/proc/", source);
	FILE *f = NULL;

	if (n >= MAX_PATH)
		errno = ENAMETOOLONG;
	else if (!make_parents(path))
		f = fopen(path, "we");
	if (!f) {
		fprintf(stderr, "octavo: %s: %s\n", path, strerror(errno));
		w->status = EXIT_FAILED;
	}
	return f;
}

static void finish(struct writer *w, FILE *f, const char *path)
{
	bool bad = ferror(f);

	if (fclose(f) || bad) {
		fprintf(stderr, "octavo: %s: %s\n", path, strerror(errno));
		w->status = EXIT_FAILED;
	}
}

/* One file that octavo_cat() knows as @source. */
static void write_file(const char *source, void *ctx)
{
	struct writer *w = ctx;
	char path[MAX_PATH];
	FILE *f = create(w, source, path);
	int err;

	if (!f)
		return;
	err = octavo_cat(w->m, source, emit_to_file, f);
	/* What can only be written is a file that has nothing in it. */
	if (err && err != -EACCES) {
		fprintf(stderr, "octavo: %s: %s\n", source, strerror(-err));
		w->status = EXIT_FAILED;
	}
	finish(w, f, path);
}

int command_procdir(int argc, char **argv)
{
	struct procdir_args args = { 0 };
	struct writer w = { .status = EXIT_OK };

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	w.m = machine_args_create(&args.machine, &w.status);
	if (!w.m)
		return w.status;
	w.dir = args.dir;
	octavo_files(w.m, write_file, &w);
	octavo_machine_destroy(w.m);
	return w.status;
}
