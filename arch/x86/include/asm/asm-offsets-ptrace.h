/* SPDX-License-Identifier: MIT */
/* Offsets for assembly; traps.c asserts them against struct pt_regs. */
#ifndef _ASM_ASM_OFFSETS_PTRACE_H
#define _ASM_ASM_OFFSETS_PTRACE_H

#define PT_REGS_IP	136
#define PT_REGS_SIZE	176

#endif
