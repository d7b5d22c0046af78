/* SPDX-License-Identifier: MIT */
/* What the files of the kernel mappings' program share. */
#ifndef OCTAVO_TESTS_SIM_VM_SIM_H
#define OCTAVO_TESTS_SIM_VM_SIM_H

#include "program.h"

#define NR_AREAS	48
#define AREA_PAGES	40	/* of one, at most */
/* Pages of all areas, at most, warm ones too: calls are never without. */
#define ALL_PAGES	400U

enum area_kind {
	AREA_ALLOC,		/* vmalloc() */
	AREA_RIGHTS,		/* the same, with VM_FLUSH_RESET_PERMS */
	AREA_MAP,		/* vmap() */
	AREA_RAM,		/* vm_map_ram() */
	AREA_RANGE,		/* get_vm_area() and vmap_page_range() */
};
#define AREA(kind)	(1U << AREA_##kind)
#define AREA_ANY	(AREA(ALLOC) | AREA(RIGHTS) | AREA(MAP) | \
			 AREA(RAM) | AREA(RANGE))

enum area_state { AREA_NONE, AREA_COMING, AREA_OWNED, AREA_GOING };

/* Who has a mapping: between two points nobody else looks. */
struct area {
	enum area_state state;
	enum area_kind kind;
	u32 number;		/* of all areas: what its pages are stamped */
	u32 users;		/* CPUs that touch it; till then it stays */
	unsigned long addr;
	unsigned int nr;	/* pages */
	struct page *page[AREA_PAGES];
};

/* Part of each state, and put back with it. */
struct areas {
	struct area area[NR_AREAS];
	u8 owner[TEST_FRAMES];	/* of a frame: area + 1; 0: none of them */
	unsigned int pages;	/* of all areas that are not AREA_NONE */
	u32 number;
};
extern struct areas areas;

/* These end the run when something is wrong. */

/* A place for an area of @nr pages; NULL: there are enough. */
struct area *area_reserve(enum area_kind kind, unsigned int nr);
/* Pages for it, which are the test's; false: there are none. */
bool area_pages_get(struct area *a);
void area_pages_put(struct area *a);
/* It is at @addr, and of vmalloc() its pages are known. Stamps them. */
void area_got(struct area *a, const void *addr);
/* It came to nothing, or is gone. */
void area_forget(struct area *a);
/* Some area of one of @kinds that nobody uses, to be given up; NULL: none. */
struct area *area_give(u64 *rng, unsigned int kinds);
/* Some area that stays until area_unuse(); NULL: none. */
struct area *area_use(u64 *rng);
void area_unuse(struct area *a);
/* The running CPU reads page @i of an area that it uses. */
void area_touch(struct area *a, unsigned int i);

/* Makes and gives up one of @kind in the caller's context. */
struct area *area_make(enum area_kind kind, unsigned int nr);
void area_end(struct area *a);

#endif
