/* SPDX-License-Identifier: MIT */
/* What the files of KFENCE share: the theory is in kfence.c. */
#ifndef _MM_SLAB_KFENCE_H
#define _MM_SLAB_KFENCE_H

#include "slab_debug.h"

#include <linux/kfence.h>

enum kfence_object_state {
	KFENCE_UNUSED,		/* never handed out */
	KFENCE_ALLOCATED,
	KFENCE_FREED,		/* its page faults */
	NR_KFENCE_STATES
};

#define KFENCE_STACK	24	/* frames kept */
#define KFENCE_NAME	32	/* bytes of a cache's name kept, NUL too */

/* Who allocated or freed an object. */
struct kfence_track {
	depot_stack_handle_t handle;
	int pid;
	unsigned int cpu;
	u64 when;		/* ns of port_clock_ns() */
};

/* One object of the pool. c: constant; l: kfence_state.lock */
struct kfence_meta {
	struct list_head list;		/* l: kfence_state.free if not out */
	unsigned long page;		/* c: address of its page */
	enum kfence_object_state state;	/* l */
	unsigned long addr;		/* l: the object */
	size_t size;			/* l: bytes that were asked for */
	struct kmem_cache *cache;	/* l: while it is out */
	bool open;			/* l: its page does not fault */
	struct kfence_track alloc, free;	/* l */
	char name[KFENCE_NAME];		/* l: of the cache */
};

#define kfence_state()	(&slab_debug_state()->fence)

/* What is outside an object on its page, by address. */
static inline u8 kfence_canary(unsigned long addr)
{
	return (u8)(0xaa ^ (addr & 7));
}

enum kfence_error {
	KFENCE_OOB, KFENCE_UAF, KFENCE_CORRUPTION, KFENCE_INVALID_FREE
};

/* What happened, where. */
struct kfence_event {
	enum kfence_error error;
	unsigned long addr;	/* of the access, or of the first bad byte */
	bool is_write;
	unsigned long stack[KFENCE_STACK];
	unsigned int nr;	/* of stack */
};

/* kfence_report.c. @meta: the object that it is about, or NULL. Lock. */
void kfence_report(const struct kfence_event *e,
		   const struct kfence_meta *meta);

#endif
