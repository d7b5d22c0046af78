/* SPDX-License-Identifier: MIT */
/* The host has no interrupts; whether they would be on is still kept. */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <asm/machine.h>

static inline unsigned long arch_local_save_flags(void)
{
	return host_cpu.irqs_off;
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = host_cpu.irqs_off;

	host_cpu.irqs_off = 1;
	return flags;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	host_cpu.irqs_off = flags;
}

static inline void arch_local_irq_disable(void)
{
	host_cpu.irqs_off = 1;
}

static inline void arch_local_irq_enable(void)
{
	host_cpu.irqs_off = 0;
}

static inline bool arch_irqs_disabled(void)
{
	return host_cpu.irqs_off;
}

#endif
