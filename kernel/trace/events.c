// SPDX-License-Identifier: MIT
/* The kernel's own events, made from their definitions. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#define CREATE_TRACE_POINTS
#include <trace/events/kmem.h>
#include <trace/events/oom.h>
#include <trace/events/page_isolation.h>
#include <trace/events/percpu.h>
#include <trace/events/vmalloc.h>
#include <trace/events/vmscan.h>
