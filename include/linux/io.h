/* SPDX-License-Identifier: MIT */
/*
 * The memory and the registers of devices: mapping them, reading and writing
 * them. Theory in arch/x86/mm/ioremap.c; which cache types go together, in
 * arch/x86/mm/memtype.c; accesses, in asm-generic/io.h and lib/iomap.c.
 */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/io.h>

/* ---- mapping ---------------------------------------------------------- */

/*
 * Maps the @size bytes of a device at @offset, a physical address, and
 * returns the address of the first; NULL, with a line that says why, when
 *
 *   - size is 0, the range wraps, or ends above the CPU's addresses
 *   - some of it is RAM
 *   - some of it is mapped with a type of cache that cannot be had beside
 *     this one
 *   - there is no memory or no address space for it
 *
 * Task context, may sleep. The caller owns the mapping until iounmap().
 *
 * ioremap() and ioremap_uc() are uncached, _wc combines writes, _wt caches
 * reads, _cache caches both. Where others have mapped the range, one may get
 * the stricter type that they have. ioremap_prot() takes it from the bits
 * _PAGE_CACHE_MASK of @prot.
 */
void __iomem *ioremap(resource_size_t offset, unsigned long size);
void __iomem *ioremap_uc(resource_size_t offset, unsigned long size);
void __iomem *ioremap_wc(resource_size_t offset, unsigned long size);
void __iomem *ioremap_wt(resource_size_t offset, unsigned long size);
void __iomem *ioremap_cache(resource_size_t offset, unsigned long size);
void __iomem *ioremap_prot(resource_size_t offset, unsigned long size,
			   unsigned long prot);
/* With writes that are not posted: no x86 has such a type. NULL. */
static inline void __iomem *ioremap_np(phys_addr_t offset, size_t size)
{
	(void)offset;
	(void)size;
	return NULL;
}
/*
 * Ends the mapping at @addr, any address within its first page. What is no
 * mapping is left as it is, with a line that says why. Task context, may
 * sleep.
 */
void iounmap(volatile void __iomem *addr);

/* How memremap() may map, in the order in which it tries. */
enum {
	MEMREMAP_WB = 1 << 0,	/* RAM: where the direct map has it */
	MEMREMAP_WT = 1 << 1,
	MEMREMAP_WC = 1 << 2,
	MEMREMAP_ENC = 1 << 3,	/* no port encrypts: no effect */
	MEMREMAP_DEC = 1 << 4,
};
/*
 * The same for memory that has no side effects when it is read. RAM can be
 * had with MEMREMAP_WB alone; a range that is partly RAM cannot. NULL with
 * @flags of 0, and for the reasons of ioremap().
 */
void *memremap(resource_size_t offset, size_t size, unsigned long flags);
void memunmap(void *addr);

/*
 * Reserves [start, start + size) as write-combining for those who map it
 * later by other means; ended by the second. 0 or -errno.
 */
int arch_io_reserve_memtype_wc(resource_size_t start, resource_size_t size);
void arch_io_free_memtype_wc(resource_size_t start, resource_size_t size);

/* ---- blocks of registers (lib/iomap.c) -------------------------------- */

/* As memcpy() and memset(), in accesses of words; bytes at odd ends. */
void memcpy_fromio(void *to, const volatile void __iomem *from, size_t n);
void memcpy_toio(volatile void __iomem *to, const void *from, size_t n);
void memset_io(volatile void __iomem *to, int c, size_t n);
/* @count times 32 or 64 bits, each one access, in no order. */
void __iowrite32_copy(void __iomem *to, const void *from, size_t count);
void __ioread32_copy(void *to, const void __iomem *from, size_t count);
void __iowrite64_copy(void __iomem *to, const void *from, size_t count);

/* ---- registers or ports (lib/iomap.c) --------------------------------- */

/*
 * What is either mapped memory or, from ioport_map(), a port: addresses below
 * PIO_RESERVED are PIO_OFFSET plus the port. Anything else below is reported
 * ("Bad IO access at ..."), reads as all ones, and is not written.
 */
#define PIO_OFFSET	0x10000UL
#define PIO_MASK	0x0ffffUL
#define PIO_RESERVED	0x40000UL

/* NULL when the ports do not exist. */
void __iomem *ioport_map(unsigned long port, unsigned int nr);
void ioport_unmap(void __iomem *addr);

u8 ioread8(const void __iomem *addr);
u16 ioread16(const void __iomem *addr);
u16 ioread16be(const void __iomem *addr);
u32 ioread32(const void __iomem *addr);
u32 ioread32be(const void __iomem *addr);
void iowrite8(u8 v, void __iomem *addr);
void iowrite16(u16 v, void __iomem *addr);
void iowrite16be(u16 v, void __iomem *addr);
void iowrite32(u32 v, void __iomem *addr);
void iowrite32be(u32 v, void __iomem *addr);
#ifdef CONFIG_64BIT
/* A port has 32 bits at most: memory alone. */
u64 ioread64(const void __iomem *addr);
u64 ioread64be(const void __iomem *addr);
void iowrite64(u64 v, void __iomem *addr);
void iowrite64be(u64 v, void __iomem *addr);
#endif
void ioread8_rep(const void __iomem *addr, void *to, unsigned long count);
void ioread16_rep(const void __iomem *addr, void *to, unsigned long count);
void ioread32_rep(const void __iomem *addr, void *to, unsigned long count);
void iowrite8_rep(void __iomem *addr, const void *from, unsigned long count);
void iowrite16_rep(void __iomem *addr, const void *from, unsigned long count);
void iowrite32_rep(void __iomem *addr, const void *from, unsigned long count);

#endif
