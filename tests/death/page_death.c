// SPDX-License-Identifier: MIT
/* Misuse of the page calls: the line each reports; the machine goes on. */
#include "death.h"

#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/preempt.h>

#include <octavo/machine.h>

#define REASON(text)	"page dumped because: " text

static void page_freed_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
}
DEATH_TEST(page_freed_twice, SURVIVES,
	   REASON("page has no reference to drop (double free[?])"));

static void page_freed_twice_names_the_page(void)
{
	page_freed_twice();
}
DEATH_TEST(page_freed_twice_names_the_page, SURVIVES,
	   "BUG: Bad page state in process *  pfn:?????");

static void block_freed_twice(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	__free_pages(page, 3);
	__free_pages(page, 3);
}
DEATH_TEST(block_freed_twice, SURVIVES,
	   REASON("page has no reference to drop (double free[?])"));

static void address_freed_twice(void)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);

	free_page(addr);
	free_page(addr);
}
DEATH_TEST(address_freed_twice, SURVIVES,
	   REASON("page has no reference to drop (double free[?])"));

static void folio_put_too_often(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	folio_put(folio);
	folio_put(folio);
}
DEATH_TEST(folio_put_too_often, SURVIVES,
	   REASON("page has no reference to drop (double free[?])"));

static void order_too_small(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 2), 1);
}
DEATH_TEST(order_too_small, SURVIVES,
	   REASON("freed with another order than it was allocated with"));

static void order_too_large(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 10), 11);
}
DEATH_TEST(order_too_large, SURVIVES,
	   REASON("freed with an order that is too large"));

static void single_page_of_a_block(void)
{
	__free_page(alloc_pages(GFP_KERNEL, 1));
}
DEATH_TEST(single_page_of_a_block, SURVIVES,
	   REASON("freed with another order than it was allocated with"));

static void order_not_aligned(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	split_page(page, 2);
	__free_pages(page + 1, 1);
}
DEATH_TEST(order_not_aligned, SURVIVES,
	   REASON("freed with an order that it is not aligned to"));

static void foreign_struct_page(void)
{
	struct page page = { .flags = 0 };

	__free_page(&page);
}
DEATH_TEST(foreign_struct_page, SURVIVES,
	   "BUG: Bad page free in process *: no frame has a struct page at *");

static void foreign_address(void)
{
	free_page(2 * PAGE_SIZE);
}
DEATH_TEST(foreign_address, SURVIVES,
	   "BUG: Bad page free in process *: not in the direct map: *");

static void address_inside_a_page(void)
{
	free_page(__get_free_page(GFP_KERNEL) + 16);
}
DEATH_TEST(address_inside_a_page, SURVIVES,
	   "BUG: Bad page free in process *: not aligned to a page: *");

static void reserved_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	mark_page_reserved(page);
	__free_page(page);
}
DEATH_TEST(reserved_page, SURVIVES, REASON("freeing a reserved page"));

static void mapped_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	atomic_inc(&page->_mapcount);
	__free_page(page);
}
DEATH_TEST(mapped_page, SURVIVES, REASON("nonzero mapcount"));

static void block_with_a_reference_inside(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	page_ref_inc(page + 3);
	__free_pages(page, 2);
}
DEATH_TEST(block_with_a_reference_inside, SURVIVES,
	   REASON("nonzero _refcount"));

static void locked_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	SetPageLocked(page);
	__free_page(page);
}
DEATH_TEST(locked_page, SURVIVES,
	   REASON("PAGE_FLAGS_CHECK_AT_FREE flag(s) set"));

static void written_after_free(void)
{
	struct page *page = alloc_page(GFP_DMA);

	__free_page(page);
	SetPageDirty(page);
	page = alloc_page(GFP_DMA);
}
DEATH_TEST(written_after_free, SURVIVES,
	   REASON("PAGE_FLAGS_CHECK_AT_PREP flag(s) set"));

static void referenced_after_free(void)
{
	struct page *page = alloc_page(GFP_DMA);

	__free_page(page);
	page_ref_inc(page);
	page = alloc_page(GFP_DMA);
}
DEATH_TEST(referenced_after_free, SURVIVES,
	   REASON("nonzero _refcount of a free page"));

static void typed_after_free(void)
{
	struct page *page = alloc_pages(GFP_DMA, 2);

	__free_pages(page, 2);
	page_type_write(page + 3, page_type_make(PGTY_table, 0));
	page = alloc_pages(GFP_DMA, 2);
}
DEATH_TEST(typed_after_free, SURVIVES,
	   REASON("nonzero mapcount of a free page"));

static void highmem_address(void)
{
	__get_free_pages(GFP_HIGHUSER, 0);
}
DEATH_TEST(highmem_address, SURVIVES,
	   "*__get_free_pages(__GFP_HIGHMEM): such a page has no address");

static void order_11(void)
{
	alloc_pages(GFP_KERNEL, 11);
}
DEATH_TEST(order_11, SURVIVES,
	   "*page allocation of order 11, the largest is 10");

static void two_zones(void)
{
	alloc_page(GFP_KERNEL | __GFP_DMA | __GFP_HIGHMEM);
}
DEATH_TEST(two_zones, SURVIVES, "*page allocation from more than one zone: *");

static void node_offline(void)
{
	__alloc_pages(GFP_KERNEL, 0, 63, NULL);
}
DEATH_TEST(node_offline, SURVIVES,
	   "*page allocation from node 63, which is not online");

static void node_below_0(void)
{
	__alloc_pages(GFP_KERNEL, 0, -2, NULL);
}
DEATH_TEST(node_below_0, SURVIVES,
	   "page allocation from node -2, which is not online");

static void node_beyond_all(void)
{
	__alloc_pages(GFP_KERNEL, 0, MAX_NUMNODES, NULL);
}
DEATH_TEST(node_beyond_all, SURVIVES,
	   "page allocation from node 64, which is not online");

static void movable_and_reclaimable(void)
{
	alloc_page(GFP_KERNEL | __GFP_MOVABLE | __GFP_RECLAIMABLE);
}
DEATH_TEST(movable_and_reclaimable, SURVIVES,
	   "page both movable and reclaimable: 0xcd8");

static void flags_without_meaning(void)
{
	alloc_page(GFP_KERNEL | 0x200u | 0x1000000u);
}
DEATH_TEST(flags_without_meaning, SURVIVES,
	   "page allocation with flags that mean nothing: 0x1000200");

static void nofail_of_many(void)
{
	while (alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_PAGE_ORDER))
		;
	alloc_pages(GFP_ATOMIC | __GFP_NOFAIL, MAX_PAGE_ORDER);
}
DEATH_TEST(nofail_of_many, SURVIVES,
	   "__GFP_NOFAIL with order 10: it may take for ever");

static void nofail_that_cannot_wait(void)
{
	while (alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_PAGE_ORDER))
		;
	alloc_pages(GFP_ATOMIC | __GFP_NOFAIL, MAX_PAGE_ORDER);
}
DEATH_TEST(nofail_that_cannot_wait, SURVIVES,
	   "__GFP_NOFAIL of who cannot sleep: it may fail");

/* Takes pages until @gfp is refused, which is reported. */
static void exhaust(gfp_t gfp)
{
	while (alloc_page(gfp))
		;
}

#define EXHAUSTED(name, gfp, mode)					\
	static void name(void)						\
	{								\
		exhaust(gfp);						\
	}								\
	DEATH_TEST(name, SURVIVES,					\
		   "*: page allocation failure: order:0, mode:" mode ", nodemask=(null)")

EXHAUSTED(exhausted_kernel, GFP_KERNEL, "0xcc0(GFP_KERNEL)");
EXHAUSTED(exhausted_user, GFP_USER, "0x100cc0(GFP_USER)");
EXHAUSTED(exhausted_highuser, GFP_HIGHUSER, "0x100cc2(GFP_HIGHUSER)");
EXHAUSTED(exhausted_movable, GFP_HIGHUSER_MOVABLE,
	  "0x100cca(GFP_HIGHUSER_MOVABLE)");
EXHAUSTED(exhausted_reclaimable, GFP_KERNEL | __GFP_RECLAIMABLE,
	  "0xcd0(GFP_KERNEL|__GFP_RECLAIMABLE)");
EXHAUSTED(exhausted_noio, GFP_NOIO, "0xc00(GFP_NOIO)");
EXHAUSTED(exhausted_nofs, GFP_NOFS, "0xc40(GFP_NOFS)");
EXHAUSTED(exhausted_atomic, GFP_ATOMIC, "0x820(GFP_ATOMIC)");
EXHAUSTED(exhausted_nowait, GFP_NOWAIT & ~__GFP_NOWARN,
	  "0x800(__GFP_KSWAPD_RECLAIM)");
EXHAUSTED(exhausted_nothing_asked, 0, "0x0(none)");
EXHAUSTED(exhausted_dma, GFP_KERNEL | GFP_DMA, "0xcc1(GFP_KERNEL|GFP_DMA)");
EXHAUSTED(exhausted_atomic_dma, GFP_ATOMIC | GFP_DMA,
	  "0x821(GFP_ATOMIC|GFP_DMA)");
EXHAUSTED(exhausted_dma32, GFP_KERNEL | GFP_DMA32,
	  "0xcc4(GFP_KERNEL|GFP_DMA32)");
EXHAUSTED(exhausted_memalloc, GFP_KERNEL | __GFP_MEMALLOC,
	  "0x20cc0(GFP_KERNEL|__GFP_MEMALLOC)");
EXHAUSTED(exhausted_nomemalloc, GFP_KERNEL | __GFP_NOMEMALLOC,
	  "0x80cc0(GFP_KERNEL|__GFP_NOMEMALLOC)");
EXHAUSTED(exhausted_noretry, GFP_KERNEL | __GFP_NORETRY,
	  "0x10cc0(GFP_KERNEL|__GFP_NORETRY)");
EXHAUSTED(exhausted_mayfail, GFP_KERNEL | __GFP_RETRY_MAYFAIL,
	  "0x4cc0(GFP_KERNEL|__GFP_RETRY_MAYFAIL)");
EXHAUSTED(exhausted_thisnode, GFP_KERNEL | __GFP_THISNODE,
	  "0x200cc0(GFP_KERNEL|__GFP_THISNODE)");

static void no_memory_left(void)
{
	while (alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_PAGE_ORDER))
		;
	alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER);
}
DEATH_TEST(no_memory_left, SURVIVES,
	   "*: page allocation failure: order:10, mode:0xcc0(GFP_KERNEL), nodemask=(null)");

#define SLEEPS	"BUG: sleeping function called from invalid context at "

static void sleeping_request_in_atomic_context(void)
{
	preempt_disable();
	alloc_page(GFP_KERNEL);
	preempt_enable();
}
DEATH_TEST(sleeping_request_in_atomic_context, SURVIVES,
	   SLEEPS "*: mode:0xcc0(GFP_KERNEL) in atomic context");

static void sleeping_request_in_an_interrupt(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	alloc_pages(GFP_NOFS, 2);
	preempt_count_sub(HARDIRQ_OFFSET);
}
DEATH_TEST(sleeping_request_in_an_interrupt, SURVIVES,
	   SLEEPS "*: mode:0xc40(GFP_NOFS) in a hard interrupt");

static void sleeping_request_in_a_softirq(void)
{
	preempt_count_add(SOFTIRQ_OFFSET);
	get_zeroed_page(GFP_KERNEL);
	preempt_count_sub(SOFTIRQ_OFFSET);
}
DEATH_TEST(sleeping_request_in_a_softirq, SURVIVES,
	   SLEEPS "*: mode:0xdc0(GFP_KERNEL|__GFP_ZERO) in a softirq");

static void sleeping_request_with_interrupts_off(void)
{
	unsigned long flags;

	local_irq_save(flags);
	alloc_page(GFP_USER);
	local_irq_restore(flags);
}
DEATH_TEST(sleeping_request_with_interrupts_off, SURVIVES,
	   SLEEPS "*: mode:0x100cc0(GFP_USER) in a part with interrupts off");

static void split_compound(void)
{
	split_page(alloc_pages(GFP_KERNEL | __GFP_COMP, 2), 2);
}
DEATH_TEST(split_compound, DIES, "kernel BUG at *page_calls.c:*! PageCompound(page)");
