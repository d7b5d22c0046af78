/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RBTREE_TYPES_H
#define _LINUX_RBTREE_TYPES_H

/* A node's colour is in the lowest bit of its parent's address: 1 is black. */
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __attribute__((__aligned__(sizeof(long))));

struct rb_root {
	struct rb_node *rb_node;	/* the topmost; NULL: empty */
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;	/* the first; NULL: empty */
};

#define RB_ROOT		(struct rb_root){ 0 }
#define RB_ROOT_CACHED	(struct rb_root_cached){ { 0 }, 0 }

#endif
