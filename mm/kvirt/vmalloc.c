// SPDX-License-Identifier: MIT
/*
 * vmalloc: memory that is contiguous in its addresses only.
 *
 * Terms. An area (struct vm_struct) is a range of kernel addresses with one
 * owner, and a guard page at its end where nothing is mapped. The pages of
 * an area of vmalloc() are its own; those of vmap() are somebody's.
 *
 *   addresses   | a a a a g | b b g |  free  | c c c c ... g |   g: guard page
 *                 │ │ │ └─► any page
 *                 └─┴─┴──► of any place
 *
 * The pieces, each with a theory of its own:
 *
 *   va.c          which range of addresses is whose (va.h)
 *   tables.c      the page tables that translate them
 *   vm_area.c     areas: made, found, taken, retired, purged
 *   vmalloc.c     pages for them (this file); vmap.c those of others
 *   vm_fault.c    what is said of an access that faults
 *   vmallocinfo.c, vread.c   areas for readers
 *
 * The way of a request: addresses and struct, pages in bulk, entries with one
 * descent for each table of PTEs, and the port shows them (a process maps
 * the frames side by side; a CPU reads the tables itself).
 *
 * The way back: the area is taken from the space, so that of two callers one
 * gets it; its entries are cleared and its pages freed at once (with rights of
 * their own, VM_FLUSH_RESET_PERMS, after a flush). CPUs may still remember the
 * translations, so the addresses are lazy: once enough are, one purge hides
 * them all, has all CPUs flush once, frees the tables that became empty and
 * the structs, and only then may anybody get those addresses.
 *
 * Huge. vmalloc_huge() takes blocks of PMD_SIZE and maps each by one leaf,
 * unless rounding up to whole blocks wastes more than 1 in HUGE_WASTE, or
 * there are too few blocks: then it is as vmalloc(). pages[] holds the first
 * page of each block.
 *
 * Invariants (vmalloc_check):
 *  V1: each owner in the space is an area whose range that is.
 *  V2: an area of vmalloc() that is published translates to pages[], in this
 *      order, with nothing mapped behind; and its nr_pages make up its size.
 *  V3: vmalloc_nr_pages() is the sum of those.
 *  and those of the tables and of the space.
 *
 * Locks, outermost first: areas_mutex (areas are not freed), the space's own,
 * tables_lock. The last two are for any context.
 *
 * Failure. NULL and one report, as Linux words it; everything that was taken
 * has been given back. Misuse is one line, and changes nothing.
 *
 * Differs from Linux: requests in atomic context are reported and then try
 * without sleeping; those in an interrupt get NULL; vunmap() refuses memory
 * of vmalloc(), whose pages would be lost; an area asked for with less than a
 * page says so (requested).
 */
#include "internal.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <octavo/plant.h>
#include <octavo/port.h>
#include <asm/pgtable.h>

#define PMD_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define HUGE_WASTE	8	/* blocks round up by 1/8 of a size at most */

/*
 * Places of pages[] behind the struct: as many as fill a page together, past
 * which objects are whole pages anyway.
 */
#define MAX_PLACES							\
	((unsigned int)((PAGE_SIZE - sizeof(struct vm_struct)) /	\
			sizeof(struct page *)))
/* Arrays up to this size are tried as pages in one piece first. */
#define MAX_ARRAY	(8 * PAGE_SIZE)
/* Pages asked for at once; others may run in between. */
#define BULK		512U

/* Pages of vmalloc() that this CPU gave, less those it got back. a: its own */
DEFINE_PER_CPU(long, vmalloc_pages);

/* Does what vfree_atomic() left to a task. */
static DEFINE_PER_CPU(struct work_struct, vfree_work);

void vmalloc_count(long pages)
{
	this_cpu_add(vmalloc_pages, pages);
}

unsigned long vmalloc_nr_pages(void)
{
	long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += __atomic_load_n(per_cpu_ptr(&vmalloc_pages, cpu),
				       __ATOMIC_RELAXED);
	return sum > 0 ? (unsigned long)sum : 0;
}

unsigned long vmalloc_total_kb(void)
{
	return (VMALLOC_END - VMALLOC_START) >> 10;
}

/* ---- pages ------------------------------------------------------------ */

/* Places of pages[] that an area's pages take. */
static unsigned int nr_blocks(const struct vm_struct *vm)
{
	return vm->nr_pages >> vm->page_order;
}

/* Gives @n blocks back, from the array's first on. */
static void blocks_free(struct vm_struct *vm, unsigned int n)
{
	unsigned int i, done;

	if (likely(n == 1 && !vm->page_order)) {
		__free_page(vm->pages[0]);
		return;
	}
	if (!vm->page_order) {
		for (done = 0; done < n; done += i) {
			i = min(n - done, BULK);
			release_pages(vm->pages + done, (int)i);
			if (done + i < n)
				cond_resched();
		}
		return;
	}
	for (i = 0; i < n; i++)
		__free_pages(vm->pages[i], vm->page_order);
}

static bool pages_lie_behind(const struct vm_struct *vm)
{
	return vm->pages == (struct page **)(vm + 1);
}

static void pages_array_free(struct vm_struct *vm)
{
	if (!pages_lie_behind(vm))
		kvfree(vm->pages);
}

/* An array of @n places that hold NULL, for an area without. */
static bool pages_array_alloc(struct vm_struct *vm, unsigned int n, gfp_t gfp,
			      int node)
{
	size_t size = (size_t)n * sizeof(struct page *);
	gfp_t nested = (gfp & GFP_RECLAIM_MASK) | __GFP_ZERO;

	if (size <= MAX_ARRAY)
		vm->pages = kmalloc_node(size, nested | __GFP_NOWARN |
					 __GFP_NORETRY, node == NUMA_NO_NODE ?
					 numa_mem_id() : node);
	if (!vm->pages)
		vm->pages = __vmalloc_node(size, 1, nested, node, vm->caller);
	return vm->pages != NULL;
}

/* Single pages in bulk; how many there are. */
static unsigned int pages_take_bulk(struct vm_struct *vm, unsigned int n,
				    gfp_t gfp, int nid)
{
	unsigned int done = 0, want;
	unsigned long got;

	gfp = (gfp & ~__GFP_NOFAIL) | __GFP_NOWARN;
	while (done < n) {
		want = min(n - done, BULK);
		got = alloc_pages_bulk_noprof(gfp, nid, NULL, want,
					      vm->pages + done);
		done += (unsigned int)got;
		if (got < want)
			break;
		if (unlikely(done < n) && gfpflags_allow_blocking(gfp))
			cond_resched();
	}
	return done;
}

/* Fills pages[] with @n blocks; whether there were as many. */
static bool blocks_take(struct vm_struct *vm, unsigned int n, gfp_t gfp,
			int nid)
{
	unsigned int order = vm->page_order, done = 0;

	/* They get an address here, so they need none of their own. */
	if (likely(!(gfp & (__GFP_DMA | __GFP_DMA32))))
		gfp |= __GFP_HIGHMEM;
	if (n == 1 && !order && nid == numa_node_id()) {
		vm->pages[0] = alloc_page(gfp);
		done = vm->pages[0] != NULL;
		goto out;
	}
	if (!order)
		done = pages_take_bulk(vm, n, gfp, nid);
	else
		gfp |= __GFP_NOWARN | __GFP_NORETRY;
	for (; done < n; done++) {
		vm->pages[done] = __alloc_pages(gfp, order, nid, NULL);
		if (!vm->pages[done])
			break;
	}
out:
	vm->nr_pages = done << order;
	return done == n;
}

/* ---- requests --------------------------------------------------------- */

static struct vm_struct *area_alloc(const struct vm_request *r)
{
	struct vm_struct *vm;

	do {
		vm = vm_area_create(r);
		if (likely(vm))
			return vm;
		warn_alloc(r->gfp, NULL,
			   "vmalloc error: size %lu, vm_struct allocation failed%s",
			   r->requested,
			   r->gfp & __GFP_NOFAIL ? ". Retrying." : "");
		if (r->gfp & __GFP_NOFAIL)
			schedule_timeout_uninterruptible(1);
	} while (r->gfp & __GFP_NOFAIL);
	return NULL;
}

static int area_map(struct vm_struct *vm, pgprot_t prot, gfp_t gfp)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long start = (unsigned long)vm->addr;
	unsigned long end = start + get_vm_area_size(vm);
	int err;

	do {
		err = kvirt_map_pages(k, start, end, vm->pages,
				      PAGE_SHIFT + vm->page_order, prot,
				      gfp & GFP_RECLAIM_MASK);
		if (!err)
			err = vm_show(k, start, end);
		if (likely(!err))
			return 0;
	} while (gfp & __GFP_NOFAIL);
	return err;
}

/* Pages for @vm, mapped; if not, none. */
static bool area_fill(struct vm_struct *vm, const struct vm_request *r,
		      gfp_t gfp, pgprot_t prot, unsigned int order)
{
	unsigned int n = (unsigned int)(r->size >> (PAGE_SHIFT + order));
	int nid = r->node == NUMA_NO_NODE ? numa_node_id() : r->node;

	vm->page_order = order;
	if (unlikely(!vm->pages) && !pages_array_alloc(vm, n, gfp, r->node)) {
		warn_alloc(gfp, NULL,
			   "vmalloc error: size %lu, failed to allocated page array size %lu",
			   r->size, (unsigned long)(n * sizeof(struct page *)));
		return false;
	}
	if (unlikely(!blocks_take(vm, n, gfp, nid))) {
		if (!order)
			warn_alloc(gfp, NULL,
				   "vmalloc error: size %lu, failed to allocate pages",
				   (unsigned long)vm->nr_pages << PAGE_SHIFT);
		goto free;
	}
	if (likely(!area_map(vm, prot, gfp)))
		return true;
	warn_alloc(gfp, NULL, "vmalloc error: size %lu, failed to map pages",
		   (unsigned long)vm->nr_pages << PAGE_SHIFT);
free:
	blocks_free(vm, nr_blocks(vm));
	pages_array_free(vm);
	return false;
}

/* @size bytes of blocks of 2^@order pages; NULL: there were none. */
static void *vmalloc_blocks(struct vm_request *r, gfp_t gfp, pgprot_t prot,
			    unsigned int order)
{
	unsigned long n = r->size >> (PAGE_SHIFT + order);
	struct vm_struct *vm;

	r->nr_places = likely(n <= MAX_PLACES) ? (unsigned int)n : 0;
	vm = area_alloc(r);
	if (unlikely(!vm))
		return NULL;
	if (unlikely(!area_fill(vm, r, gfp, prot, order))) {
		vm_area_cancel(vm);
		return NULL;
	}
	vmalloc_count((long)vm->nr_pages);
	/* Behind what was asked for is nobody's, to the end of the page. */
	if (PORT_CHECKS_MEMORY)
		port_poison((char *)vm->addr + r->requested,
			    r->size - r->requested);
	vm_area_publish(vm);
	return vm->addr;
}

static bool size_wrong(unsigned long size, gfp_t gfp)
{
	if (WARN(!size, "vmalloc error: size 0\n"))
		return true;
	/* In pages, that nothing overflows; memory may have more than words. */
	if (likely(PAGE_ALIGN(size) &&
		   ((size >> PAGE_SHIFT) < totalram_pages() ||
		    ((size >> PAGE_SHIFT) == totalram_pages() &&
		     PAGE_ALIGNED(size)))))
		return false;
	warn_alloc(gfp, NULL, "vmalloc error: size %lu, exceeds total pages",
		   size);
	return true;
}

static bool worth_blocks(const struct vm_request *r)
{
	unsigned long size = ALIGN(r->size, PMD_SIZE);

	return r->flags & VM_ALLOW_HUGE_VMAP && kvirt_state()->huge &&
	       r->size >= PMD_SIZE && size - r->size <= size / HUGE_WASTE;
}

void *__vmalloc_node_range(unsigned long size, unsigned long align,
			   unsigned long start, unsigned long end, gfp_t gfp,
			   pgprot_t prot, unsigned long vm_flags, int node,
			   const void *caller)
{
	struct vm_request r = {
		.size = PAGE_ALIGN(size), .requested = size, .align = align,
		.start = start, .end = end, .flags = VM_ALLOC | vm_flags,
		.node = node, .gfp = gfp, .caller = caller,
	};
	void *addr;

	if (unlikely(size_wrong(size, gfp)))
		return NULL;
	might_sleep();
	if (WARN(in_interrupt(), "vmalloc error: size %lu, in an interrupt\n",
		 size))
		return NULL;
	if (unlikely(!llist_empty(&kvirt_state()->deferred)))
		vfree_deferred(kvirt_state());
	if (node != NUMA_NO_NODE && (node < 0 || node >= MAX_NUMNODES ||
				     !node_online(node)))
		r.node = NUMA_NO_NODE;
	if (unlikely(worth_blocks(&r))) {
		struct vm_request huge = r;

		huge.size = ALIGN(r.size, PMD_SIZE);
		huge.align = max(r.align, PMD_SIZE);
		addr = vmalloc_blocks(&huge, gfp, prot, PMD_ORDER);
		if (addr)
			return addr;
	}
	return vmalloc_blocks(&r, gfp, prot, 0);
}

void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp,
		     int node, const void *caller)
{
	return __vmalloc_node_range(size, align, VMALLOC_START, VMALLOC_END,
				    gfp, PAGE_KERNEL, 0, node, caller);
}

#define CALLER	__builtin_return_address(0)

void *__vmalloc(unsigned long size, gfp_t gfp)
{
	return __vmalloc_node(size, 1, gfp, NUMA_NO_NODE, CALLER);
}

void *vmalloc(unsigned long size)
{
	return __vmalloc_node(size, 1, GFP_KERNEL, NUMA_NO_NODE, CALLER);
}

void *vzalloc(unsigned long size)
{
	return __vmalloc_node(size, 1, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE,
			      CALLER);
}

void *vmalloc_node(unsigned long size, int node)
{
	return __vmalloc_node(size, 1, GFP_KERNEL, node, CALLER);
}

void *vzalloc_node(unsigned long size, int node)
{
	return __vmalloc_node(size, 1, GFP_KERNEL | __GFP_ZERO, node, CALLER);
}

/* Others, who may not see what was there, will be shown it. */
static void *vmalloc_shown(unsigned long size, gfp_t gfp, const void *caller)
{
	return __vmalloc_node_range(size, PAGE_SIZE, VMALLOC_START,
				    VMALLOC_END, gfp | __GFP_ZERO,
				    PAGE_KERNEL, VM_USERMAP, NUMA_NO_NODE,
				    caller);
}

void *vmalloc_user(unsigned long size)
{
	return vmalloc_shown(size, GFP_KERNEL, CALLER);
}

void *vmalloc_32(unsigned long size)
{
	return __vmalloc_node(size, 1, GFP_DMA32 | GFP_KERNEL, NUMA_NO_NODE,
			      CALLER);
}

void *vmalloc_32_user(unsigned long size)
{
	return vmalloc_shown(size, GFP_DMA32 | GFP_KERNEL, CALLER);
}

void *vmalloc_huge(unsigned long size, gfp_t gfp)
{
	return __vmalloc_node_range(size, 1, VMALLOC_START, VMALLOC_END, gfp,
				    PAGE_KERNEL, VM_ALLOW_HUGE_VMAP,
				    NUMA_NO_NODE, CALLER);
}

static void *vmalloc_many(size_t n, size_t size, gfp_t gfp,
			  const void *caller)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return NULL;
	return __vmalloc_node(bytes, 1, gfp, NUMA_NO_NODE, caller);
}

void *__vmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	return vmalloc_many(n, size, gfp, CALLER);
}

void *vmalloc_array(size_t n, size_t size)
{
	return vmalloc_many(n, size, GFP_KERNEL, CALLER);
}

void *__vcalloc(size_t n, size_t size, gfp_t gfp)
{
	return vmalloc_many(n, size, gfp | __GFP_ZERO, CALLER);
}

void *vcalloc(size_t n, size_t size)
{
	return vmalloc_many(n, size, GFP_KERNEL | __GFP_ZERO, CALLER);
}

/* ---- the way back ----------------------------------------------------- */

/*
 * CPUs have other rights to these pages than to memory: they forget them
 * before the pages are anybody else's.
 */
static void rights_flush(const struct vm_struct *vm)
{
	unsigned long start = (unsigned long)vm->addr;
	unsigned long end = start + get_vm_area_size(vm);

	port_kvirt_hide(start, end);
	port_flush_tlb_range(start, end);
}

static __always_inline void vfree_task(const void *addr, const void *caller)
{
	struct vm_struct *vm = vm_area_take(addr, 1U << VM_KIND_ALLOC |
					    1U << VM_KIND_MAP, "vfree()");

	if (unlikely(!vm))
		return;
	vm_area_unmap(vm);
	if (unlikely(vm->flags & VM_FLUSH_RESET_PERMS) &&
	    !PLANT(kvirt_pages_early))
		rights_flush(vm);
	if (vm->flags & VM_ALLOC)
		vmalloc_count(-(long)vm->nr_pages);
	if (vm->pages) {
		blocks_free(vm, nr_blocks(vm));
		pages_array_free(vm);
	}
	vm_area_retire(vm, caller);
}

void vfree(const void *addr)
{
	if (unlikely(in_interrupt())) {
		vfree_atomic(addr);
		return;
	}
	might_sleep();
	if (unlikely(!addr))
		return;
	if (unlikely(!llist_empty(&kvirt_state()->deferred)))
		vfree_deferred(kvirt_state());
	vfree_task(addr, CALLER);
}

static void vfree_work_fn(struct work_struct *work)
{
	vfree_deferred(kvirt_state());
}

void vfree_deferred_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		INIT_WORK(per_cpu_ptr(&vfree_work, cpu), vfree_work_fn);
}

/* The memory itself says what comes after it on the list. */
void vfree_atomic(const void *addr)
{
	struct kvirt_state *k = kvirt_state();
	struct va_area area;

	if (!addr)
		return;
	/* What is none is reported here, where the caller can be seen. */
	if (!k->space || !va_find(k->space, (unsigned long)addr, &area) ||
	    area.start != (unsigned long)addr ||
	    (vm_kind_of_owner(area.owner) != VM_KIND_ALLOC &&
	     vm_kind_of_owner(area.owner) != VM_KIND_MAP)) {
		vfree_task(addr, CALLER);
		return;
	}
	llist_add((struct llist_node *)(unsigned long)addr, &k->deferred);
	if (workqueue_ready())
		schedule_work(raw_cpu_ptr(&vfree_work));
}

void vfree_deferred(struct kvirt_state *k)
{
	struct llist_node *node, *next;

	if (PLANT(kvirt_deferred_lost)) {
		node = k->deferred.first;
		port_point();
		init_llist_head(&k->deferred);
	} else {
		node = llist_del_all(&k->deferred);
	}
	for (; node; node = next) {
		next = node->next;
		vfree_task(node, vfree_deferred);
	}
}

/* ---- another size ----------------------------------------------------- */

void *vrealloc(const void *p, size_t size, gfp_t gfp)
{
	struct vm_struct *vm;
	size_t room;
	void *n;

	if (!size) {
		vfree(p);
		return NULL;
	}
	if (!p)
		return __vmalloc_node(size, 1, gfp, NUMA_NO_NODE, CALLER);
	vm = find_vm_area(p);
	if (WARN(!vm || vm->addr != p || !(vm->flags & VM_ALLOC),
		 "Trying to vrealloc() nonexistent vm area (%px)\n", p))
		return NULL;
	room = get_vm_area_size(vm);
	if (size <= room) {
		if (PORT_CHECKS_MEMORY) {
			port_unpoison(p, room);
			port_poison((const char *)p + size, room - size);
		}
		if (gfp & __GFP_ZERO && size > vm->requested)
			memset((char *)p + vm->requested, 0,
			       size - vm->requested);
		vm->requested = size;
		return (void *)p;
	}
	n = __vmalloc_node(size, 1, gfp, NUMA_NO_NODE, CALLER);
	if (!n)
		return NULL;
	memcpy(n, p, vm->requested);
	vfree(p);
	return n;
}
