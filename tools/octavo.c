/* SPDX-License-Identifier: MIT */
/*
 * The `octavo` command: machines from a shell.
 *
 *	octavo boot      start a machine, show its log, files and figures
 *	octavo procdir   write its /proc and /sys files into a directory
 *
 * Each command has --help.
 */
#include <argp.h>
#include <string.h>

#include "octavo.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
};

static const struct command commands[] = {
	{ "boot", command_boot,
	  "start a machine; show its log, its files, its figures" },
	{ "procdir", command_procdir,
	  "write a machine's /proc and /sys files into a directory" },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	fprintf(out, "usage: octavo COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].what);
	fprintf(out, "\n`octavo COMMAND --help` tells the options.\n");
}

int main(int argc, char **argv)
{
	static char name[64];
	static char help[] = "--help";

	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	/* "help COMMAND" is "COMMAND --help". */
	if (!strcmp(argv[1], "help") && argc == 3) {
		argv[1] = argv[2];
		argv[2] = help;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-?") ||
	    !strcmp(argv[1], "help")) {
		usage(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("octavo %s\n", OCTAVO_TOOL_VERSION);
		return EXIT_OK;
	}
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		/* argp names the command in its messages. */
		snprintf(name, sizeof(name), "octavo %s", commands[i].name);
		argv[1] = name;
		return commands[i].run(argc - 1, argv + 1);
	}
	if (argv[1][0] == '-')
		fprintf(stderr, "octavo: '%s' is no option before a command; `octavo help` lists commands\n",
			argv[1]);
	else
		fprintf(stderr, "octavo: no command '%s'; `octavo help` lists them\n",
			argv[1]);
	return EXIT_USAGE;
}
