// SPDX-License-Identifier: MIT
/*
 * Every wrong free there is, each twice: on a machine without page_owner,
 * whose report says how to learn more, and on one with it, whose report names
 * who allocated the page and, when it was freed, who did that. The machine
 * goes on either way.
 */
#include "death.h"

#include <linux/gfp.h>
#include <linux/mm.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

#include "harness.h"

#define REASON(text)	"page dumped because: " text
#define HEAD		"BUG: Bad page state in process *  pfn:?????"
#define HINT		"page_owner is off: start with page_owner=on to see *"
#define ALLOCATED	"page_owner tracks the page as allocated"
#define FREED		"page_owner tracks the page as freed"
#define STACK(fn)	" " #fn "+0x*/0x*"

#define WRONG_FREE(fn, tracked, ...)					\
	DEATH_CASE(fn, fn, SURVIVES, NULL, HEAD, HINT, __VA_ARGS__);	\
	DEATH_CASE(fn##_owned, fn, SURVIVES, "page_owner=on", tracked,	\
		   STACK(fn), __VA_ARGS__)

#define DOUBLE		REASON("page has no reference to drop (double free[?])")
#define OTHER_ORDER	REASON("freed with another order than it was allocated with")

static void wrong_double(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
}
WRONG_FREE(wrong_double, FREED, DOUBLE,
	   "page: order:0 zone:* node:* migratetype:*, free, on this CPU's list of order 0");

static void wrong_double_drained(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	drain_all_pages(NULL);
	__free_page(page);
}
WRONG_FREE(wrong_double_drained, FREED, DOUBLE,
	   "page: order:* zone:* node:* migratetype:*, free, in the block of order * at pfn 0x*");

static void wrong_double_block(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	__free_pages(page, 3);
	__free_pages(page, 3);
}
WRONG_FREE(wrong_double_block, FREED, DOUBLE);

static void wrong_double_address(void)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);

	free_page(addr);
	free_page(addr);
}
WRONG_FREE(wrong_double_address, FREED, DOUBLE);

static void wrong_double_folio(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	folio_put(folio);
	folio_put(folio);
}
WRONG_FREE(wrong_double_folio, FREED, DOUBLE);

static void wrong_reserved(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	mark_page_reserved(page);
	__free_page(page);
}
WRONG_FREE(wrong_reserved, ALLOCATED, REASON("freeing a reserved page"),
	   "page: order:0 zone:* node:* migratetype:*, reserved",
	   "flags: 0x*(reserved|node=*|zone=*)");

static void wrong_quarantined(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	SetPageLocked(page);
	__free_page(page);
	__free_page(page);
}
WRONG_FREE(wrong_quarantined, ALLOCATED,
	   REASON("freeing a quarantined page"),
	   "page: order:0 zone:* node:* migratetype:*, quarantined");

static void wrong_order_small(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 2), 1);
}
WRONG_FREE(wrong_order_small, ALLOCATED, OTHER_ORDER,
	   "page: order:2 zone:* node:* migratetype:*, allocated");

static void wrong_order_large(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	/* Two blocks of half the size. */
	page_type_write(page + 1, page_type_make(PGTY_block, 2));
	page_type_write(page + 5, page_type_make(PGTY_block, 2));
	set_page_refcounted(page + 4);
	__free_pages(page, 3);
}
WRONG_FREE(wrong_order_large, ALLOCATED, OTHER_ORDER,
	   "page: order:2 zone:* node:* migratetype:*, allocated");

static void wrong_order_single(void)
{
	__free_page(alloc_pages(GFP_KERNEL, 2));
}
WRONG_FREE(wrong_order_single, ALLOCATED, OTHER_ORDER);

static void wrong_order_compound(void)
{
	__free_pages(alloc_pages(GFP_KERNEL | __GFP_COMP, 3), 2);
}
WRONG_FREE(wrong_order_compound, ALLOCATED, OTHER_ORDER,
	   "flags: 0x*(head|node=*|zone=*)");

static void wrong_order_11(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 4), 11);
}
WRONG_FREE(wrong_order_11, ALLOCATED,
	   REASON("freed with an order that is too large"));

static void wrong_order_unaligned(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	split_page(page, 2);
	__free_pages(page + 1, 1);
}
WRONG_FREE(wrong_order_unaligned, ALLOCATED,
	   REASON("freed with an order that it is not aligned to"));

static void wrong_tail(void)
{
	__free_page(alloc_pages(GFP_KERNEL | __GFP_COMP, 2) + 3);
}
WRONG_FREE(wrong_tail, ALLOCATED, REASON("freeing a tail page"),
	   "page: order:* zone:* node:* migratetype:*, in the compound page at pfn 0x*",
	   "flags: 0x*(tail|node=*|zone=*)");

static void wrong_mapped(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	atomic_inc(&page->_mapcount);
	__free_page(page);
}
WRONG_FREE(wrong_mapped, ALLOCATED, REASON("nonzero mapcount"),
	   "page: refcount:0 mapcount:1 mapping:* index:* pfn:*");

static void wrong_referenced(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	page_ref_inc(page + 3);
	__free_pages(page, 2);
}
WRONG_FREE(wrong_referenced, ALLOCATED, REASON("nonzero _refcount"),
	   "page: refcount:1 mapcount:0 mapping:* index:* pfn:*");

static void wrong_typed(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	page_type_write(page, page_type_make(PGTY_table, 0));
	__free_page(page);
}
WRONG_FREE(wrong_typed, ALLOCATED, REASON("page has a type"),
	   "page_type: 0xf2000000(table)");

/* Each flag that says that somebody works with the page. */
#define WRONG_FLAG(name)						\
	static void wrong_flag_##name(void)				\
	{								\
		struct page *page = alloc_page(GFP_KERNEL);		\
									\
		page_flag_set(page, PG_##name);				\
		__free_page(page);					\
	}								\
	WRONG_FREE(wrong_flag_##name, ALLOCATED,			\
		   REASON("PAGE_FLAGS_CHECK_AT_FREE flag(s) set"),	\
		   "flags: 0x*(" #name "|node=*|zone=*)")
WRONG_FLAG(locked);
WRONG_FLAG(writeback);
WRONG_FLAG(lru);
WRONG_FLAG(private);
WRONG_FLAG(private_2);
WRONG_FLAG(active);
WRONG_FLAG(unevictable);
WRONG_FLAG(mlocked);
WRONG_FLAG(hwpoison);

static void wrong_contig_twice(void)
{
	struct page *page = alloc_contig_pages(3, GFP_KERNEL, 0, NULL);

	free_contig_range(page_to_pfn(page), 3);
	free_contig_range(page_to_pfn(page), 3);
}
WRONG_FREE(wrong_contig_twice, FREED, DOUBLE,
	   "3 pages are still in use!");

static void wrong_exact_twice(void)
{
	void *p = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p, 3 * PAGE_SIZE);
	free_pages_exact(p, 3 * PAGE_SIZE);
}
WRONG_FREE(wrong_exact_twice, FREED, DOUBLE);

/* ---- what is no page has no owner --------------------------------------- */

#define BAD_FREE(what)	"BUG: Bad page free in process *: " what " *"

static void bad_contig_range(void)
{
	free_contig_range(max_pfn - 1, 1UL << 20);
}
DEATH_TEST(bad_contig_range, SURVIVES,
	   BAD_FREE("free_contig_range() of a frame that is no memory:"));

static void bad_contig_range_wraps(void)
{
	free_contig_range(ULONG_MAX, 2);
}
DEATH_TEST(bad_contig_range_wraps, SURVIVES,
	   BAD_FREE("free_contig_range() of a frame that is no memory:"));

static void bad_exact_unaligned(void)
{
	char *p = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p + 8, 2 * PAGE_SIZE);
}
DEATH_TEST(bad_exact_unaligned, SURVIVES,
	   BAD_FREE("free_pages_exact() of what it did not give:"));

static void bad_exact_size(void)
{
	void *p = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p, 1UL << 40);
}
DEATH_TEST(bad_exact_size, SURVIVES,
	   BAD_FREE("free_pages_exact() of what it did not give:"));

static void bad_exact_wraps(void)
{
	void *p = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p, (size_t)-PAGE_SIZE);
}
DEATH_TEST(bad_exact_wraps, SURVIVES,
	   BAD_FREE("free_pages_exact() of what it did not give:"));

/* A page, or with @address its address, of a machine that is not bound. */
static void free_of_another_machine(bool address)
{
	struct octavo_options options = { .memory = 64ULL << 20, .seed = 2 };
	struct octavo_machine *mine = octavo_bound(), *other;
	struct page *page;
	void *p;

	other = octavo_machine_create(&options, NULL);
	octavo_unbind();
	octavo_bind(other, 0);
	page = alloc_page(GFP_KERNEL);
	p = page_address(page);
	octavo_unbind();
	octavo_bind(mine, 0);
	if (address)
		free_page((unsigned long)p);
	else
		__free_page(page);
	octavo_machine_destroy(other);
}

static void bad_page_of_another_machine(void)
{
	free_of_another_machine(false);
}
DEATH_TEST(bad_page_of_another_machine, SURVIVES,
	   BAD_FREE("no frame has a struct page at"));

static void bad_address_of_another_machine(void)
{
	free_of_another_machine(true);
}
DEATH_TEST(bad_address_of_another_machine, SURVIVES,
	   BAD_FREE("not in the direct map:"));
