/* SPDX-License-Identifier: MIT */
/* Accesses that may fault, and say so instead of stopping the machine. */
#ifndef _ASM_UACCESS_H
#define _ASM_UACCESS_H

#include <linux/types.h>

/*
 * Copy @size bytes where either address may be unmapped, read-only or not
 * canonical. 0 or -EFAULT; bytes before the fault are copied. Any context.
 */
long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
long copy_to_kernel_nofault(void *dst, const void *src, size_t size);
/*
 * Calls @fn, which takes and returns nothing. -EFAULT when its first
 * instruction may not be executed.
 */
int call_kernel_nofault(void (*fn)(void));

#endif
