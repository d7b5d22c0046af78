/* SPDX-License-Identifier: MIT */
/*
 * Who uses which physical addresses: a tree of named ranges. Theory in
 * kernel/resource.c.
 */
#ifndef _LINUX_IOPORT_H
#define _LINUX_IOPORT_H

#include <linux/types.h>

struct seq_file;

#define IORESOURCE_MEM		0x00000200UL	/* memory addresses */
#define IORESOURCE_SYSTEM_RAM	0x01000000UL	/* RAM of the system */
#define IORESOURCE_BUSY		0x80000000UL	/* its user is a driver */

/*
 * c: constant once inserted. t: the tree's; changes during boot only, by one
 * CPU.
 */
struct resource {
	resource_size_t start;		/* c: first byte */
	resource_size_t end;		/* c: last byte, inclusive */
	const char *name;		/* c: shown by /proc/iomem */
	unsigned long flags;		/* c: IORESOURCE_* */
	struct resource *parent;	/* t: NULL: not in a tree, or a root */
	struct resource *sibling;	/* t: next of the same parent, upwards */
	struct resource *child;		/* t: lowest */
};

/* The current machine's memory addresses. */
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
 * overlaps one that is there. The caller keeps @res for good. Boot only.
 */
int request_resource(struct resource *root, struct resource *res);
/*
 * Puts @res where it fits: below what contains it, above what it contains.
 * 0; -EBUSY when it cuts through another.
 */
int insert_resource(struct resource *root, struct resource *res);
/* Invariants of the whole tree: NULL, or what is wrong. */
const char *resource_check(const struct resource *root);
/* Everything below @root in /proc/iomem's format. */
void resource_show(struct seq_file *m, const struct resource *root);

#endif
