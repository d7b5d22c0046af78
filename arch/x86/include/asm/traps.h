/* SPDX-License-Identifier: MIT */
/* Exceptions, their table and what they report. */
#ifndef _ASM_TRAPS_H
#define _ASM_TRAPS_H

#include <linux/types.h>
#include <asm/ptrace.h>

enum x86_trap {
	X86_TRAP_DE = 0, X86_TRAP_DB, X86_TRAP_NMI, X86_TRAP_BP,
	X86_TRAP_OF, X86_TRAP_BR, X86_TRAP_UD, X86_TRAP_NM,
	X86_TRAP_DF, X86_TRAP_OLD_MF, X86_TRAP_TS, X86_TRAP_NP,
	X86_TRAP_SS, X86_TRAP_GP, X86_TRAP_PF, X86_TRAP_SPURIOUS,
	X86_TRAP_MF, X86_TRAP_AC, X86_TRAP_MC, X86_TRAP_XF,
	X86_TRAP_VE, X86_TRAP_CP,
	NR_EXCEPTION_VECTORS = 32
};

/* Error code of a page fault. */
#define X86_PF_PROT	(1UL << 0)	/* page was there, right was not */
#define X86_PF_WRITE	(1UL << 1)
#define X86_PF_USER	(1UL << 2)
#define X86_PF_RSVD	(1UL << 3)	/* a reserved bit of an entry is set */
#define X86_PF_INSTR	(1UL << 4)	/* it was an instruction fetch */

/*
 * The booting CPU's descriptor tables, exception handlers and first clock.
 * First thing in setup_arch(); from here on a fault is reported.
 */
void early_trap_init(void);

/* entry_64.S's way into C, interrupts off. */
void x86_entry(struct pt_regs *regs);
/* Handles an exception, or reports it and stops the machine. */
void x86_trap(struct pt_regs *regs);
void x86_page_fault(struct pt_regs *regs);

/*
 * Writes registers, code and stack of @regs to the log, then stops the
 * machine; @what is the first line's start. Any context.
 */
void __noreturn x86_die(const char *what, struct pt_regs *regs);
void show_regs(struct pt_regs *regs);
/* Return addresses from frame @bp on, with names. Any context. */
void show_stack_frames(unsigned long bp);

/*
 * An instruction that may fault and where to go on if it does. For a call
 * into memory that cannot be executed, insn is the call's return address.
 */
struct exception_table_entry {
	unsigned long insn;
	unsigned long fixup;
};

/* Goes on at the fixup of regs->ip if it has one. */
bool fixup_exception(struct pt_regs *regs);

#endif
