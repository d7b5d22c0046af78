/* SPDX-License-Identifier: MIT */
/*
 * A CPU's threads, and what kernel/sched.c asks of the port that switches
 * between them. For kernel/ and arch/ only.
 */
#ifndef _OCTAVO_RUN_QUEUE_H
#define _OCTAVO_RUN_QUEUE_H

#include <linux/completion.h>
#include <linux/kernel_stat.h>
#include <linux/percpu-defs.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <asm/sched.h>

/* l: lock  a: atomic  c: constant after sched_init() */
struct run_queue {
	spinlock_t lock;		/* taken with interrupts off */
	struct list_head queue;		/* l: task_struct.run_list, who waits
					 * for the CPU, oldest first */
	unsigned int nr_queued;		/* l: on `queue` */
	struct task_struct *curr;	/* l: who has the CPU; NULL: nobody */
	struct task_struct *idle;	/* c: who runs when nobody waits; NULL
					 * on ports whose CPUs just stop */
	struct list_head sleepers;	/* l: task_struct.sleep_list, soonest
					 * wake_time first */
	struct task_struct *dead;	/* l: ended, its stack just left */
	struct task_struct *pushed;	/* l: to be placed on another CPU, its
					 * stack just left */
	bool shut;			/* l, a: takes no threads: its CPU does
					 * not run, or is about to stop */
	unsigned int nr_bound;		/* l: threads of the program that are
					 * bound to the CPU */
	u64 slice_end;			/* l, a: ns; curr may be switched then */
	unsigned int nr_threads;	/* a: living threads whose home it is */
	unsigned int cpu;		/* c */
	u64 since;			/* l: ns; `times` is complete to here */
	struct cpu_times times;		/* l: see kernel/cputime.c */
};

DECLARE_PER_CPU(struct run_queue, run_queue);
/* Task 0 of each CPU: its idle thread; on the host the booting thread. */
DECLARE_PER_CPU(struct task_struct, boot_task);

/* An object of the cache task_struct. */
struct thread {
	struct task_struct task;
	struct completion exited;	/* once, at the thread's end */
};

/*
 * The base of a stack, which grows down to it on ports that have stacks of
 * their own (THREAD_HAS_STACK). What overruns it hits `canary` first.
 */
struct thread_base {
	unsigned long canary;		/* c: STACK_CANARY */
};
#define STACK_CANARY	0x57ac6e9dUL

static inline void run_queue_set_slice(struct run_queue *rq, u64 end)
{
	__atomic_store_n(&rq->slice_end, end, __ATOMIC_RELAXED);
}

static inline u64 run_queue_slice(const struct run_queue *rq)
{
	return __atomic_load_n(&rq->slice_end, __ATOMIC_RELAXED);
}

/* Both halves of a lock without preempt_count: interrupts stay off inside. */
unsigned long run_queue_lock(struct run_queue *rq);
void run_queue_unlock(struct run_queue *rq, unsigned long flags);

/*
 * Makes @p, which sleeps, one that runs or waits for the CPU. rq->lock held,
 * @p's state is TASK_RUNNING.
 */
void run_queue_activate(struct run_queue *rq, struct task_struct *p);
/* The second half of it: @p is on_rq, and on no list. */
void run_queue_enqueue(struct run_queue *rq, struct task_struct *p);
/* Sorts @p, which sleeps, in by its wake_time; 0: on no list. rq->lock held. */
void run_queue_add_sleeper(struct run_queue *rq, struct task_struct *p);
/* Orders CPU @cpu to switch. Under the lock of its run queue. */
void resched_cpu(unsigned int cpu);

/* Locks the run queue that is @p's home. */
struct run_queue *task_run_queue_lock(struct task_struct *p,
				      unsigned long *flags);
/* @p's home is @cpu. With the locks of both, or before it is woken first. */
void task_set_home(struct task_struct *p, unsigned int cpu);
/*
 * Whether @p, of @rq, which is locked, has to run elsewhere from now on. Then
 * it becomes on_rq on no list, or `pushed`, and with no lock held:
 */
bool task_must_move(const struct run_queue *rq, const struct task_struct *p);
/* Puts @p, on_rq and on no list, where it may run. Any context, any thread. */
void task_place(struct task_struct *p);

/*
 * Adds the time up to @now to who had the CPU: before rq->curr changes, with
 * rq->lock held.
 */
void run_queue_account(struct run_queue *rq, u64 now);
/*
 * Takes the next one to run off the queue; rq->idle when nobody waits. Right
 * after run_queue_account().
 */
struct task_struct *run_queue_pick(struct run_queue *rq);
/* Wakes the sleepers of @rq whose time has come. Any context, any thread. */
void run_queue_expire(struct run_queue *rq);
/* Runs the calls for this CPU as an interrupt would. Any context. */
void run_queue_answer_calls(void);
/* Stops the machine unless the invariants in kernel/sched.c hold. */
void run_queue_check(struct run_queue *rq);

/* Enters @p in the machine's table, with a pid nobody has. Not in interrupts. */
void task_table_add(struct task_struct *p);
void task_table_remove(struct task_struct *p);
/* Fills @p as a running thread of @cpu with one reference. */
void task_setup(struct task_struct *p, unsigned int cpu, const char *name);
/*
 * A thread of CPU @cpu that has not run yet, and its pages. ERR_PTR(-ENOMEM,
 * or what the port says). May sleep.
 */
struct task_struct *task_create(int (*fn)(void *arg), void *arg,
				unsigned int cpu);

/* In a new thread, with interrupts on: runs it from fn to its last words. */
void sched_thread_run(struct task_struct *p);
/*
 * After a switch, on the new thread's stack: lets the old one's go if it has
 * ended. Takes over rq->lock from before the switch and drops it; interrupts
 * stay off.
 */
void sched_switch_finish(void);
/* Frees ended threads of ports that must join them. May sleep. */
void sched_reap(void);
/* The online CPU that has least to do. Any context. */
unsigned int sched_least_loaded_cpu(void);

/* ---- what the port answers (asm/sched.h has the rest) ---------------- */

/*
 * Prepares @p, whose pages and fn are set, so that its first switch or
 * resume runs sched_thread_run(). 0 or -errno. May sleep.
 */
int port_thread_create(struct task_struct *p);
/* Waits until nothing of the ended thread @p runs any more. May sleep. */
void port_thread_join(struct task_struct *p);
/*
 * Gives this CPU from @prev, the caller, to @next (NULL: to nobody; rq->curr
 * says the same). Enters with rq->lock held and interrupts off; returns,
 * when @prev has a CPU again, @prev->cpu by then, with it released and
 * interrupts off. If rq->pushed is @prev, it is placed (task_place()) as soon
 * as nothing uses its stack. Never
 * returns on a booted port if @prev is TASK_DEAD; on the host it does, and
 * then @prev may not touch the machine again.
 */
void port_thread_switch(struct run_queue *rq, struct task_struct *prev,
			struct task_struct *next);
/*
 * For the end of a thread that has given its CPU away, as TASK_DEAD, from deep
 * in its function: ends what the port has of it.
 */
void __noreturn port_thread_leave(void);
/* @p was given a CPU that nobody had. rq->lock held. */
void port_thread_resume(struct task_struct *p);

#endif
