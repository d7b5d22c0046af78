/* SPDX-License-Identifier: MIT */
/* What the files of arch/host share. */
#ifndef OCTAVO_HOST_H
#define OCTAVO_HOST_H

#include <octavo/machine.h>
#include <octavo/octavo.h>

/* What host_throw() says happened. */
enum {
	HOST_THROW_PANIC = 1,		/* the machine is dead */
	HOST_THROW_POWEROFF = 2,	/* it ended in order */
	HOST_THROW_FAILED = 3,		/* it ended and says that it failed */
	HOST_THROW_STOP = 4,		/* a thread's machine is taken down */
};

struct host_plan;

/* End of what the direct map shall hold; once max_pfn is known. */
unsigned long host_low_pfn_limit(void);

/*
 * A bare machine, to which the calling thread is bound as CPU 0 with
 * interrupts off. NULL when memory lacks. machine.c tells the rest.
 */
struct machine *host_machine_new(const struct octavo_options *options);
/*
 * Gives @a an arena of @end bytes, whole pages; panics when the system has
 * no address space for it.
 */
void host_arena_setup(struct arch_machine *a, phys_addr_t end);
/* Gives back what host_arena_setup() made, if it did. */
void host_arena_release(struct arch_machine *a);
/* Keeps the plan's devices; before the arena. */
void host_devices_setup(struct arch_machine *a, const struct host_plan *plan);
void host_devices_release(struct arch_machine *a);
/* Where the last ends; 0: there is none. */
phys_addr_t host_devices_end(const struct arch_machine *a);
/* Devices become resources; behind e820__reserve_resources(). */
void host_devices_insert(const struct octavo_options *options);
/* Gives fixed addresses back; nobody uses them. */
void host_fixmap_release(struct arch_machine *a);
/* The same for addresses of high memory. */
void host_highmem_release(struct arch_machine *a);
/* Gives the addresses of the per-CPU areas back; nobody uses them. */
void host_percpu_release(struct arch_machine *a);
/* The same for those of kernel mappings. */
void host_kvirt_release(struct arch_machine *a);
/* Faults of the core's pages are reported from now on, for good. */
void host_faults_watch(void);
/* Runs start_kernel() and the rest. 0, or the error's code. */
int host_machine_boot(struct machine *m, const struct host_plan *plan,
		      struct octavo_error *err);
/* Puts @m on the list that a debugger reads, takes it off. */
void host_gdb_add(struct machine *m);
void host_gdb_remove(struct machine *m);
/* Gives everything back; its CPUs have been stopped. */
void host_machine_free(struct machine *m);

/*
 * CPUs as tokens; theory in sched.c.
 *
 * start: the booting thread, which holds CPU 0, brings the others of the
 * present CPUs online and lets interrupts in. stop: ends every thread that
 * the machine has made; no CPU is held afterwards. Works at any stage of a
 * start that a panic has cut short.
 */
void host_cpus_start(struct machine *m);
void host_cpus_stop(struct machine *m);
/*
 * The calling thread, bound to nothing, waits until CPU @cpu of @m is free
 * and is bound to it: fills host_cpu. 0 or -ENOMEM.
 */
int host_cpu_acquire(struct machine *m, unsigned int cpu);
/* Gives the CPU back and empties host_cpu. */
void host_cpu_release(void);

/*
 * OCTAVO_TRACE and OCTAVO_TRACE_FILE, trace.c: adds what they say to the
 * command line; tells of what they say wrong, on CPU 0 of a machine that has
 * started; writes the file of one that ends.
 */
#ifdef CONFIG_TRACEPOINTS
void host_trace_options(char *cmdline);
void host_trace_started(void);
void host_trace_write(struct machine *m);
#else
static inline void host_trace_options(char *cmdline) {}
static inline void host_trace_started(void) {}
static inline void host_trace_write(struct machine *m) {}
#endif

/* octavo.h's opaque machine is the core's. */
static inline struct machine *machine_of(struct octavo_machine *m)
{
	return (struct machine *)m;
}

#endif
