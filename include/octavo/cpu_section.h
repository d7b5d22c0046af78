/* SPDX-License-Identifier: MIT */
/*
 * A part of a CPU's own data that the CPU uses without a locked instruction,
 * and that others can still have to themselves.
 *
 *   the CPU                              who claims it
 *     preemption off                       lock (of all claimers)
 *     busy = 1                             claimed |= CPU_SECTION_CLAIMED
 *     claimed? then busy = 0, keep off     port_cpu_barrier()
 *     ... use ...                          wait until busy is 0
 *     busy = 0                             ... use ...
 *                                          claimed &= ~CPU_SECTION_CLAIMED
 *
 * The store of busy and the load of claimed may pass each other on the CPU;
 * the barrier, which runs on it, makes up for that, so the two never both
 * miss what the other stored. An interrupt that meets a busy section keeps
 * off as well. So whoever cannot enter needs another way to do its work.
 */
#ifndef _OCTAVO_CPU_SECTION_H
#define _OCTAVO_CPU_SECTION_H

#include <linux/atomic.h>
#include <linux/percpu-defs.h>
#include <linux/preempt.h>
#include <octavo/plant.h>
#include <asm/point.h>

#define CPU_SECTION_CLAIMED	1u	/* somebody else is in there */
#define CPU_SECTION_OFF		2u	/* there is nothing, or the CPU is off */
#define CPU_SECTION_WATCHED	4u	/* every call is to take the slow path */
#define CPU_SECTION_SAMPLE	8u	/* the next one is; set by the CPU itself */
#define CPU_SECTION_TRACED	16u	/* as WATCHED, but that path may enter */

/* a: atomic */
struct cpu_section {
	u32 busy;		/* a: the CPU is inside */
	u32 claimed;		/* a: CPU_SECTION_*; under the claimers' lock,
				 * but for CPU_SECTION_SAMPLE */
};

/*
 * Of this CPU, with preemption off. False: not inside, keep off. Reasons of
 * @but do not count.
 */
static __always_inline bool cpu_section_enter_but(struct cpu_section *s,
						  u32 but)
{
	/* An interrupt, maybe, or a call made by who is inside. */
	if (unlikely(port_load(&s->busy, __ATOMIC_RELAXED)) &&
	    !PLANT(slab_interrupt_in))
		return false;
	port_store(&s->busy, 1, __ATOMIC_RELAXED);
	barrier();
	/* Pairs with the release in cpu_section_release(). */
	if (likely(!(port_load(&s->claimed, __ATOMIC_ACQUIRE) & ~but)))
		return true;
	port_store(&s->busy, 0, __ATOMIC_RELEASE);
	return false;
}

static __always_inline bool cpu_section_enter(struct cpu_section *s)
{
	return cpu_section_enter_but(s, 0);
}

static __always_inline void cpu_section_leave(struct cpu_section *s)
{
	/* Pairs with the acquire in cpu_section_wait(). */
	port_store(&s->busy, 0, __ATOMIC_RELEASE);
}

/*
 * Turns preemption off and enters the section @s of this CPU, a per-CPU
 * variable given by its template's address; *@mine is this CPU's. False:
 * outside, and preemption is as it was. Reasons of @but do not count.
 */
static inline bool cpu_section_lock_but(struct cpu_section *s,
					struct cpu_section **mine, u32 but)
{
	preempt_disable();
	*mine = this_cpu_ptr(s);
	if (likely(cpu_section_enter_but(*mine, but)))
		return true;
	preempt_enable();
	return false;
}

static inline bool cpu_section_lock(struct cpu_section *s,
				    struct cpu_section **mine)
{
	return cpu_section_lock_but(s, mine, 0);
}

static inline void cpu_section_unlock(struct cpu_section *mine)
{
	cpu_section_leave(mine);
	preempt_enable();
}

/* Claimers: under their lock, port_cpu_barrier() between the two. */
static inline void cpu_section_claim(struct cpu_section *s, u32 why)
{
	port_point();
	__atomic_fetch_or(&s->claimed, why, __ATOMIC_RELAXED);
}

static inline void cpu_section_wait(const struct cpu_section *s)
{
	while (port_load(&s->busy, __ATOMIC_ACQUIRE))
		cpu_relax();
}

static inline void cpu_section_release(struct cpu_section *s, u32 why)
{
	port_point();
	/* Pairs with the acquire in cpu_section_enter(). */
	__atomic_fetch_and(&s->claimed, ~why, __ATOMIC_RELEASE);
}

#endif
