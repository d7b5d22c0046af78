/* SPDX-License-Identifier: MIT */
/*
 * Who uses which physical addresses: a tree of named ranges. Theory in
 * kernel/resource.c.
 */
#ifndef _LINUX_IOPORT_H
#define _LINUX_IOPORT_H

#include <linux/types.h>

struct seq_file;

#define IORESOURCE_IO		0x00000100UL	/* ports */
#define IORESOURCE_MEM		0x00000200UL	/* memory addresses */
#define IORESOURCE_PREFETCH	0x00002000UL	/* reading changes nothing */
#define IORESOURCE_SYSTEM_RAM	0x01000000UL	/* RAM of the system */
#define IORESOURCE_BUSY		0x80000000UL	/* its user is a driver */

/* What else a range is for: no port tells. */
enum { IORES_DESC_NONE };

/* c: constant once inserted. t: the tree's, iomem_lock */
struct resource {
	resource_size_t start;		/* c: first byte */
	resource_size_t end;		/* c: last byte, inclusive */
	const char *name;		/* c: shown by /proc/iomem */
	unsigned long flags;		/* c: IORESOURCE_* */
	struct resource *parent;	/* t: NULL: not in a tree, or a root */
	struct resource *sibling;	/* t: next of the same parent, upwards */
	struct resource *child;		/* t: lowest */
	bool region;			/* c: made by __request_region() */
};

/* The current machine's memory addresses; all calls take their lock. */
#define iomem_resource	(this_machine()->iomem)

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

static inline bool resource_contains(const struct resource *a,
				     const struct resource *b)
{
	return a->start <= b->start && a->end >= b->end;
}

/*
 * Puts @res right under @root. 0; -EBUSY when it is not inside @root or
 * overlaps one that is there. The caller keeps @res until it releases it.
 * Task context.
 */
int request_resource(struct resource *root, struct resource *res);
/* The same; returns the one it overlaps, @root when it is not inside, NULL. */
struct resource *request_resource_conflict(struct resource *root,
					   struct resource *res);
/*
 * Puts @res where it fits: below what contains it, above what it contains.
 * 0; -EBUSY when it cuts through another.
 */
int insert_resource(struct resource *root, struct resource *res);
/* Takes @old and what is below it out. 0; -EINVAL: it is in no tree. */
int release_resource(struct resource *old);

/*
 * Marks [start, start + n) below @parent as in use by a driver called @name,
 * a string that stays: a new resource with IORESOURCE_BUSY and @flags, below
 * the innermost that holds it and is not busy. NULL when some of it is busy
 * already, outside, empty, or there is no memory. Task context, may sleep.
 */
struct resource *__request_region(struct resource *parent,
				  resource_size_t start, resource_size_t n,
				  const char *name, int flags);
/*
 * Undoes it, given the same range. One that nobody requested is reported:
 * "Trying to free nonexistent resource <0x...-0x...>".
 */
void __release_region(struct resource *parent, resource_size_t start,
		      resource_size_t n);
#define request_mem_region(start, n, name)				\
	__request_region(&iomem_resource, (start), (n), (name), 0)
#define release_mem_region(start, n)					\
	__release_region(&iomem_resource, (start), (n))

/* How much of a range has all of some flags. */
enum { REGION_INTERSECTS, REGION_DISJOINT, REGION_MIXED };
/*
 * All of the @size bytes at @start, none, or some; none for a range that is
 * empty or wraps. @desc: IORES_DESC_NONE.
 * Any context but interrupts.
 */
int region_intersects(resource_size_t start, resource_size_t size,
		      unsigned long flags, unsigned long desc);
/*
 * 0; -1, with a line that names it, when the range reaches beyond a resource
 * that it begins or ends in, and that no driver has marked.
 */
int iomem_map_sanity_check(resource_size_t addr, unsigned long size);

/* Invariants of the whole tree: NULL, or what is wrong. */
const char *resource_check(const struct resource *root);
/* Everything below @root in /proc/iomem's format. */
void resource_show(struct seq_file *m, const struct resource *root);

#endif
