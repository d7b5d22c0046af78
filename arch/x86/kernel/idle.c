// SPDX-License-Identifier: MIT
/* What a CPU does when no thread wants it: it halts until an interrupt. */
#include <linux/irqflags.h>
#include <linux/sched.h>

void __noreturn cpu_idle(void)
{
	for (;;) {
		/*
		 * Off while looking: a wake-up that comes after the look is
		 * an interrupt, and ends the halt that turns them on.
		 */
		local_irq_disable();
		if (need_resched()) {
			local_irq_enable();
			schedule();
		} else {
			arch_safe_halt();
		}
	}
}
