/* SPDX-License-Identifier: MIT */
/*
 * Threads, as much of them as a memory manager needs.
 *
 * On a booted port kernel/sched.c runs them, preemptively, one queue per
 * CPU. On the host each is a POSIX thread, and a CPU is a token: a thread
 * runs core code only while it holds its CPU's, gives it up in schedule(),
 * and so two threads bound to one CPU take turns as they would on a real one.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/types.h>
#include <asm/current.h>
#include <asm/thread.h>

#define TASK_RUNNING		0u
#define TASK_INTERRUPTIBLE	1u
#define TASK_UNINTERRUPTIBLE	2u
#define TASK_DEAD		4u

#define TASK_COMM_LEN		16
#define HZ			250	/* ticks a second, as Debian has it */
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

/* q: the run queue's lock of the task's CPU  o: the task itself  c: constant */
struct task_struct {
	unsigned int state;		/* a: TASK_*, released before a wake */
	unsigned int flags;		/* o: PF_* */
	int cpu;			/* q: where it runs or last ran */
	int pid;			/* c: unique in the machine, from 1 */
	bool on_rq;			/* q: on its CPU's run queue */
	bool should_stop;		/* a: kthread_stop() was called */
	u64 wake_time;			/* q: ns, of the timed sleep; 0: none */
	struct list_head run_list;	/* q: on the run queue */
	struct list_head sleep_list;	/* q: on the timed sleepers */
	struct list_head all_list;	/* machine's task list */
	int (*fn)(void *arg);		/* c: what it runs */
	void *arg;			/* c: what that gets */
	int exit_code;			/* o: what fn returned */
	void *exited;			/* o: struct completion, of kthread_stop */
	void *stack;			/* c: lowest address of its stack */
	struct thread_struct thread;	/* port: saved context */
	char comm[TASK_COMM_LEN];	/* c: name */
};

#define PF_MEMALLOC	0x00000800u	/* may dip into the reserves */
#define PF_KSWAPD	0x00020000u
#define PF_KTHREAD	0x00200000u
#define PF_MEMALLOC_NOFS 0x00040000u
#define PF_MEMALLOC_NOIO 0x00080000u

/* Sets the state so that a wake-up that follows cannot be missed. */
#define set_current_state(s)						\
	__atomic_store_n(&current->state, (s), __ATOMIC_SEQ_CST)
#define __set_current_state(s)						\
	__atomic_store_n(&current->state, (s), __ATOMIC_RELAXED)

/* Gives the CPU away; returns when running again. Preemption is on. */
void schedule(void);
/* As schedule(), for @timeout jiffies at most; returns what is left. */
long schedule_timeout(long timeout);
/* Runs @p again if it sleeps. True when it did. Any context. */
int wake_up_process(struct task_struct *p);
/* Lets others run if they wait. May sleep. */
int cond_resched(void);
void yield(void);
void msleep(unsigned int ms);
/* Starts the scheduler's data for the booting thread (task 0). */
void sched_init(void);
/* What a thread that never returns from it does when nothing runs. */
void __noreturn cpu_idle(void);
/* Reports a call that may sleep where that is not allowed. */
void __might_sleep(const char *file, int line);
#define might_sleep()		__might_sleep(__FILE__, __LINE__)

/* Jiffies since boot. */
unsigned long get_jiffies(void);
#define jiffies			get_jiffies()

#endif
