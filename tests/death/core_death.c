// SPDX-License-Identifier: MIT
/* How a machine ends, and what it says of memory that boot has given away. */
#include "death.h"

#include <linux/bug.h>
#include <linux/memblock.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>

static void panics(void)
{
	panic("death test %d", 42);
}
DEATH_TEST(panics, DIES, "Kernel panic - not syncing: death test 42");

static void bug(void)
{
	int state = this_machine()->state;

	BUG_ON(state == SYSTEM_RUNNING);
}
DEATH_TEST(bug, DIES,
	   "kernel BUG at *core_death.c:*! state == SYSTEM_RUNNING");

#ifdef CONFIG_DEBUG_VM
static void debug_check(void)
{
	unsigned int cpus = this_machine()->nr_cpus;

	VM_BUG_ON(cpus != 0);
}
DEATH_TEST(debug_check, DIES,
	   "kernel BUG at *core_death.c:*! cpus != 0");
#endif

static void warns(void)
{
	WARN(this_machine()->nr_cpus != 0, "death test %d", 43);
}
DEATH_TEST(warns, SURVIVES, "death test 43");

static void sleeps_with_preemption_off(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}
DEATH_TEST(sleeps_with_preemption_off, SURVIVES,
	   "BUG: sleeping function called from invalid context at *core_death.c:*");
