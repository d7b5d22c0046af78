// SPDX-License-Identifier: MIT
/*
 * vmalloc and its like: what is where, who gets it, that it is there through
 * its address and nowhere else, and that nothing is lost.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <asm/pgtable.h>

#include "../../mm/kvirt/internal.h"
#include "../../mm/kvirt/tables.h"
#include "log_capture.h"
#include "page_snapshot.h"
#include "text_capture.h"
#include "threads.h"

#define MANY	64	/* areas */
/* In the middle of all addresses, or at 1 GiB of them. */
#define MIDDLE								\
	min((VMALLOC_END - VMALLOC_START) / 2 & PAGE_MASK, 1UL << 30)
/* More than a request makes, though each page be asked for alone. */
#define POINTS_MAX	1000U
#define POINTS_CHECKED	20U	/* of them, with every invariant after it */

/* Each page is written through its area, and read through the direct map. */
static void area_stamp(void *addr, unsigned long pages, unsigned long stamp)
{
	unsigned long i;

	for (i = 0; i < pages; i++)
		*(unsigned long *)((char *)addr + i * PAGE_SIZE) = stamp + i;
}

static unsigned long area_wrong(void *addr, unsigned long pages,
				unsigned long stamp)
{
	unsigned long i, wrong = 0;

	for (i = 0; i < pages; i++) {
		char *at = (char *)addr + i * PAGE_SIZE;
		struct page *page = vmalloc_to_page(at);
		unsigned long word = 0;

		if (page)
			memcpy_from_page((char *)&word, page, 0, sizeof(word));
		wrong += word != stamp + i ||
			 *(unsigned long *)at != stamp + i;
	}
	return wrong;
}

static struct page_snapshot snapshot(void)
{
	vm_unmap_aliases();
	return page_snapshot_take();
}

static void nothing_lost(struct kunit *test, const struct page_snapshot *before)
{
	vm_unmap_aliases();
	KUNIT_EXPECT_TRUE(test, vmalloc_check());
	page_snapshot_check(test, before);
}

static void vmalloc_sizes_test(struct kunit *test)
{
	static const unsigned long sizes[] = {
		1, PAGE_SIZE, PAGE_SIZE + 1, 16 * PAGE_SIZE, 100 * PAGE_SIZE,
		300 * PAGE_SIZE, 600 * PAGE_SIZE,
	};
	struct page_snapshot before = snapshot();
	unsigned long used = vmalloc_nr_pages();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned long pages = PAGE_ALIGN(sizes[i]) / PAGE_SIZE;
		void *p = vmalloc(sizes[i]);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p));
		KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(p));
		KUNIT_EXPECT_EQ(test, vmalloc_nr_pages(), used + pages);
		/* Behind what was asked for nothing may be touched. */
		area_stamp(p, sizes[i] / PAGE_SIZE, i * 1000);
		KUNIT_EXPECT_EQ(test, area_wrong(p, sizes[i] / PAGE_SIZE,
						 i * 1000), 0UL);
		KUNIT_EXPECT_EQ(test, find_vm_area(p)->nr_pages, pages);
		KUNIT_EXPECT_EQ(test, get_vm_area_size(find_vm_area(p)),
				pages * PAGE_SIZE);
		KUNIT_EXPECT_NULL(test, vmalloc_to_page((char *)p + pages *
							PAGE_SIZE));
		KUNIT_EXPECT_TRUE(test, vmalloc_check());
		vfree(p);
		KUNIT_EXPECT_NULL(test, find_vm_area(p));
	}
	vfree(NULL);
	KUNIT_EXPECT_EQ(test, vmalloc_nr_pages(), used);
	nothing_lost(test, &before);
}

static void vmalloc_zeroed_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	unsigned long size = 5 * PAGE_SIZE;
	char *p = vmalloc(size);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 0xa5, size);
	vfree(p);
	for (i = 0; i < 3; i++) {
		p = i == 0 ? vzalloc(size) : i == 1 ? vmalloc_user(size) :
		    vcalloc(5, PAGE_SIZE);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, size));
		KUNIT_EXPECT_EQ(test, !!(find_vm_area(p)->flags & VM_USERMAP),
				i == 1);
		vfree(p);
	}
	nothing_lost(test, &before);
}

static void vmalloc_below_4g_test(struct kunit *test)
{
	void *p = vmalloc_32(3 * PAGE_SIZE), *q = vmalloc_32_user(PAGE_SIZE);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, q);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_LT(test, vmalloc_to_pfn((char *)p + i * PAGE_SIZE),
				MAX_DMA32_PFN);
	KUNIT_EXPECT_LT(test, vmalloc_to_pfn(q), MAX_DMA32_PFN);
	KUNIT_EXPECT_NULL(test, memchr_inv(q, 0, PAGE_SIZE));
	vfree(p);
	vfree(q);
}

static void vmalloc_nodes_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		void *p = vmalloc_node(20 * PAGE_SIZE, nid);
		void *q = vzalloc_node(PAGE_SIZE, nid);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_ASSERT_NOT_NULL(test, q);
		if (node_state(nid, N_MEMORY))
			KUNIT_EXPECT_EQ(test, page_to_nid(vmalloc_to_page(q)),
					nid);
		vfree(p);
		vfree(q);
	}
}

static void vmalloc_many_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	unsigned int i, round;
	void *p[MANY];

	for (round = 0; round < 4; round++) {
		for (i = 0; i < MANY; i++) {
			p[i] = vmalloc((1 + i % 7) * PAGE_SIZE);
			KUNIT_ASSERT_NOT_NULL(test, p[i]);
			area_stamp(p[i], 1 + i % 7, i * 10);
		}
		KUNIT_EXPECT_TRUE(test, vmalloc_check());
		for (i = 0; i < MANY; i++)
			KUNIT_EXPECT_EQ(test, area_wrong(p[i], 1 + i % 7,
							 i * 10), 0UL);
		/* From both ends, and the middle last. */
		for (i = 0; i < MANY / 2; i++)
			vfree(p[i % 2 ? i : MANY - 1 - i]);
		for (i = 0; i < MANY / 2; i++)
			vfree(p[i % 2 ? MANY - 1 - i : i]);
		KUNIT_EXPECT_TRUE(test, vmalloc_check());
	}
	nothing_lost(test, &before);
}

static void vmap_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct page *pages[8];
	unsigned int i;
	void *p, *q;

	for (i = 0; i < 8; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	swap(pages[1], pages[6]);
	p = vmap(pages, 8, VM_MAP, PAGE_KERNEL);
	q = vm_map_ram(pages, 8, NUMA_NO_NODE);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, q);
	area_stamp(p, 8, 77);
	KUNIT_EXPECT_EQ(test, area_wrong(p, 8, 77), 0UL);
	KUNIT_EXPECT_EQ(test, area_wrong(q, 8, 77), 0UL);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_PTR_EQ(test, vmalloc_to_page((char *)p +
							  i * PAGE_SIZE),
				    pages[i]);
	KUNIT_EXPECT_TRUE(test, vmalloc_check());
	vunmap(p);
	vunmap(NULL);
	vm_unmap_ram(q, 8);
	KUNIT_EXPECT_NULL(test, vmap(pages, 0, VM_MAP, PAGE_KERNEL));
	KUNIT_EXPECT_NULL(test, vmap(pages, UINT_MAX, VM_MAP, PAGE_KERNEL));
	for (i = 0; i < 8; i++)
		__free_page(pages[i]);
	nothing_lost(test, &before);
}

/* vfree() frees what vmap() was given, array and pages. */
static void vmap_put_pages_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct page **pages = kvmalloc_array(4, sizeof(*pages), GFP_KERNEL);
	unsigned int i;
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < 4; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	p = vmap(pages, 4, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	area_stamp(p, 4, 5);
	KUNIT_EXPECT_EQ(test, area_wrong(p, 4, 5), 0UL);
	vfree(p);
	nothing_lost(test, &before);
}

static void vm_areas_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct vm_struct *a = get_vm_area(3 * PAGE_SIZE, VM_MAP);
	struct vm_struct *b = get_vm_area_caller(PAGE_SIZE, VM_NO_GUARD, test);
	struct vm_struct *c;
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_PTR_EQ(test, find_vm_area(a->addr), a);
	KUNIT_EXPECT_PTR_EQ(test, find_vm_area((char *)a->addr + 4 * PAGE_SIZE
					       - 1), a);
	KUNIT_EXPECT_EQ(test, get_vm_area_size(a), 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, b->size, PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, b->caller, (const void *)test);
	KUNIT_EXPECT_NULL(test, get_vm_area(0, VM_MAP));
	addr = (unsigned long)b->addr;
	c = b;
	KUNIT_EXPECT_PTR_EQ(test, remove_vm_area(b->addr), c);
	kfree(c);
	KUNIT_EXPECT_NULL(test, find_vm_area((void *)addr));
	c = __get_vm_area_caller(PAGE_SIZE, VM_IOREMAP,
				 VMALLOC_START + MIDDLE,
				 VMALLOC_START + MIDDLE + 16 * PAGE_SIZE,
				 test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_GE(test, (unsigned long)c->addr,
			VMALLOC_START + MIDDLE);
	KUNIT_EXPECT_LE(test, (unsigned long)c->addr + c->size,
			VMALLOC_START + MIDDLE + 16 * PAGE_SIZE);
	free_vm_area(c);
	free_vm_area(a);
	nothing_lost(test, &before);
}

/* RAM stands for a device: its frames are adjacent, which is what counts. */
static void page_range_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct page *block = alloc_pages(GFP_KERNEL, 4);
	struct vm_struct *a;
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, block);
	a = get_vm_area(16 * PAGE_SIZE, VM_IOREMAP);
	KUNIT_ASSERT_NOT_NULL(test, a);
	addr = (unsigned long)a->addr;
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(addr, 16 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, ioremap_page_range(addr, addr + 16 * PAGE_SIZE,
						 page_to_phys(block),
						 PAGE_KERNEL), 0);
	area_stamp(a->addr, 16, 900);
	KUNIT_EXPECT_EQ(test, area_wrong(a->addr, 16, 900), 0UL);
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn((void *)(addr + PAGE_SIZE)),
			page_to_pfn(block) + 1);
	vunmap_range(addr + PAGE_SIZE, addr + 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn((void *)(addr + PAGE_SIZE)),
			0UL);
	KUNIT_EXPECT_EQ(test, vmap_page_range(addr + PAGE_SIZE,
					      addr + 2 * PAGE_SIZE,
					      page_to_phys(block) + PAGE_SIZE,
					      PAGE_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, area_wrong(a->addr, 16, 900), 0UL);
	free_vm_area(a);
	__free_pages(block, 4);
	nothing_lost(test, &before);
}

static void vmalloc_huge_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	unsigned long i, size = 2 * PMD_SIZE, pages = size / PAGE_SIZE;
	char *p = vmalloc_huge(size, GFP_KERNEL | __GFP_ZERO);
	bool huge;

	KUNIT_ASSERT_NOT_NULL(test, p);
	huge = is_vm_area_hugepages(p);
	KUNIT_EXPECT_TRUE(test, vmalloc_check());
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, size));
	area_stamp(p, pages, 3);
	KUNIT_EXPECT_EQ(test, area_wrong(p, pages, 3), 0UL);
	if (huge) {
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)p,
						   PMD_SIZE));
		for (i = 0; i < pages; i++)
			KUNIT_EXPECT_EQ(test,
					vmalloc_to_pfn(p + i * PAGE_SIZE),
					vmalloc_to_pfn(p + (i & ~511UL) *
						       PAGE_SIZE) + i % 512);
	}
	vfree(p);
	/* Rounding up would waste too much. */
	p = vmalloc_huge(PMD_SIZE + PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_FALSE(test, is_vm_area_hugepages(p));
	vfree(p);
	nothing_lost(test, &before);
	if (!huge)
		kunit_skip(test, "no blocks, or no leaves of that size");
}

static void vrealloc_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	char *p = vrealloc(NULL, 100, GFP_KERNEL), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 1, 100);
	q = vrealloc(p, PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	KUNIT_EXPECT_PTR_EQ(test, q, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 1, 100));
	KUNIT_EXPECT_NULL(test, memchr_inv(p + 100, 0, PAGE_SIZE - 100));
	q = vrealloc(p, 9 * PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_NULL(test, memchr_inv(q, 1, 100));
	q[9 * PAGE_SIZE - 1] = 1;
	q = vrealloc(q, 10, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_NULL(test, vrealloc(q, 0, GFP_KERNEL));
	nothing_lost(test, &before);
}

static void kvmalloc_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	size_t large = KMALLOC_MAX_SIZE + 1, old;
	char *p = kvmalloc(100, GFP_KERNEL), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(p));
	memset(p, 7, 100);
	if (totalram_pages() < 8 * (large >> PAGE_SHIFT)) {
		kvfree(p);
		kunit_skip(test, "too little memory");
	}
	q = kvrealloc(p, large, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(q));
	KUNIT_EXPECT_NULL(test, memchr_inv(q, 7, 100));
	q[large - 1] = 1;
	kvfree(q);
	p = kvzalloc(large, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, large));
	kvfree_sensitive(p, large);
	/* Nothing in one piece: vmalloc() steps in. */
	old = 8 * PAGE_SIZE;
	page_alloc_fail_nth(1);
	p = kvmalloc(old, GFP_KERNEL);
	page_alloc_fail_nth(0);
	KUNIT_ASSERT_NOT_NULL(test, p);
	kvfree(p);
	KUNIT_EXPECT_NULL(test, kvmalloc(large, GFP_ATOMIC | __GFP_NOWARN));
	nothing_lost(test, &before);
}

static void vread_test(struct kunit *test)
{
	char *p = vmalloc(2 * PAGE_SIZE), buf[64];

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 'x', 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, vread(buf, p + PAGE_SIZE - 32, 64), 64L);
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 'x', 64));
	/* The last bytes, and the guard page. */
	KUNIT_EXPECT_EQ(test, vread(buf, p + 2 * PAGE_SIZE - 32, 64), 32L);
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 'x', 32));
	KUNIT_EXPECT_NULL(test, memchr_inv(buf + 32, 0, 32));
	vfree(p);
	KUNIT_EXPECT_EQ(test, vread(buf, p, 64), 0L);
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 0, 64));
}

static void vfree_atomic_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	void *p = vmalloc(PAGE_SIZE), *q = vmalloc(3 * PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, q);
	preempt_disable();
	vfree_atomic(p);
	vfree_atomic(q);
	vfree_atomic(NULL);
	preempt_enable();
	vm_unmap_aliases();
	KUNIT_EXPECT_NULL(test, find_vm_area(q));
	nothing_lost(test, &before);
}

/* ---- faults ----------------------------------------------------------- */

/* What the calls under test are made on; there before the faults. */
struct points {
	struct page *pages[4];
	struct page *block;		/* of 16 pages */
	struct vm_struct *area;		/* of 16 pages */
	void *small;			/* of vmalloc(): a page, marked */
};

#define POINTS_GFP	(GFP_KERNEL | __GFP_NOWARN)

static void *point_single(struct points *p)
{
	return __vmalloc(PAGE_SIZE, POINTS_GFP);
}

static void *point_many(struct points *p)
{
	return __vmalloc(40 * PAGE_SIZE, POINTS_GFP | __GFP_ZERO);
}

/* Its array has no room behind the struct. */
static void *point_array(struct points *p)
{
	return __vmalloc(510 * PAGE_SIZE, POINTS_GFP);
}

static void *point_huge(struct points *p)
{
	return vmalloc_huge(PMD_SIZE, POINTS_GFP);
}

static void *point_kvmalloc(struct points *p)
{
	return kvmalloc(40 * PAGE_SIZE, POINTS_GFP);
}

static void *point_vmap(struct points *p)
{
	return vmap(p->pages, 4, VM_MAP, PAGE_KERNEL);
}

static void *point_map_ram(struct points *p)
{
	return vm_map_ram(p->pages, 4, NUMA_NO_NODE);
}

static void *point_area(struct points *p)
{
	return get_vm_area(PAGE_SIZE, VM_MAP);
}

static void *point_range(struct points *p)
{
	unsigned long addr = (unsigned long)p->area->addr;

	return ioremap_page_range(addr, addr + 16 * PAGE_SIZE,
				  page_to_phys(p->block), PAGE_KERNEL) ?
	       NULL : p->area->addr;
}

static void *point_realloc(struct points *p)
{
	void *n = vrealloc(p->small, 3 * PAGE_SIZE, POINTS_GFP);

	if (n)
		p->small = NULL;
	return n;
}

static void undo_vfree(void *p) { vfree(p); }
static void undo_kvfree(void *p) { kvfree(p); }
static void undo_vunmap(void *p) { vunmap(p); }
static void undo_ram(void *p) { vm_unmap_ram(p, 4); }
static void undo_area(void *p) { free_vm_area(p); }
static void undo_nothing(void *p) { }

static bool points_setup(struct points *p)
{
	*p = (struct points){
		.block = alloc_pages(GFP_KERNEL, 4),
		.area = get_vm_area(16 * PAGE_SIZE, VM_IOREMAP),
		.small = vzalloc(PAGE_SIZE),
	};
	return p->block && p->area && p->small &&
	       alloc_pages_bulk(GFP_KERNEL, 4, p->pages) == 4;
}

static void points_end(struct points *p)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		__free_page(p->pages[i]);
	free_vm_area(p->area);
	__free_pages(p->block, 4);
	vfree(p->small);
}

/* For every k the k-th request for pages fails, until none is left to. */
static void points_of_call(struct kunit *test, void *(*call)(struct points *),
			   void (*undo)(void *))
{
	struct points p;
	unsigned int k;
	bool last = false;
	void *got;

	for (k = 1; k < POINTS_MAX && !last; k++) {
		unsigned long used;

		/* No table and no object waits for whoever wants one. */
		vm_unmap_aliases();
		KUNIT_ASSERT_TRUE(test, points_setup(&p));
		used = vmalloc_nr_pages();
		kmem_caches_reap_all();
		page_alloc_fail_nth((long)k);
		got = call(&p);
		last = page_alloc_fail_left() != 0;
		page_alloc_fail_nth(0);
		if (!got)
			KUNIT_EXPECT_EQ(test, vmalloc_nr_pages(), used);
		if (p.small)
			KUNIT_EXPECT_NULL(test, memchr_inv(p.small, 0,
							   PAGE_SIZE));
		if (last)
			KUNIT_EXPECT_NOT_NULL(test, got);
		if (k < POINTS_CHECKED)
			KUNIT_EXPECT_TRUE(test, vmalloc_check());
		if (got)
			undo(got);
		points_end(&p);
	}
	KUNIT_EXPECT_TRUE(test, last);
}

static void fault_points_test(struct kunit *test)
{
	static const struct {
		void *(*call)(struct points *p);
		void (*undo)(void *p);
	} calls[] = {
		{ point_single, undo_vfree }, { point_many, undo_vfree },
		{ point_array, undo_vfree }, { point_huge, undo_vfree },
		{ point_kvmalloc, undo_kvfree }, { point_vmap, undo_vunmap },
		{ point_map_ram, undo_ram }, { point_area, undo_area },
		{ point_range, undo_nothing }, { point_realloc, undo_vfree },
	};
	struct page_snapshot before = snapshot();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		points_of_call(test, calls[i].call, calls[i].undo);
	nothing_lost(test, &before);
}

static void bad_sizes_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct log_capture log;

	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, __vmalloc(0, GFP_KERNEL));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "vmalloc error: size 0"));
	KUNIT_EXPECT_NULL(test, __vmalloc(ULONG_MAX,
					  GFP_KERNEL | __GFP_NOWARN));
	/* There may be more memory than a size can say. */
	if (totalram_pages() < ULONG_MAX >> PAGE_SHIFT)
		KUNIT_EXPECT_NULL(test,
				  __vmalloc((totalram_pages() + 1) << PAGE_SHIFT,
					    GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, vmalloc_array(ULONG_MAX / 2, 3));
	KUNIT_EXPECT_NULL(test, vcalloc(ULONG_MAX, ULONG_MAX));
	nothing_lost(test, &before);
}

static void vmallocinfo_test(struct kunit *test)
{
	struct text_capture *text = text_capture_start();
	void *p = vmalloc(3 * PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, vmallocinfo_show(&text->m), 0);
	KUNIT_EXPECT_TRUE(test, !!strstr(text->text,
					" pages=3 vmalloc N"));
	vfree(p);
}

struct stress {
	unsigned int seed;
	unsigned long wrong;
};

static void stress_body(void *arg)
{
	struct stress *s = arg;
	void *p[8] = { NULL };
	unsigned int i, n;

	for (i = 0; i < 400; i++) {
		unsigned int at = (s->seed = s->seed * 1103515245 + 12345) >>
				  16 & 7;

		n = 1 + at;
		if (p[at]) {
			s->wrong += area_wrong(p[at], n, at);
			vfree(p[at]);
			p[at] = NULL;
		} else {
			p[at] = vmalloc(n * PAGE_SIZE);
			if (p[at])
				area_stamp(p[at], n, at);
		}
	}
	for (i = 0; i < 8; i++)
		vfree(p[i]);
}

static void threads_test(struct kunit *test)
{
	struct page_snapshot before = snapshot();
	struct test_thread thread[4];
	struct stress s[4];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		s[i] = (struct stress){ .seed = i + 1 };
		KUNIT_ASSERT_TRUE(test, test_thread_start(&thread[i],
				  stress_body, &s[i], test_cpu(i)));
	}
	for (i = 0; i < 4; i++) {
		test_thread_join(&thread[i]);
		KUNIT_EXPECT_EQ(test, s[i].wrong, 0UL);
	}
	nothing_lost(test, &before);
}

static struct kunit_case vmalloc_cases[] = {
	KUNIT_CASE(vmalloc_sizes_test),
	KUNIT_CASE(vmalloc_zeroed_test),
	KUNIT_CASE(vmalloc_below_4g_test),
	KUNIT_CASE(vmalloc_nodes_test),
	KUNIT_CASE(vmalloc_many_test),
	KUNIT_CASE(vmap_test),
	KUNIT_CASE(vmap_put_pages_test),
	KUNIT_CASE(vm_areas_test),
	KUNIT_CASE(page_range_test),
	KUNIT_CASE(vmalloc_huge_test),
	KUNIT_CASE(vrealloc_test),
	KUNIT_CASE(kvmalloc_test),
	KUNIT_CASE(vread_test),
	KUNIT_CASE(vfree_atomic_test),
	KUNIT_CASE(fault_points_test),
	KUNIT_CASE(bad_sizes_test),
	KUNIT_CASE(vmallocinfo_test),
	KUNIT_CASE(threads_test),
	{}
};

static struct kunit_suite vmalloc_suite = {
	.name = "vmalloc",
	.test_cases = vmalloc_cases,
};
kunit_test_suite(vmalloc_suite);
