// SPDX-License-Identifier: MIT
/*
 * The bench: runs the page allocator's cases (bench/kernel/page_cases.c) and
 * prints a line for each,
 *
 *   bench: page/order0 118.30 (118.30 to 120.11 in 31 passes)
 *
 * the median in counts of the port's counter, per operation, and the least and
 * the most. In QEMU with -icount shift=0 a count is an instruction; elsewhere
 * it is what the processor's time-stamp counter counts.
 *
 * The last line holds the free pages, with what CPUs keep given back, against
 * those before.
 */
#include <octavo/start.h>

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/vmstat.h>

#include <octavo/run_queue.h>

#include "../bench/kernel/page_cases.h"

static void bench_report(const struct page_result *r, void *m)
{
	if (!r->passes) {
		seq_printf(m, "bench: page/%s: out of memory\n", r->name);
		return;
	}
	seq_printf(m, "bench: page/%s %lu.%02lu", r->name, r->median / 100,
		   r->median % 100);
	seq_printf(m, " (%lu.%02lu to %lu.%02lu in %lu passes)\n",
		   r->low / 100, r->low % 100, r->high / 100, r->high % 100,
		   r->passes);
}

static unsigned long bench_free_pages(void)
{
	drain_all_pages(NULL);
	return global_zone_page_state(NR_FREE_PAGES);
}

int bench_run(bool quick, struct seq_file *m)
{
	unsigned long before, after;
	int err;

	deferred_init_finish();
	sched_reap();
	before = bench_free_pages();
	err = page_cases_run(quick, bench_report, m);
	after = bench_free_pages();
	seq_printf(m, "bench: %lu pages were free, now %lu\n", before, after);
	return err ? err : before == after ? 0 : -EIO;
}
