/* SPDX-License-Identifier: MIT */
/* The one machine of a kernel that embeds the core; it keeps its own state. */
#ifndef _ASM_MACHINE_H
#define _ASM_MACHINE_H

struct machine;

struct arch_machine { };

extern struct machine octavo_machine;

#define this_machine()	(&octavo_machine)

#endif
