/* SPDX-License-Identifier: MIT */
/* Arithmetic helpers and the text calls most files need. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/kernel.h>
#elif !defined(_OCTAVO_LINUX_KERNEL_H)
#define _OCTAVO_LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/instruction_pointer.h>
#include <linux/kconfig.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <linux/typecheck.h>

#define REPEAT_BYTE(x)		((~0ul / 0xff) * (x))
#define PTR_IF(cond, ptr)	((cond) ? (ptr) : NULL)
#define upper_32_bits(n)	((u32)(((u64)(n)) >> 32))
#define lower_32_bits(n)	((u32)((n) & 0xffffffff))
#define upper_16_bits(n)	((u16)((n) >> 16))
#define lower_16_bits(n)	((u16)((n) & 0xffff))
#define u64_to_user_ptr(x)	((void *)(uintptr_t)(x))
#define trace_printk(fmt, ...)	printk(KERN_DEBUG fmt, ##__VA_ARGS__)
#define might_fault()		((void)0)

#endif
