// SPDX-License-Identifier: MIT
/*
 * The tour's steps about addresses.
 *
 *   vmalloc    every call that gives memory, of sizes round a page, a table
 *              and a large leaf; what is written is in the pages that the
 *              address leads to
 *   vmap       pages of any place at one address, at two at once, and freed
 *              through it
 *   areas      addresses alone, frames in them, and what is looked up there
 *   threads    threads on all CPUs map, write, hand over, unmap and free each
 *              other's areas
 *
 * At the end of each nothing is owned that was not before, and no table is
 * left that has no entry; the tour's last step counts the pages.
 */
#include "tour.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>

#define TOUR_PAGES	8	/* that vmap() shows */
#define TOUR_CPUS	8	/* that take part, at most */
#define TOUR_ROUNDS	200	/* of each thread */
#define TOUR_SLOTS	16	/* areas that they exchange */

/* What is in use, as far as a step may not change it. */
struct picture {
	unsigned long pages;	/* of vmalloc() */
	unsigned long tables;
};

static struct picture picture(void)
{
	vm_unmap_aliases();
	return (struct picture){ vmalloc_nr_pages(),
				 this_machine()->kvirt.nr_tables };
}

static void compare(struct tour *t, const struct picture *before)
{
	struct picture now = picture();

	TOUR_CHECK(t, now.pages == before->pages);
	TOUR_CHECK(t, now.tables == before->tables);
	TOUR_CHECK(t, vmalloc_check());
}

/* ---- memory ----------------------------------------------------------- */

static void stamp(void *addr, unsigned long size)
{
	unsigned long at;

	for (at = 0; at + sizeof(at) <= size; at += PAGE_SIZE)
		*(unsigned long *)((char *)addr + at) =
			(unsigned long)addr ^ at;
}

/* Through the area, and through the frames that it leads to. */
static bool stamped(const void *addr, unsigned long size, const void *was)
{
	unsigned long at;

	for (at = 0; at + sizeof(at) <= size; at += PAGE_SIZE) {
		const char *p = (const char *)addr + at;
		unsigned long word;

		memcpy_from_page((char *)&word, vmalloc_to_page(p), 0,
				 sizeof(word));
		if (*(const unsigned long *)p != ((unsigned long)was ^ at) ||
		    word != ((unsigned long)was ^ at) ||
		    vmalloc_to_pfn(p) != page_to_pfn(vmalloc_to_page(p)))
			return false;
	}
	return true;
}

/* One area through its life. @zeroed: it must hold nothing. */
static void area(struct tour *t, void *p, unsigned long size, bool zeroed)
{
	if (!TOUR_CHECK(t, p))
		return;
	TOUR_CHECK(t, is_vmalloc_addr(p) && PAGE_ALIGNED(p));
	TOUR_CHECK(t, find_vm_area(p) && find_vm_area(p)->addr == p);
	TOUR_CHECK(t, !zeroed || !memchr_inv(p, 0, size));
	stamp(p, size);
	TOUR_CHECK(t, stamped(p, size, p));
	vfree(p);
	TOUR_CHECK(t, !find_vm_area(p));
}

static void sizes(struct tour *t)
{
	static const unsigned long some[] = {
		1, 100, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1,
		16 * PAGE_SIZE, SZ_2M - PAGE_SIZE, SZ_2M, SZ_2M + PAGE_SIZE,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		/* A machine of 16 MiB has room for small ones. */
		if (some[i] >> PAGE_SHIFT > totalram_pages() / 8)
			continue;
		area(t, vmalloc(some[i]), some[i], false);
		area(t, vzalloc(some[i]), some[i], true);
		area(t, vmalloc_huge(some[i], GFP_KERNEL), some[i], false);
	}
}

static void kinds(struct tour *t)
{
	unsigned long size = 3 * PAGE_SIZE;
	int nid;

	area(t, vmalloc_user(size), size, true);
	area(t, vmalloc_32(size), size, false);
	area(t, vmalloc_32_user(size), size, true);
	area(t, __vmalloc(size, GFP_KERNEL | __GFP_ZERO), size, true);
	area(t, __vmalloc(size, GFP_NOFS | __GFP_NOFAIL), size, false);
	area(t, __vmalloc_node(size, SZ_1M, GFP_KERNEL, NUMA_NO_NODE, t),
	     size, false);
	area(t, __vmalloc_node_range(size, 1, VMALLOC_START, VMALLOC_END,
				     GFP_KERNEL, PAGE_KERNEL, VM_USERMAP,
				     NUMA_NO_NODE, t), size, false);
	area(t, vmalloc_array(3, PAGE_SIZE), size, false);
	area(t, vcalloc(3, PAGE_SIZE), size, true);
	area(t, __vmalloc_array(3, PAGE_SIZE, GFP_NOIO), size, false);
	area(t, __vcalloc(3, PAGE_SIZE, GFP_KERNEL), size, true);
	for_each_online_node(nid) {
		area(t, vmalloc_node(size, nid), size, false);
		area(t, vzalloc_node(size, nid), size, true);
	}
}

static void resize(struct tour *t)
{
	char *p = vrealloc(NULL, PAGE_SIZE, GFP_KERNEL), *q;

	if (!TOUR_CHECK(t, p))
		return;
	stamp(p, PAGE_SIZE);
	q = vrealloc(p, 5 * PAGE_SIZE, GFP_KERNEL);
	if (TOUR_CHECK(t, q)) {
		TOUR_CHECK(t, *(unsigned long *)q == (unsigned long)p);
		TOUR_CHECK(t, vrealloc(q, 10, GFP_KERNEL) == q);
		p = q;
	}
	TOUR_CHECK(t, !vrealloc(p, 0, GFP_KERNEL));
}

static void either(struct tour *t)
{
	size_t large = KMALLOC_MAX_SIZE + PAGE_SIZE;
	void *p = kvmalloc(100, GFP_KERNEL);

	TOUR_CHECK(t, p && !is_vmalloc_addr(p));
	kvfree(p);
	if (large >> PAGE_SHIFT > totalram_pages() / 8)
		return;
	p = kvzalloc(large, GFP_KERNEL);
	TOUR_CHECK(t, is_vmalloc_addr(p));
	TOUR_CHECK(t, !memchr_inv(p, 0, large));
	kvfree(p);
}

static void refused(struct tour *t)
{
	unsigned long pages = totalram_pages() + 1;
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

	TOUR_CHECK(t, !__vmalloc(ULONG_MAX, gfp));
	if (pages <= ULONG_MAX >> PAGE_SHIFT)
		TOUR_CHECK(t, !__vmalloc(pages << PAGE_SHIFT, gfp));
	TOUR_CHECK(t, !vmalloc_array(ULONG_MAX, 2));
	TOUR_CHECK(t, !vcalloc(ULONG_MAX / 2, 3));
}

void tour_vmalloc(struct tour *t)
{
	struct picture before = picture();
	void *p;

	sizes(t);
	kinds(t);
	resize(t);
	either(t);
	refused(t);
	vfree(NULL);
	p = vmalloc(PAGE_SIZE);
	if (TOUR_CHECK(t, p)) {
		preempt_disable();
		vfree_atomic(p);
		preempt_enable();
	}
	compare(t, &before);
}

/* ---- pages of any place ----------------------------------------------- */

static bool pages_take(struct page **pages)
{
	unsigned int i;

	for (i = 0; i < TOUR_PAGES; i++)
		pages[i] = NULL;
	if (alloc_pages_bulk(GFP_KERNEL, TOUR_PAGES, pages) == TOUR_PAGES)
		return true;
	for (i = 0; i < TOUR_PAGES && pages[i]; i++)
		__free_page(pages[i]);
	return false;
}

static void shown_twice(struct tour *t, struct page **pages)
{
	unsigned long size = TOUR_PAGES * PAGE_SIZE;
	void *a = vmap(pages, TOUR_PAGES, VM_MAP, PAGE_KERNEL);
	void *b = vm_map_ram(pages, TOUR_PAGES, NUMA_NO_NODE);

	if (TOUR_CHECK(t, a && b)) {
		stamp(a, size);
		TOUR_CHECK(t, stamped(b, size, a));
		TOUR_CHECK(t, vmalloc_to_page(a) == pages[0]);
	}
	vunmap(a);
	if (b)
		vm_unmap_ram(b, TOUR_PAGES);
}


void tour_vmap(struct tour *t)
{
	struct picture before = picture();
	struct page *pages[TOUR_PAGES], **given;
	unsigned int i;
	void *p;

	if (!TOUR_CHECK(t, pages_take(pages)))
		return;
	shown_twice(t, pages);
	given = kvmalloc_array(TOUR_PAGES, sizeof(*given), GFP_KERNEL);
	p = NULL;
	if (TOUR_CHECK(t, given)) {
		memcpy(given, pages, sizeof(pages));
		p = vmap(given, TOUR_PAGES, VM_MAP | VM_MAP_PUT_PAGES,
			 PAGE_KERNEL);
	}
	if (TOUR_CHECK(t, p)) {
		vfree(p);
	} else {
		kvfree(given);
		for (i = 0; i < TOUR_PAGES; i++)
			__free_page(pages[i]);
	}
	compare(t, &before);
}

/* ---- addresses -------------------------------------------------------- */

static void mapped(struct tour *t, struct vm_struct *vm, struct page *block)
{
	unsigned long addr = (unsigned long)vm->addr, size = 4 * PAGE_SIZE;
	char buf[16], *page = page_address(block);

	TOUR_CHECK(t, !ioremap_page_range(addr, addr + size,
					  page_to_phys(block), PAGE_KERNEL));
	memset(page, 'x', size);
	TOUR_CHECK(t, !memchr_inv(vm->addr, 'x', size));
	TOUR_CHECK(t, vmalloc_to_pfn(vm->addr) == page_to_pfn(block));
	/* Registers of a device are not looked at. */
	TOUR_CHECK(t, vread(buf, vm->addr, sizeof(buf)) == 0);
	vunmap_range(addr, addr + PAGE_SIZE);
	TOUR_CHECK(t, !vmalloc_to_pfn(vm->addr));
	TOUR_CHECK(t, !vmap_page_range(addr, addr + PAGE_SIZE,
				       page_to_phys(block), PAGE_KERNEL));
	TOUR_CHECK(t, !memchr_inv(vm->addr, 'x', size));
}

static void within(struct tour *t)
{
	/* Not far: 32 bits have few, and they are described piece by piece. */
	unsigned long start = VMALLOC_START + SZ_16M, end = start + SZ_1M;
	struct vm_struct *vm = __get_vm_area_caller(PAGE_SIZE, VM_MAP, start,
						    end, t);

	if (!TOUR_CHECK(t, vm))
		return;
	TOUR_CHECK(t, (unsigned long)vm->addr >= start &&
		   (unsigned long)vm->addr + vm->size <= end);
	TOUR_CHECK(t, vm->caller == t);
	TOUR_CHECK(t, remove_vm_area(vm->addr) == vm);
	kfree(vm);
}

static void read_safely(struct tour *t)
{
	char *p = vmalloc(PAGE_SIZE), buf[16];

	if (!TOUR_CHECK(t, p))
		return;
	memset(p, 'y', PAGE_SIZE);
	TOUR_CHECK(t, vread(buf, p + PAGE_SIZE - 8, 16) == 8);
	TOUR_CHECK(t, !memchr_inv(buf, 'y', 8) && !memchr_inv(buf + 8, 0, 8));
	vfree(p);
	TOUR_CHECK(t, vread(buf, p, 16) == 0);
}

void tour_areas(struct tour *t)
{
	struct picture before = picture();
	struct vm_struct *vm = get_vm_area(4 * PAGE_SIZE, VM_IOREMAP);
	struct vm_struct *caller = get_vm_area_caller(1, VM_MAP, t);
	struct page *block = alloc_pages(GFP_KERNEL, 2);

	if (TOUR_CHECK(t, vm && caller && block)) {
		TOUR_CHECK(t, get_vm_area_size(vm) == 4 * PAGE_SIZE);
		TOUR_CHECK(t, find_vm_area((char *)vm->addr + PAGE_SIZE) ==
			   vm);
		TOUR_CHECK(t, !get_vm_area(0, VM_MAP));
		mapped(t, vm, block);
	}
	if (vm)
		free_vm_area(vm);
	if (caller)
		free_vm_area(caller);
	if (block)
		__free_pages(block, 2);
	within(t);
	read_safely(t);
	compare(t, &before);
}

/* ---- threads ---------------------------------------------------------- */

/* An area and its pages, which somebody else will find. */
struct parcel {
	unsigned long size;
	unsigned long stamp;
};

struct exchange {
	struct parcel *slot[TOUR_SLOTS];	/* a: NULL: none */
	atomic_t wrong;
	atomic_t running;
	struct completion done;
};

static struct parcel *parcel_make(unsigned int n)
{
	struct parcel *p = vmalloc(n * PAGE_SIZE);

	if (!p)
		return NULL;
	p->size = n * PAGE_SIZE;
	p->stamp = (unsigned long)p * n;
	*(unsigned long *)((char *)p + p->size - sizeof(long)) = p->stamp;
	return p;
}

static void parcel_end(struct exchange *x, struct parcel *p)
{
	if (!p)
		return;
	if (*(unsigned long *)((char *)p + p->size - sizeof(long)) !=
	    p->stamp)
		atomic_inc(&x->wrong);
	vfree(p);
}

static int exchange_thread(void *arg)
{
	struct exchange *x = arg;
	unsigned int i;

	for (i = 0; i < TOUR_ROUNDS; i++) {
		struct parcel *mine = parcel_make(1 + i % 20);

		parcel_end(x, xchg(&x->slot[i * 7 % TOUR_SLOTS], mine));
		if (i % 50 == 0)
			vm_unmap_aliases();
	}
	if (atomic_dec_and_test(&x->running))
		complete(&x->done);
	return 0;
}

static void exchange_run(struct tour *t, struct exchange *x)
{
	struct task_struct *task[TOUR_CPUS];
	unsigned int cpu, n = 0, i;

	for_each_online_cpu(cpu) {
		if (n == TOUR_CPUS)
			break;
		task[n] = kthread_create_on_cpu(exchange_thread, x, cpu,
						"tour/%u");
		if (TOUR_CHECK(t, !IS_ERR(task[n])))
			n++;
	}
	atomic_set(&x->running, (int)n);
	for (i = 0; i < n; i++)
		wake_up_process(task[i]);
	if (n)
		wait_for_completion(&x->done);
}

void tour_vmalloc_threads(struct tour *t)
{
	struct picture before = picture();
	struct exchange *x = kzalloc(sizeof(*x), GFP_KERNEL);
	unsigned int i;

	if (!TOUR_CHECK(t, x))
		return;
	init_completion(&x->done);
	exchange_run(t, x);
	for (i = 0; i < TOUR_SLOTS; i++)
		parcel_end(x, x->slot[i]);
	TOUR_CHECK(t, !atomic_read(&x->wrong));
	kfree(x);
	compare(t, &before);
}
