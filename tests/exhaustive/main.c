// SPDX-License-Identifier: MIT
/*
 * Runs the exhaustive search of a small zone (zone.c) and writes TAP.
 *
 *	exhaustive [--pages N] [--cpus N] [--orders N] [--types N]
 *	           [--keep N] [--hotplug N] [--max-states N] [--path OPS]
 *
 * Says how many states there are, how many calls led from one to another and
 * how many wrong frees were rejected; or the calls that lead to what is wrong
 * and the command that makes them again.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "zone.h"

void zone_search_line(const char *line)
{
	size_t n = strlen(line);

	printf("%s%s", line, n && line[n - 1] == '\n' ? "" : "\n");
	fflush(stdout);
}

/* The core ran into memory that is not its own: say where, then die of it. */
static void on_fault(int sig)
{
	zone_search_where();
	signal(sig, SIG_DFL);
	raise(sig);
}

static const struct option options[] = {
	{ "pages", required_argument, NULL, 'p' },
	{ "cpus", required_argument, NULL, 'c' },
	{ "orders", required_argument, NULL, 'o' },
	{ "types", required_argument, NULL, 't' },
	{ "keep", required_argument, NULL, 'k' },
	{ "hotplug", required_argument, NULL, 'u' },
	{ "max-states", required_argument, NULL, 'm' },
	{ "path", required_argument, NULL, 'P' },
	{ NULL, 0, NULL, 0 },
};

static void parse(int argc, char **argv, struct zone_options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': o->pages = search_number("pages", 2, 16); break;
		case 'c': o->cpus = search_number("cpus", 1, 2); break;
		case 'o': o->orders = search_number("orders", 1, 4); break;
		case 't': o->types = search_number("types", 1, 2); break;
		case 'k': o->keep = search_number("keep", 0, 8); break;
		case 'u': o->hotplug = search_number("hotplug", 0, 1); break;
		case 'm': o->max_states = search_number("max-states", 1, 1u << 26); break;
		case 'P': o->path = optarg; break;
		default: exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct zone_options o = {
		.pages = 6, .cpus = 2, .orders = 4, .types = 2, .keep = 1, .max_states = 1u << 22,
		.self = argv[0],
	};
	struct zone_result r = { 0 };
	struct search_end end = { 0 };
	const char *point;

	parse(argc, argv, &o);
	signal(SIGSEGV, on_fault);
	signal(SIGBUS, on_fault);
	signal(SIGABRT, on_fault);
	search_begin();
	end.bad = zone_search(&o, &r);
	end.complete = r.complete;
	end.max_states = o.max_states;
	end.varying = r.varying;
	end.depth = r.depth;
	end.refused = r.refused;
	point = search_point(&end);
	printf("%s: %u pages, %u CPUs with lists of %u: %llu states, %llu transitions, %llu wrong frees rejected\n",
	       point, o.pages, o.cpus, o.keep,
	       (unsigned long long)r.states, (unsigned long long)r.transitions,
	       (unsigned long long)r.rejected);
	return end.bad != 0;
}
