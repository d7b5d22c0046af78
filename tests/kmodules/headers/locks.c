// SPDX-License-Identifier: MIT
/* Locks, counters, waiting: each call and macro, used once, and what it does. */
#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <kunit/test.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw_spin);
static DEFINE_RWLOCK(rw);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEMAPHORE(sem, 2);
static DEFINE_SEQLOCK(seqlock);

static void spin_test(struct kunit *test)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&spin));
	KUNIT_EXPECT_FALSE(test, spin_trylock(&spin));
	lockdep_assert_held(&spin);
	spin_unlock_irqrestore(&spin, flags);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	spin_lock_bh(&spin);
	KUNIT_EXPECT_TRUE(test, in_softirq());
	KUNIT_EXPECT_FALSE(test, in_serving_softirq());
	spin_unlock_bh(&spin);
	KUNIT_EXPECT_TRUE(test, spin_trylock_irqsave(&spin, flags));
	spin_unlock_irqrestore(&spin, flags);
	KUNIT_EXPECT_TRUE(test, spin_trylock_bh(&spin));
	spin_unlock_bh(&spin);
	raw_spin_lock_irq(&raw_spin);
	raw_spin_unlock_irq(&raw_spin);
	KUNIT_EXPECT_EQ(test, (int)preempt_count(), 0);
}

static void rwlock_test(struct kunit *test)
{
	unsigned long flags;

	read_lock(&rw);
	KUNIT_EXPECT_TRUE(test, read_trylock(&rw));
	KUNIT_EXPECT_FALSE(test, write_trylock(&rw));
	read_unlock(&rw);
	read_unlock(&rw);
	write_lock_irqsave(&rw, flags);
	KUNIT_EXPECT_FALSE(test, read_trylock(&rw));
	write_unlock_irqrestore(&rw, flags);
	read_lock_bh(&rw);
	read_unlock_bh(&rw);
}

static void sleeping_locks_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mutex_lock_interruptible(&mutex), 0);
	KUNIT_EXPECT_EQ(test, mutex_trylock(&mutex), 0);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	down_read(&rwsem);
	KUNIT_EXPECT_EQ(test, down_write_trylock(&rwsem), 0);
	up_read(&rwsem);
	KUNIT_EXPECT_EQ(test, down_write_killable(&rwsem), 0);
	downgrade_write(&rwsem);
	KUNIT_EXPECT_EQ(test, down_read_trylock(&rwsem), 1);
	up_read(&rwsem);
	up_read(&rwsem);
	KUNIT_EXPECT_EQ(test, down_interruptible(&sem), 0);
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 0);
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 1);
	KUNIT_EXPECT_EQ(test, down_timeout(&sem, 1), -ETIME);
	up(&sem);
	up(&sem);
}

static int guarded(int *n)
{
	guard(mutex)(&mutex);
	if (*n)
		return -EBUSY;
	scoped_guard (spinlock, &spin)
		*n = 1;
	return 0;
}

DEFINE_FREE(kfree_test, void *, if (_T) kfree(_T))

static void guard_test(struct kunit *test)
{
	int n = 0;

	KUNIT_EXPECT_EQ(test, guarded(&n), 0);
	KUNIT_EXPECT_EQ(test, guarded(&n), -EBUSY);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&mutex));
	KUNIT_EXPECT_FALSE(test, spin_is_locked(&spin));
	{
		char *p __free(kfree_test) = kmalloc(10, GFP_KERNEL);

		KUNIT_EXPECT_NOT_NULL(test, p);
	}
	scoped_cond_guard (mutex_try, KUNIT_FAIL(test, "not free"), &mutex)
		KUNIT_EXPECT_TRUE(test, mutex_is_locked(&mutex));
}

static void seqlock_test(struct kunit *test)
{
	seqcount_t count;
	unsigned int seq;

	seq = read_seqbegin(&seqlock);
	KUNIT_EXPECT_FALSE(test, read_seqretry(&seqlock, seq));
	write_seqlock(&seqlock);
	write_sequnlock(&seqlock);
	KUNIT_EXPECT_TRUE(test, read_seqretry(&seqlock, seq));
	seqcount_init(&count);
	seq = read_seqcount_begin(&count);
	write_seqcount_begin(&count);
	write_seqcount_end(&count);
	KUNIT_EXPECT_TRUE(test, read_seqcount_retry(&count, seq));
}

static void atomic_test(struct kunit *test)
{
	atomic_t a = ATOMIC_INIT(5);
	atomic64_t b = ATOMIC64_INIT(1LL << 40);
	atomic_long_t c = ATOMIC_LONG_INIT(0);
	int old = 7;

	KUNIT_EXPECT_EQ(test, atomic_fetch_or(8, &a), 5);
	KUNIT_EXPECT_EQ(test, atomic_fetch_andnot(1, &a), 13);
	KUNIT_EXPECT_EQ(test, atomic_cmpxchg(&a, 12, 7), 12);
	KUNIT_EXPECT_TRUE(test, atomic_try_cmpxchg(&a, &old, 1));
	KUNIT_EXPECT_EQ(test, atomic_dec_if_positive(&a), 0);
	KUNIT_EXPECT_EQ(test, atomic_dec_if_positive(&a), -1);
	KUNIT_EXPECT_FALSE(test, atomic_inc_not_zero(&a));
	KUNIT_EXPECT_TRUE(test, atomic_inc_and_test(&(atomic_t)ATOMIC_INIT(-1)));
	KUNIT_EXPECT_TRUE(test, atomic_add_negative(-1, &a));
	KUNIT_EXPECT_EQ(test, atomic64_add_return_relaxed(1, &b),
			(1LL << 40) + 1);
	KUNIT_EXPECT_EQ(test, atomic64_xchg(&b, 3), (1LL << 40) + 1);
	atomic_long_add(4, &c);
	KUNIT_EXPECT_EQ(test, atomic_long_fetch_add_unless(&c, 1, 4), 4L);
	smp_mb__before_atomic();
	KUNIT_EXPECT_EQ(test, atomic_long_read(&c), 4L);
}

static bool released;

static void release(struct kref *ref)
{
	released = true;
}

static void refcount_test(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(1);
	struct kref k;

	refcount_inc(&r);
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_FALSE(test, refcount_inc_not_zero(&r));
	kref_init(&k);
	kref_get(&k);
	released = false;
	KUNIT_EXPECT_EQ(test, kref_put(&k, release), 0);
	KUNIT_EXPECT_EQ(test, kref_put(&k, release), 1);
	KUNIT_EXPECT_TRUE(test, released);
	KUNIT_EXPECT_EQ(test, kref_get_unless_zero(&k), 0);
}

struct item {
	struct llist_node link;
	int n;
};

static void llist_test(struct kunit *test)
{
	LLIST_HEAD(list);
	struct item items[3] = { { .n = 0 }, { .n = 1 }, { .n = 2 } }, *i;
	int n = 0;

	KUNIT_EXPECT_TRUE(test, llist_add(&items[0].link, &list));
	KUNIT_EXPECT_FALSE(test, llist_add(&items[1].link, &list));
	llist_add(&items[2].link, &list);
	llist_for_each_entry(i, llist_reverse_order(llist_del_all(&list)), link)
		KUNIT_EXPECT_EQ(test, i->n, n++);
	KUNIT_EXPECT_EQ(test, n, 3);
	KUNIT_EXPECT_TRUE(test, llist_empty(&list));
}

static DECLARE_WAIT_QUEUE_HEAD(waiters);
static bool go;

static int waiter_fn(void *arg)
{
	DECLARE_WAITQUEUE(w, current);

	add_wait_queue(&waiters, &w);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(go))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&waiters, &w);
	kthread_complete_and_exit(arg, 0);
}

static void wait_test(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(done);
	DEFINE_WAIT(w);
	struct task_struct *t;

	go = false;
	t = kthread_run(waiter_fn, &done, "waiter");
	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 2), 0UL);
	WRITE_ONCE(go, true);
	wake_up_interruptible(&waiters);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&done, 10 * HZ), 0UL);
	prepare_to_wait(&waiters, &w, TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_TRUE(test, wq_has_sleeper(&waiters));
	finish_wait(&waiters, &w);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(waiters, false, 1), 0L);
	KUNIT_EXPECT_GT(test, wait_event_interruptible_timeout(waiters, true,
							       5), 0L);
	KUNIT_EXPECT_EQ(test, wait_event_interruptible_hrtimeout(waiters,
						false, us_to_ktime(50)), -ETIME);
	reinit_completion(&done);
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&done));
	complete_all(&done);
	KUNIT_EXPECT_EQ(test, wait_for_completion_interruptible(&done), 0);
}

static int parker_fn(void *arg)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		schedule_timeout_interruptible(1);
	}
	return 42;
}

static void kthread_test(struct kunit *test)
{
	struct task_struct *t = kthread_create_on_node(parker_fn, NULL,
						       NUMA_NO_NODE, "park%d", 1);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	KUNIT_EXPECT_STREQ(test, t->comm, "park1");
	kthread_bind(t, cpumask_first(cpu_online_mask));
	wake_up_process(t);
	KUNIT_EXPECT_EQ(test, kthread_park(t), 0);
	kthread_unpark(t);
	KUNIT_EXPECT_EQ(test, kthread_stop(t), 42);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(spin_test), KUNIT_CASE(rwlock_test),
	KUNIT_CASE(sleeping_locks_test), KUNIT_CASE(guard_test),
	KUNIT_CASE(seqlock_test), KUNIT_CASE(atomic_test),
	KUNIT_CASE(refcount_test), KUNIT_CASE(llist_test),
	KUNIT_CASE(wait_test), KUNIT_CASE(kthread_test), {}
};
static struct kunit_suite suite = { .name = "locks", .test_cases = cases };
kunit_test_suite(suite);
MODULE_LICENSE("Dual MIT/GPL");
