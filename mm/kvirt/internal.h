/* SPDX-License-Identifier: MIT */
/* What the files of mm/kvirt share. */
#ifndef _MM_KVIRT_INTERNAL_H
#define _MM_KVIRT_INTERNAL_H

#include <linux/percpu-defs.h>
#include <linux/vmalloc.h>
#include <octavo/machine.h>
#include <octavo/port.h>

#include "tables.h"
#include "va.h"

DECLARE_PER_CPU(struct llist_head, vm_retired);

static inline struct kvirt_state *kvirt_state(void)
{
	return &this_machine()->kvirt;
}

/*
 * What an area is for: the low bits of its owner in the space of addresses,
 * so that a wrong free is known before anything of the area is touched.
 */
enum vm_kind {
	VM_KIND_OTHER,		/* get_vm_area(): ioremap(), vmap_pfn() */
	VM_KIND_ALLOC,		/* vmalloc() */
	VM_KIND_MAP,		/* vmap() */
	VM_KIND_RAM,		/* vm_map_ram() */
};
#define VM_KIND_MASK	3UL	/* of addresses that kmalloc() gives */

/* The area of an owner as va_find() and va_next() tell it. */
static inline struct vm_struct *vm_of_owner(void *owner)
{
	return (struct vm_struct *)((unsigned long)owner & ~VM_KIND_MASK);
}

static inline enum vm_kind vm_kind_of_owner(void *owner)
{
	return (enum vm_kind)((unsigned long)owner & VM_KIND_MASK);
}

/* What a request says of how memory is found, and not of which. */
#define GFP_RECLAIM_MASK						\
	(__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_NOWARN | \
	 __GFP_RETRY_MAYFAIL | __GFP_NOFAIL | __GFP_NORETRY |		\
	 __GFP_MEMALLOC | __GFP_NOMEMALLOC)

/* What an area is to be like. */
struct vm_request {
	unsigned long size;	/* bytes, whole pages, no guard page */
	unsigned long requested;	/* bytes, as the caller had it */
	unsigned long align;	/* bytes, a power of two; 0: a page */
	unsigned long start;	/* within [start, end) */
	unsigned long end;
	unsigned long flags;	/* VM_* */
	unsigned int nr_places;	/* of pages[], which lie behind the struct and
				 * hold NULL; 0: pages is NULL */
	int node;		/* of the struct, or NUMA_NO_NODE */
	gfp_t gfp;
	const void *caller;
};

/*
 * An area as asked for, with VM_UNINITIALIZED; NULL: no addresses, after a
 * line unless __GFP_NOWARN, or no memory. Sleeps as far as @gfp lets it.
 */
struct vm_struct *vm_area_create(const struct vm_request *request);
/* Others may look at it from here on. */
void vm_area_publish(struct vm_struct *vm);
/* Takes an area back that never was published. Nothing is mapped in it. */
void vm_area_cancel(struct vm_struct *vm);
/* A line that names @call and says what is wrong with @addr. Any context. */
void vm_area_refuse(const void *addr, const char *call);
/*
 * The area of one of @kinds (bits by enum vm_kind) that begins at @addr, which
 * is nobody's from here on. NULL, after vm_area_refuse(): there is no such.
 * Any context but NMI.
 */
static inline struct vm_struct *
vm_area_take(const void *addr, unsigned int kinds, const char *call)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long size;
	void *owner = NULL;

	if (likely(k->space))
		owner = va_disown_kind(k->space, (unsigned long)addr, kinds,
				       &size);
	if (likely(owner))
		return vm_of_owner(owner);
	vm_area_refuse(addr, call);
	return NULL;
}

/* Empties a taken area. CPUs may remember what was there. */
static inline void vm_area_unmap(struct vm_struct *vm)
{
	unsigned long start = (unsigned long)vm->addr;
	unsigned long size = get_vm_area_size(vm);

	kvirt_unmap(kvirt_state(), start, start + size);
	if (PORT_CHECKS_MEMORY)
		port_poison((void *)start, size);
}
/* What was unmapped goes, addresses and struct, once CPUs have flushed. */
void vm_area_retire(struct vm_struct *vm, const void *caller);
/* Flushes and frees all that is retired. May sleep. */
void vm_purge(struct kvirt_state *k);

/* What the port shows of a range that was just mapped; unmaps it if it fails. */
int vm_show(struct kvirt_state *k, unsigned long start, unsigned long end);

/* vfree() of what vfree_atomic() left. Task context. */
void vfree_deferred(struct kvirt_state *k);
void vfree_deferred_init(void);
/* Pages that vmalloc() gave, or (negative) got back. */
void vmalloc_count(long pages);

#endif
