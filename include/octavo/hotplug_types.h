/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_HOTPLUG_TYPES_H
#define _OCTAVO_HOTPLUG_TYPES_H

#include <linux/cpuhotplug.h>
#include <linux/mutex_types.h>
#include <linux/rwsem_types.h>
#include <linux/types.h>

/* What is done at a state. s: hotplug.steps_lock, and hotplug.lock to read */
struct cpuhp_step {
	const char *name;		/* s: NULL: the state is free */
	union {
		cpuhp_fn single;
		cpuhp_multi_fn multi;
	} startup, teardown;		/* s: or NULL */
	struct hlist_head instances;	/* s: of a multi one */
	bool multi;			/* s */
};

/* b: at start-up, constant later  o: op  a: atomic */
struct hotplug_state {
	struct mutex op;		/* one CPU comes or goes at a time */
	struct rw_semaphore lock;	/* cpus_read_lock(); a writer while the
					 * masks change */
	struct mutex steps_lock;	/* of step */
	struct cpuhp_step step[CPUHP_ONLINE + 1];
	unsigned int nr_ap;		/* s: steps that are called on CPUs */
	unsigned int disabled;		/* o: cpu_hotplug_disable() calls */
	unsigned int leaving;		/* a: CPU + 1 that is no longer online
					 * and still runs; 0: none */
	unsigned int max_cpus;		/* b: CPUs that smp_init() starts */
	bool max_set;			/* b: by an option */
};

#endif
