// SPDX-License-Identifier: MIT
/*
 * Where pointers are that the core does not know of: the image's data, and
 * threads' stacks. A thread that sleeps has kept what counts from its saved
 * stack pointer on; of one that runs on another CPU all of the stack is shown.
 *
 * Locks: machine.threads.lock.
 */
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>
#include <asm/page.h>
#include <asm/sections.h>

static const char *stack_from(const struct task_struct *p)
{
	if (READ_ONCE(per_cpu_ptr(&run_queue, p->cpu)->curr) == p)
		return p->stack;
	return (const char *)p->thread.sp;
}

void port_memory_roots(void (*scan)(void *ctx, const void *start,
				    const void *end),
		       void *ctx, bool stacks)
{
	struct thread_table *t = &this_machine()->threads;
	const char *here = __builtin_frame_address(0), *end;
	struct task_struct *p;

	/* All registers that calls keep go to this frame. */
	__builtin_unwind_init();
	scan(ctx, _sdata, _edata);
	scan(ctx, __bss_start, __bss_stop);
	if (!stacks)
		return;
	spin_lock(&t->lock);
	list_for_each_entry(p, &t->all, all_list) {
		if (!p->stack)
			continue;
		end = (const char *)p->stack + (PAGE_SIZE << THREAD_ORDER);
		scan(ctx, p, p + 1);
		if (p == current)
			/* As many as are kept, below the frame's address. */
			scan(ctx, here - 8 * sizeof(long), end);
		else
			scan(ctx, stack_from(p), end);
	}
	spin_unlock(&t->lock);
}
