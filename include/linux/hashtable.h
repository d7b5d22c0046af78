/* SPDX-License-Identifier: MIT */
/* Tables of a fixed number of buckets, a power of two. The user locks. */
#ifndef _LINUX_HASHTABLE_H
#define _LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/rculist.h>

#define DEFINE_HASHTABLE(name, bits)					\
	struct hlist_head name[1 << (bits)] = {				\
		[0 ... ((1 << (bits)) - 1)] = HLIST_HEAD_INIT }
#define DEFINE_READ_MOSTLY_HASHTABLE(name, bits) DEFINE_HASHTABLE(name, bits)
#define DECLARE_HASHTABLE(name, bits)	struct hlist_head name[1 << (bits)]

#define HASH_SIZE(name)		(ARRAY_SIZE(name))
#define HASH_BITS(name)		((unsigned int)ilog2(HASH_SIZE(name)))
/* A key of four bytes or fewer has the cheaper hash. */
#define hash_min(val, bits)						\
	(sizeof(val) <= 4 ? hash_32((u32)(val), bits) : hash_long(val, bits))

static inline void __hash_init(struct hlist_head *ht, unsigned int sz)
{
	unsigned int i;

	for (i = 0; i < sz; i++)
		INIT_HLIST_HEAD(&ht[i]);
}

static inline bool __hash_empty(struct hlist_head *ht, unsigned int sz)
{
	unsigned int i;

	for (i = 0; i < sz; i++)
		if (!hlist_empty(&ht[i]))
			return false;
	return true;
}

static inline bool hash_hashed(struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

static inline void hash_del(struct hlist_node *node)
{
	hlist_del_init(node);
}

static inline void hash_del_rcu(struct hlist_node *node)
{
	hlist_del_init_rcu(node);
}

#define hash_init(ht)		__hash_init(ht, HASH_SIZE(ht))
#define hash_empty(ht)		__hash_empty(ht, HASH_SIZE(ht))
#define __hash_bucket(ht, key)	(&(ht)[hash_min(key, HASH_BITS(ht))])
#define hash_add(ht, node, key)	hlist_add_head(node, __hash_bucket(ht, key))
#define hash_add_rcu(ht, node, key)					\
	hlist_add_head_rcu(node, __hash_bucket(ht, key))

#define hash_for_each(ht, bkt, obj, member)				\
	for ((bkt) = 0, (obj) = NULL;					\
	     (obj) == NULL && (bkt) < (int)HASH_SIZE(ht); (bkt)++)	\
		hlist_for_each_entry(obj, &(ht)[bkt], member)
#define hash_for_each_rcu(ht, bkt, obj, member)				\
	for ((bkt) = 0, (obj) = NULL;					\
	     (obj) == NULL && (bkt) < (int)HASH_SIZE(ht); (bkt)++)	\
		hlist_for_each_entry_rcu(obj, &(ht)[bkt], member)
#define hash_for_each_safe(ht, bkt, tmp, obj, member)			\
	for ((bkt) = 0, (obj) = NULL;					\
	     (obj) == NULL && (bkt) < (int)HASH_SIZE(ht); (bkt)++)	\
		hlist_for_each_entry_safe(obj, tmp, &(ht)[bkt], member)
#define hash_for_each_possible(ht, obj, member, key)			\
	hlist_for_each_entry(obj, __hash_bucket(ht, key), member)
#define hash_for_each_possible_rcu(ht, obj, member, key)		\
	hlist_for_each_entry_rcu(obj, __hash_bucket(ht, key), member)
#define hash_for_each_possible_rcu_notrace(ht, obj, member, key)	\
	hash_for_each_possible_rcu(ht, obj, member, key)
#define hash_for_each_possible_safe(ht, obj, tmp, member, key)		\
	hlist_for_each_entry_safe(obj, tmp, __hash_bucket(ht, key), member)

#endif
