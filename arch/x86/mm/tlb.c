// SPDX-License-Identifier: MIT
/*
 * Making all CPUs forget translations.
 *
 * The caller has changed the tables. It flushes its own CPU, then asks the
 * others with an interrupt and waits until each has flushed; only then may
 * the memory that was mapped be used for something else.
 *
 *   caller                              each other online CPU
 *   lock, write range, waiting = n
 *   pending = 1 (release), interrupt -> pending 1 -> 0 (acquire), flush
 *   until waiting == 0 <--------------- waiting -= 1 (release)
 *   unlock
 *
 * A CPU that has interrupts off answers when it turns them on. Two CPUs that
 * flush at once would wait for each other if the one that waits for the lock
 * did not answer: it looks at its pending word while it waits.
 *
 * A CPU that comes online flushes everything once it is in the mask, so what
 * was asked of the others before does not concern it. One that goes answers
 * until nobody asks any more (kernel/cpu.c). The caller stays on its CPU from
 * its own flush on.
 *
 * Lock order: x86_tlb.lock is a leaf; it is taken with interrupts on or off.
 */
#include <asm/tlb.h>

#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/apic.h>
#include <asm/irq.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/processor.h>

/* Above this many pages one flush of everything is faster; Linux's number. */
#define FLUSH_CEILING	33

/* 1: this CPU is asked to flush and has not yet. */
static DEFINE_PER_CPU(unsigned int, tlb_pending);

static struct x86_tlb *tlb(void)
{
	return &this_arch()->port.tlb;
}

void flush_tlb_local_all(void)
{
	unsigned long flags, cr4;

	local_irq_save(flags);
	cr4 = read_cr4();
	if (cr4 & X86_CR4_PGE) {
		/* Leaving PGE drops global entries too. */
		write_cr4(cr4 & ~X86_CR4_PGE);
		write_cr4(cr4);
	} else {
		write_cr3(read_cr3());
	}
	local_irq_restore(flags);
}

void flush_tlb_local_range(unsigned long start, unsigned long end)
{
	unsigned long addr;

	if (end - start > FLUSH_CEILING * PAGE_SIZE) {
		flush_tlb_local_all();
		return;
	}
	for (addr = start & PAGE_MASK; addr < end; addr += PAGE_SIZE)
		invlpg(addr);
}

/* Answers the request to this CPU, if there is one. Interrupts are off. */
static void tlb_answer(void)
{
	struct x86_tlb *t = tlb();
	unsigned int *pending = this_cpu_ptr(&tlb_pending);

	/* Pairs with the release in tlb_request(): the range is there. */
	if (!__atomic_exchange_n(pending, 0, __ATOMIC_ACQUIRE))
		return;
	if (t->end)
		flush_tlb_local_range(t->start, t->end);
	else
		flush_tlb_local_all();
	/* Pairs with the acquire in tlb_request(). */
	__atomic_fetch_sub(&t->waiting, 1, __ATOMIC_RELEASE);
}

void tlb_flush_interrupt(void)
{
	tlb_answer();
}

/* Asks all other CPUs that run, waits for them. Holds t->lock. */
static void tlb_request(struct x86_tlb *t, unsigned long start,
			unsigned long end)
{
	unsigned int cpu;

	cpumask_running(&t->asked);
	cpumask_clear_cpu(raw_smp_processor_id(), &t->asked);
	t->start = start;
	t->end = end;
	/* Before any CPU can answer: the releases below order it. */
	__atomic_store_n(&t->waiting, cpumask_weight(&t->asked),
			 __ATOMIC_RELAXED);
	for_each_cpu(cpu, &t->asked) {
		/* Pairs with the acquire in tlb_answer(). */
		__atomic_store_n(per_cpu_ptr(&tlb_pending, cpu), 1,
				 __ATOMIC_RELEASE);
		apic_send_ipi(cpu, TLB_FLUSH_VECTOR);
	}
	/* Pairs with the release in tlb_answer(). */
	while (__atomic_load_n(&t->waiting, __ATOMIC_ACQUIRE))
		cpu_relax();
}

/* Preemption is off. */
static void tlb_flush_all_cpus(unsigned long start, unsigned long end)
{
	struct x86_tlb *t = tlb();
	struct cpumask running;
	unsigned long flags;

	cpumask_running(&running);
	if (cpumask_weight(&running) == 1)
		return;
	local_irq_save(flags);
	while (!spin_trylock(&t->lock)) {
		tlb_answer();
		cpu_relax();
	}
	tlb_request(t, start, end);
	spin_unlock(&t->lock);
	local_irq_restore(flags);
}

void port_flush_tlb_range(unsigned long start, unsigned long end)
{
	if (start >= end)
		return;
	preempt_disable();
	flush_tlb_local_range(start, end);
	tlb_flush_all_cpus(start, end);
	preempt_enable();
}

void port_flush_tlb_all(void)
{
	preempt_disable();
	flush_tlb_local_all();
	tlb_flush_all_cpus(0, 0);
	preempt_enable();
}
