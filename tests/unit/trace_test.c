// SPDX-License-Identifier: MIT
/*
 * Tracing as a whole: events on and off, what they say of each call, probes,
 * the files, and that nothing is left of it afterwards.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/trace.h>
#include <octavo/trace_point.h>
#include <trace/events/kmem.h>
#include <trace/events/percpu.h>

#include "../../mm/reclaim/internal.h"
#include "page_snapshot.h"
#include "text_capture.h"
#include "threads.h"

#define FOLDER	SYS_TRACING

/* As little memory as there can be, so that it fits any machine. */
static int trace_case_init(struct kunit *test)
{
	return trace_size_set(64);
}

static void trace_case_exit(struct kunit *test)
{
	tracing_set(true);
	trace_overwrite_set(true);
	trace_free();
}

static void events_on(struct kunit *test, const char *names)
{
	char why[TRACE_WHY_MAX] = "";

	KUNIT_ASSERT_EQ(test, trace_events_set(names, true, why, sizeof(why)),
			0);
	KUNIT_EXPECT_STREQ(test, why, "");
}

/* What was written down since the last time; and forgotten. */
static const char *taken(struct kunit *test)
{
	struct text_capture *c = text_capture_start();

	tracing_set(false);
	KUNIT_ASSERT_EQ(test, trace_show(&c->m, true), 0);
	tracing_set(true);
	return c->text;
}

/* Whether a line of @text has all of what is asked for, in this order. */
static bool has_line(const char *text, const char *event, const char *fields)
{
	const char *line = text;
	char want[192];

	scnprintf(want, sizeof(want), "%s: ", event);
	while ((line = strstr(line, want))) {
		const char *end = strchr(line, '\n');
		const char *found = strstr(line, fields);

		if (found && found < end)
			return true;
		line = end;
	}
	return false;
}

#define EXPECT_LINE(test, text, event, ...) do {			\
	char __fields[192];						\
									\
	scnprintf(__fields, sizeof(__fields), __VA_ARGS__);		\
	KUNIT_CHECK(test, has_line(text, event, __fields), 0,		\
		    "no %s: %s in:\n%.2000s", event, __fields, text);	\
} while (0)

static noinline void *trace_take(size_t size, gfp_t gfp)
{
	void *p = kmalloc(size, gfp);

	barrier();	/* no tail call: it is the caller */
	return p;
}

static void trace_objects_test(struct kunit *test)
{
	struct kmem_cache *cache;
	void *p, *large, *q;
	const char *text;

	cache = kmem_cache_create("trace_test", 200, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	/* From arrays of this CPU, without tracing, and with it. */
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	events_on(test, "kmem");
	p = trace_take(100, GFP_KERNEL | __GFP_ZERO);
	large = trace_take(40000, GFP_KERNEL);
	q = kmem_cache_alloc(cache, GFP_ATOMIC);
	kfree(p);
	kfree(large);
	kmem_cache_free(cache, q);
	kfree(NULL);
	text = taken(test);
	EXPECT_LINE(test, text, "kmalloc", "call_site=trace_take+");
	EXPECT_LINE(test, text, "kmalloc",
		    "ptr=%p bytes_req=100 bytes_alloc=%u gfp_flags=GFP_KERNEL|__GFP_ZERO node=-1 accounted=false",
		    p, (unsigned int)kmalloc_size_roundup(100));
	EXPECT_LINE(test, text, "kmalloc",
		    "ptr=%p bytes_req=40000 bytes_alloc=65536 gfp_flags=GFP_KERNEL node=-1",
		    large);
	EXPECT_LINE(test, text, "kmem_cache_alloc",
		    "ptr=%p bytes_req=200 bytes_alloc=", q);
	EXPECT_LINE(test, text, "kmem_cache_alloc",
		    "gfp_flags=GFP_ATOMIC node=-1 accounted=false");
	EXPECT_LINE(test, text, "kfree", "ptr=%p\n", p);
	EXPECT_LINE(test, text, "kfree", "ptr=%p\n", large);
	EXPECT_LINE(test, text, "kfree", "ptr=%p\n", NULL);
	EXPECT_LINE(test, text, "kmem_cache_free", "ptr=%p name=trace_test\n",
		    q);
	kmem_cache_destroy(cache);
}

static void trace_bulk_test(struct kunit *test)
{
	struct kmem_cache *cache;
	void *p[40];
	size_t i;
	const char *text;

	cache = kmem_cache_create("trace_bulk", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	events_on(test, "kmem:kmem_cache_*");
	KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 40, p),
			40);
	kmem_cache_free_bulk(cache, 40, p);
	text = taken(test);
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		EXPECT_LINE(test, text, "kmem_cache_alloc", "ptr=%p ", p[i]);
		EXPECT_LINE(test, text, "kmem_cache_free",
			    "ptr=%p name=trace_bulk", p[i]);
	}
	kmem_cache_destroy(cache);
}

static void trace_node_test(struct kunit *test)
{
	const char *text;
	void *p;

	events_on(test, "kmem:kmalloc");
	p = kmalloc_node(40, GFP_KERNEL, numa_mem_id());
	text = taken(test);
	kfree(p);
	EXPECT_LINE(test, text, "kmalloc",
		    "ptr=%p bytes_req=40 bytes_alloc=", p);
	EXPECT_LINE(test, text, "kmalloc", "GFP_KERNEL node=%d accounted",
		    numa_mem_id());
}

static void trace_pages_test(struct kunit *test)
{
	struct page *one, *four, *many[3] = { NULL };
	unsigned long got, i;
	const char *text;

	events_on(test, "kmem:mm_page_alloc,kmem:mm_page_free*");
	one = alloc_page(GFP_USER);
	four = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	KUNIT_ASSERT_NOT_NULL(test, one);
	KUNIT_ASSERT_NOT_NULL(test, four);
	got = alloc_pages_bulk_array_node(GFP_KERNEL, NUMA_NO_NODE, 3, many);
	__free_page(one);
	__free_pages(four, 2);
	release_pages(many, (int)got);
	text = taken(test);
	EXPECT_LINE(test, text, "mm_page_alloc",
		    "page=%p pfn=0x%lx order=0 migratetype=%d gfp_flags=GFP_USER\n",
		    one, page_to_pfn(one), gfp_migratetype(GFP_USER));
	EXPECT_LINE(test, text, "mm_page_alloc",
		    "pfn=0x%lx order=2 migratetype=0 gfp_flags=GFP_KERNEL|__GFP_COMP\n",
		    page_to_pfn(four));
	EXPECT_LINE(test, text, "mm_page_free", "page=%p pfn=0x%lx order=0\n",
		    one, page_to_pfn(one));
	EXPECT_LINE(test, text, "mm_page_free", "pfn=0x%lx order=2\n",
		    page_to_pfn(four));
	for (i = 0; i < got; i++) {
		EXPECT_LINE(test, text, "mm_page_alloc", "pfn=0x%lx order=0",
			    page_to_pfn(many[i]));
		EXPECT_LINE(test, text, "mm_page_free_batched",
			    "pfn=0x%lx order=0\n", page_to_pfn(many[i]));
	}
}

static void trace_percpu_test(struct kunit *test)
{
	u64 __percpu *p;
	const char *text;
	int off;

	/* One that a quick list would have. */
	free_percpu(alloc_percpu(u64));
	events_on(test, "percpu");
	p = alloc_percpu(u64);
	KUNIT_ASSERT_NOT_NULL(test, p);
	free_percpu(p);
	KUNIT_EXPECT_NULL(test, __alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE,
						   PCPU_MIN_UNIT_SIZE,
						   GFP_NOWAIT | __GFP_NOWARN |
						   (page_alloc_fail_nth(1),
						    0)));
	page_alloc_fail_nth(0);
	text = taken(test);
	off = (int)(((unsigned long)p - (unsigned long)__per_cpu_start) %
		    PCPU_MIN_UNIT_SIZE);
	EXPECT_LINE(test, text, "percpu_alloc_percpu",
		    "reserved=0 is_atomic=0 size=8 align=8 base_addr=");
	EXPECT_LINE(test, text, "percpu_alloc_percpu",
		    "off=%d ptr=%p bytes_alloc=%u gfp_flags=GFP_KERNEL\n", off,
		    p, 8 * num_possible_cpus());
	EXPECT_LINE(test, text, "percpu_free_percpu", "off=%d ptr=%p\n", off,
		    p);
	EXPECT_LINE(test, text, "percpu_alloc_percpu_fail",
		    "reserved=0 is_atomic=1 size=%lu align=%lu\n",
		    (unsigned long)PCPU_MIN_UNIT_SIZE,
		    (unsigned long)PCPU_MIN_UNIT_SIZE);
	events_on(test, "!percpu");
	p = alloc_percpu(u64);
	free_percpu(p);
	KUNIT_EXPECT_STREQ(test, taken(test), "");
}

static void trace_vmalloc_test(struct kunit *test)
{
	const char *text;
	void *p;

	events_on(test, "vmalloc");
	p = vmalloc(3 * PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, p);
	vfree(p);
	vm_unmap_aliases();
	text = taken(test);
	/* With its guard page. */
	EXPECT_LINE(test, text, "alloc_vmap_area",
		    "va_start: %lu size=%lu align=%lu vstart=0x%lx vend=0x",
		    (unsigned long)p, 4 * PAGE_SIZE, PAGE_SIZE, VMALLOC_START);
	EXPECT_LINE(test, text, "free_vmap_area_noflush",
		    "va_start=0x%lx nr_lazy=", (unsigned long)p);
	EXPECT_LINE(test, text, "purge_vmap_area_lazy", "num_purged=");
}

static unsigned long traced_count(struct shrinker *s,
				  struct shrink_control *sc)
{
	return 1000;
}

static unsigned long traced_scan(struct shrinker *s, struct shrink_control *sc)
{
	return sc->nr_to_scan / 2;
}

static void trace_shrinker_test(struct kunit *test)
{
	struct shrinker *s = shrinker_alloc(0, "traced");
	const char *text;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->count_objects = traced_count;
	s->scan_objects = traced_scan;
	shrinker_register(s);
	events_on(test, "vmscan");
	/* All of the 1000, twice as many for a seek of 2: 2000, in batches. */
	shrink_slab(GFP_KERNEL, 0, 0);
	text = taken(test);
	shrinker_free(s);
	EXPECT_LINE(test, text, "mm_shrink_slab_start", "traced_scan+");
	EXPECT_LINE(test, text, "mm_shrink_slab_start",
		    " %p: nid: 0 objects to shrink 0 gfp_flags GFP_KERNEL cache items 1000 delta 2000 total_scan 2000 priority 0\n",
		    s);
	EXPECT_LINE(test, text, "mm_shrink_slab_end",
		    " %p: nid: 0 unused scan count 0 new scan count ", s);
}

/* comm-PID, CPU, context, time. */
static void trace_line_test(struct kunit *test)
{
	const char *text, *at;
	char front[48];

	events_on(test, "kmem:kfree");
	preempt_disable();
	kfree(NULL);
	preempt_enable();
	text = taken(test);
	scnprintf(front, sizeof(front), "%s-%-7d [", current->comm,
		  current->pid);
	at = strstr(text, front);
	KUNIT_CHECK(test, at, 1, "no %s in %s", front, text);
	at = strstr(at, "] ");
	KUNIT_ASSERT_NOT_NULL(test, at);
	KUNIT_EXPECT_EQ(test, at[5], '1');
	KUNIT_EXPECT_EQ(test, at[6], '.');
}

static void trace_off_test(struct kunit *test)
{
	struct trace_sums sums;
	char why[TRACE_WHY_MAX];

	events_on(test, "all");
	kfree(kmalloc(8, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, trace_events_set("*:*", false, why, sizeof(why)),
			0);
	trace_clear();
	kfree(kmalloc(8, GFP_KERNEL));
	__free_page(alloc_page(GFP_KERNEL));
	trace_sums_read(&sums);
	KUNIT_EXPECT_EQ(test, sums.written, 0ULL);
	/* On, but stopped. */
	events_on(test, "all");
	tracing_set(false);
	kfree(kmalloc(8, GFP_KERNEL));
	trace_sums_read(&sums);
	KUNIT_EXPECT_EQ(test, sums.written, 0ULL);
	KUNIT_EXPECT_STREQ(test, trace_check() ?: "", "");
}

static void trace_full_test(struct kunit *test)
{
	struct trace_sums sums;
	unsigned int i;

	events_on(test, "kmem:kfree");
	for (i = 0; i < 20000; i++)
		kfree(NULL);
	/* Threads of the kernel may have freed something as well. */
	tracing_set(false);
	trace_sums_read(&sums);
	tracing_set(true);
	KUNIT_EXPECT_GE(test, sums.written, 20000ULL);
	KUNIT_EXPECT_EQ(test, sums.written, sums.entries + sums.overrun);
	KUNIT_EXPECT_GT(test, sums.overrun, 0ULL);
	KUNIT_EXPECT_EQ(test, sums.dropped, 0ULL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(taken(test), "[LOST "));
	trace_clear();
	trace_overwrite_set(false);
	for (i = 0; i < 20000; i++)
		kfree(NULL);
	trace_sums_read(&sums);
	KUNIT_EXPECT_EQ(test, sums.overrun, 0ULL);
	KUNIT_EXPECT_GE(test, sums.written + sums.dropped, 20000ULL);
	KUNIT_EXPECT_GT(test, sums.dropped, 0ULL);
	KUNIT_EXPECT_STREQ(test, trace_check() ?: "", "");
}

/* ---- what is wrong ----------------------------------------------------- */

static void trace_names_test(struct kunit *test)
{
	static const struct {
		const char *names, *why;
		int err;
	} bad[] = {
		{ "nothing", "there is no event \"nothing\"", -ENOENT },
		{ "kmem,kmem:foo", "there is no event \"kmem:foo\"", -ENOENT },
		{ "!foo:*", "there is no event \"foo:*\"", -ENOENT },
		{ "", "\"\" names no event", -EINVAL },
		{ " ,, ", "\" ,, \" names no event", -EINVAL },
	};
	char why[TRACE_WHY_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, trace_events_set(bad[i].names, true, why,
						       sizeof(why)),
				bad[i].err);
		KUNIT_EXPECT_STREQ(test, why, bad[i].why);
	}
	/* None of a list is turned on when one is wrong. */
	KUNIT_EXPECT_FALSE(test, trace_has_buffers());
	KUNIT_EXPECT_FALSE(test, trace_kfree_enabled());
	KUNIT_EXPECT_EQ(test, trace_size_set(1), -EINVAL);
	KUNIT_EXPECT_EQ(test, trace_size_set(~0UL), -EINVAL);
	KUNIT_EXPECT_EQ(test, trace_size_kb(), 64U);
}

static void trace_write_file(struct kunit *test, const char *file,
			     const char *text, int err, const char *why)
{
	char path[96], got[160] = "";

	scnprintf(path, sizeof(path), FOLDER "%s", file);
	KUNIT_EXPECT_EQ(test, proc_write(path, text, got, sizeof(got)), err);
	KUNIT_EXPECT_STREQ(test, got, why);
}

static const char *trace_read_file(struct kunit *test, const char *file)
{
	struct text_capture *c = text_capture_start();
	char path[96];

	scnprintf(path, sizeof(path), FOLDER "%s", file);
	KUNIT_EXPECT_EQ(test, proc_show(path, &c->m), 0);
	return c->text;
}

static void trace_files_test(struct kunit *test)
{
	trace_write_file(test, "events/kmem/kfree/enable", "1", 0, "");
	KUNIT_EXPECT_TRUE(test, trace_kfree_enabled());
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "set_event"),
			   "kmem:kfree\n");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "events/kmem/enable"),
			   "X\n");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "events/oom/enable"),
			   "0\n");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "buffer_size_kb"),
			   "64\n");
	trace_write_file(test, "events/vmalloc/enable", "1", 0, "");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "events/vmalloc/enable"),
			   "1\n");
	trace_write_file(test, "set_event", "", 0, "");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "events/enable"), "0\n");
	trace_write_file(test, "set_event", "kmem:nix", -EINVAL,
			 FOLDER "set_event: there is no event \"kmem:nix\"");
	trace_write_file(test, "events/kmem/enable", "2", -EINVAL,
			 FOLDER "events/kmem/enable: \"2\" is neither 0 nor 1");
	trace_write_file(test, "tracing_on", "x", -EINVAL,
			 FOLDER "tracing_on: \"x\" is neither 0 nor 1");
	trace_write_file(test, "buffer_size_kb", "1", -EINVAL,
			 FOLDER "buffer_size_kb: \"1\" is no size that a ring can have");
	trace_write_file(test, "trace_pipe", "1", -EACCES,
			 FOLDER "trace_pipe: cannot be written");
	trace_write_file(test, "events/kmem/nix/enable", "1", -ENOENT,
			 FOLDER "events/kmem/nix/enable: no such file");
	trace_write_file(test, "buffer_size_kb", "128", 0, "");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "buffer_size_kb"),
			   "128\n");
	trace_write_file(test, "free_buffer", "1", 0, "");
	KUNIT_EXPECT_STREQ(test, trace_read_file(test, "buffer_size_kb"),
			   "0 (expanded: 128)\n");
}

/* ---- probes ------------------------------------------------------------ */

static unsigned int probed;	/* calls of the probe, of the running case */

/* Meets the very tracepoint that called it. */
static void probe_page_free(void *data, struct page *page, unsigned int order)
{
	struct page *own = alloc_page(GFP_NOWAIT);

	if (page == *(struct page **)data)
		probed++;
	if (own)
		__free_page(own);
}

static void trace_probe_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL), *data = page;

	probed = 0;
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, register_trace_mm_page_free(probe_page_free,
							  &data), 0);
	KUNIT_EXPECT_EQ(test, register_trace_mm_page_free(probe_page_free,
							  &data), -EEXIST);
	KUNIT_EXPECT_TRUE(test, trace_mm_page_free_enabled());
	KUNIT_EXPECT_FALSE(test, trace_has_buffers());
	__free_page(page);
	KUNIT_EXPECT_EQ(test, probed, 1U);
	KUNIT_EXPECT_EQ(test, unregister_trace_mm_page_free(probe_page_free,
							    &data), 0);
	KUNIT_EXPECT_EQ(test, unregister_trace_mm_page_free(probe_page_free,
							    &data), -ENOENT);
	KUNIT_EXPECT_FALSE(test, trace_mm_page_free_enabled());
	page = alloc_page(GFP_KERNEL);
	data = page;
	__free_page(page);
	KUNIT_EXPECT_EQ(test, probed, 1U);
	tracepoint_synchronize_unregister();
}

/* ---- many at once ------------------------------------------------------ */

#define TRACERS		4	/* threads */
#define TRACER_CALLS	3000	/* of each */

static void tracer(void *arg)
{
	unsigned int i;

	for (i = 0; i < TRACER_CALLS; i++) {
		void *p = kmalloc(64, GFP_KERNEL | __GFP_NOWARN);
		struct page *page = alloc_page(GFP_KERNEL | __GFP_NOWARN);

		kfree(p);
		if (page)
			__free_page(page);
		if (i % 64 == 0)
			cond_resched();
	}
}

/* CPUs write while others read, empty, resize, and turn events on and off. */
static void trace_threads_test(struct kunit *test)
{
	struct test_thread threads[TRACERS];
	struct text_capture *c;
	struct trace_sums sums;
	char why[TRACE_WHY_MAX];
	unsigned int i;

	events_on(test, "kmem");
	for (i = 0; i < TRACERS; i++)
		test_thread_start(&threads[i], tracer, NULL, test_cpu(i));
	for (i = 0; i < 24; i++) {
		c = text_capture_start();
		KUNIT_EXPECT_EQ(test, trace_show(&c->m, i & 1), 0);
		if (i % 8 == 3)
			trace_clear();
		if (i % 8 == 5)
			KUNIT_EXPECT_EQ(test, trace_size_set(32 + i), 0);
		KUNIT_EXPECT_EQ(test, trace_events_set("kmem:k*", i % 4 != 1,
						       why, sizeof(why)), 0);
		cond_resched();
	}
	for (i = 0; i < TRACERS; i++)
		test_thread_join(&threads[i]);
	trace_events_off();
	trace_sums_read(&sums);
	KUNIT_EXPECT_STREQ(test, trace_check() ?: "", "");
	c = text_capture_start();
	KUNIT_EXPECT_EQ(test, trace_show(&c->m, true), 0);
	trace_sums_read(&sums);
	KUNIT_EXPECT_EQ(test, sums.entries, 0ULL);
}

/* ---- memory ------------------------------------------------------------ */

static void trace_leak_test(struct kunit *test)
{
	struct page_snapshot before;
	int i;

	/* Caches that it needs are there afterwards. */
	events_on(test, "all");
	trace_free();
	before = page_snapshot_take();
	for (i = 0; i < 3; i++) {
		events_on(test, "all");
		kfree(kmalloc(64, GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, trace_size_set(64 + 32 * (i & 1)), 0);
		trace_free();
	}
	page_snapshot_check(test, &before);
}

/* Each request for a page fails in turn, until all goes well. */
static void trace_fault_points_test(struct kunit *test)
{
	char why[TRACE_WHY_MAX];
	struct page_snapshot before;
	long k;
	int err;

	events_on(test, "kmem");
	trace_free();
	before = page_snapshot_take();
	for (k = 1; k < 4096; k++) {
		page_alloc_fail_nth(k);
		err = trace_events_set("kmem", true, why, sizeof(why));
		if (page_alloc_fail_left() > 0)
			break;
		if (!err) {
			/* It did without. */
			trace_free();
			continue;
		}
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		KUNIT_EXPECT_STREQ(test, why, "no memory for rings of 64 KiB");
		KUNIT_EXPECT_FALSE(test, trace_has_buffers());
		KUNIT_EXPECT_FALSE(test, trace_kfree_enabled());
	}
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GT(test, k, 16L * num_possible_cpus());
	trace_free();
	page_snapshot_check(test, &before);
}

static struct kunit_case trace_cases[] = {
	KUNIT_CASE(trace_objects_test),
	KUNIT_CASE(trace_bulk_test),
	KUNIT_CASE(trace_node_test),
	KUNIT_CASE(trace_pages_test),
	KUNIT_CASE(trace_percpu_test),
	KUNIT_CASE(trace_vmalloc_test),
	KUNIT_CASE(trace_shrinker_test),
	KUNIT_CASE(trace_line_test),
	KUNIT_CASE(trace_off_test),
	KUNIT_CASE(trace_full_test),
	KUNIT_CASE(trace_names_test),
	KUNIT_CASE(trace_files_test),
	KUNIT_CASE(trace_probe_test),
	KUNIT_CASE(trace_threads_test),
	KUNIT_CASE(trace_leak_test),
	KUNIT_CASE(trace_fault_points_test),
	{}
};

static struct kunit_suite trace_suite = {
	.name = "trace",
	.init = trace_case_init,
	.exit = trace_case_exit,
	.test_cases = trace_cases,
};
kunit_test_suite(trace_suite);
