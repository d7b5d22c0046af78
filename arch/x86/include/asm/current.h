/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <asm/percpu.h>

struct task_struct;

/* The running thread; written by the context switch only. */
extern __section("octavo_percpu") struct task_struct *current_task;

#define current		asm_this_cpu_read(current_task)

#endif
