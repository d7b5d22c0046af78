// SPDX-License-Identifier: MIT
/*
 * What each CPU has of its own, in 64-bit mode:
 *
 *   %gdtr -> gdt[]  0 null, 1 code32, 2 code64, 3 data, 4-5 the task state
 *   %tr   -> tss    ist[] -> a page each for double fault, NMI, machine check
 *
 * Those three get a stack of their own, since they may come while the usual
 * one is bad.
 */
#include <asm/desc.h>

#include <linux/types.h>
#include <asm/traps.h>

#define TSS_TYPE	0x89ULL		/* present, available 64-bit TSS */
#define GDT_SELECTOR_TSS (GDT_TSS * 8)

void idt_setup_special(struct idt_gate *idt)
{
	idt[X86_TRAP_DF].ist = IST_DF;
	idt[X86_TRAP_NMI].ist = IST_NMI;
	idt[X86_TRAP_MC].ist = IST_MC;
}

static void tss_setup(struct cpu_tables *t)
{
	u64 base = (u64)&t->tss, limit = sizeof(t->tss) - 1;
	int i;

	for (i = 0; i < NR_IST; i++)
		t->tss.ist[i] = (u64)t->ist_stack[i] + PAGE_SIZE;
	t->tss.io_map = sizeof(t->tss);
	t->gdt[GDT_TSS] = gdt_desc_at(limit | TSS_TYPE << 40, (u32)base);
	t->gdt[GDT_TSS + 1] = base >> 32;
}

static void segments_load(const struct cpu_tables *t)
{
	struct desc_ptr p = { sizeof(t->gdt) - 1, (unsigned long)t->gdt };

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
	t->gdt[0] = 0;
	t->gdt[GDT_CODE32] = GDT_CODE32_DESC;
	t->gdt[GDT_CODE64] = GDT_CODE64_DESC;
	t->gdt[GDT_DATA] = GDT_DATA_DESC;
	tss_setup(t);
	segments_load(t);
	__asm__ __volatile__("ltr %w0" : : "r" (GDT_SELECTOR_TSS));
	idt_load();
}

/* An exception keeps the page tables it finds. */
void cpu_tables_root_changed(void)
{
}
