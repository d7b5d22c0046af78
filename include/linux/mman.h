/* SPDX-License-Identifier: MIT */
/* How much of memory may be promised to who maps it. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/mman.h>
#elif !defined(_OCTAVO_LINUX_MMAN_H)
#define _OCTAVO_LINUX_MMAN_H

/*
 * Pages that may be promised with vm.overcommit_memory=2, as overcommit_kbytes
 * or overcommit_ratio say: CommitLimit of /proc/meminfo. Any context.
 */
unsigned long vm_commit_limit(void);

#endif
