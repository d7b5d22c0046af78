/* SPDX-License-Identifier: MIT */
/* Events of a module, written as Linux's documentation of TRACE_EVENT() has
 * them: a class, events of it, strings and arrays of any length. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM traced

#if !defined(_TRACED_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACED_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(traced_request,

	TP_PROTO(const char *who, int kind, unsigned long flags, size_t size),

	TP_ARGS(who, kind, flags, size),

	TP_STRUCT__entry(
		__string(	who,		who		)
		__field(	int,		kind		)
		__field(	unsigned long,	flags		)
		__field(	size_t,		size		)
		__array(	char,		tag,	8	)
	),

	TP_fast_assign(
		__assign_str(who);
		__entry->kind = kind;
		__entry->flags = flags;
		__entry->size = size;
		strscpy(__entry->tag, "tagged", sizeof(__entry->tag));
	),

	TP_printk("who=%s kind=%s flags=%s size=%zu gfp=%s tag=%s",
		  __get_str(who),
		  __print_symbolic(__entry->kind, {0, "read"}, {1, "write"}),
		  __print_flags(__entry->flags, "|", {1, "SYNC"}, {2, "META"}),
		  __entry->size, show_gfp_flags(GFP_KERNEL),
		  __entry->tag)
);

DECLARE_EVENT_CLASS(traced_block,

	TP_PROTO(u32 nr, const u8 *bytes, unsigned int n),

	TP_ARGS(nr, bytes, n),

	TP_STRUCT__entry(
		__field(u32, nr)
		__dynamic_array(u8, bytes, n)
	),

	TP_fast_assign(
		__entry->nr = nr;
		memcpy(__get_dynamic_array(bytes), bytes, n);
	),

	TP_printk("nr=%u bytes=%s", __entry->nr,
		  __print_hex(__get_dynamic_array(bytes),
			      __get_dynamic_array_len(bytes)))
);

DEFINE_EVENT(traced_block, traced_block_in,
	TP_PROTO(u32 nr, const u8 *bytes, unsigned int n),
	TP_ARGS(nr, bytes, n));

DEFINE_EVENT_CONDITION(traced_block, traced_block_out,
	TP_PROTO(u32 nr, const u8 *bytes, unsigned int n),
	TP_ARGS(nr, bytes, n),
	TP_CONDITION(nr != 7));

/* A tracepoint that nobody writes down. */
DECLARE_TRACE(traced_bare, TP_PROTO(int value), TP_ARGS(value));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE traced_trace
#include <trace/define_trace.h>
