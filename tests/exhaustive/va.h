/* SPDX-License-Identifier: MIT */
/* The two halves of the search of a small space of kernel addresses.
 * <stdint.h> types alone. */
#ifndef OCTAVO_TESTS_VA_SEARCH_H
#define OCTAVO_TESTS_VA_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

struct va_options {
	unsigned int pages;	/* of the space, 1 to 8 */
	unsigned int max_states;
};

struct va_result {
	uint64_t states, transitions, refused, rejected;
	unsigned int depth;
	bool complete;		/* there was room for all states */
};

/* 0 when nothing is wrong. Lines say what is. */
int va_search(const struct va_options *o, struct va_result *result);

#endif
