/* SPDX-License-Identifier: MIT */
/*
 * Where a page's flags word keeps its zone and its node.
 *
 *   31    29 28        23 22                                 0
 *   +-------+------------+-----------------------------------+
 *   | zone  |    node    |              PG_* flags           |
 *   +-------+------------+-----------------------------------+
 *
 * Three bits hold any of the at most eight zones, six any of 64 nodes. What
 * section a page belongs to follows from where its struct page lies, so that
 * no memory model needs bits for it.
 */
#ifndef _LINUX_PAGE_FLAGS_LAYOUT_H
#define _LINUX_PAGE_FLAGS_LAYOUT_H

#include <linux/mm_types.h>
#include <linux/numa.h>

#define ZONES_WIDTH	3
#define NODES_WIDTH	NODES_SHIFT
#define ZONES_PGSHIFT	(32 - ZONES_WIDTH)
#define NODES_PGSHIFT	(ZONES_PGSHIFT - NODES_WIDTH)
#define ZONES_MASK	((1U << ZONES_WIDTH) - 1)
#define NODES_MASK	((1U << NODES_WIDTH) - 1)

/* The zone and node bits of a flags word, from their numbers. */
static inline u32 page_flags_links(unsigned int zone, unsigned int nid)
{
	return (zone & ZONES_MASK) << ZONES_PGSHIFT |
	       (nid & NODES_MASK) << NODES_PGSHIFT;
}

static inline u32 page_flags_read(const struct page *page)
{
	return __atomic_load_n(&page->flags, __ATOMIC_RELAXED);
}

/* The enum zone_type and the node of an initialised page. */
static inline unsigned int page_zonenum(const struct page *page)
{
	return page_flags_read(page) >> ZONES_PGSHIFT;
}

static inline int page_to_nid(const struct page *page)
{
	return (int)(page_flags_read(page) >> NODES_PGSHIFT & NODES_MASK);
}

/* Both in one number: equal exactly when the zones are the same. */
static inline unsigned int page_zone_id(const struct page *page)
{
	return page_flags_read(page) >> NODES_PGSHIFT;
}

/* Before the page is known to anyone else. */
static inline void set_page_links(struct page *page, unsigned int zone,
				  unsigned int nid, unsigned long pfn)
{
	u32 low = page->flags & ((1U << NODES_PGSHIFT) - 1);

	(void)pfn;
	page->flags = low | page_flags_links(zone, nid);
}

#endif
