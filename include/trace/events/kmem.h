/* SPDX-License-Identifier: MIT */
/*
 * Objects and pages that are taken and given back. Names, fields and text are
 * Linux 6.12's.
 *
 * In print formats trace_page() and what is written in capitals stands for
 * what Linux's headers make of it (trace/trace_events.h).
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kmem

#if !defined(_TRACE_KMEM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KMEM_H

#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <octavo/slab_attr.h>
#include <trace/events/mmflags.h>

TRACE_EVENT(kmem_cache_alloc,

	TP_PROTO(unsigned long call_site, const void *ptr,
		 struct kmem_cache *s, gfp_t gfp_flags, int node),

	TP_ARGS(call_site, ptr, s, gfp_flags, node),

	TP_STRUCT__entry(
		__field(unsigned long, call_site)
		__field(const void *, ptr)
		__field(size_t, bytes_req)
		__field(size_t, bytes_alloc)
		__field(unsigned long, gfp_flags)
		__field(int, node)
		__field(bool, accounted)
	),

	TP_fast_assign(
		__entry->call_site = call_site;
		__entry->ptr = ptr;
		__entry->bytes_req = kmem_cache_size(s);
		__entry->bytes_alloc = slab_object_step(s);
		__entry->gfp_flags = gfp_flags;
		__entry->node = node;
		__entry->accounted = gfp_flags & __GFP_ACCOUNT;
	),

	TP_printk("call_site=%pS ptr=%p bytes_req=%zu bytes_alloc=%zu gfp_flags=%s node=%d accounted=%s",
		  (void *)__entry->call_site,
		  __entry->ptr,
		  __entry->bytes_req,
		  __entry->bytes_alloc,
		  show_gfp_flags(__entry->gfp_flags),
		  __entry->node,
		  __entry->accounted ? "true" : "false")
);

TRACE_EVENT(kmalloc,

	TP_PROTO(unsigned long call_site, const void *ptr, size_t bytes_req,
		 size_t bytes_alloc, gfp_t gfp_flags, int node),

	TP_ARGS(call_site, ptr, bytes_req, bytes_alloc, gfp_flags, node),

	TP_STRUCT__entry(
		__field(unsigned long, call_site)
		__field(const void *, ptr)
		__field(size_t, bytes_req)
		__field(size_t, bytes_alloc)
		__field(unsigned long, gfp_flags)
		__field(int, node)
	),

	TP_fast_assign(
		__entry->call_site = call_site;
		__entry->ptr = ptr;
		__entry->bytes_req = bytes_req;
		__entry->bytes_alloc = bytes_alloc;
		__entry->gfp_flags = gfp_flags;
		__entry->node = node;
	),

	TP_printk("call_site=%pS ptr=%p bytes_req=%zu bytes_alloc=%zu gfp_flags=%s node=%d accounted=%s",
		  (void *)__entry->call_site,
		  __entry->ptr,
		  __entry->bytes_req,
		  __entry->bytes_alloc,
		  show_gfp_flags(__entry->gfp_flags),
		  __entry->node,
		  trace_gfp_accounted(__entry->gfp_flags) ? "true" : "false")
);

TRACE_EVENT(kfree,

	TP_PROTO(unsigned long call_site, const void *ptr),

	TP_ARGS(call_site, ptr),

	TP_STRUCT__entry(
		__field(unsigned long, call_site)
		__field(const void *, ptr)
	),

	TP_fast_assign(
		__entry->call_site = call_site;
		__entry->ptr = ptr;
	),

	TP_printk("call_site=%pS ptr=%p", (void *)__entry->call_site,
		  __entry->ptr)
);

TRACE_EVENT(kmem_cache_free,

	TP_PROTO(unsigned long call_site, const void *ptr,
		 const struct kmem_cache *s),

	TP_ARGS(call_site, ptr, s),

	TP_STRUCT__entry(
		__field(unsigned long, call_site)
		__field(const void *, ptr)
		__string(name, kmem_cache_name((struct kmem_cache *)s))
	),

	TP_fast_assign(
		__entry->call_site = call_site;
		__entry->ptr = ptr;
		__assign_str(name);
	),

	TP_printk("call_site=%pS ptr=%p name=%s", (void *)__entry->call_site,
		  __entry->ptr, __get_str(name))
);

TRACE_EVENT(mm_page_free,

	TP_PROTO(struct page *page, unsigned int order),

	TP_ARGS(page, order),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
	),

	TP_fast_assign(
		__entry->pfn = page_to_pfn(page);
		__entry->order = order;
	),

	TP_printk("page=%p pfn=0x%lx order=%d", trace_page(__entry->pfn),
		  __entry->pfn, __entry->order)
);

TRACE_EVENT(mm_page_free_batched,

	TP_PROTO(struct page *page),

	TP_ARGS(page),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
	),

	TP_fast_assign(
		__entry->pfn = page_to_pfn(page);
	),

	TP_printk("page=%p pfn=0x%lx order=0", trace_page(__entry->pfn),
		  __entry->pfn)
);

TRACE_EVENT(mm_page_alloc,

	TP_PROTO(struct page *page, unsigned int order, gfp_t gfp_flags,
		 int migratetype),

	TP_ARGS(page, order, gfp_flags, migratetype),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(unsigned long, gfp_flags)
		__field(int, migratetype)
	),

	TP_fast_assign(
		__entry->pfn = page ? page_to_pfn(page) : -1UL;
		__entry->order = order;
		__entry->gfp_flags = gfp_flags;
		__entry->migratetype = migratetype;
	),

	TP_printk("page=%p pfn=0x%lx order=%d migratetype=%d gfp_flags=%s",
		  __entry->pfn != -1UL ? trace_page(__entry->pfn) : NULL,
		  __entry->pfn != -1UL ? __entry->pfn : 0,
		  __entry->order,
		  __entry->migratetype,
		  show_gfp_flags(__entry->gfp_flags))
);

TRACE_EVENT(mm_page_alloc_zone_locked,

	TP_PROTO(struct page *page, unsigned int order, int migratetype,
		 int percpu_refill),

	TP_ARGS(page, order, migratetype, percpu_refill),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(int, migratetype)
		__field(int, percpu_refill)
	),

	TP_fast_assign(
		__entry->pfn = page ? page_to_pfn(page) : -1UL;
		__entry->order = order;
		__entry->migratetype = migratetype;
		__entry->percpu_refill = percpu_refill;
	),

	TP_printk("page=%p pfn=0x%lx order=%u migratetype=%d percpu_refill=%d",
		  __entry->pfn != -1UL ? trace_page(__entry->pfn) : NULL,
		  __entry->pfn != -1UL ? __entry->pfn : 0,
		  __entry->order,
		  __entry->migratetype,
		  __entry->percpu_refill)
);

TRACE_EVENT(mm_page_pcpu_drain,

	TP_PROTO(struct page *page, unsigned int order, int migratetype),

	TP_ARGS(page, order, migratetype),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, order)
		__field(int, migratetype)
	),

	TP_fast_assign(
		__entry->pfn = page ? page_to_pfn(page) : -1UL;
		__entry->order = order;
		__entry->migratetype = migratetype;
	),

	TP_printk("page=%p pfn=0x%lx order=%d migratetype=%d",
		  trace_page(__entry->pfn), __entry->pfn,
		  __entry->order, __entry->migratetype)
);

/*
 * A request of one type was served from a pageblock of another; ownership is
 * changed when the whole pageblock became the request's type.
 */
TRACE_EVENT(mm_page_alloc_extfrag,

	TP_PROTO(struct page *page, int alloc_order, int fallback_order,
		 int alloc_migratetype, int fallback_migratetype),

	TP_ARGS(page, alloc_order, fallback_order, alloc_migratetype,
		fallback_migratetype),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(int, alloc_order)
		__field(int, fallback_order)
		__field(int, alloc_migratetype)
		__field(int, fallback_migratetype)
		__field(int, change_ownership)
	),

	TP_fast_assign(
		__entry->pfn = page_to_pfn(page);
		__entry->alloc_order = alloc_order;
		__entry->fallback_order = fallback_order;
		__entry->alloc_migratetype = alloc_migratetype;
		__entry->fallback_migratetype = fallback_migratetype;
		__entry->change_ownership = alloc_migratetype ==
			get_pageblock_migratetype(page);
	),

	TP_printk("page=%p pfn=0x%lx alloc_order=%d fallback_order=%d pageblock_order=%d alloc_migratetype=%d fallback_migratetype=%d fragmenting=%d change_ownership=%d",
		  trace_page(__entry->pfn), __entry->pfn,
		  __entry->alloc_order,
		  __entry->fallback_order,
		  TRACE_PAGEBLOCK_ORDER,
		  __entry->alloc_migratetype,
		  __entry->fallback_migratetype,
		  __entry->fallback_order < TRACE_PAGEBLOCK_ORDER,
		  __entry->change_ownership)
);

TRACE_EVENT(mm_alloc_contig_migrate_range_info,

	TP_PROTO(unsigned long start, unsigned long end,
		 unsigned long nr_migrated, unsigned long nr_reclaimed,
		 unsigned long nr_mapped, int migratetype),

	TP_ARGS(start, end, nr_migrated, nr_reclaimed, nr_mapped,
		migratetype),

	TP_STRUCT__entry(
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(unsigned long, nr_migrated)
		__field(unsigned long, nr_reclaimed)
		__field(unsigned long, nr_mapped)
		__field(int, migratetype)
	),

	TP_fast_assign(
		__entry->start = start;
		__entry->end = end;
		__entry->nr_migrated = nr_migrated;
		__entry->nr_reclaimed = nr_reclaimed;
		__entry->nr_mapped = nr_mapped;
		__entry->migratetype = migratetype;
	),

	TP_printk("start=0x%lx end=0x%lx migratetype=%d nr_migrated=%lu nr_reclaimed=%lu nr_mapped=%lu",
		  __entry->start, __entry->end, __entry->migratetype,
		  __entry->nr_migrated, __entry->nr_reclaimed,
		  __entry->nr_mapped)
);

#endif

#include <trace/define_trace.h>
