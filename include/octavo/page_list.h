/* SPDX-License-Identifier: MIT */
/*
 * Lists of pages, linked by frame number (struct page_list, mm_types.h).
 *
 *   first ──► page ⇄ page ⇄ page ◄── last      prev of the first and next of
 *                                              the last are PFN_NONE
 *
 * Eight bytes a link pair where pointers take sixteen. A page is on at most
 * one list; the list's owner holds the list's lock.
 */
#ifndef _OCTAVO_PAGE_LIST_H
#define _OCTAVO_PAGE_LIST_H

#include <linux/bug.h>
#include <linux/mm_types.h>
#include <linux/mmzone.h>

static inline void page_list_init(struct page_list *list)
{
	list->first = PFN_NONE;
	list->last = PFN_NONE;
}

static inline bool page_list_empty(const struct page_list *list)
{
	return list->first == PFN_NONE;
}

/* NULL when the list is empty. */
static inline struct page *page_list_first(const struct page_list *list)
{
	if (list->first == PFN_NONE)
		return NULL;
	return pfn_to_page((unsigned long)list->first);
}

static inline struct page *page_list_last(const struct page_list *list)
{
	if (list->last == PFN_NONE)
		return NULL;
	return pfn_to_page((unsigned long)list->last);
}

/* What stands after @page, NULL after the last. */
static inline struct page *page_list_next(const struct page *page)
{
	if (page->lru_next == PFN_NONE)
		return NULL;
	return pfn_to_page((unsigned long)page->lru_next);
}

/* @pfn is page_to_pfn(@page), which the caller mostly knows. */
static inline void page_list_add(struct page_list *list, struct page *page,
				 unsigned long pfn)
{
	page->lru_prev = PFN_NONE;
	page->lru_next = list->first;
	if (list->first == PFN_NONE)
		list->last = (u32)pfn;
	else
		pfn_to_page((unsigned long)list->first)->lru_prev = (u32)pfn;
	list->first = (u32)pfn;
}

static inline void page_list_add_tail(struct page_list *list,
				      struct page *page, unsigned long pfn)
{
	page->lru_next = PFN_NONE;
	page->lru_prev = list->last;
	if (list->last == PFN_NONE)
		list->first = (u32)pfn;
	else
		pfn_to_page((unsigned long)list->last)->lru_next = (u32)pfn;
	list->last = (u32)pfn;
}

/* Takes @page out of @list and leaves its links PFN_NONE. */
static inline void page_list_del(struct page_list *list, struct page *page)
{
	if (page->lru_prev == PFN_NONE)
		list->first = page->lru_next;
	else
		pfn_to_page((unsigned long)page->lru_prev)->lru_next =
			page->lru_next;
	if (page->lru_next == PFN_NONE)
		list->last = page->lru_prev;
	else
		pfn_to_page((unsigned long)page->lru_next)->lru_prev =
			page->lru_prev;
	page->lru_next = PFN_NONE;
	page->lru_prev = PFN_NONE;
}

#define page_list_for_each(page, list)					\
	for ((page) = page_list_first(list); (page);			\
	     (page) = page_list_next(page))

#endif
