/* SPDX-License-Identifier: MIT */
/*
 * What an event's definition becomes, for trace/define_trace.h: its header is
 * read once for each of these, with other meanings of the macros in it.
 *
 *   1  struct trace_event_raw_X       the record
 *   2  struct trace_event_data_offsets_X   where its strings go
 *   3  trace_event_get_offsets_X()    works that out for a call
 *   4  trace_raw_output_X()           the record as text
 *   5  trace_event_fields_X()         type, name, offset, size of each field
 *   6  print_fmt_X                    the text's format, as text
 *   7  trace_event_raw_event_X()      writes a record
 *   8  __tracepoint_X, __trace_call_X()    the tracepoint
 *
 * X is the class in 1 to 7, and the event in 8.
 *
 * A string or an array of any length stands behind the fields; a field holds
 * its offset in the record (lower half) and its length in bytes (upper half).
 */

#undef TRACE_EVENT
#define TRACE_EVENT(name, proto, args, tstruct, assign, print)		\
	DECLARE_EVENT_CLASS(name, PARAMS(proto), PARAMS(args),		\
			    PARAMS(tstruct), PARAMS(assign), PARAMS(print)) \
	DEFINE_EVENT(name, name, PARAMS(proto), PARAMS(args))
#undef TRACE_EVENT_CONDITION
#define TRACE_EVENT_CONDITION(name, proto, args, cond, tstruct, assign,	\
			      print)					\
	DECLARE_EVENT_CLASS(name, PARAMS(proto), PARAMS(args),		\
			    PARAMS(tstruct), PARAMS(assign), PARAMS(print)) \
	DEFINE_EVENT_CONDITION(name, name, PARAMS(proto), PARAMS(args),	\
			       PARAMS(cond))

/* Until 8. */
#undef DECLARE_TRACE
#define DECLARE_TRACE(name, proto, args)
#undef DEFINE_EVENT
#define DEFINE_EVENT(template, name, proto, args)
#undef DEFINE_EVENT_CONDITION
#define DEFINE_EVENT_CONDITION(template, name, proto, args, cond)

#define __field_ext(type, item, filter)		__field(type, item)
#define __field_struct_ext(type, item, filter)	__field_struct(type, item)
#define __string(item, src)		__string_len(item, src, -1)

/* ---- 1: the record ----------------------------------------------------- */

#define __field(type, item)		type item;
#define __field_struct(type, item)	type item;
#define __array(type, item, len)	type item[len];
#define __dynamic_array(type, item, len)	u32 __data_loc_##item;
#define __string_len(item, src, len)	u32 __data_loc_##item;

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	struct trace_event_raw_##name {					\
		struct trace_entry ent;					\
		tstruct							\
		char __data[];						\
	};

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 2: offsets -------------------------------------------------------- */

#undef __field
#undef __field_struct
#undef __array
#undef __dynamic_array
#undef __string_len
#define __field(type, item)
#define __field_struct(type, item)
#define __array(type, item, len)
#define __dynamic_array(type, item, len)	u32 item;
#define __string_len(item, src, len)	u32 item; const char *item##_ptr_;

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	struct trace_event_data_offsets_##name {			\
		tstruct							\
	};

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 3: offsets of a call ---------------------------------------------- */

#undef __dynamic_array
#undef __string_len
#define __trace_room(item, bytes)					\
	__length = (size_t)(bytes);					\
	__offsets->item = (u32)(__data_size +				\
				offsetof(__typeof__(*__record), __data)) | \
			  (u32)(__length << 16);			\
	__data_size += __length;
#define __dynamic_array(type, item, len)				\
	__trace_room(item, (size_t)(len) * sizeof(type))
#define __string_len(item, src, len)					\
	__offsets->item##_ptr_ = (src) ? (const char *)(src) : "(null)"; \
	__trace_room(item, trace_string_size(__offsets->item##_ptr_, len))

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static __maybe_unused size_t trace_event_get_offsets_##name(	\
		struct trace_event_data_offsets_##name *__offsets, proto) \
	{								\
		const struct trace_event_raw_##name *__record		\
			__maybe_unused = NULL;				\
		size_t __data_size = 0, __length __maybe_unused;	\
									\
		tstruct							\
		return __data_size;					\
	}

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 4: text ----------------------------------------------------------- */

#undef __entry
#define __entry				field
#undef TP_printk
#define TP_printk(fmt, args...)		fmt, ##args

#define __get_dynamic_array(item)					\
	((void *)((char *)__entry + (__entry->__data_loc_##item & 0xffff)))
#define __get_dynamic_array_len(item)	(__entry->__data_loc_##item >> 16)
#define __get_str(item)			((char *)__get_dynamic_array(item))

#define __print_flags(flag, delim, ...) ({				\
	static const struct trace_print_flags __names[] = {		\
		__VA_ARGS__, { -1UL, NULL }				\
	};								\
									\
	trace_print_flags_seq(__text, delim, (flag), __names); })
#define __print_symbolic(value, ...) ({					\
	static const struct trace_print_flags __names[] = {		\
		__VA_ARGS__, { -1UL, NULL }				\
	};								\
									\
	trace_print_symbols_seq(__text, (unsigned long)(value), __names); })
#define __print_hex(bytes, n)		trace_print_hex_seq(__text, bytes, n)

#define show_gfp_flags(flags)		trace_print_gfp(__text, flags)
#define trace_gfp_accounted(flags)	((flags) & __GFP_ACCOUNT)
#define trace_page(pfn)			pfn_to_page(pfn)
#define TRACE_PAGEBLOCK_ORDER		((int)pageblock_order)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static __maybe_unused void					\
	trace_raw_output_##name(struct trace_text *__text,		\
				const void *__record)			\
	{								\
		struct trace_event_raw_##name *field __maybe_unused =	\
			(void *)__record;				\
									\
		trace_text_printf(__text, print);			\
	}

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 5: fields --------------------------------------------------------- */

#undef __field
#undef __field_struct
#undef __array
#undef __dynamic_array
#undef __string_len
#define __trace_is_signed(type)		((type)-1 < (type)1)
#define __field(ftype, item)						\
	{ #ftype, #item, offsetof(trace_raw, item), sizeof(ftype),	\
	  __trace_is_signed(ftype) },
#define __field_struct(ftype, item)					\
	{ #ftype, #item, offsetof(trace_raw, item), sizeof(ftype), false },
#define __array(ftype, item, len)					\
	{ #ftype "[" __stringify(len) "]", #item,			\
	  offsetof(trace_raw, item), sizeof(ftype) * (len),		\
	  __trace_is_signed(ftype) && sizeof(ftype) > 1 },
#define __dynamic_array(ftype, item, len)				\
	{ "__data_loc " #ftype "[]", #item,				\
	  offsetof(trace_raw, __data_loc_##item), 4,			\
	  __trace_is_signed(ftype) && sizeof(ftype) > 1 },
#define __string_len(item, src, len)	__dynamic_array(char, item, len)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static __maybe_unused const struct trace_event_field *		\
	trace_event_fields_##name(unsigned int *nr)			\
	{								\
		typedef struct trace_event_raw_##name trace_raw;	\
		static const struct trace_event_field fields[] = {	\
			tstruct						\
			{ NULL, NULL, sizeof(trace_raw), 0, false },	\
		};							\
									\
		*nr = ARRAY_SIZE(fields) - 1;				\
		return fields;						\
	}

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 6: the format of the text ----------------------------------------- */

/*
 * What the names in capitals stand for is filled in by trace_format.c: values
 * as Linux's own headers come out.
 */
#undef __entry
#define __entry				REC
#undef TP_printk
#define TP_printk(fmt, args...)		"\"" fmt "\", " __stringify(args)
#undef __get_dynamic_array
#undef __get_dynamic_array_len
#undef __get_str
#undef __print_flags
#undef __print_symbolic
#undef __print_hex
#undef show_gfp_flags
#undef trace_gfp_accounted
#undef trace_page
#undef TRACE_PAGEBLOCK_ORDER
#define show_gfp_flags(flags)						\
	(flags) ? __print_flags(flags, "|", TRACE_GFP_NAMES) : "none"
#define trace_gfp_accounted(flags)	(1 && (flags & TRACE_GFP_ACCOUNT))
#define trace_page(pfn)		(((struct page *)vmemmap_base) + (pfn))

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static __maybe_unused const char print_fmt_##name[] = print;

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 7: writing a record ----------------------------------------------- */

#undef __entry
#define __entry				entry
#undef TP_printk
#define TP_printk(fmt, args...)		fmt "\n", ##args
#undef show_gfp_flags
#undef trace_gfp_accounted
#undef trace_page

#define __get_dynamic_array(item)					\
	((void *)((char *)__entry + (__entry->__data_loc_##item & 0xffff)))
#define __get_dynamic_array_len(item)	(__entry->__data_loc_##item >> 16)
#define __get_str(item)			((char *)__get_dynamic_array(item))
/* Linux's before 6.10 has the source for a second argument. */
#define __assign_str(item, ...)						\
	trace_string_copy(__get_str(item), __offsets.item##_ptr_,	\
			  __get_dynamic_array_len(item))

#undef __field
#undef __field_struct
#undef __array
#undef __dynamic_array
#undef __string_len
#define __field(type, item)
#define __field_struct(type, item)
#define __array(type, item, len)
#define __dynamic_array(type, item, len)				\
	__entry->__data_loc_##item = __offsets.item;
#define __string_len(item, src, len)	__dynamic_array(char, item, len)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static noinline __maybe_unused void				\
	trace_event_raw_event_##name(const struct trace_call *__call,	\
				     const struct tracepoint *__tp, proto) \
	{								\
		struct trace_event_data_offsets_##name __offsets	\
			__maybe_unused;					\
		union {							\
			struct trace_event_raw_##name record;		\
			u64 words[(sizeof(struct trace_event_raw_##name) + \
				   (sizeof(__offsets) ?			\
				    TRACE_DYNAMIC_MAX : 0) + 7) / 8];	\
		} __room;						\
		struct trace_event_raw_##name *entry = &__room.record;	\
		size_t __size = trace_event_get_offsets_##name(		\
					&__offsets, args);		\
									\
		static_assert(sizeof(__room) <= TRACE_RECORD_MAX,	\
			      "the record of " #name " is too long");	\
		__size += sizeof(*entry);				\
		if (unlikely(__size > sizeof(__room))) {		\
			trace_record_too_long(__call);			\
			return;						\
		}							\
		/* What no field covers is written as well. */		\
		memset(&__room, 0, (__size + 7) & ~7UL);		\
		tstruct							\
		{ assign; }						\
		trace_record(__call, __tp, &entry->ent, __size);	\
	}

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- 8: the tracepoint ------------------------------------------------- */

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)

#define __TRACEPOINT(name, how)						\
	const struct tracepoint __tracepoint_##name __used __aligned(sizeof(void *)) \
	__section("octavo_tracepoints") = { #name, how };
#define __TRACE_CALL(name, proto, args, cond, record)			\
	void __trace_call_##name(proto)					\
	{								\
		const struct trace_probe *__probe;			\
		struct trace_call __call;				\
		unsigned int __at;					\
									\
		if (!(cond) ||						\
		    !trace_call_begin(&__call, &__tracepoint_##name))	\
			return;						\
		record							\
		if (unlikely(__call.on & TRACE_ON_PROBE))		\
			for_each_trace_probe(__probe,			\
					     &__tracepoint_##name, __at) \
				((void (*)(void *, proto))__probe->fn)	\
					(__probe->data, args);		\
		trace_call_end(&__call);				\
	}
#define __TRACE_RECORD(template, name, args)				\
	if (likely(__call.on & TRACE_ON_RECORD))			\
		trace_event_raw_event_##template(&__call,		\
						 &__tracepoint_##name, args);

#undef DEFINE_EVENT_CONDITION
#define DEFINE_EVENT_CONDITION(template, call, proto, args, cond)	\
	static const struct trace_event __trace_event_##call = {	\
		.system = __stringify(TRACE_SYSTEM), .name = #call,	\
		.fields = trace_event_fields_##template,		\
		.print_fmt = print_fmt_##template,			\
		.print = trace_raw_output_##template,			\
	};								\
	__TRACEPOINT(call, &__trace_event_##call)			\
	__TRACE_CALL(call, PARAMS(proto), PARAMS(args), cond,		\
		     __TRACE_RECORD(template, call, PARAMS(args)))
#undef DEFINE_EVENT
#define DEFINE_EVENT(template, call, proto, args)			\
	DEFINE_EVENT_CONDITION(template, call, PARAMS(proto),		\
			       PARAMS(args), true)
#undef DECLARE_TRACE
#define DECLARE_TRACE(name, proto, args)				\
	__TRACEPOINT(name, NULL)					\
	__TRACE_CALL(name, PARAMS(proto), PARAMS(args), true, )

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- as they were ------------------------------------------------------ */

#undef __field
#undef __field_ext
#undef __field_struct
#undef __field_struct_ext
#undef __array
#undef __dynamic_array
#undef __string
#undef __string_len
#undef __entry
#undef __get_dynamic_array
#undef __get_dynamic_array_len
#undef __get_str
#undef __assign_str
#undef __trace_is_signed
#undef __trace_room
#undef __TRACEPOINT
#undef __TRACE_CALL
#undef __TRACE_RECORD
#undef DECLARE_EVENT_CLASS
#undef DEFINE_EVENT
#undef DEFINE_EVENT_CONDITION
#undef TRACE_EVENT
#undef TRACE_EVENT_CONDITION
#undef DECLARE_TRACE
#define DECLARE_TRACE(name, proto, args)				\
	__DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
