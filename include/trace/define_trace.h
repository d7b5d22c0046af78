/* SPDX-License-Identifier: MIT */
/*
 * Ends each header of events. Where CREATE_TRACE_POINTS is defined, in one
 * source for each header, it makes what the events are: see trace_events.h.
 *
 * The header is read again for it, and has to be found: as <trace/events/ S.h>
 * with S the TRACE_SYSTEM, or TRACE_INCLUDE_FILE; or, with TRACE_INCLUDE_PATH,
 * as "PATH/S.h", relative to the folders that the compiler looks in.
 */
#ifdef CREATE_TRACE_POINTS
/* Those that events' headers include themselves are not meant. */
#undef CREATE_TRACE_POINTS

#ifdef CONFIG_TRACEPOINTS

#include <linux/stringify.h>

#ifndef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE	TRACE_SYSTEM
#define __TRACE_INCLUDE_FILE_OURS
#endif
#ifdef TRACE_INCLUDE_PATH
#define __TRACE_INCLUDE(system)	__stringify(TRACE_INCLUDE_PATH/system.h)
#else
#define __TRACE_INCLUDE(system)	<trace/events/system.h>
#endif
#define TRACE_INCLUDE(system)	__TRACE_INCLUDE(system)

#define TRACE_HEADER_MULTI_READ
#include <trace/trace_events.h>
#undef TRACE_HEADER_MULTI_READ

#ifdef __TRACE_INCLUDE_FILE_OURS
#undef TRACE_INCLUDE_FILE
#undef __TRACE_INCLUDE_FILE_OURS
#endif
#undef TRACE_INCLUDE
#undef __TRACE_INCLUDE

#endif
/* Another header of the same source may follow. */
#define CREATE_TRACE_POINTS
#endif
