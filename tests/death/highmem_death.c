// SPDX-License-Identifier: MIT
/* Addresses of pages that have none: asked for, or given back, wrongly. */
#include "death.h"

#include <linux/completion.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#define HIGHMEM_TEST(fn, end, ...)					\
	DEATH_TEST_WITH(fn, end, "highmem=32M", __VA_ARGS__)

static int high_node(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			return zone_to_nid(zone);
	BUG();
}

static struct page *high_page(void)
{
	return alloc_pages_node(high_node(), GFP_HIGHUSER, 0);
}

static void kunmap_never_mapped(void)
{
	kunmap(high_page());
}
HIGHMEM_TEST(kunmap_never_mapped, SURVIVES,
	     "BUG: kunmap of a page that is not mapped: pfn 0x*");

static void kunmap_twice(void)
{
	struct page *page = high_page();

	kmap(page);
	kunmap(page);
	kunmap(page);
}
HIGHMEM_TEST(kunmap_twice, SURVIVES,
	     "BUG: kunmap of a page that nobody has mapped any more: pfn 0x*");

static void kmap_with_preemption_off(void)
{
	struct page *page = high_page();

	preempt_disable();
	kmap(page);
	preempt_enable();
	kunmap(page);
}
HIGHMEM_TEST(kmap_with_preemption_off, SURVIVES,
	     "BUG: sleeping function called from invalid context at *highmem.c:*");

static void kmap_in_call(void *page)
{
	BUG_ON(kmap(page));
}

static void kmap_in_interrupt(void)
{
	smp_call_function_single((int)cpumask_last(cpu_online_mask),
				 kmap_in_call, high_page(), 1);
}
HIGHMEM_TEST(kmap_in_interrupt, SURVIVES,
	     "BUG: kmap of a page in an interrupt: pfn 0x*");

static void kunmap_local_out_of_order(void)
{
	char *a = kmap_local_page(high_page());
	char *b = kmap_local_page(high_page());

	kunmap_local(a);
	kunmap_local(b);
}
HIGHMEM_TEST(kunmap_local_out_of_order, SURVIVES,
	     "BUG: kunmap_local: * was not mapped last, * was");

static void kunmap_local_twice(void)
{
	char *a = kmap_local_page(high_page());

	kunmap_local(a);
	kunmap_local(a);
}
HIGHMEM_TEST(kunmap_local_twice, SURVIVES,
	     "BUG: kunmap_local: * is not mapped");

static void kunmap_local_of_no_address(void)
{
	kunmap_local((void *)0x12345678);
}
HIGHMEM_TEST(kunmap_local_of_no_address, SURVIVES,
	     "BUG: kunmap_local: 0000000012345000 is not mapped");

static void kmap_local_17_times(void)
{
	char *p[17];
	int i;

	for (i = 0; i < 17; i++)
		p[i] = kmap_local_page(high_page());
	while (i--)
		kunmap_local(p[i]);
}
HIGHMEM_TEST(kmap_local_17_times, SURVIVES,
	     "BUG: kmap_local_page: thread bound (pid *) has 16 pages already");

static void kmap_atomic_17_times(void)
{
	int i;

	for (i = 0; i < 17; i++)
		kmap_atomic(high_page());
}
HIGHMEM_TEST(kmap_atomic_17_times, DIES,
	     "Kernel panic - not syncing: kmap_local_page: more than 16 pages on CPU 0");

static int leaves_mapped(void *arg)
{
	kmap_local_page(high_page());
	complete(arg);
	return 0;
}

static void thread_ends_with_a_page(void)
{
	struct completion done;
	struct task_struct *p = kthread_create(leaves_mapped, &done, "leaver");

	init_completion(&done);
	get_task_struct(p);
	wake_up_process(p);
	wait_for_completion(&done);
	kthread_stop(p);
	put_task_struct(p);
}
HIGHMEM_TEST(thread_ends_with_a_page, SURVIVES,
	     "BUG: thread leaver (pid *) ends with 1 page of kmap_local_page() mapped");

static void address_of_highmem_page(void)
{
	lowmem_page_address(high_page());
}
HIGHMEM_TEST(address_of_highmem_page, SURVIVES,
	     "BUG: an address asked of a highmem page: pfn 0x*");

static void page_of_kmap_address(void)
{
	virt_to_page(kmap(high_page()));
}
HIGHMEM_TEST(page_of_kmap_address, SURVIVES,
	     "BUG: the page asked of an address that kmap() gave: *");

static void free_of_kmap_address(void)
{
	free_page((unsigned long)kmap(high_page()));
}
HIGHMEM_TEST(free_of_kmap_address, SURVIVES,
	     "BUG: Bad page free in process bound: not in the direct map: *");

static void get_free_pages_highmem(void)
{
	BUG_ON(__get_free_pages(GFP_HIGHUSER, 0));
}
HIGHMEM_TEST(get_free_pages_highmem, SURVIVES,
	     "*__get_free_pages(__GFP_HIGHMEM): such a page has no address");

static void *stray(void)
{
	return __va(PFN_PHYS(page_to_pfn(high_page())));
}

static void direct_map_of_highmem(void)
{
	BUG_ON(virt_addr_valid(stray()));
	BUG();
}
/* That it is nobody's address is told; a touch would fault. */
HIGHMEM_TEST(direct_map_of_highmem, DIES, "kernel BUG at *highmem_death.c:*! BUG");

static void highmem_option_too_large(void)
{
}
DEATH_CASE(highmem_leaves_nothing, highmem_option_too_large, SURVIVES,
	   "highmem=120M",
	   "highmem=: 120M of * would leave less than 32M mapped: ignored");
DEATH_CASE(highmem_is_no_size, highmem_option_too_large, SURVIVES,
	   "highmem=lots", "highmem=lots is no size: ignored");
