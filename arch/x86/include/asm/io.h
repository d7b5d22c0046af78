/* SPDX-License-Identifier: MIT */
/* Ports, device registers, and early mappings of physical memory. */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/types.h>

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

static inline u32 readl(const volatile void *addr)
{
	return *(const volatile u32 *)addr;
}

static inline void writel(u32 v, volatile void *addr)
{
	*(volatile u32 *)addr = v;
}

/*
 * Maps [phys, phys + size) for a moment: firmware tables that the direct map
 * does not hold. At most EARLY_MEMREMAP_MAX bytes each, EARLY_MEMREMAP_SLOTS
 * at a time. NULL when there is no room. Before and after init_mem_mapping(),
 * on the booting CPU.
 */
#define EARLY_MEMREMAP_MAX	(256UL << 10)
#define EARLY_MEMREMAP_SLOTS	8
void *early_memremap(phys_addr_t phys, unsigned long size);
void early_memunmap(void *addr, unsigned long size);

#endif
