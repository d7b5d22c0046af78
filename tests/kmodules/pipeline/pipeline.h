/* SPDX-License-Identifier: MIT */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/* What goes through: from producers, by a queue, into the index, and out. */
struct packet {
	u64 key;
	u32 sum;
	u16 len;
	struct list_head queue;		/* while nobody has looked at it */
	struct rb_node node;		/* in the index */
	u8 data[];
};

/* What the index says of itself; replaced as a whole, read under RCU. */
struct summary {
	unsigned long packets;
	u64 lowest, highest;
	struct rcu_head rcu;
};

u32 packet_sum(const struct packet *p);
int index_setup(void);
void index_end(void);
/* False: there is one of that key; it is the caller's still. */
bool index_insert(struct packet *p);
struct packet *index_take_first(void);
unsigned long index_count(void);
void index_summary(struct summary *out);

#endif
