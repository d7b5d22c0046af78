// SPDX-License-Identifier: MIT
/*
 * The bench: runs the cases of bench/kernel, pages and objects, and prints a
 * line for each,
 *
 *   bench: page/order0 118.30 (118.30 to 120.11 in 31 passes)
 *
 * the median in counts of the port's counter, per operation, and the least and
 * the most. In QEMU with -icount shift=0 a count is an instruction; elsewhere
 * it is what the processor's time-stamp counter counts.
 *
 * The last lines hold what is free and what is in use, against what was
 * before: pages that are free or slabs', and objects that are out. Caches
 * keep slabs and CPUs' arrays, and more of them after a run than before the
 * first, so only the sum stays as it was.
 */
#include <octavo/start.h>

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include <octavo/run_queue.h>

#include "../bench/kernel/measure.h"

static void bench_report(const struct bench_result *r, void *m)
{
	if (!r->passes) {
		seq_printf(m, "bench: %s/%s: out of memory\n", r->group,
			   r->name);
		return;
	}
	seq_printf(m, "bench: %s/%s %lu.%02lu", r->group, r->name,
		   r->median / 100, r->median % 100);
	seq_printf(m, " (%lu.%02lu to %lu.%02lu in %lu passes)\n",
		   r->low / 100, r->low % 100, r->high / 100, r->high % 100,
		   r->passes);
}

/* What must be the same after a run. */
struct bench_memory {
	unsigned long pages;	/* free, or of slabs */
	unsigned long objects;	/* that users have */
};

static void bench_memory_read(struct bench_memory *memory)
{
	struct slab_totals totals;

	vm_unmap_aliases();
	kvfree_rcu_barrier();
	percpu_shrink();
	drain_all_pages(NULL);
	slab_totals_read(&totals);
	memory->pages = global_zone_page_state(NR_FREE_PAGES) + totals.pages;
	memory->objects = totals.objects;
}

int bench_run(bool quick, struct seq_file *m)
{
	struct bench_memory before, after;
	int err;

	deferred_init_finish();
	sched_reap();
	bench_memory_read(&before);
	err = bench_groups_run(quick, bench_report, m);
	bench_memory_read(&after);
	seq_printf(m, "bench: %lu pages were free, now %lu\n", before.pages,
		   after.pages);
	seq_printf(m, "bench: %lu objects were out, now %lu\n",
		   before.objects, after.objects);
	if (err)
		return err;
	return before.pages == after.pages &&
	       before.objects == after.objects ? 0 : -EIO;
}
