/* SPDX-License-Identifier: MIT */
/*
 * Read-copy update: readers that take no lock, and updaters that wait until
 * every reader who could know of what they removed is done. The theory stands
 * in kernel/rcu.c.
 *
 * Whatever keeps preemption off is a read section: rcu_read_lock() and its
 * variants, spin locks, interrupts, get_cpu(). It may not sleep.
 *
 * Differs from Linux: a section with nothing but interrupts off is one where
 * the port's CPUs are real, and none on the host; there is one flavour, so
 * that rcu_read_lock_bh() and rcu_read_lock_sched() are the same;
 * synchronize_rcu() is as fast as synchronize_rcu_expedited() everywhere.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

#define __rcu

/*
 * A line for a use outside of a section, in builds with VM_BUG_ON(); like it,
 * nothing in others.
 */
void rcu_suspicious(const char *file, int line, const char *what);
#ifdef CONFIG_DEBUG_VM
#define RCU_LOCKDEP_WARN(c, what) do {					\
	if (unlikely(c))						\
		rcu_suspicious(__FILE__, __LINE__, what);		\
} while (0)
#else
#define RCU_LOCKDEP_WARN(c, what)	((void)sizeof((long)(c)))
#endif

/* ---- readers ---------------------------------------------------------- */

/* No locked instruction. They nest. Any context. */
#define rcu_read_lock()			preempt_disable()
#define rcu_read_unlock()		preempt_enable()
#define rcu_read_lock_bh()		rcu_read_lock()
#define rcu_read_unlock_bh()		rcu_read_unlock()
#define rcu_read_lock_sched()		rcu_read_lock()
#define rcu_read_unlock_sched()		rcu_read_unlock()
#define rcu_read_lock_sched_notrace()	rcu_read_lock()
#define rcu_read_unlock_sched_notrace()	rcu_read_unlock()

/* Whether the caller is in a read section. */
#define rcu_read_lock_held()		(!preemptible())
#define rcu_read_lock_bh_held()		rcu_read_lock_held()
#define rcu_read_lock_sched_held()	rcu_read_lock_held()
#define rcu_read_lock_any_held()	rcu_read_lock_held()
/* Whether there is a reader to look at: always. */
#define rcu_is_watching()		true

/* The pointer's value without what it points to; no section is needed. */
#define rcu_access_pointer(p)						\
	(port_read_point(&(p)), __atomic_load_n(&(p), __ATOMIC_RELAXED))
/*
 * A pointer to follow: what was written before rcu_assign_pointer() is seen
 * through it. Inside a section, or where it cannot change.
 */
#define rcu_dereference_raw(p)		smp_load_acquire(&(p))
#define rcu_dereference_check(p, c) ({					\
	RCU_LOCKDEP_WARN(!(rcu_read_lock_held() || (c)),		\
			 "suspicious rcu_dereference_check() usage");	\
	rcu_dereference_raw(p); })
#define rcu_dereference_bh_check(p, c)	rcu_dereference_check(p, c)
#define rcu_dereference_sched_check(p, c) rcu_dereference_check(p, c)
#define rcu_dereference(p)		rcu_dereference_check(p, 0)
#define rcu_dereference_bh(p)		rcu_dereference(p)
#define rcu_dereference_sched(p)	rcu_dereference(p)
/* For the updater, whose lock (condition @c) keeps the pointer as it is. */
#define rcu_dereference_protected(p, c) ({				\
	RCU_LOCKDEP_WARN(!(c),						\
			 "suspicious rcu_dereference_protected() usage"); \
	rcu_access_pointer(p); })
/* Other means than RCU protect what @p points to from here on. */
#define rcu_pointer_handoff(p)		(p)
#define unrcu_pointer(p)		(p)

/* ---- updaters --------------------------------------------------------- */

#define RCU_INITIALIZER(v)		(v)
/* Publishes @v, with all that was written before. */
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), (v))
/* Where nothing behind @v is new: NULL, or readers are not there yet. */
#define RCU_INIT_POINTER(p, v)						\
	(port_point(&(p)), __atomic_store_n(&(p), (v), __ATOMIC_RELAXED))
#define RCU_POINTER_INITIALIZER(p, v)	.p = RCU_INITIALIZER(v)
/* The old pointer, for @v, by who holds the lock of condition @c. */
#define rcu_replace_pointer(p, v, c) ({					\
	__typeof__(p) __was = rcu_dereference_protected(p, c);		\
									\
	rcu_assign_pointer(p, v);					\
	__was; })

/*
 * Waits until every read section that had begun before is over. May sleep;
 * not in a read section, which would be waited for itself.
 */
void synchronize_rcu(void);
static inline void synchronize_rcu_expedited(void)
{
	synchronize_rcu();
}
#define synchronize_net()		synchronize_rcu()
#define synchronize_rcu_mult(...)	synchronize_rcu()

typedef void (*rcu_callback_t)(struct rcu_head *head);
typedef void (*call_rcu_func_t)(struct rcu_head *head, rcu_callback_t func);

/*
 * Calls func(@head) once every read section that had begun before is over.
 * The caller owns @head again when @func is called, in which nothing may
 * sleep (in_softirq()). Any context but NMI. Callbacks of one CPU are called
 * in the order of their requests.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func);
static inline void call_rcu_hurry(struct rcu_head *head, rcu_callback_t func)
{
	call_rcu(head, func);
}
/* Waits until all callbacks that had been asked for have returned. May sleep. */
void rcu_barrier(void);

/* For a look, inside a section, at whether call_rcu() took @head. */
static inline void rcu_head_init(struct rcu_head *head)
{
	head->func = (rcu_callback_t)~0UL;
}

static inline bool rcu_head_after_call_rcu(struct rcu_head *head,
					   rcu_callback_t func)
{
	rcu_callback_t is = READ_ONCE(head->func);

	return is == func;
}

#define init_rcu_head(head)		((void)(head))
#define destroy_rcu_head(head)		((void)(head))
#define init_rcu_head_on_stack(head)	((void)(head))
#define destroy_rcu_head_on_stack(head)	((void)(head))

/*
 * Grace periods by number: a state to be over once all readers of now are
 * done; the second form sees to it that this happens. poll: whether it has
 * happened; cond: waits unless it has.
 */
unsigned long get_state_synchronize_rcu(void);
unsigned long start_poll_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long state);
void cond_synchronize_rcu(unsigned long state);
static inline unsigned long get_completed_synchronize_rcu(void)
{
	return 0;
}

/* ---- objects ---------------------------------------------------------- */

/*
 * kfree(@ptr) after a grace period: kfree_rcu(ptr, field), @field the struct
 * rcu_head in it; any context but NMI, and nothing is allocated.
 * kfree_rcu_mightsleep(ptr) needs no such field, and may sleep. NULL is let
 * pass. See mm/slab/kfree_rcu.c.
 */
void kvfree_call_rcu(struct rcu_head *head, void *ptr);
#define kvfree_rcu_arg_2(ptr, field) do {				\
	__typeof__(ptr) __p = (ptr);					\
									\
	if (__p)							\
		kvfree_call_rcu(&__p->field, (void *)__p);		\
} while (0)
#define kvfree_rcu_arg_1(ptr) do {					\
	__typeof__(ptr) __p = (ptr);					\
									\
	if (__p)							\
		kvfree_call_rcu(NULL, (void *)__p);			\
} while (0)
#define kfree_rcu(ptr, field)		kvfree_rcu_arg_2(ptr, field)
#define kvfree_rcu(ptr, field)		kvfree_rcu_arg_2(ptr, field)
#define kfree_rcu_mightsleep(ptr)	kvfree_rcu_arg_1(ptr)
#define kvfree_rcu_mightsleep(ptr)	kvfree_rcu_arg_1(ptr)
/* Waits until all objects that had been given are freed. May sleep. */
void kvfree_rcu_barrier(void);
/*
 * Has grace periods begin for what has been given; CPUs for which there is
 * something to wait for. Any context but NMI.
 */
unsigned long kvfree_rcu_start(void);

/* ---- for the core ----------------------------------------------------- */

/* Start-up, and once more when threads can be made. */
void rcu_init(void);
void rcu_init_late(void);
/*
 * A call at a place where this CPU is in no read section: task context,
 * preemption and interrupts on. RESCHED_RCU asks for it.
 */
void rcu_quiescent(void);
/* Stops the machine unless the invariants in kernel/rcu.c hold. May sleep. */
void rcu_check(void);

#endif
