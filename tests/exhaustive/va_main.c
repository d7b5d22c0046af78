// SPDX-License-Identifier: MIT
/*
 * Runs the exhaustive search of a small space of kernel addresses (va.c) and
 * writes TAP.
 *
 *	exhaustive-va [--pages N] [--max-states N]
 */
#include "va.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void va_search_line(const char *line)
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
		{ "pages", required_argument, NULL, 'p' },
		{ "max-states", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	struct va_options o = { .pages = 5, .max_states = 1u << 20 };
	struct va_result r = { 0 };
	struct timespec a, b;
	int bad, c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': o.pages = number("pages", 1, 8); break;
		case 'm':
			o.max_states = number("max-states", 1, 1u << 24);
			break;
		default: exit(2);
		}
	}
	printf("TAP version 13\n1..1\n");
	clock_gettime(CLOCK_MONOTONIC, &a);
	bad = va_search(&o, &r);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (!bad && !r.complete) {
		printf("# no room for all states: --max-states %u\n",
		       o.max_states);
		bad = 1;
	}
	printf("# the longest way is %u calls, %llu requests refused, %.1f s\n",
	       r.depth, (unsigned long long)r.refused,
	       (double)(b.tv_sec - a.tv_sec) +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	printf("%s 1 exhaustive: %u pages of kernel addresses: %llu states, %llu transitions, %llu wrong calls rejected\n",
	       bad ? "not ok" : "ok", o.pages, (unsigned long long)r.states,
	       (unsigned long long)r.transitions,
	       (unsigned long long)r.rejected);
	return bad != 0;
}
