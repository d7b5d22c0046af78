/* SPDX-License-Identifier: MIT */
/* A word of the CPU in asm statements: its suffix, its bytes, its data. */
#ifndef _ASM_ASM_H
#define _ASM_ASM_H

#ifdef CONFIG_64BIT
#define ASM_WORD	"q"
#define ASM_WORD_BYTES	"8"
#define ASM_WORD_DATA	".quad"
/* A constant of a word into a register. */
#define ASM_WORD_MOVE	"movabsq"
#else
#define ASM_WORD	"l"
#define ASM_WORD_BYTES	"4"
#define ASM_WORD_DATA	".long"
#define ASM_WORD_MOVE	"movl"
#endif

#endif
