// SPDX-License-Identifier: MIT
/*
 * Pages without an address: what kmap() and kmap_local_page() give them, who
 * waits when there is none, and that what is in a page stays in it.
 *
 * Every page that a case takes bears its frame's number in its first and last
 * word, so that an address that shows another page does not go unnoticed.
 * Machines whose direct map has all of RAM skip the cases.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/highmem.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>
#include <octavo/run_queue.h>

#include "log_capture.h"
#include "page_snapshot.h"
#include "text_capture.h"
#include "threads.h"

#define WAITERS		8
#define ROUNDS		300U
#define HELD		40		/* by each thread; all less than slots */
#define SHARED		(LAST_PKMAP + 200)	/* pages, more than slots */
#define LAST_WORD	(PAGE_SIZE / sizeof(unsigned long) - 1)

static struct page_snapshot before;

static int highmem_test_init(struct kunit *test)
{
	if (!totalhigh_pages())
		kunit_skip(test, "all of RAM is in the direct map");
	vm_unmap_aliases();
	before = page_snapshot_take();
	return 0;
}

static void highmem_test_exit(struct kunit *test)
{
	if (!totalhigh_pages())
		return;
	kmap_flush_unused();
	vm_unmap_aliases();
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	KUNIT_EXPECT_EQ(test, this_machine()->highmem.nr_waiting, 0U);
	KUNIT_EXPECT_FALSE(test, kmap_local_used());
	page_snapshot_check(test, &before);
}

static void tag(struct page *page, unsigned long *p)
{
	p[0] = page_to_pfn(page);
	p[LAST_WORD] = ~page_to_pfn(page);
}

static bool tagged(const struct page *page, const unsigned long *p)
{
	return p[0] == page_to_pfn(page) && p[LAST_WORD] == ~page_to_pfn(page);
}

/* A node that has high memory. */
static int high_node(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			return zone_to_nid(zone);
	return NUMA_NO_NODE;
}

/* A page of high memory with its tag; NULL: memory is short. */
static struct page *high_page(void)
{
	struct page *page = alloc_pages_node(high_node(),
					     GFP_HIGHUSER | __GFP_NOWARN, 0);
	unsigned long *p;

	if (!page)
		return NULL;
	p = kmap_local_page(page);
	tag(page, p);
	kunmap_local(p);
	return page;
}

static struct page **pages_get(struct kunit *test, unsigned int nr)
{
	struct page **pages = kvmalloc_array(nr, sizeof(*pages), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < nr; i++) {
		pages[i] = high_page();
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	return pages;
}

static void pages_put(struct page **pages, unsigned int nr)
{
	while (nr)
		__free_page(pages[--nr]);
	kvfree(pages);
}

/* ---- kmap -------------------------------------------------------------- */

static void same_address_test(struct kunit *test)
{
	struct page *page = high_page();
	unsigned long *p, *q;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_TRUE(test, PageHighMem(page));
	KUNIT_EXPECT_PTR_EQ(test, page_address(page), NULL);
	p = kmap(page);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_TRUE(test, is_kmap_addr(p));
	KUNIT_EXPECT_TRUE(test, tagged(page, p));
	KUNIT_EXPECT_PTR_EQ(test, page_address(page), (void *)p);
	q = kmap(page);
	KUNIT_EXPECT_PTR_EQ(test, p, q);
	KUNIT_EXPECT_PTR_EQ(test, kmap_to_page(p), page);
	KUNIT_EXPECT_EQ(test, PKMAP_ADDR(PKMAP_NR(p)), (unsigned long)p);
	kunmap(page);
	kmap_flush_unused();
	/* One user is left. */
	KUNIT_EXPECT_TRUE(test, tagged(page, p));
	kunmap(page);
	/* The address is kept, for who comes next. */
	KUNIT_EXPECT_PTR_EQ(test, page_address(page), (void *)p);
	KUNIT_EXPECT_PTR_EQ(test, kmap(page), (void *)p);
	kunmap(page);
	kmap_flush_unused();
	KUNIT_EXPECT_PTR_EQ(test, page_address(page), NULL);
	KUNIT_EXPECT_PTR_EQ(test, kmap_to_page(p), NULL);
	__free_page(page);
}

static void low_page_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *direct;

	KUNIT_ASSERT_NOT_NULL(test, page);
	direct = page_address(page);
	KUNIT_EXPECT_LT(test, (unsigned long)direct,
			(unsigned long)high_memory);
	KUNIT_EXPECT_PTR_EQ(test, kmap(page), direct);
	KUNIT_EXPECT_PTR_EQ(test, kmap_local_page(page), direct);
	KUNIT_EXPECT_PTR_EQ(test, kmap_to_page(direct), page);
	KUNIT_EXPECT_FALSE(test, kmap_local_used());
	kunmap_local(direct);
	kunmap(page);
	__free_page(page);
}

static void all_slots_test(struct kunit *test)
{
	struct page **pages = pages_get(test, LAST_PKMAP + 1);
	unsigned int i, wrong = 0;

	for (i = 0; i < LAST_PKMAP; i++)
		wrong += !tagged(pages[i], kmap(pages[i]));
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	for (i = 0; i < LAST_PKMAP; i++)
		wrong += !tagged(pages[i], page_address(pages[i]));
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	for (i = 0; i < LAST_PKMAP; i++)
		kunmap(pages[i]);
	/* None is free: a new page takes all back that nobody uses. */
	KUNIT_EXPECT_EQ(test, this_machine()->highmem.nr_unused,
			(unsigned int)LAST_PKMAP);
	KUNIT_EXPECT_TRUE(test, tagged(pages[i], kmap(pages[i])));
	KUNIT_EXPECT_EQ(test, this_machine()->highmem.nr_unused, 0U);
	KUNIT_EXPECT_PTR_EQ(test, page_address(pages[0]), NULL);
	kunmap(pages[i]);
	pages_put(pages, LAST_PKMAP + 1);
}

struct waiter {
	struct page *page;
	unsigned long *addr;	/* what it got */
	bool wrong;
	atomic_t got;
	struct completion go;	/* it may give it back */
};

static void wait_body(void *arg)
{
	struct waiter *w = arg;

	w->addr = kmap(w->page);
	w->wrong = !tagged(w->page, w->addr);
	atomic_set_release(&w->got, 1);
	wait_for_completion(&w->go);
	kunmap(w->page);
}

static unsigned int nr_got(struct waiter *w)
{
	unsigned int i, n = 0;

	for (i = 0; i < WAITERS; i++)
		n += (unsigned int)atomic_read_acquire(&w[i].got);
	return n;
}

static void wait_for_waiters(unsigned int nr)
{
	while (READ_ONCE(this_machine()->highmem.nr_waiting) != nr)
		schedule_timeout_uninterruptible(1);
}

/* As many of the waiters get on as slots come free, each with its page. */
static void waiters_test(struct kunit *test)
{
	static struct waiter w[WAITERS];
	struct page **pages = pages_get(test, LAST_PKMAP + WAITERS);
	struct test_thread t[WAITERS];
	unsigned int i;

	for (i = 0; i < LAST_PKMAP; i++)
		kmap(pages[i]);
	for (i = 0; i < WAITERS; i++) {
		w[i] = (struct waiter){ .page = pages[LAST_PKMAP + i] };
		init_completion(&w[i].go);
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], wait_body,
							  &w[i], test_cpu(i)));
	}
	wait_for_waiters(WAITERS);
	for (i = 1; i <= WAITERS; i++) {
		KUNIT_EXPECT_EQ(test, nr_got(w), i - 1);
		kunmap(pages[i]);
		wait_for_waiters(WAITERS - i);
		while (nr_got(w) < i)
			schedule_timeout_uninterruptible(1);
	}
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	for (i = 0; i < WAITERS; i++) {
		complete(&w[i].go);
		test_thread_join(&t[i]);
		KUNIT_EXPECT_FALSE(test, w[i].wrong);
	}
	kunmap(pages[0]);
	for (i = WAITERS + 1; i < LAST_PKMAP; i++)
		kunmap(pages[i]);
	pages_put(pages, LAST_PKMAP + WAITERS);
}

/* Who waits for a page that another maps needs no slot, and is told. */
static void same_page_waiters_test(struct kunit *test)
{
	static struct waiter w[WAITERS];
	struct page **pages = pages_get(test, LAST_PKMAP + 1);
	struct test_thread t[WAITERS];
	unsigned int i;

	for (i = 0; i < LAST_PKMAP; i++)
		kmap(pages[i]);
	for (i = 0; i < WAITERS; i++) {
		w[i] = (struct waiter){ .page = pages[LAST_PKMAP] };
		init_completion(&w[i].go);
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], wait_body,
							  &w[i], test_cpu(i)));
	}
	wait_for_waiters(WAITERS);
	kunmap(pages[0]);
	while (nr_got(w) < WAITERS)
		schedule_timeout_uninterruptible(1);
	for (i = 0; i < WAITERS; i++) {
		KUNIT_EXPECT_PTR_EQ(test, w[i].addr, w[0].addr);
		complete(&w[i].go);
	}
	for (i = 0; i < WAITERS; i++)
		test_thread_join(&t[i]);
	for (i = 1; i < LAST_PKMAP; i++)
		kunmap(pages[i]);
	pages_put(pages, LAST_PKMAP + 1);
}

struct crowd {
	struct page **pages;	/* SHARED of them */
	u32 seed;
	unsigned int wrong;
};

static u32 crowd_random(struct crowd *c)
{
	c->seed = c->seed * 1664525U + 1013904223U;	/* Numerical Recipes */
	return c->seed >> 8;
}

/* Maps more and more pages, and gives all back, now and then. */
static void crowd_body(void *arg)
{
	struct crowd *c = arg;
	struct page *held[HELD];
	unsigned int round, n = 0;

	for (round = 0; round < ROUNDS * 4; round++) {
		struct page *page = c->pages[crowd_random(c) % SHARED];
		unsigned long *p = kmap(page);

		c->wrong += !tagged(page, p) || page_address(page) != p;
		held[n++] = page;
		if (n < HELD && crowd_random(c) % 64)
			continue;
		while (n)
			kunmap(held[--n]);
	}
	while (n)
		kunmap(held[--n]);
}

/* Threads on all CPUs want more pages, taken together, than there are slots. */
static void crowd_test(struct kunit *test)
{
	static struct crowd c[WAITERS];
	struct page **pages = pages_get(test, SHARED + LAST_PKMAP);
	struct page **others = pages + SHARED;
	unsigned int i, rest = LAST_PKMAP - 2 * HELD;
	struct test_thread t[WAITERS];

	/* Leaves slots for two of them. */
	for (i = 0; i < rest; i++)
		kmap(others[i]);
	for (i = 0; i < WAITERS; i++) {
		c[i] = (struct crowd){ pages, i + 1, 0 };
		/* More than two may wait for each other: each holds a few. */
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], crowd_body,
							  &c[i], test_cpu(i)));
		if (i % 2) {
			test_thread_join(&t[i - 1]);
			test_thread_join(&t[i]);
			KUNIT_EXPECT_EQ(test, c[i].wrong + c[i - 1].wrong, 0U);
		}
	}
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	for (i = 0; i < rest; i++)
		kunmap(others[i]);
	pages_put(pages, SHARED + LAST_PKMAP);
}

static void single_body(void *arg)
{
	struct crowd *c = arg;
	unsigned int round;

	for (round = 0; round < ROUNDS * 4; round++) {
		struct page *page = c->pages[crowd_random(c) % SHARED];

		c->wrong += !tagged(page, kmap(page));
		kunmap(page);
	}
}

/* A page at a time, while all slots but two are taken. */
static void two_slots_test(struct kunit *test)
{
	static struct crowd c[WAITERS];
	struct page **pages = pages_get(test, SHARED + LAST_PKMAP);
	struct page **others = pages + SHARED;
	struct test_thread t[WAITERS];
	unsigned int i;

	for (i = 0; i < LAST_PKMAP - 2; i++)
		kmap(others[i]);
	for (i = 0; i < WAITERS; i++) {
		c[i] = (struct crowd){ pages, i + 1, 0 };
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], single_body,
							  &c[i], test_cpu(i)));
	}
	for (i = 0; i < WAITERS; i++) {
		test_thread_join(&t[i]);
		KUNIT_EXPECT_EQ(test, c[i].wrong, 0U);
	}
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	for (i = 0; i < LAST_PKMAP - 2; i++)
		kunmap(others[i]);
	pages_put(pages, SHARED + LAST_PKMAP);
}

/* ---- kmap_local -------------------------------------------------------- */

static void nested_test(struct kunit *test)
{
	struct page **pages = pages_get(test, KM_MAX_IDX);
	unsigned long *p[KM_MAX_IDX];
	unsigned int i, j, wrong = 0;

	for (i = 0; i < KM_MAX_IDX; i++) {
		p[i] = kmap_local_page(pages[i]);
		for (j = 0; j <= i; j++)
			wrong += !tagged(pages[j], p[j]);
		wrong += kmap_to_page(p[i]) != pages[i];
	}
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	while (i--) {
		kunmap_local((char *)p[i] + i);
		for (j = 0; j < i; j++)
			wrong += !tagged(pages[j], p[j]);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	KUNIT_EXPECT_PTR_EQ(test, page_address(pages[0]), NULL);
	pages_put(pages, KM_MAX_IDX);
}

struct local {
	struct page *page[3];
	unsigned int rounds;	/* c */
	unsigned int wrong;
	unsigned int cpu;	/* where it was when it had mapped them */
	atomic_t ready;
	atomic_t stop;
};

/* Others have the CPU in between, and map theirs there. */
static void local_body(void *arg)
{
	struct local *l = arg;
	unsigned int i, round;

	for (round = 0; round < l->rounds; round++) {
		unsigned long *p[3];

		for (i = 0; i < 3; i++) {
			p[i] = kmap_local_page(l->page[i]);
			yield();
		}
		for (i = 0; i < 3; i++)
			l->wrong += !tagged(l->page[i], p[i]);
		while (i--) {
			yield();
			l->wrong += !tagged(l->page[i], p[i]);
			kunmap_local(p[i]);
		}
		yield();
	}
}

static void switched_test(struct kunit *test)
{
	static struct local l[4];
	struct page **pages = pages_get(test, 3 * ARRAY_SIZE(l));
	struct test_thread t[ARRAY_SIZE(l)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(l); i++) {
		l[i] = (struct local){ .rounds = ROUNDS };
		memcpy(l[i].page, pages + 3 * i, sizeof(l[i].page));
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], local_body,
						&l[i], test_cpu(1)));
	}
	for (i = 0; i < ARRAY_SIZE(l); i++) {
		test_thread_join(&t[i]);
		KUNIT_EXPECT_EQ(test, l[i].wrong, 0U);
	}
	pages_put(pages, 3 * ARRAY_SIZE(l));
}

/* Sleeps with a page mapped while its CPU is to go. */
static void stay_body(void *arg)
{
	struct local *l = arg;
	unsigned long *p = kmap_local_page(l->page[0]);
	unsigned int i;

	l->cpu = raw_smp_processor_id();
	atomic_set_release(&l->ready, 1);
	for (i = 0; i < l->rounds; i++) {
		schedule_timeout_uninterruptible(1);
		l->wrong += raw_smp_processor_id() != l->cpu ||
			    !tagged(l->page[0], p);
	}
	kunmap_local(p);
	while (!atomic_read_acquire(&l->stop))
		schedule_timeout_uninterruptible(1);
	l->cpu = raw_smp_processor_id();
}

/* A thread with a page of its CPU's stays there; without, it goes. */
static void migration_test(struct kunit *test)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);
	static struct log_capture log;
	struct test_thread t;
	struct local l = { .page = { high_page() }, .rounds = 5 };

	KUNIT_ASSERT_NOT_NULL(test, l.page[0]);
	if (!cpu || num_online_cpus() < 2) {
		__free_page(l.page[0]);
		kunit_skip(test, "one CPU");
	}
	log_capture_start(&log);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, stay_body, &l, cpu));
	while (!atomic_read_acquire(&l.ready))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_EQ(test, l.cpu, cpu);
	KUNIT_EXPECT_EQ(test, l.wrong, 0U);
	atomic_set_release(&l.stop, 1);
	test_thread_join(&t);
	KUNIT_EXPECT_NE(test, l.cpu, cpu);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	log_capture_end(&log);
	__free_page(l.page[0]);
}

static void map_in_interrupt(void *info)
{
	struct local *l = info;
	unsigned long *p = kmap_local_page(l->page[0]);
	unsigned long *q = kmap_local_page(l->page[1]);

	l->wrong += !tagged(l->page[0], p) || !tagged(l->page[1], q);
	kunmap_local(q);
	kunmap_local(p);
}

static void map_until_stopped(void *arg)
{
	struct local *l = arg;

	while (!atomic_read(&l->stop)) {
		unsigned long *p = kmap_local_page(l->page[0]), *q;

		q = kmap_local_page(l->page[1]);
		cond_resched();
		l->wrong += !tagged(l->page[0], p) || !tagged(l->page[1], q);
		kunmap_local(q);
		l->wrong += !tagged(l->page[0], p);
		kunmap_local(p);
		cond_resched();
	}
}

/* Interrupts map theirs on top of what the thread just has. */
static void interrupted_test(struct kunit *test)
{
	struct page **pages = pages_get(test, 4);
	struct local l = { .page = { pages[0], pages[1] } };
	struct local irq = { .page = { pages[2], pages[3] } };
	unsigned int i, cpu = test_cpu(raw_smp_processor_id() + 1);
	struct test_thread t;

	if (num_online_cpus() > 1) {
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t, map_until_stopped,
							  &l, cpu));
		for (i = 0; i < ROUNDS; i++)
			smp_call_function_single((int)cpu, map_in_interrupt,
						 &irq, 1);
		atomic_set(&l.stop, 1);
		test_thread_join(&t);
	}
	KUNIT_EXPECT_EQ(test, l.wrong + irq.wrong, 0U);
	pages_put(pages, 4);
}

static void atomic_test(struct kunit *test)
{
	struct page *page = high_page();
	unsigned long *p;
	int depth = (int)preempt_count();

	KUNIT_ASSERT_NOT_NULL(test, page);
	p = kmap_atomic(page);
	KUNIT_EXPECT_EQ(test, (int)preempt_count(), depth + 1);
	KUNIT_EXPECT_TRUE(test, tagged(page, p));
	kunmap_atomic(p);
	KUNIT_EXPECT_EQ(test, (int)preempt_count(), depth);
	p = kmap_local_pfn(page_to_pfn(page));
	KUNIT_EXPECT_TRUE(test, tagged(page, p));
	kunmap_local(p);
	__free_page(page);
}

/* ---- what is in a page ------------------------------------------------- */

static bool page_is(struct page *page, unsigned int from, unsigned int to,
		    u8 value)
{
	const u8 *p = kmap_local_page(page);
	bool is = !memchr_inv(p + from, value, to - from);

	kunmap_local(p);
	return is;
}

static void contents_test(struct kunit *test)
{
	struct page **pages = pages_get(test, 2);
	struct page *a = pages[0], *b = pages[1];
	char text[] = "octavo", back[sizeof(text)];

	memset_page(a, 0, 0x5a, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, page_is(a, 0, PAGE_SIZE, 0x5a));
	copy_highpage(b, a);
	KUNIT_EXPECT_TRUE(test, page_is(b, 0, PAGE_SIZE, 0x5a));
	memcpy_to_page(a, PAGE_SIZE - sizeof(text), text, sizeof(text));
	memcpy_page(b, 8, a, PAGE_SIZE - sizeof(text), sizeof(text));
	memcpy_from_page(back, b, 8, sizeof(back));
	KUNIT_EXPECT_STREQ(test, back, text);
	zero_user_segments(a, 0, 16, 4000, 4096);
	KUNIT_EXPECT_TRUE(test, page_is(a, 0, 16, 0));
	KUNIT_EXPECT_TRUE(test, page_is(a, 16, 4000, 0x5a));
	KUNIT_EXPECT_TRUE(test, page_is(a, 4000, 4096, 0));
	zero_user(b, 100, 200);
	KUNIT_EXPECT_TRUE(test, page_is(b, 100, 300, 0));
	KUNIT_EXPECT_TRUE(test, page_is(b, 300, PAGE_SIZE, 0x5a));
	clear_highpage(b);
	KUNIT_EXPECT_TRUE(test, page_is(b, 0, PAGE_SIZE, 0));
	clear_user_highpage(a, 0);
	KUNIT_EXPECT_TRUE(test, page_is(a, 0, PAGE_SIZE, 0));
	pages_put(pages, 2);
}

/* Pages are dirtied, freed and asked for again with __GFP_ZERO. */
static void zeroed_test(struct kunit *test)
{
	static const gfp_t gfp[] = {
		GFP_HIGHUSER | __GFP_ZERO, GFP_HIGHUSER_MOVABLE | __GFP_ZERO,
		GFP_ATOMIC | __GFP_HIGHMEM | __GFP_ZERO,
	};
	unsigned int i, order;

	for (i = 0; i < ARRAY_SIZE(gfp); i++) {
		for (order = 0; order < 5; order++) {
			struct page *page = alloc_pages_node(high_node(), gfp[i],
							     order);
			unsigned int j, wrong = 0;

			KUNIT_ASSERT_NOT_NULL(test, page);
			for (j = 0; j < 1U << order; j++) {
				wrong += !page_is(page + j, 0, PAGE_SIZE, 0);
				memset_page(page + j, 0, 0xa5, PAGE_SIZE);
			}
			__free_pages(page, order);
			KUNIT_EXPECT_EQ(test, wrong, 0U);
		}
	}
}

static void vmalloc_test(struct kunit *test)
{
	unsigned int i, high = 0;
	char *p = vzalloc_node(64 * PAGE_SIZE, high_node());

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, 64 * PAGE_SIZE));
	for (i = 0; i < 64; i++) {
		struct page *page = vmalloc_to_page(p + i * PAGE_SIZE);

		high += PageHighMem(page);
		p[i * PAGE_SIZE] = (char)i;
		KUNIT_EXPECT_TRUE(test, page_is(page, 0, 1, (u8)i));
	}
	KUNIT_EXPECT_EQ(test, high, 64U);
	KUNIT_EXPECT_EQ(test, vread((char *)&i, p + 7 * PAGE_SIZE, 4), 4L);
	KUNIT_EXPECT_EQ(test, i, 7U);
	vfree(p);
	/* A zone that is asked for is kept to. */
	p = vmalloc_32(PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_FALSE(test, PageHighMem(vmalloc_to_page(p)));
	vfree(p);
}

/* ---- what is told ------------------------------------------------------ */

static void expect_line(struct kunit *test, const char *text, const char *name,
			unsigned long pages)
{
	char line[64];

	scnprintf(line, sizeof(line), "%-16s%8lu kB\n", name,
		  pages << (PAGE_SHIFT - 10));
	KUNIT_CHECK(test, strstr(text, line), 0, "%s", line);
}

/* High memory is told of apart, and the rest is low. */
static void totals_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();
	unsigned long high = totalhigh_pages();
	struct page *page;
	struct sysinfo si;

	KUNIT_ASSERT_EQ(test, proc_show("meminfo", &c->m), 0);
	expect_line(test, c->text, "HighTotal:", high);
	expect_line(test, c->text, "LowTotal:", totalram_pages() - high);
	/* What CPUs' lists hold does not count as free. */
	drain_all_pages(NULL);
	si_meminfo(&si);
	KUNIT_EXPECT_EQ(test, si.totalhigh, high);
	KUNIT_EXPECT_EQ(test, si.freehigh, nr_free_highpages());
	page = alloc_pages_node(high_node(), GFP_HIGHUSER, 4);
	KUNIT_ASSERT_NOT_NULL(test, page);
	drain_all_pages(NULL);
	KUNIT_EXPECT_EQ(test, si.freehigh - nr_free_highpages(), 16UL);
	__free_pages(page, 4);
	KUNIT_EXPECT_EQ(test, highstart_pfn, max_low_pfn);
	KUNIT_EXPECT_LE(test, high, highend_pfn - highstart_pfn);
	c = text_capture_start();
	KUNIT_EXPECT_EQ(test, proc_show("/sys/devices/system/node/has_high_memory",
					&c->m), 0);
}

/* Low zones keep pages from who could have high ones, and only from them. */
static void reserve_test(struct kunit *test)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		long keeps = zone->lowmem_reserve[ZONE_HIGHMEM];

		if (is_highmem(zone))
			KUNIT_EXPECT_EQ(test, keeps, 0L);
		else if (populated_zone(&zone->zone_pgdat->node_zones[
							ZONE_HIGHMEM]))
			KUNIT_EXPECT_GT(test, keeps, 0L);
		KUNIT_EXPECT_GE(test, keeps, zone->lowmem_reserve[ZONE_NORMAL]);
	}
}

/* ---- what is wrong ------------------------------------------------------ */

static void kmap_in_interrupt(void *info)
{
	struct waiter *w = info;

	w->addr = kmap(w->page);
	kunmap(w->page);
}

/* Each is told in a line, and changes nothing. */
static void misuse_test(struct kunit *test)
{
	struct page **pages = pages_get(test, 2);
	struct waiter w = { .page = pages[0] };
	static struct log_capture log;
	unsigned long *p, *q;

	log_capture_start(&log);
	kunmap(pages[0]);
	kmap(pages[0]);
	kunmap(pages[0]);
	kunmap(pages[0]);
	local_irq_disable();
	preempt_count_add(HARDIRQ_OFFSET);
	kmap_in_interrupt(&w);
	preempt_count_sub(HARDIRQ_OFFSET);
	local_irq_enable();
	p = kmap_local_page(pages[0]);
	q = kmap_local_page(pages[1]);
	kunmap_local(p);
	KUNIT_EXPECT_TRUE(test, tagged(pages[1], q));
	kunmap_local(q);
	kunmap_local(q);
	/* The slot that was given back too early goes with the next below. */
	__kmap_local_exit(current);
	log_capture_end(&log);
	KUNIT_EXPECT_NULL(test, w.addr);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"BUG: kunmap of a page that is not mapped: pfn "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"BUG: kunmap of a page that nobody has mapped any more: pfn "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"BUG: kmap of a page in an interrupt: pfn "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"BUG: kunmap of a page in an interrupt: pfn "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, " was not mapped last, "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, " is not mapped\n"));
	KUNIT_EXPECT_TRUE(test, pkmap_check());
	pages_put(pages, 2);
}

/* The seventeenth gets one of kmap()'s addresses, and gives it back. */
static void overflow_test(struct kunit *test)
{
	struct page **pages = pages_get(test, KM_MAX_IDX + 1);
	static struct log_capture log;
	unsigned long *p[KM_MAX_IDX + 1];
	unsigned int i;

	log_capture_start(&log);
	for (i = 0; i <= KM_MAX_IDX; i++)
		p[i] = kmap_local_page(pages[i]);
	KUNIT_EXPECT_TRUE(test, is_kmap_addr(p[KM_MAX_IDX]));
	KUNIT_EXPECT_TRUE(test, tagged(pages[KM_MAX_IDX], p[KM_MAX_IDX]));
	while (i--)
		kunmap_local(p[i]);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "has 16 pages already\n"));
	pages_put(pages, KM_MAX_IDX + 1);
}

static void leave_body(void *arg)
{
	struct local *l = arg;

	kmap_local_page(l->page[0]);
	kmap_local_page(l->page[1]);
}

static void exit_test(struct kunit *test)
{
	struct page **pages = pages_get(test, 2);
	struct local l = { .page = { pages[0], pages[1] } };
	static struct log_capture log;
	struct test_thread t;

	log_capture_start(&log);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, leave_body, &l,
						  raw_smp_processor_id()));
	test_thread_join(&t);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			" ends with 2 pages of kmap_local_page() mapped\n"));
	pages_put(pages, 2);
}

static struct kunit_case highmem_cases[] = {
	KUNIT_CASE(same_address_test),
	KUNIT_CASE(low_page_test),
	KUNIT_CASE(all_slots_test),
	KUNIT_CASE(waiters_test),
	KUNIT_CASE(same_page_waiters_test),
	KUNIT_CASE(crowd_test),
	KUNIT_CASE(two_slots_test),
	KUNIT_CASE(nested_test),
	KUNIT_CASE(switched_test),
	KUNIT_CASE(migration_test),
	KUNIT_CASE(interrupted_test),
	KUNIT_CASE(atomic_test),
	KUNIT_CASE(contents_test),
	KUNIT_CASE(zeroed_test),
	KUNIT_CASE(vmalloc_test),
	KUNIT_CASE(totals_test),
	KUNIT_CASE(reserve_test),
	KUNIT_CASE(misuse_test),
	KUNIT_CASE(overflow_test),
	KUNIT_CASE(exit_test),
	{}
};

static struct kunit_suite highmem_suite = {
	.name = "highmem",
	.init = highmem_test_init,
	.exit = highmem_test_exit,
	.test_cases = highmem_cases,
};
kunit_test_suite(highmem_suite);
