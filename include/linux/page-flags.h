/* SPDX-License-Identifier: MIT */
/*
 * What a page is: flags, type, and place in a compound page.
 *
 * Flags are bits 0 to 22 of page->flags, changed one at a time by atomic
 * operations that order nothing unless named otherwise. The names are
 * Linux's; two are ours:
 *
 *   PG_tail        a page of a compound page other than its first; the PFN
 *                  of the first is in lru_next
 *   PG_quarantine  freed wrongly, and therefore never used again
 *
 * A type says what an unmapped page is used as. It shares its word with the
 * map count: the type in the top byte, a number of the type's own below. A
 * map count (counted from -1) never reaches the types' range.
 *
 *   _mapcount >= 0           mapped _mapcount + 1 times
 *   0xffffffff               not mapped, no type
 *   PGTY_block << 24 | n     second page of an allocated block of order n
 *                            which is no compound page
 *
 * The last is ours too: it lets a free of the wrong order be seen. The
 * second page shares a cache line with the first, so looking costs nothing.
 *
 * A compound page of order n:
 *
 *   head     tail          tail          ...
 *   PG_head  PG_tail       PG_tail
 *            lru_next=head lru_next=head
 *            compound_order=n
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/bug.h>
#include <linux/mm_types.h>
#include <linux/mmzone.h>
#include <linux/page-flags-layout.h>

enum pageflags {
	PG_locked,		/* someone has it to himself */
	PG_writeback,		/* on its way to a device */
	PG_referenced,		/* used since reclaim last looked */
	PG_uptodate,		/* contents are valid */
	PG_dirty,		/* contents are newer than the device's */
	PG_lru,			/* on a list of reclaim's */
	PG_head,		/* first of a compound page */
	PG_waiters,		/* someone waits for PG_locked or writeback */
	PG_active,		/* on an active list */
	PG_workingset,		/* came back soon after it was reclaimed */
	PG_owner_priv_1,	/* the owner's */
	PG_owner_2,		/* the owner's */
	PG_arch_1,		/* the port's */
	PG_reserved,		/* never in a free list */
	PG_private,		/* private holds the file system's data */
	PG_private_2,
	PG_reclaim,		/* free as soon as written */
	PG_swapbacked,		/* has swap behind it, not a file */
	PG_unevictable,		/* must stay */
	PG_mlocked,		/* in a locked VMA */
	PG_hwpoison,		/* the memory is broken */
	PG_tail,		/* of a compound page, and not its first */
	PG_quarantine,		/* leaked on purpose after a wrong free */
	__NR_PAGEFLAGS,

	PG_swapcache = PG_owner_priv_1,
	PG_checked = PG_owner_priv_1,
	PG_isolated = PG_reclaim,	/* of a movable page */
	PG_reported = PG_uptodate,	/* of a free block */
};
static_assert(__NR_PAGEFLAGS <= NODES_PGSHIFT, "flags reach into the node");

#define PAGEFLAGS_MASK	((1U << NODES_PGSHIFT) - 1)
#define PG_BIT(name)	(1U << PG_##name)

/* No page may be freed with one of these set. */
#define PAGE_FLAGS_CHECK_AT_FREE					\
	(PG_BIT(locked) | PG_BIT(writeback) | PG_BIT(lru) |		\
	 PG_BIT(private) | PG_BIT(private_2) | PG_BIT(active) |		\
	 PG_BIT(reserved) | PG_BIT(unevictable) | PG_BIT(mlocked) |	\
	 PG_BIT(hwpoison) | PG_BIT(tail) | PG_BIT(quarantine))
/* A page that is handed out has none of these. */
#define PAGE_FLAGS_CHECK_AT_PREP	(PAGEFLAGS_MASK & ~PG_BIT(reported))

static inline u32 page_flags_read(const struct page *page)
{
	return __atomic_load_n(&page->flags, __ATOMIC_RELAXED);
}

static inline bool page_flag_test(const struct page *page, unsigned int nr)
{
	return page_flags_read(page) >> nr & 1;
}

static inline void page_flag_set(struct page *page, unsigned int nr)
{
	port_locked_point(&page->flags);
	__atomic_fetch_or(&page->flags, 1U << nr, __ATOMIC_RELAXED);
}

static inline void page_flag_clear(struct page *page, unsigned int nr)
{
	port_locked_point(&page->flags);
	__atomic_fetch_and(&page->flags, ~(1U << nr), __ATOMIC_RELAXED);
}

/* Fully ordered; what the flag was. */
static inline bool page_flag_test_set(struct page *page, unsigned int nr)
{
	port_locked_point(&page->flags);
	return __atomic_fetch_or(&page->flags, 1U << nr, __ATOMIC_SEQ_CST) >>
	       nr & 1;
}

static inline bool page_flag_test_clear(struct page *page, unsigned int nr)
{
	port_locked_point(&page->flags);
	return __atomic_fetch_and(&page->flags, ~(1U << nr),
				  __ATOMIC_SEQ_CST) >> nr & 1;
}

/* Not atomic: for who has the page to himself. */
static inline void __page_flag_set(struct page *page, unsigned int nr)
{
	__atomic_store_n(&page->flags, page->flags | 1U << nr,
			 __ATOMIC_RELAXED);
}

static inline void __page_flag_clear(struct page *page, unsigned int nr)
{
	__atomic_store_n(&page->flags, page->flags & ~(1U << nr),
			 __ATOMIC_RELAXED);
}

/* Compound pages. */

static inline bool PageHead(const struct page *page)
{
	return page_flag_test(page, PG_head);
}

static inline bool PageTail(const struct page *page)
{
	return page_flag_test(page, PG_tail);
}

static inline bool PageCompound(const struct page *page)
{
	return page_flags_read(page) & (PG_BIT(head) | PG_BIT(tail));
}

/* The first page of whatever @page is part of; itself when of nothing. */
static inline struct page *compound_head(const struct page *page)
{
	if (unlikely(PageTail(page)))
		return pfn_to_page((unsigned long)page->lru_next);
	return (struct page *)page;
}

/* The order of a compound page's head; 0 for a page that is none. */
static inline unsigned int compound_order(const struct page *page)
{
	return PageHead(page) ? page[1].compound_order : 0;
}

static inline unsigned long compound_nr(const struct page *page)
{
	return 1UL << compound_order(page);
}

#define page_folio(p)	((struct folio *)compound_head(p))
/* Page @n of @folio, from 0. Struct pages of one folio are adjacent. */
#define folio_page(folio, n)	(&(folio)->page + (n))

/*
 * PAGEFLAG(Name, name): the family of one flag. On a compound page the flag
 * is its head's; PAGEFLAG_OWN is for flags that each page has for itself.
 */
#define __PAGEFLAG(Name, name, at)					\
static inline bool Page##Name(const struct page *page)			\
{									\
	return page_flag_test(at(page), PG_##name);			\
}									\
static inline void SetPage##Name(struct page *page)			\
{									\
	page_flag_set(at(page), PG_##name);				\
}									\
static inline void ClearPage##Name(struct page *page)			\
{									\
	page_flag_clear(at(page), PG_##name);				\
}									\
static inline bool TestSetPage##Name(struct page *page)			\
{									\
	return page_flag_test_set(at(page), PG_##name);			\
}									\
static inline bool TestClearPage##Name(struct page *page)		\
{									\
	return page_flag_test_clear(at(page), PG_##name);		\
}									\
static inline void __SetPage##Name(struct page *page)			\
{									\
	__page_flag_set(at(page), PG_##name);				\
}									\
static inline void __ClearPage##Name(struct page *page)			\
{									\
	__page_flag_clear(at(page), PG_##name);				\
}									\
static inline bool folio_test_##name(const struct folio *folio)		\
{									\
	return page_flag_test(&folio->page, PG_##name);			\
}									\
static inline void folio_set_##name(struct folio *folio)		\
{									\
	page_flag_set(&folio->page, PG_##name);				\
}									\
static inline void folio_clear_##name(struct folio *folio)		\
{									\
	page_flag_clear(&folio->page, PG_##name);			\
}									\
static inline bool folio_test_set_##name(struct folio *folio)		\
{									\
	return page_flag_test_set(&folio->page, PG_##name);		\
}									\
static inline bool folio_test_clear_##name(struct folio *folio)		\
{									\
	return page_flag_test_clear(&folio->page, PG_##name);		\
}									\
static inline void __folio_set_##name(struct folio *folio)		\
{									\
	__page_flag_set(&folio->page, PG_##name);			\
}									\
static inline void __folio_clear_##name(struct folio *folio)		\
{									\
	__page_flag_clear(&folio->page, PG_##name);			\
}

#define __page_itself(page)	(page)
#define PAGEFLAG(Name, name)	 __PAGEFLAG(Name, name, compound_head)
#define PAGEFLAG_OWN(Name, name) __PAGEFLAG(Name, name, __page_itself)

PAGEFLAG(Locked, locked)
PAGEFLAG(Writeback, writeback)
PAGEFLAG(Referenced, referenced)
PAGEFLAG(Uptodate, uptodate)
PAGEFLAG(Dirty, dirty)
PAGEFLAG(LRU, lru)
PAGEFLAG(Waiters, waiters)
PAGEFLAG(Active, active)
PAGEFLAG(Workingset, workingset)
PAGEFLAG(SwapCache, swapcache)
PAGEFLAG(Checked, checked)
PAGEFLAG_OWN(OwnerPriv1, owner_priv_1)
PAGEFLAG_OWN(Owner2, owner_2)
PAGEFLAG_OWN(Arch1, arch_1)
PAGEFLAG_OWN(Reserved, reserved)
PAGEFLAG_OWN(Private, private)
PAGEFLAG_OWN(Private2, private_2)
PAGEFLAG(Reclaim, reclaim)
PAGEFLAG(SwapBacked, swapbacked)
PAGEFLAG(Unevictable, unevictable)
PAGEFLAG(Mlocked, mlocked)
PAGEFLAG_OWN(Isolated, isolated)
PAGEFLAG_OWN(Reported, reported)
PAGEFLAG_OWN(HWPoison, hwpoison)
PAGEFLAG_OWN(Quarantine, quarantine)

static inline bool folio_test_head(const struct folio *folio)
{
	return PageHead(&folio->page);
}

static inline bool folio_test_large(const struct folio *folio)
{
	return folio_test_head(folio);
}

/* Types: the top byte of page_type. 0xff is a map count of -1 or less. */
enum pagetype {
	PGTY_buddy	= 0xf0,		/* the first; free pages have none */
	PGTY_offline	= 0xf1,
	PGTY_table	= 0xf2,		/* a page table */
	PGTY_guard	= 0xf3,
	PGTY_hugetlb	= 0xf4,
	PGTY_slab	= 0xf5,
	PGTY_zsmalloc	= 0xf6,
	PGTY_unaccepted	= 0xf7,
	PGTY_block	= 0xf8,		/* see the top; the number: order */
	PGTY_dma	= 0xf9,		/* a device's (mm/kvirt/dma.h) */
	PGTY_mapcount_underflow = 0xff
};

#define PAGE_TYPE_SHIFT		24
#define PAGE_TYPE_NUMBER_MASK	((1U << PAGE_TYPE_SHIFT) - 1)
#define PAGE_TYPE_NONE		((u32)~0U)

static inline u32 page_type_make(enum pagetype type, u32 number)
{
	return (u32)type << PAGE_TYPE_SHIFT | number;
}

/* The word as it stands; the zone lock or a reference keeps it so. */
static inline u32 page_type_read(const struct page *page)
{
	return __atomic_load_n(&page->page_type, __ATOMIC_RELAXED);
}

static inline void page_type_write(struct page *page, u32 value)
{
	__atomic_store_n(&page->page_type, value, __ATOMIC_RELAXED);
}

static inline bool page_type_is(const struct page *page, enum pagetype type)
{
	return page_type_read(page) >> PAGE_TYPE_SHIFT == (u32)type;
}

/* Whether the word is a type and not a map count. */
static inline bool page_has_type(const struct page *page)
{
	u32 top = page_type_read(page) >> PAGE_TYPE_SHIFT;

	return top >= PGTY_buddy && top < PGTY_mapcount_underflow;
}

static inline bool page_mapcount_is_type(unsigned int mapcount)
{
	u32 top = (mapcount - 1) >> PAGE_TYPE_SHIFT;

	return top >= PGTY_buddy && top < PGTY_mapcount_underflow;
}

/* What a page without a type becomes and stops to be. */
#define PAGE_TYPE_OPS(Name, name)					\
static inline bool Page##Name(const struct page *page)			\
{									\
	return page_type_is(page, PGTY_##name);				\
}									\
static inline void __SetPage##Name(struct page *page)			\
{									\
	VM_BUG_ON_PAGE(page_type_read(page) != PAGE_TYPE_NONE, page);	\
	page_type_write(page, page_type_make(PGTY_##name, 0));		\
}									\
static inline void __ClearPage##Name(struct page *page)			\
{									\
	VM_BUG_ON_PAGE(!Page##Name(page), page);			\
	page_type_write(page, PAGE_TYPE_NONE);				\
}									\
static inline bool folio_test_##name(const struct folio *folio)		\
{									\
	return Page##Name(&folio->page);				\
}									\
static inline void __folio_set_##name(struct folio *folio)		\
{									\
	__SetPage##Name(&folio->page);					\
}									\
static inline void __folio_clear_##name(struct folio *folio)		\
{									\
	__ClearPage##Name(&folio->page);				\
}

PAGE_TYPE_OPS(Offline, offline)
PAGE_TYPE_OPS(Table, table)
PAGE_TYPE_OPS(Guard, guard)
PAGE_TYPE_OPS(Hugetlb, hugetlb)
PAGE_TYPE_OPS(Slab, slab)
PAGE_TYPE_OPS(Zsmalloc, zsmalloc)

/*
 * mapping's low bits: what the word points at. Both clear: a file's
 * address_space.
 */
#define PAGE_MAPPING_ANON	0x1u	/* an anon_vma */
#define PAGE_MAPPING_MOVABLE	0x2u	/* operations of a movable page */
#define PAGE_MAPPING_KSM	(PAGE_MAPPING_ANON | PAGE_MAPPING_MOVABLE)
#define PAGE_MAPPING_FLAGS	(PAGE_MAPPING_ANON | PAGE_MAPPING_MOVABLE)

static inline bool folio_test_anon(const struct folio *folio)
{
	return folio->page.mapping & PAGE_MAPPING_ANON;
}

static inline bool PageAnon(const struct page *page)
{
	return folio_test_anon((struct folio *)compound_head(page));
}

static inline bool __folio_test_movable(const struct folio *folio)
{
	return (folio->page.mapping & PAGE_MAPPING_FLAGS) ==
	       PAGE_MAPPING_MOVABLE;
}

static inline bool folio_test_ksm(const struct folio *folio)
{
	return (folio->page.mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_KSM;
}

/* The file that a page is of; NULL for anonymous pages and for none. */
static inline struct address_space *folio_mapping(const struct folio *folio)
{
	if (folio->page.mapping & PAGE_MAPPING_FLAGS)
		return NULL;
	return (struct address_space *)(unsigned long)folio->page.mapping;
}

#endif
