/* SPDX-License-Identifier: MIT */
/* The levels that 32 bits have of their own: PMD with PAE, else none. */
#ifndef _ASM_PGTABLE_32_H
#define _ASM_PGTABLE_32_H

#ifdef CONFIG_X86_PAE
#include <asm/pgtable_3level.h>
#else
#include <asm/pgtable_2level.h>
#endif

#endif
