/* SPDX-License-Identifier: MIT */
/*
 * What happens when a CPU comes or goes: a row of states that it climbs and
 * descends, each with what is to be done on the way. See kernel/cpuhp.c.
 */
#ifndef _LINUX_CPUHOTPLUG_H
#define _LINUX_CPUHOTPLUG_H

#include <linux/types.h>

struct hlist_node;

/*
 * In the order in which a CPU that comes passes them. Up to CPUHP_BRINGUP_CPU
 * the calls are made while it does not run, by who brings it or took it;
 * above CPUHP_TEARDOWN_CPU while it runs, and those of states that were set
 * up are made on it, in a thread of its own.
 */
enum cpuhp_state {
	CPUHP_INVALID = -1,
	CPUHP_OFFLINE = 0,

	CPUHP_CREATE_THREADS,
	CPUHP_TIMERS_PREPARE,
	CPUHP_SLUB_DEAD,
	CPUHP_PAGE_ALLOC,
	CPUHP_BP_PREPARE_DYN,
	CPUHP_BP_PREPARE_DYN_END = CPUHP_BP_PREPARE_DYN + 20,
	CPUHP_BRINGUP_CPU,

	CPUHP_TEARDOWN_CPU,
	CPUHP_AP_SMPBOOT_THREADS,
	CPUHP_AP_ONLINE_DYN,
	CPUHP_AP_ONLINE_DYN_END = CPUHP_AP_ONLINE_DYN + 40,
	CPUHP_AP_ACTIVE,
	CPUHP_ONLINE,
};

typedef int (*cpuhp_fn)(unsigned int cpu);
typedef int (*cpuhp_multi_fn)(unsigned int cpu, struct hlist_node *node);

/*
 * @startup is called when a CPU comes to @state, @teardown when it leaves it;
 * either may be NULL. One that returns an error from @startup keeps the CPU
 * from coming, from @teardown above CPUHP_TEARDOWN_CPU it keeps it from
 * going; what was done so far is undone. With @invoke, @startup is called for
 * each CPU that has passed @state already, and an error undoes that.
 *
 * With CPUHP_BP_PREPARE_DYN and CPUHP_AP_ONLINE_DYN any free state of that
 * kind is taken, and its number returned; otherwise 0. -EINVAL: no state, or
 * one of the kernel's own; -EBUSY: it is taken; -ENOSPC: all of the kind are;
 * -ENOMEM, or what @startup returned. May sleep; not from a callback.
 */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			cpuhp_fn startup, cpuhp_fn teardown);
/* The same with cpus_read_lock() held. */
int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name,
				   bool invoke, cpuhp_fn startup,
				   cpuhp_fn teardown);
/* Calls nothing yet: for each instance that is added to it. */
int cpuhp_setup_state_multi(enum cpuhp_state state, const char *name,
			    cpuhp_multi_fn startup, cpuhp_multi_fn teardown);
/* @invoke: as above, for that instance alone. 0 or what @startup returned. */
int __cpuhp_state_add_instance(enum cpuhp_state state, struct hlist_node *node,
			       bool invoke);
int __cpuhp_state_remove_instance(enum cpuhp_state state,
				  struct hlist_node *node, bool invoke);
/* With @invoke, @teardown is called for each CPU that has passed @state. */
void __cpuhp_remove_state(enum cpuhp_state state, bool invoke);
void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke);

/* What @state is called; NULL: it is free, or none. cpus_read_lock() held. */
const char *cpuhp_state_name(enum cpuhp_state state);
/* Stops the machine unless the invariants in kernel/cpuhp.c hold. May sleep. */
void cpuhp_check(void);

#define cpuhp_setup_state(state, name, startup, teardown)		\
	__cpuhp_setup_state(state, name, true, startup, teardown)
#define cpuhp_setup_state_nocalls(state, name, startup, teardown)	\
	__cpuhp_setup_state(state, name, false, startup, teardown)
#define cpuhp_setup_state_cpuslocked(state, name, startup, teardown)	\
	__cpuhp_setup_state_cpuslocked(state, name, true, startup, teardown)
#define cpuhp_setup_state_nocalls_cpuslocked(state, name, startup, teardown) \
	__cpuhp_setup_state_cpuslocked(state, name, false, startup, teardown)
#define cpuhp_state_add_instance(state, node)				\
	__cpuhp_state_add_instance(state, node, true)
#define cpuhp_state_add_instance_nocalls(state, node)			\
	__cpuhp_state_add_instance(state, node, false)
#define cpuhp_state_remove_instance(state, node)			\
	__cpuhp_state_remove_instance(state, node, true)
#define cpuhp_state_remove_instance_nocalls(state, node)		\
	__cpuhp_state_remove_instance(state, node, false)
#define cpuhp_remove_state(state)	__cpuhp_remove_state(state, true)
#define cpuhp_remove_state_nocalls(state) __cpuhp_remove_state(state, false)
#define cpuhp_remove_multi_state(state)	__cpuhp_remove_state(state, false)
#define cpuhp_remove_state_nocalls_cpuslocked(state)			\
	__cpuhp_remove_state_cpuslocked(state, false)

#endif
