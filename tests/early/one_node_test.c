// SPDX-License-Identifier: MIT
/* setup_one_node(): the end of setup_arch() of a kernel that embeds the core. */
#include "early_machine.h"

#include <linux/cpumask.h>
#include <octavo/start.h>

#include "host.h"
#include "os/include/host_os.h"

static void pc_test(struct kunit *test)
{
	const struct machine *m = this_machine();
	static struct log_capture log;

	memblock_add(K(4), K(636));
	memblock_add(M(1), M(3071));
	memblock_add(G(4), G(1));
	log_capture_start(&log);
	setup_one_node(3);
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, min_low_pfn, 1UL);
	KUNIT_EXPECT_EQ(test, max_pfn, PFN_DOWN(G(5)));
	KUNIT_EXPECT_EQ(test, max_low_pfn, max_pfn);
	KUNIT_EXPECT_PTR_EQ(test, high_memory, __va(G(5)));
	KUNIT_EXPECT_EQ(test, memblock_get_current_limit(), G(5));
	KUNIT_EXPECT_EQ(test, num_online_nodes(), 1);
	expect_zone(test, 0, ZONE_DMA, 1, 4095, 4095 - 96);
	expect_zone(test, 0, ZONE_DMA32, 4096, PFN_DOWN(G(4)) - 4096,
		    PFN_DOWN(G(3)) - 4096);
	expect_zone(test, 0, ZONE_NORMAL, PFN_DOWN(G(4)), PFN_DOWN(G(1)),
		    PFN_DOWN(G(1)));
	KUNIT_EXPECT_EQ(test, m->nr_cpus, 3U);
	KUNIT_EXPECT_EQ(test, cpumask_weight(&m->cpu_possible), 3U);
	KUNIT_EXPECT_EQ(test, cpumask_weight(&m->cpu_present), 3U);
	KUNIT_EXPECT_EQ(test, m->cpu_node[2], 0);
	KUNIT_EXPECT_EQ(test, m->cpu_node[3], NUMA_NO_NODE);
	expect_sound(test);
}

static void start(void *nr_cpus)
{
	setup_one_node(*(unsigned int *)nr_cpus);
}

static void expect_panic(struct kunit *test, unsigned int nr_cpus,
			 const char *line)
{
	static struct log_capture log;

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, host_catch(start, &nr_cpus), HOST_THROW_PANIC);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, line));
}

static void no_memory_test(struct kunit *test)
{
	expect_panic(test, 1, "No RAM in memblock: nothing to run on");
}

static void no_cpu_test(struct kunit *test)
{
	memblock_add(M(1), M(63));
	expect_panic(test, 0, "0 CPUs: this kernel is for 1 to 512");
}

static void many_cpus_test(struct kunit *test)
{
	memblock_add(M(1), M(63));
	expect_panic(test, NR_CPUS + 1, "513 CPUs: this kernel is for 1 to 512");
}

static struct kunit_case one_node_cases[] = {
	KUNIT_CASE(pc_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE(no_cpu_test),
	KUNIT_CASE(many_cpus_test),
	{}
};

static struct kunit_suite one_node_suite = {
	.name = "one_node",
	.test_cases = one_node_cases,
};
kunit_test_suite(one_node_suite);
