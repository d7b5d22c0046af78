/* SPDX-License-Identifier: MIT */
/*
 * Page tables by format: one walker for 2, 3 and 4 levels, driven by a
 * table. Theory in arch/x86/mm/pgtable.c. No privileged instruction: nothing
 * here flushes a TLB, and the same code runs on the host over plain memory.
 */
#ifndef _ASM_PGTABLE_WALK_H
#define _ASM_PGTABLE_WALK_H

#include <linux/types.h>
#include <asm/mem_range.h>

#define PGTABLE_MAX_LEVELS	4
#define PGTABLE_MAX_LEFT	4
#define PGTABLE_NO_TABLE	(~(phys_addr_t)0)

/* One level. Level 0 is the PTE table. */
struct pgtable_level {
	const char *name;	/* in a dump */
	u8 shift;		/* bits of an address below its index */
	u8 bits;		/* bits of its index */
	bool leaf;		/* an entry can map memory */
	u64 table_flags;	/* of an entry that points to a table */
};

struct pgtable_format {
	const char *name;
	u8 levels;		/* in use */
	u8 entry_size;		/* bytes: 4 or 8 */
	u8 va_bits;		/* bits of an address that are translated */
	u64 frame_mask;		/* bits of an entry that hold the address */
	u64 nx;			/* the bit that forbids execution; 0: none */
	struct pgtable_level level[PGTABLE_MAX_LEVELS];
};

extern const struct pgtable_format pgtable_4level;	/* x86_64 */
extern const struct pgtable_format pgtable_pae;		/* i386, 3 levels */
extern const struct pgtable_format pgtable_2level;	/* i386 without PAE */

/* Where tables come from. */
struct pgtable_ops {
	/* A zeroed, page-aligned table, or PGTABLE_NO_TABLE. */
	phys_addr_t (*alloc)(void *ctx);
	/* The table at @phys as an address; NULL when it cannot be reached. */
	void *(*table_at)(void *ctx, phys_addr_t phys);
};

/* A whole tree. The caller keeps writers apart. */
struct pgtable {
	const struct pgtable_format *format;	/* c */
	const struct pgtable_ops *ops;		/* c */
	void *ctx;				/* c: of ops */
	phys_addr_t root;			/* c: of the top table */
	struct pgtable_range {
		u64 start, end;
	} left[PGTABLE_MAX_LEFT];		/* somebody else's: leaves and
						 * tables that translate no
						 * more than one of these are
						 * not counted, not checked */
	int nr_left;
	unsigned long nr_tables;		/* below the root */
	unsigned long nr_leaves[PGTABLE_MAX_LEVELS];	/* by level */
};

/* A leaf, as a walk sees it. */
struct pgtable_leaf {
	u64 va;			/* first address it maps */
	u64 size;		/* bytes */
	phys_addr_t phys;	/* that va translates to */
	int level;		/* 0: 4K */
	u64 prot;		/* bits as of a 4K leaf; RW, USER and NX are
				 * what all levels together allow */
};

/* Returns 0 to go on; anything else ends the walk with that value. */
typedef int (*pgtable_leaf_fn)(void *ctx, const struct pgtable_leaf *leaf);

/* An empty tree. 0 or -ENOMEM. */
int pgtable_setup(struct pgtable *pt, const struct pgtable_format *format,
		  const struct pgtable_ops *ops, void *ctx);

/*
 * Makes the tables that lead to the entry of @va at @level. 0, -ENOMEM, or
 * -EEXIST when a leaf is in the way.
 */
int pgtable_reach(struct pgtable *pt, u64 va, int level);
/*
 * Entries of [start, end), page-aligned, are written by somebody else from here
 * on; those that are there stay.
 */
void pgtable_leave(struct pgtable *pt, u64 start, u64 end);

/* A leaf at @level that maps @phys with @prot (bits as of a 4K leaf). */
u64 pgtable_encode(const struct pgtable_format *format, int level,
		   phys_addr_t phys, u64 prot);
/* The other way round: bits as of a 4K leaf, without the frame. */
u64 pgtable_entry_prot(const struct pgtable_format *format, int level,
		       u64 entry);
phys_addr_t pgtable_entry_phys(const struct pgtable_format *format, int level,
			       u64 entry);

/*
 * Maps [va, va + size) to [phys, phys + size) with leaves of @level. All
 * three are multiples of that leaf's size, else -EINVAL. -ENOMEM when a
 * table cannot be had, -EEXIST when something is mapped there: what was
 * mapped before that stays.
 */
int pgtable_map(struct pgtable *pt, u64 va, phys_addr_t phys, u64 size,
		int level, u64 prot);
/*
 * In all leaves of [va, va + size) clears the bits @clear, then sets @set
 * (as of a 4K leaf). Larger leaves are split where the range cuts them.
 * -ENOENT at the first hole, -ENOMEM, -EINVAL when not page-aligned; the
 * leaves before the failure have changed. The caller flushes.
 */
int pgtable_protect(struct pgtable *pt, u64 va, u64 size, u64 set, u64 clear);
/* Unmaps what is mapped in the range; -ENOMEM when a split needs a table. */
int pgtable_unmap(struct pgtable *pt, u64 va, u64 size);
/* The leaf that maps @va. True when there is one. */
bool pgtable_lookup(const struct pgtable *pt, u64 va,
		    struct pgtable_leaf *leaf);
/* Calls @fn for each leaf that maps some of [first, last], in order. */
int pgtable_walk(const struct pgtable *pt, u64 first, u64 last,
		 pgtable_leaf_fn fn, void *ctx);

/*
 * Calls @report for each leaf of [first, last] that may be both written and
 * executed; returns how many base pages they map.
 */
unsigned long pgtable_check_wx(const struct pgtable *pt, u64 first, u64 last,
			       pgtable_leaf_fn report, void *ctx);
/* "PGD 1067 P4D 1067 PUD 2067 PMD 0": what translates @va. Any context. */
int pgtable_dump(const struct pgtable *pt, u64 va, char *buf, size_t size);
/* Verifies nr_tables and nr_leaves against the tree. */
void pgtable_check(const struct pgtable *pt);

#endif
