// SPDX-License-Identifier: MIT
/*
 * From one stack to another, by hand: what a called function must keep for
 * its caller goes on the old stack, what the new one kept comes from there.
 *
 *   lower  | r15 r14 r13 r12 rbx rbp | return address | ...   higher
 *          ^ the saved stack pointer
 *
 * A new stack looks as if its function had been about to be returned to. The
 * calling convention wants the stack 8 off a multiple of 16 at its entry.
 */
#include "internal.h"

#include <linux/string.h>

#define KEPT	6	/* registers */

__attribute__((naked)) noinline
void sim_switch(void **save, void *load)
{
	asm volatile("pushq %rbp\n\tpushq %rbx\n\t"
		     "pushq %r12\n\tpushq %r13\n\t"
		     "pushq %r14\n\tpushq %r15\n\t"
		     "movq %rsp, (%rdi)\n\t"
		     "movq %rsi, %rsp\n\t"
		     "popq %r15\n\tpopq %r14\n\t"
		     "popq %r13\n\tpopq %r12\n\t"
		     "popq %rbx\n\tpopq %rbp\n\t"
		     "ret");
}

void *sim_stack_setup(char *stack, size_t size, void (*fn)(void))
{
	u64 *top = (u64 *)(stack + size);

	*--top = 0;			/* where fn would return to */
	*--top = (u64)(unsigned long)fn;
	top -= KEPT;
	memset(top, 0, KEPT * sizeof(*top));
	return top;
}
