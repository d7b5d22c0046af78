/* SPDX-License-Identifier: MIT */
/*
 * The host's answer to "which machine, which CPU": one thread-local record,
 * set when a thread binds to a CPU of a machine (octavo_bind()).
 */
#ifndef _ASM_MACHINE_H
#define _ASM_MACHINE_H

#include <linux/types.h>
#include <asm/x86_machine.h>

struct machine;
struct page;
struct task_struct;
struct host_os;

struct arch_machine {
	unsigned long page_offset;	/* b: address of physical 0 */
	struct page *vmemmap;		/* b: address of PFN 0's struct page */
	phys_addr_t ram_end;		/* b: bytes of arena behind page_offset */
	struct host_os *os;		/* b: what arch/host/os keeps */
	struct x86_firmware fw;		/* b: tables as on a real PC */
};

/* o: the thread itself */
struct host_cpu {
	struct machine *machine;	/* o: NULL while not bound */
	unsigned long percpu_offset;	/* o: bytes */
	struct task_struct *task;	/* o: current */
	unsigned long irqs_off;		/* o: 1 when interrupts are off */
};

extern __thread struct host_cpu host_cpu
	__attribute__((tls_model("initial-exec")));

#define this_machine()		(host_cpu.machine)

#endif
