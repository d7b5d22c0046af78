/* SPDX-License-Identifier: MIT */
#ifndef _ASM_DESC_32_H
#define _ASM_DESC_32_H

#define GDT_PERCPU	5	/* data, from the per-CPU offset on */
#define GDT_DF_TSS	6	/* the task that a double fault switches to */
#define GDT_ENTRIES	7
#define __KERNEL_CS	(GDT_CODE32 * 8)
#define __KERNEL_PERCPU	(GDT_PERCPU * 8)

#ifndef __ASSEMBLER__
#include <linux/types.h>
#include <asm/page.h>

/* Registers of a task that does not run. */
struct tss32 {
	u32 back_link;
	struct { u32 sp, ss; } level[3];	/* for privilege levels 0 to 2 */
	u32 cr3, ip, flags;
	u32 ax, cx, dx, bx, sp, bp, si, di;
	u32 es, cs, ss, ds, fs, gs;
	u32 ldt;
	u16 trap;
	u16 io_map;		/* bytes to the I/O map: none */
};
static_assert(sizeof(struct tss32) == 104, "32-bit task state");

struct idt_gate {
	u16 offset_low;
	u16 selector;
	u16 type;
	u16 offset_high;
};

/* One CPU's own tables and its stack for double faults; page-aligned. */
struct cpu_tables {
	u64 gdt[GDT_ENTRIES];	/* first: %gdtr leads here */
	struct tss32 tss;	/* of all but double faults */
	struct tss32 df_tss;
	u8 df_stack[2 * PAGE_SIZE - GDT_ENTRIES * sizeof(u64) -
		    2 * sizeof(struct tss32)] __aligned(4);
};
static_assert(sizeof(struct cpu_tables) == 2 * PAGE_SIZE, "whole pages");

/* Present, ring 0: a 32-bit interrupt gate, and one that switches tasks. */
#define GATE_INTERRUPT	0x8e00
#define GATE_TASK	0x8500

/* Leads to @entry, interrupts off, on the interrupted stack. */
static inline void idt_gate_set(struct idt_gate *gate, const char *entry)
{
	unsigned long at = (unsigned long)entry;

	*gate = (struct idt_gate) {
		.offset_low = (u16)at,
		.selector = __KERNEL_CS,
		.type = GATE_INTERRUPT,
		.offset_high = (u16)(at >> 16),
	};
}

/* Where this CPU's copies of per-CPU variables are from now on. */
void percpu_segment_set(unsigned long offset);
/* entry_32.S: where a double fault's task begins; then C. */
void double_fault_task(void);
void x86_double_fault(void);
#endif

#endif
