// SPDX-License-Identifier: MIT
/* Objects that readers may be at: kfree_rcu() and SLAB_TYPESAFE_BY_RCU. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>

#include "log_capture.h"
#include "threads.h"

#define NR_OBJECTS	300	/* several batches, several slabs */
#define ROUNDS		2000
#define KEYS		8

struct given {
	unsigned long data[3];
	struct rcu_head rcu;
};

static unsigned long objects_out(void)
{
	struct slab_totals totals;

	slab_totals_read(&totals);
	return totals.objects;
}

static void kfree_rcu_test(struct kunit *test)
{
	unsigned long before, i;
	struct given *p;

	kvfree_rcu_barrier();
	before = objects_out();
	for (i = 0; i < NR_OBJECTS; i++) {
		p = kmalloc(i % 3 ? sizeof(*p) : 40000, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		rcu_read_lock();
		kfree_rcu(p, rcu);
		/* Nobody writes to it as long as a reader may be there. */
		KUNIT_EXPECT_NE(test, ksize(p), 0);
		rcu_read_unlock();
	}
	for (i = 0; i < NR_OBJECTS; i++)
		kfree_rcu_mightsleep(kmalloc(i + 1, GFP_KERNEL));
	p = NULL;
	kvfree_rcu(p, rcu);
	kfree_rcu_mightsleep(p);
	kvfree_rcu_barrier();
	KUNIT_EXPECT_EQ(test, objects_out(), before);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

static void give_wrongly(void *arg)
{
	kfree_rcu((struct given *)arg, rcu);
}

static void kfree_rcu_bad_test(struct kunit *test)
{
	char *p = kmalloc(2 * sizeof(struct given), GFP_KERNEL);
	struct log_capture *log = kmalloc(sizeof(*log), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, log);
	log_capture_start(log);
	give_wrongly(p + 8);
	log_capture_end(log);
	KUNIT_EXPECT_TRUE(test, log_captured(log,
					     "not the start of an object: "));
	kfree(log);
	kfree(p);
}

/* ---- memory that keeps its type --------------------------------------- */

struct keeper {
	atomic_t inside;
	atomic_t leave;
};

static void keep_reading(void *arg)
{
	struct keeper *k = arg;

	rcu_read_lock();
	atomic_set(&k->inside, 1);
	while (!atomic_read(&k->leave))
		cpu_relax();
	rcu_read_unlock();
}

static unsigned long still_slabs(void **objects)
{
	unsigned long i, nr = 0;

	for (i = 0; i < NR_OBJECTS; i++)
		nr += PageSlab(compound_head(virt_to_page(objects[i]))) != 0;
	return nr;
}

static void typesafe_pages_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("typesafe", 512, 0,
						     SLAB_TYPESAFE_BY_RCU,
						     NULL);
	struct test_thread t;
	struct keeper k = { .inside = ATOMIC_INIT(0) };
	void **objects;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KUNIT_ASSERT_NOT_NULL(test, cache);
	objects = kcalloc(NR_OBJECTS, sizeof(*objects), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, objects);
	KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL,
						    NR_OBJECTS, objects),
			NR_OBJECTS);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, keep_reading, &k,
				test_cpu((unsigned int)
					 smp_processor_id() + 1)));
	while (!atomic_read(&k.inside))
		schedule_timeout_uninterruptible(1);
	kmem_cache_free_bulk(cache, NR_OBJECTS, objects);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, still_slabs(objects), NR_OBJECTS);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	atomic_set(&k.leave, 1);
	test_thread_join(&t);
	kmem_cache_destroy(cache);
	kfree(objects);
}

/* An object as its readers know it: its lock and key live on with the type. */
struct keyed {
	spinlock_t lock;
	int key;		/* -1: nobody's */
	unsigned int magic;	/* of the type, from the constructor */
};

static void keyed_ctor(void *p)
{
	struct keyed *o = p;

	spin_lock_init(&o->lock);
	__atomic_store_n(&o->key, -1, __ATOMIC_RELAXED);
	__atomic_store_n(&o->magic, 0x7e57, __ATOMIC_RELAXED);
}

struct keys {
	struct kmem_cache *cache;
	struct keyed __rcu *slot[KEYS];
	atomic_t writers, bad, found;
};

static void keys_write(void *arg)
{
	struct keys *k = arg;
	struct keyed *o;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		int key = i % KEYS;

		o = xchg(&k->slot[key], NULL);
		if (o) {
			spin_lock(&o->lock);
			o->key = -1;
			spin_unlock(&o->lock);
			kmem_cache_free(k->cache, o);
		}
		o = kmem_cache_alloc(k->cache, GFP_KERNEL);
		if (!o)
			continue;
		spin_lock(&o->lock);
		o->key = key;
		spin_unlock(&o->lock);
		o = xchg(&k->slot[key], o);
		if (o)
			kmem_cache_free(k->cache, o);
		if (i % 64 == 0)
			kmem_cache_shrink(k->cache);
	}
	atomic_dec(&k->writers);
}

static void keys_read(void *arg)
{
	struct keys *k = arg;
	struct keyed *o;
	int key = 0;

	while (atomic_read(&k->writers)) {
		key = (key + 1) % KEYS;
		rcu_read_lock();
		o = rcu_dereference(k->slot[key]);
		if (o && __atomic_load_n(&o->magic, __ATOMIC_RELAXED) !=
			 0x7e57)
			atomic_inc(&k->bad);
		if (o) {
			/* Whose it is by now only its lock tells. */
			spin_lock(&o->lock);
			if (o->key == key)
				atomic_inc(&k->found);
			spin_unlock(&o->lock);
		}
		rcu_read_unlock();
		cond_resched();
	}
}

static void typesafe_readers_test(struct kunit *test)
{
	struct keys *k = kzalloc(sizeof(*k), GFP_KERNEL);
	struct test_thread t[4];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, k);
	k->cache = kmem_cache_create("keyed", sizeof(struct keyed), 0,
				     SLAB_TYPESAFE_BY_RCU, keyed_ctor);
	KUNIT_ASSERT_NOT_NULL(test, k->cache);
	atomic_set(&k->writers, 2);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		if (!test_thread_start(&t[i], i < 2 ? keys_write : keys_read,
				       k, test_cpu(i))) {
			KUNIT_FAIL(test, "no thread %u", i);
			if (i < 2)
				atomic_dec(&k->writers);
		}
	for (i = 0; i < ARRAY_SIZE(t); i++)
		test_thread_join(&t[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&k->bad), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(k->cache), 0);
	for (i = 0; i < KEYS; i++)
		kmem_cache_free(k->cache, k->slot[i]);
	kmem_cache_destroy(k->cache);
	kfree(k);
}

static struct kunit_case slab_rcu_cases[] = {
	KUNIT_CASE(kfree_rcu_test),
	KUNIT_CASE(kfree_rcu_bad_test),
	KUNIT_CASE(typesafe_pages_test),
	KUNIT_CASE(typesafe_readers_test),
	{}
};

static struct kunit_suite slab_rcu_suite = {
	.name = "slab_rcu",
	.test_cases = slab_rcu_cases,
};
kunit_test_suite(slab_rcu_suite);
