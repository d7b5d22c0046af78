// SPDX-License-Identifier: MIT
/*
 * Saying what went wrong: wrong frees, pages that do not look as they should,
 * requests that failed. In Linux's words, so that who knows those can read
 * them, with the flags spelt out.
 *
 *   BUG: Bad page state in process init  pfn:01234
 *   page: refcount:0 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x1234
 *   page: order:0 zone:DMA32 node:0 migratetype:Movable, reserved
 *   flags: 0x20002000(reserved|node=0|zone=1)
 *   page dumped because: freeing a reserved page
 *   (who allocated it and who freed it, with page_owner=on; who frees it now)
 *
 * A pointer that is no page has no state to show:
 *
 *   BUG: Bad page free in process init: no frame has a struct page at 0x...
 *
 * Reports of one kind are limited in number for each stretch of time; what
 * was left out is said at the next stretch's first report.
 *
 * Any context but NMI. Takes no lock but the log's and, in show_mem(), the
 * zones'.
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

/* 60 wrong frees a minute; 10 failed requests in five seconds. */
#define BAD_BURST		60
#define BAD_PERIOD		60
#define FAILED_BURST		10
#define FAILED_PERIOD		5

bool report_allowed(struct report_limit *limit, long seconds, long burst,
		    const char *what)
{
	/* Steps of 2^30 ns: 7% longer than seconds, and no 64-bit division.
	 * Counted from 1, as a zeroed limit is in no period. */
	long period = (long)(port_clock_ns() >> 30) / seconds + 1;
	long old = atomic_long_read(&limit->period);
	long missed;

	if (old != period &&
	    atomic_long_cmpxchg(&limit->period, old, period) == old) {
		atomic_long_set(&limit->made, 0);
		missed = atomic_long_xchg(&limit->missed, 0);
		if (missed)
			pr_alert("%s: %ld reports left out\n", what, missed);
	}
	if (atomic_long_inc_return(&limit->made) <= burst)
		return true;
	atomic_long_inc(&limit->missed);
	return false;
}

bool page_report_allowed(const char *what)
{
	return report_allowed(&page_alloc_state()->bad_limit, BAD_PERIOD,
			      BAD_BURST, what);
}

struct flag_name {
	u32 mask;
	const char *name;
};

/* Appends the names of @flags' bits, longest masks first in @names. */
static size_t flags_append(char *buf, size_t size, size_t n, u32 flags,
			   const struct flag_name *names)
{
	for (; names->mask; names++) {
		if ((flags & names->mask) != names->mask)
			continue;
		n += (size_t)scnprintf(buf + n, size - n, "%s%s",
				       n ? "|" : "", names->name);
		flags &= ~names->mask;
	}
	if (flags)
		n += (size_t)scnprintf(buf + n, size - n, "%s%#x",
				       n ? "|" : "", flags);
	return n;
}

char *gfp_flags_format(char *buf, size_t size, gfp_t gfp)
{
#define GFP(name)	{ name, #name }
	static const struct flag_name names[] = {
		GFP(GFP_TRANSHUGE), GFP(GFP_TRANSHUGE_LIGHT),
		GFP(GFP_HIGHUSER_MOVABLE), GFP(GFP_HIGHUSER), GFP(GFP_USER),
		GFP(GFP_KERNEL_ACCOUNT), GFP(GFP_KERNEL), GFP(GFP_NOFS),
		GFP(GFP_ATOMIC), GFP(GFP_NOIO), GFP(GFP_NOWAIT), GFP(GFP_DMA),
		GFP(__GFP_HIGHMEM), GFP(GFP_DMA32), GFP(__GFP_HIGH),
		GFP(__GFP_IO), GFP(__GFP_FS), GFP(__GFP_NOWARN),
		GFP(__GFP_RETRY_MAYFAIL), GFP(__GFP_NOFAIL),
		GFP(__GFP_NORETRY), GFP(__GFP_COMP), GFP(__GFP_ZERO),
		GFP(__GFP_NOMEMALLOC), GFP(__GFP_MEMALLOC),
		GFP(__GFP_HARDWALL), GFP(__GFP_THISNODE),
		GFP(__GFP_RECLAIMABLE), GFP(__GFP_MOVABLE),
		GFP(__GFP_ACCOUNT), GFP(__GFP_WRITE), GFP(__GFP_RECLAIM),
		GFP(__GFP_DIRECT_RECLAIM), GFP(__GFP_KSWAPD_RECLAIM),
		GFP(__GFP_ZEROTAGS), { 0, NULL }
	};
#undef GFP

	buf[0] = '\0';
	if (!gfp)
		scnprintf(buf, size, "none");
	else
		flags_append(buf, size, 0, gfp, names);
	return buf;
}

char *page_flags_format(char *buf, size_t size, const struct page *page)
{
#define PG(name)	{ PG_BIT(name), #name }
	static const struct flag_name names[] = {
		PG(locked), PG(writeback), PG(referenced), PG(uptodate),
		PG(dirty), PG(lru), PG(head), PG(waiters), PG(active),
		PG(workingset), PG(owner_priv_1), PG(owner_2), PG(arch_1),
		PG(reserved), PG(private), PG(private_2), PG(reclaim),
		PG(swapbacked), PG(unevictable), PG(mlocked), PG(hwpoison),
		PG(tail), PG(quarantine), { 0, NULL }
	};
#undef PG
	u32 flags = page_flags_read(page) & PAGEFLAGS_MASK;
	size_t n;

	buf[0] = '\0';
	n = flags_append(buf, size, 0, flags, names);
	scnprintf(buf + n, size - n, "%snode=%d|zone=%u", n ? "|" : "",
		  page_to_nid(page), (unsigned int)page_zonenum(page));
	return buf;
}

static const char *page_type_name(const struct page *page)
{
	static const char *const names[] = {
		[PGTY_buddy - PGTY_buddy] = "buddy",
		[PGTY_offline - PGTY_buddy] = "offline",
		[PGTY_table - PGTY_buddy] = "table",
		[PGTY_guard - PGTY_buddy] = "guard",
		[PGTY_hugetlb - PGTY_buddy] = "hugetlb",
		[PGTY_slab - PGTY_buddy] = "slab",
		[PGTY_zsmalloc - PGTY_buddy] = "zsmalloc",
		[PGTY_unaccepted - PGTY_buddy] = "unaccepted",
		[PGTY_block - PGTY_buddy] = "block",
	};
	u32 i = (page_type_read(page) >> PAGE_TYPE_SHIFT) - PGTY_buddy;

	return i < ARRAY_SIZE(names) ? names[i] : "unknown";
}

/* The order that the page itself tells of. */
static unsigned int page_told_order(const struct page *page)
{
	if (PageHead(page))
		return compound_order(page);
	if (!(page_to_pfn(page) & 1) && page_type_is(page + 1, PGTY_block))
		return page_type_read(page + 1) & PAGE_TYPE_NUMBER_MASK;
	return 0;
}

static void page_state_print(const struct page *page)
{
	struct zone *zone = page_zone_checked(page, page_to_pfn(page));
	char place[64];

	/* No memory, or damaged: then nothing can be looked up. */
	if (!zone) {
		pr_warn("page: order:%u of no zone\n", page_told_order(page));
		return;
	}
	page_place(place, sizeof(place), zone, page);
	pr_warn("page: order:%u zone:%s node:%d migratetype:%s, %s\n",
		page_told_order(page), zone->name,
		page_to_nid(page),
		migratetype_names[get_pageblock_migratetype(page)], place);
}

void dump_page(const struct page *page, const char *reason)
{
	const u32 *raw = (const u32 *)page;
	char flags[256];

	pr_warn("page: refcount:%d mapcount:%d mapping:%016llx index:%#x pfn:%#lx\n",
		page_ref_count(page), page_mapcount(page), page->mapping,
		page->index, page_to_pfn(page));
	page_state_print(page);
	if (PageHead(page))
		pr_warn("head: order:%u mapcount:%d\n", compound_order(page),
			folio_mapcount((const struct folio *)page));
	pr_warn("flags: %#x(%s)\n", page->flags,
		page_flags_format(flags, sizeof(flags), page));
	if (page_has_type(page))
		pr_warn("page_type: %#x(%s)\n", page_type_read(page),
			page_type_name(page));
	pr_warn("raw: %08x %08x %08x %08x %08x %08x %08x %08x\n", raw[0],
		raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]);
	if (reason)
		pr_warn("page dumped because: %s\n", reason);
}

static const char *process_name(void)
{
	return current ? current->comm : "swapper";
}

void bad_page(struct page *page, const char *reason)
{
	struct page_alloc_state *pa = page_alloc_state();

	atomic_long_inc(&pa->nr_bad);
	if (!page_report_allowed("BUG: Bad page state"))
		return;
	pr_alert("BUG: Bad page state in process %s  pfn:%05lx\n",
		 process_name(), page_to_pfn(page));
	dump_page(page, reason);
	page_debug_report(page);
	dump_stack();
}

void page_free_report(const char *what, const void *pointer)
{
	struct page_alloc_state *pa = page_alloc_state();

	atomic_long_inc(&pa->nr_bad);
	if (!page_report_allowed("BUG: Bad page free"))
		return;
	pr_alert("BUG: Bad page free in process %s: %s %px\n", process_name(),
		 what, pointer);
	dump_stack();
}

void page_quarantine(struct page *page, unsigned int order)
{
	if (page_flag_test_set(page, PG_quarantine))
		return;
	atomic_long_add(1L << order, &page_alloc_state()->nr_quarantined);
}

static void __printf(4, 0) warn_alloc_args(gfp_t gfp,
					   const nodemask_t *nodemask,
					   int zone_idx, const char *fmt,
					   va_list args)
{
	char what[128], names[256];

	if (gfp & __GFP_NOWARN ||
	    !report_allowed(&page_alloc_state()->failed_limit, FAILED_PERIOD,
			    FAILED_BURST, "page allocation failure"))
		return;
	vscnprintf(what, sizeof(what), fmt, args);
	gfp_flags_format(names, sizeof(names), gfp);
	if (nodemask)
		pr_warn("%s: %s, mode:%#x(%s), nodemask=%*pbl\n",
			process_name(), what, gfp, names, MAX_NUMNODES,
			nodemask->bits);
	else
		pr_warn("%s: %s, mode:%#x(%s), nodemask=(null)\n",
			process_name(), what, gfp, names);
	dump_stack();
	__show_mem(0, nodemask, zone_idx);
}

void warn_alloc(gfp_t gfp, const nodemask_t *nodemask, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	warn_alloc_args(gfp, nodemask, MAX_NR_ZONES - 1, fmt, args);
	va_end(args);
}

static void __printf(4, 5) warn_alloc_zones(gfp_t gfp,
					    const nodemask_t *nodemask,
					    int zone_idx, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	warn_alloc_args(gfp, nodemask, zone_idx, fmt, args);
	va_end(args);
}

void page_alloc_failed(gfp_t gfp, const struct alloc_context *ac)
{
	warn_alloc_zones(gfp, ac->nodemask, (int)ac->highest_zoneidx,
			 "page allocation failure: order:%u", ac->order);
}
