/* SPDX-License-Identifier: MIT */
/*
 * What a request that finds nothing does before anybody is ended for it.
 * Names, fields and text are Linux 6.12's. The events of victims are not
 * there: no thread has memory of its own yet.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM oom

#if !defined(_TRACE_OOM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_OOM_H

#include <linux/mmzone.h>
#include <linux/tracepoint.h>

TRACE_EVENT(reclaim_retry_zone,

	TP_PROTO(struct zoneref *zoneref, int order,
		 unsigned long reclaimable, unsigned long available,
		 unsigned long min_wmark, int no_progress_loops,
		 bool wmark_check),

	TP_ARGS(zoneref, order, reclaimable, available, min_wmark,
		no_progress_loops, wmark_check),

	TP_STRUCT__entry(
		__field(int, node)
		__field(int, zone_idx)
		__field(int, order)
		__field(unsigned long, reclaimable)
		__field(unsigned long, available)
		__field(unsigned long, min_wmark)
		__field(int, no_progress_loops)
		__field(bool, wmark_check)
	),

	TP_fast_assign(
		__entry->node = zone_to_nid(zoneref->zone);
		__entry->zone_idx = (int)zone_idx(zoneref->zone);
		__entry->order = order;
		__entry->reclaimable = reclaimable;
		__entry->available = available;
		__entry->min_wmark = min_wmark;
		__entry->no_progress_loops = no_progress_loops;
		__entry->wmark_check = wmark_check;
	),

	TP_printk("node=%d zone=%-8s order=%d reclaimable=%lu available=%lu min_wmark=%lu no_progress_loops=%d wmark_check=%d",
		  __entry->node,
		  __print_symbolic(__entry->zone_idx, {0, "DMA"}, {1, "DMA32"}, {2, "Normal"}, {3, "Movable"}),
		  __entry->order,
		  __entry->reclaimable, __entry->available,
		  __entry->min_wmark,
		  __entry->no_progress_loops,
		  __entry->wmark_check)
);

/* @result: 1 failed, 2 withdrawn, 3 progress; as linux/compaction.h there. */
TRACE_EVENT(compact_retry,

	TP_PROTO(int order, int priority, int result, int retries,
		 int max_retries, bool ret),

	TP_ARGS(order, priority, result, retries, max_retries, ret),

	TP_STRUCT__entry(
		__field(int, order)
		__field(int, priority)
		__field(int, result)
		__field(int, retries)
		__field(int, max_retries)
		__field(bool, ret)
	),

	TP_fast_assign(
		__entry->order = order;
		__entry->priority = priority;
		__entry->result = result;
		__entry->retries = retries;
		__entry->max_retries = max_retries;
		__entry->ret = ret;
	),

	TP_printk("order=%d priority=%s compaction_result=%s retries=%d max_retries=%d should_retry=%d",
		  __entry->order,
		  __print_symbolic(__entry->priority, {0, "COMPACT_PRIO_SYNC_FULL"}, {1, "COMPACT_PRIO_SYNC_LIGHT"}, {2, "COMPACT_PRIO_ASYNC"}),
		  __print_symbolic(__entry->result, {1, "failed"}, {2, "withdrawn"}, {3, "progress"}),
		  __entry->retries, __entry->max_retries,
		  __entry->ret)
);

#endif

#include <trace/define_trace.h>
