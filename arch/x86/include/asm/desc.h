/* SPDX-License-Identifier: MIT */
/* Segments, task state and gates of a 64-bit CPU. */
#ifndef _ASM_DESC_H
#define _ASM_DESC_H

/*
 * The order of head_64.S's table, so that its selectors stay good; 32-bit
 * code is what the trampoline passes through.
 */
#define GDT_CODE32	1
#define GDT_CODE64	2
#define GDT_DATA	3
#define GDT_TSS		4	/* two entries */
#define GDT_ENTRIES	6

#define __KERNEL32_CS	(GDT_CODE32 * 8)
#define __KERNEL_CS	(GDT_CODE64 * 8)
#define __KERNEL_DS	(GDT_DATA * 8)

#define GDT_CODE32_DESC	0x00cf9b000000ffff
#define GDT_CODE64_DESC	0x00af9b000000ffff
#define GDT_DATA_DESC	0x00cf93000000ffff

#ifndef __ASSEMBLER__
#include <linux/types.h>
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

struct desc_ptr {
	u16 limit;		/* bytes less one */
	u64 base;
} __packed;

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

/*
 * Makes @t this CPU's: segments, task state, exception stacks, interrupt
 * table. Keeps the base of %gs. Interrupts are off.
 */
void cpu_tables_load(struct cpu_tables *t);
/* The gates, which all CPUs share. */
void idt_setup(void);
#endif

#endif
