/* SPDX-License-Identifier: MIT */
/*
 * What each cache is and has, as figures: for /sys/kernel/slab and for
 * programs. Task context, may sleep.
 */
#ifndef _OCTAVO_SLAB_ATTR_H
#define _OCTAVO_SLAB_ATTR_H

#include <linux/slab.h>

struct seq_file;

#define SLAB_NAME_MAX	64	/* bytes of a name that are copied, with NUL */

/* One cache at one moment. Counts are of one node, or of all. */
struct slab_attr {
	char name[SLAB_NAME_MAX];
	unsigned int object_size;	/* bytes that users may use */
	unsigned int slab_size;		/* bytes from object to object */
	unsigned int align;		/* bytes */
	unsigned int objs_per_slab;
	unsigned int order;		/* pages of a slab, as an order */
	unsigned int users;		/* caches that are this one */
	slab_flags_t flags;		/* SLAB_* */
	void (*ctor)(void *object);	/* or NULL */
	unsigned int array_limit;	/* objects of a CPU's array; 0: none */
	unsigned long slabs;		/* all of them */
	unsigned long partial;		/* some of whose objects are out */
	unsigned long free_slabs;	/* none of whose are */
	unsigned long objects;		/* that users have */
	unsigned long cached;		/* in arrays of CPUs and depots */
	unsigned long cpu_cached;	/* of them: in arrays of CPUs */
};

/*
 * Fills @info with the cache called @name; @nid: counts of that node;
 * NUMA_NO_NODE: of all. False: there is no such cache, and the rest is
 * zeroes.
 */
bool slab_attr_read(const char *name, int nid, struct slab_attr *info);
/* The name of the cache that is @index-th in the order of their making. */
bool slab_attr_name(unsigned int index, char name[SLAB_NAME_MAX]);
/* Bytes that an object of @cache takes in its slab. Any context. */
size_t slab_object_step(const struct kmem_cache *cache);

/*
 * kmem_cache_shrink() for the cache @name; and looking at all its objects,
 * which is meant for a cache at rest. -ENOENT: there is none. Else 0.
 */
int slab_attr_shrink(const char *name);
int slab_attr_validate(const char *name);
/*
 * Sets or clears SLAB_TRACE or SLAB_FAILSLAB of the cache @name. -ENOENT: no
 * such cache; -EINVAL: it is shared by several users; -EOPNOTSUPP in a build
 * without slab_debug.
 */
int slab_attr_flag(const char *name, slab_flags_t flag, bool on);
/*
 * The places that allocated (@frees: freed last) the objects of the cache
 * @name that are out, with their stacks or without, in Linux's format. 0;
 * -ENOENT: no such cache; -ENOSYS: it has no SLAB_STORE_USER; -ENOMEM.
 */
int slab_attr_calls(const char *name, bool frees, bool stacks,
		    struct seq_file *m);

#endif
