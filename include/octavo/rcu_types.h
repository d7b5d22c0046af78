/* SPDX-License-Identifier: MIT */
/* What kernel/rcu.c keeps for a machine. */
#ifndef _OCTAVO_RCU_TYPES_H
#define _OCTAVO_RCU_TYPES_H

#include <linux/cpumask.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/wait_types.h>

struct task_struct;

/* Callbacks, oldest first. Whose it is says the lock. */
struct rcu_list {
	struct rcu_head *first;		/* NULL: empty */
	struct rcu_head *last;		/* good while there is a first */
	unsigned long nr;
};

/* l: lock; a: atomic, written under it; b: once, at start-up */
struct rcu_state {
	spinlock_t lock;	/* task context; not taken by interrupts */
	bool active;		/* l: grace period gp_seq + 1 runs */
	bool invoking;		/* l: somebody is at `done` */
	unsigned long gp_seq;	/* a: grace periods that are over */
	unsigned long wanted;	/* l: somebody waits until gp_seq is that */
	unsigned long invoked;	/* a: all callbacks of grace periods up to this
				 * one have returned */
	struct cpumask pending;	/* l: CPUs that the running one waits for */
	struct rcu_list waiting;	/* l: for the end of the running one */
	struct rcu_list done;	/* l: their grace period is over */
	wait_queue_head_t more;	/* of `task`: there are callbacks */
	struct task_struct *task;	/* b; a: on ports with a tick */
};

#endif
