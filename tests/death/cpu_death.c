// SPDX-License-Identifier: MIT
/* CPUs that cannot go or come: one line each, and all is as it was. */
#include "death.h"

#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/errno.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

static void first_cpu_goes(void)
{
	BUG_ON(remove_cpu(0) != -EPERM || !cpu_online(0));
}
DEATH_TEST(first_cpu_goes, SURVIVES,
	   "cpu: CPU 0 cannot go off-line: the first CPU stays");

static void absent_cpu_goes(void)
{
	BUG_ON(remove_cpu(77) != -EINVAL);
}
DEATH_TEST(absent_cpu_goes, SURVIVES,
	   "cpu: CPU 77 cannot go off-line: there is no such CPU");

static void absent_cpu_comes(void)
{
	BUG_ON(add_cpu(~0U) != -EINVAL);
}
DEATH_TEST(absent_cpu_comes, SURVIVES,
	   "cpu: CPU 4294967295 cannot go on-line: there is no such CPU");

/* The test's thread is bound to CPU 0; it changes over. */
static void bound_cpu_goes(void)
{
	struct octavo_machine *m = octavo_bound();

	octavo_unbind();
	BUG_ON(octavo_bind(m, 1));
	BUG_ON(remove_cpu(1) != -EBUSY || !cpu_online(1));
	octavo_unbind();
	octavo_bind(m, 0);
	BUG_ON(remove_cpu(1) != 0 || add_cpu(1) != 0);
}
DEATH_TEST(bound_cpu_goes, SURVIVES,
	   "cpu: CPU 1 cannot go off-line: a thread of the program is bound to it",
	   "cpu: CPU 1 does not go: cpu:teardown failed: -16",
	   "smpboot: CPU 1 is now offline");

static void no_cpu_goes_now(void)
{
	cpu_hotplug_disable();
	BUG_ON(remove_cpu(1) != -EBUSY);
	cpu_hotplug_enable();
}
DEATH_TEST(no_cpu_goes_now, SURVIVES,
	   "cpu: CPU 1 cannot go off-line: CPUs may not come or go now");

static void unknown_state(void)
{
	cpuhp_remove_state(CPUHP_TEARDOWN_CPU);
	cpuhp_remove_state(CPUHP_AP_ONLINE_DYN);
}
DEATH_TEST(unknown_state, SURVIVES, "there is no CPU state *",
	   "CPU state * is not set up");

static void masks_unguarded(void)
{
	__cpuhp_setup_state_cpuslocked(CPUHP_BP_PREPARE_DYN, "unguarded", false,
				       NULL, NULL);
}
DEATH_TEST(masks_unguarded, SURVIVES,
	   "CPUs may come and go: cpus_read_lock() is missing");

static void migration_not_disabled(void)
{
	migrate_enable();
}
DEATH_TEST(migration_not_disabled, SURVIVES, "migration was not disabled");
