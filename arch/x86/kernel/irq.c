// SPDX-License-Identifier: MIT
/*
 * Interrupts: counted in preempt_count while their handler runs, so that
 * nothing in it sleeps or is switched away; at the end the thread that was
 * interrupted may be, if another has a claim and nothing forbids it.
 *
 * Interrupt gates keep interrupts off throughout, so handlers do not nest.
 */
#include <asm/irq.h>

#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <octavo/machine.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/pci_host.h>
#include <asm/restart.h>
#include <asm/tlb.h>
#include <asm/traps.h>

void stop_this_cpu(void)
{
	for (;;)
		__asm__ __volatile__("cli; hlt" : : : "memory");
}

static void interrupt_handle(unsigned int vector)
{
	switch (vector) {
	case LOCAL_TIMER_VECTOR:
		scheduler_tick();
		kfence_tick();
		guard_tick();
		return;
	case CALL_FUNCTION_VECTOR:
		generic_smp_call_function_interrupt();
		return;
	case TLB_FLUSH_VECTOR:
		tlb_flush_interrupt();
		return;
	case RESCHEDULE_VECTOR:
		/* The way back to the thread looks at the request. */
		return;
	case STOP_VECTOR:
		stop_this_cpu();
	case ERROR_APIC_VECTOR:
		apic_write(APIC_ESR, 0);
		pr_warn("APIC error on CPU%d: %#x\n", raw_smp_processor_id(),
			apic_read(APIC_ESR));
		return;
	default:
		if (msi_interrupt(vector))
			return;
		pr_warn("CPU%d: no handler for interrupt vector %#x\n",
			raw_smp_processor_id(), vector);
	}
}

/* The 8259s signal through their own pins and want no EOI of the APIC. */
static bool vector_wants_eoi(unsigned int vector)
{
	return vector != SPURIOUS_APIC_VECTOR &&
	       (vector < ISA_IRQ_VECTOR(0) || vector >= ISA_IRQ_VECTOR(16));
}

void x86_interrupt(struct pt_regs *regs)
{
	unsigned int vector = (unsigned int)regs->vector;

	restart_interrupted(regs);
	if (!vector_wants_eoi(vector))
		return;
	preempt_count_add(HARDIRQ_OFFSET);
	apic_eoi();
	interrupt_handle(vector);
	preempt_count_sub(HARDIRQ_OFFSET);
	if (need_resched() && preempt_count() == 0)
		preempt_schedule_irq();
}

void x86_entry(struct pt_regs *regs)
{
	if (regs->vector < NR_EXCEPTION_VECTORS)
		x86_trap(regs);
	else
		x86_interrupt(regs);
}
