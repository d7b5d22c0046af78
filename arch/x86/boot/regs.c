// SPDX-License-Identifier: MIT
/*
 * Registers for a BIOS call.  Carry starts out set, so that a call which the
 * firmware does not know at all and returns from untouched reads as an error.
 */
#include "boot.h"

#define X86_EFLAGS_FIXED	0x0002	/* bit 1 always reads as 1 */
#define X86_EFLAGS_IF		0x0200

void initregs(struct biosregs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->eflags = X86_EFLAGS_CF | X86_EFLAGS_FIXED | X86_EFLAGS_IF;
	regs->ds = regs->es = regs->fs = regs->gs = ds();
}
