/* SPDX-License-Identifier: MIT */
/*
 * Names of flags, for TP_printk(): show_gfp_flags(flags) is a string. It is
 * there wherever an event is made (trace/trace_events.h).
 */
#ifndef _TRACE_EVENTS_MMFLAGS_H
#define _TRACE_EVENTS_MMFLAGS_H

#include <linux/gfp_types.h>

#endif
