/* SPDX-License-Identifier: MIT */
/* Interrupts, once entry_64.S has saved the registers. */
#ifndef _ASM_IRQ_H
#define _ASM_IRQ_H

#include <linux/types.h>
#include <asm/ptrace.h>

/* Runs the handler of regs->vector, then the scheduler if it is wanted. */
void x86_interrupt(struct pt_regs *regs);
/* Halts this CPU for good, interrupts off. */
void __noreturn stop_this_cpu(void);
/* What an interrupt of TLB_FLUSH_VECTOR does. */
void tlb_flush_interrupt(void);

#endif
