/* SPDX-License-Identifier: MIT */
#ifndef _ASM_MEMTYPE_TYPES_H
#define _ASM_MEMTYPE_TYPES_H

#include <linux/rbtree_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/* A machine's reserved types. l: lock  b: boot only, constant after it */
struct memtype_state {
	spinlock_t lock;	/* a leaf but for the log's; task context */
	struct rb_root tree;	/* l: of struct memtype */
	unsigned long nr;	/* l: nodes of it */
	unsigned long users;	/* l: the sum of theirs */
	bool off;		/* b: nopat was given */
	u8 phys_bits;		/* b: width of the CPU's addresses */
	bool pat;		/* b: page tables can say WC, WT and WP */
};

/* The current machine's. Needs <octavo/this_machine.h>. */
#define memtype_state()		(&this_arch()->memtype)

#endif
