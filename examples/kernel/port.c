// SPDX-License-Identifier: MIT
/*
 * What this kernel answers to the port contract (octavo/port.h): a console, a
 * clock, the end, where memory is, and addresses for per-CPU areas. All else
 * has a default in liboctavo-core.a, which is one CPU without interrupts.
 */
#include <octavo/port.h>

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/percpu.h>
#include <octavo/machine.h>
#include <octavo/start.h>
#include <asm/processor.h>

#include "kernel.h"

#define COM1		0x3f8
#define DEBUG_EXIT	0xf4	/* QEMU's isa-debug-exit */
#define MAPPED		(4ULL << 30)	/* by entry.S */

#define PIC1_MASK	0x21	/* interrupt controllers: a bit a line */
#define PIC2_MASK	0xa1

#define PIT_HZ		1193182
#define PIT_MS		10	/* that the clock's rate is measured for */

/* Per-CPU areas: a part of the address space far above RAM. */
#define WINDOW		(256UL << 30)
#define WINDOW_TABLES	(PERCPU_STRIDE >> PMD_SHIFT)
#define PTE_TABLE	3UL	/* present, writable */

extern char __executable_start[], _end[];
extern u64 boot_pdpt[512];
static u64 window_pd[512] __aligned(PAGE_SIZE);
static u64 window_pt[WINDOW_TABLES * 512] __aligned(PAGE_SIZE);

static const struct pvh_start_info *start_info;
static u64 clock_start, clock_scale;	/* ns a tick, times 2^32 */

static void outb(u16 port, u8 v)
{
	__asm__ __volatile__("outb %0, %1" : : "a" (v), "Nd" (port));
}

static u8 inb(u16 port)
{
	u8 v;

	__asm__ __volatile__("inb %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

/* ---- console and end -------------------------------------------------- */

void port_console_write(const char *s, size_t n)
{
	for (; n; n--, s++) {
		while (!(inb(COM1 + 5) & 0x20))
			cpu_relax();
		outb(COM1, (u8)*s);
	}
}

void port_poweroff(bool ok)
{
	outb(DEBUG_EXIT, ok ? 0x10 : 0x01);
	for (;;)
		__asm__ __volatile__("cli; hlt");
}

void port_panic(void)
{
	port_poweroff(false);
}

/* ---- start, and clock: the TSC, whose rate the old timer tells -- */

u64 port_clock_ns(void)
{
	return (u64)((unsigned __int128)(port_cycles() - clock_start) *
		     clock_scale >> 32);
}

void port_setup(const struct pvh_start_info *info)
{
	unsigned int count = PIT_HZ / (1000 / PIT_MS);
	u64 begin;

	start_info = info;
	outb(PIC1_MASK, 0xff);			/* nobody would answer */
	outb(PIC2_MASK, 0xff);
	outb(0x61, (u8)((inb(0x61) & ~2) | 1));	/* channel 2 runs, silent */
	outb(0x43, 0xb0);			/* counts down once */
	outb(0x42, (u8)count);
	outb(0x42, (u8)(count >> 8));
	begin = port_cycles();
	while (!(inb(0x61) & 0x20))
		cpu_relax();
	clock_start = port_cycles();
	clock_scale = ((u64)PIT_MS * 1000000 << 32) / (clock_start - begin);
}

/* ---- memory ----------------------------------------------------------- */

/* RAM that entry.S mapped and that nothing occupies is the core's. */
void setup_arch(void)
{
	const struct pvh_memmap_entry *e = __va(start_info->memmap);
	unsigned int i;

	if (start_info->magic != PVH_MAGIC || !start_info->version)
		panic("entered by a loader that is not PVH");
	for (i = 0; i < start_info->memmap_entries; i++, e++) {
		pr_info("memory: [%#llx-%#llx] type %u\n", e->addr,
			e->addr + e->size - 1, e->type);
		if (e->type == PVH_RAM && e->addr < MAPPED)
			memblock_add(e->addr, min(e->size, MAPPED - e->addr));
	}
	memblock_reserve(0, 1 << 20);		/* the firmware's */
	memblock_reserve(__pa(__executable_start),
			 (u64)(_end - __executable_start));
	setup_one_node(1);
}

unsigned long port_percpu_space(unsigned int nr, size_t stride)
{
	unsigned int i;

	BUG_ON(nr * stride > sizeof(window_pt) / sizeof(u64) * PAGE_SIZE);
	for (i = 0; i < WINDOW_TABLES; i++)
		window_pd[i] = __pa(window_pt + i * 512) | PTE_TABLE;
	boot_pdpt[WINDOW >> PUD_SHIFT] = __pa(window_pd) | PTE_TABLE;
	return WINDOW;
}

int port_percpu_map(unsigned long addr, phys_addr_t phys, size_t size)
{
	u64 *pte = window_pt + (addr - WINDOW) / PAGE_SIZE;

	for (; size; size -= PAGE_SIZE, phys += PAGE_SIZE)
		*pte++ = phys | PTE_TABLE;
	return 0;
}

void port_percpu_unmap(unsigned long addr, size_t size)
{
	u64 *pte = window_pt + (addr - WINDOW) / PAGE_SIZE;

	for (; size; size -= PAGE_SIZE)
		*pte++ = 0;
}
