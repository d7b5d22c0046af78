// SPDX-License-Identifier: MIT
/*
 * The tree of physical addresses and who uses them.
 *
 *	iomem_resource  00000000-ffffffffffffffff
 *	 └─ 00100000-bffd9fff System RAM
 *	     ├─ 01000000-018fffff Kernel code
 *	     └─ 01a00000-01b7ffff Kernel data
 *
 * Siblings form a list in the order of addresses, so that a walk in depth
 * first order is /proc/iomem. A resource belongs to whoever inserted it.
 *
 * I1  start <= end
 * I2  a child lies inside its parent, and names it as parent
 * I3  siblings ascend and do not overlap
 *
 * Failure: an insert that would break I2 or I3 changes nothing and says
 * -EBUSY.
 */
#include <linux/ioport.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>

/* Deeper ones are shown at this depth, as Linux has it. */
#define MAX_IORES_LEVEL		5

/* The first child of @root that ends at or after @start. */
static struct resource **resource_slot(struct resource *root,
				       resource_size_t start)
{
	struct resource **p = &root->child;

	while (*p && (*p)->end < start)
		p = &(*p)->sibling;
	return p;
}

int request_resource(struct resource *root, struct resource *res)
{
	struct resource **p;

	if (res->start > res->end || !resource_contains(root, res))
		return -EBUSY;
	p = resource_slot(root, res->start);
	if (*p && (*p)->start <= res->end)
		return -EBUSY;
	res->sibling = *p;
	res->parent = root;
	*p = res;
	return 0;
}

/* The last of @first and its siblings that @res overlaps. */
static struct resource *resource_last_overlap(struct resource *first,
					      const struct resource *res)
{
	while (first->sibling && first->sibling->start <= res->end)
		first = first->sibling;
	return first;
}

/* Makes [@*slot, @last] the children of @res, which takes their place. */
static void resource_adopt(struct resource *root, struct resource **slot,
			   struct resource *last, struct resource *res)
{
	struct resource *c;

	res->parent = root;
	res->child = *slot;
	res->sibling = last->sibling;
	last->sibling = NULL;
	*slot = res;
	for (c = res->child; c; c = c->sibling)
		c->parent = res;
}

int insert_resource(struct resource *root, struct resource *res)
{
	struct resource **slot, *first, *last;

	BUG_ON(res->parent || res->child || res->sibling);
	for (;;) {
		if (!request_resource(root, res))
			return 0;
		if (res->start > res->end || !resource_contains(root, res))
			return -EBUSY;
		slot = resource_slot(root, res->start);
		first = *slot;
		if (!resource_contains(first, res) ||
		    (first->start == res->start && first->end == res->end))
			break;
		root = first;
	}
	last = resource_last_overlap(first, res);
	if (first->start < res->start || last->end > res->end)
		return -EBUSY;
	resource_adopt(root, slot, last, res);
	return 0;
}

/* The resource after @r in depth first order, below @root. */
static const struct resource *resource_next(const struct resource *root,
					    const struct resource *r)
{
	if (r->child)
		return r->child;
	while (r != root && !r->sibling)
		r = r->parent;
	return r == root ? NULL : r->sibling;
}

const char *resource_check(const struct resource *root)
{
	const struct resource *r;

	for (r = resource_next(root, root); r; r = resource_next(root, r)) {
		if (r->start > r->end)
			return "I1: a resource ends before it starts";
		if (!r->parent || !resource_contains(r->parent, r))
			return "I2: a resource lies outside its parent";
		if (r->child && r->child->parent != r)
			return "I2: a child names another parent";
		if (r->sibling && r->sibling->start <= r->end)
			return "I3: siblings overlap or descend";
	}
	return NULL;
}

void resource_show(struct seq_file *m, const struct resource *root)
{
	int width = root->end < 0x10000 ? 4 : 8;
	const struct resource *r, *p;
	int depth;

	for (r = resource_next(root, root); r; r = resource_next(root, r)) {
		depth = 0;
		for (p = r->parent; p != root && depth < MAX_IORES_LEVEL;
		     p = p->parent)
			depth++;
		seq_printf(m, "%*s%0*llx-%0*llx : %s\n", depth * 2, "",
			   width, (u64)r->start, width, (u64)r->end,
			   r->name ? r->name : "<BAD>");
	}
}
