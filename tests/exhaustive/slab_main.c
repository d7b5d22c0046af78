// SPDX-License-Identifier: MIT
/*
 * Runs the exhaustive search of a small cache (slab.c) and writes TAP.
 *
 *	exhaustive-slab [--slabs N] [--hotplug N] [--max-states N]
 */
#include "slab.h"
#include "driver.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

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
	struct search_end end = { 0 };
	const char *point;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's': o.slabs = search_number("slabs", 1, 3); break;
		case 'u': o.hotplug = search_number("hotplug", 0, 1); break;
		case 'm':
			o.max_states = search_number("max-states", 1, 1u << 26);
			break;
		default: exit(2);
		}
	}
	search_begin();
	end.bad = slab_search(&o, &r);
	end.complete = r.complete;
	end.max_states = o.max_states;
	end.varying = r.varying;
	end.depth = r.depth;
	end.refused = r.refused;
	point = search_point(&end);
	printf("%s: %u slabs of 4 objects, 2 CPUs with arrays of 2: %llu states, %llu transitions, %llu wrong frees rejected, %llu found when they came back to the slab\n",
	       point, o.slabs, (unsigned long long)r.states,
	       (unsigned long long)r.transitions,
	       (unsigned long long)r.rejected, (unsigned long long)r.late);
	return end.bad != 0;
}
