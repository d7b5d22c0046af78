/* SPDX-License-Identifier: MIT */
/* Objects for a machine's caches to keep, on the CPU of the calling thread. */
#include <linux/slab.h>

#include "machine_fill.h"

#define FILL_OBJECTS	500

void machine_fill(void)
{
	static void *objects[FILL_OBJECTS];
	unsigned int i;

	for (i = 0; i < FILL_OBJECTS; i++)
		objects[i] = kmalloc(200, GFP_KERNEL);
	for (i = 0; i < FILL_OBJECTS; i++)
		kfree(objects[i]);
}
