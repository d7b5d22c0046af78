/* SPDX-License-Identifier: MIT */
/*
 * A CPU's own free pages: the structures, and how to be alone with them. The
 * theory stands in pcp.c.
 */
#ifndef _MM_PAGE_PCP_H
#define _MM_PAGE_PCP_H

#include "internal.h"
#include "pageblock.h"

#include <linux/percpu.h>
#include <octavo/plant.h>

/* Orders 0 to 8, and the pageblock's. */
#define PCP_SMALL_ORDERS	9
#define PCP_SLOT_PAGEBLOCK	PCP_SMALL_ORDERS
#define NR_PCP_SLOTS		(PCP_SMALL_ORDERS + 1)
/* Types in a row of lists: a power of two, so the last is never used. */
#define PCP_ROW			4
#define NR_PCP_LISTS		(NR_PCP_SLOTS * PCP_ROW)
static_assert(MIGRATE_PCPTYPES <= PCP_ROW, "a row holds every type");

/* What gfp says of zone and mobility: the index of pcp_front.alloc. */
#define PCP_GFP_MASK		(GFP_ZONEMASK | __GFP_RECLAIMABLE)
#define NR_PCP_GFP		32
static_assert(PCP_GFP_MASK == NR_PCP_GFP - 1, "the low bits of gfp");
/* Values of page_zone_id(). */
#define NR_ZONE_IDS		(1U << (ZONES_WIDTH + NODES_WIDTH))

/*
 * Blocks of one order and type, by their first frames.
 *
 *   pfns   |stack ──► count       capacity|give-back ──► back  room|
 *
 * p: this CPU inside its section, or who has claimed it; c: constant. What
 * others read without a claim (count, back, nr_alloc, net) is stored whole.
 */
struct pcp_list {
	u32 count;		/* p: on the stack; the last is the next to go */
	u32 high;		/* p: at most so many on the stack */
	u32 take_front;		/* p: PFN; frames from here on are not kept */
	u32 back;		/* p: in the give-back */
	u32 *pfns;		/* c: capacity + room of them at least */
	unsigned long nr_alloc;	/* p: blocks handed out from here, ever */
	long net;		/* p: blocks from the buddy, less those to it */
	u16 capacity;		/* p: blocks of the stack, changed while it is
				 * empty; 0: no such list */
	u16 since;		/* p: low bits of nr_alloc at the first block
				 * of the give-back */
	u16 batch;		/* p: blocks the next refill brings */
	u16 back_high;		/* p: so many in the give-back are given */
	u32 idle;		/* p: nr_alloc when it was last looked at */
	u16 room;		/* p: blocks of the give-back, as capacity */
	u8 order;		/* c */
	u8 type;		/* c: migratetype */
	struct per_cpu_pages *pcp;	/* c: what it is a part of */
} __aligned(64);
static_assert(sizeof(struct pcp_list) == 64, "a list's state is one line");

/* The lists of one CPU for one zone. */
struct per_cpu_pages {
	struct zone *zone;	/* c */
	unsigned int cpu;	/* c */
	bool local;		/* c: of the CPU's own node */
	unsigned long share;	/* c: pages that the arrays were made for */
	/* What nr_alloc says wrong: it stands for a hit, local. */
	s64 numa[NR_VM_NUMA_EVENT_ITEMS];	/* p */
	struct pcp_list list[NR_PCP_LISTS] ____cacheline_aligned; /* p: pcp_at() */
	u32 pfns[];		/* p: the lists' arrays */
};

/*
 * A zone that most of the CPU's requests end in: frames whose struct pages lie
 * one after another, whole pageblocks but for the last, which ends where a
 * block of HOME_ORDER does; and what their frees need to know.
 */
struct pcp_home {
	struct page *page;		/* p: the first */
	unsigned long pages;		/* p: how many; 0: no lists */
	u8 *type;			/* p: by number of pageblock */
	struct pcp_list *list;		/* p: of order 0 and type 0 */
	u32 pfn;			/* p: of page */
	u32 flags;			/* p: of a page without PG_ */
	unsigned long sums[NR_PCP_SLOTS];	/* p: of the tails of a block that is
					 * whose owner's it is (tails.h) */
};

/* A block of at most this order that begins in a home also ends in it. */
#define HOME_ORDER	3

/* The zone of ordinary requests, and that of those for lower addresses. */
#define NR_PCP_HOMES	2

/* pcp_front.claimed */
#define PCP_CLAIMED	1u	/* somebody else is at its lists */
#define PCP_OFF		2u	/* it has none, or is off-line */

/*
 * Where a CPU's requests start. o: this CPU with preemption off; a: atomic;
 * p: as above.
 */
struct pcp_front {
	u32 busy;		/* a: the CPU is inside its section */
	u32 claimed;		/* a: PCP_*; written under pcp_claims.lock */
	/* By page_zone_id(): NULL where the zone has no memory. */
	struct per_cpu_pages **by_zone;		/* p */
	struct pcp_home home[NR_PCP_HOMES];	/* p */
	/* By the low bits of gfp: list of order 0 in the zone that comes
	 * first; always empty where they contradict each other. */
	struct pcp_list *alloc[NR_PCP_GFP];	/* p */
};

DECLARE_PER_CPU(struct pcp_front, pcp_front);

/* The list of the same type for another order's slot, from that of order 0. */
static inline struct pcp_list *pcp_list_of_slot(struct pcp_list *list,
						unsigned int slot)
{
	return list + slot * PCP_ROW;
}

static inline struct pcp_list *pcp_at(struct per_cpu_pages *pcp,
				      unsigned int slot, int type)
{
	return &pcp->list[slot * PCP_ROW + (unsigned int)type];
}

/* The place of @order; NR_PCP_SLOTS when there are no lists for it. */
static inline unsigned int pcp_slot(unsigned int order)
{
	if (likely(order < PCP_SMALL_ORDERS))
		return order;
	return order == pageblock_order ? PCP_SLOT_PAGEBLOCK : NR_PCP_SLOTS;
}

/*
 * The section. preemption is off; false when the CPU must keep off its lists:
 * then it is not inside. The store of busy and the load of claimed may pass
 * each other; port_cpu_barrier() on the other side makes up for that.
 */
static __always_inline bool pcp_section_enter(struct pcp_front *front)
{
	if (!PLANT(pcp_busy_unset))
		port_store(&front->busy, 1, __ATOMIC_RELAXED);
	barrier();
	/* Pairs with the release in pcp_release(). */
	if (likely(!port_load(&front->claimed, __ATOMIC_ACQUIRE)) ||
	    PLANT(pcp_claim_unseen))
		return true;
	port_store(&front->busy, 0, __ATOMIC_RELEASE);
	return false;
}

static __always_inline void pcp_section_leave(struct pcp_front *front)
{
	/* Pairs with the acquire in pcp_claim(). */
	port_store(&front->busy, 0, __ATOMIC_RELEASE);
}

/* The same of this CPU's front, as this_cpu_here() has it. */
static __always_inline bool
pcp_here_enter(struct pcp_front __percpu_here *front)
{
	if (!PLANT(pcp_busy_unset))
		port_here_store(&front->busy, 1);
	barrier();
	if (likely(!port_here_any(&front->claimed)) || PLANT(pcp_claim_unseen))
		return true;
	port_here_store(&front->busy, 0);
	return false;
}

static __always_inline void
pcp_here_leave(struct pcp_front __percpu_here *front)
{
	port_here_store(&front->busy, 0);
}

/*
 * Preemption off and inside the section: its front, or NULL with preemption
 * as it was. *@count: for pcp_unlock(). With a count of 0 nobody on this CPU
 * can be inside, and what is written is known without reading: no chain of
 * stores and loads from one request to the next.
 */
static __always_inline struct pcp_front *pcp_lock(unsigned int *count)
{
	struct pcp_front *front;

	*count = preempt_count();
	if (likely(!*count))
		this_cpu_write(__preempt_count, PREEMPT_OFFSET);
	barrier();
	front = this_cpu_ptr(&pcp_front);
	/* An interrupt, maybe of one who is inside. */
	if (unlikely(*count) && port_load(&front->busy, __ATOMIC_RELAXED) &&
	    !PLANT(pcp_interrupt_in))
		return NULL;
	if (likely(pcp_section_enter(front)))
		return front;
	if (!*count)
		preempt_enable();
	return NULL;
}

static __always_inline void pcp_unlock(struct pcp_front *front,
				       unsigned int count)
{
	pcp_section_leave(front);
	barrier();
	if (unlikely(count))
		return;
	this_cpu_write(__preempt_count, 0u);
	if (unlikely(need_resched()))
		preempt_schedule();
}

/*
 * The same in two halves, for who has seen that the count is 0: preemption
 * off, and on again without a look at whether another thread waits.
 */
static __always_inline struct pcp_front __percpu_here *
pcp_disable_at(unsigned long anchor)
{
	this_cpu_write_at(anchor, __preempt_count, PREEMPT_OFFSET);
	barrier();
	return this_cpu_here(anchor, &pcp_front);
}

static __always_inline void pcp_enable_at(unsigned long anchor)
{
	barrier();
	this_cpu_write_at(anchor, __preempt_count, 0u);
}

/* Counters that others read at any time. */
static __always_inline void pcp_set_count(struct pcp_list *list, u32 count)
{
	port_point(&list->count);
	__atomic_store_n(&list->count, count, __ATOMIC_RELAXED);
}

static __always_inline void pcp_set_back(struct pcp_list *list, u32 back)
{
	port_point(&list->back);
	__atomic_store_n(&list->back, back, __ATOMIC_RELAXED);
}

/* @n blocks came from the buddy system. */
static inline void pcp_add_net(struct pcp_list *list, long n)
{
	__atomic_store_n(&list->net, list->net + n, __ATOMIC_RELAXED);
}

static __always_inline void pcp_count_alloc(struct pcp_list *list,
					    unsigned long n)
{
	asm_count_add(&list->nr_alloc, n);
}

/* The next block of a list that is not empty. */
static __always_inline u32 pcp_pop(struct pcp_list *list, unsigned long count)
{
	u32 pfn = list->pfns[count - 1];

	pcp_set_count(list, (u32)(count - 1));
	pcp_count_alloc(list, 1);
	return pfn;
}

/* pcp.c; inside the section in all of these. */

/* A block for a list that is empty, from the buddy; false: it has none. */
bool pcp_refill(struct pcp_list *list, const struct alloc_context *ac,
		unsigned int alloc_flags);
/* Takes a block in that the stack does not; false: nor does the list. */
bool pcp_overflow(struct pcp_list *list, u32 pfn);

/*
 * Whether the give-back has lain while as many blocks went out as a stack
 * holds: each of its pages keeps a pageblock from being whole.
 */
static __always_inline bool pcp_back_is_old(const struct pcp_list *list)
{
	return (u16)((u16)list->nr_alloc - list->since) > list->capacity;
}

/*
 * The block joins others in the give-back; false: pcp_overflow() is to be
 * asked. It is the first of none when the list is disabled.
 */
static __always_inline bool pcp_back_join(struct pcp_list *list, u32 pfn)
{
	unsigned long back = list->back;

	if (unlikely(pfn < list->take_front || !back ||
		     back >= list->back_high || pcp_back_is_old(list)))
		return false;
	list->pfns[list->capacity + back] = pfn;
	pcp_set_back(list, (u32)(back + 1));
	return true;
}
/* Gives @n blocks from the cold end of the stack, and the give-back. */
void pcp_list_give(struct pcp_list *list, u32 n);
/* Gives all that @pcp has; how many pages. */
unsigned long pcp_give_all(struct per_cpu_pages *pcp);

/*
 * A free block into the lists, inside the section; false: it is not for them.
 * The type is read in here: who has claimed the lists after changing a
 * pageblock's type will not see a page come to them by the former type.
 */
static __always_inline bool pcp_put(struct pcp_front *front,
				    const struct page *page,
				    unsigned long pfn, unsigned int slot)
{
	struct per_cpu_pages *pcp = front->by_zone[page_zone_id(page)];
	struct pcp_list *list;
	u32 count;
	int type;

	if (unlikely(!pcp))
		return false;
	type = pageblock_type_of(pcp->zone, pageblock_number(pcp->zone, pfn));
	if (unlikely(type >= MIGRATE_PCPTYPES))
		return false;
	list = pcp_at(pcp, slot, type);
	count = list->count;
	if (unlikely(count >= list->high || pfn >= list->take_front))
		return pcp_overflow(list, (u32)pfn);
	if (PLANT(pcp_put_twice) && count + 1 < list->high)
		list->pfns[count++] = (u32)pfn;
	list->pfns[count] = (u32)pfn;
	pcp_set_count(list, count + 1);
	return true;
}

/* page_zone_id() of a zone's pages. */
static inline u32 zone_id(const struct zone *zone)
{
	return page_links((enum zone_type)zone_idx(zone), zone_to_nid(zone)) >>
	       NODES_PGSHIFT;
}

/* Outside. A block of @zone for @ac; NULL when the lists cannot help. */
struct page *pcp_take(struct zone *zone, const struct alloc_context *ac,
		      unsigned int alloc_flags, bool refill);
/* Keeps pages that have passed page_free_check(); false: the buddy's. */
bool pcp_free(struct page *page, unsigned long pfn, unsigned int order);

/* pcp_setup.c */
/* The lists of @cpu for @zone, or NULL. */
struct per_cpu_pages *pcp_of(unsigned int cpu, const struct zone *zone);
/* Gives every online CPU without lists its own. May be called again. */
void pcp_setup(void);
void pcp_cpu_online(unsigned int cpu);
void pcp_cpu_dead(unsigned int cpu);

/* Blocks that a give-back has room for even where the CPU also allocates. */
static inline u16 pcp_back_least(const struct pcp_list *list)
{
	return min(list->room, (u16)DIV_ROUND_UP(list->capacity, 4));
}

/* Blocks that a list moves at least, where it has room for them. */
static inline u16 pcp_batch_least(const struct pcp_list *list)
{
	u32 batch = (u32)READ_ONCE(list->pcp->zone->pageset_batch) >>
		    list->order;

	return (u16)clamp(batch, 1U, max(list->capacity / 2U, 1U));
}

/* What a list may hold to begin with; nothing while it is disabled. */
void pcp_list_reset(struct pcp_list *list);
/* Blocks that a list may hold however little it is asked for. */
u32 pcp_list_least(const struct pcp_list *list);
/*
 * Empties all lists and makes them as large as vm.percpu_pagelist_high_fraction
 * says, or as they were made. Task context, interrupts on.
 */
void pcp_reshape(void);
/* NUMA events count from 0 again. Task context, interrupts on. */
void pcp_numa_stat_restart(void);

/* pcp_drain.c */
/* Adds what the lists of @cpu have counted to vm_event_item's sums. */
void pcp_vm_events(unsigned int cpu, unsigned long *events);
/* Gives what may keep a request from succeeding; false: nothing was there. */
bool pcp_drain_for_request(void);
/* Alone with the lists of @cpus until pcp_release(). */
void pcp_claim(const struct cpumask *cpus);
void pcp_release(const struct cpumask *cpus);

#define for_each_pcp_list(list, pcp)					\
	for ((list) = (pcp)->list; (list) < (pcp)->list + NR_PCP_LISTS;	\
	     (list)++)

#endif
