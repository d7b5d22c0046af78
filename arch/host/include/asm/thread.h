/* SPDX-License-Identifier: MIT */
#ifndef _ASM_THREAD_H
#define _ASM_THREAD_H

#include <linux/types.h>

/* A host thread's place to sleep: a futex word. */
struct thread_struct {
	u32 wake;		/* a: 1 when a wake-up waits to be taken */
	unsigned long id;	/* c: arch/host/os's name of the thread */
};

#endif
