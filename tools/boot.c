/* SPDX-License-Identifier: MIT */
/* octavo boot: starts a machine and shows what was asked for. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "octavo.h"

#define TRACING	"/sys/kernel/tracing/"

enum { OPT_LOG = 0x200, OPT_TOUR, OPT_CAT, OPT_JSON, OPT_TREE, OPT_SYSCTL,
       OPT_TRACE, OPT_TRACE_OUTPUT };

struct boot_args {
	struct machine_args machine;
	const char *cats[MAX_CATS];
	unsigned int nr_cats;
	const char *settings[MAX_SETTINGS];	/* "vm.NAME=VALUE" */
	unsigned int nr_settings;
	const char *trace;		/* events */
	const char *trace_output;	/* a file's name */
	bool log, tour, json, tree;
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What to show:", 4 },
	{ "log", OPT_LOG, NULL, 0, "the machine's log", 0 },
	{ "cat", OPT_CAT, "FILE", 0,
	  "a file of its /proc, such as buddyinfo (repeatable)", 0 },
	{ "sysctl", OPT_SYSCTL, "NAME=VALUE", 0,
	  "set vm.min_free_kbytes or the like first (repeatable)", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "machine, nodes, zones, caches and the time that the start took", 0 },
	{ "tree", OPT_TREE, NULL, 0, "nodes, zones and caches as a tree", 0 },
	{ "tour", OPT_TOUR, NULL, 0,
	  "run the tour: every page call, each zone to its last page", 0 },
	{ "trace", OPT_TRACE, "EVENTS", 0,
	  "write down what happens: kmem, percpu:*, kmem:mm_page_alloc,...", 0 },
	{ "trace-output", OPT_TRACE_OUTPUT, "FILE", 0,
	  "where to, at the end: trace-cmd's file if it is called .dat, else "
	  "text", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct boot_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->machine;
		return 0;
	case OPT_LOG:
		args->log = true;
		return 0;
	case OPT_TOUR:
		args->tour = true;
		return 0;
	case OPT_JSON:
		args->json = true;
		return 0;
	case OPT_TREE:
		args->tree = true;
		return 0;
	case OPT_TRACE:
		if (args->trace)
			argp_error(state, "--trace=%s: given twice", arg);
		args->trace = arg;
		return 0;
	case OPT_TRACE_OUTPUT:
		args->trace_output = arg;
		return 0;
	case OPT_CAT:
		if (args->nr_cats == MAX_CATS)
			argp_error(state, "more than %d files", MAX_CATS);
		args->cats[args->nr_cats++] = arg;
		return 0;
	case OPT_SYSCTL:
		if (args->nr_settings == MAX_SETTINGS)
			argp_error(state, "more than %d settings",
				   MAX_SETTINGS);
		if (!strchr(arg, '='))
			argp_error(state, "--sysctl=%s: not NAME=VALUE", arg);
		args->settings[args->nr_settings++] = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' belongs to no option", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
	{ .argp = &machine_argp },
	{ .argp = NULL },
};

static const struct argp argp = {
	.options = options, .parser = parse, .children = children,
	.doc = "Starts a machine in this process and shows what is asked for; "
	       "without a request a line with what it is.\v"
	       "Exit status: 0 all was done; 1 the machine did not start, or a "
	       "check of the tour failed; 2 an option or a file is wrong.",
};

static void print_line(struct octavo_machine *m)
{
	struct octavo_info i;

	octavo_info(m, &i);
	printf("%u node%s, %u CPU%s, %llu KiB of RAM, %llu free, started in %.3f ms of CPU time\n",
	       i.nr_nodes, i.nr_nodes == 1 ? "" : "s", i.nr_cpus,
	       i.nr_cpus == 1 ? "" : "s", (unsigned long long)i.ram >> 10,
	       (unsigned long long)i.free * 4, (double)i.boot_cpu_ns / 1e6);
}

static int cat_files(struct octavo_machine *m, const struct boot_args *args)
{
	int status = EXIT_OK;

	for (unsigned int i = 0; i < args->nr_cats; i++) {
		int err = octavo_cat(m, args->cats[i], emit_to_file, stdout);

		if (err) {
			fflush(stdout);
			fprintf(stderr, "octavo: %s: %s\n", args->cats[i],
				strerror(-err));
			status = EXIT_USAGE;
		}
	}
	return status;
}

/* "vm.NAME=VALUE" is VALUE for sys/vm/NAME. False, and said, if refused. */
static bool setting_apply(struct octavo_machine *m, const char *setting)
{
	const char *value = strchr(setting, '=') + 1;
	struct octavo_error err;
	char path[128];
	int n = snprintf(path, sizeof(path), "sys/%.*s",
			 (int)(value - 1 - setting), setting);

	if (n >= (int)sizeof(path)) {
		fprintf(stderr, "octavo: --sysctl=%s: the name is too long\n",
			setting);
		return false;
	}
	for (char *dot = path; (dot = strchr(dot, '.')); )
		*dot = '/';
	if (!octavo_write(m, path, value, &err))
		return true;
	fprintf(stderr, "octavo: --sysctl=%s: %s\n", setting, err.text);
	return false;
}

static bool settings_apply(struct octavo_machine *m,
			   const struct boot_args *args)
{
	for (unsigned int i = 0; i < args->nr_settings; i++)
		if (!setting_apply(m, args->settings[i]))
			return false;
	return true;
}

static int show(struct octavo_machine *m, const struct boot_args *args)
{
	int status = EXIT_OK;

	if (args->tour && octavo_tour(m, emit_to_file, stdout))
		status = EXIT_FAILED;
	if (args->log)
		octavo_log(m, emit_to_file, stdout);
	if (args->nr_cats && status == EXIT_OK)
		status = cat_files(m, args);
	if (args->json)
		print_json(m, stdout);
	if (args->tree)
		print_tree(m, stdout);
	if (!args->tour && !args->log && !args->nr_cats && !args->json &&
	    !args->tree)
		print_line(m);
	return status;
}

/* What the machine did so far is in the file @path; NULL: on stdout. */
static int trace_write(struct octavo_machine *m, const char *path)
{
	size_t n = path ? strlen(path) : 0;
	bool dat = n >= 4 && !strcmp(path + n - 4, ".dat");
	FILE *out = path ? fopen(path, "we") : stdout;
	int err = 0;

	if (!out) {
		fprintf(stderr, "octavo: %s: %s\n", path, strerror(errno));
		return EXIT_FAILED;
	}
	err = octavo_cat(m, dat ? TRACING "trace.dat" : TRACING "trace",
			 emit_to_file, out);
	if (err)
		fprintf(stderr, "octavo: the trace: %s\n", strerror(-err));
	if (path && fclose(out)) {
		fprintf(stderr, "octavo: %s: %s\n", path, strerror(errno));
		err = -1;
	}
	return err ? EXIT_FAILED : EXIT_OK;
}

/* Starts with the events on; whether they are any is seen afterwards. */
static char *trace_cmdline(struct boot_args *args)
{
	struct machine_args *m = &args->machine;
	char *line = NULL;

	if (args->trace &&
	    asprintf(&line, "%s trace_event=%s", m->cmdline ? m->cmdline : "",
		     args->trace) < 0)
		abort();
	if (line)
		m->cmdline = line;
	return line;
}

static bool trace_is_on(struct octavo_machine *m, const char *events)
{
	struct octavo_error err;
	int ret;

	if (!events)
		return true;
	ret = octavo_write(m, TRACING "set_event", events, &err);
	if (ret == -ENOENT)
		snprintf(err.text, sizeof(err.text),
			 "this octavo was built without tracepoints");
	if (ret)
		fprintf(stderr, "octavo: --trace=%s: %s\n", events, err.text);
	return !ret;
}

int command_boot(int argc, char **argv)
{
	struct boot_args args = { 0 };
	char *cmdline;
	struct octavo_machine *m;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	cmdline = trace_cmdline(&args);
	m = machine_args_create(&args.machine, &status);
	free(cmdline);
	if (!m)
		return status;
	status = EXIT_USAGE;
	if (trace_is_on(m, args.trace) && settings_apply(m, &args))
		status = show(m, &args);
	if (status != EXIT_USAGE && (args.trace || args.trace_output) &&
	    trace_write(m, args.trace_output))
		status = EXIT_FAILED;
	octavo_machine_destroy(m);
	if (fflush(stdout)) {
		perror("octavo: standard output");
		return EXIT_FAILED;
	}
	return status;
}
