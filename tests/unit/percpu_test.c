// SPDX-License-Identifier: MIT
/* Per-CPU objects: where they lie, what is in them, what comes and goes. */
#include <kunit/test.h>
#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "../../mm/page/percpu.h"
#include "page_snapshot.h"
#include "text_capture.h"
#include "threads.h"

#define MANY	64	/* objects */

struct percpu_sample {
	unsigned long a;
	u32 b;
	char text[52];
};

static int percpu_test_init(struct kunit *test)
{
	percpu_shrink();
	return 0;
}

static unsigned long nr_objects(void)
{
	return percpu_state()->nr_objects;
}

static void percpu_each_cpu_test(struct kunit *test)
{
	struct percpu_sample __percpu *p = alloc_percpu(struct percpu_sample);
	unsigned long before = nr_objects();
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for_each_possible_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, per_cpu_ptr(p, cpu)->a, 0UL);
		per_cpu_ptr(p, cpu)->a = cpu + 1;
		memset(per_cpu_ptr(p, cpu)->text, (int)cpu, 52);
	}
	for_each_possible_cpu(cpu)
		KUNIT_EXPECT_EQ(test, per_cpu_ptr(p, cpu)->a, cpu + 1UL);
	preempt_disable();
	KUNIT_EXPECT_PTR_EQ(test, this_cpu_ptr(p),
			    per_cpu_ptr(p, smp_processor_id()));
	KUNIT_EXPECT_EQ(test, this_cpu_read(p->a), smp_processor_id() + 1UL);
	this_cpu_add(p->b, 7);
	this_cpu_inc(p->b);
	KUNIT_EXPECT_EQ(test, this_cpu_read(p->b), 8U);
	preempt_enable();
	percpu_check();
	free_percpu(p);
	free_percpu(NULL);
	KUNIT_EXPECT_EQ(test, nr_objects(), before - 1);
	percpu_check();
}

/* What another object had left is gone. */
static void percpu_zeroed_test(struct kunit *test)
{
	unsigned int round, cpu, i;

	for (round = 0; round < 3; round++) {
		u8 __percpu *p = __alloc_percpu(1000, 1);

		KUNIT_ASSERT_NOT_NULL(test, p);
		for_each_possible_cpu(cpu)
			for (i = 0; i < 1000; i++) {
				if (per_cpu_ptr(p, cpu)[i])
					KUNIT_FAIL(test, "byte %u of CPU %u",
						   i, cpu);
				per_cpu_ptr(p, cpu)[i] = 0xa5;
			}
		free_percpu(p);
	}
}

static void percpu_alignment_test(struct kunit *test)
{
	void __percpu *held[16];
	size_t align;
	unsigned int cpu, n = 0;

	for (align = 1; align <= PCPU_MIN_UNIT_SIZE; align *= 2) {
		held[n] = __alloc_percpu(align == 1 ? 3 : 24, align);
		KUNIT_ASSERT_NOT_NULL(test, held[n]);
		for_each_possible_cpu(cpu)
			KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)
				per_cpu_ptr(held[n], cpu), align));
		percpu_check();
		n++;
	}
	while (n)
		free_percpu(held[--n]);
	percpu_check();
}

/* Sizes round each power of two, up to a unit; none overlap. */
static void percpu_sizes_test(struct kunit *test)
{
	u8 __percpu *held[3 * 16];
	size_t sizes[3 * 16], size;
	unsigned int cpu, n = 0, i;

	for (size = 1; size <= PCPU_MIN_UNIT_SIZE; size *= 2)
		for (i = 0; i < 3; i++) {
			sizes[n] = size + i - 1;
			if (!sizes[n] || sizes[n] > PCPU_MIN_UNIT_SIZE)
				continue;
			held[n] = __alloc_percpu(sizes[n], 1);
			KUNIT_ASSERT_NOT_NULL(test, held[n]);
			for_each_possible_cpu(cpu)
				memset(per_cpu_ptr(held[n], cpu), (int)n + 1,
				       sizes[n]);
			n++;
		}
	for (i = 0; i < n; i++)
		for_each_possible_cpu(cpu) {
			u8 *p = per_cpu_ptr(held[i], cpu);

			KUNIT_EXPECT_EQ(test, p[0], (u8)(i + 1));
			KUNIT_EXPECT_EQ(test, p[sizes[i] - 1], (u8)(i + 1));
		}
	percpu_check();
	while (n)
		free_percpu(held[--n]);
	percpu_check();
}

/* Memory is of each CPU's node, in start-up's chunk and in a later one. */
static void percpu_nodes_test(struct kunit *test)
{
	void __percpu *p[2] = {
		alloc_percpu(long), __alloc_percpu(PCPU_MIN_UNIT_SIZE, 8),
	};
	unsigned int cpu, i;

	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		for_each_possible_cpu(cpu) {
			phys_addr_t phys =
				per_cpu_ptr_to_phys(per_cpu_ptr(p[i], cpu));
			unsigned long *same = __va(phys);

			KUNIT_EXPECT_EQ(test,
				page_to_nid(pfn_to_page(PHYS_PFN(phys))),
				node_to_mem_node(cpu_to_node((int)cpu)));
			*(unsigned long *)per_cpu_ptr(p[i], cpu) = cpu + 77UL;
			KUNIT_EXPECT_EQ(test, *same, cpu + 77UL);
		}
		free_percpu(p[i]);
	}
	KUNIT_EXPECT_TRUE(test, is_kernel_percpu_address(
				(unsigned long)this_cpu_ptr(&cpu_number)));
	KUNIT_EXPECT_FALSE(test, is_kernel_percpu_address(PAGE_OFFSET));
}

/* Chunks come when others are full, and go when nothing is in them. */
static void percpu_grows_test(struct kunit *test)
{
	struct page_snapshot before;
	void __percpu *held[MANY];
	unsigned long pages;
	unsigned int i;

	before = page_snapshot_take();
	pages = pcpu_nr_pages();
	for (i = 0; i < MANY; i++) {
		held[i] = __alloc_percpu(PCPU_MIN_UNIT_SIZE / 4, 64);
		KUNIT_ASSERT_NOT_NULL(test, held[i]);
	}
	percpu_check();
	KUNIT_EXPECT_GE(test, pcpu_nr_pages(), pages + (MANY / 4 - 1) * 8 *
			num_possible_cpus());
	for (i = 0; i < MANY; i++)
		free_percpu(held[i]);
	percpu_check();
	/* One is kept. */
	KUNIT_EXPECT_LE(test, pcpu_nr_pages(),
			pages + 8UL * num_possible_cpus());
	KUNIT_EXPECT_LE(test, percpu_shrink(), 1U);
	KUNIT_EXPECT_EQ(test, pcpu_nr_pages(), pages);
	page_snapshot_check(test, &before);
}

/* Who may not sleep gets chunks too, and leaves the empty ones to others. */
static void percpu_atomic_test(struct kunit *test)
{
	struct page_snapshot before = page_snapshot_take();
	unsigned long pages = pcpu_nr_pages(), flags;
	void __percpu *held[4];
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < 4; i++)
		held[i] = __alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE, 8,
					     i % 2 ? GFP_ATOMIC : GFP_NOWAIT);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_NOT_NULL(test, held[i]);
		free_percpu(held[i]);
	}
	KUNIT_EXPECT_EQ(test, pcpu_nr_pages(),
			pages + 4 * 8UL * num_possible_cpus());
	local_irq_restore(flags);
	free_percpu(alloc_percpu_gfp(int, GFP_KERNEL));
	KUNIT_EXPECT_LE(test, pcpu_nr_pages(),
			pages + 8UL * num_possible_cpus());
	percpu_shrink();
	page_snapshot_check(test, &before);
}

#define HOLES	128

/* Fills holes for 64 bytes, until one comes from behind @last: how many. */
static unsigned int holes_fill(void __percpu **filler, void __percpu *last)
{
	unsigned int n = 0;

	while (n < HOLES) {
		filler[n] = __alloc_percpu(64, 8);
		if (filler[n++] > last)
			break;
	}
	return n;
}

/* A hole is used again before anything behind it. */
static void percpu_best_fit_test(struct kunit *test)
{
	void __percpu *p[4], *filler[HOLES], *q;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = __alloc_percpu(64U << i % 2, 8);
	n = holes_fill(filler, p[3]);
	KUNIT_ASSERT_TRUE(test, n < HOLES);
	free_percpu(p[2]);
	q = __alloc_percpu(64, 8);
	KUNIT_EXPECT_PTR_EQ(test, q, p[2]);
	p[2] = q;
	free_percpu(p[1]);
	q = __alloc_percpu(128, 8);
	KUNIT_EXPECT_PTR_EQ(test, q, p[1]);
	p[1] = q;
	for (i = 0; i < ARRAY_SIZE(p); i++)
		free_percpu(p[i]);
	while (n)
		free_percpu(filler[--n]);
	percpu_check();
}

static void percpu_refused_test(struct kunit *test)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(0, 8, gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(8, 0, gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(8, 24, gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE + 1, 8,
						   gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(~0UL, 8, gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(8, 2 * PCPU_MIN_UNIT_SIZE,
						   gfp));
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(8, ~0UL, gfp));
	percpu_check();
}

/* Each page that a chunk asks for is not there, in turn. */
static void percpu_fault_points_test(struct kunit *test)
{
	struct page_snapshot before = page_snapshot_take();
	unsigned long objects = nr_objects(), pages = pcpu_nr_pages();
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY;
	unsigned long failed = percpu_state()->nr_failed;
	void __percpu *p = NULL;
	long nth;

	for (nth = 1; !p; nth++) {
		page_alloc_fail_nth(nth);
		p = __alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE, 8, gfp);
		page_alloc_fail_nth(0);
		percpu_check();
		if (p)
			break;
		KUNIT_EXPECT_EQ(test, nr_objects(), objects);
		KUNIT_EXPECT_EQ(test, pcpu_nr_pages(), pages);
		page_snapshot_check(test, &before);
		KUNIT_ASSERT_TRUE(test, nth < 2L + NR_CPUS);
	}
	/* The record and a unit for each CPU. */
	KUNIT_EXPECT_EQ(test, nth, 2L + num_possible_cpus());
	KUNIT_EXPECT_EQ(test, percpu_state()->nr_failed - failed,
			1UL + num_possible_cpus());
	free_percpu(p);
	percpu_shrink();
	page_snapshot_check(test, &before);
}

static void percpu_word_test(struct kunit *test)
{
	unsigned int at, len;

	KUNIT_EXPECT_EQ(test, word_longest(0), 0U);
	KUNIT_EXPECT_EQ(test, word_longest(~0ULL), 64U);
	for (len = 1; len < 64; len++)
		for (at = 0; at + len <= 64; at++) {
			u64 run = (BIT_ULL(len) - 1) << at;

			KUNIT_EXPECT_EQ(test, word_longest(run), len);
			/* With another, shorter by one, where there is room. */
			if (at >= len)
				run |= BIT_ULL(len - 1) - 1;
			KUNIT_EXPECT_EQ(test, word_longest(run), len);
		}
}

static void percpu_stats_test(struct kunit *test)
{
	struct text_capture *text = text_capture_start();
	void __percpu *p = __alloc_percpu(100, 8);
	struct percpu_state *s = percpu_state();
	char line[64];

	percpu_stats_show(&text->m);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text->text, "Percpu Memory Statistics\n"));
	scnprintf(line, sizeof(line), "  nr_cur_alloc        : %12lu\n",
		  s->nr_objects);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text->text, line));
	scnprintf(line, sizeof(line), "  cur_bytes           : %12lu\n",
		  s->nr_granules * 8);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text->text, line));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text->text, "Chunk 0: <- First static "));
	free_percpu(p);
}

/* ---- several CPUs at once ---------------------------------------------- */

#define STORM_THREADS	3
#define STORM_ROUNDS	400
#define STORM_HELD	24

struct storm {
	unsigned int seed;
	unsigned int wrong;	/* objects that somebody else wrote to */
	unsigned int failed;
};

static void storm_fill(u32 __percpu *p, u32 mark)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		*per_cpu_ptr(p, cpu) = mark + cpu;
}

static bool storm_intact(u32 __percpu *p, u32 mark)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (*per_cpu_ptr(p, cpu) != mark + cpu)
			return false;
	return true;
}

static void storm_body(void *arg)
{
	struct storm *s = arg;
	u32 __percpu *held[STORM_HELD] = { NULL };
	unsigned int i, at, x = s->seed;

	for (i = 0; i < STORM_ROUNDS; i++) {
		x = x * 1103515245 + 12345;
		at = x >> 16 & 0x7fff;
		at %= STORM_HELD;
		if (held[at]) {
			s->wrong += !storm_intact(held[at], s->seed + at);
			free_percpu(held[at]);
			held[at] = NULL;
			continue;
		}
		held[at] = __alloc_percpu((x >> 20 & 0xfff) + 4, 4);
		if (held[at])
			storm_fill(held[at], s->seed + at);
		else
			s->failed++;
		cond_resched();
	}
	for (at = 0; at < STORM_HELD; at++) {
		if (held[at])
			s->wrong += !storm_intact(held[at], s->seed + at);
		free_percpu(held[at]);
	}
}

static void percpu_threads_test(struct kunit *test)
{
	static struct test_thread threads[STORM_THREADS];
	static struct storm storms[STORM_THREADS];
	struct page_snapshot before;
	unsigned long objects = nr_objects();
	unsigned int i;

	/* Stacks that the threads leave behind are no loss. */
	for (i = 0; i < STORM_THREADS; i++) {
		storms[i] = (struct storm){ .seed = 1000 * (i + 1) };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&threads[i],
				  storm_body, &storms[i], test_cpu(i)));
	}
	for (i = 0; i < STORM_THREADS; i++) {
		test_thread_join(&threads[i]);
		KUNIT_EXPECT_EQ(test, storms[i].wrong, 0U);
		KUNIT_EXPECT_EQ(test, storms[i].failed, 0U);
	}
	KUNIT_EXPECT_EQ(test, nr_objects(), objects);
	percpu_check();
	percpu_shrink();
	before = page_snapshot_take();
	page_snapshot_check(test, &before);
}

static struct kunit_case percpu_cases[] = {
	KUNIT_CASE(percpu_each_cpu_test),
	KUNIT_CASE(percpu_zeroed_test),
	KUNIT_CASE(percpu_alignment_test),
	KUNIT_CASE(percpu_sizes_test),
	KUNIT_CASE(percpu_nodes_test),
	KUNIT_CASE(percpu_grows_test),
	KUNIT_CASE(percpu_atomic_test),
	KUNIT_CASE(percpu_best_fit_test),
	KUNIT_CASE(percpu_refused_test),
	KUNIT_CASE(percpu_fault_points_test),
	KUNIT_CASE(percpu_word_test),
	KUNIT_CASE(percpu_stats_test),
	KUNIT_CASE(percpu_threads_test),
	{ }
};

static struct kunit_suite percpu_suite = {
	.name = "percpu",
	.init = percpu_test_init,
	.test_cases = percpu_cases,
};
kunit_test_suite(percpu_suite);
