// SPDX-License-Identifier: MIT
/*
 * The port contract's functions for malloc(): time, chance, the console, the
 * end; and what is never called, since nothing in this machine sleeps, makes
 * a thread or calls another CPU.
 *
 * What the core has to say (a wrong free, a warning, a panic) goes to stderr
 * as it says it, behind the library's name. What it tells while it starts is
 * kept in the machine's log.
 */
#include <octavo/port.h>

#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/run_queue.h>
#include <octavo/start.h>

#include "os.h"

/* Turns of a spinning thread between two yields, as in arch/host/sched.c. */
#define TURNS_PER_YIELD	64

u64 port_clock_ns(void)
{
	return os_monotonic_ns();
}

u64 port_cycles(void)
{
	return os_monotonic_ns();
}

u64 port_random(void)
{
	return os_entropy();
}

void port_console_write(const char *s, size_t n)
{
	if (READ_ONCE(this_machine()->state) != SYSTEM_BOOTING)
		os_write(OS_STDERR, s, n);
}

int port_console_read(bool wait)
{
	return -EAGAIN;
}

void port_panic(void)
{
	os_abort();
}

void port_poweroff(bool ok)
{
	os_abort();
}

void port_reboot(void)
{
	os_abort();
}

/* A core dump or a debugger shows it better. */
void port_dump_stack(void)
{
}

void port_flush_tlb_range(unsigned long start, unsigned long end)
{
}

void port_flush_tlb_all(void)
{
}

void free_initmem(void)
{
}

void port_poison(const void *p, size_t n)
{
}

void port_unpoison(const void *p, size_t n)
{
}

void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void copy_page(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}

void host_relax(void)
{
	__builtin_ia32_pause();
	if (++host_cpu.turns % TURNS_PER_YIELD == 0)
		os_yield();
}

unsigned int stack_trace_save(unsigned long *store, unsigned int size,
			      unsigned int skipnr)
{
	return 0;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
			    unsigned long *size)
{
	return NULL;
}

void port_cpu_barrier(const struct cpumask *cpus)
{
	/* While it starts there is one thread. */
	if (READ_ONCE(this_machine()->state) != SYSTEM_BOOTING)
		os_barrier();
}

/* ---- what no call of this machine comes to ---------------------------- */

void port_send_reschedule(unsigned int cpu)
{
}

void port_send_call(unsigned int cpu)
{
	panic("malloc: CPU %u is called, but there are no calls", cpu);
}

int port_cpu_up(unsigned int cpu)
{
	return -ENOSYS;
}

int port_cpu_down(unsigned int cpu)
{
	BUG();
	return -ENODEV;
}

void port_init_interrupts(void)
{
}

void port_set_current(struct task_struct *p)
{
	host_cpu.task = p;
}

int port_thread_create(struct task_struct *p)
{
	return -ENOSYS;
}

void port_thread_switch(struct run_queue *rq, struct task_struct *prev,
			struct task_struct *next)
{
	panic("malloc: a call of the core would sleep");
}

void port_thread_resume(struct task_struct *p)
{
}

void port_thread_join(struct task_struct *p)
{
}

void port_thread_leave(void)
{
	panic("malloc: a thread of the core's ends, but there are none");
}
