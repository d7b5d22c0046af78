/* SPDX-License-Identifier: MIT */
/*
 * Read before the cases by every file of the module: page calls by the names
 * they have in the newest Linux, for the ones before.
 */
#ifndef _BENCH_LINUX_COMPAT_H
#define _BENCH_LINUX_COMPAT_H

#include <linux/gfp.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define alloc_pages_bulk(gfp, nr, pages) alloc_pages_bulk_array(gfp, nr, pages)
#endif

#endif
