/* SPDX-License-Identifier: MIT */
/* Offsets for assembly; traps.c asserts them against struct pt_regs. */
#ifndef _ASM_ASM_OFFSETS_PTRACE_H
#define _ASM_ASM_OFFSETS_PTRACE_H

#ifdef CONFIG_64BIT
#define PT_REGS_IP	136
#define PT_REGS_SIZE	176
#else
#define PT_REGS_SP	0
#define PT_REGS_SS	4
#define PT_REGS_IP	44
#define PT_REGS_SIZE	56
#endif

#endif
