// SPDX-License-Identifier: MIT
/*
 * Areas: who has which addresses, and what becomes of them in the end. The
 * theory stands in vmalloc.c.
 *
 *   create ─► owned ─► publish ─► take ─► retire ─► purge: kfree()
 *               └─── cancel ─────────────────┘
 *
 * A retired area's struct waits on a list of the CPU that retired it until
 * the next purge, which frees none while somebody holds areas_mutex. So who
 * holds that may follow the owners that va_next() tells, and a fault in
 * addresses that are not yet purged can be told whose they were.
 */
#include "internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <octavo/page_list.h>
#include <octavo/plant.h>
#include <octavo/port.h>
#include <trace/events/vmalloc.h>

/* Places of pages[] that most areas have: up to 128 and 256 bytes. */
#define FEW_PLACES	((128 - sizeof(struct vm_struct)) / sizeof(void *))
#define SOME_PLACES	((256 - sizeof(struct vm_struct)) / sizeof(void *))
#define KIND(k)		(1U << (k))
/* Empty tables that wait for another entry: as many as 256 MiB take. */
#define EMPTY_MAX	128
/* Lines about addresses that lack: as many in so many seconds. */
#define LIMIT_PERIOD	5
#define LIMIT_BURST	10

/* Areas that CPUs retired last. a: anybody adds and takes all */
DEFINE_PER_CPU(struct llist_head, vm_retired);

/* ---- flushing --------------------------------------------------------- */

static void space_clean(void *ctx, unsigned long start, unsigned long end)
{
	port_kvirt_hide(start, end);
}

/* CPUs that walk tables stop to do so, before the tables are freed. */
static void space_flush(void *ctx, unsigned long start, unsigned long end)
{
	struct kvirt_state *k = ctx;
	struct page_list tables;

	page_list_init(&tables);
	if (READ_ONCE(k->nr_empty) > EMPTY_MAX || PLANT(kvirt_table_early))
		kvirt_tables_detach(k, &tables);
	if (PLANT(kvirt_table_early))
		kvirt_tables_free(&tables);
	if (PLANT(kvirt_flush_short))
		start += PAGE_SIZE;
	if (!PLANT(kvirt_no_flush))
		port_flush_tlb_range(start, end);
	kvirt_tables_free(&tables);
}

static const struct va_space_ops space_ops = { space_clean, space_flush };

static struct llist_node *retired_take(void)
{
	struct llist_node *all = NULL, *node, *next;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		node = llist_del_all(per_cpu_ptr(&vm_retired, cpu));
		for (; node; node = next) {
			next = node->next;
			node->next = all;
			all = node;
		}
	}
	return all;
}

static void purge_locked(struct kvirt_state *k)
{
	struct llist_node *node = retired_take(), *next;

	va_purge(k->space);
	atomic_long_inc(&k->nr_purges);
	for (; node; node = next) {
		next = node->next;
		kfree(llist_entry(node, struct vm_struct, retired));
	}
}

void vm_purge(struct kvirt_state *k)
{
	if (!k->space)
		return;
	mutex_lock(&k->areas_mutex);
	purge_locked(k);
	kvirt_tables_flush(k);
	mutex_unlock(&k->areas_mutex);
}

/* If it is due and nobody else does it. */
static void purge_if_due(struct kvirt_state *k)
{
	if (likely(!va_purge_due(k->space)) || !mutex_trylock(&k->areas_mutex))
		return;
	purge_locked(k);
	mutex_unlock(&k->areas_mutex);
}

void vm_unmap_aliases(void)
{
	struct kvirt_state *k = kvirt_state();

	might_sleep();
	if (!k->space)
		return;
	vfree_deferred(k);
	vm_purge(k);
	va_shrink(k->space);
}

/* ---- areas that come -------------------------------------------------- */

static enum vm_kind kind_of_flags(unsigned long flags)
{
	if (flags & VM_ALLOC)
		return VM_KIND_ALLOC;
	if (flags & VM_RAM)
		return VM_KIND_RAM;
	return flags & VM_MAP ? VM_KIND_MAP : VM_KIND_OTHER;
}

static struct vm_struct *vm_struct_alloc(const struct vm_request *r)
{
	size_t places = r->nr_places * sizeof(struct page *);
	gfp_t gfp = r->gfp & GFP_RECLAIM_MASK;
	struct vm_struct *vm;

	/* Where the size is a constant, the cache is known. */
	if (unlikely(r->node != NUMA_NO_NODE))
		vm = kmalloc_node(sizeof(*vm) + places, gfp, r->node);
	else if (r->nr_places <= FEW_PLACES)
		vm = kmalloc(sizeof(*vm) + FEW_PLACES * sizeof(void *), gfp);
	else if (r->nr_places <= SOME_PLACES)
		vm = kmalloc(sizeof(*vm) + SOME_PLACES * sizeof(void *), gfp);
	else
		vm = kmalloc(sizeof(*vm) + places, gfp);
	if (unlikely(!vm))
		return NULL;
	*vm = (struct vm_struct){
		.size = r->size + (r->flags & VM_NO_GUARD ? 0 : PAGE_SIZE),
		.flags = r->flags | VM_UNINITIALIZED,
		.caller = r->caller,
		.requested = r->requested,
		.pid = current ? current->pid : 0,
	};
	if (places) {
		vm->pages = (struct page **)(vm + 1);
		if (r->nr_places == 1)
			vm->pages[0] = NULL;
		else
			memset(vm->pages, 0, places);
	}
	return vm;
}

/* All addresses, which are the quickest to have, are those of the space. */
static unsigned long range_end(const struct kvirt_state *k,
			       const struct vm_request *r)
{
	return r->end == VMALLOC_END ? k->end : r->end;
}

struct vm_struct *vm_area_create(const struct vm_request *r)
{
	struct kvirt_state *k = kvirt_state();
	struct vm_struct *vm;
	unsigned long addr = 0;

	if (unlikely(!k->space))
		return NULL;
	vm = vm_struct_alloc(r);
	if (unlikely(!vm))
		return NULL;
	if (likely(vm->size > r->size || r->flags & VM_NO_GUARD))
		addr = va_alloc(k->space, vm->size, max(r->align, PAGE_SIZE),
				r->start, range_end(k, r),
				(void *)((unsigned long)vm |
					 kind_of_flags(r->flags)),
				r->gfp & GFP_RECLAIM_MASK);
	trace_alloc_vmap_area(addr, vm->size, max(r->align, PAGE_SIZE),
			      r->start, range_end(k, r), !addr);
	if (likely(addr)) {
		vm->addr = (void *)addr;
		return vm;
	}
	kfree(vm);
	if (!(r->gfp & __GFP_NOWARN) &&
	    report_allowed(&k->limit, LIMIT_PERIOD, LIMIT_BURST,
			   "vmalloc_node_range"))
		pr_warn("vmalloc_node_range for size %lu failed: Address range restricted to %#lx - %#lx\n",
			r->size, r->start, r->end);
	return NULL;
}

void vm_area_publish(struct vm_struct *vm)
{
	/* Pairs with the acquire of who looks at areas (vmallocinfo.c). */
	smp_store_release(&vm->flags, vm->flags & ~VM_UNINITIALIZED);
}

int vm_show(struct kvirt_state *k, unsigned long start, unsigned long end)
{
	int err = port_kvirt_show(start, end);

	if (unlikely(err))
		kvirt_unmap(k, start, end);
	return err;
}

/* ---- areas that go ---------------------------------------------------- */

static void area_release(struct kvirt_state *k, unsigned long start)
{
	unsigned long lazy, max;

	va_release(k->space, start);
	if (!trace_free_vmap_area_noflush_enabled())
		return;
	va_get_lazy(k->space, &lazy, &max);
	trace_free_vmap_area_noflush(start, lazy, max);
}

static void retire(struct kvirt_state *k, struct vm_struct *vm)
{
	unsigned long start = (unsigned long)vm->addr;

	/* Of any CPU: this one's only lest they meet. */
	llist_add(&vm->retired, raw_cpu_ptr(&vm_retired));
	/* A purge may have freed @vm by now. */
	area_release(k, start);
}

void vm_area_cancel(struct vm_struct *vm)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long size;

	BUG_ON(!va_disown(k->space, (unsigned long)vm->addr, &size));
	retire(k, vm);
}

void vm_area_retire(struct vm_struct *vm, const void *caller)
{
	struct kvirt_state *k = kvirt_state();
	bool now = vm->flags & VM_FLUSH_RESET_PERMS;

	__atomic_store_n(&vm->freed_by, caller, __ATOMIC_RELAXED);
	retire(k, vm);
	if (unlikely(now))
		vm_purge(k);
	else
		purge_if_due(k);
}

static const char *kind_name(enum vm_kind kind)
{
	static const char *const names[] = {
		[VM_KIND_OTHER] = "get_vm_area() or ioremap()",
		[VM_KIND_ALLOC] = "vmalloc()",
		[VM_KIND_MAP] = "vmap()",
		[VM_KIND_RAM] = "vm_map_ram()",
	};

	return names[kind];
}

static void refuse(const void *addr, const char *call, const char *why)
{
	atomic_long_inc(&kvirt_state()->nr_bad);
	WARN(1, "Trying to %s %s (%px)\n", call, why, addr);
}

void vm_area_refuse(const void *addr, const char *call)
{
	struct kvirt_state *k = kvirt_state();
	struct va_area area;
	char why[96];

	if (!k->space) {
		refuse(addr, call, "nonexistent vm area");
	} else if (!PAGE_ALIGNED(addr)) {
		refuse(addr, call, "bad address");
	} else if (!va_find(k->space, (unsigned long)addr, &area)) {
		refuse(addr, call, "nonexistent vm area");
	} else if (area.start == (unsigned long)addr) {
		scnprintf(why, sizeof(why), "what is of %s",
			  kind_name(vm_kind_of_owner(area.owner)));
		refuse(addr, call, why);
	} else {
		scnprintf(why, sizeof(why),
			  "nonexistent vm area, %lu bytes inside one of %s",
			  (unsigned long)addr - area.start,
			  kind_name(vm_kind_of_owner(area.owner)));
		refuse(addr, call, why);
	}
}

/* ---- Linux's calls ---------------------------------------------------- */

static struct vm_struct *area_get(unsigned long size, unsigned long flags,
				  unsigned long start, unsigned long end,
				  const void *caller)
{
	struct vm_request r = {
		.size = PAGE_ALIGN(size), .requested = size, .start = start,
		.end = end, .flags = flags, .node = NUMA_NO_NODE,
		.gfp = GFP_KERNEL, .caller = caller,
	};
	struct vm_struct *vm;

	might_sleep();
	if (WARN_ON(in_interrupt()) || !r.size)
		return NULL;
	if (flags & VM_IOREMAP)
		r.align = 1UL << clamp(fls64(r.size - 1), PAGE_SHIFT,
				       IOREMAP_MAX_ORDER);
	vm = vm_area_create(&r);
	if (vm)
		vm_area_publish(vm);
	return vm;
}

struct vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags,
				     const void *caller)
{
	return area_get(size, flags, VMALLOC_START, VMALLOC_END, caller);
}

struct vm_struct *get_vm_area(unsigned long size, unsigned long flags)
{
	return area_get(size, flags, VMALLOC_START, VMALLOC_END,
			__builtin_return_address(0));
}

struct vm_struct *__get_vm_area_caller(unsigned long size,
				       unsigned long flags,
				       unsigned long start, unsigned long end,
				       const void *caller)
{
	return area_get(size, flags, start, end, caller);
}

struct vm_struct *find_vm_area(const void *addr)
{
	struct kvirt_state *k = kvirt_state();
	struct va_area area;

	if (!k->space || !va_find(k->space, (unsigned long)addr, &area))
		return NULL;
	return vm_kind_of_owner(area.owner) == VM_KIND_RAM ?
	       NULL : vm_of_owner(area.owner);
}

/*
 * The caller will free the struct, so nobody may be looking at it: that is
 * what the mutex is for.
 */
static struct vm_struct *area_remove(const void *addr, const char *call)
{
	struct kvirt_state *k = kvirt_state();
	struct vm_struct *vm;

	might_sleep();
	mutex_lock(&k->areas_mutex);
	vm = vm_area_take(addr, KIND(VM_KIND_OTHER) | KIND(VM_KIND_ALLOC) |
			  KIND(VM_KIND_MAP), call);
	mutex_unlock(&k->areas_mutex);
	if (!vm)
		return NULL;
	vm_area_unmap(vm);
	area_release(k, (unsigned long)addr);
	if (vm->flags & VM_FLUSH_RESET_PERMS)
		vm_purge(k);
	else
		purge_if_due(k);
	return vm;
}

struct vm_struct *remove_vm_area(const void *addr)
{
	return area_remove(addr, "remove_vm_area()");
}

void free_vm_area(struct vm_struct *area)
{
	struct vm_struct *vm = area_remove(area->addr, "free_vm_area()");

	BUG_ON(vm != area);
	kfree(vm);
}

/* ---- start-up --------------------------------------------------------- */

void __init vmalloc_init(void)
{
	struct kvirt_state *k = kvirt_state();
	int err;

	page_list_init(&k->empty);
	mutex_init(&k->areas_mutex);
	init_llist_head(&k->deferred);
	vfree_deferred_init();
	err = port_kvirt_setup(&k->start, &k->end, &k->root, &k->huge);
	if (!err)
		err = kvirt_tables_setup(k);
	if (!err)
		err = va_space_create(&k->space, k->start, k->end, &space_ops,
				      k);
	if (err)
		panic("no addresses for kernel mappings: error %d", err);
}
