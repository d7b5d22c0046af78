// SPDX-License-Identifier: MIT
/*
 * CPUs as tokens: the scheduler's port for POSIX threads.
 *
 * Each task is a POSIX thread, and each POSIX thread has a host_thread with a
 * word to sleep at. run_queue.curr says who has a CPU; everybody else waits:
 *
 *   port_thread_switch()        prev                        next
 *     rq->curr = next (locked)
 *     next->wake = 1  ------------------------------------> wake: 1 -> 0
 *     wait until own wake is 1, take it                     runs core code
 *
 * Two threads never run on one CPU, since only who has it, or who finds
 * curr == NULL under the run queue's lock, writes curr. What one did on the
 * CPU is seen by the next: the release of `wake` pairs with the acquire that
 * takes it. A CPU without work has curr == NULL and costs nothing.
 *
 * Threads that kthread_create() makes are joined by sched_reap(). Threads of
 * the program come and go by host_cpu_acquire() and host_cpu_release(); they
 * bring a task from the C library's memory.
 *
 * Calls across CPUs are in calls.c: who calls a CPU that nobody has borrows it
 * for that long.
 *
 * A CPU goes off-line when nobody has it, and nobody of the program is bound to
 * it; then there is nothing to stop. The core's threads move: each looks up its
 * CPU's area anew when it is given a CPU.
 *
 * The end: when a thread panics, or the machine is taken down, host_sched.ended
 * says so, everybody is woken, and throws out of its place to wait. Nobody
 * touches the machine from there on.
 *
 * Invariants:
 *  I1. A thread that runs core code is curr of the CPU it is bound to, or has
 *      borrowed it, or holds no lock and touches no per-CPU data.
 *  I2. host_thread.wake is 1 only between being given a CPU and taking it.
 *
 * Lock order: run queue's lock -> none; host_sched.locked -> none.
 */
#include <linux/sched.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmap_local.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/topology.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>
#include <octavo/start.h>
#include <asm/x86_init.h>

#include "host.h"
#include "os/include/host_os.h"

/*
 * Turns of a spinning thread between two yields: several times the longest of
 * ordinary critical sections, some 5 us, after which its holder is likely not
 * running. To give the processor up costs more than to wait out a short one.
 */
#define TURNS_PER_YIELD	256
/* ns of real time for which a sleep of stepped time lasts. */
#define STEPPED_SLEEP	100000ULL
/* ns: a second, less than any wait for somebody else is limited to. */
#define PAUSE_LONGEST	1000000000ULL

/* s: host_sched.locked  c: constant  a: atomic */
struct host_thread {
	u32 wake;			/* a: 1: a CPU is given to it */
	unsigned long id;		/* s: for host_thread_join(); 0: that
					 * started the machine */
	bool joinable;			/* s: nobody joins it yet */
	struct machine *machine;	/* c */
	struct task_struct *task;	/* c */
	bool owns_task;			/* c: it is in the C library's memory */
	struct host_thread *next;	/* s: host_sched.threads */
	struct host_thread **pprev;	/* s: what points here */
};

/* ---- the list of threads, and the end -------------------------------- */

static struct host_sched *sched_of(struct machine *m)
{
	return &m->arch.sched;
}

/* Not a spinlock_t: its waiters may not be thrown out (host_relax()). */
static void threads_lock(struct host_sched *s)
{
	/* Pairs with the release in threads_unlock(). */
	while (__atomic_exchange_n(&s->locked, true, __ATOMIC_ACQUIRE))
		host_yield();
}

static void threads_unlock(struct host_sched *s)
{
	__atomic_store_n(&s->locked, false, __ATOMIC_RELEASE);
}

static void thread_kick(struct host_thread *t)
{
	/* Pairs with the acquire in thread_wait(). */
	__atomic_store_n(&t->wake, 1, __ATOMIC_RELEASE);
	if (!HOST_SLEEPS_BY_RELAX)
		host_futex_wake(&t->wake, 1);
}

static struct host_thread *thread_new(struct machine *m, struct task_struct *p)
{
	struct host_sched *s = sched_of(m);
	struct host_thread *t = host_alloc(sizeof(*t));

	if (!t)
		return NULL;
	*t = (struct host_thread){ .machine = m, .task = p };
	p->thread.host = t;
	threads_lock(s);
	t->next = s->threads;
	t->pprev = &s->threads;
	if (t->next)
		t->next->pprev = &t->next;
	s->threads = t;
	threads_unlock(s);
	return t;
}

static void thread_delete(struct host_thread *t)
{
	struct host_sched *s = sched_of(t->machine);

	threads_lock(s);
	*t->pprev = t->next;
	if (t->next)
		t->next->pprev = t->pprev;
	threads_unlock(s);
	if (t->owns_task)
		host_free(t->task);
	host_free(t);
}

/* Every thread that waits, or comes to wait, throws @code. */
static void threads_end(struct machine *m, int code)
{
	struct host_sched *s = sched_of(m);
	struct host_thread *t;
	int none = 0;

	/* The first reason counts; pairs with the acquire in ended(). */
	__atomic_compare_exchange_n(&s->ended, &none, code, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
	threads_lock(s);
	for (t = s->threads; t; t = t->next)
		thread_kick(t);
	threads_unlock(s);
}

static int ended(struct machine *m)
{
	return __atomic_load_n(&sched_of(m)->ended, __ATOMIC_ACQUIRE);
}

static void __noreturn thread_throw(int code)
{
	if (code == HOST_THROW_PANIC || !host_can_throw())
		port_panic();
	host_throw(code);
}

/* ---- waiting for a CPU ----------------------------------------------- */

/* Sleeps towards @time, of the machine's clock; false once it is past. */
static bool thread_sleep(struct host_thread *t, u64 time)
{
	struct arch_machine *a = &t->machine->arch;
	u64 now = port_clock_ns(), seen;

	if (now >= time)
		return false;
	if (!a->clock_step) {
		host_futex_wait(&t->wake, 0, time - now);
		return true;
	}
	/* Nothing reads the clock meanwhile, so it is moved on. */
	host_futex_wait(&t->wake, 0, STEPPED_SLEEP);
	seen = __atomic_load_n(&a->clock_now, __ATOMIC_RELAXED);
	while (seen < time &&
	       !__atomic_compare_exchange_n(&a->clock_now, &seen, time, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return true;
}

/*
 * Where CPUs are simulated: lets them go on. Who pauses for a moment goes on
 * after that, however little the others did; who sleeps in earnest, though not
 * for ever, has to be woken.
 */
static void thread_relax(struct host_thread *t, u64 wake_time)
{
	u64 *now = &t->machine->arch.clock_now;

	cpu_relax();
	if (!wake_time || wake_time > *now + PAUSE_LONGEST)
		return;
	*now = max(*now, wake_time);
	run_queue_expire(per_cpu_ptr(&run_queue, t->task->cpu));
}

/*
 * The run queue of @t, whose time has come, is to notice; false: it has moved
 * meanwhile, and another one is.
 */
static bool thread_expire(struct host_thread *t)
{
	int cpu = __atomic_load_n(&t->task->cpu, __ATOMIC_ACQUIRE);

	run_queue_expire(per_cpu_ptr(&run_queue, cpu));
	return cpu == __atomic_load_n(&t->task->cpu, __ATOMIC_ACQUIRE);
}

/*
 * Until the calling thread has a CPU. With @wake_time it sees to it that
 * its run queue notices when that has come.
 */
static void thread_wait(struct host_thread *t, u64 wake_time)
{
	/* Pairs with the release in thread_kick(). */
	while (!__atomic_exchange_n(&t->wake, 0, __ATOMIC_ACQUIRE)) {
		if (HOST_SLEEPS_BY_RELAX) {
			thread_relax(t, wake_time);
		} else if (!wake_time) {
			host_futex_wait(&t->wake, 0, HOST_FOREVER);
		} else if (!thread_sleep(t, wake_time) && thread_expire(t)) {
			wake_time = 0;
		}
	}
	if (unlikely(ended(t->machine)))
		thread_throw(ended(t->machine));
}

/* It was given one, maybe another than it had. */
static void thread_has_cpu(struct host_thread *t)
{
	/* Constant while it has it; who moved it did so before. */
	int cpu = __atomic_load_n(&t->task->cpu, __ATOMIC_RELAXED);

	host_cpu.percpu_offset = per_cpu_offset(cpu);
}

void port_thread_switch(struct run_queue *rq, struct task_struct *prev,
			struct task_struct *next)
{
	struct host_thread *t = prev->thread.host;
	bool dead = __atomic_load_n(&prev->state, __ATOMIC_RELAXED) ==
		    TASK_DEAD;
	u64 wake_time = prev->on_rq ? 0 : prev->wake_time;
	struct host_thread *heir = next ? next->thread.host : NULL;
	bool pushed = rq->pushed == prev;

	rq->pushed = NULL;
	raw_ticket_unlock(&rq->lock);
	if (heir)
		thread_kick(heir);
	if (pushed)
		task_place(prev);
	if (dead)
		return;
	thread_wait(t, wake_time);
	thread_has_cpu(t);
}

void port_thread_resume(struct task_struct *p)
{
	thread_kick(p->thread.host);
}

void host_relax(void)
{
	struct machine *m = this_machine();

	/* Whoever held the lock that is waited for may have been thrown out. */
	if (m && unlikely(ended(m)))
		thread_throw(ended(m));
	/* Who waits with preemption on may wait for a thread of this CPU. */
	if (m && !host_cpu.irqs_off && unlikely(need_resched())) {
		if (this_cpu_read(__need_resched) & RESCHED_CALL)
			run_queue_answer_calls();
		preempt_schedule();
	}
	if (++host_cpu.turns % TURNS_PER_YIELD == 0)
		host_yield();
}

/* ---- threads of the core --------------------------------------------- */

static void thread_body(void *arg)
{
	struct host_thread *t = arg;

	thread_wait(t, 0);
	thread_has_cpu(t);
	local_irq_enable();
	sched_thread_run(t->task);
}

/* thread_main() catches it, and the thread comes to its end there. */
void port_thread_leave(void)
{
	host_throw(HOST_THROW_STOP);
}

static void thread_main(void *arg)
{
	struct host_thread *t = arg;
	int code;

	host_cpu = (struct host_cpu){
		.machine = t->machine,
		.task = t->task,
		.irqs_off = 1,
	};
	code = host_catch(thread_body, t);
	if (code && code != HOST_THROW_STOP)
		threads_end(t->machine, code);
	host_cpu = (struct host_cpu){ 0 };
}

int port_thread_create(struct task_struct *p)
{
	struct host_thread *t = thread_new(this_machine(), p);
	unsigned long id;
	int err;

	if (!t)
		return -ENOMEM;
	err = host_thread_create(&id, thread_main, t);
	if (err) {
		thread_delete(t);
		return err;
	}
	threads_lock(sched_of(t->machine));
	t->id = id;
	t->joinable = true;
	threads_unlock(sched_of(t->machine));
	return 0;
}

/* Whose is it to join @t? One caller's only. */
static bool thread_claim(struct host_thread *t)
{
	struct host_sched *s = sched_of(t->machine);
	bool mine;

	threads_lock(s);
	mine = t->joinable;
	t->joinable = false;
	threads_unlock(s);
	return mine;
}

void port_thread_join(struct task_struct *p)
{
	struct host_thread *t = p->thread.host;

	if (!thread_claim(t))
		thread_throw(ended(t->machine));
	host_thread_join(t->id);
	thread_delete(t);
}

/* ---- threads of the program ------------------------------------------ */

void port_set_current(struct task_struct *p)
{
	if (!thread_new(this_machine(), p))
		panic("no memory for the booting thread");
	host_cpu.task = p;
}

int host_cpu_acquire(struct machine *m, unsigned int cpu)
{
	struct task_struct *p = host_alloc(sizeof(*p));
	struct run_queue *rq;
	unsigned long flags;
	bool shut;

	if (!p)
		return -ENOMEM;
	host_cpu = (struct host_cpu){
		.machine = m,
		.percpu_offset = m->percpu_offset[cpu],
		.task = p,
		.irqs_off = 1,
	};
	task_setup(p, cpu, "bound");
	if (!thread_new(m, p)) {
		host_cpu = (struct host_cpu){ 0 };
		host_free(p);
		return -ENOMEM;
	}
	p->thread.host->owns_task = true;
	p->thread.host->id = host_thread_self();
	rq = per_cpu_ptr(&run_queue, cpu);
	flags = run_queue_lock(rq);
	shut = rq->shut;
	if (!shut) {
		rq->nr_bound++;
		run_queue_activate(rq, p);
	}
	run_queue_unlock(rq, flags);
	if (shut) {
		thread_delete(p->thread.host);
		host_cpu = (struct host_cpu){ 0 };
		return -EINVAL;
	}
	thread_wait(p->thread.host, 0);
	local_irq_enable();
	task_table_add(p);
	return 0;
}

/* ---- where pointers are ----------------------------------------------- */

#define PEEK	4096u

/* Another thread's stack from its top down, as far as there is any. */
static noinline void stack_show(unsigned long id,
				void (*scan)(void *ctx, const void *start,
					     const void *end),
				void *ctx)
{
	unsigned long words[PEEK / sizeof(unsigned long)];
	uintptr_t low, high;

	if (!host_thread_stack(id, &low, &high))
		return;
	while (high - low >= PEEK) {
		high -= PEEK;
		if (!host_peek(words, (const void *)high, PEEK))
			return;
		scan(ctx, words, words + ARRAY_SIZE(words));
	}
}

void port_memory_roots(void (*scan)(void *ctx, const void *start,
				    const void *end),
		       void *ctx, bool stacks)
{
	struct host_sched *s = sched_of(this_machine());
	const char *here = __builtin_frame_address(0);
	uintptr_t low, high;
	struct host_thread *t;

	/* All registers that calls keep go to this frame. */
	__builtin_unwind_init();
	if (!stacks)
		return;
	if (host_thread_stack(host_thread_self(), &low, &high))
		/* As many as are kept, below the frame's address. */
		scan(ctx, here - 8 * sizeof(long), (const void *)high);
	threads_lock(s);
	for (t = s->threads; t; t = t->next)
		if (t->id && t->id != host_thread_self())
			stack_show(t->id, scan, ctx);
	threads_unlock(s);
}

/* Its CPU may go off-line from here on, as soon as nobody has it. */
static void bound_leaves(struct task_struct *p)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, p->cpu);
	unsigned long flags = run_queue_lock(rq);

	if (p->thread.host->owns_task)
		rq->nr_bound--;
	run_queue_unlock(rq, flags);
}

void host_cpu_release(void)
{
	struct task_struct *p = current;
	struct host_thread *t = p->thread.host;

	WARN(preempt_count(), "CPU %d given back with preempt_count %x",
	     p->cpu, preempt_count());
	kmap_local_exit(p);
	task_table_remove(p);
	local_irq_disable();
	bound_leaves(p);
	__atomic_store_n(&p->state, TASK_DEAD, __ATOMIC_RELAXED);
	schedule();
	thread_delete(t);
	host_cpu = (struct host_cpu){ 0 };
}

/* ---- CPUs ------------------------------------------------------------ */

void port_send_reschedule(unsigned int cpu)
{
	/* The order is in __need_resched, which its holder looks at. */
}

int port_cpu_up(unsigned int cpu)
{
	struct host_cpu saved = host_cpu;

	if (this_machine()->state == SYSTEM_RUNNING)
		pr_info("smpboot: Booting Node %d Processor %u APIC 0x%x\n",
			cpu_to_node((int)cpu), cpu, cpu_to_apicid(cpu));
	host_cpu.percpu_offset = per_cpu_offset(cpu);
	host_cpu.irqs_off = 1;
	start_secondary(cpu);
	host_cpu = saved;
	return 0;
}

/* Nobody has it, and nobody is there to stop. */
int port_cpu_down(unsigned int cpu)
{
	return 0;
}

void port_init_interrupts(void)
{
	/* There are none; the booting thread lets them in with its CPUs. */
}

void host_cpus_start(struct machine *m)
{
	local_irq_enable();
	smp_init();
}

static struct host_thread *thread_first_joinable(struct host_sched *s)
{
	struct host_thread *t;

	threads_lock(s);
	for (t = s->threads; t && !t->joinable; t = t->next)
		;
	if (t)
		t->joinable = false;
	threads_unlock(s);
	return t;
}

/*
 * All are joined before the first is deleted: one that ends may still kick
 * the one it gave its CPU to.
 */
void host_cpus_stop(struct machine *m)
{
	struct host_sched *s = sched_of(m);
	struct host_thread *t;

	threads_end(m, HOST_THROW_STOP);
	while ((t = thread_first_joinable(s)))
		host_thread_join(t->id);
	while (s->threads)
		thread_delete(s->threads);
}
