/* SPDX-License-Identifier: MIT */
/* How registers are shown: regs_64.c and regs_32.c. */
#ifndef KERNEL_REGS_H
#define KERNEL_REGS_H

struct pt_regs;

#ifdef CONFIG_64BIT
#define REG_IP_NAME	"RIP"
/* Linux's hint at a stray pointer: the value that was not canonical. */
#define GENERAL_PROTECTION_NO_SELECTOR					\
	"general protection fault, probably for a non-canonical address"
#else
#define REG_IP_NAME	"EIP"
/* Every address can be said: then it was an instruction that may not be. */
#define GENERAL_PROTECTION_NO_SELECTOR	"general protection fault"
#endif

/* All of them, and the control registers, with %cr2 as it was. Any context. */
void show_registers(const struct pt_regs *regs, unsigned long cr2);

#endif
