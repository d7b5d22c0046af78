/* SPDX-License-Identifier: MIT */
#ifndef _ASM_THREAD_H
#define _ASM_THREAD_H

/* What a thread that does not run leaves behind; the rest is on its stack. */
struct thread_struct {
	unsigned long sp;	/* o: stack pointer */
};

#endif
