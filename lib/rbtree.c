// SPDX-License-Identifier: MIT
/*
 * Red-black trees (Guibas and Sedgewick, 1978): binary search trees whose
 * nodes are red or black.
 *
 * Invariants (rb_check())
 *   I1  each child's parent is the node whose child it is
 *   I2  a red node has no red child, and the root is black
 *   I3  every way down from a node to a missing child passes equally many
 *       black nodes
 *
 * So no way is more than twice as long as another. An insertion makes a red
 * leaf and mends I2 upwards with two rotations at most; an erasure takes out a
 * node with one child at most, and if that was black mends I3 upwards with
 * three at most. A missing child counts as black.
 *
 * What nodes know of those below (rbtree_augmented.h) is kept right by
 * callbacks; trees without have callbacks that do nothing.
 */
#include <linux/rbtree_augmented.h>

#include <linux/compiler.h>

#define RB_BLACK	1UL

static bool is_red(const struct rb_node *n)
{
	return n && !(n->__rb_parent_color & RB_BLACK);
}

static void set_parent(struct rb_node *n, struct rb_node *parent)
{
	n->__rb_parent_color = (unsigned long)parent |
			       (n->__rb_parent_color & RB_BLACK);
}

static void set_black(struct rb_node *n)
{
	n->__rb_parent_color |= RB_BLACK;
}

static void set_red(struct rb_node *n)
{
	n->__rb_parent_color &= ~RB_BLACK;
}

/* Where @parent (NULL: the root) points at @old, it now points at @new. */
static void change_child(struct rb_root *root, struct rb_node *parent,
			 struct rb_node *old, struct rb_node *new)
{
	struct rb_node **link = !parent ? &root->rb_node :
				parent->rb_left == old ? &parent->rb_left :
							 &parent->rb_right;

	WRITE_ONCE(*link, new);
}

/*
 * @n goes down to the left (or right) and its other child takes its place:
 *
 *      n                c
 *     / \   left       / \
 *    a   c  ---->     n   e
 *       / \          / \
 *      d   e        a   d
 */
static void rotate(struct rb_node *n, bool left, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *c = left ? n->rb_right : n->rb_left;
	struct rb_node *parent = rb_parent(n);
	struct rb_node *d;

	if (left) {
		d = c->rb_left;
		WRITE_ONCE(n->rb_right, d);
		WRITE_ONCE(c->rb_left, n);
	} else {
		d = c->rb_right;
		WRITE_ONCE(n->rb_left, d);
		WRITE_ONCE(c->rb_right, n);
	}
	if (d)
		set_parent(d, n);
	set_parent(c, parent);
	set_parent(n, c);
	change_child(root, parent, n, c);
	augment->rotate(n, c);
}

void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, *grand, *uncle;

	/* As linked it is red. Only I2 may be broken, at node and parent. */
	while ((parent = rb_parent(node)) && is_red(parent)) {
		bool left;

		grand = rb_parent(parent);	/* a red node is not the root */
		left = parent == grand->rb_left;
		uncle = left ? grand->rb_right : grand->rb_left;
		if (is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grand);
			node = grand;
			continue;
		}
		if (node == (left ? parent->rb_right : parent->rb_left)) {
			rotate(parent, left, root, augment);
			parent = node;
		}
		set_black(parent);
		set_red(grand);
		rotate(grand, !left, root, augment);
		break;
	}
	set_black(root->rb_node);
}

/*
 * Ways through the child of @parent that is @node (maybe missing) have one
 * black node too few.
 */
static void erase_mend(struct rb_node *node, struct rb_node *parent,
		       struct rb_root *root,
		       const struct rb_augment_callbacks *augment)
{
	while (parent && !is_red(node)) {
		bool left = node == parent->rb_left;
		struct rb_node *s = left ? parent->rb_right : parent->rb_left;
		struct rb_node *near, *far;

		if (is_red(s)) {
			set_black(s);
			set_red(parent);
			rotate(parent, left, root, augment);
			s = left ? parent->rb_right : parent->rb_left;
		}
		near = left ? s->rb_left : s->rb_right;
		far = left ? s->rb_right : s->rb_left;
		if (!is_red(near) && !is_red(far)) {
			set_red(s);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!is_red(far)) {
			set_black(near);
			set_red(s);
			rotate(s, !left, root, augment);
			far = s;
			s = near;
		}
		if (is_red(parent))
			set_red(s);
		else
			set_black(s);
		set_black(parent);
		set_black(far);
		rotate(parent, left, root, augment);
		return;
	}
	if (node)
		set_black(node);
}

/* @next, the leftmost on @node's right, leaves its place and takes @node's. */
static void take_place(struct rb_node *node, struct rb_node *next,
		       struct rb_root *root)
{
	next->rb_left = node->rb_left;
	next->rb_right = node->rb_right;
	next->__rb_parent_color = node->__rb_parent_color;
	if (next->rb_left)
		set_parent(next->rb_left, next);
	if (next->rb_right)
		set_parent(next->rb_right, next);
	change_child(root, rb_parent(node), node, next);
}

void __rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			  const struct rb_augment_callbacks *augment)
{
	struct rb_node *out = node, *child, *parent;
	bool black;

	/* What goes out of its place has one child at most. */
	if (node->rb_left && node->rb_right)
		for (out = node->rb_right; out->rb_left; out = out->rb_left)
			;
	child = out->rb_left ? out->rb_left : out->rb_right;
	parent = rb_parent(out);
	black = !is_red(out);
	if (child)
		set_parent(child, parent);
	change_child(root, parent, out, child);
	if (out != node) {
		take_place(node, out, root);
		augment->copy(node, out);
		if (parent == node)
			parent = out;
		/* Whatever happens below, @out has lost @node. */
		if (parent != out)
			augment->propagate(parent, out);
		augment->propagate(out, NULL);
	} else if (parent) {
		augment->propagate(parent, NULL);
	}
	if (black)
		erase_mend(child, parent, root, augment);
}

static void no_propagate(struct rb_node *node, struct rb_node *stop)
{
}

static void no_change(struct rb_node *old, struct rb_node *new)
{
}

static const struct rb_augment_callbacks no_augment = {
	.propagate = no_propagate, .copy = no_change, .rotate = no_change,
};

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	__rb_insert_augmented(node, root, &no_augment);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	__rb_erase_augmented(node, root, &no_augment);
}

void rb_replace_node(struct rb_node *victim, struct rb_node *new,
		     struct rb_root *root)
{
	*new = *victim;
	if (new->rb_left)
		set_parent(new->rb_left, new);
	if (new->rb_right)
		set_parent(new->rb_right, new);
	change_child(root, rb_parent(victim), victim, new);
}

/* ---- walking ---------------------------------------------------------- */

static struct rb_node *outermost(struct rb_node *n, bool left)
{
	struct rb_node *child;

	while (n && (child = left ? n->rb_left : n->rb_right))
		n = child;
	return n;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, true);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, false);
}

static struct rb_node *neighbour(const struct rb_node *n, bool next)
{
	struct rb_node *child, *parent;

	if (RB_EMPTY_NODE(n))
		return NULL;
	child = next ? n->rb_right : n->rb_left;
	if (child)
		return outermost(child, next);
	while ((parent = rb_parent(n)) &&
	       n == (next ? parent->rb_right : parent->rb_left))
		n = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, true);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, false);
}

/* The first leaf below @n, going left where that is possible. */
static struct rb_node *first_leaf(struct rb_node *n)
{
	while (n->rb_left || n->rb_right)
		n = n->rb_left ? n->rb_left : n->rb_right;
	return n;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? first_leaf(root->rb_node) : NULL;
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return first_leaf(parent->rb_right);
	return parent;
}

/* ---- the check -------------------------------------------------------- */

/* Black nodes from @n up to the root. */
static unsigned int black_height(const struct rb_node *n)
{
	unsigned int h = 0;

	for (; n; n = rb_parent(n))
		h += !is_red(n);
	return h;
}

static int node_check(const struct rb_node *n, unsigned int height)
{
	if ((n->rb_left && rb_parent(n->rb_left) != n) ||
	    (n->rb_right && rb_parent(n->rb_right) != n))
		return 1;
	if (is_red(n) && (is_red(n->rb_left) || is_red(n->rb_right)))
		return 2;
	if ((!n->rb_left || !n->rb_right) && black_height(n) != height)
		return 3;
	return 0;
}

int rb_check(const struct rb_root *root)
{
	const struct rb_node *n = rb_first(root);
	unsigned int height = black_height(n);
	int err = root->rb_node && rb_parent(root->rb_node) ? 1 :
		  is_red(root->rb_node) ? 2 : 0;

	for (; n && !err; n = rb_next(n))
		err = node_check(n, height);
	return err;
}
