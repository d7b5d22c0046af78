// SPDX-License-Identifier: MIT
/* All registers of a 64-bit CPU, in Linux's form. */
#include "regs.h"

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <asm/msr.h>
#include <asm/ptrace.h>

static void show_control_registers(const struct pt_regs *regs,
				   unsigned long cr2)
{
	pr_alert("FS:  %016llx GS:%016lx\n", rdmsrq(MSR_FS_BASE),
		 this_cpu_offset());
	pr_alert("CS:  %04lx SS: %04lx CR0: %016lx\n", regs->cs, regs->ss,
		 read_cr0());
	pr_alert("CR2: %016lx CR3: %016lx CR4: %016lx\n", cr2, read_cr3(),
		 read_cr4());
}

void show_registers(const struct pt_regs *regs, unsigned long cr2)
{
	pr_alert("RSP: %04lx:%016lx EFLAGS: %08lx\n", regs->ss, regs->sp,
		 regs->flags);
	pr_alert("RAX: %016lx RBX: %016lx RCX: %016lx\n", regs->ax, regs->bx,
		 regs->cx);
	pr_alert("RDX: %016lx RSI: %016lx RDI: %016lx\n", regs->dx, regs->si,
		 regs->di);
	pr_alert("RBP: %016lx R08: %016lx R09: %016lx\n", regs->bp, regs->r8,
		 regs->r9);
	pr_alert("R10: %016lx R11: %016lx R12: %016lx\n", regs->r10,
		 regs->r11, regs->r12);
	pr_alert("R13: %016lx R14: %016lx R15: %016lx\n", regs->r13,
		 regs->r14, regs->r15);
	show_control_registers(regs, cr2);
}
