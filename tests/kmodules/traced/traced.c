// SPDX-License-Identifier: MIT
/*
 * A module with events of its own, and probes of others': what a driver does
 * that is traced.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#define CREATE_TRACE_POINTS
#include "traced_trace.h"

static unsigned int requests, blocks, bares, objects;
static const char *last_who;

static void probe_request(void *data, const char *who, int kind,
			  unsigned long flags, size_t size)
{
	*(unsigned int *)data += 1;
	last_who = who;
}

static void probe_block(void *data, u32 nr, const u8 *bytes, unsigned int n)
{
	blocks += nr;
}

static void probe_bare(void *data, int value)
{
	bares += value;
}

static void probe_kmalloc(void *data, unsigned long call_site, const void *ptr,
			  size_t bytes_req, size_t bytes_alloc, gfp_t gfp,
			  int node)
{
	if (bytes_req == 123 && bytes_alloc >= bytes_req && ptr)
		objects++;
}

static void traced_probes(struct kunit *test)
{
	static const u8 bytes[] = { 1, 2, 0xff };

	requests = blocks = bares = 0;
	KUNIT_ASSERT_EQ(test, register_trace_traced_request(probe_request,
							    &requests), 0);
	KUNIT_ASSERT_EQ(test, register_trace_traced_block_out(probe_block,
							      NULL), 0);
	KUNIT_ASSERT_EQ(test, register_trace_traced_bare(probe_bare, NULL), 0);
	KUNIT_EXPECT_TRUE(test, trace_traced_request_enabled());
	trace_traced_request("me", 0, 0, 1);
	trace_traced_block_in(1, bytes, sizeof(bytes));
	trace_traced_block_out(2, bytes, sizeof(bytes));
	trace_traced_block_out(7, bytes, sizeof(bytes));
	trace_traced_bare(5);
	unregister_trace_traced_request(probe_request, &requests);
	unregister_trace_traced_block_out(probe_block, NULL);
	unregister_trace_traced_bare(probe_bare, NULL);
	tracepoint_synchronize_unregister();
	trace_traced_request("nobody", 0, 0, 1);
	KUNIT_EXPECT_EQ(test, requests, 1);
	KUNIT_EXPECT_STREQ(test, last_who, "me");
	KUNIT_EXPECT_EQ(test, blocks, 2);
	KUNIT_EXPECT_EQ(test, bares, 5);
}

static void traced_kmalloc(struct kunit *test)
{
	objects = 0;
	KUNIT_ASSERT_EQ(test, register_trace_kmalloc(probe_kmalloc, NULL), 0);
	kfree(kmalloc(123, GFP_KERNEL));
	kfree(kzalloc(123, GFP_ATOMIC));
	unregister_trace_kmalloc(probe_kmalloc, NULL);
	kfree(kmalloc(123, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, objects, 2);
}

/* Written down if somebody asked for it (trace_event=traced). */
static void traced_records(struct kunit *test)
{
	static const u8 bytes[] = { 0xde, 0xad };
	char *name = kunit_kmalloc(test, 600, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, trace_set_clr_event("traced", "nothing", 1),
			-EINVAL);
	KUNIT_ASSERT_NOT_NULL(test, name);
	trace_traced_request("reader", 0, 3, 100);
	trace_traced_request("writer", 1, 4, 200);
	trace_traced_request(NULL, 2, 0, 300);
	trace_traced_block_in(5, bytes, 2);
	trace_traced_block_out(7, bytes, 2);
	/* More than a record holds: dropped, and nothing is harmed. */
	memset(name, 'x', 599);
	name[599] = '\0';
	trace_traced_request(name, 0, 0, 400);
}

static struct kunit_case traced_cases[] = {
	KUNIT_CASE(traced_probes),
	KUNIT_CASE(traced_kmalloc),
	KUNIT_CASE(traced_records),
	{}
};

static struct kunit_suite traced_suite = {
	.name = "traced",
	.test_cases = traced_cases,
};
kunit_test_suite(traced_suite);

static int __init traced_init(void)
{
	pr_info("traced: %s\n", trace_traced_request_enabled() ? "on" : "off");
	return 0;
}

static void __exit traced_exit(void)
{
}

module_init(traced_init);
module_exit(traced_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Events of a module's own");
