/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PANIC_H
#define _LINUX_PANIC_H

#include <linux/printk.h>	/* panic() */

#define TAINT_WARN		9
#define TAINT_USER		6
#define LOCKDEP_STILL_OK	1
#define LOCKDEP_NOW_UNRELIABLE	0
#define add_taint(flag, lockdep)	((void)(flag), (void)(lockdep))

#endif
