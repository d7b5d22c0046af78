/* SPDX-License-Identifier: MIT */
/*
 * The two halves of the exhaustive search: main.c sees libc, zone.c the core.
 * <stdint.h> types alone.
 */
#ifndef OCTAVO_TESTS_ZONE_SEARCH_H
#define OCTAVO_TESTS_ZONE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

struct zone_options {
	unsigned int pages;	/* managed frames of the zone, 2 to 16 */
	unsigned int cpus;	/* 1 or 2 */
	unsigned int orders;	/* requests of order 0 to one less */
	unsigned int types;	/* 1: unmovable; 2: movable too */
	unsigned int keep;	/* blocks that a CPU's list may hold */
	unsigned int hotplug;	/* 1: the second CPU goes and comes back */
	unsigned int max_states;
	const char *path;	/* "3,17,4": only these operations; or NULL */
	const char *self;	/* the program's name, for the replay line */
};

struct zone_result {
	uint64_t states, transitions, refused, rejected;
	unsigned int depth, varying;
	bool complete;		/* there was room for all states */
};

/* Writes a line on standard output. */
void zone_search_line(const char *line);
/* 0 when nothing is wrong. Lines say what is. */
int zone_search(const struct zone_options *o, struct zone_result *result);
/* For a signal's handler: which operation was under way. */
void zone_search_where(void);

#endif
