/* SPDX-License-Identifier: MIT */
/* Arithmetic helpers and the text calls most files need. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/kernel.h>
#elif !defined(_OCTAVO_LINUX_KERNEL_H)
#define _OCTAVO_LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/types.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#endif
