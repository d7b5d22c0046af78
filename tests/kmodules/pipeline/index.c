// SPDX-License-Identifier: MIT
/* The index: an rbtree under a reader-writer semaphore, and its summary. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include "pipeline.h"

static struct rb_root packets = RB_ROOT;
static unsigned long nr_packets;
static DECLARE_RWSEM(packets_sem);
static struct summary __rcu *summary;

u32 packet_sum(const struct packet *p)
{
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i < p->len; i++)
		sum = rol32(sum, 3) ^ p->data[i];
	return sum;
}

/* With the semaphore held for writing. */
static void summary_replace(void)
{
	struct summary *new, *old;
	struct rb_node *first = rb_first(&packets), *last = rb_last(&packets);

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return;
	new->packets = nr_packets;
	if (first) {
		new->lowest = rb_entry(first, struct packet, node)->key;
		new->highest = rb_entry(last, struct packet, node)->key;
	}
	old = rcu_dereference_protected(summary,
					rwsem_is_locked(&packets_sem));
	rcu_assign_pointer(summary, new);
	if (old)
		kfree_rcu(old, rcu);
}

bool index_insert(struct packet *p)
{
	struct rb_node **link = &packets.rb_node, *parent = NULL;
	bool inserted = false;

	down_write(&packets_sem);
	while (*link) {
		struct packet *here = rb_entry(*link, struct packet, node);

		parent = *link;
		if (p->key == here->key)
			goto out;
		link = p->key < here->key ? &parent->rb_left :
					    &parent->rb_right;
	}
	rb_link_node(&p->node, parent, link);
	rb_insert_color(&p->node, &packets);
	nr_packets++;
	inserted = true;
	summary_replace();
out:
	up_write(&packets_sem);
	return inserted;
}

struct packet *index_take_first(void)
{
	struct packet *p = NULL;
	struct rb_node *first;

	down_write(&packets_sem);
	first = rb_first(&packets);
	if (first) {
		p = rb_entry(first, struct packet, node);
		rb_erase(first, &packets);
		nr_packets--;
		summary_replace();
	}
	up_write(&packets_sem);
	return p;
}

unsigned long index_count(void)
{
	struct rb_node *n;
	unsigned long count = 0;

	down_read(&packets_sem);
	for (n = rb_first(&packets); n; n = rb_next(n))
		count++;
	WARN_ON(count != nr_packets);
	up_read(&packets_sem);
	return count;
}

void index_summary(struct summary *out)
{
	struct summary *s;

	rcu_read_lock();
	s = rcu_dereference(summary);
	if (s)
		*out = *s;
	rcu_read_unlock();
}

int index_setup(void)
{
	summary = kzalloc(sizeof(*summary), GFP_KERNEL);
	return summary ? 0 : -ENOMEM;
}

void index_end(void)
{
	struct summary *old = rcu_dereference_protected(summary, 1);

	RCU_INIT_POINTER(summary, NULL);
	synchronize_rcu();
	kfree(old);
	/* What kfree_rcu() was given is gone when the module is. */
	rcu_barrier();
}
