/* SPDX-License-Identifier: MIT */
/*
 * The host's answer to "which machine, which CPU": one thread-local record,
 * set when a thread binds to a CPU of a machine (octavo_bind()).
 */
#ifndef _ASM_MACHINE_H
#define _ASM_MACHINE_H

#include <linux/types.h>
#include <asm/early_ioremap.h>
#include <asm/memtype_types.h>
#include <asm/x86_machine.h>

struct machine;
struct page;
struct task_struct;
struct host_arena;
struct host_plan;

/* Memory of devices. c: constant */
struct host_device {
	u64 start, end;		/* c: bytes, whole pages, end exclusive */
};

struct host_thread;

/* The POSIX threads that run or wait in a machine. l: locked  a: atomic */
struct host_sched {
	bool locked;			/* a: the lock; no code of the core runs
					 * under it */
	struct host_thread *threads;	/* l: all of them, newest first */
	int ended;			/* a: HOST_THROW_*: what each of them
					 * throws as soon as it can; 0: none */
};

/*
 * Locks: b booting thread only, constant after octavo_machine_create();
 * a atomic.
 */
struct arch_machine {
	unsigned long page_offset;	/* b: address of physical 0 */
	struct page *struct_pages;	/* b: address of PFN 0's */
	phys_addr_t ram_end;		/* b: bytes of arena behind page_offset */
	u16 *frame_kinds;		/* b: see port_frame_kinds() */
	bool holes_hidden;		/* b: what is no RAM has left it */
	struct host_device *devices;	/* b: in order, none touches the next */
	unsigned int nr_devices;	/* b: of them */
	unsigned long fixmap_start;	/* b: fixed addresses; 0: none yet */
	unsigned long low_end;		/* b: PFN at which the direct map ends, on
					 * a machine of 32 bits; 0: another */
	u64 highmem_wanted;		/* b: bytes, of highmem=; 0: no say */
	unsigned long kmap_start;	/* b: addresses of high memory */
	u64 *kmap_entries;		/* b: what each of these pages shows; each
					 * its user's */
	struct host_arena *arena;	/* b: NULL before the direct map */
	const struct host_plan *plan;	/* b: what to build; while starting */
	void *percpu_space;		/* b: addresses of per-CPU areas */
	size_t percpu_space_size;	/* b: bytes of them */
	size_t percpu_stride;		/* b: bytes from CPU to CPU */
	size_t percpu_end;		/* a: bytes of a stride that were ever
					 * mapped at most */
	void *kvirt_space;		/* b: addresses of kernel mappings */
	size_t kvirt_size;		/* b: bytes of them */
	size_t kvirt_end;		/* a: of these, ever used at most */
	void *boot_percpu;		/* b: per-CPU copy of early boot */

	void (*console)(void *ctx, const char *s, size_t n);	/* b: or NULL */
	void *console_ctx;		/* b: console's */
	u64 clock_start;		/* b: ns, of the process's clock */
	u64 clock_step;			/* b: ns a reading; 0: real time */
	u64 clock_now;			/* a: ns, when clock_step is not 0 */
	u64 random_state;		/* a: of port_random() */
	u64 boot_cpu_ns, boot_wall_ns;	/* b: how long start-up took */

	struct machine *gdb_next;	/* the list of machines, arch/host/gdb.c */
	struct host_sched sched;	/* see struct host_sched */
	struct x86_firmware fw;		/* b: tables as on a real PC */
	struct early_ioremap_state early_ioremap;	/* b: its slots */
	struct memtype_state memtype;	/* own lock: how addresses outside RAM
					 * are cached */
};

/* o: the thread itself */
struct host_cpu {
	struct machine *machine;	/* o: NULL while not bound */
	unsigned long percpu_offset;	/* o: bytes */
	struct task_struct *task;	/* o: current */
	unsigned long irqs_off;		/* o: 1 when interrupts are off */
	unsigned int turns;		/* o: calls of host_relax() */
};

extern __thread struct host_cpu host_cpu
	__attribute__((tls_model("initial-exec")));

#define this_machine()		(host_cpu.machine)

#endif
