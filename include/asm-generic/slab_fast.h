/* SPDX-License-Identifier: MIT */
/*
 * The part of an allocation and of a free that is done for nearly every
 * object, for ports that have no better way: inside the CPU's section.
 * Included by mm/slab/internal.h alone, which has the structures.
 *
 * A port may answer differently, as x86 does; it then closes a CPU's front
 * (SLAB_FRONTS_CLOSE) to keep these two off where here the section does.
 */
#ifndef _ASM_GENERIC_SLAB_FAST_H
#define _ASM_GENERIC_SLAB_FAST_H

#include <linux/preempt.h>
#include <asm/sched.h>

/* Who claims a section, or is inside, need not close the front as well. */
#define SLAB_FRONTS_CLOSE	0

/* The front of this CPU, in its section; NULL: it is not for now. */
static __always_inline struct slab_front *slab_fast_enter(void)
{
	struct slab_front *front;

	if (PORT_HAS_TICK)
		preempt_disable();
	front = this_cpu_ptr(&slab_front);
	if (likely(cpu_section_enter(&front->section)))
		return front;
	if (PORT_HAS_TICK)
		preempt_enable();
	return NULL;
}

/* A CPU without a tick is asked for what is due when it leaves something. */
static __always_inline void slab_fast_leave(struct slab_front *front)
{
	cpu_section_leave(&front->section);
	if (PORT_HAS_TICK)
		preempt_enable();
	else if (unlikely(need_resched()))
		preempt_schedule();
}

/*
 * This CPU's newest object of @cache, of its own node. NULL: there is none, or
 * preemption is off and @sleeps.
 */
static __always_inline void *slab_fast_pop(const struct kmem_cache *cache,
					   bool sleeps)
{
	struct slab_front *front;
	struct slab_slot *slot;
	void *object = NULL;
	u32 n;

	if (sleeps && unlikely(preempt_count()))
		return NULL;
	front = slab_fast_enter();
	if (unlikely(!front))
		return NULL;
	slot = (struct slab_slot *)(front->local + cache->slot_offset);
	n = slot->count;
	if (likely(n)) {
		object = slot->objs[n - 1];
		slot_set_count(slot, n - 1);
	}
	slab_fast_leave(front);
	return object;
}

/*
 * Keeps @object for this CPU if it is an object of @cache (@any: of any), is
 * not what was freed last, and there is room. False: it is not for here.
 */
static __always_inline bool slab_fast_push(const struct kmem_cache *cache,
					   bool any, void *object)
{
	struct slab_front *front = slab_fast_enter();
	bool kept;

	if (unlikely(!front))
		return false;
	kept = slab_keep(front, any, cache, object);
	slab_fast_leave(front);
	return kept;
}

#endif
