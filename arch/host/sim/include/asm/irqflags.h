/* SPDX-License-Identifier: MIT */
/* Interrupts of a simulated CPU: they come where the simulator says. */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <asm/machine.h>

/* Interrupts are on here: one may come. */
void sim_irq_point(void);

static inline unsigned long arch_local_save_flags(void)
{
	return host_cpu.irqs_off;
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = host_cpu.irqs_off;

	if (!flags)
		sim_irq_point();
	host_cpu.irqs_off = 1;
	return flags;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	host_cpu.irqs_off = flags;
	if (!flags)
		sim_irq_point();
}

static inline void arch_local_irq_disable(void)
{
	(void)arch_local_irq_save();
}

static inline void arch_local_irq_enable(void)
{
	arch_local_irq_restore(0);
}

static inline bool arch_irqs_disabled(void)
{
	return host_cpu.irqs_off;
}

#endif
