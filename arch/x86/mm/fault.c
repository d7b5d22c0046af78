// SPDX-License-Identifier: MIT
/*
 * Page faults. The kernel maps what it uses before it uses it, so a fault is
 * either expected by its instruction (asm/traps.h) or a bug, reported with
 * the walk through the tables that the CPU itself did.
 */
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/vmalloc.h>
#include <octavo/machine.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/tlb.h>
#include <asm/traps.h>

static const char *access_kind(unsigned long code)
{
	if (code & X86_PF_INSTR)
		return "instruction fetch";
	return code & X86_PF_WRITE ? "write access" : "read access";
}

static const char *fault_reason(unsigned long code)
{
	if (!(code & X86_PF_PROT))
		return "not-present page";
	return code & X86_PF_RSVD ? "reserved bit violation"
				  : "permissions violation";
}

static void __noreturn page_fault_report(struct pt_regs *regs,
					 unsigned long address)
{
	unsigned long code = regs->error_code;
	char walk[160];

	if ((code & (X86_PF_INSTR | X86_PF_PROT)) ==
	    (X86_PF_INSTR | X86_PF_PROT))
		pr_crit("kernel tried to execute NX-protected page - exploit attempt?\n");
	if (address < PAGE_SIZE)
		pr_alert("BUG: kernel NULL pointer dereference, address: %px\n",
			 (void *)address);
	else
		pr_alert("BUG: unable to handle page fault for address: %px\n",
			 (void *)address);
	pr_alert("#PF: %s %s in kernel mode\n",
		 code & X86_PF_USER ? "user" : "supervisor",
		 access_kind(code));
	pr_alert("#PF: error_code(0x%04lx) - %s\n", code, fault_reason(code));
	vmalloc_fault_report(address);
	kernel_dump_pagetable(address, walk, sizeof(walk));
	pr_alert("%s\n", walk);
	x86_die("Oops", regs);
}

void x86_page_fault(struct pt_regs *regs)
{
	unsigned long address = read_cr2();

	/* Before fixups: a guard page is reported whoever looks at it. */
	if (kfence_handle_page_fault(address,
				     regs->error_code & X86_PF_WRITE,
				     regs->ip, regs->bp))
		return;
	/* A reserved bit does not go by looking again. */
	if (!(regs->error_code & X86_PF_RSVD) &&
	    vmalloc_fault_spurious(address,
				   regs->error_code & X86_PF_WRITE)) {
		/* A CPU may remember a table that went: it looks again. */
		flush_tlb_local_range(address, address + 1);
		return;
	}
	if (!fixup_exception(regs))
		page_fault_report(regs, address);
}
