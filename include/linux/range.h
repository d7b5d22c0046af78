/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RANGE_H
#define _LINUX_RANGE_H

#include <linux/types.h>

/* Physical addresses from start to end, both within; printed by %pR. */
struct range {
	u64 start;	/* bytes */
	u64 end;	/* bytes: the last address of the range */
};

#endif
