/* SPDX-License-Identifier: MIT */
/*
 * How physical addresses outside RAM are cached by whoever has mapped them;
 * theory in arch/x86/mm/memtype.c. No privileged instruction. Ends exclusive.
 */
#ifndef _ASM_MEMTYPE_H
#define _ASM_MEMTYPE_H

#include <linux/rbtree_types.h>
#include <linux/types.h>
#include <asm/memtype_types.h>
#include <asm/pgtable_types.h>

struct seq_file;

/* Those of one range and type. All of it: memtype_state.lock. */
struct memtype {
	struct rb_node rb;	/* in memtype_state.tree, by start, then end */
	u64 start, end;		/* bytes, whole pages */
	u64 subtree_max_end;	/* the largest end of it and all below */
	enum page_cache_mode type;
	unsigned int users;	/* that have reserved exactly this */
};

/* The PAT is in use: page tables can say WC, WT and WP. */
bool pat_enabled(void);

/*
 * The caller will map [start, end), which is not empty, with @req_type. 0, and
 * *ret_type is what it has to map it with: @req_type; or what others have
 * mapped it with; or UC- for WB where the MTRRs say otherwise. Ended by one
 * memtype_free() of the same range. -EBUSY, with a line that names both ranges:
 * there are several types in it; -EINVAL, with a line: some of it is RAM, which
 * can be had as WB alone and whole; -ENOMEM. May sleep. @ret_type may be
 * NULL: then others' types are conflicts too.
 */
int memtype_reserve(u64 start, u64 end, enum page_cache_mode req_type,
		    enum page_cache_mode *ret_type);
/* 0; -EINVAL, with a line, when nobody has reserved exactly that. */
int memtype_free(u64 start, u64 end);
/*
 * The same with *type in and out, refused with -EBUSY and a line that names
 * both ranges when others have a type that may not stand for *type.
 */
int memtype_reserve_io(resource_size_t start, resource_size_t end,
		       enum page_cache_mode *type);
void memtype_free_io(resource_size_t start, resource_size_t end);
/*
 * Whether the direct map agrees with @type for [base, base + size): it shows
 * RAM alone, as WB. 0, or -EINVAL with a line.
 */
int memtype_kernel_map_sync(u64 base, unsigned long size,
			    enum page_cache_mode type);

/* Each port: does the direct map show some of [start, end)? */
bool memtype_direct_map_has(u64 start, u64 end);

/* What @addr is reserved as: UC- when it is not, WB for RAM. */
enum page_cache_mode memtype_lookup(u64 addr);
/*
 * What the CPU does with an access to [start, end) through a mapping of
 * @type, an MTRR_TYPE_*: the MTRRs' type and the PAT's combined.
 */
u8 memtype_effective(u64 start, u64 end, enum page_cache_mode type);
/* The end of what has one MTRR type from @start on, at most @end. */
u64 memtype_mtrr_end(u64 start, u64 end);
/* May who wanted @req work with @got? */
bool memtype_allows(enum page_cache_mode req, enum page_cache_mode got);
/* "write-combining", ... */
const char *cattr_name(enum page_cache_mode type);

/* Invariants: NULL, or what is wrong. Takes the lock. */
const char *memtype_check(void);
/* /sys/kernel/debug/x86/pat_memtype_list */
int pat_memtype_list_show(struct seq_file *m);

/* ---- memtype_interval.c: the tree. Callers hold the lock. ------------- */

/* The first node, by start, that overlaps [start, end); NULL. */
struct memtype *memtype_first(const struct memtype_state *s, u64 start,
			      u64 end);
/* The one after @m that does. */
struct memtype *memtype_after(const struct memtype_state *s,
			      const struct memtype *m, u64 start, u64 end);
/* The node of exactly that range; NULL. */
struct memtype *memtype_find(const struct memtype_state *s, u64 start,
			     u64 end);
/* One user more of a range that has one type: @new, or the node like it. */
struct memtype *memtype_add(struct memtype_state *s, struct memtype *new);
/* One user less; true: it was the last, and @m is out of the tree. */
bool memtype_remove(struct memtype_state *s, struct memtype *m);
const char *memtype_tree_check(const struct memtype_state *s);

#endif
