/* SPDX-License-Identifier: MIT */
/* What arch/x86 keeps of a machine beside the firmware's word. */
#ifndef _ASM_X86_PORT_H
#define _ASM_X86_PORT_H

#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <asm/mem_range.h>

/* Runs of mapped RAM; each e820 entry makes one at most, 128 fit its page. */
#define MAX_PFN_MAPPED	128

/* The direct map. b: booting CPU  l: pgtable_lock */
struct x86_mapping {
	unsigned int page_size_mask;	/* b: 1 << PG_LEVEL_*: sizes to use */
	bool pge;			/* b: kernel entries are global */
	bool nx;			/* b: entries may forbid execution */
	bool noexec_off;		/* b: noexec=off was given */
	bool nopse, nogbpages;		/* b: as the command line says */
	unsigned long memtest;		/* b: patterns to test RAM with */
	struct pfn_range mapped[MAX_PFN_MAPPED];
	struct pfn_range_set pfn_mapped; /* b: what the direct map holds */
	unsigned long min_pfn_mapped;	/* b: tables come from here */
	unsigned long max_pfn_mapped;	/* b: to here */
	unsigned long nr_direct[PG_LEVEL_NUM]; /* l: leaves by size */
	spinlock_t pgtable_lock;	/* of the kernel's tables */
};

/* The clock. b: booting CPU */
struct x86_clock {
	u64 tsc_start;			/* b: time stamp of port_clock_ns() 0 */
	u32 tsc_khz;			/* b: 0 until calibrated */
	u32 mult;			/* b: ns = ticks * mult >> shift */
	u32 shift;			/* b */
	u32 apic_per_tick;		/* b: timer counts of 1/HZ s */
};

struct x86_port {
	struct x86_mapping map;
	struct x86_clock clock;
	bool x2apic;			/* b: the local APIC speaks MSRs */
};

#endif
