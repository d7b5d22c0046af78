/* SPDX-License-Identifier: MIT */
/*
 * Lists that readers walk while one updater at a time, under a lock of its
 * own, changes them. Readers are in a read section (linux/rcupdate.h), go
 * forward only, and may meet an entry that has just been removed; its memory,
 * and a second use of its links, wait for a grace period.
 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* The link that readers follow. */
#define list_next_rcu(list)	((list)->next)

/* As empty as a list can be whose head readers may be at. */
static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	RCU_INIT_POINTER(list->next, list);
	list->prev = list;
}

static inline void list_link_between_rcu(struct list_head *entry,
					 struct list_head *prev,
					 struct list_head *next)
{
	RCU_INIT_POINTER(entry->next, next);
	entry->prev = prev;
	rcu_assign_pointer(prev->next, entry);
	next->prev = entry;
}

/* Behind @head; the entry is complete before a reader sees it. */
static inline void list_add_rcu(struct list_head *entry,
				struct list_head *head)
{
	list_link_between_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry,
				     struct list_head *head)
{
	list_link_between_rcu(entry, head->prev, head);
}

/* Readers who are at @entry still find their way on. */
static inline void list_del_rcu(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	RCU_INIT_POINTER(entry->prev->next, entry->next);
	entry->prev = LIST_POISON2;
}

/* @entry takes the place of @old, in one step. */
static inline void list_replace_rcu(struct list_head *old,
				    struct list_head *entry)
{
	RCU_INIT_POINTER(entry->next, old->next);
	entry->prev = old->prev;
	rcu_assign_pointer(entry->prev->next, entry);
	entry->next->prev = entry;
	old->prev = LIST_POISON2;
}

/*
 * Moves all of @list behind @head, or before it (tail). @sync, which may
 * sleep, waits for readers of @list to be gone, as they would not find its
 * head again: synchronize_rcu.
 */
static inline void __list_splice_init_rcu(struct list_head *list,
					  struct list_head *prev,
					  struct list_head *next,
					  void (*sync)(void))
{
	struct list_head *first = list->next, *last = list->prev;

	INIT_LIST_HEAD_RCU(list);
	sync();
	RCU_INIT_POINTER(last->next, next);
	rcu_assign_pointer(prev->next, first);
	first->prev = prev;
	next->prev = last;
}

static inline void list_splice_init_rcu(struct list_head *list,
					struct list_head *head,
					void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head, head->next, sync);
}

static inline void list_splice_tail_init_rcu(struct list_head *list,
					     struct list_head *head,
					     void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head->prev, head, sync);
}

/* ---- readers ---------------------------------------------------------- */

#define list_entry_rcu(ptr, type, member)				\
	container_of(rcu_dereference_raw(ptr), type, member)
#define list_first_or_null_rcu(head, type, member) ({			\
	struct list_head *__head = (head);				\
	struct list_head *__next = rcu_dereference_raw(__head->next);	\
									\
	__next != __head ? container_of(__next, type, member) : NULL; })
#define list_next_or_null_rcu(head, ptr, type, member) ({		\
	struct list_head *__head = (head);				\
	struct list_head *__next = rcu_dereference_raw((ptr)->next);	\
									\
	__next != __head ? container_of(__next, type, member) : NULL; })

/* @cond, optional: what protects the list besides a read section. */
#define list_for_each_entry_rcu(pos, head, member, cond...)		\
	for ((pos) = list_entry_rcu((head)->next, __typeof__(*(pos)),	\
				    member);				\
	     &(pos)->member != (head);					\
	     (pos) = list_entry_rcu((pos)->member.next,			\
				    __typeof__(*(pos)), member))
#define list_for_each_entry_srcu(pos, head, member, cond)		\
	list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_lockless(pos, head, member)			\
	list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_continue_rcu(pos, head, member)		\
	for ((pos) = list_entry_rcu((pos)->member.next,			\
				    __typeof__(*(pos)), member);	\
	     &(pos)->member != (head);					\
	     (pos) = list_entry_rcu((pos)->member.next,			\
				    __typeof__(*(pos)), member))
#define list_for_each_entry_from_rcu(pos, head, member)			\
	for (; &(pos)->member != (head);				\
	     (pos) = list_entry_rcu((pos)->member.next,			\
				    __typeof__(*(pos)), member))

/* ---- with a single link to the head ----------------------------------- */

#define hlist_first_rcu(head)	((head)->first)
#define hlist_next_rcu(node)	((node)->next)

static inline void hlist_add_head_rcu(struct hlist_node *n,
				      struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	RCU_INIT_POINTER(n->next, first);
	n->pprev = &h->first;
	rcu_assign_pointer(h->first, n);
	if (first)
		first->pprev = &n->next;
}

static inline void hlist_add_behind_rcu(struct hlist_node *n,
					struct hlist_node *prev)
{
	RCU_INIT_POINTER(n->next, prev->next);
	n->pprev = &prev->next;
	rcu_assign_pointer(prev->next, n);
	if (n->next)
		n->next->pprev = &n->next;
}

static inline void hlist_add_before_rcu(struct hlist_node *n,
					struct hlist_node *next)
{
	n->pprev = next->pprev;
	RCU_INIT_POINTER(n->next, next);
	rcu_assign_pointer(*n->pprev, n);
	next->pprev = &n->next;
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	struct hlist_node *next = n->next;

	RCU_INIT_POINTER(*n->pprev, next);
	if (next)
		next->pprev = n->pprev;
	n->pprev = LIST_POISON2;
}

/* The same; the entry counts as on no list, if it was on one. */
static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!n->pprev)
		return;
	hlist_del_rcu(n);
	n->pprev = NULL;
}

static inline void hlist_replace_rcu(struct hlist_node *old,
				     struct hlist_node *n)
{
	struct hlist_node *next = old->next;

	RCU_INIT_POINTER(n->next, next);
	n->pprev = old->pprev;
	rcu_assign_pointer(*n->pprev, n);
	if (next)
		next->pprev = &n->next;
	old->pprev = LIST_POISON2;
}

#define __hlist_entry_rcu(ptr, type, member) ({				\
	struct hlist_node *__node = rcu_dereference_raw(ptr);		\
									\
	__node ? container_of(__node, type, member) : NULL; })
#define hlist_for_each_entry_rcu(pos, head, member, cond...)		\
	for ((pos) = __hlist_entry_rcu((head)->first,			\
				       __typeof__(*(pos)), member);	\
	     (pos);							\
	     (pos) = __hlist_entry_rcu((pos)->member.next,		\
				       __typeof__(*(pos)), member))
#define hlist_for_each_entry_continue_rcu(pos, member)			\
	for ((pos) = __hlist_entry_rcu((pos)->member.next,		\
				       __typeof__(*(pos)), member);	\
	     (pos);							\
	     (pos) = __hlist_entry_rcu((pos)->member.next,		\
				       __typeof__(*(pos)), member))

#endif
