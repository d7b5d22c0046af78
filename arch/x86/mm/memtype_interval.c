// SPDX-License-Identifier: MIT
/*
 * The reserved ranges in a tree: by start, then by end, each node knowing the
 * largest end below it, so that what overlaps a range is found without
 * looking at what lies before it.
 *
 *	              [c000, d000) max f000
 *	             /                     \
 *	   [a000, f000) max f000     [d000, e000) max e000
 *
 * Pure: linked into the host too. Theory and invariants: memtype.c.
 */
#include <asm/memtype.h>

#include <linux/kernel.h>
#include <linux/rbtree_augmented.h>

static struct memtype *memtype_of(struct rb_node *rb)
{
	return rb_entry_safe(rb, struct memtype, rb);
}

#define memtype_end(m)	((m)->end)
RB_DECLARE_CALLBACKS_MAX(static, memtype_augment, struct memtype, rb, u64,
			 subtree_max_end, memtype_end)

static bool memtype_less(const struct memtype *m, u64 start, u64 end)
{
	return m->start != start ? m->start < start : m->end < end;
}

/* Does something in the tree below @rb end above @start? */
static bool memtype_reaches(const struct rb_node *rb, u64 start)
{
	return rb && rb_entry(rb, struct memtype, rb)->subtree_max_end > start;
}

struct memtype *memtype_first(const struct memtype_state *s, u64 start,
			      u64 end)
{
	struct rb_node *rb = s->tree.rb_node;
	struct memtype *m;

	while (rb) {
		m = memtype_of(rb);
		/* If one on the left reaches, the first that does is there. */
		if (memtype_reaches(rb->rb_left, start)) {
			rb = rb->rb_left;
			continue;
		}
		if (m->start >= end)
			return NULL;
		if (m->end > start)
			return m;
		rb = rb->rb_right;
	}
	return NULL;
}

struct memtype *memtype_after(const struct memtype_state *s,
			      const struct memtype *m, u64 start, u64 end)
{
	struct rb_node *rb;

	for (rb = rb_next(&m->rb); rb; rb = rb_next(rb)) {
		struct memtype *next = memtype_of(rb);

		if (next->start >= end)
			return NULL;
		if (next->end > start)
			return next;
	}
	return NULL;
}

struct memtype *memtype_find(const struct memtype_state *s, u64 start,
			     u64 end)
{
	struct rb_node *rb = s->tree.rb_node;

	while (rb) {
		struct memtype *m = memtype_of(rb);

		if (m->start == start && m->end == end)
			return m;
		rb = memtype_less(m, start, end) ? rb->rb_right : rb->rb_left;
	}
	return NULL;
}

static void memtype_link(struct memtype_state *s, struct memtype *new)
{
	struct rb_node **link = &s->tree.rb_node, *parent = NULL;

	new->subtree_max_end = new->end;
	while (*link) {
		struct memtype *m = memtype_of(*link);

		parent = *link;
		if (m->subtree_max_end < new->end)
			m->subtree_max_end = new->end;
		link = memtype_less(m, new->start, new->end) ?
		       &parent->rb_right : &parent->rb_left;
	}
	rb_link_node(&new->rb, parent, link);
	rb_insert_augmented(&new->rb, &s->tree, &memtype_augment);
}

struct memtype *memtype_add(struct memtype_state *s, struct memtype *new)
{
	struct memtype *m = memtype_find(s, new->start, new->end);

	if (!m) {
		m = new;
		m->users = 0;
		memtype_link(s, m);
		s->nr++;
	}
	BUG_ON(m->type != new->type);
	m->users++;
	s->users++;
	return m;
}

bool memtype_remove(struct memtype_state *s, struct memtype *m)
{
	BUG_ON(!m->users);
	s->users--;
	if (--m->users)
		return false;
	rb_erase_augmented(&m->rb, &s->tree, &memtype_augment);
	s->nr--;
	return true;
}

static u64 memtype_max_end(const struct memtype *m)
{
	const struct memtype *l = memtype_of(m->rb.rb_left);
	const struct memtype *r = memtype_of(m->rb.rb_right);
	u64 end = m->end;

	if (l)
		end = max(end, l->subtree_max_end);
	if (r)
		end = max(end, r->subtree_max_end);
	return end;
}

/* I1 to I3 of @m and the one after it. */
static const char *memtype_node_check(const struct memtype_state *s,
				      const struct memtype *m,
				      const struct memtype *next)
{
	const struct memtype *o = memtype_first(s, m->start, m->end);

	if (m->start >= m->end || !m->users ||
	    (m->start | m->end) & (PAGE_SIZE - 1))
		return "I1: a range is empty, not of pages, or nobody's";
	if (next && !memtype_less(m, next->start, next->end))
		return "I2: ranges do not ascend";
	if (m->subtree_max_end != memtype_max_end(m))
		return "I2: a node does not know the largest end below it";
	for (; o; o = memtype_after(s, o, m->start, m->end))
		if (o->type != m->type)
			return "I3: ranges of two types overlap";
	return NULL;
}

const char *memtype_tree_check(const struct memtype_state *s)
{
	const struct memtype *m = memtype_of(rb_first(&s->tree)), *next;
	unsigned long nr = 0, users = 0;
	const char *wrong;

	if (rb_check(&s->tree))
		return "I2: the tree is no red-black tree";
	for (; m; m = next) {
		next = memtype_of(rb_next(&m->rb));
		wrong = memtype_node_check(s, m, next);
		if (wrong)
			return wrong;
		nr++;
		users += m->users;
	}
	if (nr != s->nr || users != s->users)
		return "I4: the sums are not those of the nodes";
	return NULL;
}
