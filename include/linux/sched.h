/* SPDX-License-Identifier: MIT */
/*
 * Threads, as much of them as a memory manager needs.
 *
 * kernel/sched.c runs them, one queue per CPU. On a booted port it switches
 * stacks, and the timer takes the CPU from who has had it for a tick. On the
 * host each thread is a POSIX thread, and a CPU is a token: a thread runs core
 * code only while it holds its CPU's, gives it up in schedule(), and so two
 * threads bound to one CPU take turns as they would on a real one.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/sched.h>
#elif !defined(_OCTAVO_LINUX_SCHED_H)
#define _OCTAVO_LINUX_SCHED_H

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/nodemask.h>
#include <linux/preempt.h>
#include <linux/types.h>
#include <octavo/kmap_types.h>
#include <asm/current.h>
#include <asm/thread.h>

#define TASK_RUNNING		0u
#define TASK_INTERRUPTIBLE	1u
#define TASK_UNINTERRUPTIBLE	2u
#define TASK_DEAD		4u
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_KILLABLE		TASK_UNINTERRUPTIBLE
#define TASK_IDLE		TASK_UNINTERRUPTIBLE
#define __TASK_STOPPED		0u	/* nobody is ever stopped */

#define TASK_COMM_LEN		16
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

struct completion;
struct kunit;

/*
 * q: lock of its CPU's run queue  o: the thread itself  c: constant once it
 * has been woken first  a: atomic  t: machine.threads.lock
 */
struct task_struct {
	unsigned int state;		/* a: TASK_*; see set_current_state() */
	unsigned int flags;		/* o: PF_* */
	bool oom_victim;		/* a: is to die, and may use part of
					 * the reserves for it (linux/oom.h) */
	nodemask_t mems_allowed;	/* o: nodes whose memory it may use;
					 * empty: any (linux/cpuset.h) */
	int cpu;			/* q: where it runs; others read it
					 * as an atomic */
	int bound;			/* c: where it is to run whenever that
					 * CPU does; -1: anywhere */
	unsigned int migration_disabled; /* o: it does not change its CPU */
	struct kmap_ctrl kmap;		/* o: its pages of kmap_local_page() */
	int pid;			/* c: unique in the machine; 0: idle */
	unsigned int usage;		/* a: references; 0 frees it */
	bool on_rq;			/* q: runs, or waits to run */
	bool should_stop;		/* a: kthread_stop() was called */
	u64 wake_time;			/* q, o while on_rq: ns of
					 * port_clock_ns(); 0: no time set */
	struct list_head run_list;	/* q: run_queue.queue */
	struct list_head sleep_list;	/* q: run_queue.sleepers */
	struct list_head all_list;	/* t: machine.threads.all */
	struct list_head dead_list;	/* t: machine.threads.dead */
	int (*fn)(void *arg);		/* c: what it runs */
	void *arg;			/* c: what that gets */
	unsigned int fail_nth;		/* o: the so many-th call from now
					 * that can fail does; 0: none */
	int exit_code;			/* o: what fn returned */
	u64 stall_start;		/* o: ns of port_clock_ns(): when it got
					 * PF_MEMSTALL */
	bool should_park;		/* a: kthread_park() was called */
	bool parked;			/* a: it sleeps in kthread_parkme() */
	struct kunit *kunit_test;	/* o: the case that it runs, or NULL */
	struct completion *exited;	/* c: of kthread_stop() */
	void *stack;			/* c: lowest address of its stack; NULL:
					 * the port's own */
	struct thread_struct thread;	/* port: saved context */
	char comm[TASK_COMM_LEN];	/* c: name */
};

#define PF_WQ_WORKER	0x00000020u	/* runs what others queued */
#define PF_MEMALLOC	0x00000800u	/* frees memory: all reserves are its */
#define PF_KSWAPD	0x00020000u
#define PF_MEMALLOC_NOFS 0x00040000u	/* see linux/sched/mm.h */
#define PF_MEMALLOC_NOIO 0x00080000u
#define PF_KTHREAD	0x00200000u
#define PF_MEMSTALL	0x01000000u	/* waits for memory (linux/psi.h) */
#define PF_MEMALLOC_PIN	0x10000000u

/*
 * Announces a sleep; what the caller reads next decides whether it sleeps.
 * A read-modify-write, as is the one in wake_up_process(): whichever comes
 * second sees the other, so either the waker finds a sleeper or the sleeper
 * finds what the waker did before.
 */
#define set_current_state(s)						\
	((void)__atomic_exchange_n(&current->state, (s), __ATOMIC_SEQ_CST))
/* Orders nothing; for the way back to TASK_RUNNING. */
#define __set_current_state(s)						\
	__atomic_store_n(&current->state, (s), __ATOMIC_RELAXED)

/* Gives the CPU away; returns when running again. Preemption is on. */
void schedule(void);
/*
 * As schedule(), for @timeout jiffies at most; returns what is left. The
 * caller has set the state; in TASK_RUNNING it only lets others run.
 */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
/*
 * As schedule(), until port_clock_ns() is @end, in nanoseconds, at most; 0:
 * without an end. The thread runs on return.
 */
void schedule_until(u64 end);
/* Runs @p again if it sleeps. 1 when it did, else 0. Any context. */
int wake_up_process(struct task_struct *p);
/* The same if it sleeps in one of the states of @mode. */
int wake_up_state(struct task_struct *p, unsigned int mode);
/* Lets others run if one has a claim; 1 when it did. May sleep. */
int cond_resched(void);
/* Lets every thread that waits for this CPU run first. May sleep. */
void yield(void);
/* Makes the booting thread task 0. Once, after mm_init(), interrupts off. */
void sched_init(void);
/* Makes the cache that threads come from. Once, after sched_init(). */
void fork_init(void);
/* What a booted port's task 0 of each CPU does for ever. */
void __noreturn cpu_idle(void);
/*
 * The timer interrupt of this CPU, HZ times a second: wakes who has slept
 * long enough, and takes the CPU from who has had it for a tick. Interrupt
 * context, interrupts off.
 */
void scheduler_tick(void);
/* Reports a call that may sleep where that is not allowed. Any context. */
void __might_sleep(const char *file, int line);
#define might_sleep() do {						\
	if (unlikely(!preemptible()))					\
		__might_sleep(__FILE__, __LINE__);			\
} while (0)

/* A reference keeps the struct, not the thread. Any context. */
struct task_struct *get_task_struct(struct task_struct *p);
void put_task_struct(struct task_struct *p);

static inline bool is_idle_task(const struct task_struct *p)
{
	return p->pid == 0;
}

/* Nobody sends signals. */
static inline int signal_pending(struct task_struct *p) { return 0; }
static inline int fatal_signal_pending(struct task_struct *p) { return 0; }
static inline int signal_pending_state(unsigned int state,
				       struct task_struct *p)
{
	return 0;
}
#define flush_signals(p)	((void)(p))
#define allow_signal(sig)	((void)(sig))

static inline int task_pid_nr(struct task_struct *p) { return p->pid; }
static inline int task_cpu(const struct task_struct *p) { return p->cpu; }
static inline bool task_is_running(const struct task_struct *p)
{
	return READ_ONCE(p->state) == TASK_RUNNING;
}
#define task_pid_vnr(p)		task_pid_nr(p)
#define task_tgid_nr(p)		task_pid_nr(p)
#define get_current()		current
#define get_current_state()	READ_ONCE(current->state)
#define get_task_comm(buf, p)	(strscpy(buf, (p)->comm, sizeof(buf)), (buf))

/* There are no priorities: every thread has its turn. */
#define set_user_nice(p, nice)	((void)(p), (void)(nice))
#define sched_set_fifo(p)	((void)(p))
#define sched_set_fifo_low(p)	((void)(p))
#define sched_set_normal(p, nice) ((void)(p), (void)(nice))

/* Lets @p, a kernel thread that has not run yet, run on a CPU of @mask. */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask);

/* For a loop under @lock: drops and takes it again if others wait. */
#define cond_resched_lock(lock) ({					\
	int __resched = need_resched();					\
									\
	if (__resched) {						\
		spin_unlock(lock);					\
		cond_resched();						\
		spin_lock(lock);					\
	}								\
	__resched; })
#define cond_resched_rcu()	cond_resched()
#define cond_resched_tasks_rcu_qs()	cond_resched()
#define might_sleep_if(c)	do { if (c) might_sleep(); } while (0)
#define might_resched()		might_sleep()
#define cant_sleep()		((void)0)
#define non_block_start()	((void)0)
#define non_block_end()		((void)0)
#define io_schedule()		schedule()
#define io_schedule_timeout(t)	schedule_timeout(t)
#define schedule_timeout_killable(t)	schedule_timeout_uninterruptible(t)
#define schedule_timeout_idle(t)	schedule_timeout_uninterruptible(t)

#endif
