/* SPDX-License-Identifier: MIT */
/*
 * memblock: the allocator of early boot. Linux 6.12's calls and semantics;
 * the theory stands in mm/early/memblock.c.
 *
 * All calls: booting CPU only, from the first line of setup_arch() until
 * memblock_free_all(); none sleeps or takes a lock. Bases and sizes are in
 * bytes; a range that would run past PHYS_ADDR_MAX is cut there; a size of 0
 * is allowed and changes nothing.
 */
#ifndef _LINUX_MEMBLOCK_H
#define _LINUX_MEMBLOCK_H

#include <linux/cache.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/memblock_types.h>
#include <linux/mm_types.h>
#include <linux/numa.h>
#include <linux/pfn.h>
#include <linux/types.h>
#include <octavo/machine.h>
#include <asm/page.h>

/* The machine's own; a macro, so that code written for Linux compiles. */
#define memblock	(this_machine()->mb)

#define MEMBLOCK_ALLOC_ANYWHERE		(~(phys_addr_t)0)
#define MEMBLOCK_ALLOC_ACCESSIBLE	0	/* below the current limit */
#define MEMBLOCK_ALLOC_NOLEAKTRACE	1	/* the same */
#define MEMBLOCK_LOW_LIMIT		0

/*
 * Makes @mb empty: nothing there, nothing reserved, top-down, no limit. The
 * calls below do it themselves to a zeroed state.
 */
void memblock_init(struct memblock_state *mb);
/*
 * Verifies invariants I1..I7 (mm/early/memblock_debug.c). 0, or the number of
 * the first that is broken, after a line that says where.
 */
int memblock_check(const struct memblock_state *mb);
/* From now on the arrays of regions may grow, into memory of their own. */
void memblock_allow_resize(void);

/*
 * What there is. All return 0, or -ENOMEM when the array had to grow and
 * could not, in which case nothing has changed. Bytes that are already there
 * keep their node and flags.
 */
int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid,
		      enum memblock_flags flags);
int memblock_add(phys_addr_t base, phys_addr_t size);
int memblock_remove(phys_addr_t base, phys_addr_t size);
/* What is taken; it need not be memory. Errors as above. */
int memblock_reserve(phys_addr_t base, phys_addr_t size);
int memblock_phys_free(phys_addr_t base, phys_addr_t size);
/* The same as memblock_phys_free() for a direct-map address; NULL is none. */
void memblock_free(void *ptr, size_t size);
/*
 * Gives [base, base + size) of @type (memory or reserved) node @nid.
 * 0 or -ENOMEM.
 */
int memblock_set_node(phys_addr_t base, phys_addr_t size,
		      struct memblock_type *type, int nid);

/* Flags of all memory in the range. 0 or -ENOMEM; holes are passed over. */
int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_mark_mirror(phys_addr_t base, phys_addr_t size);
int memblock_mark_nomap(phys_addr_t base, phys_addr_t size);
int memblock_clear_nomap(phys_addr_t base, phys_addr_t size);
/* Of reserved ranges: their struct pages are the owner's to initialise. */
int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size);

/* Cuts every memory region to multiples of @align, drops what is left empty. */
void memblock_trim_memory(phys_addr_t align);
/* Keeps the lowest @memory_limit bytes of memory. */
void memblock_enforce_memory_limit(phys_addr_t memory_limit);
/* Drops all memory, and reservations too, outside the range; NOMAP stays. */
void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size);
/* Keeps the lowest @limit bytes of memory, and what is NOMAP. */
void memblock_mem_limit_remove_map(phys_addr_t limit);
/* Frees arrays that had grown; the state is empty afterwards. Late boot. */
void memblock_discard(void);

/* Where allocations end, and from which side they come. */
void memblock_set_current_limit(phys_addr_t limit);
phys_addr_t memblock_get_current_limit(void);

static inline void memblock_set_bottom_up(bool enable)
{
	memblock.bottom_up = enable;
}

static inline bool memblock_bottom_up(void)
{
	return memblock.bottom_up;
}

/*
 * Allocations. @align is a power of two (0: a cache line, with a warning).
 * The range is [start, end); @end MEMBLOCK_ALLOC_ACCESSIBLE is the current
 * limit. Never the first page, so 0 and NULL mean that there is none.
 *
 * phys: return the physical address; the memory is not touched.
 * @nid: first that node, then (unless "exact") any.
 */
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align,
				      phys_addr_t start, phys_addr_t end);
phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align,
				     phys_addr_t start, phys_addr_t end,
				     int nid, bool exact_nid);
phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align,
					int nid);
/*
 * Return a direct-map address. When [min_addr, max_addr) has no room, memory
 * below @min_addr is tried too. Zeroed, except "raw".
 */
void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align,
				   phys_addr_t min_addr, phys_addr_t max_addr,
				   int nid);
void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align,
				 phys_addr_t min_addr, phys_addr_t max_addr,
				 int nid);
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align,
			     phys_addr_t min_addr, phys_addr_t max_addr,
			     int nid);

static inline phys_addr_t memblock_phys_alloc(phys_addr_t size,
					      phys_addr_t align)
{
	return memblock_phys_alloc_range(size, align, 0,
					 MEMBLOCK_ALLOC_ACCESSIBLE);
}

static inline void *memblock_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT,
				      MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

/* The same, but never NULL: panics with @func's name, the caller's. */
void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align,
				const char *func);
#define memblock_alloc_or_panic(size, align)				\
	__memblock_alloc_or_panic(size, align, __func__)
static inline void *memblock_alloc_raw(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid_raw(size, align, MEMBLOCK_LOW_LIMIT,
					  MEMBLOCK_ALLOC_ACCESSIBLE,
					  NUMA_NO_NODE);
}

static inline void *memblock_alloc_from(phys_addr_t size, phys_addr_t align,
					phys_addr_t min_addr)
{
	return memblock_alloc_try_nid(size, align, min_addr,
				      MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

/* Below 4 GiB. */
#define ARCH_LOW_ADDRESS_LIMIT	0xffffffffUL

static inline void *memblock_alloc_low(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT,
				      ARCH_LOW_ADDRESS_LIMIT, NUMA_NO_NODE);
}

static inline void *memblock_alloc_node(phys_addr_t size, phys_addr_t align,
					int nid)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT,
				      MEMBLOCK_ALLOC_ACCESSIBLE, nid);
}

/* Questions. */
/* Is some memory marked as mirrored? */
static inline bool memblock_has_mirror(void)
{
	return memblock.has_mirror;
}
bool memblock_is_memory(phys_addr_t addr);
/* Memory that is in the direct map, i.e. not NOMAP. */
bool memblock_is_map_memory(phys_addr_t addr);
bool memblock_is_reserved(phys_addr_t addr);
/* All of the range lies in one region of memory. */
bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size);
/* Some of the range is reserved. */
bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size);
bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base,
			      phys_addr_t size);
unsigned long memblock_addrs_overlap(phys_addr_t base1, phys_addr_t size1,
				     phys_addr_t base2, phys_addr_t size2);
/*
 * The memory region that holds @pfn: its frames into @start_pfn, @end_pfn
 * (either may be NULL), its node as the result; NUMA_NO_NODE for no memory.
 */
int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn,
			    unsigned long *end_pfn);
/* At most @threshold_bytes of memory have no node; else reports and false. */
bool memblock_validate_numa_coverage(unsigned long threshold_bytes);
/* Bytes in all regions; frames that are neither reserved nor partial. */
phys_addr_t memblock_phys_mem_size(void);
phys_addr_t memblock_reserved_size(void);
unsigned long memblock_estimated_nr_free_pages(void);
/* First byte of memory, and the one after the last; 0 when there is none. */
phys_addr_t memblock_start_of_DRAM(void);
phys_addr_t memblock_end_of_DRAM(void);

/* All regions to the log, with memblock=debug (dump_all) or always. */
void memblock_dump_all(void);
void memblock_dump(const struct memblock_state *mb);

/*
 * Gives every free page to the page allocator and ends memblock's reign;
 * and one range after that. mm/page/mem_init.c.
 */
void memblock_free_all(void);
void memblock_free_late(phys_addr_t base, phys_addr_t size);

/*
 * A named range reserved by reserve_mem=SIZE:ALIGN:NAME. True and the range
 * when there is one of that name.
 */
bool reserve_mem_find_by_name(const char *name, phys_addr_t *start,
			      phys_addr_t *size);

static inline bool memblock_is_hotpluggable(struct memblock_region *m)
{
	return m->flags & MEMBLOCK_HOTPLUG;
}

static inline bool memblock_is_mirror(struct memblock_region *m)
{
	return m->flags & MEMBLOCK_MIRROR;
}

static inline bool memblock_is_nomap(struct memblock_region *m)
{
	return m->flags & MEMBLOCK_NOMAP;
}

static inline bool memblock_is_reserved_noinit(struct memblock_region *m)
{
	return m->flags & MEMBLOCK_RSRV_NOINIT;
}

static inline bool memblock_is_driver_managed(struct memblock_region *m)
{
	return m->flags & MEMBLOCK_DRIVER_MANAGED;
}

static inline void memblock_set_region_node(struct memblock_region *r, int nid)
{
	r->nid = nid;
}

static inline int memblock_get_region_node(const struct memblock_region *r)
{
	return r->nid;
}

/* Whole frames of memory regions, frames touched by reserved ones. */
static inline unsigned long
memblock_region_memory_base_pfn(const struct memblock_region *reg)
{
	return PFN_UP(reg->base);
}

static inline unsigned long
memblock_region_memory_end_pfn(const struct memblock_region *reg)
{
	return PFN_DOWN(reg->base + reg->size);
}

static inline unsigned long
memblock_region_reserved_base_pfn(const struct memblock_region *reg)
{
	return PFN_DOWN(reg->base);
}

static inline unsigned long
memblock_region_reserved_end_pfn(const struct memblock_region *reg)
{
	return PFN_UP(reg->base + reg->size);
}

#define for_each_mem_region(region)					\
	for ((region) = memblock.memory.regions;			\
	     (region) < memblock.memory.regions + memblock.memory.cnt;	\
	     (region)++)
#define for_each_reserved_mem_region(region)				\
	for ((region) = memblock.reserved.regions;			\
	     (region) < memblock.reserved.regions + memblock.reserved.cnt; \
	     (region)++)

/*
 * The next range, from *idx on, that is in @type_a, not in @type_b (NULL:
 * empty), of node @nid (NUMA_NO_NODE: any) and of the kinds that @flags ask
 * for. Sets *idx to ULLONG_MAX at the end. Outputs may be NULL.
 */
void __next_mem_range(u64 *idx, int nid, enum memblock_flags flags,
		      struct memblock_type *type_a,
		      struct memblock_type *type_b, phys_addr_t *out_start,
		      phys_addr_t *out_end, int *out_nid);
void __next_mem_range_rev(u64 *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a,
			  struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end,
			  int *out_nid);
/* The next memory region of @nid that holds a whole frame; *idx -1 at end. */
void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid);
struct zone;
/* The next free range of whole frames inside @zone. */
void __next_mem_pfn_range_in_zone(u64 *idx, struct zone *zone,
				  unsigned long *out_spfn,
				  unsigned long *out_epfn);

#define __for_each_mem_range(i, type_a, type_b, nid, flags,		\
			     p_start, p_end, p_nid)			\
	for (i = 0, __next_mem_range(&i, nid, flags, type_a, type_b,	\
				     p_start, p_end, p_nid);		\
	     i != (u64)ULLONG_MAX;					\
	     __next_mem_range(&i, nid, flags, type_a, type_b,		\
			      p_start, p_end, p_nid))
#define __for_each_mem_range_rev(i, type_a, type_b, nid, flags,		\
				 p_start, p_end, p_nid)			\
	for (i = (u64)ULLONG_MAX,					\
	     __next_mem_range_rev(&i, nid, flags, type_a, type_b,	\
				  p_start, p_end, p_nid);		\
	     i != (u64)ULLONG_MAX;					\
	     __next_mem_range_rev(&i, nid, flags, type_a, type_b,	\
				  p_start, p_end, p_nid))

/* Memory (all kinds but NOMAP and driver-managed), up and down. */
#define for_each_mem_range(i, p_start, p_end)				\
	__for_each_mem_range(i, &memblock.memory, NULL, NUMA_NO_NODE,	\
			     MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED,\
			     p_start, p_end, NULL)
#define for_each_mem_range_rev(i, p_start, p_end)			\
	__for_each_mem_range_rev(i, &memblock.memory, NULL, NUMA_NO_NODE, \
				 MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED,\
				 p_start, p_end, NULL)
#define for_each_reserved_mem_range(i, p_start, p_end)			\
	__for_each_mem_range(i, &memblock.reserved, NULL, NUMA_NO_NODE,	\
			     MEMBLOCK_NONE, p_start, p_end, NULL)

/* Memory that is not reserved, up and down. */
#define for_each_free_mem_range(i, nid, flags, p_start, p_end, p_nid)	\
	__for_each_mem_range(i, &memblock.memory, &memblock.reserved,	\
			     nid, flags, p_start, p_end, p_nid)
#define for_each_free_mem_range_reverse(i, nid, flags, p_start, p_end,	\
					p_nid)				\
	__for_each_mem_range_rev(i, &memblock.memory, &memblock.reserved, \
				 nid, flags, p_start, p_end, p_nid)

/* Whole frames of memory, MAX_NUMNODES meaning any node. */
#define for_each_mem_pfn_range(i, nid, p_start, p_end, p_nid)		\
	for (i = -1, __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid);\
	     i >= 0; __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid))

/* Free whole frames inside a zone: from its start, or on from index @i. */
#define for_each_free_mem_pfn_range_in_zone(i, zone, p_start, p_end)	\
	for (i = 0,							\
	     __next_mem_pfn_range_in_zone(&i, zone, p_start, p_end);	\
	     i != U64_MAX;						\
	     __next_mem_pfn_range_in_zone(&i, zone, p_start, p_end))
#define for_each_free_mem_pfn_range_in_zone_from(i, zone, p_start, p_end) \
	for (; i != U64_MAX;						\
	     __next_mem_pfn_range_in_zone(&i, zone, p_start, p_end))

#endif
