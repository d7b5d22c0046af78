/* SPDX-License-Identifier: MIT */
/* What a PC adds to /proc: part of the table of fs/proc/root.c. */
#ifndef _ASM_PROC_FILES_H
#define _ASM_PROC_FILES_H

#include <asm/mtrr.h>

#define PORT_PROC_FILES		{ "mtrr", mtrr_proc_show },

#endif
