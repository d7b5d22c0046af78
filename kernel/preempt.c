// SPDX-License-Identifier: MIT
/* What the running context may do: its counter, and who asks too much. */
#include <linux/preempt.h>

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>

DEFINE_PER_CPU(unsigned int, __preempt_count);

/* Start-up, with interrupts off, may call what sleeps: nobody else runs. */
static bool may_sleep(void)
{
	int state = READ_ONCE(this_machine()->state);

	if (state == SYSTEM_BOOTING || state == SYSTEM_HALTED)
		return true;
	return preemptible() || !current || is_idle_task(current);
}

void __might_sleep(const char *file, int line)
{
	if (likely(may_sleep()))
		return;
	pr_err("BUG: sleeping function called from invalid context at %s:%d\n",
	       file, line);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, non_block: %d, pid: %d, name: %s\n",
	       in_atomic(), irqs_disabled(), 0, current->pid, current->comm);
	pr_err("preempt_count: %x, expected: %x\n", preempt_count(), 0);
	dump_stack();
}
