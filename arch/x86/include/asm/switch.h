/* SPDX-License-Identifier: MIT */
#ifndef _ASM_SWITCH_H
#define _ASM_SWITCH_H

/* What switch_stacks() takes off a stack; ends at its top, 16-aligned. */
struct saved_frame {
#ifdef CONFIG_64BIT
	unsigned long r15, r14, r13, r12, rbx, rbp;
#else
	unsigned long edi, esi, ebx, ebp;
#endif
	void (*return_to)(void);
};

/*
 * Saves the callee-saved registers on this stack and its pointer in *@from,
 * and goes on where @to was saved. Returns there. Interrupts off.
 */
void switch_stacks(unsigned long *from, unsigned long to);
/* Where a new thread's stack begins: calls thread_enter(), never returns. */
void thread_begin(void);
/* First C code of a new thread. Interrupts off, run queue locked. */
void thread_enter(void);

#endif
