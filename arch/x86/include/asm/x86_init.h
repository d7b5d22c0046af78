/* SPDX-License-Identifier: MIT */
/*
 * What differs between the ports on the way through setup_arch(), as one
 * table. The way itself is x86_setup_memory(), the same for all.
 */
#ifndef _ASM_X86_INIT_H
#define _ASM_X86_INIT_H

#include <linux/types.h>

struct boot_params;

/* Any may be NULL: the port has no such step. Called in this order. */
struct x86_init_ops {
	struct {
		/* Fills the current machine's e820 table; the log's label. */
		const char *(*memory_setup)(void);
		/* e820__insert_kernel() of the kernel's own parts. */
		void (*insert_kernel)(void);
		/*
		 * memblock_reserve() of image, initrd, command line, ...; the
		 * map is final, memblock still empty.
		 */
		void (*reserve_early)(void);
	} resources;
	struct {
		/* Fills fw.mtrr. */
		void (*mtrr_init)(void);
		/* Programs the page attribute table. */
		void (*pat_init)(void);
	} cache;
	struct {
		/*
		 * End of what the direct map can hold; NULL: all RAM. May
		 * lower max_pfn, when not all can be used.
		 */
		unsigned long (*low_pfn_limit)(void);
		/*
		 * The direct map of [0, max_low_pfn), memblock's memory being
		 * known; moves memblock's limit to its end.
		 */
		void (*init_mem_mapping)(void);
		/* What is left of the kernel's page tables. */
		void (*pagetable_init)(void);
	} paging;
	/* After the direct map: checks and logs the initrd. */
	void (*reserve_initrd)(void);
	struct {
		/* A source of nodes that goes before ACPI; 0 or -errno. */
		int (*topology)(void);
		/* Adds processors with x86_add_cpu(); before MADT's. */
		void (*processors)(void);
	} numa;
};

/* Each port's own table. */
extern const struct x86_init_ops x86_init;

/*
 * setup_arch()'s way from the firmware's map to free_area_init(). @bp: the
 * loader's page, or NULL where there is none. The command line is in
 * boot_command_line. Stops the machine when no RAM is usable.
 */
void x86_setup_memory(const struct boot_params *bp);

/*
 * A processor, in the order of CPU numbers; the first is the booting one.
 * @enabled: present, and gets a number; else it may come later, and 0 is
 * returned. Returns the CPU number, or -ENOSPC when NR_CPUS or nr_cpus= allow
 * no more, -EEXIST for one known.
 */
int x86_add_cpu(u32 apicid, bool enabled);
/* The APIC of CPU @cpu, for whoever starts it. */
u32 cpu_to_apicid(unsigned int cpu);
/* Settles the masks from what x86_add_cpu() was told; at least CPU 0. */
void prefill_possible_map(void);

#endif
