/* SPDX-License-Identifier: MIT */
/*
 * The part of an allocation and of a free that is done for nearly every
 * object, for ports that have no better way: inside the CPU's section, of
 * which only `busy` is looked at. Who claims the section closes the front, so
 * these find slots that hold nothing and have no room. Included by
 * mm/slab/internal.h alone, which has the structures.
 *
 *   this CPU                              who claims
 *     busy = 1                              closes the front (release)
 *     the front's slots (acquire)           port_cpu_barrier()
 *     ... use ...                           wait until busy is 0
 *     busy = 0
 */
#ifndef _ASM_GENERIC_SLAB_FAST_H
#define _ASM_GENERIC_SLAB_FAST_H

#include <linux/preempt.h>
#include <asm/sched.h>

/*
 * The front of this CPU, in its section; NULL: it is not for now. A CPU
 * without a tick is asked for what is due when it comes here: the slow way
 * turns preemption off and on, which does it.
 */
static __always_inline struct slab_front *slab_fast_enter(unsigned long anchor)
{
	struct slab_front *front;

	if (PORT_HAS_TICK) {
		preempt_disable();
		anchor = cpu_anchor();
	} else if (unlikely(this_cpu_any_at(anchor, __need_resched))) {
		return NULL;
	}
	front = this_cpu_ptr_at(anchor, &slab_front);
	if (likely(!port_load(&front->section.busy, __ATOMIC_RELAXED)) ||
	    PLANT(slab_interrupt_in)) {
		port_store(&front->section.busy, 1, __ATOMIC_RELAXED);
		barrier();
		return front;
	}
	if (PORT_HAS_TICK)
		preempt_enable();
	return NULL;
}

static __always_inline void slab_fast_leave(struct slab_front *front)
{
	cpu_section_leave(&front->section);
	if (PORT_HAS_TICK)
		preempt_enable();
}

/*
 * This CPU's newest object of @cache, of its own node. NULL: there is none, or
 * preemption is off and @sleeps.
 */
static __always_inline void *slab_fast_pop(const struct kmem_cache *cache,
					   bool sleeps)
{
	unsigned long anchor = cpu_anchor();
	struct slab_front *front;
	struct slab_slot *slot;
	void *object;
	u32 n;

	if (sleeps && unlikely(this_cpu_any_at(anchor, __preempt_count)))
		return NULL;
	front = slab_fast_enter(anchor);
	if (unlikely(!front))
		return NULL;
	/* Pairs with the releases in front_open() and front_close(). */
	slot = (struct slab_slot *)(port_load(&front->local, __ATOMIC_ACQUIRE) +
				    cache->slot_offset);
	n = slot->count;
	if (unlikely(!n)) {
		slab_fast_leave(front);
		return NULL;
	}
	object = slot->objs[n - 1];
	slot_set_count(slot, n - 1);
	slab_fast_leave(front);
	/* What was NULL would not have been kept: spare the caller a test. */
	if (!object)
		__builtin_unreachable();
	return object;
}

/*
 * The same as slab_keep() for an object of @cache. If it is of this node, its
 * slot is known without a look at the object: what the object's frame says is
 * only compared, so that nobody waits for it.
 */
static __always_inline bool slab_keep_of(const struct slab_front *front,
					 const struct kmem_cache *cache,
					 void *object)
{
	/* Pair with the releases in front_open() and front_close(). */
	struct slab_slot *slots = port_load(&front->slots, __ATOMIC_ACQUIRE);
	struct slab_slot *slot =
		(struct slab_slot *)(port_load(&front->local,
					       __ATOMIC_ACQUIRE) +
				     cache->slot_offset);
	unsigned long phys = direct_offset(object), pfn = phys >> PAGE_SHIFT;
	struct slab_slot *frames_slot;

	if (unlikely(pfn >= front->nr_frames))
		return false;
	frames_slot = front_slot(front, slots, pfn);
	if (unlikely(frames_slot != slot))
		return slab_keep_remote(frames_slot, cache, object);
	/* Not to be taken for the other one, which depends on the object. */
	OPTIMIZER_HIDE_VAR(slot);
	return slot_keep(slot, phys, object);
}

/*
 * Keeps @object for this CPU if it is an object of @cache (@any: of any), is
 * not what was freed last, and there is room. False: it is not for here.
 */
static __always_inline bool slab_fast_push(const struct kmem_cache *cache,
					   bool any, void *object)
{
	struct slab_front *front = slab_fast_enter(cpu_anchor());
	bool kept;

	if (unlikely(!front))
		return false;
	if (any)
		/* Pairs as above. */
		kept = slab_keep(front,
				 port_load(&front->slots, __ATOMIC_ACQUIRE),
				 true, NULL, object);
	else
		kept = slab_keep_of(front, cache, object);
	slab_fast_leave(front);
	return kept;
}

#endif
