/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees whose nodes know something of all below them, such as the
 * largest end of their intervals: three callbacks keep it right.
 */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

#include <linux/rbtree.h>

struct rb_augment_callbacks {
	/* From @node up to, not including, @stop: what changed below it. */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* @new takes the place of @old, with all below it. */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* @new has become the parent of @old, and what was @old's is new's. */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

/*
 * The user has linked @node, and has made what nodes know right on the way
 * down, or calls propagate() before.
 */
void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   const struct rb_augment_callbacks *augment);
void __rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			  const struct rb_augment_callbacks *augment);

static inline void
rb_insert_augmented(struct rb_node *node, struct rb_root *root,
		    const struct rb_augment_callbacks *augment)
{
	__rb_insert_augmented(node, root, augment);
}

static inline void
rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
			   bool newleft,
			   const struct rb_augment_callbacks *augment)
{
	if (newleft)
		root->rb_leftmost = node;
	__rb_insert_augmented(node, &root->rb_root, augment);
}

static inline void
rb_erase_augmented(struct rb_node *node, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	__rb_erase_augmented(node, root, augment);
}

static inline void
rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
			  const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	__rb_erase_augmented(node, &root->rb_root, augment);
}

/*
 * The callbacks @rbname for nodes that are @rbfield of @rbstruct and know
 * @rbaugmented. @rbcompute(node, exit) makes that of the node and its children,
 * and returns true when @exit is set and it was right already.
 */
#define RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield,	\
			     rbaugmented, rbcompute)			\
static inline void							\
rbname##_propagate(struct rb_node *rb, struct rb_node *stop)		\
{									\
	while (rb != stop) {						\
		rbstruct *__n = rb_entry(rb, rbstruct, rbfield);	\
									\
		if (rbcompute(__n, true))				\
			break;						\
		rb = rb_parent(&__n->rbfield);				\
	}								\
}									\
static inline void							\
rbname##_copy(struct rb_node *rb_old, struct rb_node *rb_new)		\
{									\
	rb_entry(rb_new, rbstruct, rbfield)->rbaugmented =		\
		rb_entry(rb_old, rbstruct, rbfield)->rbaugmented;	\
}									\
static void								\
rbname##_rotate(struct rb_node *rb_old, struct rb_node *rb_new)		\
{									\
	rbstruct *__old = rb_entry(rb_old, rbstruct, rbfield);		\
	rbstruct *__new = rb_entry(rb_new, rbstruct, rbfield);		\
									\
	__new->rbaugmented = __old->rbaugmented;			\
	rbcompute(__old, false);					\
}									\
rbstatic const struct rb_augment_callbacks rbname = {			\
	.propagate = rbname##_propagate,				\
	.copy = rbname##_copy,						\
	.rotate = rbname##_rotate					\
};

/* The same for the largest of @rbcompute(node) among all below. */
#define RB_DECLARE_CALLBACKS_MAX(rbstatic, rbname, rbstruct, rbfield,	\
				 rbtype, rbaugmented, rbcompute)	\
static inline bool rbname##_compute_max(rbstruct *node, bool exit)	\
{									\
	rbstruct *__child;						\
	rbtype __max = rbcompute(node);					\
									\
	if (node->rbfield.rb_left) {					\
		__child = rb_entry(node->rbfield.rb_left, rbstruct,	\
				   rbfield);				\
		if (__child->rbaugmented > __max)			\
			__max = __child->rbaugmented;			\
	}								\
	if (node->rbfield.rb_right) {					\
		__child = rb_entry(node->rbfield.rb_right, rbstruct,	\
				   rbfield);				\
		if (__child->rbaugmented > __max)			\
			__max = __child->rbaugmented;			\
	}								\
	if (exit && node->rbaugmented == __max)				\
		return true;						\
	node->rbaugmented = __max;					\
	return false;							\
}									\
RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield, rbaugmented,	\
		     rbname##_compute_max)

#endif
