// SPDX-License-Identifier: MIT
/*
 * Machines whose memory does not suffice to start: each allocation of the way
 * up fails on one of them, and each says in its panic what it wanted.
 */
#include "early_machine.h"

#include <linux/bootmem.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "../host/harness.h"
#include "host.h"
#include "os/include/host_os.h"

static struct log_capture log;

static void start_tiny(void *arg)
{
	(void)arg;
	bootmem_init();
	early_start_pc();
	setup_per_cpu_areas();
	build_all_zonelists(NULL);
}

/* Starts 64 MiB of which @left bytes are free: did it come up? */
static bool tiny_comes_up(struct kunit *test, phys_addr_t left)
{
	int thrown;

	harness_machine_end();
	KUNIT_ASSERT_EQ(test, harness_machine(M(128), false), 0);
	memblock_add_node(M(1), M(32), 0, MEMBLOCK_NONE);
	memblock_add_node(M(33), M(32), 1, MEMBLOCK_NONE);
	memblock_reserve(M(1), M(64) - left);
	log_capture_start(&log);
	thrown = host_catch(start_tiny, NULL);
	log_capture_end(&log);
	if (!thrown)
		return true;
	KUNIT_EXPECT_EQ(test, thrown, HOST_THROW_PANIC);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Kernel panic"));
	return false;
}

/* From nothing on, page by page, until it comes up. */
static void memory_runs_out_at_every_step_test(struct kunit *test)
{
	phys_addr_t left = 0;

	while (left < M(32) && !tiny_comes_up(test, left))
		left += PAGE_SIZE;
	KUNIT_EXPECT_GT(test, left, K(512));	/* struct pages alone */
	KUNIT_EXPECT_LT(test, left, M(32));
}

static void start_empty(void *arg)
{
	unsigned long limits[MAX_NR_ZONES] = { 0 };

	(void)arg;
	free_area_init(limits);
}

static void no_memory_at_all_test(struct kunit *test)
{
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, host_catch(start_empty, NULL), HOST_THROW_PANIC);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"free_area_init: the machine has no memory"));
}

static void frame_limits_test(struct kunit *test)
{
	static const struct early_range one[] = { { M(1), M(65), 0 }, { 0, 0 } };
	struct machine *m = this_machine();

	early_memory(one);
	bootmem_init();
	KUNIT_EXPECT_EQ(test, m->pfn.max_low, PFN_DOWN(M(65)));
	/* A port whose direct map ends before memory does. */
	m->pfn.max_low = PFN_DOWN(M(32));
	bootmem_init();
	KUNIT_EXPECT_EQ(test, m->pfn.max_low, PFN_DOWN(M(32)));
	KUNIT_EXPECT_EQ(test, m->pfn.max, PFN_DOWN(M(65)));
	m->pfn.max_low = PFN_DOWN(M(128));
	bootmem_init();
	KUNIT_EXPECT_EQ(test, m->pfn.max_low, PFN_DOWN(M(65)));
}

static void bootmem_too_much(void *arg)
{
	(void)arg;
	alloc_bootmem(G(1));
}

static void bootmem_panics_test(struct kunit *test)
{
	static const struct early_range one[] = { { M(1), M(65), 0 }, { 0, 0 } };

	early_memory(one);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, host_catch(bootmem_too_much, NULL),
			HOST_THROW_PANIC);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"bootmem: out of memory, 1073741824 bytes"));
}

static struct kunit_case shortage_cases[] = {
	KUNIT_CASE(memory_runs_out_at_every_step_test),
	KUNIT_CASE(no_memory_at_all_test),
	KUNIT_CASE(frame_limits_test),
	KUNIT_CASE(bootmem_panics_test),
	{ 0 }
};

static struct kunit_suite shortage_suite = {
	.name = "shortage",
	.test_cases = shortage_cases,
};
kunit_test_suite(shortage_suite);
