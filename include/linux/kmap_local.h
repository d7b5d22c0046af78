/* SPDX-License-Identifier: MIT */
/*
 * What the scheduler has to know of kmap_local_page(): kernel/kmap_local.c.
 * Nothing where there is no high memory.
 */
#ifndef _LINUX_KMAP_LOCAL_H
#define _LINUX_KMAP_LOCAL_H

#include <octavo/kmap_types.h>

#ifdef CONFIG_HIGHMEM
#include <linux/percpu-defs.h>
#include <asm/page.h>

/*
 * The address of the page mapped last, by the thread that runs here and the
 * interrupts on top of it; the address behind the last that there is.
 */
DECLARE_PER_CPU(unsigned long, kmap_local_top);
DECLARE_PER_CPU(unsigned long, kmap_local_end);

/* Without any, the last is the unused page in front of the first. */
#define KMAP_LOCAL_BYTES	(KM_PAGES_PER_CPU * PAGE_SIZE)

/* The first slot of this CPU; preemption is off, or pages are mapped here. */
static inline unsigned long kmap_local_start(void)
{
	return this_cpu_read(kmap_local_end) - KM_MAX_IDX * PAGE_SIZE;
}

/* Interrupts off, or preemption. */
static inline bool kmap_local_used(void)
{
	return this_cpu_read(kmap_local_top) + KMAP_LOCAL_BYTES !=
	       this_cpu_read(kmap_local_end);
}

struct task_struct;

/*
 * @p, the current thread, gives its CPU away: what it has mapped is kept in
 * @p->kmap and unmapped; and @p has it again. Interrupts off.
 */
void __kmap_local_sched_out(struct task_struct *p);
void __kmap_local_sched_in(struct task_struct *p);
/* @p, the current thread, is about to end: what it has mapped is reported. */
void __kmap_local_exit(struct task_struct *p);

#define kmap_local_sched_out(p) do {					\
	if (unlikely(kmap_local_used()))				\
		__kmap_local_sched_out(p);				\
} while (0)
#define kmap_local_sched_in(p) do {					\
	if (unlikely((p)->kmap.nr))					\
		__kmap_local_sched_in(p);				\
} while (0)
#define kmap_local_exit(p) do {						\
	if (unlikely(kmap_local_used()))				\
		__kmap_local_exit(p);					\
} while (0)
/* Whether @p, which does not run, has pages of its CPU's slots. */
#define kmap_local_pinned(p)	((p)->kmap.nr != 0)

/* All CPUs' slots, and kmap()'s; start_kernel(), once CPUs have areas. */
void kmap_init(void);
#else
#define kmap_local_sched_out(p)	((void)(p))
#define kmap_local_sched_in(p)	((void)(p))
#define kmap_local_exit(p)	((void)(p))
#define kmap_local_pinned(p)	((void)(p), false)
static inline void kmap_init(void) {}
#endif

#endif
