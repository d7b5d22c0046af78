// SPDX-License-Identifier: MIT
/*
 * Calls across CPUs (kernel/smp.c) when CPUs are tokens that threads hold, and
 * flushes, of which there are none to be made.
 *
 * If nobody has the CPU, the caller borrows it (rq->curr is the caller's task,
 * whose home is elsewhere) and runs the calls itself; otherwise RESCHED_CALL
 * asks the holder, who looks in preempt_enable(), cond_resched(), schedule()
 * and cpu_relax(). A program's thread that holds a CPU outside the core
 * answers when it comes back.
 *
 * Lock order: run queue's lock -> none.
 */
#include <linux/sched.h>

#include <linux/percpu.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#include "os/include/host_os.h"

/* The system interrupts all processors that run threads of this process. */
void port_cpu_barrier(const struct cpumask *cpus)
{
	host_barrier();
}

/* The holder of a CPU that is borrowed: runs what waits for it. */
static void borrowed_run(struct run_queue *rq)
{
	struct host_cpu saved = host_cpu;

	host_cpu.percpu_offset = per_cpu_offset(rq->cpu);
	host_cpu.irqs_off = 1;
	run_queue_answer_calls();
	host_cpu = saved;
}

/* True when nobody asked again and it is given back. */
static bool borrowed_return(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);
	u32 orders = __atomic_load_n(per_cpu_ptr(&__need_resched, rq->cpu),
				     __ATOMIC_RELAXED);
	bool done = !(orders & RESCHED_CALL);

	if (done) {
		run_queue_account(rq, port_clock_ns());
		rq->curr = run_queue_pick(rq);
		if (rq->curr)
			port_thread_resume(rq->curr);
	}
	run_queue_unlock(rq, flags);
	return done;
}

void port_send_call(unsigned int cpu)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);
	unsigned long flags = run_queue_lock(rq);
	bool idle = !rq->curr;

	if (idle) {
		run_queue_account(rq, port_clock_ns());
		rq->curr = current;
	} else {
		/* Pairs with the acquire in run_queue_answer_calls(). */
		__atomic_fetch_or(per_cpu_ptr(&__need_resched, cpu),
				  RESCHED_CALL, __ATOMIC_RELEASE);
	}
	run_queue_unlock(rq, flags);
	if (!idle)
		return;
	do
		borrowed_run(rq);
	while (!borrowed_return(rq));
}

/* The process's page tables are its kernel's, which flushes for itself. */
void port_flush_tlb_range(unsigned long start, unsigned long end)
{
}

void port_flush_tlb_all(void)
{
}
