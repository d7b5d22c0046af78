/* SPDX-License-Identifier: MIT */
/* Ports; device registers and early mappings are included. */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/types.h>
#include <asm-generic/io.h>
#include <asm/early_ioremap.h>

static inline void outb(u8 v, u16 port)
{
	__asm__ __volatile__("outb %0, %1" : : "a" (v), "Nd" (port));
}

static inline u8 inb(u16 port)
{
	u8 v;

	__asm__ __volatile__("inb %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline void outw(u16 v, u16 port)
{
	__asm__ __volatile__("outw %0, %1" : : "a" (v), "Nd" (port));
}

static inline u16 inw(u16 port)
{
	u16 v;

	__asm__ __volatile__("inw %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline void outl(u32 v, u16 port)
{
	__asm__ __volatile__("outl %0, %1" : : "a" (v), "Nd" (port));
}

static inline u32 inl(u16 port)
{
	u32 v;

	__asm__ __volatile__("inl %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

/* @count times the same port, from or to memory. */
#define __PORT_STRING(x)						\
static inline void ins##x(u16 port, void *addr, unsigned long count)	\
{									\
	__asm__ __volatile__("rep ins" #x				\
			     : "+D" (addr), "+c" (count)		\
			     : "d" (port) : "memory");			\
}									\
static inline void outs##x(u16 port, const void *addr,			\
			   unsigned long count)				\
{									\
	__asm__ __volatile__("rep outs" #x				\
			     : "+S" (addr), "+c" (count)		\
			     : "d" (port) : "memory");			\
}
__PORT_STRING(b)
__PORT_STRING(w)
__PORT_STRING(l)

#endif
