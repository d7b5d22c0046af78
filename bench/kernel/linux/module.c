// SPDX-License-Identifier: MIT
/*
 * The cases as a module of Linux. They run while it is loaded, each prints the
 * line that our own kernel prints for it (init/bench.c), and the module is not
 * kept: its start-up ends with -EAGAIN. The line that says `done` comes last,
 * and with it how many cases found no memory.
 *
 *   quick=1   few passes, to see that all cases work
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "measure.h"

static bool quick;
module_param(quick, bool, 0444);

static void report(const struct bench_result *r, void *ctx)
{
	unsigned int *failed = ctx;

	if (!r->passes) {
		pr_info("bench: %s/%s: out of memory\n", r->group,
			r->name);
		(*failed)++;
		return;
	}
	pr_info("bench: %s/%s %lu.%02lu", r->group, r->name, r->median / 100,
		r->median % 100);
	pr_cont(" (%lu.%02lu to %lu.%02lu in %lu passes)\n", r->low / 100,
		r->low % 100, r->high / 100, r->high % 100, r->passes);
}

static int __init kernel_bench_init(void)
{
	unsigned int failed = 0;

	bench_groups_run(quick, report, &failed);
	pr_info("bench: done, %u failed\n", failed);
	return -EAGAIN;
}
module_init(kernel_bench_init);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("What the calls for pages and objects cost");
