/* SPDX-License-Identifier: MIT */
/*
 * Planted bugs: mistakes that one could make, each at its place in the code
 * behind PLANT(name), which is a constant false but in the simulated build.
 * There a test switches one on at a time and must find it (tests/sim).
 *
 * A name says what is wrong. docs/simulation.md tells more.
 */
#ifndef _OCTAVO_PLANT_H
#define _OCTAVO_PLANT_H

#include <asm/point.h>

/* X(name, what is wrong) */
#define PLANTS(X)							\
	X(pcp_no_barrier, "who claims lists has no barrier run on others") \
	X(pcp_busy_unset, "a CPU does not say that it is at its lists")	\
	X(pcp_busy_unseen, "who claims lists does not wait for their CPU") \
	X(pcp_claim_unseen, "a CPU does not see that its lists are claimed") \
	X(pcp_claim_short, "claimed lists are let go before the work is done") \
	X(pcp_interrupt_in, "an interrupt goes to lists that its CPU is at") \
	X(pcp_put_twice, "a freed page is put on the list twice")	\
	X(pcp_refill_lost, "a refill forgets one of the blocks it got")	\
	X(pcp_back_kept, "the give-back is given and not emptied")	\
	X(pcp_dead_kept, "a CPU that goes off-line keeps its pages")	\
	X(merge_lost, "two free blocks of order 3 stay two")		\
	X(cut_rest_lost, "a block is cut and two pages left behind")	\
	X(set_stale, "a pageblock's class changes, its set does not")	\
	X(steal_type_kept, "a pageblock is stolen, its type byte stays")	\
	X(isolate_uncounted, "isolated pages still count as free")	\
	X(free_count_unlocked, "NR_FREE_PAGES rises outside the lock")	\
	X(cma_uncounted, "free CMA pages are not counted as such")	\
	X(mark_off_by_one, "the last page above the mark is one below")	\
	X(sole_found, "a page that is its owner's alone can be found")	\
	X(block_rest_kept, "a shared block's rest is not freed")	\
	X(rcu_reader_unseen, "a grace period waits for nobody")	\
	X(highatomic_kept, "a HIGHATOMIC pageblock given back still counts") \
	X(highatomic_uncounted, "free HIGHATOMIC pages count for everybody")

/* Of objects, pools and per-CPU data. */
#define OBJECT_PLANTS(X)						\
	X(slab_no_barrier, "who claims arrays has no barrier run on others") \
	X(slab_busy_unseen, "who claims arrays does not wait for their CPU") \
	X(slab_interrupt_in, "an interrupt goes to arrays that its CPU is at") \
	X(slab_dead_kept, "a CPU that goes off-line keeps its objects")	\
	X(slab_full_kept, "a full array goes to the depot and is kept")	\
	X(pool_passed_by, "a free fills the reserve and leaves who waits")	\
	X(pool_late_in_line, "who waits looks at the reserve, then queues up") \
	X(pool_want_unsaid, "that the reserve lacks an element is not said") \
	X(pool_again_late, "who is told to look again forgets it once it looked") \
	X(pool_grown_stale, "a pool grows from a size that it has no more") \
	X(percpu_kept_twice, "a freed area is kept and becomes free as well") \
	X(percpu_slot_unclaimed, "two new chunks come to be in one slot") \
	X(percpu_unit_lost, "of a chunk that goes only one unit is freed")

/* Of the rings that traces go to. */
#define TRACE_PLANTS(X)							\
	X(trace_head_first, "a record's head is written before the rest") \
	X(trace_floor_unseen, "an interrupt overwrites what it interrupted") \
	X(trace_overwrite_unseen, "a reader takes what was overwritten")

/* Of kernel addresses. */
#define VA_PLANTS(X)							\
	X(va_no_flush, "a purge makes addresses free and nobody flushes") \
	X(va_lazy_forgotten, "a purge does not look again at what it has") \
	X(va_gone_unsaid, "a chunk goes and does not say so")		\
	X(va_disowned_twice, "who disowns a range looks, then takes")	\
	X(va_back_lost, "a CPU gives up a chunk, not what came back to it") \
	X(va_attached_unseen, "a purge frees pages in a CPU's own map")	\
	X(va_no_barrier, "who claims chunks has no barrier run on others")

/* Of kernel mappings. */
#define KVIRT_PLANTS(X)							\
	X(kvirt_no_flush, "a purge frees addresses that CPUs remember")	\
	X(kvirt_flush_short, "a purge flushes all but its first page")	\
	X(kvirt_range_no_flush, "a range is unmapped and nobody flushes") \
	X(kvirt_pages_early, "pages with rights of their own go before a flush") \
	X(kvirt_table_early, "a purge frees empty tables, then flushes")	\
	X(kvirt_table_kept, "a table that becomes empty is not given back") \
	X(kvirt_table_twice, "an empty table is given back twice")	\
	X(kvirt_entry_left, "the last entry of an area is left behind")	\
	X(kvirt_deferred_lost, "who takes deferred frees looks, then takes")

#define PLANT_ID(name, text)	PLANT_##name,
enum plant {
	PLANT_NONE, PLANTS(PLANT_ID) OBJECT_PLANTS(PLANT_ID)
	VA_PLANTS(PLANT_ID) KVIRT_PLANTS(PLANT_ID)
	TRACE_PLANTS(PLANT_ID) NR_PLANTS
};
#undef PLANT_ID

#define PLANT(name)	unlikely(port_planted(PLANT_##name))

#endif
