// SPDX-License-Identifier: MIT
/*
 * The text files: each is parsed back, and its figures held against the
 * structures. That the format is Linux's is another test's (tests/host).
 */
#include <kunit/test.h>

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/proc_fs.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "text_capture.h"

/* The text of a file; empty after a failed expectation. */
static const char *read_file(struct kunit *test, const char *path)
{
	struct text_capture *c = text_capture_start();

	KUNIT_CHECK(test, proc_show(path, &c->m) == 0, 0, "%s", path);
	KUNIT_CHECK(test, !c->cut, 0, "%s is longer than the test bears", path);
	return c->text;
}

/* The number behind the first @key in @s; moves @s past it unless NULL. */
static u64 number_after(struct kunit *test, const char **s, const char *key)
{
	const char *p = strstr(*s, key);
	char *end;
	u64 n;

	KUNIT_CHECK(test, p, 1, "no \"%s\"", key);
	p = skip_spaces(p + strlen(key));
	n = simple_strtoull(p, &end, 10);
	KUNIT_CHECK(test, end != p, 0, "no number behind \"%s\"", key);
	*s = end;
	return n;
}

static u64 number_of(struct kunit *test, const char *s, const char *key)
{
	return number_after(test, &s, key);
}

struct all_files {
	struct kunit *test;
	unsigned int nr;
};

static void show_one(const char *name, void *ctx)
{
	struct all_files *all = ctx;
	struct text_capture *c = text_capture_start();
	int err = proc_show(name, &c->m);

	all->nr++;
	/* Files that can only be written. */
	if (!strcmp(name, "sys/vm/compact_memory") ||
	    !strcmp(name, "sys/vm/drop_caches") ||
	    !strcmp(name, SYS_TRACING "free_buffer")) {
		KUNIT_EXPECT_EQ(all->test, err, -EACCES);
		KUNIT_EXPECT_EQ(all->test, c->len, (size_t)0);
		return;
	}
	KUNIT_CHECK(all->test, !err, 0, "%s: %d", name, err);
	/* A PC without MTRRs has nothing to say of them. */
	KUNIT_CHECK(all->test, !c->len || c->text[c->len - 1] == '\n', 0,
		    "%s does not end with a newline", name);
	KUNIT_CHECK(all->test, c->m.count >= c->len, 0, "%s", name);
}

static void proc_all_test(struct kunit *test)
{
	struct all_files all = { .test = test };

	proc_for_each(show_one, &all);
	KUNIT_EXPECT_GT(test, all.nr, 25U);
}

static void proc_unknown_test(struct kunit *test)
{
	static const char *const unknown[] = {
		"", "nofile", "/proc/", "/proc/nofile", "/etc/passwd",
		"buddyinfo/", "sys/vm", SYS_NODE, SYS_NODE "node",
		SYS_NODE "node0", SYS_NODE "node0/", SYS_NODE "node0/nofile",
		SYS_NODE "node63/meminfo", SYS_NODE "node64/meminfo",
		SYS_NODE "node99999999999999999999/meminfo",
		SYS_NODE "nodex/meminfo", SYS_NODE "node 0/meminfo",
	};
	struct text_capture *c = text_capture_start();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		KUNIT_CHECK(test, proc_show(unknown[i], &c->m) == -ENOENT, 0,
			    "\"%s\"", unknown[i]);
	KUNIT_EXPECT_EQ(test, c->len, 0UL);
	KUNIT_EXPECT_EQ(test, proc_show("/proc/version", &c->m), 0);
	KUNIT_EXPECT_TRUE(test, !strncmp(c->text, "Linux version ", 14));
}

/* Each zone's line, block for block, and their pages with NR_FREE_PAGES. */
static void proc_buddyinfo_test(struct kunit *test)
{
	const char *s = read_file(test, "buddyinfo");
	struct zone_free_info info;
	struct zone *zone;
	char head[64];
	int order;

	for_each_populated_zone(zone) {
		unsigned long pages = 0;

		scnprintf(head, sizeof(head), "Node %d, zone %8s ",
			  zone_to_nid(zone), zone->name);
		KUNIT_ASSERT_EQ(test, strncmp(s, head, strlen(head)), 0);
		s += strlen(head);
		zone_free_info(zone, &info);
		for (order = 0; order < NR_PAGE_ORDERS; order++) {
			char *end;
			u64 n = simple_strtoull(skip_spaces(s), &end, 10);

			KUNIT_EXPECT_EQ(test, n, (u64)info.nr_free[order]);
			pages += n << order;
			s = end;
		}
		KUNIT_EXPECT_TRUE(test, !strncmp(s, " \n", 2));
		s += 2;
		KUNIT_EXPECT_EQ(test, pages,
				zone_page_state(zone, NR_FREE_PAGES));
	}
	KUNIT_EXPECT_STREQ(test, s, "");
}

/* Over all types, pagetypeinfo counts what buddyinfo counts. */
static void proc_pagetypeinfo_test(struct kunit *test)
{
	const char *s = read_file(test, "pagetypeinfo");
	struct zone_free_info info;
	struct zone *zone;
	char head[80];
	int order, type;

	for_each_populated_zone(zone) {
		u64 sum[NR_PAGE_ORDERS] = { 0 };

		for (type = 0; type < MIGRATE_TYPES; type++) {
			scnprintf(head, sizeof(head),
				  "\nNode %4d, zone %8s, type %12s ",
				  zone_to_nid(zone), zone->name,
				  migratetype_names[type]);
			s = strstr(s, head);
			KUNIT_ASSERT_NOT_NULL(test, s);
			s += strlen(head);
			for (order = 0; order < NR_PAGE_ORDERS; order++) {
				char *end;

				sum[order] += simple_strtoull(skip_spaces(s),
							      &end, 10);
				s = end;
			}
		}
		zone_free_info(zone, &info);
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			KUNIT_EXPECT_EQ(test, sum[order],
					(u64)info.nr_free[order]);
	}
}

static void check_zoneinfo_zone(struct kunit *test, const char **s,
				struct zone *zone)
{
	char head[64];

	scnprintf(head, sizeof(head), "Node %d, zone %8s\n",
		  zone_to_nid(zone), zone->name);
	*s = strstr(*s, head);
	KUNIT_ASSERT_NOT_NULL(test, *s);
	KUNIT_EXPECT_EQ(test, number_after(test, s, "  pages free "),
			(u64)zone_page_state(zone, NR_FREE_PAGES));
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        min "),
			(u64)min_wmark_pages(zone));
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        low "),
			(u64)low_wmark_pages(zone));
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        high "),
			(u64)high_wmark_pages(zone));
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        spanned "),
			(u64)zone->spanned_pages);
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        present "),
			(u64)zone->present_pages);
	KUNIT_EXPECT_EQ(test, number_after(test, s, "\n        managed "),
			(u64)zone_managed_pages(zone));
	if (populated_zone(zone))
		KUNIT_EXPECT_EQ(test, number_after(test, s, "  start_pfn: "),
				(u64)zone->zone_start_pfn);
}

static void proc_zoneinfo_test(struct kunit *test)
{
	const char *s = read_file(test, "zoneinfo");
	struct pglist_data *pgdat;
	int i;

	for_each_online_pgdat(pgdat)
		for (i = 0; i < MAX_NR_ZONES; i++)
			if (zone_type_known((int)i))
				check_zoneinfo_zone(test, &s,
						    &pgdat->node_zones[i]);
}

static void proc_meminfo_test(struct kunit *test)
{
	const char *s = read_file(test, "meminfo");

	KUNIT_EXPECT_EQ(test, number_of(test, s, "MemTotal:"),
			(u64)totalram_pages() << (PAGE_SHIFT - 10));
	KUNIT_EXPECT_EQ(test, number_of(test, s, "MemFree:"),
			(u64)global_zone_page_state(NR_FREE_PAGES)
			<< (PAGE_SHIFT - 10));
	KUNIT_EXPECT_EQ(test, number_of(test, s, "MemAvailable:"),
			(u64)si_mem_available() << (PAGE_SHIFT - 10));
	KUNIT_EXPECT_EQ(test, number_of(test, s, "Hugepagesize:"),
			(u64)pageblock_nr_pages << (PAGE_SHIFT - 10));
	KUNIT_EXPECT_EQ(test, number_of(test, s, "CommitLimit:"),
			(u64)(totalram_pages() / 2) << (PAGE_SHIFT - 10));
}

/* A page taken and given back shows in the very next reading. */
static void proc_live_test(struct kunit *test)
{
	u64 before, during, after;
	struct page *page;

	before = number_of(test, read_file(test, "vmstat"), "nr_free_pages ");
	page = alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, page);
	during = number_of(test, read_file(test, "vmstat"), "nr_free_pages ");
	__free_pages(page, MAX_PAGE_ORDER);
	after = number_of(test, read_file(test, "vmstat"), "nr_free_pages ");
	if (!test->run->before)
		kunit_skip(test, "others take pages too in a running kernel");
	KUNIT_EXPECT_EQ(test, before - during, (u64)MAX_ORDER_NR_PAGES);
	KUNIT_EXPECT_EQ(test, after, before);
}

static void proc_vmstat_test(struct kunit *test)
{
	const char *s = read_file(test, "vmstat");
	unsigned int i, lines = 0;
	char key[64];

	for (i = 0; i < NR_VMSTAT_ITEMS; i++) {
		scnprintf(key, sizeof(key), "%s ", vmstat_text[i]);
		if (vmstat_shown(i))
			number_after(test, &s, key);
	}
	KUNIT_EXPECT_STREQ(test, s, "\nnr_unstable 0\n");
	for (s = read_file(test, "vmstat"); *s; s++)
		lines += *s == '\n';
	for (i = 0; i < NR_VMSTAT_ITEMS; i++)
		lines -= vmstat_shown(i);
	KUNIT_EXPECT_EQ(test, lines, 1U);
}

/* The nodes' shares make up the whole. */
static void proc_node_test(struct kunit *test)
{
	u64 total = 0, nodes = 0, distance;
	char path[64];
	int nid;

	for_each_online_node(nid) {
		scnprintf(path, sizeof(path), SYS_NODE "node%d/meminfo", nid);
		total += number_of(test, read_file(test, path), "MemTotal:");
		scnprintf(path, sizeof(path), SYS_NODE "node%d/distance", nid);
		distance = simple_strtoull(read_file(test, path), NULL, 10);
		KUNIT_EXPECT_GE(test, distance, 10ULL);
		scnprintf(path, sizeof(path), SYS_NODE "node%d/vmstat", nid);
		nodes += number_of(test, read_file(test, path),
				   "nr_free_pages ");
	}
	KUNIT_EXPECT_EQ(test, total,
			(u64)totalram_pages() << (PAGE_SHIFT - 10));
	if (test->run->before)
		KUNIT_EXPECT_EQ(test, nodes,
				(u64)global_zone_page_state(NR_FREE_PAGES));
}

static void proc_node_list_test(struct kunit *test)
{
	DECLARE_BITMAP(nodes, MAX_NUMNODES);
	const char *s = read_file(test, SYS_NODE "online");

	KUNIT_EXPECT_EQ(test, bitmap_parselist(s, nodes, MAX_NUMNODES), 0);
	KUNIT_EXPECT_TRUE(test, bitmap_equal(nodes,
		this_machine()->node_masks[N_ONLINE].bits, MAX_NUMNODES));
}

static void proc_stat_test(struct kunit *test)
{
	const char *s = read_file(test, "stat"), *cpu;
	unsigned int n = 0;

	for (cpu = s; (cpu = strstr(cpu, "\ncpu")); cpu++)
		n++;
	KUNIT_EXPECT_EQ(test, n, num_online_cpus());
	number_of(test, s, "\nctxt ");
	number_of(test, s, "\nprocesses ");
	s = read_file(test, "sys/vm/min_free_kbytes");
	KUNIT_EXPECT_EQ(test, number_after(test, &s, ""),
			(u64)this_machine()->page_alloc.min_free_kbytes);
	KUNIT_EXPECT_STREQ(test, s, "\n");
}

static struct kunit_case proc_cases[] = {
	KUNIT_CASE(proc_all_test),
	KUNIT_CASE(proc_unknown_test),
	KUNIT_CASE(proc_buddyinfo_test),
	KUNIT_CASE(proc_pagetypeinfo_test),
	KUNIT_CASE(proc_zoneinfo_test),
	KUNIT_CASE(proc_meminfo_test),
	KUNIT_CASE(proc_live_test),
	KUNIT_CASE(proc_vmstat_test),
	KUNIT_CASE(proc_node_test),
	KUNIT_CASE(proc_node_list_test),
	KUNIT_CASE(proc_stat_test),
	{}
};

static struct kunit_suite proc_suite = {
	.name = "proc", .test_cases = proc_cases,
};
kunit_test_suite(proc_suite);
