/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

/* The core is built with hidden visibility; this makes a name public. */
#define EXPORT_SYMBOL(sym)						\
	extern __typeof__(sym) sym __attribute__((visibility("default")))
#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)

#endif
