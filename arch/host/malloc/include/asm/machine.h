/* SPDX-License-Identifier: MIT */
/*
 * The malloc port's answer to "which machine, which CPU": there is one
 * machine, at a constant address, and a thread has a CPU while it is inside
 * the core (arch/host/malloc/port.h).
 */
#ifndef _ASM_MACHINE_H
#define _ASM_MACHINE_H

#include <linux/types.h>

struct machine;
struct page;
struct task_struct;

/*
 * Where the pieces of the one reservation of addresses are. b: written at the
 * start, constant later.
 */
struct arch_machine {
	unsigned long page_offset;	/* b: address of physical 0 */
	struct page *struct_pages;	/* b: address of PFN 0's */
	u16 *frames;			/* b: kinds of frames, PFN 0's first */
	char *percpu_space;		/* b: areas of CPUs */
	phys_addr_t ram_end;		/* b: bytes of RAM */
	void *boot_percpu;		/* b: per-CPU copy of the start */
};

/* o: the thread itself */
struct host_cpu {
	unsigned long percpu_offset;	/* o: bytes */
	struct task_struct *task;	/* o: current */
	unsigned long irqs_off;		/* o: 1 when interrupts are off */
	unsigned int turns;		/* o: calls of host_relax() */
};

extern __thread struct host_cpu host_cpu
	__attribute__((tls_model("initial-exec")));
extern struct machine malloc_machine;

#define this_machine()		(&malloc_machine)

#endif
