/* SPDX-License-Identifier: MIT */
#ifndef _ASM_THREAD_H
#define _ASM_THREAD_H

struct host_thread;

/* What a task is on the host: a POSIX thread (arch/host/sched.c). */
struct thread_struct {
	struct host_thread *host;	/* c */
};

#endif
