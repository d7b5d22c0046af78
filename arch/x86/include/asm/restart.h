/* SPDX-License-Identifier: MIT */
/*
 * Instructions that an interrupt makes the CPU begin again. They read what
 * this CPU has, and the last of them stores what came of it: until then they
 * have changed nothing that matters, and after it they are done. So nothing
 * that an interrupt does, nor a switch to another CPU that follows from it,
 * comes between, without a word that says that somebody is inside.
 *
 * Registers that RESTART_BEGIN finds must be as they were until the end, and
 * memory that is read must be there as long as interrupts are looked at: who
 * takes it away sends all CPUs one first (port_cpu_barrier()).
 */
#ifndef _ASM_RESTART_H
#define _ASM_RESTART_H

#include <asm/asm.h>

/* Labels 771 and 772 are these two's. */
#define RESTART_BEGIN	"771:\n"
#define RESTART_END							\
	"772:\n"							\
	"	.pushsection octavo_restart, \"a\"\n"			\
	"	" ASM_WORD_DATA " 771b, 772b\n"					\
	"	.popsection\n"

#ifndef __ASSEMBLER__
struct pt_regs;

/* At the start of an interrupt: what it interrupted begins again. */
void restart_interrupted(struct pt_regs *regs);
#endif

#endif
