// SPDX-License-Identifier: MIT
/*
 * What each CPU has of its own, in 32-bit mode:
 *
 *   %gdtr -> gdt[]   0 null, 1 code, 3 data, 4 task state, 5 per-CPU data,
 *                    6 the task of double faults
 *   %tr   -> tss     what a double fault leaves the registers in
 *   %fs   -> 5       starts at the per-CPU offset, and reaches around to all
 *   df_tss -> df_stack
 *
 * Nothing but a task gate gives an exception another stack, so a double fault,
 * whose cause often is the stack, switches to a task of its own. NMIs and
 * machine checks use the stack they find.
 */
#include <asm/desc.h>

#include <linux/bug.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <asm/msr.h>
#include <asm/traps.h>

#define TSS_TYPE	0x89ULL		/* present, available 32-bit TSS */
#define EFLAGS_FIXED	0x2		/* always set; interrupts off */

void idt_setup_special(struct idt_gate *idt)
{
	idt[X86_TRAP_DF] = (struct idt_gate) {
		.selector = GDT_DF_TSS * 8,
		.type = GATE_TASK,
	};
}

static u64 tss_desc(const struct tss32 *tss)
{
	return gdt_desc_at((sizeof(*tss) - 1) | TSS_TYPE << 40, (u32)tss);
}

static void tss_setup(struct cpu_tables *t)
{
	t->tss.io_map = sizeof(t->tss);
	t->gdt[GDT_TSS] = tss_desc(&t->tss);
	t->df_tss = (struct tss32) {
		.cr3 = read_cr3(),
		.ip = (u32)double_fault_task,
		.flags = EFLAGS_FIXED,
		.sp = (u32)(t->df_stack + sizeof(t->df_stack)),
		.cs = __KERNEL_CS,
		.ss = __KERNEL_DS, .ds = __KERNEL_DS, .es = __KERNEL_DS,
		.fs = __KERNEL_PERCPU,
		.io_map = sizeof(t->df_tss),
	};
	t->gdt[GDT_DF_TSS] = tss_desc(&t->df_tss);
}

static void segments_load(const struct cpu_tables *t)
{
	struct desc_ptr p = { sizeof(t->gdt) - 1, (unsigned long)t->gdt };

	__asm__ __volatile__(
		"lgdt %0\n\t"
		"ljmp %1, $1f\n"
		"1:\tmovl %2, %%ds\n\t"
		"movl %2, %%es\n\t"
		"movl %2, %%ss\n\t"
		"movl %3, %%fs\n\t"
		"movl %4, %%gs\n\t"
		: : "m" (p), "i" (__KERNEL_CS), "r" (__KERNEL_DS),
		    "r" (__KERNEL_PERCPU), "r" (0) : "memory");
}

void cpu_tables_load(struct cpu_tables *t)
{
	t->gdt[0] = 0;
	t->gdt[GDT_CODE32] = GDT_CODE32_DESC;
	t->gdt[GDT_DATA] = GDT_DATA_DESC;
	t->gdt[GDT_PERCPU] = gdt_desc_at(GDT_DATA_DESC, this_cpu_offset());
	tss_setup(t);
	segments_load(t);
	__asm__ __volatile__("ltr %w0" : : "r" (GDT_TSS * 8));
	idt_load();
}

/* The table in use; before cpu_tables_load() head_32.S's, in the same order. */
static u64 *gdt_of_this_cpu(void)
{
	struct desc_ptr p;

	__asm__ __volatile__("sgdt %0" : "=m" (p));
	return (u64 *)p.base;
}

static struct cpu_tables *cpu_tables_of_this_cpu(void)
{
	static_assert(offsetof(struct cpu_tables, gdt) == 0, "gdt is first");
	return (struct cpu_tables *)gdt_of_this_cpu();
}

void cpu_tables_root_changed(void)
{
	cpu_tables_of_this_cpu()->df_tss.cr3 = read_cr3();
}

void percpu_segment_set(unsigned long offset)
{
	gdt_of_this_cpu()[GDT_PERCPU] = gdt_desc_at(GDT_DATA_DESC, offset);
	__asm__ __volatile__("movl %0, %%fs" : : "r" (__KERNEL_PERCPU)
			     : "memory");
}

/* The registers of the task that double-faulted, as if it had been entered. */
void x86_double_fault(void)
{
	const struct tss32 *t = &cpu_tables_of_this_cpu()->tss;
	struct pt_regs regs = {
		.sp = t->sp, .ss = t->ss, .bx = t->bx, .cx = t->cx,
		.dx = t->dx, .si = t->si, .di = t->di, .bp = t->bp,
		.ax = t->ax, .vector = X86_TRAP_DF, .ip = t->ip, .cs = t->cs,
		.flags = t->flags,
	};

	x86_trap(&regs);
	BUG();
}
