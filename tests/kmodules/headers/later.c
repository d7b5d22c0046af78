// SPDX-License-Identifier: MIT
/* What runs later: timers, works, time itself. */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/timex.h>
#include <linux/workqueue.h>
#include <kunit/test.h>

struct thing {
	struct timer_list timer;
	struct work_struct work;
	struct delayed_work dwork;
	struct hrtimer hr;
	atomic_t fired, worked;
	int cpu, ticks;
	bool softirq, again;
};

static struct thing thing;

static void thing_fire(struct timer_list *t)
{
	struct thing *th = from_timer(th, t, timer);

	th->cpu = smp_processor_id();
	th->softirq = in_serving_softirq();
	if (atomic_inc_return(&th->fired) < 3)
		mod_timer(t, jiffies + 1);
}

static void timer_test(struct kunit *test)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);

	timer_setup(&thing.timer, thing_fire, 0);
	atomic_set(&thing.fired, 0);
	KUNIT_EXPECT_EQ(test, mod_timer(&thing.timer, jiffies + 1000), 0);
	KUNIT_EXPECT_TRUE(test, timer_pending(&thing.timer));
	KUNIT_EXPECT_EQ(test, mod_timer(&thing.timer, jiffies + 2000), 1);
	KUNIT_EXPECT_EQ(test, del_timer(&thing.timer), 1);
	KUNIT_EXPECT_EQ(test, timer_delete_sync(&thing.timer), 0);
	thing.timer.expires = jiffies + 1;
	add_timer_on(&thing.timer, (int)cpu);
	while (atomic_read(&thing.fired) < 3)
		msleep(1);
	del_timer_sync(&thing.timer);
	KUNIT_EXPECT_EQ(test, thing.cpu, (int)cpu);
	KUNIT_EXPECT_TRUE(test, thing.softirq);
	timer_shutdown_sync(&thing.timer);
	mod_timer(&thing.timer, jiffies);
	KUNIT_EXPECT_FALSE(test, timer_pending(&thing.timer));
}

static enum hrtimer_restart hr_fire(struct hrtimer *t)
{
	struct thing *th = container_of(t, struct thing, hr);

	if (++th->ticks == 3)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(t, us_to_ktime(200));
	return HRTIMER_RESTART;
}

static void hrtimer_test(struct kunit *test)
{
	thing.ticks = 0;
	hrtimer_init(&thing.hr, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	thing.hr.function = hr_fire;
	hrtimer_start(&thing.hr, ms_to_ktime(1), HRTIMER_MODE_REL);
	while (hrtimer_active(&thing.hr))
		usleep_range(100, 200);
	KUNIT_EXPECT_EQ(test, thing.ticks, 3);
	hrtimer_start(&thing.hr, ktime_set(100, 0), HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&thing.hr), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&thing.hr), 0);
}

static void thing_work(struct work_struct *work)
{
	struct thing *th = container_of(work, struct thing, work);

	msleep(2);
	if (atomic_inc_return(&th->worked) < 3 && th->again)
		schedule_work(work);
}

static void work_test(struct kunit *test)
{
	INIT_WORK(&thing.work, thing_work);
	atomic_set(&thing.worked, 0);
	thing.again = false;
	KUNIT_EXPECT_TRUE(test, schedule_work(&thing.work));
	KUNIT_EXPECT_TRUE(test, flush_work(&thing.work));
	KUNIT_EXPECT_EQ(test, atomic_read(&thing.worked), 1);
	thing.again = true;
	schedule_work(&thing.work);
	cancel_work_sync(&thing.work);
	KUNIT_EXPECT_EQ(test, work_busy(&thing.work), 0U);
}

static void dwork_fn(struct work_struct *work)
{
	struct thing *th = container_of(to_delayed_work(work), struct thing,
					dwork);

	atomic_inc(&th->worked);
}

static void delayed_work_test(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("later%d", 0, 1);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	INIT_DELAYED_WORK(&thing.dwork, dwork_fn);
	atomic_set(&thing.worked, 0);
	KUNIT_EXPECT_TRUE(test, queue_delayed_work(wq, &thing.dwork, 1000));
	KUNIT_EXPECT_FALSE(test, queue_delayed_work(wq, &thing.dwork, 0));
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(wq, &thing.dwork, 1));
	while (!atomic_read(&thing.worked))
		msleep(1);
	KUNIT_EXPECT_TRUE(test, queue_delayed_work(wq, &thing.dwork, 1000));
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&thing.dwork));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&thing.dwork));
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&thing.dwork, HZ * 100));
	flush_delayed_work(&thing.dwork);
	KUNIT_EXPECT_EQ(test, atomic_read(&thing.worked), 2);
	flush_workqueue(wq);
	destroy_workqueue(wq);
}

struct pair {
	struct work_struct first, second;
	struct completion done;
};

static void first_fn(struct work_struct *work)
{
	struct pair *p = container_of(work, struct pair, first);

	wait_for_completion(&p->done);
}

static void second_fn(struct work_struct *work)
{
	struct pair *p = container_of(work, struct pair, second);

	complete(&p->done);
}

/* Works of one queue and CPU that wait for each other find a thread each. */
static void concurrent_works_test(struct kunit *test)
{
	struct pair p;

	INIT_WORK_ONSTACK(&p.first, first_fn);
	INIT_WORK_ONSTACK(&p.second, second_fn);
	init_completion(&p.done);
	schedule_work_on(0, &p.first);
	schedule_work_on(0, &p.second);
	flush_work(&p.first);
	flush_work(&p.second);
	destroy_work_on_stack(&p.first);
	destroy_work_on_stack(&p.second);
}

static long on_cpu(void *arg)
{
	return smp_processor_id();
}

static void count_fn(struct work_struct *work)
{
	atomic_inc(&thing.worked);
}

static void cpu_works_test(struct kunit *test)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);

	KUNIT_EXPECT_EQ(test, work_on_cpu((int)cpu, on_cpu, NULL), (long)cpu);
	atomic_set(&thing.worked, 0);
	KUNIT_EXPECT_EQ(test, schedule_on_each_cpu(count_fn), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&thing.worked),
			(int)num_online_cpus());
}

static void kworker_fn(struct kthread_work *work)
{
	atomic_inc(&thing.worked);
}

static void kthread_worker_test(struct kunit *test)
{
	struct kthread_worker *w = kthread_create_worker(0, "kw%d", 1);
	DEFINE_KTHREAD_WORK(work, kworker_fn);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, w);
	atomic_set(&thing.worked, 0);
	KUNIT_EXPECT_TRUE(test, kthread_queue_work(w, &work));
	kthread_flush_work(&work);
	KUNIT_EXPECT_EQ(test, atomic_read(&thing.worked), 1);
	kthread_destroy_worker(w);
}

static void time_test(struct kunit *test)
{
	ktime_t start = ktime_get(), end;
	unsigned long j = jiffies;
	cycles_t c = get_cycles();
	u32 rem;
	u64 n = 1000000007;

	udelay(50);
	ndelay(100);
	mdelay(1);
	end = ktime_get();
	KUNIT_EXPECT_GE(test, ktime_to_us(ktime_sub(end, start)), 1050);
	KUNIT_EXPECT_GE(test, ktime_us_delta(end, start), 1050);
	KUNIT_EXPECT_TRUE(test, get_cycles() >= c);
	msleep(5);
	fsleep(20);
	KUNIT_EXPECT_TRUE(test, time_after(jiffies, j));
	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(1000), (unsigned long)HZ);
	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(1), 1UL);
	KUNIT_EXPECT_EQ(test, jiffies_to_msecs(HZ), 1000U);
	KUNIT_EXPECT_EQ(test, schedule_timeout_uninterruptible(2), 0L);
	rem = do_div(n, 1000);
	KUNIT_EXPECT_EQ(test, n, 1000000ULL);
	KUNIT_EXPECT_EQ(test, rem, 7U);
	KUNIT_EXPECT_EQ(test, div_u64(100, 7), 14ULL);
	KUNIT_EXPECT_EQ(test, mul_u64_u32_shr(1ULL << 40, 3, 8), 3ULL << 32);
	KUNIT_EXPECT_GT(test, local_clock(), 0ULL);
}

/* A buffer for each CPU that is there, as drivers have them. */
static void *buffer[NR_CPUS];
static atomic_t online_calls, offline_calls, misplaced;

static int buffer_prepare(unsigned int cpu)
{
	buffer[cpu] = kzalloc(128, GFP_KERNEL);
	return buffer[cpu] ? 0 : -ENOMEM;
}

static int buffer_dead(unsigned int cpu)
{
	kfree(buffer[cpu]);
	buffer[cpu] = NULL;
	return 0;
}

static int cpu_came(unsigned int cpu)
{
	atomic_inc(&online_calls);
	if (smp_processor_id() != (int)cpu || !buffer[cpu])
		atomic_inc(&misplaced);
	return 0;
}

static int cpu_goes(unsigned int cpu)
{
	atomic_inc(&offline_calls);
	if (smp_processor_id() != (int)cpu || !buffer[cpu])
		atomic_inc(&misplaced);
	return 0;
}

static void hotplug_test(struct kunit *test)
{
	unsigned int cpu = cpumask_last(cpu_online_mask), i;
	int prepare, online;

	prepare = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "later:prepare",
				    buffer_prepare, buffer_dead);
	KUNIT_ASSERT_GT(test, prepare, 0);
	online = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "later:online",
				   cpu_came, cpu_goes);
	KUNIT_ASSERT_GT(test, online, 0);
	cpus_read_lock();
	for_each_online_cpu(i)
		KUNIT_EXPECT_NOT_NULL(test, buffer[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&online_calls),
			(int)num_online_cpus());
	cpus_read_unlock();
	if (cpu) {
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		KUNIT_EXPECT_NULL(test, buffer[cpu]);
		KUNIT_EXPECT_EQ(test, atomic_read(&offline_calls), 1);
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
		KUNIT_EXPECT_NOT_NULL(test, buffer[cpu]);
	}
	cpuhp_remove_state(online);
	cpuhp_remove_state(prepare);
	for_each_possible_cpu(i)
		KUNIT_EXPECT_NULL(test, buffer[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&misplaced), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(hotplug_test),
	KUNIT_CASE(timer_test), KUNIT_CASE(hrtimer_test),
	KUNIT_CASE(work_test), KUNIT_CASE(delayed_work_test),
	KUNIT_CASE(concurrent_works_test), KUNIT_CASE(cpu_works_test),
	KUNIT_CASE(kthread_worker_test), KUNIT_CASE(time_test), {}
};
static struct kunit_suite suite = { .name = "later", .test_cases = cases };
kunit_test_suite(suite);
MODULE_LICENSE("Dual MIT/GPL");
