// SPDX-License-Identifier: MIT
/*
 * The other ways to ask for pages: by address, exactly as many, as a folio;
 * and compound pages, which is what a folio of more than one page is.
 *
 * A compound page has one reference count, its head's, and is freed as
 * a whole. Its tails point at the head, so that any page of it leads to the
 * head in one step (page-flags.h has the picture).
 *
 * Locks: none. Sleeping and failure are those of __alloc_pages().
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/sched.h>

/*
 * These look at @gfp before __alloc_pages() does, since that knows the caller
 * of one of them only by the one.
 */
static unsigned long get_free_pages(gfp_t gfp, unsigned int order,
				    unsigned long caller)
{
	struct page *page;

	if (WARN_ONCE(gfp & __GFP_HIGHMEM,
		      "__get_free_pages(__GFP_HIGHMEM): such a page has no address\n"))
		return 0;
	page = alloc_pages(page_gfp_check(gfp, caller), order);
	return page ? (unsigned long)lowmem_page_address(page) : 0;
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	return get_free_pages(gfp, order, _RET_IP_);
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return get_free_pages(gfp | __GFP_ZERO, 0, _RET_IP_);
}

static inline void tail_prepare(struct page *tail, u32 head)
{
	tail->lru_next = head;
	tail->mapping = 0;
	__page_flag_set(tail, PG_tail);
}

void prep_compound_page(struct page *page, unsigned int order)
{
	const struct page *end = page + (1UL << order);
	u32 head = (u32)page_to_pfn(page);
	struct page *tail = page + 1;

	VM_BUG_ON(!order);
	__page_flag_set(page, PG_head);
	tail_prepare(tail, head);
	tail->compound_order = order;
	for (tail++; tail < end; tail += 2) {
		tail_prepare(tail, head);
		tail_prepare(tail + 1, head);
	}
}

void split_page(struct page *page, unsigned int order)
{
	unsigned long i;

	BUG_ON(PageCompound(page));
	BUG_ON(page_ref_count(page) == 0);
	if (!order)
		return;
	BUG_ON(page_type_read(page + 1) != page_type_make(PGTY_block, order));
	page_type_write(page + 1, PAGE_TYPE_NONE);
	page_debug_split(page, order);
	for (i = 1; i < 1UL << order; i++)
		set_page_refcounted(page + i);
}

struct folio *__folio_alloc(gfp_t gfp, unsigned int order, int preferred_nid,
			    const nodemask_t *nodemask)
{
	gfp = page_gfp_check(gfp, _RET_IP_);
	return (struct folio *)__alloc_pages(gfp | __GFP_COMP, order,
					     preferred_nid, nodemask);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	gfp = page_gfp_check(gfp, _RET_IP_);
	return __folio_alloc(gfp, order, numa_node_id(), NULL);
}

struct folio *__folio_alloc_node(gfp_t gfp, unsigned int order, int nid)
{
	gfp = page_gfp_check(gfp, _RET_IP_);
	return __folio_alloc(gfp, order, nid, NULL);
}

int folio_mapcount(const struct folio *folio)
{
	unsigned long i, n = folio_nr_pages(folio);
	int sum = 0;

	for (i = 0; i < n; i++)
		sum += page_mapcount(folio_page(folio, i));
	return sum;
}

/* Makes a block single pages and frees those past the first @nr. */
static void exact_trim(struct page *page, unsigned int order, unsigned long nr)
{
	unsigned long i;

	split_page(page, order);
	for (i = nr; i < 1UL << order; i++)
		__free_page(page + i);
}

static void *pages_exact(int nid, size_t size, gfp_t gfp,
			 unsigned long caller)
{
	unsigned int order = (unsigned int)get_order(size);
	struct page *page;

	if (WARN_ONCE(gfp & (__GFP_COMP | __GFP_HIGHMEM),
		      "alloc_pages_exact: neither compound nor high pages: %#x\n",
		      gfp))
		gfp &= ~(__GFP_COMP | __GFP_HIGHMEM);
	page = alloc_pages_node(nid, page_gfp_check(gfp, caller), order);
	if (!page)
		return NULL;
	exact_trim(page, order, PAGE_ALIGN(size) >> PAGE_SHIFT);
	return lowmem_page_address(page);
}

void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp)
{
	return pages_exact(nid, size, gfp, _RET_IP_);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	return pages_exact(NUMA_NO_NODE, size, gfp, _RET_IP_);
}

void free_pages_exact(void *virt, size_t size)
{
	unsigned long addr = (unsigned long)virt;
	unsigned long end = addr + PAGE_ALIGN(size);

	if (!virt)
		return;
	if (unlikely(offset_in_page(addr) || end < addr ||
		     !virt_addr_valid(virt) ||
		     !virt_addr_valid((void *)(end - 1)))) {
		page_free_report("free_pages_exact() of what it did not give:",
				 virt);
		return;
	}
	for (; addr < end; addr += PAGE_SIZE)
		free_page(addr);
}
