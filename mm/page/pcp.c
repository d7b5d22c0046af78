// SPDX-License-Identifier: MIT
/*
 * Free pages that a CPU keeps for itself.
 *
 *   CPU    pcp_front                  per_cpu_pages (one a zone)
 *          ├─ busy, claimed           list[slot][type]  ──►  pfns
 *          ├─ alloc[gfp bits] ──────► ▲  orders 0 to 8,      | | | |...
 *          └─ by_zone[zone id] ───────┘  and a pageblock
 *
 * Terms. A list is an array of first frames of free blocks of one order and
 * type: a stack, so that what was freed last, and is warm, goes out first, and
 * at its far end the give-back, what is to go to the buddy system at the next
 * opportunity. A refill takes several blocks from the buddy system under one
 * hold of the zone's lock, an overflow gives several. A hit needs neither.
 *
 * Speed. A hit writes nothing that another CPU reads often, and takes no
 * locked instruction. The pages that are kept are not linked: a hit touches
 * the list's line, a word of its array, and the struct page.
 *
 * Address order. The buddy system hands out the lowest blocks that fit, so
 * that the high ones become whole again. Stacks would undo this: a high page
 * would go round and round. So a list keeps a freed block only when it lies
 * below take_front, the end of the pageblock that single pages come from when
 * a refill or a gift was last made; the buddy system would not hand out
 * anything lower. Others, of at most 8 pages, go to the give-back. A gift looks anew, since a list
 * that is freed to as often as it is taken from is never refilled; and what
 * waits in the give-back is given when it is full or has waited long.
 *
 * The section. All that a CPU does to its lists it does with preemption off
 * and `busy` set. Another CPU that wants them (drain, off-line) claims them:
 *
 *   this CPU                          the other
 *     busy = 1                          claimed = 1
 *     (no barrier)                      port_cpu_barrier()
 *     claimed? -> not inside            wait until busy is 0
 *     ... its lists                     ... its lists
 *     busy = 0            release       claimed = 0          release
 *
 * port_cpu_barrier() makes the other CPU's store and load happen one after
 * the other somewhere before it returns, which is all that the missing
 * barrier would do; who drains pays for it. An interrupt that comes while
 * its CPU is inside sees busy and goes to the buddy system.
 *
 * Invariants of the lists, pcp_check.c:
 *   I1  count <= high <= capacity, back <= room
 *   I2  frames are valid, in the list's zone and aligned to its order
 *   I3  all pages of a block have no reference, no type and no flags
 *   I4  no page is in two blocks of any lists, nor in the buddy system
 *   I5  managed pages = free + on lists + in use; NR_FREE_PAGES has those of
 *       the buddy system only
 *   I6  what others may not see kept (disabled zone, CPU off) is empty
 *
 * Watermarks. Pages on a list do not count as free any more, so whoever is
 * let into the zone that comes first for him may have them without looking at
 * a mark. Near the low mark a refill brings the one block that was asked for,
 * so no reserve ends up on a list for all to take.
 *
 * Locks: zone->lock inside the section; none on entry.
 *
 * Differs from Linux: arrays in place of links through struct page, one
 * section a CPU in place of a lock a zone, lists by address.
 */
#include "pcp.h"

#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <trace/events/kmem.h>

DEFINE_PER_CPU_ALIGNED(struct pcp_front, pcp_front) = { .claimed = PCP_OFF };

/* Whether @n blocks can go without getting below the low mark. */
static bool pcp_can_take(const struct pcp_list *list, u32 n,
			 const struct alloc_context *ac)
{
	struct zone *zone = list->pcp->zone;
	unsigned long mark = low_wmark_pages(zone) +
			     ((unsigned long)n << list->order);

	return zone_watermark_ok(zone, 0, mark, (int)ac->highest_zoneidx, 0);
}

/*
 * How many blocks to take: as many as can be without getting below the low
 * mark for those whom the list serves; else the one that is needed.
 */
static u32 pcp_refill_size(const struct pcp_list *list,
			   const struct alloc_context *ac)
{
	u32 least = pcp_batch_least(list);

	if (list->batch > 1 && pcp_can_take(list, list->batch, ac))
		return list->batch;
	if (least < list->batch && pcp_can_take(list, least, ac))
		return least;
	return 1;
}

/*
 * Under the zone's lock, after it took or gave. Single pages and small blocks
 * draw the front, and large ones come from elsewhere: nearly all would lie
 * above it. The few that a CPU may keep of those deny few pageblocks.
 */
static void pcp_front_update(struct pcp_list *list)
{
	unsigned long front = list->pcp->zone->take_front[list->type];

	if (list->order <= PAGE_ALLOC_COSTLY_ORDER)
		list->take_front = (u32)min(front, (unsigned long)PFN_NONE);
}

/* @n blocks go to the buddy system; they came from it. */
static void pcp_trace_drain(const struct pcp_list *list, const u32 *pfns,
			    u32 n)
{
	u32 i;

	for (i = 0; trace_mm_page_pcpu_drain_enabled() && i < n; i++)
		trace_mm_page_pcpu_drain(pfn_to_page((unsigned long)pfns[i]),
					 list->order, list->type);
}

static void pcp_trace_refill(const struct pcp_list *list, u32 n)
{
	u32 i;

	for (i = 0; trace_mm_page_alloc_zone_locked_enabled() && i < n; i++)
		trace_mm_page_alloc_zone_locked(
			pfn_to_page((unsigned long)list->pfns[i]),
			list->order, list->type, 1);
}

/* Under the zone's lock. */
static void pcp_give_back_locked(struct pcp_list *list)
{
	pcp_trace_drain(list, list->pfns + list->capacity, list->back);
	buddy_give_bulk(list->pcp->zone, list->order,
			list->pfns + list->capacity, list->back);
	pcp_add_net(list, -(long)list->back);
	if (!PLANT(pcp_back_kept))
		pcp_set_back(list, 0);
}

/*
 * A list that ran dry wants more at once, and may hold more; all that it has
 * room for when nothing is freed meanwhile.
 */
static void pcp_list_grow(struct pcp_list *list, bool freed)
{
	u32 most = freed ? list->capacity / 4 : list->capacity;
	u32 batch = min(list->batch * 2U, max(most, 1U));

	list->batch = (u16)max(batch, min((u32)list->batch, most));
	list->high = min(list->high + list->batch, (u32)list->capacity);
}

/* The give-back is full: more at once, if all that comes are frees. */
static void pcp_back_grow(struct pcp_list *list)
{
	u32 taken = (u16)((u16)list->nr_alloc - list->since);

	if (taken < list->back / 4)
		list->back_high = (u16)min(list->back_high * 2U,
					   (u32)list->room);
	else
		list->back_high = pcp_back_least(list);
}

/*
 * Whether the list's numbers are possible; off the fast path. If not, they are
 * reported, and what the list held is lost rather than handed out twice.
 */
static bool pcp_list_sound(struct pcp_list *list)
{
	if (likely(list->count <= list->capacity && list->back <= list->room &&
		   list->high <= list->capacity &&
		   list->batch <= max(list->capacity, 1U) &&
		   list->back_high <= list->room))
		return true;
	atomic_long_inc(&page_alloc_state()->nr_bad);
	pr_err("pcp: cpu %u zone %s order %u type %u: the list was damaged, and is made empty\n",
	       list->pcp->cpu, list->pcp->zone->name, list->order, list->type);
	pcp_set_count(list, 0);
	pcp_set_back(list, 0);
	pcp_list_reset(list);
	return false;
}

bool pcp_refill(struct pcp_list *list, const struct alloc_context *ac,
		unsigned int alloc_flags)
{
	struct zone *zone = list->pcp->zone;
	struct taken_blocks taken;
	unsigned long flags;
	bool freed = list->back;
	u32 want, n;

	if (!list->high)
		return false;
	VM_BUG_ON(list->count);
	want = pcp_refill_size(list, ac);
	taken_init(&taken, want, true);
	spin_lock_irqsave(&zone->lock, flags);
	if (list->back)
		pcp_give_back_locked(list);
	buddy_take(zone, list->order, list->type, alloc_flags, &taken);
	pcp_front_update(list);
	spin_unlock_irqrestore(&zone->lock, flags);
	n = taken.nr;
	if (!n)
		return false;
	taken_expand_down(&taken, list->pfns);
	pcp_trace_refill(list, n);
	if (PLANT(pcp_refill_lost) && n > 1)
		n--;
	pcp_add_net(list, n);
	pcp_set_count(list, n);
	if (want > 1)
		pcp_list_grow(list, freed);
	return true;
}

void pcp_list_give(struct pcp_list *list, u32 n)
{
	struct zone *zone = list->pcp->zone;
	unsigned long flags;

	if (!pcp_list_sound(list) || (!n && !list->back))
		return;
	VM_BUG_ON(n > list->count);
	spin_lock_irqsave(&zone->lock, flags);
	if (list->back)
		pcp_give_back_locked(list);
	pcp_trace_drain(list, list->pfns, n);
	buddy_give_bulk(zone, list->order, list->pfns, n);
	pcp_front_update(list);
	spin_unlock_irqrestore(&zone->lock, flags);
	memmove(list->pfns, list->pfns + n,
		(list->count - n) * sizeof(*list->pfns));
	pcp_add_net(list, -(long)n);
	pcp_set_count(list, list->count - n);
}

unsigned long pcp_give_all(struct per_cpu_pages *pcp)
{
	struct pcp_list *list;
	unsigned long pages = 0;

	for_each_pcp_list(list, pcp) {
		pages += (unsigned long)(list->count + list->back) <<
			 list->order;
		pcp_list_give(list, list->count);
	}
	return pages;
}

/* Gives what must go before the block can come in. */
static noinline bool pcp_overflow_give(struct pcp_list *list, u32 pfn)
{
	if (!pcp_list_sound(list) || !list->high)
		return false;
	if (pfn >= list->take_front) {
		if (list->back >= list->back_high || pcp_back_is_old(list)) {
			pcp_back_grow(list);
			pcp_list_give(list, 0);
		}
		if (!list->back)
			list->since = (u16)list->nr_alloc;
		list->pfns[list->capacity + list->back] = pfn;
		pcp_set_back(list, list->back + 1);
		return true;
	}
	/* What has lain longest. */
	pcp_list_give(list, max(list->high / 4, 1U));
	list->batch = max((u16)(list->batch / 2), pcp_batch_least(list));
	list->pfns[list->count] = pfn;
	pcp_set_count(list, list->count + 1);
	return true;
}

bool pcp_overflow(struct pcp_list *list, u32 pfn)
{
	return likely(pcp_back_join(list, pfn)) ||
	       pcp_overflow_give(list, pfn);
}

/* What pcp_pop() has counted as a local hit and was none. */
static void pcp_count_numa(struct per_cpu_pages *pcp,
			   const struct alloc_context *ac)
{
	struct zone *preferred = ac->preferred->zone;
	bool hit = zone_to_nid(preferred) == zone_to_nid(pcp->zone);

	if (!pcp->local) {
		pcp->numa[NUMA_LOCAL]--;
		pcp->numa[NUMA_OTHER]++;
	}
	if (hit)
		return;
	pcp->numa[NUMA_HIT]--;
	pcp->numa[NUMA_MISS]++;
	atomic_long_inc(&preferred->vm_numa_event[NUMA_FOREIGN]);
}

struct page *pcp_take(struct zone *zone, const struct alloc_context *ac,
		      unsigned int alloc_flags, bool refill)
{
	unsigned int slot = pcp_slot(ac->order), count;
	struct per_cpu_pages *pcp;
	struct pcp_front *front;
	struct pcp_list *list;
	struct page *page = NULL;

	if (slot == NR_PCP_SLOTS || alloc_flags & ALLOC_HIGHATOMIC)
		return NULL;
	front = pcp_lock(&count);
	if (!front)
		return NULL;
	pcp = front->by_zone[zone_id(zone)];
	if (pcp) {
		list = pcp_at(pcp, slot, ac->migratetype);
		if (!pcp_list_sound(list))
			refill = false;
		if (list->count ||
		    (refill && pcp_refill(list, ac, alloc_flags))) {
			page = pfn_to_page((unsigned long)
					   pcp_pop(list, list->count));
			pcp_count_numa(pcp, ac);
		}
	}
	pcp_unlock(front, count);
	return page;
}

bool pcp_free(struct page *page, unsigned long pfn, unsigned int order)
{
	unsigned int slot = pcp_slot(order), count;
	struct pcp_front *front;
	bool kept;

	if (slot == NR_PCP_SLOTS)
		return false;
	front = pcp_lock(&count);
	if (!front)
		return false;
	kept = pcp_put(front, page, pfn, slot);
	pcp_unlock(front, count);
	return kept;
}
