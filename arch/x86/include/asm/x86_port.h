/* SPDX-License-Identifier: MIT */
/* What arch/x86 keeps of a machine beside the firmware's word. */
#ifndef _ASM_X86_PORT_H
#define _ASM_X86_PORT_H

#include <linux/cpumask.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <asm/mem_range.h>
#include <asm/pci_host.h>
#include <asm/pgtable_walk.h>
#ifdef CONFIG_X86_32
#include <asm/low_memory.h>
#endif

#ifdef CONFIG_X86_32
/* What lies between low memory and the fixed addresses. b: booting CPU */
struct x86_areas {
	struct low_memory_wish wish;	/* b */
	struct low_memory low;		/* b */
	unsigned long vmalloc_start;	/* b: addresses of kernel mappings; */
	unsigned long vmalloc_end;	/* b: 0 until they are known */
	unsigned long percpu_start;	/* b: the first CPU's area */
	u64 pte_prot;			/* b: rights of a page of high memory */
};
#endif

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
	spinlock_t pgtable_lock;	/* of the kernel's tables; taken with
					 * interrupts off */
	struct pgtable kernel;		/* l: the kernel's tables */
	bool loaded;			/* b: they are the CPU's */
	unsigned int guards;		/* a: pages ever guarded (guard.c) */
	unsigned int pgt_buf_used;	/* b: first tables handed out */
	bool fixmap_ready;		/* b: entries of the fixmap can be
					 * written */
#ifdef CONFIG_X86_32
	struct x86_areas areas;		/* b: addresses behind low memory */
#endif
};

/* The clock. b: booting CPU */
struct x86_clock {
	u64 tsc_start;			/* b: time stamp of port_clock_ns() 0 */
	u32 tsc_khz;			/* b: 0 until calibrated */
	u32 mult;			/* b: ns = ticks * mult >> shift */
	u32 shift;			/* b */
	u32 apic_per_tick;		/* b: timer counts of 1/HZ s */
};

/* The serial port that is the console. L: the log's lock */
struct x86_console {
	u16 base;			/* b: first I/O port; 0: not there */
	bool ready;			/* b: has been set up */
	unsigned int line;		/* b: ttyS number */
	unsigned int baud;		/* b: 0: 115200 */
	unsigned int room;		/* L: characters its FIFO still takes */
};

/* A flush of translations on all CPUs. f: lock */
struct x86_tlb {
	spinlock_t lock;		/* one flush at a time */
	unsigned long start, end;	/* f: addresses; end 0: everything */
	struct cpumask asked;		/* f: who is to flush */
	unsigned int waiting;		/* a: CPUs that have not flushed yet */
};

/* Starting other CPUs. b: booting CPU, one at a time */
struct x86_smp {
	phys_addr_t real_mode;		/* b: page that they start in; 0: none */
	bool slow_init;			/* b: the CPU wants 10 ms after INIT */
	bool stopping;			/* a: a panic stops all CPUs */
	struct cpumask called_in;	/* a: have reached C code */
};

struct x86_port {
	struct x86_mapping map;
	struct x86_clock clock;
	struct x86_console console;
	struct x86_console dump;	/* where port_dump_write() goes */
	struct x86_tlb tlb;
	struct x86_smp smp;
	struct x86_pci pci;
	struct x86_msi msi;
	volatile void *apic;		/* b: registers; NULL: x2APIC form */
	bool x2apic;			/* b: the local APIC speaks MSRs */
	bool apic_ready;		/* b: it can be used */
	bool emulated;			/* b: the CPU is a virtual one */
	bool sse;			/* b: 16 bytes are moved at once (32 bits) */
	unsigned long cr4_protect;	/* b: SMEP, SMAP, UMIP that exist */
	int panic_timeout;		/* b: panic=: seconds; <0: at once */
	bool panic_timeout_set;		/* b: panic= was given */
	unsigned int nr_oops;		/* a: reports so far */
};

#endif
