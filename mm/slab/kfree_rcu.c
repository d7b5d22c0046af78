// SPDX-License-Identifier: MIT
/*
 * kfree_rcu(): objects that are freed once their readers are gone, many after
 * one grace period.
 *
 *   kfree_rcu()      call_rcu()                      bulk free
 *     CPU's next ──────────────► CPU's now ─── grace period ───► gone
 *                                  ▲    next, if it has any, follows
 *
 * A CPU has one batch under way at most; what comes meanwhile makes the next.
 * On ports with a tick the first object starts a batch. On the host, where
 * nobody else would pay for the grace period, a full one does, or a large
 * object; what is left waits for kvfree_rcu_start(), which reclaim calls.
 *
 * An object is linked by its own struct rcu_head, whose func holds its
 * address. kfree_rcu_mightsleep() makes a link for it, which is marked in the
 * address's lowest bit and freed with it.
 *
 * Locks: kfree_rcu_cpu.lock, any context but NMI. Frees happen outside.
 *
 * Failure: nothing is allocated for kfree_rcu(). Without memory for a link,
 * kfree_rcu_mightsleep() waits for the grace period itself. What is no object
 * is reported at the call, and goes no further.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/sched.h>

#include <asm/sched.h>

/* Objects after which a batch starts where nobody else starts it. */
#define KFREE_RCU_BATCH		128
/* Objects freed in one call. */
#define KFREE_RCU_RUN		64
/* In a link's address of its object. */
#define KFREE_RCU_LINK		1UL

/* l: lock */
struct kfree_rcu_cpu {
	spinlock_t lock;
	struct rcu_head *next;		/* l: objects, the youngest first */
	struct rcu_head *now;		/* l: a grace period runs for them */
	unsigned int nr;		/* l: of next */
	struct rcu_head rcu;		/* l: of `now` */
};

static DEFINE_PER_CPU_ALIGNED(struct kfree_rcu_cpu, kfree_rcu_cpu);

static void link_set(struct rcu_head *link, unsigned long object)
{
	link->func = (rcu_callback_t)object;
}

static unsigned long link_object(const struct rcu_head *link)
{
	return (unsigned long)link->func;
}

/* ---- what is due ------------------------------------------------------ */

static void batch_free(struct rcu_head *link)
{
	void *objects[KFREE_RCU_RUN];
	struct rcu_head *next;
	unsigned long object;
	size_t nr = 0;

	for (; link; link = next) {
		next = link->next;
		object = link_object(link);
		objects[nr++] = (void *)(object & ~KFREE_RCU_LINK);
		if (object & KFREE_RCU_LINK)
			objects[nr++] = link;
		if (nr < KFREE_RCU_RUN - 1)
			continue;
		kfree_bulk(nr, objects);
		nr = 0;
	}
	kfree_bulk(nr, objects);
}

static void batch_end(struct rcu_head *head);

/*
 * What has come so far waits for a grace period, unless another batch does.
 * Drops the lock.
 */
static void batch_start_unlock(struct kfree_rcu_cpu *k, unsigned long flags)
{
	bool start = k->next && !k->now;

	if (start) {
		k->now = k->next;
		k->next = NULL;
		k->nr = 0;
	}
	spin_unlock_irqrestore(&k->lock, flags);
	if (start)
		call_rcu(&k->rcu, batch_end);
}

static void batch_end(struct rcu_head *head)
{
	struct kfree_rcu_cpu *k = container_of(head, struct kfree_rcu_cpu,
					       rcu);
	struct rcu_head *now;
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	now = k->now;
	k->now = NULL;
	batch_start_unlock(k, flags);
	batch_free(now);
}

/* ---- what comes ------------------------------------------------------- */

static void batch_add(struct rcu_head *link, bool large)
{
	struct kfree_rcu_cpu *k;
	unsigned long flags;

	local_irq_save(flags);
	k = this_cpu_ptr(&kfree_rcu_cpu);
	spin_lock(&k->lock);
	link->next = k->next;
	k->next = link;
	k->nr++;
	if (PORT_HAS_TICK || large || k->nr >= KFREE_RCU_BATCH)
		batch_start_unlock(k, flags);
	else
		spin_unlock_irqrestore(&k->lock, flags);
}

/* For an object without a place for a link. */
static struct rcu_head *link_make(void *object)
{
	struct rcu_head *link;

	might_sleep();
	link = kmalloc(sizeof(*link), GFP_KERNEL | __GFP_NORETRY |
				      __GFP_NOWARN);
	if (link)
		link_set(link, (unsigned long)object | KFREE_RCU_LINK);
	return link;
}

void kvfree_call_rcu(struct rcu_head *head, void *ptr)
{
	struct kmem_cache *of = NULL;
	const char *fault;

	if (ZERO_OR_NULL_PTR(ptr))
		return;
	fault = slab_free_fault(NULL, ptr, &of);
	if (unlikely(fault)) {
		slab_report(of, fault, ptr);
		return;
	}
	if (head) {
		link_set(head, (unsigned long)ptr);
	} else {
		head = link_make(ptr);
		if (!head) {
			synchronize_rcu();
			kfree(ptr);
			return;
		}
	}
	batch_add(head, !of);
}

unsigned long kvfree_rcu_start(void)
{
	unsigned long flags, nr = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct kfree_rcu_cpu *k = per_cpu_ptr(&kfree_rcu_cpu, cpu);

		spin_lock_irqsave(&k->lock, flags);
		nr += k->next || k->now;
		batch_start_unlock(k, flags);
	}
	return nr;
}

void kvfree_rcu_barrier(void)
{
	/* A batch under way is followed by what had come meanwhile. */
	if (kvfree_rcu_start()) {
		rcu_barrier();
		rcu_barrier();
	}
}
