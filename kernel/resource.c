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
 * first order is /proc/iomem. A resource belongs to whoever inserted it; one
 * that __request_region() made, to the tree.
 *
 * What is there (RAM, a bus, a device) is inserted by who finds it. Who uses
 * it requests a region of it, which is "busy": no other region may have any
 * of its addresses.
 *
 * I1  start <= end
 * I2  a child lies inside its parent, and names it as parent
 * I3  siblings ascend and do not overlap
 *
 * Locks: machine.iomem_lock, for all trees.
 *
 * Failure: an insert that would break I2 or I3 changes nothing and says
 * -EBUSY.
 *
 * Differs from Linux: addresses that no resource has count for
 * region_intersects(), so that a range that is half RAM and half nothing is
 * mixed, and its size is one of resources, which a size_t of 32 bits would
 * cut; only what was requested as a region can be released as one.
 */
#include <linux/ioport.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pfn.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>

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

/* The one that is in the way, which may be @root; NULL: it is in now. */
static struct resource *resource_request(struct resource *root,
					 struct resource *res)
{
	struct resource **p;

	if (res->start > res->end || !resource_contains(root, res))
		return root;
	p = resource_slot(root, res->start);
	if (*p && (*p)->start <= res->end)
		return *p;
	res->sibling = *p;
	res->parent = root;
	*p = res;
	return NULL;
}

static rwlock_t *resource_lock(void)
{
	return &this_machine()->iomem_lock;
}

struct resource *request_resource_conflict(struct resource *root,
					   struct resource *res)
{
	struct resource *conflict;

	write_lock(resource_lock());
	conflict = resource_request(root, res);
	write_unlock(resource_lock());
	return conflict;
}

int request_resource(struct resource *root, struct resource *res)
{
	return request_resource_conflict(root, res) ? -EBUSY : 0;
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

static int resource_insert(struct resource *root, struct resource *res)
{
	struct resource **slot, *first, *last;

	BUG_ON(res->parent || res->child || res->sibling);
	for (;;) {
		if (!resource_request(root, res))
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

int insert_resource(struct resource *root, struct resource *res)
{
	int err;

	write_lock(resource_lock());
	err = resource_insert(root, res);
	write_unlock(resource_lock());
	return err;
}

/* Takes *@slot out of its siblings. */
static struct resource *resource_unlink(struct resource **slot)
{
	struct resource *res = *slot;

	*slot = res->sibling;
	res->sibling = NULL;
	res->parent = NULL;
	return res;
}

int release_resource(struct resource *old)
{
	struct resource **p;
	int err = -EINVAL;

	write_lock(resource_lock());
	if (old->parent) {
		for (p = &old->parent->child; *p != old; p = &(*p)->sibling)
			BUG_ON(!*p);	/* I2 */
		resource_unlink(p);
		err = 0;
	}
	write_unlock(resource_lock());
	return err;
}

/* ---- regions ----------------------------------------------------------- */

/* Below the innermost that holds @res and is not busy. Whether there is one. */
static bool region_insert(struct resource *parent, struct resource *res)
{
	struct resource *conflict;

	for (;;) {
		res->flags |= parent->flags & (IORESOURCE_IO | IORESOURCE_MEM);
		conflict = resource_request(parent, res);
		if (!conflict)
			return true;
		if (conflict == parent || conflict->flags & IORESOURCE_BUSY)
			return false;
		parent = conflict;
	}
}

struct resource *__request_region(struct resource *parent,
				  resource_size_t start, resource_size_t n,
				  const char *name, int flags)
{
	struct resource *res = kzalloc(sizeof(*res), GFP_KERNEL);
	bool inserted;

	if (!res)
		return NULL;
	res->start = start;
	res->end = start + n - 1;
	res->name = name;
	res->flags = IORESOURCE_BUSY | (unsigned long)flags;
	res->region = true;
	write_lock(resource_lock());
	/* An empty or wrapped range ends before it starts, and is refused. */
	inserted = n && region_insert(parent, res);
	write_unlock(resource_lock());
	if (inserted)
		return res;
	kfree(res);
	return NULL;
}

/* Where the region [start, end] hangs below @parent; NULL: nowhere. */
static struct resource **region_find(struct resource *parent,
				     resource_size_t start,
				     resource_size_t end)
{
	struct resource **p = resource_slot(parent, start);

	while (*p && (*p)->start <= start && (*p)->end >= end) {
		if ((*p)->region && (*p)->start == start && (*p)->end == end)
			return p;
		p = resource_slot(*p, start);
	}
	return NULL;
}

void __release_region(struct resource *parent, resource_size_t start,
		      resource_size_t n)
{
	resource_size_t end = start + n - 1;
	struct resource **p, *res = NULL;

	write_lock(resource_lock());
	p = n ? region_find(parent, start, end) : NULL;
	if (p)
		res = resource_unlink(p);
	write_unlock(resource_lock());
	if (!res)
		pr_warn("Trying to free nonexistent resource <%pa-%pa>\n",
			&start, &end);
	kfree(res);
}

/* ---- looking ----------------------------------------------------------- */

/* The one after @r and all that is below it. */
static const struct resource *resource_next_beside(const struct resource *root,
						   const struct resource *r)
{
	while (r != root && !r->sibling)
		r = r->parent;
	return r == root ? NULL : r->sibling;
}

/* The resource after @r in depth first order, below @root. */
static const struct resource *resource_next(const struct resource *root,
					    const struct resource *r)
{
	return r->child ? r->child : resource_next_beside(root, r);
}

int region_intersects(resource_size_t start, resource_size_t size,
		      unsigned long flags, unsigned long desc)
{
	const struct resource *root = &iomem_resource, *r;
	resource_size_t end = start + size - 1;
	u64 found = 0;

	BUG_ON(desc != IORES_DESC_NONE);
	if (!size || end < start)
		return REGION_DISJOINT;
	read_lock(resource_lock());
	r = root->child;
	while (r) {
		if (r->start <= end && r->end >= start &&
		    (r->flags & flags) == flags) {
			found += min(r->end, end) - max(r->start, start) + 1;
			r = resource_next_beside(root, r);
		} else {
			r = resource_next(root, r);
		}
	}
	read_unlock(resource_lock());
	if (!found)
		return REGION_DISJOINT;
	return found == size ? REGION_INTERSECTS : REGION_MIXED;
}

/* Does [addr, end] have some of @r, and something that is not in its pages? */
static bool resource_is_left(const struct resource *r, resource_size_t addr,
			     resource_size_t end)
{
	if (r->start > end || r->end < addr)
		return false;
	return PFN_DOWN(r->start) > PFN_DOWN(addr) ||
	       PFN_DOWN(r->end) < PFN_DOWN(end);
}

int iomem_map_sanity_check(resource_size_t addr, unsigned long size)
{
	const struct resource *root = &iomem_resource, *r;
	resource_size_t end = addr + size - 1;
	int err = 0;

	read_lock(resource_lock());
	for (r = root->child; r && !err; r = resource_next(root, r)) {
		if (r->flags & IORESOURCE_BUSY ||
		    !resource_is_left(r, addr, end))
			continue;
		pr_warn("resource sanity check: requesting [mem %#010llx-%#010llx], which spans more than %s %pR\n",
			(u64)addr, (u64)end, r->name ? r->name : "<BAD>", r);
		err = -1;
	}
	read_unlock(resource_lock());
	return err;
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

	read_lock(resource_lock());
	for (r = resource_next(root, root); r; r = resource_next(root, r)) {
		depth = 0;
		for (p = r->parent; p != root && depth < MAX_IORES_LEVEL;
		     p = p->parent)
			depth++;
		seq_printf(m, "%*s%0*llx-%0*llx : %s\n", depth * 2, "",
			   width, (u64)r->start, width, (u64)r->end,
			   r->name ? r->name : "<BAD>");
	}
	read_unlock(resource_lock());
}
