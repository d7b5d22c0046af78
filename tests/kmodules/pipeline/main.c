// SPDX-License-Identifier: MIT
/*
 * Producers, a queue, consumers: threads on all CPUs that hand packets to
 * each other, with a timer and works that look after them.
 *
 *   producer ─┐                          ┌─ consumer
 *   producer ─┼─> queue (wait queue) ────┼─ consumer ──> index (rbtree)
 *   producer ─┘                          └─ consumer
 *
 * Packets come from a mempool, counts are per CPU, a timer ticks, a delayed
 * work audits the index, and one work for each CPU reports at the end.
 * Written from Linux's documentation alone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <kunit/test.h>

#include "pipeline.h"

#define PACKET_DATA	64
#define PACKET_BYTES	(sizeof(struct packet) + PACKET_DATA)

static unsigned int producers = 3;
module_param(producers, uint, 0444);
static unsigned int consumers = 2;
module_param(consumers, uint, 0444);
static unsigned long packets = 1500;
module_param(packets, ulong, 0444);
MODULE_PARM_DESC(packets, "how many each producer makes");
static unsigned int tick_ms = 2;
module_param(tick_ms, uint, 0444);

struct counters {
	unsigned long made, taken, twice;
};
static DEFINE_PER_CPU(struct counters, counters);
static unsigned long __percpu *bytes;

static LIST_HEAD(queue);
static DEFINE_SPINLOCK(queue_lock);
static unsigned int queue_length;
static DECLARE_WAIT_QUEUE_HEAD(queue_filled);
static DECLARE_WAIT_QUEUE_HEAD(queue_drained);
#define QUEUE_MAX	64

static struct kmem_cache *packet_cache;
static mempool_t *packet_pool;
static struct workqueue_struct *audit_wq;
static struct delayed_work audit_work;
static atomic_t audits = ATOMIC_INIT(0);
static struct timer_list ticker;
static atomic64_t ticks = ATOMIC64_INIT(0);
static bool ticking;

/* When it was last looked at, and how long the queue was. */
static DEFINE_SEQLOCK(seen_lock);
static ktime_t seen_when;
static unsigned int seen_length;

static struct task_struct **threads;
static unsigned int nr_threads;
static struct completion producers_done;
static atomic_t producers_left;
static DEFINE_MUTEX(run_mutex);

static void ticker_fn(struct timer_list *timer)
{
	atomic64_inc(&ticks);
	write_seqlock(&seen_lock);
	seen_when = ktime_get();
	seen_length = READ_ONCE(queue_length);
	write_sequnlock(&seen_lock);
	if (READ_ONCE(ticking))
		mod_timer(timer, jiffies + msecs_to_jiffies(tick_ms));
}

static void audit_fn(struct work_struct *work)
{
	struct delayed_work *dwork = to_delayed_work(work);
	struct summary s = {};

	index_count();
	index_summary(&s);
	WARN_ON(s.packets && s.lowest > s.highest);
	atomic_inc(&audits);
	if (READ_ONCE(ticking))
		queue_delayed_work(audit_wq, dwork, 1);
}

/* ---- threads ---------------------------------------------------------- */

static void packet_fill(struct packet *p, u64 key)
{
	p->key = key;
	p->len = (u16)get_random_u32_inclusive(1, PACKET_DATA);
	get_random_bytes(p->data, p->len);
	p->sum = packet_sum(p);
}

static bool queue_has_room(void)
{
	return READ_ONCE(queue_length) < QUEUE_MAX;
}

static int producer_fn(void *arg)
{
	unsigned long i, base = (unsigned long)arg << 32;
	struct packet *p;

	for (i = 0; i < packets && !kthread_should_stop(); i++) {
		wait_event_interruptible(queue_drained, queue_has_room() ||
					 kthread_should_stop());
		p = mempool_alloc(packet_pool, GFP_KERNEL);
		packet_fill(p, base + i);
		spin_lock_bh(&queue_lock);
		list_add_tail(&p->queue, &queue);
		queue_length++;
		spin_unlock_bh(&queue_lock);
		this_cpu_inc(counters.made);
		*get_cpu_ptr(bytes) += p->len;
		put_cpu_ptr(bytes);
		wake_up_interruptible(&queue_filled);
	}
	if (atomic_dec_and_test(&producers_left))
		complete(&producers_done);
	/* Until somebody stops it. */
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static struct packet *queue_take(void)
{
	struct packet *p;

	spin_lock_bh(&queue_lock);
	p = list_first_entry_or_null(&queue, struct packet, queue);
	if (p) {
		list_del(&p->queue);
		queue_length--;
	}
	spin_unlock_bh(&queue_lock);
	if (p)
		wake_up_interruptible(&queue_drained);
	return p;
}

static int consumer_fn(void *arg)
{
	struct packet *p;

	while (!kthread_should_stop()) {
		wait_event_interruptible(queue_filled, !list_empty(&queue) ||
					 kthread_should_stop());
		while ((p = queue_take())) {
			WARN_ON(packet_sum(p) != p->sum);
			if (index_insert(p)) {
				this_cpu_inc(counters.taken);
			} else {
				this_cpu_inc(counters.twice);
				mempool_free(p, packet_pool);
			}
			cond_resched();
		}
	}
	return 0;
}

static int thread_start(int (*fn)(void *), unsigned long arg, const char *name)
{
	struct task_struct *task = kthread_run(fn, (void *)arg, "%s/%lu", name,
					       arg);

	if (IS_ERR(task))
		return PTR_ERR(task);
	threads[nr_threads++] = task;
	return 0;
}

static void threads_stop(void)
{
	while (nr_threads)
		kthread_stop(threads[--nr_threads]);
}

static int threads_start(void)
{
	unsigned int i;
	int err = 0;

	reinit_completion(&producers_done);
	atomic_set(&producers_left, (int)producers);
	for (i = 0; i < producers && !err; i++)
		err = thread_start(producer_fn, i, "producer");
	for (i = 0; i < consumers && !err; i++)
		err = thread_start(consumer_fn, i, "consumer");
	return err;
}

/* ---- tests ------------------------------------------------------------ */

static struct counters counters_sum(void)
{
	struct counters sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct counters *c = per_cpu_ptr(&counters, cpu);

		sum.made += c->made;
		sum.taken += c->taken;
		sum.twice += c->twice;
	}
	return sum;
}

static void pipeline_run_test(struct kunit *test)
{
	unsigned long n = 0, total = 0, want = producers * packets;
	struct counters sum;
	struct summary s = {};
	struct packet *p;
	u64 last = 0;
	int cpu;

	mutex_lock(&run_mutex);
	KUNIT_ASSERT_EQ(test, threads_start(), 0);
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&producers_done,
						msecs_to_jiffies(60000)), 0UL);
	for (n = 0; !list_empty_careful(&queue) && n < 10000; n++)
		usleep_range(500, 1000);
	threads_stop();
	mutex_unlock(&run_mutex);

	sum = counters_sum();
	KUNIT_EXPECT_EQ(test, sum.made, want);
	KUNIT_EXPECT_EQ(test, sum.taken, want);
	KUNIT_EXPECT_EQ(test, sum.twice, 0UL);
	for_each_possible_cpu(cpu)
		total += *per_cpu_ptr(bytes, cpu);
	KUNIT_EXPECT_GE(test, total, want);

	index_summary(&s);
	KUNIT_EXPECT_EQ(test, s.packets, want);
	KUNIT_EXPECT_EQ(test, index_count(), want);
	for (n = 0; (p = index_take_first()); n++) {
		KUNIT_EXPECT_TRUE(test, n == 0 || p->key > last);
		last = p->key;
		mempool_free(p, packet_pool);
	}
	KUNIT_EXPECT_EQ(test, n, want);
}

static void pipeline_timer_test(struct kunit *test)
{
	s64 before = atomic64_read(&ticks);
	unsigned int seq, length;
	ktime_t when, start = ktime_get();
	int i;

	for (i = 0; atomic64_read(&ticks) < before + 3 && i < 1000; i++)
		msleep(tick_ms);
	KUNIT_EXPECT_GE(test, atomic64_read(&ticks), before + 3);
	do {
		seq = read_seqbegin(&seen_lock);
		when = seen_when;
		length = seen_length;
	} while (read_seqretry(&seen_lock, seq));
	KUNIT_EXPECT_TRUE(test, ktime_after(when, start));
	KUNIT_EXPECT_LE(test, length, (unsigned int)QUEUE_MAX);
}

static void pipeline_audit_test(struct kunit *test)
{
	int before = atomic_read(&audits), i;

	flush_delayed_work(&audit_work);
	for (i = 0; atomic_read(&audits) < before + 2 && i < 1000; i++)
		msleep(2);
	KUNIT_EXPECT_GE(test, atomic_read(&audits), before + 2);
}

struct cpu_work {
	struct work_struct work;
	int cpu;
	struct kref *ref;
	struct completion *all;
};

static void ref_release(struct kref *ref)
{
}

static void cpu_work_fn(struct work_struct *work)
{
	struct cpu_work *w = container_of(work, struct cpu_work, work);

	w->cpu = raw_smp_processor_id();
	if (kref_put(w->ref, ref_release))
		complete(w->all);
}

static void pipeline_works_test(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(all);
	struct cpu_work *works;
	struct kref ref;
	int cpu;

	works = kunit_kcalloc(test, nr_cpu_ids, sizeof(*works), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, works);
	kref_init(&ref);
	for_each_online_cpu(cpu) {
		works[cpu].ref = &ref;
		works[cpu].all = &all;
		works[cpu].cpu = -1;
		INIT_WORK(&works[cpu].work, cpu_work_fn);
		kref_get(&ref);
		KUNIT_EXPECT_TRUE(test, schedule_work_on(cpu,
							 &works[cpu].work));
	}
	if (kref_put(&ref, ref_release))
		complete(&all);
	wait_for_completion(&all);
	for_each_online_cpu(cpu) {
		flush_work(&works[cpu].work);
		KUNIT_EXPECT_EQ(test, works[cpu].cpu, cpu);
	}
}

static void count_call(void *info)
{
	atomic_inc(info);
}

static void pipeline_calls_test(struct kunit *test)
{
	atomic_t called = ATOMIC_INIT(0);

	on_each_cpu(count_call, &called, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&called), (int)num_online_cpus());
}

static struct kunit_case pipeline_cases[] = {
	KUNIT_CASE(pipeline_run_test),
	KUNIT_CASE(pipeline_timer_test),
	KUNIT_CASE(pipeline_audit_test),
	KUNIT_CASE(pipeline_works_test),
	KUNIT_CASE(pipeline_calls_test),
	{}
};

static struct kunit_suite pipeline_suite = {
	.name = "pipeline",
	.test_cases = pipeline_cases,
};
kunit_test_suite(pipeline_suite);

/* ---- coming and going ------------------------------------------------- */

static int __init pipeline_init(void)
{
	int err = -ENOMEM;

	threads = kcalloc(producers + consumers, sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	packet_cache = kmem_cache_create("pipeline_packet", PACKET_BYTES, 0, 0,
					 NULL);
	if (!packet_cache)
		goto no_cache;
	packet_pool = mempool_create_slab_pool(16, packet_cache);
	if (!packet_pool)
		goto no_pool;
	bytes = alloc_percpu(unsigned long);
	if (!bytes)
		goto no_bytes;
	audit_wq = alloc_workqueue("pipeline_audit", WQ_UNBOUND, 1);
	if (!audit_wq)
		goto no_wq;
	err = index_setup();
	if (err)
		goto no_index;
	init_completion(&producers_done);
	INIT_DELAYED_WORK(&audit_work, audit_fn);
	timer_setup(&ticker, ticker_fn, 0);
	ticking = true;
	mod_timer(&ticker, jiffies + 1);
	queue_delayed_work(audit_wq, &audit_work, 1);
	pr_info("%u producers, %u consumers, %u CPUs\n", producers, consumers,
		num_online_cpus());
	return 0;

no_index:
	destroy_workqueue(audit_wq);
no_wq:
	free_percpu(bytes);
no_bytes:
	mempool_destroy(packet_pool);
no_pool:
	kmem_cache_destroy(packet_cache);
no_cache:
	kfree(threads);
	return err;
}

static void __exit pipeline_exit(void)
{
	struct packet *p;

	WRITE_ONCE(ticking, false);
	del_timer_sync(&ticker);
	cancel_delayed_work_sync(&audit_work);
	threads_stop();
	while ((p = queue_take()))
		mempool_free(p, packet_pool);
	while ((p = index_take_first()))
		mempool_free(p, packet_pool);
	index_end();
	destroy_workqueue(audit_wq);
	free_percpu(bytes);
	mempool_destroy(packet_pool);
	kmem_cache_destroy(packet_cache);
	kfree(threads);
	pr_info("%lld ticks, %d audits\n", atomic64_read(&ticks),
		atomic_read(&audits));
}

module_init(pipeline_init);
module_exit(pipeline_exit);
MODULE_DESCRIPTION("Threads that hand each other memory");
MODULE_LICENSE("Dual MIT/GPL");
