// SPDX-License-Identifier: MIT
/*
 * What a request may do where it is made.
 *
 *   context                         may sleep       in a task's scopes, cpuset
 *   thread, preemption on           yes             yes
 *   thread, preemption off          no              yes
 *   thread, interrupts off          no              yes
 *   softirq, hard interrupt         no              no: it met the task
 *   start-up, before threads        never asked to  there is no task
 *
 * A request that may sleep (__GFP_DIRECT_RECLAIM) where nothing may is
 * a mistake that would show only once memory is short. It is reported at the
 * first request of each caller, with the caller's address, and made one that
 * does not sleep; kswapd is still woken.
 *
 * A caller is known by the return address of the page call that it used, kept
 * in an open hash table of the machine. When that is full, callers that have
 * no place in it are reported each time.
 *
 * Locks: none; places of the table are claimed by cmpxchg and never freed.
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/cpuset.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

/* Whether @caller was not known before; it is from now on. */
static bool caller_is_new(struct caller_set *set, unsigned long caller)
{
	unsigned long slot = (caller * 0x9e3779b1UL >> 7) % CALLER_SET_SIZE;
	unsigned int i;

	for (i = 0; i < CALLER_SET_SIZE; i++) {
		atomic_long_t *place = &set->place[slot];
		long was = atomic_long_read(place);

		if (!was)
			was = atomic_long_cmpxchg(place, 0, (long)caller);
		if (!was)
			return true;
		if (was == (long)caller)
			return false;
		slot = (slot + 1) % CALLER_SET_SIZE;
	}
	return true;
}

static const char *context_name(void)
{
	if (in_hardirq())
		return "a hard interrupt";
	if (in_softirq())
		return "a softirq";
	return in_atomic() ? "atomic context" : "a part with interrupts off";
}

/* Whether the running context is one whose mistakes can be told as such. */
static bool context_is_settled(void)
{
	int state = READ_ONCE(this_machine()->state);

	return state != SYSTEM_BOOTING && state != SYSTEM_HALTED && current &&
	       (in_interrupt() || !is_idle_task(current));
}

gfp_t page_gfp_refuse_sleep(gfp_t gfp, unsigned long caller)
{
	struct page_alloc_state *pa = page_alloc_state();
	char names[256];

	if (context_is_settled() && caller_is_new(&pa->sleepers, caller)) {
		pr_err("BUG: sleeping function called from invalid context at %pS: mode:%#x(%s) in %s\n",
		       (void *)caller, gfp,
		       gfp_flags_format(names, sizeof(names), gfp),
		       context_name());
		pr_err("in_atomic(): %d, irqs_disabled(): %d, non_block: %d, pid: %d, name: %s\n",
		       in_atomic(), irqs_disabled(), 0, current->pid,
		       current->comm);
		dump_stack();
	}
	return gfp & ~__GFP_DIRECT_RECLAIM;
}

static void pin_scopes_add(int n)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long flags;

	spin_lock_irqsave(&pa->settings_lock, flags);
	pa->nr_pin_scopes += (unsigned int)n;
	page_slow_set(PAGE_SLOW_PIN, pa->nr_pin_scopes != 0);
	spin_unlock_irqrestore(&pa->settings_lock, flags);
}

unsigned int memalloc_pin_save(void)
{
	unsigned int was = memalloc_flags_save(PF_MEMALLOC_PIN);

	if (was)
		pin_scopes_add(1);
	return was;
}

void memalloc_pin_restore(unsigned int was)
{
	memalloc_flags_restore(was);
	if (was)
		pin_scopes_add(-1);
}

int set_mems_allowed(const nodemask_t *nodes)
{
	int nid;

	if (!nodes_empty(*nodes)) {
		for_each_node_mask(nid, *nodes)
			if (node_state(nid, N_MEMORY))
				break;
		if (nid >= MAX_NUMNODES)
			return -EINVAL;
	}
	current->mems_allowed = *nodes;
	/* Never cleared: requests of any task look at their own from now on. */
	page_slow_set(PAGE_SLOW_CPUSET, true);
	return 0;
}

const nodemask_t *page_task_nodes(void)
{
	const struct task_struct *task = current;

	if (in_interrupt() || !task || nodes_empty(task->mems_allowed))
		return NULL;
	return &task->mems_allowed;
}

bool cpuset_zone_allowed(const struct zone *zone, gfp_t gfp)
{
	const nodemask_t *nodes = page_task_nodes();

	if (!nodes || node_isset(zone_to_nid(zone), *nodes))
		return true;
	return !(gfp & __GFP_HARDWALL) || tsk_is_oom_victim(current);
}
