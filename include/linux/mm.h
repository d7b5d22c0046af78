/* SPDX-License-Identifier: MIT */
/*
 * Pages and folios: references, addresses, places; and what start-up and
 * the text files need to know of memory as a whole.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/pfn.h>
#include <octavo/machine.h>
#include <asm/page.h>

#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr)	ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)	IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)

/* The order of the smallest block that holds @size bytes. */
static inline int get_order(unsigned long size)
{
	unsigned long pages = (size - 1) >> PAGE_SHIFT;

	return size ? fls64(pages) : BITS_PER_LONG - PAGE_SHIFT;
}

/* Struct pages of one block, folio or pageblock are adjacent. */
#define nth_page(page, n)	((page) + (n))

/* Where a page is. */

static inline enum zone_type page_zone_type(const struct page *page)
{
	return page_zonenum(page);
}

/* Whether the direct map leaves the page out. */
#ifdef CONFIG_HIGHMEM
static inline bool PageHighMem(const struct page *page)
{
	enum zone_type zone = page_zonenum(page);

	return unlikely(zone >= ZONE_HIGHMEM) && is_highmem_idx(zone);
}

/* The address that kmap() gave a page of high memory; NULL: none. */
void *page_address_high(const struct page *page);
/* Says that a page of high memory was asked for its address. */
void __cold highmem_address_report(const struct page *page);
#else
#define PageHighMem(page)	((void)(page), false)
#define page_address_high(page)	((void *)NULL)
#define highmem_address_report(page)	((void)(page))
#endif

#ifdef CONFIG_DEBUG_VM
#define VM_CHECK_LOWMEM(page) do {					\
	if (unlikely(PageHighMem(page)))				\
		highmem_address_report(page);				\
} while (0)
#else
#define VM_CHECK_LOWMEM(page)	((void)0)
#endif

/* The frame's address in the direct map. Not for high memory. */
static inline void *lowmem_page_address(const struct page *page)
{
	VM_CHECK_LOWMEM(page);
	return __va(PFN_PHYS(page_to_pfn(page)));
}
#define page_to_virt(page)	lowmem_page_address(page)

/*
 * The address at which the page is mapped for all; NULL for high memory that
 * nobody has called kmap() for. Any context.
 */
static inline void *page_address(const struct page *page)
{
	return PageHighMem(page) ? page_address_high(page) :
	       lowmem_page_address(page);
}

/* A page of an address in the direct map, which kmap()'s are not. */
#ifdef CONFIG_HIGHMEM
struct page *virt_to_page_checked(const void *addr);
#endif
#if defined(CONFIG_HIGHMEM) && defined(CONFIG_DEBUG_VM)
#define virt_to_page(addr)	virt_to_page_checked((const void *)(addr))
#endif

#define page_to_phys(page)	PFN_PHYS(page_to_pfn(page))
#define phys_to_page(phys)	pfn_to_page(PHYS_PFN(phys))
#ifndef virt_to_page
#define virt_to_page(addr)	pfn_to_page(PHYS_PFN(__pa(addr)))
#endif
#define virt_to_head_page(addr)	compound_head(virt_to_page(addr))
#define virt_to_folio(addr)	page_folio(virt_to_page(addr))
/* Whether @addr is the direct-map address of a frame of RAM. */
bool virt_addr_valid(const void *addr);

static inline u64 page_private(const struct page *page)
{
	return page->private;
}

static inline void set_page_private(struct page *page, u64 private)
{
	page->private = private;
}

/* Map counts. */

static inline void page_mapcount_reset(struct page *page)
{
	page_type_write(page, PAGE_TYPE_NONE);
}

/* How many page-table entries map this very page; 0 for a typed page. */
static inline int page_mapcount(const struct page *page)
{
	int n = (int)page_type_read(page) + 1;

	return n < 0 || page_has_type(page) ? 0 : n;
}

static inline bool page_mapped(const struct page *page)
{
	return page_mapcount(page) > 0;
}

/* Folios. */

static inline unsigned int folio_order(const struct folio *folio)
{
	return compound_order(&folio->page);
}

static inline unsigned long folio_nr_pages(const struct folio *folio)
{
	return compound_nr(&folio->page);
}

static inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE << folio_order(folio);
}

static inline unsigned int folio_shift(const struct folio *folio)
{
	return PAGE_SHIFT + folio_order(folio);
}

#define page_size(page)		(PAGE_SIZE << compound_order(page))
#define page_shift(page)	(PAGE_SHIFT + compound_order(page))

static inline unsigned long folio_pfn(const struct folio *folio)
{
	return page_to_pfn(&folio->page);
}

static inline struct folio *pfn_folio(unsigned long pfn)
{
	return page_folio(pfn_to_page(pfn));
}

static inline int folio_nid(const struct folio *folio)
{
	return page_to_nid(&folio->page);
}

static inline struct zone *folio_zone(const struct folio *folio)
{
	return page_zone(&folio->page);
}

static inline enum zone_type folio_zonenum(const struct folio *folio)
{
	return page_zone_type(&folio->page);
}

static inline struct pglist_data *folio_pgdat(const struct folio *folio)
{
	return page_pgdat(&folio->page);
}

static inline void *folio_address(const struct folio *folio)
{
	return page_address(&folio->page);
}

/* The place of @page in @folio, from 0. */
static inline unsigned long folio_page_idx(const struct folio *folio,
					   const struct page *page)
{
	return (unsigned long)(page - &folio->page);
}

static inline struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)folio_page(folio, folio_nr_pages(folio));
}

/* Mappings of all its pages together. */
int folio_mapcount(const struct folio *folio);

static inline bool folio_mapped(const struct folio *folio)
{
	return folio_mapcount(folio) > 0;
}

/* The caller holds a reference already. */
static inline void folio_get(struct folio *folio)
{
	VM_BUG_ON(folio_ref_count(folio) <= 0);
	folio_ref_inc(folio);
}

/*
 * Drops a reference that the caller holds; with the last one the folio is
 * freed. Any context but NMI.
 */
void folio_put(struct folio *folio);
void folio_put_refs(struct folio *folio, int refs);

static inline void get_page(struct page *page)
{
	folio_get(page_folio(page));
}

static inline bool get_page_unless_zero(struct page *page)
{
	return page_ref_add_unless(page, 1, 0);
}

static inline bool try_get_page(struct page *page)
{
	return folio_try_get(page_folio(page));
}

static inline void put_page(struct page *page)
{
	folio_put(page_folio(page));
}

/*
 * Drops a reference of this very page. True when it was the last, and the
 * caller is to free the page. A page that has none is reported, false.
 */
bool put_page_testzero(struct page *page);

static inline bool folio_put_testzero(struct folio *folio)
{
	return put_page_testzero(&folio->page);
}

/* Makes 2^@order unreferenced pages one compound page. */
void prep_compound_page(struct page *page, unsigned int order);
/* Makes a block of 2^@order pages that many single ones, a reference each. */
void split_page(struct page *page, unsigned int order);

/* Logs what a page is, and why. Any context. */
void dump_page(const struct page *page, const char *reason);
/* "locked|reserved|node=0|zone=1"; returns @buf. @size at least 1. */
char *page_flags_format(char *buf, size_t size, const struct page *page);

/* Start-up, in this order; booting CPU only. */

/* High memory's table of addresses; nothing where there is none. */
void page_address_init(void);
/* Every free frame from memblock to the free lists. */
void mem_init(void);
/* The hand-over itself, without the report. */
void memblock_free_all(void);
/* The "Memory: " line: what there is and what is already used. */
void mem_init_print_info(void);

/*
 * Gives frames that start-up had reserved to the allocator. The pages'
 * content is lost: @poison fills it unless negative; @s names them in the
 * log unless NULL. Returns the pages freed.
 */
unsigned long free_reserved_area(void *start, void *end, int poison,
				 const char *s);
void free_reserved_page(struct page *page);
void mark_page_reserved(struct page *page);
/* Frees 2^@order frames that memblock held; booting CPU only. */
void memblock_free_pages(struct page *page, unsigned long pfn,
			 unsigned int order);
void __free_pages_core(struct page *page, unsigned int order);
/* @count frames, negative too, come under the allocator's management. */
void adjust_managed_page_count(struct page *page, long count);
/* Sections of start-up code and data: the port's (asm-generic form). */
unsigned long free_initmem_default(int poison, void *start, void *end);

/* Watermarks; mm/page/watermark.c. */
int init_per_zone_wmark_min(void);
void calculate_min_free_kbytes(void);
/*
 * Raises min_free_kbytes to what making huge pages needs, when they come into
 * use; never lowers it. Any context but interrupts.
 */
void set_recommended_min_free_kbytes(void);
/* Works marks, or reserves, of all zones out anew. Not in interrupts. */
void setup_per_zone_wmarks(void);
void setup_per_zone_lowmem_reserve(void);
/*
 * For reclaim, once it has answered a boost of @zone's marks: takes @pages of
 * it, which is what it saw when it began, down again. Takes the zone's lock.
 */
void zone_unboost_marks(struct zone *zone, unsigned long pages);
/* Frees that may be had from @nid's buffers: for user pages' limits. */
unsigned long nr_free_buffer_pages(void);

/* What sysinfo(2) tells, in pages. */
struct sysinfo {
	unsigned long totalram;		/* managed */
	unsigned long freeram;
	unsigned long sharedram;	/* shared memory and tmpfs */
	unsigned long bufferram;	/* block device cache */
	unsigned long totalhigh;	/* of totalram, outside the direct map */
	unsigned long freehigh;
	unsigned int mem_unit;		/* bytes that one of these stands for */
};
void si_meminfo(struct sysinfo *val);
void si_meminfo_node(struct sysinfo *val, int nid);
/* Pages that new work could have without swapping. */
long si_mem_available(void);
/* Pages of dirty data that start write-back, and that slow writers down. */
void global_dirty_limits(unsigned long *pbackground, unsigned long *pdirty);
/* Whether a page of @pgdat may be dirtied before others' are. */
bool node_dirty_ok(struct pglist_data *pgdat);

/*
 * "NAME: ..., mode:", the stack and show_mem() for a request that failed;
 * nothing with __GFP_NOWARN, and no more than a few in a while. Any context.
 */
void __printf(3, 4) warn_alloc(gfp_t gfp, const nodemask_t *nodemask,
			       const char *fmt, ...);
/*
 * Whether one more of at most @burst reports in @seconds may be made; the
 * first of a period says how many "@what" were left out before. Any context.
 */
bool report_allowed(struct report_limit *limit, long seconds, long burst,
		    const char *what);
/* Free lists, zone by zone, in the log, as after a failed allocation. */
void show_mem(void);
void __show_mem(unsigned int flags, const nodemask_t *nodemask,
		int max_zone_idx);

/*
 * Whether @page is the first of a free block, and the order of the free block
 * that it lies in, NR_PAGE_ORDERS when it is not free. True only while the
 * zone's lock is held; else a hint.
 */
bool PageBuddy(const struct page *page);
unsigned int buddy_order(const struct page *page);

/*
 * Whether every map of free frames, counter and struct page of @zone, or of
 * all zones, agree (the invariants in mm/page/buddy.c). Reports the first that
 * does not and returns false. Takes the zone lock; long.
 */
bool buddy_zone_check(struct zone *zone);
bool buddy_check(void);

#endif
