// SPDX-License-Identifier: MIT
/*
 * Ranges by address: a treap.
 *
 * A binary tree by address, and at once a heap by a number that looks like
 * chance and is a function of the range's start, so that the tree's shape
 * depends on what is in it alone, and is as deep as chance makes it: some
 * 2 log2(n), whatever the order of insertions.
 *
 * Invariants
 *   I1  what lies below a node in `low` ends at or before its start, in
 *       `high` starts at or after its end
 *   I2  a node's weight is at least that of those below it
 *   I3  no range is empty
 *
 * Locks: the user's.
 */
#include <octavo/range_tree.h>

#include <linux/kernel.h>

/* Starts are aligned: multiplied by the golden ratio, all bits count. */
static u64 weight(const struct range_node *node)
{
	u64 h = node->start * 0x9e3779b97f4a7c15ULL;

	return h ^ h >> 29;
}

struct range_node *range_tree_find(const struct range_tree *tree,
				   unsigned long addr)
{
	struct range_node *node = tree->root;

	while (node) {
		if (addr < node->start)
			node = node->low;
		else if (addr >= node->end)
			node = node->high;
		else
			break;
	}
	return node;
}

struct range_node *range_tree_from(const struct range_tree *tree,
				   unsigned long addr)
{
	struct range_node *node = tree->root, *best = NULL;

	while (node) {
		if (addr < node->end) {
			best = node;
			node = node->low;
		} else {
			node = node->high;
		}
	}
	return best;
}

/* Cuts the tree @from into what is below and above @addr. */
static void split(struct range_node *from, unsigned long addr,
		  struct range_node **low, struct range_node **high)
{
	while (from) {
		if (from->start < addr) {
			*low = from;
			low = &from->high;
			from = from->high;
		} else {
			*high = from;
			high = &from->low;
			from = from->low;
		}
	}
	*low = NULL;
	*high = NULL;
}

bool range_tree_insert(struct range_tree *tree, struct range_node *node)
{
	const struct range_node *next = range_tree_from(tree, node->start);
	struct range_node **place = &tree->root;

	BUG_ON(node->start >= node->end);
	if (next && next->start < node->end)
		return false;
	while (*place && weight(*place) >= weight(node))
		place = node->start < (*place)->start ? &(*place)->low :
							&(*place)->high;
	split(*place, node->start, &node->low, &node->high);
	*place = node;
	return true;
}

void range_tree_remove(struct range_tree *tree, struct range_node *node)
{
	struct range_node **place = &tree->root, *low, *high;

	while (*place != node) {
		BUG_ON(!*place);
		place = node->start < (*place)->start ? &(*place)->low :
							&(*place)->high;
	}
	low = node->low;
	high = node->high;
	/* What was below it becomes one tree, the heavier on top. */
	while (low && high) {
		if (weight(low) >= weight(high)) {
			*place = low;
			place = &low->high;
			low = low->high;
		} else {
			*place = high;
			place = &high->low;
			high = high->low;
		}
	}
	*place = low ? low : high;
	node->low = NULL;
	node->high = NULL;
}

/* I1 to I3, in the order of addresses: what comes must not be looked up by
 * what is checked, so the way down is the tree's own. */
static int node_check(const struct range_node *node, unsigned long first,
		      unsigned long last, u64 heaviest)
{
	int nr;

	if (!node)
		return 0;
	if (node->start >= node->end)
		return 3;
	if (node->start < first || node->end > last)
		return 1;
	if (weight(node) > heaviest)
		return 2;
	nr = node_check(node->low, first, node->start, weight(node));
	return nr ? nr : node_check(node->high, node->end, last, weight(node));
}

int range_tree_check(const struct range_tree *tree)
{
	return node_check(tree->root, 0, ULONG_MAX, ~0ULL);
}
