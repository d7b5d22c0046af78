// SPDX-License-Identifier: MIT
/*
 * Descriptor tables. The gates are one table for all CPUs; segments, task
 * state and exception stacks are each CPU's own:
 *
 *   %gdtr -> gdt[]  0 null, 1 code32, 2 code64, 3 data, 4-5 the task state
 *   %tr   -> tss    ist[] -> a page each for double fault, NMI, machine check
 *   %idtr -> idt[]  256 interrupt gates into entry_64.S's stubs
 *
 * Interrupt gates turn interrupts off; double faults, NMIs and machine checks
 * get a stack of their own, since they may come while the usual one is bad.
 */
#include <asm/desc.h>

#include <linux/types.h>
#include <asm/irq_vectors.h>
#include <asm/traps.h>

#define GATE_INTERRUPT	0x8e		/* present, ring 0, 64-bit interrupt */
#define STUB_SIZE	16		/* of entry_64.S */
#define TSS_TYPE	0x89ULL		/* present, available 64-bit TSS */
#define GDT_SELECTOR_TSS (GDT_TSS * 8)

extern char entry_stubs[];

static struct idt_gate idt[NR_VECTORS] __aligned(16);

static void gate_set(unsigned int vector, u8 ist)
{
	u64 at = (u64)(entry_stubs + vector * STUB_SIZE);

	idt[vector] = (struct idt_gate) {
		.offset_low = (u16)at,
		.selector = __KERNEL_CS,
		.ist = ist,
		.type = GATE_INTERRUPT,
		.offset_middle = (u16)(at >> 16),
		.offset_high = (u32)(at >> 32),
	};
}

void idt_setup(void)
{
	unsigned int vector;

	for (vector = 0; vector < NR_VECTORS; vector++)
		gate_set(vector, 0);
	gate_set(X86_TRAP_DF, IST_DF);
	gate_set(X86_TRAP_NMI, IST_NMI);
	gate_set(X86_TRAP_MC, IST_MC);
}

static void tss_setup(struct cpu_tables *t)
{
	u64 base = (u64)&t->tss, limit = sizeof(t->tss) - 1;
	int i;

	for (i = 0; i < NR_IST; i++)
		t->tss.ist[i] = (u64)t->ist_stack[i] + PAGE_SIZE;
	t->tss.io_map = sizeof(t->tss);
	t->gdt[GDT_TSS] = limit | (base & 0xffffff) << 16 | TSS_TYPE << 40 |
			  (base >> 24 & 0xff) << 56;
	t->gdt[GDT_TSS + 1] = base >> 32;
}

static void segments_load(const struct cpu_tables *t)
{
	struct desc_ptr p = { sizeof(t->gdt) - 1, (u64)t->gdt };

	__asm__ __volatile__(
		"lgdt %0\n\t"
		"pushq %1\n\t"
		"leaq 1f(%%rip), %%rax\n\t"
		"pushq %%rax\n\t"
		"lretq\n"
		"1:\tmovl %2, %%ds\n\t"
		"movl %2, %%es\n\t"
		"movl %2, %%ss\n\t"
		: : "m" (p), "i" (__KERNEL_CS), "r" (__KERNEL_DS)
		: "rax", "memory");
}

void cpu_tables_load(struct cpu_tables *t)
{
	struct desc_ptr p = { sizeof(idt) - 1, (u64)idt };

	t->gdt[0] = 0;
	t->gdt[GDT_CODE32] = GDT_CODE32_DESC;
	t->gdt[GDT_CODE64] = GDT_CODE64_DESC;
	t->gdt[GDT_DATA] = GDT_DATA_DESC;
	tss_setup(t);
	segments_load(t);
	__asm__ __volatile__("ltr %w0" : : "r" (GDT_SELECTOR_TSS));
	__asm__ __volatile__("lidt %0" : : "m" (p));
}
