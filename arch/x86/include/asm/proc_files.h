/* SPDX-License-Identifier: MIT */
/* What a PC adds to files: parts of the tables of fs/proc/root.c. */
#ifndef _ASM_PROC_FILES_H
#define _ASM_PROC_FILES_H

#include <asm/memtype.h>
#include <asm/mtrr.h>

#define PORT_PROC_FILES		{ "mtrr", mtrr_proc_show },
/* Below SYS_DEBUG. */
#define PORT_DEBUG_FILES						\
	{ "x86/pat_memtype_list", pat_memtype_list_show },

#endif
