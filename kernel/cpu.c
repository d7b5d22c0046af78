// SPDX-License-Identifier: MIT
/*
 * Taking CPUs off-line and bringing them on-line.
 *
 *   cpu_down(N)                           CPU N
 *     steps above (cpuhp.c), top down       threads run
 *     threads leave (sched_move.c)          idle: interrupts and calls only
 *     leaving = N, not online
 *     grace period                          barriers and flushes only
 *     leaving = none
 *     grace period                          nothing
 *     port_cpu_down()                       stops
 *     steps below: lists, arrays, timers
 *
 * Who calls all CPUs, flushes their TLBs or has a barrier run on them looks at
 * the masks with preemption off, and keeps it off until all have answered. So
 * after a grace period nobody waits for a CPU that has left the masks. Calls
 * may allocate and read under RCU, which barriers have to see; that is why a
 * CPU is called by nobody for one grace period before barriers leave it out
 * (cpumask_running()).
 *
 * The other way: port_cpu_up() starts the CPU, which puts itself into the
 * masks; then its threads come back, and the steps above are made.
 *
 * CPU 0 stays, as on Linux's x86: firmware and the interrupts that only it
 * gets depend on it. So does the last one, and where the program's own threads
 * are CPUs, one that such a thread is bound to.
 *
 * Failure: steps fail as they may (cpuhp.c); the CPU is where it was, and one
 * line says which step it was.
 *
 * Locks: hotplug.op, one CPU at a time; then hotplug.lock written from the
 * first step to the last. cpus_read_lock() is the other side of that.
 */
#include <linux/cpu.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/topology.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "cpuhp.h"

static struct hotplug_state *hotplug(void)
{
	return &this_machine()->hotplug;
}

void __init cpu_hotplug_init(void)
{
	struct hotplug_state *h = hotplug();

	mutex_init(&h->op);
	init_rwsem(&h->lock);
	mutex_init(&h->steps_lock);
	if (!h->max_set)
		h->max_cpus = NR_CPUS;
}

void cpu_hotplug_set_max(unsigned int max)
{
	hotplug()->max_cpus = max;
	hotplug()->max_set = true;
}

/* ---- who may rely on what there is ------------------------------------ */

void cpus_read_lock(void)
{
	down_read(&hotplug()->lock);
}

int cpus_read_trylock(void)
{
	return down_read_trylock(&hotplug()->lock);
}

void cpus_read_unlock(void)
{
	up_read(&hotplug()->lock);
}

void lockdep_assert_cpus_held(void)
{
	WARN(!rwsem_is_locked(&hotplug()->lock),
	     "CPUs may come and go: cpus_read_lock() is missing");
}

void cpumask_running(struct cpumask *mask)
{
	/*
	 * In this order: a CPU is leaving before it is not online. Pairs with
	 * the release in cpu_take_down().
	 */
	unsigned int leaving;

	cpumask_copy(mask, cpu_online_mask);
	leaving = __atomic_load_n(&hotplug()->leaving, __ATOMIC_ACQUIRE);
	if (leaving)
		cpumask_set_cpu(leaving - 1, mask);
}

/* ---- the masks -------------------------------------------------------- */

/* Its node has none any more if @cpu was the last one. */
static void node_lost_cpu(unsigned int cpu)
{
	int nid = cpu_to_node((int)cpu);
	unsigned int other;

	if (nid == NUMA_NO_NODE)
		return;
	for_each_online_cpu(other)
		if (cpu_to_node((int)other) == nid)
			return;
	node_clear_state(nid, N_CPU);
}

void cpu_set_online(unsigned int cpu)
{
	int nid = cpu_to_node((int)cpu);

	cpumask_set_cpu(cpu, cpu_online_mask);
	if (nid != NUMA_NO_NODE)
		node_set_state(nid, N_CPU);
}

static void leaving_set(unsigned int value)
{
	__atomic_store_n(&hotplug()->leaving, value, __ATOMIC_RELEASE);
}

/* ---- the two steps that are the CPU itself ---------------------------- */

int cpu_bring_up(unsigned int cpu)
{
	int err = port_cpu_up(cpu);

	if (err)
		return err;
	BUG_ON(!cpu_online(cpu));
	cpuhp_thread_start(cpu);
	return 0;
}

static void nothing(void *info)
{
}

int cpu_take_down(unsigned int cpu)
{
	int err = sched_cpu_leave(cpu);

	if (err)
		return err;
	/* The last thread's end is over when the CPU answers. */
	smp_call_function_single((int)cpu, nothing, NULL, 1);
	leaving_set(cpu + 1);
	cpumask_clear_cpu(cpu, cpu_online_mask);
	synchronize_rcu();
	leaving_set(0);
	synchronize_rcu();
	err = port_cpu_down(cpu);
	if (err) {
		/* It still runs, as the port says. */
		cpumask_set_cpu(cpu, cpu_online_mask);
		sched_cpu_stay(cpu);
		return err;
	}
	node_lost_cpu(cpu);
	pr_info("smpboot: CPU %u is now offline\n", cpu);
	return 0;
}

/* ---- up and down ------------------------------------------------------ */

/* Why nothing may change now; NULL: it may. hotplug.op. */
static const char *hotplug_refused(void)
{
	return hotplug()->disabled ? "CPUs may not come or go now" : NULL;
}

/* For the log; who asked says it where it was asked. */
static int refuse(unsigned int cpu, const char *way, const char *why, int err)
{
	printk(KERN_DEBUG "cpu: CPU %u cannot go %s: %s\n", cpu, way, why);
	return err;
}

static int cpu_down_locked(unsigned int cpu)
{
	const char *why = hotplug_refused();
	int err;

	if (why)
		return refuse(cpu, "off-line", why, -EBUSY);
	if (num_online_cpus() == 1)
		return refuse(cpu, "off-line", "it is the last one", -EBUSY);
	down_write(&hotplug()->lock);
	err = cpuhp_down(cpu);
	up_write(&hotplug()->lock);
	return err;
}

static bool cpu_exists(unsigned int cpu)
{
	return cpu < NR_CPUS && cpu_present(cpu);
}

/* @was: what to return when it is so already. */
static int cpu_go_down(unsigned int cpu, int was)
{
	int err = was;

	might_sleep();
	if (!cpu_exists(cpu))
		return refuse(cpu, "off-line", "there is no such CPU", -EINVAL);
	mutex_lock(&hotplug()->op);
	if (!cpu)
		err = refuse(cpu, "off-line", "the first CPU stays", -EPERM);
	else if (cpu_online(cpu))
		err = cpu_down_locked(cpu);
	mutex_unlock(&hotplug()->op);
	return err;
}

static int cpu_up_locked(unsigned int cpu)
{
	const char *why = hotplug_refused();
	int err;

	if (why)
		return refuse(cpu, "on-line", why, -EBUSY);
	down_write(&hotplug()->lock);
	err = cpuhp_up(cpu);
	up_write(&hotplug()->lock);
	return err;
}

static int cpu_go_up(unsigned int cpu, int was)
{
	int err = was;

	might_sleep();
	if (!cpu_exists(cpu))
		return refuse(cpu, "on-line", "there is no such CPU", -EINVAL);
	mutex_lock(&hotplug()->op);
	if (!cpu_online(cpu))
		err = cpu_up_locked(cpu);
	mutex_unlock(&hotplug()->op);
	return err;
}

int cpu_down(unsigned int cpu)
{
	return cpu_go_down(cpu, 0);
}

int cpu_up(unsigned int cpu)
{
	return cpu_go_up(cpu, 0);
}

int remove_cpu(unsigned int cpu)
{
	return cpu_go_down(cpu, 1);
}

int add_cpu(unsigned int cpu)
{
	return cpu_go_up(cpu, 1);
}

void cpu_hotplug_disable(void)
{
	mutex_lock(&hotplug()->op);
	hotplug()->disabled++;
	mutex_unlock(&hotplug()->op);
}

void cpu_hotplug_enable(void)
{
	mutex_lock(&hotplug()->op);
	if (!WARN(!hotplug()->disabled, "CPU hotplug was not disabled"))
		hotplug()->disabled--;
	mutex_unlock(&hotplug()->op);
}

/* ---- start-up --------------------------------------------------------- */

void smp_init(void)
{
	unsigned int cpu;

	for_each_present_cpu(cpu) {
		int err;

		if (num_online_cpus() >= hotplug()->max_cpus)
			break;
		err = cpu_up(cpu);
		if (err)
			pr_err("CPU%u did not start: error %d\n", cpu, err);
	}
	pr_info("smp: Brought up %d node%s, %u CPU%s\n", num_online_nodes(),
		num_online_nodes() == 1 ? "" : "s", num_online_cpus(),
		num_online_cpus() == 1 ? "" : "s");
}
