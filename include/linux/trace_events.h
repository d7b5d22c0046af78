/* SPDX-License-Identifier: MIT */
/* Events, for code that turns them on itself. */
#ifndef _LINUX_TRACE_EVENTS_H
#define _LINUX_TRACE_EVENTS_H

#include <linux/tracepoint.h>

/*
 * Turns events on (@set not 0) or off: those of @system, or the one called
 * @event of it; NULL: any. 0; -EINVAL: there are none such; -ENOMEM. Task
 * context.
 */
int trace_set_clr_event(const char *system, const char *event, int set);

#endif
