/* SPDX-License-Identifier: MIT */
/* What the files of kmemleak share: the theory is in kmemleak.c. */
#ifndef _MM_SLAB_KMEMLEAK_H
#define _MM_SLAB_KMEMLEAK_H

#include "slab_debug.h"

#include <linux/sched.h>
#include <octavo/range_tree.h>

/* leak_object.flags */
#define LEAK_REPORTED	1u	/* a scan found nothing that points to it */
#define LEAK_NO_SCAN	2u	/* it holds no pointers */

/* leak_object.min_count of those that are neither leaks nor looked into. */
#define LEAK_BLACK	(-1)

/* A part of an object where pointers are; without one it is all of it. */
struct leak_area {
	struct leak_area *next;
	unsigned long start, end;
};

/* An object that is known. All of it: leak_state.lock */
struct leak_object {
	struct range_node range;	/* what it covers */
	struct list_head gray;		/* leak_state.gray while it is there */
	struct leak_area *areas;	/* or NULL: all of it */
	int min_count;		/* pointers without which it is a leak; 0:
				 * it is none; LEAK_BLACK */
	int count;		/* pointers that this scan has found */
	u32 flags;		/* LEAK_* */
	u32 checksum;		/* of its contents in the last scan */
	depot_stack_handle_t trace;	/* who allocated it */
	int pid;
	unsigned long born;	/* jiffies */
	char comm[TASK_COMM_LEN];
};

#define leak_state()	(&slab_debug_state()->leak)

static inline struct leak_object *leak_of(struct range_node *node)
{
	return node ? container_of(node, struct leak_object, range) : NULL;
}

static inline bool leak_is_white(const struct leak_object *o)
{
	return o->min_count != LEAK_BLACK && o->count < o->min_count;
}

static inline bool leak_is_gray(const struct leak_object *o)
{
	return o->min_count != LEAK_BLACK && o->count >= o->min_count;
}

/* The object that @ptr is in; lock. */
static inline struct leak_object *leak_find(unsigned long ptr)
{
	return leak_of(range_tree_find(&leak_state()->objects, ptr));
}

/* kmemleak.c */

/* kmemleak_alloc(); @caller: whose the object is. */
void leak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp,
		unsigned long caller);

/* Gives up for good, after a line. Any context but NMI. */
void leak_disable(const char *why);
/* Forgets what was found; once kmemleak is off, everything. Task context. */
void leak_clear(void);

/* kmemleak_scan.c: whether a scan has just found @o to be a leak; lock. */
bool leak_is_found(const struct leak_object *o);

/* kmemleak_show.c: one object, to a file. */
void leak_show(struct seq_file *m, const struct leak_object *o);

#endif
