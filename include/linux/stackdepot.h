/* SPDX-License-Identifier: MIT */
/*
 * A place for stacks, each kept once and named by a 32-bit handle, for who
 * must remember one for each page (lib/stackdepot.c).
 */
#ifndef _LINUX_STACKDEPOT_H
#define _LINUX_STACKDEPOT_H

#include <linux/atomic.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/* Names a stack; 0 names none. */
typedef u32 depot_stack_handle_t;

struct seq_file;

/*
 * A machine's. c: constant after stack_depot_setup(); l: written under lock;
 * a: atomic
 */
struct stack_depot {
	spinlock_t lock;	/* of what grows; any context */
	u32 *buckets;		/* l: first handle of each; NULL: no depot */
	u32 nr_buckets;		/* c: a power of two */
	u64 *pool;		/* l: records, at handles counted in words */
	u32 words;		/* c: of pool */
	u32 used;		/* l: words of pool in use */
	atomic_long_t nr_stacks; /* a: records */
	atomic_long_t nr_lost;	/* a: stacks not kept, as it was full */
};

/*
 * Makes the current machine's depot in @size zeroed bytes at @mem, which are
 * the depot's from then on, at 8 bytes' alignment; once. @size is at least
 * STACK_DEPOT_MIN.
 */
void stack_depot_setup(void *mem, size_t size);
#define STACK_DEPOT_MIN		((size_t)4096)

/*
 * The handle of the stack of @nr_entries at @entries, kept if it was new; 0
 * for an empty one, without a depot, and when the depot is full, which it says
 * once. @alloc_flags are not used: memory is fixed. Any context.
 */
depot_stack_handle_t stack_depot_save(const unsigned long *entries,
				      unsigned int nr_entries,
				      gfp_t alloc_flags);
/*
 * The entries that @handle names and how many there are; 0 for handle 0 and
 * for what names none. They stay for good. Any context.
 */
unsigned int stack_depot_fetch(depot_stack_handle_t handle,
			       const unsigned long **entries);
/* Adds @delta to what @handle's stack counts for its users. Any context. */
void stack_depot_count(depot_stack_handle_t handle, long delta);
/*
 * The stack that follows (*@count, @after) in the order of falling counts and
 * then of handles; its count goes to *@count. 0 when none that follows counts
 * anything. Begins with (LONG_MAX, 0).
 */
depot_stack_handle_t stack_depot_next_counted(long *count,
					      depot_stack_handle_t after);
/* All counts together. */
long stack_depot_counted(void);
/* The stack as lines of the log. Any context. */
void stack_depot_print(depot_stack_handle_t handle);
/* The stack as lines of a file. */
void stack_depot_show(struct seq_file *m, depot_stack_handle_t handle);
/*
 * NULL, or which invariant of the depot does not hold (stackdepot.c names
 * them). Any context; nobody saves meanwhile.
 */
const char *stack_depot_check(void);

#endif
