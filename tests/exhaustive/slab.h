/* SPDX-License-Identifier: MIT */
/* The two halves of the search of a small cache. <stdint.h> types alone. */
#ifndef OCTAVO_TESTS_SLAB_SEARCH_H
#define OCTAVO_TESTS_SLAB_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

struct slab_options {
	unsigned int slabs;	/* of four objects each, 1 to 3 */
	unsigned int hotplug;	/* 1: the second CPU goes and comes back */
	unsigned int max_states;
};

struct slab_result {
	uint64_t states, transitions, refused, rejected, late;
	unsigned int depth, varying;
	bool complete;		/* there was room for all states */
};

/* 0 when nothing is wrong. Lines say what is. */
int slab_search(const struct slab_options *o, struct slab_result *result);

#endif
