// SPDX-License-Identifier: MIT
/*
 * /proc/slabinfo, in the format 2.1 of Linux. The tunables are what they were
 * in SLAB: how many objects an array of a CPU holds, and how many a refill
 * brings at most.
 */
#include <linux/slab.h>

#include <linux/seq_file.h>

#include "internal.h"

int slabinfo_show(struct seq_file *m)
{
	slabinfo_write(m);
	return 0;
}
