// SPDX-License-Identifier: MIT
/*
 * Runs the exhaustive search of a small space of kernel addresses (va.c) and
 * writes TAP.
 *
 *	exhaustive-va [--pages N] [--max-states N]
 */
#include "va.h"
#include "driver.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "pages", required_argument, NULL, 'p' },
		{ "max-states", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	struct va_options o = { .pages = 5, .max_states = 1u << 20 };
	struct va_result r = { 0 };
	struct search_end end = { 0 };
	const char *point;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': o.pages = search_number("pages", 1, 8); break;
		case 'm':
			o.max_states = search_number("max-states", 1, 1u << 24);
			break;
		default: exit(2);
		}
	}
	search_begin();
	end.bad = va_search(&o, &r);
	end.complete = r.complete;
	end.max_states = o.max_states;
	end.depth = r.depth;
	end.refused = r.refused;
	point = search_point(&end);
	printf("%s: %u pages of kernel addresses: %llu states, %llu transitions, %llu wrong calls rejected\n",
	       point, o.pages, (unsigned long long)r.states,
	       (unsigned long long)r.transitions,
	       (unsigned long long)r.rejected);
	return end.bad != 0;
}
