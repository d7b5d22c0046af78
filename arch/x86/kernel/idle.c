// SPDX-License-Identifier: MIT
/*
 * What a CPU does when no thread wants it: it halts until an interrupt, or for
 * good when it goes off-line.
 */
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <asm/apic.h>

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
		} else if (unlikely(cpu_is_to_stop())) {
			cpu_stop();
		} else {
			arch_safe_halt();
		}
	}
}
