// SPDX-License-Identifier: MIT
/*
 * Stress: threads on all CPUs that take and give back pages as fast as they
 * can, and prove that nobody else had them meanwhile.
 *
 * Each thread keeps a small set of live blocks of random orders. It stamps the
 * first and last word of every page of a block with a value only it can know,
 * and looks at the stamps before it gives the block back. A block handed out
 * twice, or written by anyone else, shows as a wrong stamp.
 *
 *   stamp = seed of the thread + PFN of the page
 *
 * What fails: a thread that cannot be made ends the run with an error; lack of
 * memory is expected, and answered by giving back.
 */
#include <octavo/start.h>

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/random.h>

#define STRESS_LIVE		32	/* blocks a thread holds at most */
#define STRESS_MAX_ORDER	3	/* the largest that is always cheap */
#define STRESS_MAX_THREADS	(2 * NR_CPUS)

struct stress_block {
	struct page *page;		/* NULL: an empty place */
	unsigned int order;
};

/* o: its thread alone, but for the two marked */
struct stress_thread {
	struct task_struct *task;	/* c */
	u64 random;			/* o: state of the generator */
	u64 end_ns;			/* c: when to stop */
	unsigned long calls;		/* o: pairs done */
	unsigned long wrong;		/* o: stamps that were not ours */
	struct completion done;		/* the thread's last act */
};

static unsigned long stress_stamp(const struct stress_thread *t,
				  const struct page *page)
{
	return (unsigned long)t + page_to_pfn(page) * 0x9e3779b1UL;
}

/* The stamped words of page @i of a block. */
static unsigned long *stress_word(struct page *page, unsigned int i, bool last)
{
	unsigned long *w = page_address(page + i);

	return last ? w + PAGE_SIZE / sizeof(*w) - 1 : w;
}

static void stress_take(struct stress_thread *t, struct stress_block *b)
{
	unsigned int i, order;

	order = (unsigned int)(random_next(&t->random) % (STRESS_MAX_ORDER + 1));
	b->page = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, order);
	b->order = order;
	if (!b->page)
		return;
	for (i = 0; i < 1U << order; i++) {
		*stress_word(b->page, i, false) = stress_stamp(t, b->page + i);
		*stress_word(b->page, i, true) = stress_stamp(t, b->page + i);
	}
}

static void stress_give(struct stress_thread *t, struct stress_block *b)
{
	unsigned int i;

	for (i = 0; i < 1U << b->order; i++) {
		unsigned long want = stress_stamp(t, b->page + i);

		if (*stress_word(b->page, i, false) != want ||
		    *stress_word(b->page, i, true) != want)
			t->wrong++;
	}
	__free_pages(b->page, b->order);
	b->page = NULL;
	t->calls++;
}

/* Asleep: threads that poll keep those on slow CPUs from their end. */
static void stress_await_stop(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int stress_thread_fn(void *arg)
{
	struct stress_thread *t = arg;
	struct stress_block live[STRESS_LIVE] = { { NULL, 0 } };
	unsigned int i;

	while (port_clock_ns() < t->end_ns) {
		for (i = 0; i < STRESS_LIVE; i++) {
			struct stress_block *b =
				&live[random_next(&t->random) % STRESS_LIVE];

			if (b->page)
				stress_give(t, b);
			else
				stress_take(t, b);
		}
		cond_resched();
	}
	for (i = 0; i < STRESS_LIVE; i++)
		if (live[i].page)
			stress_give(t, &live[i]);
	complete(&t->done);
	stress_await_stop();
	return 0;
}

/* The @n-th online CPU, counted round. */
static unsigned int stress_cpu(unsigned int n)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);

	for (n %= num_online_cpus(); n; n--)
		cpu = cpumask_next((int)cpu, cpu_online_mask);
	return cpu;
}

static int stress_start(struct stress_thread *t, unsigned int n, u64 end_ns)
{
	t->random = n + 1;
	t->end_ns = end_ns;
	t->calls = 0;
	t->wrong = 0;
	init_completion(&t->done);
	t->task = kthread_create_on_cpu(stress_thread_fn, t, stress_cpu(n),
					"stress");
	if (IS_ERR(t->task))
		return (int)PTR_ERR(t->task);
	wake_up_process(t->task);
	return 0;
}

int stress_run(unsigned int seconds, unsigned int threads)
{
	unsigned long calls = 0, wrong = 0;
	struct stress_thread *t;
	unsigned int i, started = 0;
	u64 end_ns;
	int err = 0;

	if (!threads || threads > STRESS_MAX_THREADS)
		return -EINVAL;
	t = alloc_pages_exact(threads * sizeof(*t), GFP_KERNEL | __GFP_ZERO);
	if (!t)
		return -ENOMEM;
	end_ns = port_clock_ns() + seconds * 1000000000ULL;
	for (i = 0; i < threads && !err; i++) {
		err = stress_start(&t[i], i, end_ns);
		started += !err;
	}
	for (i = 0; i < started; i++) {
		wait_for_completion(&t[i].done);
		kthread_stop(t[i].task);
		calls += t[i].calls;
		wrong += t[i].wrong;
	}
	pr_info("stress: %u threads on %u CPUs, %lu pairs, %lu wrong stamps\n",
		started, num_online_cpus(), calls, wrong);
	free_pages_exact(t, threads * sizeof(*t));
	return err ? err : wrong ? -EIO : 0;
}
