/* SPDX-License-Identifier: MIT */
#ifndef _ASM_DESC_64_H
#define _ASM_DESC_64_H

#define GDT_ENTRIES	6
#define __KERNEL_CS	(GDT_CODE64 * 8)

#ifndef __ASSEMBLER__
#include <linux/types.h>
#include <asm/msr.h>
#include <asm/page.h>

/* Stacks for exceptions that may find the usual one unusable. */
enum ist { IST_DF = 1, IST_NMI, IST_MC, NR_IST = 3 };

struct tss64 {
	u32 reserved0;
	u64 sp[3];		/* for privilege levels 0 to 2 */
	u64 reserved1;
	u64 ist[7];		/* ist[n - 1] is stack n */
	u64 reserved2;
	u16 reserved3;
	u16 io_map;		/* bytes to the I/O map: none */
} __packed;
static_assert(sizeof(struct tss64) == 104, "64-bit task state");

struct idt_gate {
	u16 offset_low;
	u16 selector;
	u8 ist;
	u8 type;		/* present, 64-bit interrupt gate */
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

/* One CPU's own tables and stacks; page-aligned. */
struct cpu_tables {
	u64 gdt[GDT_ENTRIES];
	struct tss64 tss;
	u8 ist_stack[NR_IST][PAGE_SIZE] __aligned(16);
};

/* Present, ring 0, 64-bit interrupt gate. */
#define GATE_INTERRUPT	0x8e

/* Leads to @entry, interrupts off, on the interrupted stack. */
static inline void idt_gate_set(struct idt_gate *gate, const char *entry)
{
	unsigned long at = (unsigned long)entry;

	*gate = (struct idt_gate) {
		.offset_low = (u16)at,
		.selector = __KERNEL_CS,
		.type = GATE_INTERRUPT,
		.offset_middle = (u16)(at >> 16),
		.offset_high = (u32)(at >> 32),
	};
}

/* Where this CPU's copies of per-CPU variables are from now on. */
static inline void percpu_segment_set(unsigned long offset)
{
	wrmsrq(MSR_GS_BASE, offset);
}
#endif

#endif
