// SPDX-License-Identifier: MIT
/* RCU: who waits for whom, and what readers may see. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>

#include "log_capture.h"
#include "threads.h"

#define READERS		3
#define UPDATES		300	/* enough for each reader to be in the way */
#define NR_HEADS	200
#define ALIVE		0x1eafu
#define DEAD		0xdeadu

struct counted {
	struct rcu_head head;
	unsigned int *calls;	/* so far */
	unsigned int turn;	/* what *calls was when it was called */
	bool softirq;
};

static void count_call(struct rcu_head *head)
{
	struct counted *c = container_of(head, struct counted, head);

	c->softirq = in_softirq();
	c->turn = (*c->calls)++;
}

static void rcu_own_section_test(struct kunit *test)
{
	unsigned int calls = 0;
	struct counted c = { .calls = &calls };

	rcu_head_init(&c.head);
	KUNIT_EXPECT_FALSE(test, rcu_read_lock_held());
	rcu_read_lock();
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, rcu_read_lock_held());
	KUNIT_EXPECT_FALSE(test, rcu_head_after_call_rcu(&c.head, count_call));
	call_rcu(&c.head, count_call);
	KUNIT_EXPECT_TRUE(test, rcu_head_after_call_rcu(&c.head, count_call));
	rcu_read_unlock();
	cond_resched();
	KUNIT_EXPECT_EQ(test, READ_ONCE(calls), 0);
	rcu_read_unlock();
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_TRUE(test, c.softirq);
	KUNIT_EXPECT_FALSE(test, rcu_read_lock_held());
	rcu_check();
}

static void rcu_order_test(struct kunit *test)
{
	struct counted *c = kcalloc(NR_HEADS, sizeof(*c), GFP_KERNEL);
	unsigned int calls = 0, i;
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, c);
	preempt_disable();
	for (i = 0; i < NR_HEADS; i++) {
		c[i].calls = &calls;
		local_irq_save(flags);
		call_rcu(&c[i].head, count_call);
		local_irq_restore(flags);
	}
	KUNIT_EXPECT_EQ(test, READ_ONCE(calls), 0);
	preempt_enable();
	rcu_check();
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, calls, NR_HEADS);
	for (i = 0; i < NR_HEADS; i++)
		if (c[i].turn != i)
			break;
	KUNIT_EXPECT_EQ(test, i, NR_HEADS);
	kfree(c);
}

/* A callback that asks for itself again. */
struct rearming {
	struct rcu_head head;
	unsigned int left;
	struct completion done;
};

static void rearm(struct rcu_head *head)
{
	struct rearming *r = container_of(head, struct rearming, head);

	if (r->left--)
		call_rcu(head, rearm);
	else
		complete(&r->done);
}

/* Nobody but the waiter is there to bring the callbacks on. */
static void rcu_callback_wakes_test(struct kunit *test)
{
	struct rearming r = { .left = 20 };

	init_completion(&r.done);
	call_rcu(&r.head, rearm);
	wait_for_completion(&r.done);
	KUNIT_EXPECT_EQ(test, r.left, ~0U);
	rcu_barrier();
}

static void rcu_poll_test(struct kunit *test)
{
	unsigned long state = start_poll_synchronize_rcu();
	unsigned long later;

	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(
					get_completed_synchronize_rcu()));
	cond_synchronize_rcu(state);
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(state));
	later = get_state_synchronize_rcu();
	synchronize_rcu();
	synchronize_rcu_expedited();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(later));
	rcu_check();
}

/* ---- a section on another CPU ----------------------------------------- */

struct long_reader {
	atomic_t inside;	/* the section has begun */
	atomic_t waits;		/* somebody is to wait for it */
	atomic_t over;		/* who waited is done */
	bool early;		/* it was, before the section's end */
};

static void long_read(void *arg)
{
	struct long_reader *l = arg;
	int i;

	rcu_read_lock();
	atomic_set(&l->inside, 1);
	while (!atomic_read(&l->waits))
		cpu_relax();
	for (i = 0; i < 20000; i++)
		cpu_relax();
	l->early = atomic_read(&l->over);
	rcu_read_unlock();
}

static void wait_inside(const struct long_reader *l)
{
	while (!atomic_read(&l->inside))
		schedule_timeout_uninterruptible(1);
}

static void rcu_waits_for_reader_test(struct kunit *test)
{
	struct long_reader l = { .early = false };
	unsigned int calls = 0, i;
	struct counted c = { .calls = &calls };
	struct test_thread t;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	for (i = 0; i < 10; i++) {
		atomic_set(&l.inside, 0);
		atomic_set(&l.waits, 0);
		atomic_set(&l.over, 0);
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t, long_read, &l,
					test_cpu((unsigned int)
						 smp_processor_id() + 1)));
		wait_inside(&l);
		call_rcu(&c.head, count_call);
		KUNIT_EXPECT_EQ(test, READ_ONCE(calls), i);
		atomic_set(&l.waits, 1);
		if (i % 2)
			synchronize_rcu();
		else
			rcu_barrier();
		atomic_set(&l.over, 1);
		test_thread_join(&t);
		KUNIT_EXPECT_FALSE(test, l.early);
		rcu_barrier();
		KUNIT_EXPECT_EQ(test, calls, i + 1);
	}
	rcu_check();
}

/* ---- readers and updaters --------------------------------------------- */

struct item {
	unsigned int magic;	/* ALIVE until its grace period is over */
	struct rcu_head head;
	struct list_head list;
};

struct torture {
	struct item __rcu *item;
	struct list_head list;
	spinlock_t lock;	/* of updaters */
	atomic_t updaters;	/* that go on */
	atomic_t bad;		/* dead items that readers saw */
	atomic_t none;		/* items for which memory lacked */
	atomic_t seen;
};

static struct item *item_make(struct torture *t)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (item)
		__atomic_store_n(&item->magic, ALIVE, __ATOMIC_RELAXED);
	else
		atomic_inc(&t->none);
	return item;
}

static void item_kill(struct item *item)
{
	__atomic_store_n(&item->magic, DEAD, __ATOMIC_RELAXED);
	kfree(item);
}

static void item_release(struct rcu_head *head)
{
	item_kill(container_of(head, struct item, head));
}

static void look_at(struct torture *t, struct item *item)
{
	if (!item)
		return;
	atomic_inc(&t->seen);
	if (__atomic_load_n(&item->magic, __ATOMIC_RELAXED) != ALIVE)
		atomic_inc(&t->bad);
}

static void torture_read(void *arg)
{
	struct torture *t = arg;
	struct item *item;
	int i;

	while (atomic_read(&t->updaters)) {
		rcu_read_lock();
		item = rcu_dereference(t->item);
		for (i = 0; i < 3; i++)
			look_at(t, item);
		list_for_each_entry_rcu(item, &t->list, list)
			look_at(t, item);
		rcu_read_unlock();
		cond_resched();
	}
}

/* The oldest of the list goes, @item, if there is one, comes. */
static struct item *list_turn(struct torture *t, struct item *item)
{
	struct item *old;

	spin_lock(&t->lock);
	old = list_first_entry_or_null(&t->list, struct item, list);
	if (old)
		list_del_rcu(&old->list);
	if (item)
		list_add_tail_rcu(&item->list, &t->list);
	spin_unlock(&t->lock);
	return old;
}

static void torture_update(void *arg)
{
	struct torture *t = arg;
	struct item *old;
	int i;

	for (i = 0; i < UPDATES; i++) {
		spin_lock(&t->lock);
		old = rcu_replace_pointer(t->item, NULL, true);
		spin_unlock(&t->lock);
		if (old)
			call_rcu(&old->head, item_release);
		old = item_make(t);
		spin_lock(&t->lock);
		old = rcu_replace_pointer(t->item, old, true);
		spin_unlock(&t->lock);
		if (old) {
			synchronize_rcu();
			item_kill(old);
		}
		old = list_turn(t, item_make(t));
		if (old)
			call_rcu(&old->head, item_release);
		cond_resched();
	}
	atomic_dec(&t->updaters);
}

static void torture_end(struct torture *t)
{
	struct item *old;

	old = rcu_dereference_protected(t->item, true);
	if (old)
		call_rcu(&old->head, item_release);
	while ((old = list_turn(t, NULL)))
		call_rcu(&old->head, item_release);
	rcu_barrier();
}

static void rcu_torture_test(struct kunit *test)
{
	struct torture *t = kzalloc(sizeof(*t), GFP_KERNEL);
	struct test_thread threads[READERS + 2];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	INIT_LIST_HEAD_RCU(&t->list);
	spin_lock_init(&t->lock);
	atomic_set(&t->updaters, 2);
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		if (!test_thread_start(&threads[i], i < 2 ? torture_update :
				       torture_read, t, test_cpu(i))) {
			KUNIT_FAIL(test, "no thread %u", i);
			if (i < 2)
				atomic_dec(&t->updaters);
		}
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		test_thread_join(&threads[i]);
	torture_end(t);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->bad), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->none), 0);
	rcu_check();
	kfree(t);
}

/* ---- lists ------------------------------------------------------------ */

static unsigned int list_sum(struct list_head *head)
{
	struct item *item;
	unsigned int sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(item, head, list)
		sum = sum * 10 + item->magic;
	rcu_read_unlock();
	return sum;
}

static void rcu_list_test(struct kunit *test)
{
	struct item i[5] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 } };
	struct item *p;
	LIST_HEAD(a);
	LIST_HEAD(b);

	list_add_rcu(&i[1].list, &a);
	list_add_rcu(&i[0].list, &a);
	list_add_tail_rcu(&i[2].list, &a);
	KUNIT_EXPECT_EQ(test, list_sum(&a), 123);
	list_replace_rcu(&i[1].list, &i[3].list);
	KUNIT_EXPECT_EQ(test, list_sum(&a), 143);
	list_del_rcu(&i[3].list);
	KUNIT_EXPECT_EQ(test, list_sum(&a), 13);
	/* Who stands at the removed entry goes on from there. */
	p = list_next_or_null_rcu(&a, &i[3].list, struct item, list);
	KUNIT_EXPECT_PTR_EQ(test, p, &i[2]);
	list_add_rcu(&i[4].list, &b);
	list_splice_init_rcu(&a, &b, synchronize_rcu);
	KUNIT_EXPECT_EQ(test, list_sum(&b), 135);
	KUNIT_EXPECT_NULL(test, list_first_or_null_rcu(&a, struct item, list));
	p = list_first_or_null_rcu(&b, struct item, list);
	KUNIT_EXPECT_PTR_EQ(test, p, &i[0]);
	list_splice_tail_init_rcu(&b, &a, synchronize_rcu);
	KUNIT_EXPECT_EQ(test, list_sum(&a), 135);
}

struct bucket_item {
	unsigned int n;
	struct hlist_node node;
};

static unsigned int hlist_sum(struct hlist_head *head)
{
	struct bucket_item *item;
	unsigned int sum = 0;

	rcu_read_lock();
	hlist_for_each_entry_rcu(item, head, node)
		sum = sum * 10 + item->n;
	rcu_read_unlock();
	return sum;
}

static void rcu_hlist_test(struct kunit *test)
{
	struct bucket_item i[5] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 } };
	struct hlist_head h = { NULL };

	hlist_add_head_rcu(&i[1].node, &h);
	hlist_add_head_rcu(&i[0].node, &h);
	hlist_add_behind_rcu(&i[2].node, &i[1].node);
	hlist_add_before_rcu(&i[3].node, &i[2].node);
	KUNIT_EXPECT_EQ(test, hlist_sum(&h), 1243);
	hlist_replace_rcu(&i[3].node, &i[4].node);
	KUNIT_EXPECT_EQ(test, hlist_sum(&h), 1253);
	hlist_del_rcu(&i[0].node);
	hlist_del_init_rcu(&i[2].node);
	hlist_del_init_rcu(&i[2].node);
	KUNIT_EXPECT_EQ(test, hlist_sum(&h), 25);
}

static struct kunit_case rcu_cases[] = {
	KUNIT_CASE(rcu_own_section_test),
	KUNIT_CASE(rcu_order_test),
	KUNIT_CASE(rcu_callback_wakes_test),
	KUNIT_CASE(rcu_poll_test),
	KUNIT_CASE(rcu_waits_for_reader_test),
	KUNIT_CASE(rcu_torture_test),
	KUNIT_CASE(rcu_list_test),
	KUNIT_CASE(rcu_hlist_test),
	{}
};

static struct kunit_suite rcu_suite = {
	.name = "rcu",
	.test_cases = rcu_cases,
};
kunit_test_suite(rcu_suite);
