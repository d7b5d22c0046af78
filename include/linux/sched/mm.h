/* SPDX-License-Identifier: MIT */
/*
 * Scopes: what a task's requests for memory may not do while it is in the
 * middle of something, whatever flags they carry. They nest:
 *
 *	unsigned int was = memalloc_nofs_save();
 *	... a transaction of a file system, which reclaim must not enter ...
 *	memalloc_nofs_restore(was);
 *
 *  scope      its requests
 *  noio       start no I/O and call no file system    (a block driver)
 *  nofs       call no file system                     (a file system)
 *  noreclaim  reclaim nothing and may use all reserves (reclaim itself)
 *  pin        are not movable, as their pages will be pinned for long
 *
 * A scope is its task's alone: interrupts that meet the task are not in it.
 */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/gfp_types.h>
#include <linux/sched.h>

#define PF_MEMALLOC_SCOPES						\
	(PF_MEMALLOC_NOIO | PF_MEMALLOC_NOFS | PF_MEMALLOC_PIN)

/* @flags as the scopes of the current task leave them. Any context. */
static inline gfp_t current_gfp_context(gfp_t flags)
{
	const struct task_struct *task = current;
	unsigned int scopes;

	if (unlikely(!task))
		return flags;
	scopes = READ_ONCE(task->flags);
	if (likely(!(scopes & PF_MEMALLOC_SCOPES)))
		return flags;
	if (scopes & PF_MEMALLOC_NOIO)
		flags &= ~(__GFP_IO | __GFP_FS);
	if (scopes & PF_MEMALLOC_NOFS)
		flags &= ~__GFP_FS;
	if (scopes & PF_MEMALLOC_PIN)
		flags &= ~__GFP_MOVABLE;
	return flags;
}

/* Enters a scope; returns what memalloc_flags_restore() needs to leave it. */
static inline unsigned int memalloc_flags_save(unsigned int scope)
{
	unsigned int was = ~current->flags & scope;

	current->flags |= scope;
	return was;
}

static inline void memalloc_flags_restore(unsigned int was)
{
	current->flags &= ~was;
}

#define memalloc_noio_save()		memalloc_flags_save(PF_MEMALLOC_NOIO)
#define memalloc_noio_restore(was)	memalloc_flags_restore(was)
#define memalloc_nofs_save()		memalloc_flags_save(PF_MEMALLOC_NOFS)
#define memalloc_nofs_restore(was)	memalloc_flags_restore(was)
#define memalloc_noreclaim_save()	memalloc_flags_save(PF_MEMALLOC)
#define memalloc_noreclaim_restore(was)	memalloc_flags_restore(was)
/*
 * The machine counts pin scopes, as what they ask for is not looked at by the
 * fast path otherwise.
 */
unsigned int memalloc_pin_save(void);
void memalloc_pin_restore(unsigned int was);

#endif
