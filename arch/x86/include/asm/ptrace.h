/* SPDX-License-Identifier: MIT */
/*
 * What an exception or interrupt finds: the registers as entry_64.S pushes
 * them, the last on top.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/ptrace.h>
#elif !defined(_OCTAVO_ASM_PTRACE_H)
#define _OCTAVO_ASM_PTRACE_H

#include <linux/types.h>

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long vector;		/* which gate; pushed by its stub */
	unsigned long error_code;	/* by the CPU, or 0 by the stub */
	unsigned long ip, cs, flags, sp, ss;	/* by the CPU */
};

#endif
