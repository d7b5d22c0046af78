// SPDX-License-Identifier: MIT
/*
 * Runs the exhaustive search of a small cache (slab.c) and writes TAP.
 *
 *	exhaustive-slab [--slabs N] [--hotplug N] [--max-states N]
 */
#include "slab.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void slab_search_line(const char *line)
{
	printf("# %s\n", line);
	fflush(stdout);
}

static unsigned int number(const char *what, unsigned int lo, unsigned int hi)
{
	char *end;
	unsigned long v = strtoul(optarg, &end, 0);

	if (!*end && end != optarg && v >= lo && v <= hi)
		return (unsigned int)v;
	fprintf(stderr, "--%s takes a number from %u to %u, not '%s'\n", what,
		lo, hi, optarg);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "slabs", required_argument, NULL, 's' },
		{ "hotplug", required_argument, NULL, 'u' },
		{ "max-states", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	struct slab_options o = { .slabs = 1, .max_states = 1u << 22 };
	struct slab_result r = { 0 };
	struct timespec a, b;
	int bad, c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's': o.slabs = number("slabs", 1, 3); break;
		case 'u': o.hotplug = number("hotplug", 0, 1); break;
		case 'm':
			o.max_states = number("max-states", 1, 1u << 26);
			break;
		default: exit(2);
		}
	}
	printf("TAP version 13\n1..1\n");
	clock_gettime(CLOCK_MONOTONIC, &a);
	bad = slab_search(&o, &r);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (!bad && !r.complete) {
		printf("# no room for all states: --max-states %u\n",
		       o.max_states);
		bad = 1;
	}
	printf("# %u bytes vary, the longest way is %u calls, %llu requests refused, %.1f s\n",
	       r.varying, r.depth, (unsigned long long)r.refused,
	       (double)(b.tv_sec - a.tv_sec) +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	printf("%s 1 exhaustive: %u slabs of 4 objects, 2 CPUs with arrays of 2: %llu states, %llu transitions, %llu wrong frees rejected, %llu found when they came back to the slab\n",
	       bad ? "not ok" : "ok", o.slabs, (unsigned long long)r.states,
	       (unsigned long long)r.transitions,
	       (unsigned long long)r.rejected, (unsigned long long)r.late);
	return bad != 0;
}
