// SPDX-License-Identifier: MIT
/*
 * The port contract (octavo/port.h) for an x86_64 kernel that somebody else
 * wrote and that links liboctavo-core.a: what can be answered without knowing
 * it. All of it is weak, so the kernel's own answer wins. docs/porting.md
 * tells what is left for it to answer.
 *
 * The booting CPU runs on the per-CPU template itself until it has an area of
 * its own: %gs has the base 0 then, as it is after a reset.
 *
 * The defaults are those of one CPU. With more, a kernel answers
 * port_cpu_up(), port_send_*() and port_cpu_barrier() as well; here they stop
 * the machine, since a wrong answer would go unnoticed.
 */
#include <octavo/machine.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/percpu.h>
#include <linux/stacktrace.h>

#include <octavo/port.h>
#include <asm/current.h>

#define MSR_GS_BASE	0xc0000101u

struct machine octavo_machine;

__weak const unsigned long port_page_offset = 0;

DEFINE_PER_CPU(unsigned long, this_cpu_off);
DEFINE_PER_CPU(struct task_struct *, current_task);

__weak void port_init_interrupts(void)
{
}

__weak u64 port_cycles(void)
{
	u32 low, high;

	__asm__ __volatile__("rdtsc" : "=a" (low), "=d" (high));
	return (u64)high << 32 | low;
}

/* Spreads each bit of the counter over all of the result. */
__weak u64 port_random(void)
{
	u64 x = port_cycles();

	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ULL;
	x ^= x >> 29;
	x *= 0xd1342543de82ef95ULL;
	return x ^ x >> 32;
}

__weak void free_initmem(void)
{
}

__weak int port_console_read(bool wait)
{
	return -EAGAIN;
}

__weak void port_reboot(void)
{
	port_poweroff(true);
}

__weak void port_flush_tlb_range(unsigned long start, unsigned long end)
{
	for (; start < end; start += PAGE_SIZE)
		__asm__ __volatile__("invlpg (%0)" : : "r" (start) : "memory");
}

/* Writing %cr3 forgets all that is not global. */
__weak void port_flush_tlb_all(void)
{
	unsigned long cr3;

	__asm__ __volatile__("mov %%cr3, %0; mov %0, %%cr3"
			     : "=r" (cr3) : : "memory");
}

/* ---- other CPUs ------------------------------------------------------- */

__weak void port_send_reschedule(unsigned int cpu)
{
	BUG();
}

__weak void port_send_call(unsigned int cpu)
{
	BUG();
}

__weak void port_cpu_barrier(const struct cpumask *cpus)
{
	BUG_ON(num_online_cpus() > 1);
}

__weak int port_cpu_up(unsigned int cpu)
{
	return -ENODEV;
}

__weak int port_cpu_down(unsigned int cpu)
{
	return -ENODEV;
}

__weak void port_switch_percpu(unsigned long offset)
{
	__asm__ __volatile__("wrmsr" : : "c" (MSR_GS_BASE),
			     "a" ((u32)offset), "d" ((u32)(offset >> 32))
			     : "memory");
	this_cpu_write(this_cpu_off, offset);
}

/* ---- what a kernel may do without ------------------------------------- */

__weak void port_poison(const void *p, size_t n)
{
}

__weak void port_unpoison(const void *p, size_t n)
{
}

__weak void port_dump_stack(void)
{
}

__weak unsigned int stack_trace_save(unsigned long *store, unsigned int size,
				     unsigned int skipnr)
{
	return 0;
}

__weak const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
				   unsigned long *size)
{
	return NULL;
}

__weak const char *kallsyms_check(void)
{
	return NULL;
}
