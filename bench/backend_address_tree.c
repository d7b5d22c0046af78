// SPDX-License-Identifier: MIT
/*
 * A peer of kernel addresses: the shape that Linux's allocator had up to 6.8,
 * on the core's own red-black trees, objects and spin locks. What is free is
 * a tree by address in which each node knows the longest free range below it,
 * so that the lowest that fits is found; what is in use is a second tree, to
 * be found again at the free. A freed range goes to a third, of what is lazy,
 * where it merges with its neighbours; a purge moves those to the first. One
 * lock for each tree. The flush costs nothing here, and so it does in
 * Octavo's runs.
 */
#include "address_loops.h"

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/rbtree_augmented.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define TREE_START	0x7d0000000000UL
#define TREE_END	(TREE_START + SZ_1G * 64UL)
/* 32 MiB, and as much for each doubling of the CPUs, which are two. */
#define LAZY_MAX	(2 * SZ_32M / PAGE_SIZE)

struct range {
	unsigned long start, end;
	unsigned long longest;		/* bytes; of the free ones below */
	struct rb_node node;
};

/* A tree of ranges by address that do not touch. */
struct tree {
	struct rb_root root;
	spinlock_t lock;
};

static struct kmem_cache *range_cache;
static struct tree free_tree, busy_tree, lazy_tree;
static atomic_long_t lazy_pages;
static spinlock_t purge_lock;

static inline unsigned long range_size(const struct range *r)
{
	return r->end - r->start;
}

RB_DECLARE_CALLBACKS_MAX(static, longest_callbacks, struct range, node,
			 unsigned long, longest, range_size)

static inline struct range *range_of(struct rb_node *node)
{
	return rb_entry(node, struct range, node);
}

static void tree_insert(struct tree *tree, struct range *r)
{
	struct rb_node **link = &tree->root.rb_node, *parent = NULL;

	while (*link) {
		struct range *p = range_of(*link);

		parent = *link;
		p->longest = max(p->longest, range_size(r));
		link = r->start < p->start ? &parent->rb_left :
					     &parent->rb_right;
	}
	r->longest = range_size(r);
	rb_link_node(&r->node, parent, link);
	rb_insert_augmented(&r->node, &tree->root, &longest_callbacks);
}

static void tree_remove(struct tree *tree, struct range *r)
{
	rb_erase_augmented(&r->node, &tree->root, &longest_callbacks);
}

static void tree_resized(struct range *r)
{
	longest_callbacks_propagate(&r->node, NULL);
}

/* Inserts @r, or makes a neighbour longer by it and frees it. */
static void tree_merge(struct tree *tree, struct range *r)
{
	struct rb_node *node = tree->root.rb_node;
	struct range *before = NULL, *after = NULL;

	while (node) {
		if (r->start < range_of(node)->start) {
			after = range_of(node);
			node = node->rb_left;
		} else {
			before = range_of(node);
			node = node->rb_right;
		}
	}
	if (before && before->end == r->start) {
		before->end = r->end;
		kmem_cache_free(range_cache, r);
		if (after && after->start == before->end) {
			tree_remove(tree, after);
			before->end = after->end;
			kmem_cache_free(range_cache, after);
		}
		tree_resized(before);
		return;
	}
	if (after && after->start == r->end) {
		after->start = r->start;
		kmem_cache_free(range_cache, r);
		tree_resized(after);
		return;
	}
	tree_insert(tree, r);
}

static unsigned long longest_of(struct rb_node *node)
{
	return node ? range_of(node)->longest : 0;
}

/* The lowest range of at least @size; there is one. */
static struct range *tree_lowest(struct tree *tree, unsigned long size)
{
	struct rb_node *node = tree->root.rb_node;

	for (;;) {
		if (longest_of(node->rb_left) >= size)
			node = node->rb_left;
		else if (range_size(range_of(node)) >= size)
			return range_of(node);
		else
			node = node->rb_right;
	}
}

/* Takes @size from the bottom of the lowest free range that has it. */
static unsigned long free_take(unsigned long size)
{
	struct range *r, *whole = NULL;
	unsigned long start = 0;

	spin_lock(&free_tree.lock);
	if (longest_of(free_tree.root.rb_node) >= size) {
		r = tree_lowest(&free_tree, size);
		start = r->start;
		if (range_size(r) == size) {
			tree_remove(&free_tree, r);
			whole = r;
		} else {
			r->start += size;
			tree_resized(r);
		}
	}
	spin_unlock(&free_tree.lock);
	if (whole)
		kmem_cache_free(range_cache, whole);
	return start;
}

static void tree_purge(void)
{
	struct rb_node *node, *next;
	struct rb_root lazy;

	spin_lock(&purge_lock);
	spin_lock(&lazy_tree.lock);
	lazy = lazy_tree.root;
	lazy_tree.root = RB_ROOT;
	spin_unlock(&lazy_tree.lock);
	for (node = rb_first_postorder(&lazy); node; node = next) {
		struct range *r = range_of(node);

		next = rb_next_postorder(node);
		atomic_long_sub((long)(range_size(r) / PAGE_SIZE),
				&lazy_pages);
		spin_lock(&free_tree.lock);
		tree_merge(&free_tree, r);
		spin_unlock(&free_tree.lock);
	}
	spin_unlock(&purge_lock);
}

bench_inline uintptr_t tree_range_new(void)
{
	struct range *r = kmem_cache_alloc(range_cache, GFP_KERNEL);

	if (unlikely(!r))
		return 0;
	r->start = free_take(BENCH_RANGE);
	if (unlikely(!r->start)) {
		kmem_cache_free(range_cache, r);
		return 0;
	}
	r->end = r->start + BENCH_RANGE;
	spin_lock(&busy_tree.lock);
	tree_insert(&busy_tree, r);
	spin_unlock(&busy_tree.lock);
	return r->start;
}

static struct range *busy_unlink(unsigned long addr)
{
	struct rb_node *node;

	spin_lock(&busy_tree.lock);
	node = busy_tree.root.rb_node;
	while (range_of(node)->start != addr)
		node = addr < range_of(node)->start ? node->rb_left :
						      node->rb_right;
	tree_remove(&busy_tree, range_of(node));
	spin_unlock(&busy_tree.lock);
	return range_of(node);
}

bench_inline void tree_range_delete(uintptr_t addr)
{
	struct range *r = busy_unlink(addr);
	long pages = BENCH_RANGE / PAGE_SIZE;

	spin_lock(&lazy_tree.lock);
	tree_merge(&lazy_tree, r);
	spin_unlock(&lazy_tree.lock);
	if (unlikely(atomic_long_add_return(pages, &lazy_pages) >
		     (long)LAZY_MAX))
		tree_purge();
}

BENCH_ADDRESS_LOOPS(tree)

static int tree_start(size_t frames, unsigned int threads)
{
	int err = bench_octavo.start(frames, threads);
	struct range *all = NULL;

	if (err || bench_octavo.enter(0))
		return err;
	range_cache = KMEM_CACHE(range, SLAB_PANIC);
	all = kmem_cache_alloc(range_cache, GFP_KERNEL);
	if (all) {
		all->start = TREE_START;
		all->end = TREE_END;
		tree_insert(&free_tree, all);
	}
	bench_octavo.leave();
	return all ? 0 : ENOMEM;
}

/* Pages in use, or lost. */
static long tree_leaked(void)
{
	long lost;

	tree_purge();
	lost = (long)((TREE_END - TREE_START -
		       longest_of(free_tree.root.rb_node)) / PAGE_SIZE);
	return lost + (busy_tree.root.rb_node != NULL);
}

static void tree_leave(void)
{
	bench_octavo.leave();
}

static int tree_enter(unsigned int thread)
{
	return bench_octavo.enter(thread);
}

static void tree_end(void)
{
	bench_octavo.end();
}

const struct bench_backend bench_address_tree = {
	.name = "address-tree",
	.start = tree_start,
	.enter = tree_enter,
	.leave = tree_leave,
	.leaked = tree_leaked,
	.end = tree_end,
	.loops = { BENCH_ADDRESS_TABLE(tree) },
};
