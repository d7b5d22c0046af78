// SPDX-License-Identifier: MIT
/*
 * The way that nearly all requests and frees take: one look at whether
 * anything is out of the ordinary, and a list of this CPU's (pcp.c).
 *
 *   alloc_pages                           __free_pages
 *     slow bits, unusual flags              slow bits
 *     may it sleep here?                    a struct page? sole reference?
 *     section: take from the list           no flags, the right order?
 *     is the page as free pages are?        section: onto the list
 *     reference, order, zeroes
 *        │ no, at any step                     │ no, at any step
 *        ▼                                     ▼
 *     __alloc_pages_slow (page_alloc.c)     page_put (page_free.c)
 *
 * Nothing is decided here that the slow path would decide differently: it
 * reports what is wrong, and knows all flags.
 *
 * A page that only its owner can find has PAGE_REF_SOLE for a reference
 * (page_ref.h), so that it is taken back by a plain store. Its reference and
 * its type are one 64-bit word, compared and set as one.
 *
 * Locks: none; pcp.c's section.
 */
#include "pcp.h"
#include "tails.h"

#include <linux/kernel.h>
#include <linux/sched.h>

#include <trace/events/kmem.h>

/*
 * What a request may say and still be served from the first zone's list: all
 * that does not change where pages come from, or only matters when there are
 * none. The first zone is of this node. Bits that mean nothing are the slow
 * path's to refuse.
 */
#define GFP_FAST							\
	(PCP_GFP_MASK | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_ZERO |	\
	 __GFP_RECLAIM | __GFP_NOWARN |			\
	 __GFP_RETRY_MAYFAIL | __GFP_NOFAIL | __GFP_NORETRY |		\
	 __GFP_MEMALLOC | __GFP_COMP | __GFP_NOMEMALLOC |		\
	 __GFP_HARDWALL | __GFP_THISNODE | __GFP_ACCOUNT)

#define PAGE_STRUCT_SHIFT	5
static_assert(sizeof(struct page) == 1 << PAGE_STRUCT_SHIFT, "see above");

static __always_inline bool page_alloc_is_slow(void)
{
	/* Nothing depends on it: who sets a bit expects some to miss it. */
	return unlikely(port_any(&page_alloc_state()->slow));
}

static __always_inline bool page_counts_are(const struct page *page,
					    u64 counts)
{
	return port_is(&page->counts.counter, (s64)counts);
}

static __always_inline void page_counts_set(struct page *page, u64 counts)
{
	port_point(&page->counts);
	port_put(&page->counts.counter, (s64)counts);
}

/*
 * Whether the tails of a block that is its owner's are clean, of a page whose
 * links are known to be right.
 */
static __always_inline bool tails_clean(const struct page *page,
					unsigned int order)
{
	unsigned int nr = pcp_tails_checked(order);
	struct page_sums s = tails_sum(page + 1, nr);

	return page_sums_are(&s, page_sums_of(nr, nr - 1, (unsigned long)
					      page_links_alone(page)));
}

/* ---- requests --------------------------------------------------------- */

/* Whether the tails of a free block are, too. */
static inline bool free_tails_clean(const struct page *page,
				    unsigned int order)
{
	u64 links = page_links_alone(page);

	return page_clean(page + 1, links) &&
	       (order == 1 ||
		pages_clean(page + 2, page + (1UL << order), links));
}

/* Whether a page from a list is as it was put there. */
static __always_inline bool page_fresh(const struct page *page,
				       unsigned int order)
{
	if (unlikely(!page_counts_are(page, PAGE_COUNTS_FREE)) ||
	    unlikely(port_any_of(&page->flags, PAGE_FLAGS_CHECK_AT_PREP)))
		return false;
	if (!order)
		return true;
	if (!page_counts_are(page + 1, PAGE_COUNTS_FREE))
		return false;
	return !PAGE_CHECK_ALL_TAILS || free_tails_clean(page, order);
}

/* The rest of what makes a block the caller's; its first reference is set. */
static void page_finish(struct page *page, unsigned int order, gfp_t gfp)
{
	if (gfp & __GFP_ZERO)
		pages_zero(page, order);
	if (!order)
		return;
	if (gfp & __GFP_COMP)
		prep_compound_page(page, order);
	else
		page_type_write(page + 1, page_type_make(PGTY_block, order));
}

/* Whether the context allows what @gfp says; else the slow path reports. */
static __always_inline bool context_allows(gfp_t gfp, unsigned int count)
{
	if (!(gfp & __GFP_DIRECT_RECLAIM))
		return true;
	return !count && !irqs_disabled();
}

/* Whether the lists can serve @gfp, here and now. */
static __always_inline bool gfp_is_fast(gfp_t gfp)
{
	return !page_alloc_is_slow() && likely(!(gfp & ~GFP_FAST)) &&
	       likely(context_allows(gfp, preempt_count()));
}

/* A fresh block gets its first reference; who freed it has cleared it. */
static __always_inline void page_start(struct page *page, unsigned int order,
				       gfp_t gfp)
{
	if (unlikely(gfp & __GFP_MOVABLE))
		page_counts_set(page, PAGE_COUNTS_ONE);
	else
		page_counts_set(page, PAGE_COUNTS_SOLE);
	pages_unpoison(page, order);
}

/* A block that came off a list is the caller's, if nobody wrote to it. */
static __always_inline struct page *page_hand_out(struct page *page,
						  unsigned int order,
						  gfp_t gfp)
{
	if (unlikely(!page_fresh(page, order))) {
		page_prep_report(page, order);
		return __alloc_pages_slow(gfp, order, numa_node_id(), NULL);
	}
	page_start(page, order, gfp);
	if (order || gfp & __GFP_ZERO)
		page_finish(page, order, gfp);
	return page;
}

/* In any context; any order that there are lists for. */
static noinline struct page *alloc_pages_any(gfp_t gfp, unsigned int order)
{
	unsigned int slot = pcp_slot(order), count;
	struct pcp_front *front;
	struct pcp_list *list;
	struct page *page;

	if (unlikely(!gfp_is_fast(gfp)) || slot == NR_PCP_SLOTS)
		goto slow;
	front = pcp_lock(&count);
	if (unlikely(!front))
		goto slow;
	list = front->alloc[gfp & PCP_GFP_MASK];
	list = pcp_list_of_slot(list, slot);
	/* Empty, or damaged: then the slow path says so. */
	if (unlikely(list->count - 1 >= list->capacity)) {
		pcp_unlock(front, count);
		goto slow;
	}
	page = pfn_to_page((unsigned long)pcp_pop(list, list->count));
	pcp_unlock(front, count);
	return page_hand_out(page, order, gfp);
slow:
	return __alloc_pages_slow(gfp, order, numa_node_id(), NULL);
}

/* What is left to do of a block that is the caller's. */
static noinline struct page *alloc_pages_end(struct page *page, gfp_t gfp,
					     unsigned int order)
{
	page_start(page, order, gfp);
	if (need_resched())
		preempt_schedule();
	page_finish(page, order, gfp);
	return page;
}

static noinline struct page *alloc_page_zero(struct page *page)
{
	if (PageHighMem(page))
		pages_zero(page, 0);
	else
		clear_page(lowmem_page_address(page));
	if (unlikely(need_resched()))
		preempt_schedule();
	return page;
}

/* A block that somebody wrote to; preemption is on. */
static noinline struct page *alloc_pages_again(struct page *page, gfp_t gfp,
					       unsigned int order)
{
	if (need_resched())
		preempt_schedule();
	page_prep_report(page, order);
	return __alloc_pages_slow(gfp, order, numa_node_id(), NULL);
}

/*
 * In a thread that may be preempted. Every way out but the last is a jump to
 * another function, so that nothing has to be kept for them.
 */
static __always_inline struct page *alloc_pages_fast(gfp_t gfp,
						     unsigned int order,
						     unsigned int slot)
{
	unsigned long anchor = cpu_anchor(), left;
	struct pcp_front __percpu_here *front;
	struct pcp_list *list;
	struct page *page;

	if (page_alloc_is_slow() || unlikely(gfp & ~GFP_FAST) ||
	    unlikely(this_cpu_any_at(anchor, __preempt_count)) ||
	    (gfp & __GFP_DIRECT_RECLAIM && unlikely(irqs_disabled())))
		return alloc_pages_any(gfp, order);
	front = pcp_disable_at(anchor);
	if (unlikely(!pcp_here_enter(front)))
		goto unlocked;
	list = front->alloc[gfp & PCP_GFP_MASK];
	list = pcp_list_of_slot(list, slot);
	left = list->count - 1UL;
	/* One subtraction, not two of different widths. */
	OPTIMIZER_HIDE_VAR(left);
	if (unlikely(left >= list->capacity))
		goto any;
	page = pfn_to_page((unsigned long)list->pfns[left]);
	pcp_set_count(list, (u32)left);
	pcp_count_alloc(list, 1);
	pcp_here_leave(front);
	pcp_enable_at(anchor);
	if (unlikely(!page_fresh(page, order)))
		return alloc_pages_again(page, gfp, order);
	if (order) {
		/* What is not for all blocks is there, too. */
		if (unlikely(gfp & (__GFP_ZERO | __GFP_COMP | __GFP_MOVABLE)) ||
		    unlikely(this_cpu_any_at(anchor, __need_resched)))
			return alloc_pages_end(page, gfp, order);
		page_start(page, order, 0);
		page_counts_set(page + 1, block_second_counts(order));
		return page;
	}
	page_start(page, 0, gfp);
	if (gfp & __GFP_ZERO)
		return alloc_page_zero(page);
	if (unlikely(this_cpu_any_at(anchor, __need_resched)))
		preempt_schedule();
	return page;
any:
	pcp_here_leave(front);
unlocked:
	pcp_enable_at(anchor);
	/* Switches, if need be, when it is through. */
	return alloc_pages_any(gfp, order);
}

/* One function for each slot, in which the order is a constant. */
#define ALLOC_BLOCK(linkage, order, slot)				\
linkage struct page *alloc_block_##slot(gfp_t gfp)			\
{									\
	return alloc_pages_fast(gfp, order, slot);			\
}
ALLOC_BLOCK(, 0, 0)
ALLOC_BLOCK(, 1, 1)
ALLOC_BLOCK(, 2, 2)
ALLOC_BLOCK(, 3, 3)
ALLOC_BLOCK(static, 4, 4)
ALLOC_BLOCK(static, 5, 5)
ALLOC_BLOCK(static, 6, 6)
ALLOC_BLOCK(static, 7, 7)
ALLOC_BLOCK(static, 8, 8)
ALLOC_BLOCK(static, pageblock_order, 9)
static_assert(PCP_SLOT_PAGEBLOCK == 9, "every slot has its functions");

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order)
{
	static struct page *(*const block[])(gfp_t) = {
		alloc_block_0, alloc_block_1, alloc_block_2, alloc_block_3,
		alloc_block_4, alloc_block_5, alloc_block_6, alloc_block_7,
		alloc_block_8, alloc_block_9,
	};
	unsigned int slot = pcp_slot(order);

	if (likely(slot < NR_PCP_SLOTS))
		return block[slot](gfp);
	return __alloc_pages_slow(gfp, order, numa_node_id(), NULL);
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid,
			   const nodemask_t *nodemask)
{
	if (likely(!nodemask) && preferred_nid == numa_node_id())
		return alloc_pages(gfp, order);
	return __alloc_pages_slow(gfp, order, preferred_nid, nodemask);
}

/* ---- frees ------------------------------------------------------------ */

/* Whether the pages say that they are a block of @order, not compound. */
static __always_inline bool order_right(const struct page *page,
					unsigned long pfn, unsigned int order)
{
	if (likely(!order))
		return pfn & 1 || page_type_read(page + 1) >>
				  PAGE_TYPE_SHIFT != PGTY_block;
	/* Without the right second page it may have no tails at all. */
	return !(pfn & ((1UL << order) - 1)) &&
	       page_counts_are(page + 1, block_second_counts(order)) &&
	       tails_clean(page, order);
}

/*
 * Takes the only reference of a block that nothing is wrong with, which then
 * is as free pages are; false: it is as it was.
 */
static __always_inline bool page_release(struct page *page, unsigned long pfn,
					 unsigned int order)
{
	if (unlikely(page_flags_read(page) & PAGEFLAGS_MASK) ||
	    unlikely(!order_right(page, pfn, order)))
		return false;
	if (likely(page_counts_are(page, PAGE_COUNTS_SOLE)))
		page_counts_set(page, PAGE_COUNTS_FREE);
	else if (!page_counts_are(page, PAGE_COUNTS_ONE) ||
		 !page_ref_freeze(page, 1))
		return false;
	page->index = 0;
	page->private = 0;
	if (order)
		page_counts_set(page + 1, PAGE_COUNTS_FREE);
	pages_poison(page, order);
	return true;
}

/* In any context; any order, any zone. */
static noinline void free_pages_any(struct page *page, unsigned int order)
{
	unsigned int slot = pcp_slot(order), count;
	struct pcp_front *front;
	unsigned long pfn;
	bool kept = false;

	if (page_alloc_is_slow() || unlikely(slot == NR_PCP_SLOTS) ||
	    unlikely(!page_pointer_valid(page)))
		goto slow;
	pfn = page_to_pfn(page);
	if (unlikely(!page_release(page, pfn, order)))
		goto slow;
	front = pcp_lock(&count);
	if (likely(front)) {
		kept = pcp_put(front, page, pfn, slot);
		pcp_unlock(front, count);
	}
	if (unlikely(!kept))
		page_give(page, pfn, order);
	return;
slow:
	page_put(page, order);
}

/* A block that asks for a gift first, or is for no list. */
static noinline void free_pages_give(struct pcp_list *list, struct page *page,
				     unsigned long pfn)
{
	struct pcp_front *front = this_cpu_ptr(&pcp_front);
	bool kept = pcp_overflow(list, (u32)pfn);
	unsigned int order = list->order;

	pcp_unlock(front, 0);
	if (unlikely(!kept))
		page_give(page, pfn, order);
}

/*
 * A block that the stack does not take, mostly one more for the give-back;
 * leaves the section. Apart from the way of those that it takes, which has
 * registers enough without.
 */
static noinline void free_pages_overflow(struct pcp_list *list,
					 struct page *page, u32 pfn)
{
	unsigned long anchor = cpu_anchor();

	if (unlikely(!pcp_back_join(list, pfn)))
		return free_pages_give(list, page, pfn);
	pcp_here_leave(this_cpu_here(anchor, &pcp_front));
	pcp_enable_at(anchor);
	if (unlikely(this_cpu_any_at(anchor, __need_resched)))
		preempt_schedule();
}

/*
 * The number of a page of the home that begins at @first; home->pages and more:
 * it is none. A pointer between two struct pages becomes a very large number.
 */
static __always_inline unsigned long home_number(const struct page *first,
						 const struct page *page)
{
	unsigned long bytes = (unsigned long)page - (unsigned long)first;

	return bytes >> PAGE_STRUCT_SHIFT |
	       bytes << (BITS_PER_LONG - PAGE_STRUCT_SHIFT);
}

/*
 * Whether the block of a home is one of @order, not compound, whose tails are
 * clean. A small block that is aligned lies in the home, as that ends with one.
 */
static __always_inline bool
home_order_right(const struct pcp_home __percpu_here *home,
		 const struct page *page, u32 pfn, unsigned int order,
		 unsigned int slot)
{
	struct page_sums s;

	if (!order)
		return order_right(page, pfn, 0);
	if (unlikely(pfn & ((1U << order) - 1)) ||
	    (order > HOME_ORDER &&
	     unlikely(pfn - home->pfn + (1UL << order) > home->pages)) ||
	    unlikely(!page_counts_are(page + 1, block_second_counts(order))))
		return false;
	s = tails_sum(page + 1, pcp_tails_checked(order));
	return page_sums_are(&s, home->sums[slot]);
}

/* Of a home of the CPU, in a thread that may be preempted. */
static __always_inline void free_pages_fast(struct page *page,
					    unsigned int order,
					    unsigned int slot)
{
	const struct pcp_home __percpu_here *home;
	struct pcp_front __percpu_here *front;
	unsigned long anchor = cpu_anchor();
	unsigned long number, count;
	struct pcp_list *list;
	u32 pfn;
	u8 type;

	if (page_alloc_is_slow() ||
	    unlikely(this_cpu_any_at(anchor, __preempt_count)))
		return free_pages_any(page, order);
	front = pcp_disable_at(anchor);
	if (unlikely(!pcp_here_enter(front)))
		goto unlocked;
	home = front->home;
	number = home_number(home->page, page);
	if (unlikely(number >= home->pages)) {
		home++;
		number = home_number(home->page, page);
		if (unlikely(number >= home->pages))
			goto any;
	}
	pfn = home->pfn + (u32)number;
	type = __atomic_load_n(&home->type[pfn >> pageblock_order],
			       __ATOMIC_RELAXED);
	if (unlikely(page_flags_read(page) != home->flags) ||
	    unlikely(!home_order_right(home, page, pfn, order, slot)))
		goto any;
	/*
	 * home->list + type, by branches: which list it is can then be
	 * foreseen, where an address that is computed from the type waits for
	 * the page, the pageblock's type and whatever they wait for, and the
	 * next request for that address. The compiler is kept from making a
	 * computation of it again.
	 */
	list = home->list;
	if (type != MIGRATE_UNMOVABLE) {
		list += MIGRATE_MOVABLE;
		OPTIMIZER_HIDE_VAR(list);
		if (type != MIGRATE_MOVABLE) {
			if (unlikely(type != MIGRATE_RECLAIMABLE))
				goto any;
			list += MIGRATE_RECLAIMABLE - MIGRATE_MOVABLE;
			OPTIMIZER_HIDE_VAR(list);
		}
	}
	if (unlikely(!page_counts_are(page, PAGE_COUNTS_SOLE)) &&
	    (!page_counts_are(page, PAGE_COUNTS_ONE) ||
	     !page_ref_freeze(page, 1)))
		goto any;
	page_counts_set(page, PAGE_COUNTS_FREE);
	page->index = 0;
	page->private = 0;
	if (order)
		page_counts_set(page + 1, PAGE_COUNTS_FREE);
	pages_poison(page, order);
	list = pcp_list_of_slot(list, slot);
	count = list->count;
	if (unlikely(count >= list->high || pfn >= list->take_front))
		return free_pages_overflow(list, page, pfn);
	list->pfns[count++] = pfn;
	pcp_set_count(list, (u32)count);
	pcp_here_leave(front);
	pcp_enable_at(anchor);
	if (unlikely(this_cpu_any_at(anchor, __need_resched)))
		preempt_schedule();
	return;
any:
	pcp_here_leave(front);
unlocked:
	pcp_enable_at(anchor);
	free_pages_any(page, order);
}

#define FREE_BLOCK(linkage, order, slot)				\
linkage void free_block_##slot(struct page *page)			\
{									\
	free_pages_fast(page, order, slot);				\
}
FREE_BLOCK(, 0, 0)
FREE_BLOCK(, 1, 1)
FREE_BLOCK(, 2, 2)
FREE_BLOCK(, 3, 3)
FREE_BLOCK(static, 4, 4)
FREE_BLOCK(static, 5, 5)
FREE_BLOCK(static, 6, 6)
FREE_BLOCK(static, 7, 7)
FREE_BLOCK(static, 8, 8)
FREE_BLOCK(static, pageblock_order, 9)

void free_pages_noprof(struct page *page, unsigned int order)
{
	static void (*const block[])(struct page *) = {
		free_block_0, free_block_1, free_block_2, free_block_3,
		free_block_4, free_block_5, free_block_6, free_block_7,
		free_block_8, free_block_9,
	};
	unsigned int slot = pcp_slot(order);

	if (likely(slot < NR_PCP_SLOTS))
		block[slot](page);
	else
		page_put(page, order);
}

/* ---- many at once ----------------------------------------------------- */

/* Pages for which preemption is off in one go. */
#define FREE_RUN	64

/*
 * Fills empty places from @i on out of @list, up to one that is taken; where
 * it got to. Inside the section; the pages still want page_finish().
 */
static unsigned long bulk_take(struct pcp_list *list, gfp_t gfp,
			       unsigned long i, unsigned long nr,
			       struct page **pages)
{
	u32 held = list->count;
	const u32 *pfns = list->pfns, *top = pfns + held;
	u64 first = gfp & __GFP_MOVABLE ? PAGE_COUNTS_ONE : PAGE_COUNTS_SOLE;
	struct page **at = pages + i;
	struct page **end = pages + min(nr, i + held);

	/* Empty, as the one of who has no lists always is; or damaged. */
	if (unlikely(held - 1UL >= list->capacity))
		return i;
	while (at < end && !*at) {
		struct page *page = pfn_to_page((unsigned long)*--top);

		if (unlikely(!page_fresh(page, 0))) {
			page_prep_report(page, 0);
			end = min(end, at + (top - pfns));
			continue;
		}
		page_counts_set(page, first);
		pages_unpoison(page, 0);
		*at++ = page;
	}
	pcp_set_count(list, (u32)(top - pfns));
	pcp_count_alloc(list, held - (u32)(top - pfns));
	return (unsigned long)(at - pages);
}

static unsigned long bulk_fast(gfp_t gfp, unsigned long i, unsigned long nr,
			       struct page **pages)
{
	unsigned long first = i;
	unsigned int count;
	struct pcp_front *front = pcp_lock(&count);
	struct pcp_list *list;

	if (unlikely(!front))
		return i;
	list = front->alloc[gfp & PCP_GFP_MASK];
	i = bulk_take(list, gfp, i, nr, pages);
	pcp_unlock(front, count);
	if (gfp & __GFP_ZERO)
		for (; first < i; first++)
			page_finish(pages[first], 0, gfp);
	return i;
}

unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int preferred_nid,
				      const nodemask_t *nodemask,
				      unsigned long nr, struct page **pages)
{
	unsigned long i = 0;

	while (i < nr && pages[i])
		i++;
	if (likely(i < nr && !nodemask && preferred_nid == numa_node_id() &&
		   gfp_is_fast(gfp)))
		i = bulk_fast(gfp, i, nr, pages);
	if (likely(i == nr))
		return i;
	return alloc_pages_bulk_slow(gfp, preferred_nid, nodemask, nr, pages);
}

/* A page that is not of this CPU's home, or not its owner's alone. */
static noinline bool release_any(struct pcp_front *front, struct page *page)
{
	unsigned long pfn;

	if (unlikely(!page_pointer_valid(page)))
		return false;
	pfn = page_to_pfn(page);
	if (unlikely(!page_release(page, pfn, 0)))
		return false;
	if (unlikely(!pcp_put(front, page, pfn, 0)))
		page_give(page, pfn, 0);
	return true;
}

/*
 * The end of a list's stack while pages of one type of the home come onto it:
 * kept apart from the list, whose count is set when it is closed.
 */
struct release {
	u32 *top, *end;		/* where the next goes, and where none does */
	u32 front;		/* PFNs from here on do not go there */
	u8 type;		/* of the list */
	struct pcp_list *list;	/* NULL: there is none for the type */
};

static const struct release released = { .type = MIGRATE_TYPES };

static __always_inline struct release release_open(const struct pcp_home *home,
						   u8 type)
{
	struct release r = { .type = type };

	if (unlikely(type >= MIGRATE_PCPTYPES))
		return r;
	r.list = home->list + type;
	r.top = r.list->pfns + r.list->count;
	r.end = r.list->pfns + r.list->high;
	r.front = r.list->take_front;
	return r;
}

static __always_inline void release_close(const struct release *r)
{
	if (r->list)
		pcp_set_count(r->list, (u32)(r->top - r->list->pfns));
}

/*
 * Frees pages[*i] and what follows, up to one out of the ordinary; inside the
 * section. A home's page goes right onto the list of its pageblock's type.
 */
static __always_inline struct page **release_some(struct pcp_front *front,
						  struct page **at,
						  struct page **end)
{
	const struct pcp_home *home = front->home;
	const struct page *first = home->page;
	unsigned long pages = home->pages;
	const u8 *types = home->type;
	struct release r = released;
	u64 free = PAGE_COUNTS_FREE;
	u32 pfn;
	u8 type;

	/* Not to be loaded for each page. */
	OPTIMIZER_HIDE_VAR(free);
	for (; at < end; at++) {
		struct page *page = *at;
		unsigned long number = home_number(first, page);

		if (unlikely(number >= pages))
			goto any;
		pfn = home->pfn + (u32)number;
		type = __atomic_load_n(&types[pfn >> pageblock_order],
				       __ATOMIC_RELAXED);
		if (unlikely(type != r.type)) {
			release_close(&r);
			r = release_open(home, type);
		}
		if (unlikely(!page_counts_are(page, PAGE_COUNTS_SOLE)) ||
		    unlikely(page_flags_read(page) != home->flags) ||
		    unlikely(!order_right(page, pfn, 0)) || unlikely(!r.list))
			goto any;
		page_counts_set(page, free);
		page->index = 0;
		page->private = 0;
		pages_poison(page, 0);
		if (likely(r.top < r.end && pfn < r.front)) {
			*r.top++ = pfn;
			continue;
		}
		release_close(&r);
		if (unlikely(!pcp_overflow(r.list, pfn)))
			page_give(page, pfn, 0);
		r = released;
		continue;
any:
		release_close(&r);
		r = released;
		if (!release_any(front, page))
			break;
	}
	release_close(&r);
	return at;
}

/* Frees pages[*i] and what follows, up to one out of the ordinary. */
static void release_run(struct page **pages, int nr, int *i)
{
	unsigned int count;
	struct pcp_front *front = pcp_lock(&count);

	if (unlikely(!front))
		return;
	*i = (int)(release_some(front, pages + *i,
				pages + min(nr, *i + FREE_RUN)) - pages);
	pcp_unlock(front, count);
}

/* put_page() of one of several. */
static void release_one(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!trace_mm_page_free_batched_enabled()) {
		folio_put(folio);
	} else if (folio_put_testzero(folio)) {
		trace_mm_page_free_batched(&folio->page);
		free_unref_page(&folio->page, folio_order(folio));
	}
}

void release_pages(struct page **pages, int nr)
{
	int i = 0;

	while (i < nr) {
		int before = i;

		if (!page_alloc_is_slow())
			release_run(pages, nr, &i);
		if (i == before)
			release_one(pages[i++]);
	}
}
