/* SPDX-License-Identifier: MIT */
/* What the files of the `octavo` command share. */
#ifndef OCTAVO_TOOLS_OCTAVO_H
#define OCTAVO_TOOLS_OCTAVO_H

#include <stdio.h>

#include <octavo/octavo.h>

/* Exit statuses. */
enum {
	EXIT_OK = 0,		/* all was done */
	EXIT_FAILED = 1,	/* the machine did not start, a check failed */
	EXIT_USAGE = 2,		/* the command line or a file is wrong */
};

#define MAX_CATS	64	/* --cat options of one call */
#define MAX_SETTINGS	64	/* --sysctl options */
#define MAX_HOLES	64	/* --hole options */

/* A machine as the command line describes it: tools/machine_args.c. */
struct machine_args {
	struct octavo_options options;
	struct octavo_range holes[MAX_HOLES];
	struct octavo_range devices[MAX_HOLES];
	const char *cmdline;
	const char *map_option;	/* which of the map's options was given */
	bool self;
	void *owned[4];		/* contents of files */
	unsigned int nr_owned;
};

/* For argp: the options that describe a machine, as a child parser. Its
 * input is a struct machine_args. */
extern const struct argp machine_argp;

/*
 * Makes the machine, or says why not on stderr: then NULL, with the exit
 * status in *@status. Gives the contents of files back either way.
 */
struct octavo_machine *machine_args_create(struct machine_args *args,
					   int *status);

/* "64M", "4T", "0x1000": bytes. False for anything else. */
bool parse_size(const char *text, uint64_t *bytes);

/* For octavo_cat() and the log; ctx is the FILE. */
void emit_to_file(void *ctx, const char *s, size_t n);

/* The machine as JSON on @out: tools/json.c; as a tree: tools/tree.c. */
void print_json(struct octavo_machine *m, FILE *out);
void print_tree(struct octavo_machine *m, FILE *out);

/* Commands. Each gets its own name as argv[0] and returns the exit status. */
int command_boot(int argc, char **argv);
int command_procdir(int argc, char **argv);

#endif
