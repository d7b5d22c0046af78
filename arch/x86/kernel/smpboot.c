// SPDX-License-Identifier: MIT
/*
 * Starting the other CPUs, one at a time.
 *
 *   booting CPU                          CPU n
 *   tables, stack, trampoline's words
 *   INIT, STARTUP ---------------------> real mode at the trampoline's page
 *                                        protected mode, paging (long mode)
 *                                        secondary_startup(): tables, APIC
 *   waits <----------------------------- called_in, then online
 *   next                                 start_secondary(), idles
 *
 * The trampoline (trampoline_64.S, trampoline_32.S) is copied to one page
 * below 1 MiB, where a STARTUP interrupt can point. Until it has left it, a CPU
 * runs on page tables of its own: the kernel's, and the first MiB at address 0,
 * executable; the kernel's own tables never have such a mapping. The words
 * at its end tell the CPU where to go; one set is enough, as CPUs start one
 * by one.
 *
 * Old CPUs want 10 ms between INIT and STARTUP and a second STARTUP; those
 * that have an x2APIC or run in an emulator do not.
 *
 * Going: the CPU idles and is in no mask. It sees the order in its idle loop,
 * answers what was asked of it last, turns its controller off, says that it is
 * dead, and halts with interrupts off. Only INIT or a panic's NMI wakes it.
 * Its stack and tables stay for when it comes again.
 *
 * Failure: a CPU that does not come within a second is reported, its memory
 * stays with it (it may come yet), and the machine goes on without it. So is
 * one that does not go, and then it is still there.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <octavo/start.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/irq_vectors.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/mtrr.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/time.h>
#include <asm/tlb.h>
#include <asm/x86_init.h>

#include "trampoline.h"

/* The trampoline, between these; tramp_* are offsets in it. */
extern const char trampoline_start[], trampoline_end[], trampoline_words[];

/* At trampoline_words; the trampoline reads it by these offsets. */
struct trampoline_words {
	u64 cr3;		/* trampoline's tables, below 4 GiB */
	u64 cr4;		/* as the booting CPU has it */
	u64 efer;		/* without LMA; 0: the CPU has none */
	u64 stack;		/* top of the CPU's stack */
	u64 percpu;		/* its per-CPU offset */
	u64 entry;		/* secondary_startup() */
	u64 cpu;		/* its number */
};

#define TRAMPOLINE_LIMIT	0x100000	/* STARTUP's vector is a page */
#define START_STACK_ORDER	2		/* 16 KiB, as any thread */
#define START_TIMEOUT_US	1000000
#define INIT_WAIT_US		10000
#define STARTUP_WAIT_US		200
#define CPUID_1_ECX_X2APIC	(1U << 21)
#define CPUID_1_ECX_HYPERVISOR	(1U << 31)

void __noreturn secondary_startup(unsigned long cpu);

/* Tables that a CPU loads when it starts, and the top of its first stack. */
static DEFINE_PER_CPU(struct cpu_tables *, cpu_tables_of);
static DEFINE_PER_CPU(unsigned long, cpu_stack_of);

/*
 * a: CPU_STAYS: it runs, or may; CPU_GOES: it is to stop, which it may yet be
 * told not to; CPU_STOPS: it has seen that; CPU_IS_DEAD
 */
enum { CPU_STAYS, CPU_GOES, CPU_STOPS, CPU_IS_DEAD };
static DEFINE_PER_CPU(unsigned int, cpu_order);

static struct x86_smp *smp(void)
{
	return &this_arch()->port.smp;
}

/* One page for the code, then the tables. */
#define REAL_MODE_PAGES		(1 + TRAMPOLINE_TABLES)

void __init reserve_real_mode(void)
{
	phys_addr_t size = REAL_MODE_PAGES * PAGE_SIZE;

	if (smp()->real_mode)
		return;
	smp()->real_mode = memblock_phys_alloc_range(size, PAGE_SIZE, PAGE_SIZE,
						     TRAMPOLINE_LIMIT);
	if (!smp()->real_mode)
		pr_warn("no free page below 1 MiB: only one CPU can be used\n");
}

phys_addr_t real_mode_base(void)
{
	return smp()->real_mode;
}

static void *real_mode_code(void)
{
	return __va(smp()->real_mode);
}

static void trampoline_prepare(void)
{
	size_t size = (size_t)(trampoline_end - trampoline_start);
	struct cpuid_regs r = cpuid(1);

	BUG_ON(size > PAGE_SIZE);
	memcpy(real_mode_code(), trampoline_start, size);
	trampoline_tables(smp()->real_mode + PAGE_SIZE);
	smp()->slow_init = !(r.ecx & (CPUID_1_ECX_X2APIC |
				      CPUID_1_ECX_HYPERVISOR));
}

/* Stack, then tables, once; both from @cpu's node. 0 or -ENOMEM. */
static int cpu_memory_get(unsigned int cpu)
{
	int nid = this_machine()->cpu_node[cpu];
	struct page *s, *t;

	if (per_cpu(cpu_stack_of, cpu))
		return 0;
	if (nid < 0 || !NODE_DATA(nid))
		nid = NUMA_NO_NODE;
	s = alloc_pages_node(nid, GFP_KERNEL | __GFP_ZERO, START_STACK_ORDER);
	if (!s)
		return -ENOMEM;
	t = alloc_pages_node(nid, GFP_KERNEL | __GFP_ZERO,
			     get_order(sizeof(struct cpu_tables)));
	if (!t) {
		__free_pages(s, START_STACK_ORDER);
		return -ENOMEM;
	}
	per_cpu(cpu_stack_of, cpu) = (unsigned long)page_address(s) +
				     (PAGE_SIZE << START_STACK_ORDER);
	per_cpu(cpu_tables_of, cpu) = page_address(t);
	return 0;
}

static struct trampoline_words *trampoline_fill(unsigned int cpu,
						unsigned long stack)
{
	struct trampoline_words *w = (void *)
		((char *)real_mode_code() +
		 (trampoline_words - trampoline_start));

	w->cr3 = smp()->real_mode + PAGE_SIZE;
	w->cr4 = read_cr4();
	w->efer = read_efer() & ~EFER_LMA;
	w->stack = stack;
	w->percpu = per_cpu_offset(cpu);
	w->entry = (unsigned long)secondary_startup;
	w->cpu = cpu;
	return w;
}

/* Calls @cpu's controller; the CPU itself may take its time. */
static void cpu_kick(unsigned int cpu)
{
	u32 apicid = cpu_to_apicid(cpu);
	u8 page = (u8)(smp()->real_mode >> PAGE_SHIFT);

	apic_send(apicid, APIC_DM_INIT, 0);
	if (smp()->slow_init)
		x86_udelay(INIT_WAIT_US);
	apic_send(apicid, APIC_DM_STARTUP, page);
	if (smp()->slow_init) {
		x86_udelay(STARTUP_WAIT_US);
		apic_send(apicid, APIC_DM_STARTUP, page);
	}
}

static bool cpu_wait_online(unsigned int cpu)
{
	u64 end = port_clock_ns() + START_TIMEOUT_US * 1000ULL;

	while (!cpu_online(cpu)) {
		if (port_clock_ns() > end)
			return false;
		cpu_relax();
	}
	return true;
}

int port_cpu_up(unsigned int cpu)
{
	int err;

	if (cpu >= NR_CPUS || !cpu_present(cpu))
		return -EINVAL;
	if (!smp()->real_mode)
		return -ENXIO;
	err = cpu_memory_get(cpu);
	if (err)
		return err;
	if (this_machine()->state == SYSTEM_RUNNING)
		pr_info("smpboot: Booting Node %d Processor %u APIC 0x%x\n",
			cpu_to_node((int)cpu), cpu, cpu_to_apicid(cpu));
	cpumask_clear_cpu(cpu, &smp()->called_in);
	__atomic_store_n(per_cpu_ptr(&cpu_order, cpu), CPU_STAYS,
			 __ATOMIC_RELAXED);
	per_cpu(this_cpu_off, cpu) = per_cpu_offset(cpu);
	per_cpu(cpu_number, cpu) = (int)cpu;
	trampoline_prepare();
	trampoline_fill(cpu, per_cpu(cpu_stack_of, cpu));
	cpu_kick(cpu);
	if (!cpu_wait_online(cpu)) {
		pr_err("CPU%u (APIC id %u) does not start: %s\n", cpu,
		       cpu_to_apicid(cpu),
		       cpumask_test_cpu(cpu, &smp()->called_in) ?
		       "it came, but is not online" : "no sign of it");
		return -EIO;
	}
	return 0;
}

/* ---- going ------------------------------------------------------------ */

bool cpu_is_to_stop(void)
{
	unsigned int *order = this_cpu_ptr(&cpu_order), goes = CPU_GOES;

	if (likely(__atomic_load_n(order, __ATOMIC_RELAXED) != CPU_GOES))
		return false;
	/* Pairs with the release in port_cpu_down(). */
	return __atomic_compare_exchange_n(order, &goes, CPU_STOPS, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Touches no memory after it has said that it is dead. */
void __noreturn cpu_stop(void)
{
	unsigned int *order = this_cpu_ptr(&cpu_order);

	preempt_count_add(HARDIRQ_OFFSET);
	generic_smp_call_function_interrupt();
	preempt_count_sub(HARDIRQ_OFFSET);
	apic_shutdown_cpu();
	/* Pairs with the acquire in cpu_wait_dead(). */
	__atomic_store_n(order, CPU_IS_DEAD, __ATOMIC_RELEASE);
	__asm__ __volatile__("1: cli; hlt; jmp 1b" : : : "memory");
	__builtin_unreachable();
}

static bool cpu_wait_dead(unsigned int cpu)
{
	u64 end = port_clock_ns() + START_TIMEOUT_US * 1000ULL;

	/* Pairs with the release in cpu_stop(). */
	while (__atomic_load_n(per_cpu_ptr(&cpu_order, cpu),
			       __ATOMIC_ACQUIRE) != CPU_IS_DEAD) {
		if (port_clock_ns() > end)
			return false;
		cpu_relax();
	}
	return true;
}

int port_cpu_down(unsigned int cpu)
{
	unsigned int *order = per_cpu_ptr(&cpu_order, cpu);
	unsigned int goes = CPU_GOES;

	__atomic_store_n(order, CPU_GOES, __ATOMIC_RELEASE);
	port_send_reschedule(cpu);
	if (cpu_wait_dead(cpu))
		return 0;
	/* Where it has seen the order, it is about to stop. */
	if (!__atomic_compare_exchange_n(order, &goes, CPU_STAYS, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
		cpu_wait_dead(cpu);
		return 0;
	}
	pr_err("CPU%u (APIC id %u) does not stop\n", cpu, cpu_to_apicid(cpu));
	return -EIO;
}

/* First C code of another CPU: on its stack, per-CPU base set, interrupts off. */
void secondary_startup(unsigned long cpu)
{
	write_cr3(kernel_pgtable()->root);
	cpu_tables_load(this_cpu_read(cpu_tables_of));
	cpu_protection_init();
	mtrr_ap_init();
	pat_init();
	cpumask_set_cpu((unsigned int)cpu, &smp()->called_in);
	apic_setup_cpu();
	apic_timer_start();
	start_secondary((unsigned int)cpu);
	/* What the others were asked to flush before this CPU was online. */
	flush_tlb_local_all();
	local_irq_enable();
	cpu_idle();
}
