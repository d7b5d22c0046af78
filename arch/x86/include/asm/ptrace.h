/* SPDX-License-Identifier: MIT */
/*
 * What an exception or interrupt finds: the registers as entry_64.S or
 * entry_32.S pushes them, the last on top.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/ptrace.h>
#elif !defined(_OCTAVO_ASM_PTRACE_H)
#define _OCTAVO_ASM_PTRACE_H

#ifdef CONFIG_64BIT
#include <asm/ptrace_64.h>
#else
#include <asm/ptrace_32.h>
#endif

#endif
