// SPDX-License-Identifier: MIT
/* All registers of a 32-bit CPU, in Linux's form. */
#include "regs.h"

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <asm/msr.h>
#include <asm/ptrace.h>

void show_registers(const struct pt_regs *regs, unsigned long cr2)
{
	pr_alert("EAX: %08lx EBX: %08lx ECX: %08lx EDX: %08lx\n", regs->ax,
		 regs->bx, regs->cx, regs->dx);
	pr_alert("ESI: %08lx EDI: %08lx EBP: %08lx ESP: %08lx\n", regs->si,
		 regs->di, regs->bp, regs->sp);
	pr_alert("CS: %04lx SS: %04lx FS: %08lx EFLAGS: %08lx\n", regs->cs,
		 regs->ss, this_cpu_offset(), regs->flags);
	pr_alert("CR0: %08lx CR2: %08lx CR3: %08lx CR4: %08lx\n", read_cr0(),
		 cr2, read_cr3(), read_cr4());
}
