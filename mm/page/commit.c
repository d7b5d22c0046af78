// SPDX-License-Identifier: MIT
/*
 * How much memory may be promised.
 *
 * Programs map more than they touch. vm.overcommit_memory says whether that
 * is refused by a guess (0), never (1), or strictly (2), when what is promised
 * must stay below a limit: vm.overcommit_kbytes, or vm.overcommit_ratio percent
 * of memory when that is 0, and all of swap. Setting one of the two sets the
 * other to 0. From the limit, vm.admin_reserve_kbytes are left to who may
 * administer the machine, and a process leaves vm.user_reserve_kbytes to
 * others. Promises are counted by the stage that maps memory; the limit and
 * the reserves follow from what the page allocator has.
 *
 * Locks: none; the settings are read once each.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mman.h>

/* Most that is kept to begin with: a shell and what ends others. */
#define ADMIN_RESERVE_MOST	(8UL << 10)	/* KiB */
#define USER_RESERVE_MOST	(128UL << 10)	/* KiB */
/* Small machines keep one page in so many of those that are free. */
#define COMMIT_RESERVE_FRACTION	32

unsigned long vm_commit_limit(void)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned long kbytes = READ_ONCE(pa->overcommit_kbytes);
	unsigned long ratio = (unsigned long)READ_ONCE(pa->overcommit_ratio);

	if (kbytes)
		return kbytes >> (PAGE_SHIFT - 10);
	return (unsigned long)((u64)totalram_pages() * ratio / 100);
}

void commit_reserves_init(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long kbytes = global_zone_page_state(NR_FREE_PAGES) <<
			       (PAGE_SHIFT - 10);

	kbytes /= COMMIT_RESERVE_FRACTION;
	pa->admin_reserve_kbytes = min(kbytes, ADMIN_RESERVE_MOST);
	pa->user_reserve_kbytes = min(kbytes, USER_RESERVE_MOST);
}
