// SPDX-License-Identifier: MIT
/*
 * The idle thread of a kernel that embeds the core: without a timer it is the
 * one that looks whether a sleeper's time has come. A kernel with interrupts
 * answers with a loop that halts.
 */
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <asm/processor.h>
#include <octavo/port.h>

__weak void __noreturn cpu_idle(void)
{
	unsigned long flags;

	for (;;) {
		local_irq_save(flags);
		scheduler_tick();
		local_irq_restore(flags);
		if (need_resched())
			schedule();
		else
			cpu_relax();
	}
}
