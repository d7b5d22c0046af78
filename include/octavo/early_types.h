/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_EARLY_TYPES_H
#define _OCTAVO_EARLY_TYPES_H

#include <linux/types.h>

/* What the command line said to mm/early. b: boot only */
struct early_options {
	u64 kernelcore;		/* b: bytes that must not be movable; 0: unset */
	unsigned int kernelcore_percent;	/* b: the same, of all RAM */
	u64 movablecore;	/* b: bytes that must be movable */
	unsigned int movablecore_percent;	/* b */
	bool kernelcore_mirror;	/* b: all that is not mirrored is movable */
	bool movable_node;	/* b: hot-pluggable nodes are movable */
	int defer;		/* b: deferred page initialisation: 0 automatic,
				 * 1 on, -1 off */
	unsigned long defer_first;	/* b: pages of a zone that are made at
				 * the start all the same; 0: as many as
				 * a large machine's start needs */
};

#endif
