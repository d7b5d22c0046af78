/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints: places in the code that say what happens there, to whoever
 * wants to know.
 *
 *	TRACE_EVENT(thing_done,
 *		TP_PROTO(int how, const char *what),
 *		TP_ARGS(how, what),
 *		TP_STRUCT__entry(
 *			__field(int, how)
 *			__string(what, what)
 *		),
 *		TP_fast_assign(
 *			__entry->how = how;
 *			__assign_str(what);
 *		),
 *		TP_printk("how=%d what=%s", __entry->how, __get_str(what))
 *	);
 *
 * in a header of its own, which ends with #include <trace/define_trace.h>.
 * Who includes that header has trace_thing_done(how, what), which does nothing
 * until the event is turned on; one source defines CREATE_TRACE_POINTS before
 * it. From this one definition come the record, the format file and the text
 * (trace/trace_events.h).
 *
 * While no tracepoint of the machine is on, each is a load and a branch.
 *
 * Differs from Linux: a tracepoint is constant, and whether it is on is its
 * machine's; there are TRACE_PROBES_MAX probes at most.
 */
#ifndef _LINUX_TRACEPOINT_H
#define _LINUX_TRACEPOINT_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

#define TP_PROTO(args...)		args
#define TP_ARGS(args...)		args
#define TP_STRUCT__entry(args...)	args
#define TP_fast_assign(args...)		args
#define TP_printk(fmt, args...)		fmt "\n", ##args
#define TP_CONDITION(args...)		args
#define PARAMS(args...)			args

#define EXPORT_TRACEPOINT_SYMBOL(name)
#define EXPORT_TRACEPOINT_SYMBOL_GPL(name)
#define TRACE_EVENT_FLAGS(name, value)
#define TRACE_DEFINE_ENUM(a)
#define TRACE_DEFINE_SIZEOF(a)

#ifdef CONFIG_TRACEPOINTS

#include <octavo/trace_point.h>

#define DECLARE_TRACE(name, proto, args)				\
	__DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define __DECLARE_TRACE(name, proto, args)				\
	extern const struct tracepoint __tracepoint_##name;		\
	void __trace_call_##name(proto);				\
	static inline bool trace_##name##_enabled(void)			\
	{								\
		return trace_any() &&					\
		       trace_point_on(&__tracepoint_##name);		\
	}								\
	static __always_inline void trace_##name(proto)			\
	{								\
		if (trace_any())					\
			__trace_call_##name(args);			\
	}								\
	static inline int						\
	register_trace_##name(void (*probe)(void *data, proto), void *data) \
	{								\
		return tracepoint_probe_register(&__tracepoint_##name,	\
						 (void *)probe, data);	\
	}								\
	static inline int						\
	unregister_trace_##name(void (*probe)(void *data, proto),	\
				void *data)				\
	{								\
		return tracepoint_probe_unregister(&__tracepoint_##name, \
						   (void *)probe, data); \
	}								\
	static inline void						\
	check_trace_callback_type_##name(void (*cb)(void *data, proto))	\
	{								\
	}

#else

#define DECLARE_TRACE(name, proto, args)				\
	static inline bool trace_##name##_enabled(void) { return false; } \
	static __always_inline void trace_##name(proto) {}		\
	static inline int						\
	register_trace_##name(void (*probe)(void *data, proto), void *data) \
	{								\
		return -ENOSYS;						\
	}								\
	static inline int						\
	unregister_trace_##name(void (*probe)(void *data, proto),	\
				void *data)				\
	{								\
		return -ENOSYS;						\
	}								\
	static inline void						\
	check_trace_callback_type_##name(void (*cb)(void *data, proto))	\
	{								\
	}

static inline void tracepoint_synchronize_unregister(void) {}

#endif

#define tracepoint_enabled(name)	trace_##name##_enabled()

/* Whether any tracepoint at all is on: who has several asks once. */
static __always_inline bool trace_points_on(void)
{
#ifdef CONFIG_TRACEPOINTS
	return trace_any();
#else
	return false;
#endif
}

#endif

/*
 * Outside of the guard: trace/define_trace.h gives these other meanings, and
 * each header of events finds them as they are here.
 */
#ifndef TRACE_EVENT

#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)
#define DEFINE_EVENT(template, name, proto, args)			\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_CONDITION(template, name, proto, args, cond)	\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT(name, proto, args, tstruct, assign, print)		\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_CONDITION(name, proto, args, cond, tstruct, assign,	\
			      print)					\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))

#endif
