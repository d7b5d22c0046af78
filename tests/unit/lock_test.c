// SPDX-License-Identifier: MIT
/* Spin locks, mutexes, semaphores: one at a time, and nobody for ever. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "threads.h"

#define THREADS	8
#define ROUNDS	400	/* emulated CPUs preempt each other in their locks */

/* Plain data that only exclusion keeps whole; TSan looks on. */
struct contest {
	spinlock_t spin;
	struct mutex mutex;
	struct rw_semaphore rwsem;
	struct semaphore sem;
	unsigned long count;
	unsigned long twin;		/* always count, to who may look */
	atomic_t inside, most, torn;
};

static void contest_init(struct contest *c)
{
	memset(c, 0, sizeof(*c));
	spin_lock_init(&c->spin);
	mutex_init(&c->mutex);
	init_rwsem(&c->rwsem);
	sema_init(&c->sem, 2);
}

static void contest_run(struct kunit *test, struct contest *c,
			void (*body)(void *arg))
{
	struct test_thread t[THREADS];
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		KUNIT_EXPECT_TRUE(test, test_thread_start(&t[i], body, c,
							  test_cpu(i)));
	for (i = 0; i < THREADS; i++)
		test_thread_join(&t[i]);
}

static void contest_step(struct contest *c)
{
	unsigned long count = c->count;

	if (c->twin != count)
		atomic_inc(&c->torn);
	c->twin = count + 1;
	c->count = count + 1;
}

static void contest_expect(struct kunit *test, struct contest *c,
			   unsigned long count)
{
	KUNIT_EXPECT_EQ(test, c->count, count);
	KUNIT_EXPECT_EQ(test, c->twin, count);
	KUNIT_EXPECT_EQ(test, atomic_read(&c->torn), 0);
}

static void spin_body(void *arg)
{
	struct contest *c = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		unsigned long flags;

		if (i % 2) {
			spin_lock(&c->spin);
			contest_step(c);
			spin_unlock(&c->spin);
		} else {
			spin_lock_irqsave(&c->spin, flags);
			contest_step(c);
			spin_unlock_irqrestore(&c->spin, flags);
		}
	}
}

static void spin_lock_contention_test(struct kunit *test)
{
	struct contest c;

	contest_init(&c);
	contest_run(test, &c, spin_body);
	contest_expect(test, &c, THREADS * ROUNDS);
	KUNIT_EXPECT_FALSE(test, spin_is_locked(&c.spin));
}

static void spin_trylock_body(void *arg)
{
	struct contest *c = arg;
	unsigned int got = 0;

	while (got < ROUNDS / 4) {
		if (!spin_trylock(&c->spin)) {
			cond_resched();
			continue;
		}
		contest_step(c);
		spin_unlock(&c->spin);
		got++;
	}
}

static void spin_trylock_test(struct kunit *test)
{
	struct contest c;

	contest_init(&c);
	contest_run(test, &c, spin_trylock_body);
	contest_expect(test, &c, THREADS * (ROUNDS / 4));
	spin_lock(&c.spin);
	KUNIT_EXPECT_FALSE(test, spin_trylock(&c.spin));
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&c.spin));
	spin_unlock(&c.spin);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0U);
}

static void mutex_body(void *arg)
{
	struct contest *c = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&c->mutex);
		contest_step(c);
		if (i % 64 == 0)	/* sleeping inside is what it is for */
			yield();
		mutex_unlock(&c->mutex);
	}
}

static void mutex_exclusion_test(struct kunit *test)
{
	struct contest c;

	contest_init(&c);
	contest_run(test, &c, mutex_body);
	contest_expect(test, &c, THREADS * ROUNDS);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&c.mutex));
	KUNIT_EXPECT_EQ(test, c.mutex.waiters, 0U);
}

static void mutex_trylock_test(struct kunit *test)
{
	DEFINE_MUTEX(m);

	KUNIT_EXPECT_EQ(test, mutex_trylock(&m), 1);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&m));
	KUNIT_EXPECT_EQ(test, mutex_trylock(&m), 0);
	mutex_unlock(&m);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&m));
}

/* Notes how many are inside at once. */
static void note_inside(struct contest *c)
{
	int now = atomic_inc_return(&c->inside), most = atomic_read(&c->most);

	while (now > most) {
		int seen = atomic_cmpxchg(&c->most, most, now);

		if (seen == most)
			break;
		most = seen;
	}
	cond_resched();
	atomic_dec(&c->inside);
}

static void semaphore_body(void *arg)
{
	struct contest *c = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS / 4; i++) {
		down(&c->sem);
		note_inside(c);
		up(&c->sem);
	}
}

static void semaphore_test(struct kunit *test)
{
	struct contest c;

	contest_init(&c);
	contest_run(test, &c, semaphore_body);
	KUNIT_EXPECT_LE(test, atomic_read(&c.most), 2);
	KUNIT_EXPECT_EQ(test, c.sem.count, 2U);
	KUNIT_EXPECT_EQ(test, down_trylock(&c.sem), 0);
	KUNIT_EXPECT_EQ(test, down_timeout(&c.sem, 1), 0);
	KUNIT_EXPECT_EQ(test, down_trylock(&c.sem), 1);
	KUNIT_EXPECT_EQ(test, down_timeout(&c.sem, 1), -ETIME);
}

static void rwsem_body(void *arg)
{
	struct contest *c = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS / 4; i++) {
		down_read(&c->rwsem);
		if (c->twin != c->count)
			atomic_inc(&c->torn);
		up_read(&c->rwsem);
		if (i % 4)
			continue;
		down_write(&c->rwsem);
		contest_step(c);
		if (i % 8) {
			up_write(&c->rwsem);
			continue;
		}
		downgrade_write(&c->rwsem);
		if (c->twin != c->count)
			atomic_inc(&c->torn);
		up_read(&c->rwsem);
	}
}

static void rwsem_test(struct kunit *test)
{
	struct contest c;

	contest_init(&c);
	contest_run(test, &c, rwsem_body);
	contest_expect(test, &c, THREADS * (ROUNDS / 16));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&c.rwsem));
	KUNIT_EXPECT_EQ(test, down_read_trylock(&c.rwsem), 1);
	KUNIT_EXPECT_EQ(test, down_read_trylock(&c.rwsem), 1);
	KUNIT_EXPECT_EQ(test, down_write_trylock(&c.rwsem), 0);
	up_read(&c.rwsem);
	up_read(&c.rwsem);
	KUNIT_EXPECT_EQ(test, down_write_trylock(&c.rwsem), 1);
	KUNIT_EXPECT_EQ(test, down_read_trylock(&c.rwsem), 0);
	up_write(&c.rwsem);
}

static struct kunit_case lock_cases[] = {
	KUNIT_CASE(spin_lock_contention_test),
	KUNIT_CASE(spin_trylock_test),
	KUNIT_CASE(mutex_exclusion_test),
	KUNIT_CASE(mutex_trylock_test),
	KUNIT_CASE(semaphore_test),
	KUNIT_CASE(rwsem_test),
	{ 0 }
};

static struct kunit_suite lock_suite = {
	.name = "lock",
	.test_cases = lock_cases,
};
kunit_test_suite(lock_suite);
