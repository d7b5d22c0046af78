// SPDX-License-Identifier: MIT
/*
 * Threads on a PC: the scheduler's port (octavo/run_queue.h).
 *
 *   lowest address                                     16 KiB
 *   | task, exited, canary |  free  | frames ... | top |
 *                                   ^ sp: saved registers, return address
 *
 * A switch happens in sched_switch() with interrupts off and the run queue
 * locked; the lock is handed to who runs next, which drops it in
 * sched_switch_finish(), on its own stack, when nothing uses the old one any
 * more. So a thread that has ended can be freed there.
 *
 * The canary is looked at in each switch: a stack that has grown over it has
 * destroyed what lies below, and the machine stops.
 */
#include <octavo/run_queue.h>

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <asm/page.h>
#include <asm/switch.h>

int port_thread_create(struct task_struct *p)
{
	unsigned long top = (unsigned long)p->stack +
			    (PAGE_SIZE << THREAD_ORDER);
	struct saved_frame *frame = (struct saved_frame *)top - 1;

	*frame = (struct saved_frame){ .return_to = thread_begin };
	p->thread.sp = (unsigned long)frame;
	return 0;
}

/* Ended threads are freed in sched_switch_finish(), and never listed. */
void port_thread_join(struct task_struct *p)
{
	BUG();
}

/* A CPU is never without a thread: its idle one has it. */
void port_thread_resume(struct task_struct *p)
{
	BUG();
}

static void stack_check(const struct task_struct *p)
{
	const struct thread_base *base = p->stack;

	if (base && unlikely(base->canary != STACK_CANARY))
		panic("stack of thread %.16s (pid %d) overran its end: canary %#lx, expected %#lx",
		      p->comm, p->pid, base->canary, STACK_CANARY);
}

void port_thread_switch(struct run_queue *rq, struct task_struct *prev,
			struct task_struct *next)
{
	stack_check(prev);
	if (__atomic_load_n(&prev->state, __ATOMIC_RELAXED) == TASK_DEAD)
		rq->dead = prev;
	port_set_current(next);
	switch_stacks(&prev->thread.sp, next->thread.sp);
	/* On prev's stack again: somebody else switched to it. */
	sched_switch_finish();
}

void thread_enter(void)
{
	sched_switch_finish();
	local_irq_enable();
	sched_thread_run(current);
	BUG();
}

/* Who is TASK_DEAD has been switched away from for good. */
void __noreturn port_thread_leave(void)
{
	BUG();
}
