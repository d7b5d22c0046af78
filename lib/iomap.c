// SPDX-License-Identifier: MIT
/*
 * Accesses to devices that are more than one instruction: blocks of registers,
 * and registers that may be mapped memory or ports.
 *
 *	0        PIO_OFFSET       PIO_OFFSET + 64 Ki    PIO_RESERVED
 *	|  nobody's  |  ports, by number  |  nobody's  |  mapped memory ...
 *
 * What is nobody's is a driver's mistake: an address that ioremap() or
 * ioport_map() failed to give, or a bare port number.
 *
 * Blocks go word by word, aligned at the device's side: a device may see no
 * access that the driver did not ask for, so that nothing reads beside the
 * block, and none twice.
 */
#include <linux/io.h>

#include <linux/align.h>
#include <linux/byteorder.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* ---- blocks ------------------------------------------------------------ */

#ifdef CONFIG_64BIT
#define raw_read_word	__raw_readq
#define raw_write_word	__raw_writeq
#else
#define raw_read_word	__raw_readl
#define raw_write_word	__raw_writel
#endif

#define WORD		sizeof(unsigned long)

/* Bytes before the first whole word of the @n at @addr; all when none is. */
static size_t io_head(const volatile void __iomem *addr, size_t n)
{
	return min_t(size_t, n, -(unsigned long)addr & (WORD - 1));
}

void memcpy_fromio(void *to, const volatile void __iomem *from, size_t n)
{
	const volatile u8 __iomem *io = from;
	size_t head = io_head(io, n);
	unsigned long word;
	u8 *p = to;

	for (n -= head; head; head--)
		*p++ = __raw_readb(io++);
	for (; n >= WORD; n -= WORD, p += WORD, io += WORD) {
		word = raw_read_word(io);
		__builtin_memcpy(p, &word, WORD);
	}
	for (; n; n--)
		*p++ = __raw_readb(io++);
	barrier();
}

void memcpy_toio(volatile void __iomem *to, const void *from, size_t n)
{
	volatile u8 __iomem *io = to;
	size_t head = io_head(io, n);
	unsigned long word;
	const u8 *p = from;

	barrier();
	for (n -= head; head; head--)
		__raw_writeb(*p++, io++);
	for (; n >= WORD; n -= WORD, p += WORD, io += WORD) {
		__builtin_memcpy(&word, p, WORD);
		raw_write_word(word, io);
	}
	for (; n; n--)
		__raw_writeb(*p++, io++);
}

void memset_io(volatile void __iomem *to, int c, size_t n)
{
	unsigned long word = ~0UL / 0xff * (u8)c;
	volatile u8 __iomem *io = to;
	size_t head = io_head(io, n);

	barrier();
	for (n -= head; head; head--)
		__raw_writeb((u8)c, io++);
	for (; n >= WORD; n -= WORD, io += WORD)
		raw_write_word(word, io);
	for (; n; n--)
		__raw_writeb((u8)c, io++);
}

void __iowrite32_copy(void __iomem *to, const void *from, size_t count)
{
	volatile u32 __iomem *io = to;
	const u32 *p = from;

	while (count--)
		__raw_writel(*p++, io++);
}

void __ioread32_copy(void *to, const void __iomem *from, size_t count)
{
	const volatile u32 __iomem *io = from;
	u32 *p = to;

	while (count--)
		*p++ = __raw_readl(io++);
}

void __iowrite64_copy(void __iomem *to, const void *from, size_t count)
{
#ifdef CONFIG_64BIT
	volatile u64 __iomem *io = to;
	const u64 *p = from;

	while (count--)
		__raw_writeq(*p++, io++);
#else
	__iowrite32_copy(to, from, count * 2);
#endif
}

/* ---- memory or ports --------------------------------------------------- */

void __iomem *ioport_map(unsigned long port, unsigned int nr)
{
	if (port > PIO_MASK || nr > PIO_MASK + 1 - port)
		return NULL;
	return (void __iomem *)(port + PIO_OFFSET);
}

void ioport_unmap(void __iomem *addr)
{
	(void)addr;
}

enum io_kind { IO_MEMORY, IO_PORT, IO_NOBODY };

static enum io_kind io_kind(const void __iomem *addr, const char *what)
{
	unsigned long a = (unsigned long)addr;

	if (a >= PIO_RESERVED)
		return IO_MEMORY;
	if (a >= PIO_OFFSET && a <= PIO_OFFSET + PIO_MASK)
		return IO_PORT;
	WARN(1, "Bad IO access at port %#lx (%s)", a, what);
	return IO_NOBODY;
}

static u16 io_port(const void __iomem *addr)
{
	return (u16)((unsigned long)addr & PIO_MASK);
}

/* One width: @x is the suffix of its accesses, swab what makes it big endian. */
#define IOMAP_READ(name, type, x, from_port)				\
type name(const void __iomem *addr)					\
{									\
	switch (io_kind(addr, #name)) {					\
	case IO_MEMORY:							\
		return read##x(addr);					\
	case IO_PORT:							\
		return from_port;					\
	default:							\
		return (type)~0U;					\
	}								\
}
#define IOMAP_WRITE(name, type, x, to_port)				\
void name(type v, void __iomem *addr)					\
{									\
	switch (io_kind(addr, #name)) {					\
	case IO_MEMORY:							\
		write##x(v, addr);					\
		return;							\
	case IO_PORT:							\
		to_port;						\
		return;							\
	default:							\
		return;							\
	}								\
}
#define IOMAP_REP(width, x)						\
void ioread##width##_rep(const void __iomem *addr, void *to,		\
			 unsigned long count)				\
{									\
	switch (io_kind(addr, "ioread" #width "_rep")) {		\
	case IO_MEMORY:							\
		reads##x(addr, to, (unsigned int)count);		\
		return;							\
	case IO_PORT:							\
		ins##x(io_port(addr), to, count);			\
		return;							\
	default:							\
		memset(to, 0xff, count * (width / 8));			\
	}								\
}									\
void iowrite##width##_rep(void __iomem *addr, const void *from,	\
			  unsigned long count)				\
{									\
	switch (io_kind(addr, "iowrite" #width "_rep")) {		\
	case IO_MEMORY:							\
		writes##x(addr, from, (unsigned int)count);		\
		return;							\
	case IO_PORT:							\
		outs##x(io_port(addr), from, count);			\
		return;							\
	default:							\
		return;							\
	}								\
}

IOMAP_READ(ioread8, u8, b, inb(io_port(addr)))
IOMAP_READ(ioread16, u16, w, inw(io_port(addr)))
IOMAP_READ(ioread32, u32, l, inl(io_port(addr)))
IOMAP_WRITE(iowrite8, u8, b, outb(v, io_port(addr)))
IOMAP_WRITE(iowrite16, u16, w, outw(v, io_port(addr)))
IOMAP_WRITE(iowrite32, u32, l, outl(v, io_port(addr)))
IOMAP_REP(8, b)
IOMAP_REP(16, w)
IOMAP_REP(32, l)

#ifdef CONFIG_64BIT
u64 ioread64(const void __iomem *addr)
{
	return io_kind(addr, "ioread64") == IO_MEMORY ? readq(addr) : ~0ULL;
}

void iowrite64(u64 v, void __iomem *addr)
{
	if (io_kind(addr, "iowrite64") == IO_MEMORY)
		writeq(v, addr);
}

u64 ioread64be(const void __iomem *addr)
{
	return swab64(ioread64(addr));
}

void iowrite64be(u64 v, void __iomem *addr)
{
	iowrite64(swab64(v), addr);
}
#endif

u16 ioread16be(const void __iomem *addr)
{
	return swab16(ioread16(addr));
}

u32 ioread32be(const void __iomem *addr)
{
	return swab32(ioread32(addr));
}

void iowrite16be(u16 v, void __iomem *addr)
{
	iowrite16(swab16(v), addr);
}

void iowrite32be(u32 v, void __iomem *addr)
{
	iowrite32(swab32(v), addr);
}
