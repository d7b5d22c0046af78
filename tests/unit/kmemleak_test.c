// SPDX-License-Identifier: MIT
/*
 * Leaks that are planted are found, and nothing else is: on machines started
 * with kmemleak=on.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "log_capture.h"
#include "text_capture.h"

#define NEEDED	"kmemleak=on"

/* Where a pointer is that the search must see. */
static void **root;
static struct log_capture log;

static int leak_init(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kmemleak_command("min_age=0"));
	/* What dead frames still hold would hide what is planted. */
	KUNIT_EXPECT_NULL(test, kmemleak_command("stack=off"));
	/* A page is not looked into by itself. */
	root = (void **)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, root);
	kmemleak_alloc(root, PAGE_SIZE, 0, GFP_KERNEL);
	return 0;
}

static void leak_exit(struct kunit *test)
{
	kmemleak_free(root);
	free_page((unsigned long)root);
	root = NULL;
	KUNIT_EXPECT_EQ(test, kmemleak_check(), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

/* What calls left on the stack and in registers is not a reference. */
static noinline void stack_clear(void)
{
	volatile unsigned long words[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = 0;
}

/* Two scans: the first one learns what is in objects. New leaks of both. */
static noinline unsigned long scans(void)
{
	unsigned long found;

	stack_clear();
	log_capture_start(&log);
	found = kmemleak_scan();
	found += kmemleak_scan();
	log_capture_end(&log);
	return found;
}

/* The address, so that it is no pointer. */
static noinline unsigned long hidden_object(size_t size)
{
	return ~(unsigned long)kmalloc(size, GFP_KERNEL);
}

/* *@at becomes a pointer to @hidden, which the caller's stack never has. */
static noinline void point_to(void **at, unsigned long hidden)
{
	*at = (void *)~hidden;
}

static noinline void point_from(unsigned long holder, unsigned long hidden)
{
	point_to((void **)~holder, hidden);
}

static noinline void colour(unsigned long hidden, void (*fn)(const void *ptr))
{
	fn((void *)~hidden);
}

static noinline void free_hidden(unsigned long hidden)
{
	kfree((void *)~hidden);
}

static const char *leaks(struct kunit *test)
{
	struct text_capture *c = text_capture_start();

	KUNIT_EXPECT_EQ(test, proc_show(SYS_DEBUG "kmemleak", &c->m), 0);
	return c->text;
}

static void fresh_machine_test(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kmemleak_command("stack=on"));
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	KUNIT_EXPECT_STREQ(test, leaks(test), "");
}

static void planted_test(struct kunit *test)
{
	static const size_t sizes[] = { 8, 24, 100, 2000, 8192, 40000 };
	unsigned long hidden[ARRAY_SIZE(sizes)];
	char line[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		hidden[i] = hidden_object(sizes[i]);
	KUNIT_EXPECT_EQ(test, scans(), (unsigned long)ARRAY_SIZE(sizes));
	KUNIT_EXPECT_NOT_NULL(test, strstr(log.text, "kmemleak: 6 new suspected memory leaks (see /sys/kernel/debug/kmemleak)"));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		scnprintf(line, sizeof(line), "unreferenced object 0x%lx (size ",
			  ~hidden[i]);
		KUNIT_CHECK(test, strstr(leaks(test), line), 0, "no %s", line);
	}
	KUNIT_EXPECT_NOT_NULL(test, strstr(leaks(test), "  comm \""));
	KUNIT_EXPECT_NOT_NULL(test, strstr(leaks(test),
					   "  hex dump (first 8 bytes):\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(leaks(test), "  backtrace:\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(leaks(test), "hidden_object+0x"));
	/* Each once. */
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		free_hidden(hidden[i]);
	KUNIT_EXPECT_STREQ(test, leaks(test), "");
}

/* A list from a root is found whole; cut in the middle, its end is a leak. */
static void list_test(struct kunit *test)
{
	void **p, **at;
	int i;

	at = root;
	for (i = 0; i < 20; i++) {
		p = kzalloc(64, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		/* A pointer to the middle is one, too. */
		*at = (char *)p + i;
		at = p + 3;
	}
	p = NULL;
	at = NULL;
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	at = (void **)root[0] + 3;
	for (i = 1; i < 10; i++)
		at = (void **)((char *)*at - i) + 3;
	/* Hidden in place. */
	*at = (void *)~(unsigned long)*at;
	p = at;
	at = NULL;
	KUNIT_EXPECT_EQ(test, scans(), 10UL);
	*p = (void *)~(unsigned long)*p;
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	KUNIT_EXPECT_STREQ(test, leaks(test), "");
	for (i = 0, p = root[0]; i < 20; i++) {
		void *next = p[3] ? (char *)p[3] - i - 1 : NULL;

		kfree(p);
		p = next;
	}
	root[0] = NULL;
}

static DEFINE_PER_CPU(void *, pointer_here);

static void percpu_test(struct kunit *test)
{
	void *__percpu *dynamic = alloc_percpu(void *);

	KUNIT_ASSERT_NOT_NULL(test, dynamic);
	this_cpu_write(pointer_here, kmalloc(32, GFP_KERNEL));
	*per_cpu_ptr(dynamic, 0) = kmalloc(32, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	kfree(*per_cpu_ptr(dynamic, 0));
	/* Nobody clears it later. */
	*per_cpu_ptr(dynamic, 0) = NULL;
	kfree(this_cpu_read(pointer_here));
	this_cpu_write(pointer_here, NULL);
	free_percpu(dynamic);
}

/* A pointer that only a stack has is one, if stacks are looked into. */
static void stack_test(struct kunit *test)
{
	void *volatile held = (void *)~hidden_object(32);

	KUNIT_EXPECT_NULL(test, kmemleak_command("stack=on"));
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	kfree(held);
}

static void colours_test(struct kunit *test)
{
	unsigned long gray = hidden_object(32), black = hidden_object(32);
	unsigned long inner = hidden_object(32), unseen = hidden_object(32);

	point_from(gray, inner);
	point_from(black, unseen);
	colour(gray, kmemleak_not_leak);
	colour(black, kmemleak_ignore);
	KUNIT_EXPECT_EQ(test, scans(), 1UL);
	colour(gray, kmemleak_no_scan);
	KUNIT_EXPECT_EQ(test, scans(), 1UL);
	free_hidden(gray);
	free_hidden(black);
	free_hidden(inner);
	free_hidden(unseen);
}

static void scan_area_test(struct kunit *test)
{
	unsigned long in = hidden_object(32), out = hidden_object(32);
	void **holder = kzalloc(64, GFP_KERNEL);

	root[0] = holder;
	point_to(&holder[1], in);
	point_to(&holder[5], out);
	kmemleak_scan_area(&holder[0], 4 * sizeof(*holder), GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, scans(), 1UL);
	kfree(holder);
	free_hidden(in);
	free_hidden(out);
}

static void flags_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("unseen", 40, 0,
						     SLAB_NOLEAKTRACE, NULL);
	unsigned long hidden;

	hidden = ~(unsigned long)kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	kmem_cache_free(cache, (void *)~hidden);
	kmem_cache_destroy(cache);
}

static void parts_test(struct kunit *test)
{
	unsigned long page = __get_free_pages(GFP_KERNEL, 1);

	KUNIT_ASSERT_NOT_NULL(test, (void *)page);
	kmemleak_alloc((void *)page, 2 * PAGE_SIZE, 0, GFP_KERNEL);
	kmemleak_free_part((void *)page, 64);
	kmemleak_free_part((void *)(page + PAGE_SIZE), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, kmemleak_check(), 0);
	kmemleak_free_part((void *)(page + 64), PAGE_SIZE - 64);
	KUNIT_EXPECT_EQ(test, kmemleak_check(), 0);
	free_pages(page, 1);
}

static void clear_test(struct kunit *test)
{
	unsigned long hidden = hidden_object(32);

	KUNIT_EXPECT_EQ(test, scans(), 1UL);
	KUNIT_EXPECT_NULL(test, kmemleak_command("clear"));
	KUNIT_EXPECT_STREQ(test, leaks(test), "");
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	free_hidden(hidden);
}

static void age_test(struct kunit *test)
{
	unsigned long hidden = hidden_object(32);

	KUNIT_EXPECT_NULL(test, kmemleak_command("min_age=1000000"));
	KUNIT_EXPECT_EQ(test, scans(), 0UL);
	KUNIT_EXPECT_NULL(test, kmemleak_command("min_age=0"));
	KUNIT_EXPECT_EQ(test, scans(), 1UL);
	free_hidden(hidden);
}

static void commands_test(struct kunit *test)
{
	static const char *const bad[] = { "", "scam", "scan=", "scan=x",
		"min_age=-1", "dump=", "dump=16", "stack", "scan=99999999999" };
	char why[160];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_CHECK(test, proc_write(SYS_DEBUG "kmemleak", bad[i], why,
					     sizeof(why)) == -EINVAL, 0,
			    "\"%s\" is taken", bad[i]);
	KUNIT_EXPECT_EQ(test, proc_write(SYS_DEBUG "kmemleak", "scam", why,
					 sizeof(why)), -EINVAL);
	KUNIT_EXPECT_STREQ(test, why, SYS_DEBUG "kmemleak: \"scam\" is no command");
	KUNIT_EXPECT_NULL(test, kmemleak_command("scan=on"));
	KUNIT_EXPECT_NULL(test, kmemleak_command("scan=30"));
	KUNIT_EXPECT_NULL(test, kmemleak_command("scan=off"));
	KUNIT_EXPECT_NULL(test, kmemleak_command("stack=off"));
	KUNIT_EXPECT_NULL(test, kmemleak_command("stack=on"));
}

/* Last: it goes off for good. */
static void off_test(struct kunit *test)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kmemleak_free(root);
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, kmemleak_command("off"));
	log_capture_end(&log);
	KUNIT_EXPECT_NOT_NULL(test, strstr(log.text,
		"kmemleak: Kernel memory leak detector disabled: by command"));
	KUNIT_EXPECT_NOT_NULL(test, kmemleak_command("scan"));
	kfree(p);
	KUNIT_EXPECT_NULL(test, kmemleak_command("clear"));
	KUNIT_EXPECT_EQ(test, this_machine()->slab.debug.leak.nr_objects, 0UL);
	KUNIT_EXPECT_EQ(test, this_machine()->slab.debug.watch, 0U);
}

static struct kunit_case kmemleak_cases[] = {
	KUNIT_CASE(fresh_machine_test), KUNIT_CASE(planted_test),
	KUNIT_CASE(list_test), KUNIT_CASE(percpu_test),
	KUNIT_CASE(stack_test), KUNIT_CASE(colours_test), KUNIT_CASE(scan_area_test),
	KUNIT_CASE(flags_test), KUNIT_CASE(parts_test),
	KUNIT_CASE(clear_test), KUNIT_CASE(age_test),
	KUNIT_CASE(commands_test), KUNIT_CASE(off_test), {}
};

static struct kunit_suite kmemleak_suite = {
	.name = "kmemleak", .init = leak_init, .exit = leak_exit,
	.test_cases = kmemleak_cases, .needs = NEEDED,
};
kunit_test_suite(kmemleak_suite);
