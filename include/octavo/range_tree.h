/* SPDX-License-Identifier: MIT */
/*
 * Ranges of addresses that do not overlap, found by any address inside
 * (lib/range_tree.c). Nodes lie in what they are for; the tree takes no memory
 * and no lock.
 */
#ifndef _OCTAVO_RANGE_TREE_H
#define _OCTAVO_RANGE_TREE_H

#include <linux/types.h>

/* Covers [start, end), which is not empty. All of it: the tree's user's lock */
struct range_node {
	unsigned long start, end;
	struct range_node *low;		/* ranges below it */
	struct range_node *high;	/* ranges above it */
};

/* All zero: empty. */
struct range_tree {
	struct range_node *root;
};

/* False, and nothing is done: it overlaps one that is there. */
bool range_tree_insert(struct range_tree *tree, struct range_node *node);
/* Takes @node, which is in the tree, out. */
void range_tree_remove(struct range_tree *tree, struct range_node *node);
/* The range that @addr lies in, or NULL. */
struct range_node *range_tree_find(const struct range_tree *tree,
				   unsigned long addr);
/* The lowest range that ends above @addr, or NULL: 0 begins a walk, and
 * node->end goes on. */
struct range_node *range_tree_from(const struct range_tree *tree,
				   unsigned long addr);
/* Verifies the tree: 0 or the number of a broken invariant. */
int range_tree_check(const struct range_tree *tree);

#endif
