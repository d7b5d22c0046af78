/* SPDX-License-Identifier: MIT */
/*
 * How a kernel of 32 bits parts RAM: low memory, which has addresses for good,
 * and high memory, which gets one when somebody asks. Arithmetic only; theory
 * in arch/x86/mm/low_memory.c. No privileged instruction.
 */
#ifndef _ASM_LOW_MEMORY_H
#define _ASM_LOW_MEMORY_H

#include <linux/types.h>

/* What is there, and what the command line wants. */
struct low_memory_wish {
	unsigned long ram_pfn;	/* end of RAM */
	unsigned long above;	/* bytes of addresses behind VMALLOC_END */
	u64 vmalloc;		/* bytes; when vmalloc_given */
	u64 highmem;		/* bytes; when highmem_given */
	bool vmalloc_given;
	bool highmem_given;
};

/* Why RAM is not used. */
enum low_memory_cut {
	LOW_MEMORY_ALL,		/* it is */
	LOW_MEMORY_HIGHMEM,	/* highmem= says so */
	LOW_MEMORY_FRAMES,	/* its struct pages would take low memory */
};

struct low_memory {
	unsigned long reserve;	/* bytes of addresses that are not low
				 * memory's: __VMALLOC_RESERVE */
	unsigned long low_pfn;	/* end of low memory */
	unsigned long end_pfn;	/* end of RAM that is used */
	enum low_memory_cut cut;	/* why that is less than there is */
};

/*
 * Parts RAM. Each wish that cannot be granted is one line in the log, which
 * says what is done instead.
 */
void low_memory_find(const struct low_memory_wish *wish,
		     struct low_memory *found);
/* The line about @lost bytes of RAM above found->end_pfn; none for 0. */
void low_memory_report_cut(const struct low_memory *found, u64 lost);
/*
 * The line about @lost bytes of RAM at @bits of address and above; @pae, @lm:
 * what else the CPU could run.
 */
void low_memory_report_beyond(u64 lost, unsigned int bits, bool pae, bool lm);
/* The same, where page tables have more bits than the CPU, which has @bits. */
void low_memory_report_cpu(u64 lost, unsigned int bits);

/*
 * The value of vmalloc=, highmem=: a number with a suffix, alone. 0, or
 * -EINVAL for anything else.
 */
int low_memory_number(const char *val, u64 *bytes);

#endif
