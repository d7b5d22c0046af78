/* SPDX-License-Identifier: MIT */
/* Segments, task state and gates. */
#ifndef _ASM_DESC_H
#define _ASM_DESC_H

/*
 * The order of head_64.S's and head_32.S's tables, so that their selectors
 * stay good; 32-bit code is what the 64-bit trampoline passes through.
 */
#define GDT_CODE32	1
#define GDT_CODE64	2	/* none on 32 bits */
#define GDT_DATA	3
#define GDT_TSS		4	/* two entries on 64 bits */

#define __KERNEL32_CS	(GDT_CODE32 * 8)
#define __KERNEL_DS	(GDT_DATA * 8)

#define GDT_CODE32_DESC	0x00cf9b000000ffff
#define GDT_CODE64_DESC	0x00af9b000000ffff
#define GDT_DATA_DESC	0x00cf93000000ffff

#ifdef CONFIG_64BIT
#include <asm/desc_64.h>
#else
#include <asm/desc_32.h>
#endif

#ifndef __ASSEMBLER__

struct desc_ptr {
	u16 limit;		/* bytes less one */
	unsigned long base;
} __packed;

/* A descriptor like @like (GDT_*_DESC), of a segment that starts at @base. */
static inline u64 gdt_desc_at(u64 like, u32 base)
{
	return like | (u64)(base & 0xffffff) << 16 | (u64)(base >> 24) << 56;
}

/*
 * Makes @t this CPU's: segments, task state, exception stacks, interrupt
 * table. Keeps the base of the per-CPU segment. Interrupts are off.
 */
void cpu_tables_load(struct cpu_tables *t);
/* This CPU's tables: it has new page tables, which it runs on. */
void cpu_tables_root_changed(void);
/* The gates, which all CPUs share, and making them this CPU's. */
void idt_setup(void);
void idt_load(void);
/* Of those, the ones that do not lead to entry_stubs on this CPU's stack. */
void idt_setup_special(struct idt_gate *idt);
#endif

#endif
