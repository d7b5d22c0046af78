/* SPDX-License-Identifier: MIT */
/*
 * Ports of a machine in a process: no device is behind any, so that all bits
 * read as 1 and what is written is lost, as on a PC.
 */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/types.h>
#include <asm-generic/io.h>
#include <asm/early_ioremap.h>

#define __NO_PORT(x, type)						\
static inline type in##x(u16 port)					\
{									\
	(void)port;							\
	return (type)~0U;						\
}									\
static inline void out##x(type v, u16 port)				\
{									\
	(void)v;							\
	(void)port;							\
}									\
static inline void ins##x(u16 port, void *addr, unsigned long count)	\
{									\
	type *to = (type *)addr;					\
									\
	while (count--)							\
		*to++ = in##x(port);					\
}									\
static inline void outs##x(u16 port, const void *addr,			\
			   unsigned long count)				\
{									\
	(void)port;							\
	(void)addr;							\
	(void)count;							\
}
__NO_PORT(b, u8)
__NO_PORT(w, u16)
__NO_PORT(l, u32)

#endif
