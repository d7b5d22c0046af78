/* SPDX-License-Identifier: MIT */
/*
 * Time that tasks lose to the lack of memory: from enter to leave, a task
 * would run if there were memory. Stalls nest; the outermost counts.
 */
#ifndef _LINUX_PSI_H
#define _LINUX_PSI_H

#include <linux/types.h>

/* Task context; *@was is for psi_memstall_leave(). */
void psi_memstall_enter(unsigned long *was);
void psi_memstall_leave(const unsigned long *was);

#endif
