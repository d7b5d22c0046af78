// SPDX-License-Identifier: MIT
/*
 * Where the direct map of a machine in a process ends, if it is to be one of
 * 32 bits: RAM above is high memory.
 *
 *	options.lowmem   at that address
 *	highmem=SIZE     so that SIZE of RAM, holes included, lie above
 *
 * The second is for machines that have no other say, and for a smaller direct
 * map than the first gives.
 *
 * Failure: a size that would leave too little, or a direct map that no machine
 * of 32 bits has, is reported and not used.
 */
#include "host.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include <octavo/machine.h>

#include "plan.h"

/* What the machine itself takes, and a zone Normal besides. */
#define HOST_LOWMEM_MIN	(32ULL << 20)

static int __init host_highmem(char *val)
{
	char *end;
	u64 size;

	if (!val || *val < '0' || *val > '9')
		return option_malformed("highmem", val, "is no size");
	size = memparse(val, &end);
	if (*end)
		return option_malformed("highmem", val, "is no size");
	this_arch()->highmem_wanted = size;
	return 0;
}
early_param("highmem", host_highmem);

static u64 mib(unsigned long pages)
{
	return PFN_PHYS(pages) >> 20;
}

/* The end that @wanted bytes of high memory leave of @pages; or @limit. */
static unsigned long __init low_pfn_for(u64 wanted, unsigned long pages,
					unsigned long limit)
{
	unsigned long most = limit ?: PFN_DOWN(HOST_LOWMEM_MAX);
	u64 high = PFN_UP(wanted);

	if (high >= pages || pages - high < PFN_DOWN(HOST_LOWMEM_MIN)) {
		pr_err("highmem=: %lluM of %lluM would leave less than %lluM mapped: ignored\n",
		       wanted >> 20, mib(pages), HOST_LOWMEM_MIN >> 20);
		return limit;
	}
	if (pages - high > most) {
		pr_err("highmem=: %lluM of %lluM would leave more than %lluM mapped: ignored\n",
		       wanted >> 20, mib(pages), mib(most));
		return limit;
	}
	return (unsigned long)(pages - high);
}

unsigned long __init host_low_pfn_limit(void)
{
	struct arch_machine *a = this_arch();
	unsigned long limit = PFN_DOWN(a->plan->options->lowmem);

	if (a->highmem_wanted)
		limit = low_pfn_for(a->highmem_wanted, max_pfn, limit);
	a->low_end = limit;
	if (!limit)
		return max_pfn;
	limit = min(limit, max_pfn);
	pr_notice("%lluMB HIGHMEM available.\n", mib(max_pfn - limit));
	pr_notice("%lluMB LOWMEM available.\n", mib(limit));
	return limit;
}
