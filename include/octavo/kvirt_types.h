/* SPDX-License-Identifier: MIT */
/* What mm/kvirt keeps for the whole machine. The theory: mm/kvirt/vmalloc.c. */
#ifndef _OCTAVO_KVIRT_TYPES_H
#define _OCTAVO_KVIRT_TYPES_H

#include <linux/atomic.h>
#include <linux/llist.h>
#include <linux/mm_types.h>
#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <octavo/page_types.h>

struct va_space;

/*
 * b: booting CPU, constant later  t: tables_lock  m: areas_mutex  a: atomic
 */
struct kvirt_state {
	unsigned long start;		/* b: first address; 0: not yet */
	unsigned long end;		/* b: behind the last */
	struct va_space *space;		/* b: who has which; NULL: not yet */
	void *root;			/* b: the kernel's top table */
	bool huge;			/* b: leaves of PMD_SIZE may be used */

	spinlock_t tables_lock;		/* of entries; interrupts off */
	struct page_list empty;		/* t: tables without an entry */
	unsigned long nr_empty;		/* t, read without: how many */
	unsigned long nr_tables;	/* t: below the root, in [start, end) */

	struct mutex areas_mutex;	/* who holds it may look at areas: none
					 * is freed */
	struct llist_head deferred;	/* a: to be vfree()d by a task */
	struct report_limit limit;	/* of lines about addresses that lack */
	atomic_long_t nr_bad;		/* a: wrong frees that were refused */
	atomic_long_t nr_purges;	/* a: of lazily freed addresses */
};

#endif
