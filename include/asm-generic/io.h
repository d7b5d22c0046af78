/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the registers of devices that are mapped (ioremap()).
 *
 *   readX(addr), writeX(v, addr)     in order with each other and with what
 *                                    the CPU does to memory before and after
 *   readX_relaxed, writeX_relaxed    in order with each other alone
 *   __raw_readX, __raw_writeX        the same, in the CPU's byte order
 *   readsX, writesX                  @count times the same register
 *
 * X is b, w, l, q: 8, 16, 32, 64 bits, each one access of that width at an
 * address that is a multiple of it. All ports are little endian, as the
 * registers are, and a processor keeps uncached accesses in order, so that the
 * compiler is all that has to be held.
 */
#ifndef _ASM_GENERIC_IO_H
#define _ASM_GENERIC_IO_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __IO_ACCESS(x, type)						\
static inline type __raw_read##x(const volatile void __iomem *addr)	\
{									\
	return *(const volatile type __force *)addr;			\
}									\
static inline void __raw_write##x(type v, volatile void __iomem *addr)	\
{									\
	*(volatile type __force *)addr = v;				\
}									\
static inline type read##x##_relaxed(const volatile void __iomem *addr)	\
{									\
	return __raw_read##x(addr);					\
}									\
static inline void write##x##_relaxed(type v, volatile void __iomem *addr) \
{									\
	__raw_write##x(v, addr);					\
}									\
static inline type read##x(const volatile void __iomem *addr)		\
{									\
	type v = __raw_read##x(addr);					\
									\
	barrier();							\
	return v;							\
}									\
static inline void write##x(type v, volatile void __iomem *addr)	\
{									\
	barrier();							\
	__raw_write##x(v, addr);					\
}									\
static inline void reads##x(const volatile void __iomem *addr,		\
			    void *buffer, unsigned int count)		\
{									\
	type *to = (type *)buffer;					\
									\
	while (count--)							\
		*to++ = __raw_read##x(addr);				\
	barrier();							\
}									\
static inline void writes##x(volatile void __iomem *addr,		\
			     const void *buffer, unsigned int count)	\
{									\
	const type *from = (const type *)buffer;			\
									\
	barrier();							\
	while (count--)							\
		__raw_write##x(*from++, addr);				\
}

__IO_ACCESS(b, u8)
__IO_ACCESS(w, u16)
__IO_ACCESS(l, u32)
#ifdef CONFIG_64BIT
__IO_ACCESS(q, u64)
#define readq		readq
#define writeq		writeq
#endif

#endif
