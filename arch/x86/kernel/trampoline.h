/* SPDX-License-Identifier: MIT */
/* Page tables for CPUs that start: trampoline_tables_64.c, _32.c. */
#ifndef KERNEL_TRAMPOLINE_H
#define KERNEL_TRAMPOLINE_H

#include <linux/types.h>

/* How many: the top one, and as many as the identity map may need. */
#define TRAMPOLINE_TABLES	3

/*
 * Makes the TRAMPOLINE_TABLES pages at @at, below 1 MiB, the kernel's tables
 * with the first MiB at address 0 besides, executable. @at is the top one.
 */
void trampoline_tables(phys_addr_t at);

#endif
