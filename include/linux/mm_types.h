/* SPDX-License-Identifier: MIT */
/*
 * struct page: 32 bytes for each page frame, two to a cache line.
 *
 *   0        4        8        12       16                24       28
 *   +--------+--------+--------+--------+-----------------+--------+--------+
 *   | _ref   | _map/  | flags  | index  | mapping/private | next   | prev   |
 *   | count  | type   |        |        | (tagged)        | (PFN)  | (PFN)  |
 *   +--------+--------+--------+--------+-----------------+--------+--------+
 *
 * The first two share one 64-bit word, so that a path that changes both pays
 * one atomic. Links are page frame numbers, which caps RAM at 16 TiB; the
 * index is 32 bits, which caps a file at 16 TiB.
 *
 * Differs from Linux (64 bytes): links are PFNs and not pointers, private
 * shares its word with mapping (a page has one or the other), and compound
 * tails keep the head's PFN in `next`.
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/types.h>

struct address_space;

/* No page: ends a list of pages and fills links of what is on none. */
#define PFN_NONE	((u32)~0U)

/*
 * Locks: z zone lock of the page's zone; a atomic; o owner, who holds
 * a reference; c constant once initialised.
 */
struct page {
	union {
		struct {
			atomic_t _refcount;	/* a: 0 is free or frozen;
						 * PAGE_REF_SOLE is 1 */
			union {
				atomic_t _mapcount; /* a: mappings - 1 */
				u32 page_type;	/* o: PGTY_* and its number,
						 * see page-flags.h */
			};
		};
		atomic64_t counts;		/* both, at once */
	};
	u32 flags;		/* a: PG_* low, node and zone high (c) */
	union {
		u32 index;	/* o: pages into mapping */
		u32 compound_order; /* o: in the first tail: order of the whole */
	};
	union {
		u64 mapping;	/* o: address_space, tagged in bits 0 and 1 */
		u64 private;	/* o: the owner's, when there is no mapping */
	};
	u32 lru_next;		/* z or lru lock: PFN after this on its list */
	u32 lru_prev;		/* z or lru lock: PFN before this */
};
static_assert(sizeof(struct page) == 32, "struct page is 32 bytes");

/*
 * A folio: one page or a whole compound page, known to start at its head.
 * The same bytes as the struct page of its head.
 */
struct folio {
	struct page page;
};

/*
 * A list of pages by PFN: doubly linked, both ends known, not circular.
 * The first's prev and the last's next are PFN_NONE; so are both ends of an
 * empty list. Takes the lock of whoever owns the list.
 */
struct page_list {
	u32 first;		/* PFN or PFN_NONE */
	u32 last;		/* PFN or PFN_NONE */
};

#define PAGE_LIST_INIT	{ PFN_NONE, PFN_NONE }

typedef struct { unsigned long val; } swp_entry_t;
typedef unsigned int vm_fault_t;

#endif
