// SPDX-License-Identifier: MIT
/* Options and TAP of the programs that run an exhaustive search. */
#include "driver.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct timespec begun;

void search_line(const char *line)
{
	printf("# %s\n", line);
	fflush(stdout);
}

unsigned int search_number(const char *name, unsigned int lo, unsigned int hi)
{
	char *end;
	unsigned long v = strtoul(optarg, &end, 0);

	if (!*end && end != optarg && v >= lo && v <= hi)
		return (unsigned int)v;
	fprintf(stderr, "--%s takes a number from %u to %u, not '%s'\n", name,
		lo, hi, optarg);
	exit(2);
}

void search_begin(void)
{
	printf("TAP version 13\n1..1\n");
	clock_gettime(CLOCK_MONOTONIC, &begun);
}

const char *search_point(struct search_end *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!end->bad && !end->complete) {
		printf("# no room for all states: --max-states %u\n",
		       end->max_states);
		end->bad = 1;
	}
	if (end->varying)
		printf("# %u bytes vary\n", end->varying);
	printf("# the longest way is %u calls, %llu requests refused, %.1f s\n",
	       end->depth, end->refused,
	       (double)(now.tv_sec - begun.tv_sec) +
	       (double)(now.tv_nsec - begun.tv_nsec) / 1e9);
	return end->bad ? "not ok 1 exhaustive" : "ok 1 exhaustive";
}
