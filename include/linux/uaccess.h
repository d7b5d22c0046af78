/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/string.h>
#include <linux/types.h>

/* There is no user memory yet: an error where it is touched. */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
	__attribute__((__error__("copy_from_user() is not part of Octavo yet")));
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
	__attribute__((__error__("copy_to_user() is not part of Octavo yet")));

#endif
