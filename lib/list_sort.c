// SPDX-License-Identifier: MIT
/*
 * Merge sort of lists, from runs of one upwards: run i of `runs` is empty or
 * sorted and 2^i long, and all in a higher one came before all in a lower one.
 * An entry that comes is carried upwards as in a binary counter.
 */
#include <linux/list_sort.h>

#include <linux/types.h>

#define RUNS	48	/* 2^48 entries do not fit in memory */

/* Two sorted chains, ended by NULL; those of @a go before equal ones of @b. */
static struct list_head *merge(void *priv, list_cmp_func_t cmp,
			       struct list_head *a, struct list_head *b)
{
	struct list_head *first, **link = &first;

	while (a && b) {
		if (cmp(priv, a, b) <= 0) {
			*link = a;
			link = &a->next;
			a = a->next;
		} else {
			*link = b;
			link = &b->next;
			b = b->next;
		}
	}
	*link = a ? a : b;
	return first;
}

static void run_add(void *priv, list_cmp_func_t cmp, struct list_head **runs,
		    struct list_head *entry)
{
	unsigned int i;

	for (i = 0; i < RUNS - 1 && runs[i]; i++) {
		entry = merge(priv, cmp, runs[i], entry);
		runs[i] = NULL;
	}
	runs[i] = runs[i] ? merge(priv, cmp, runs[i], entry) : entry;
}

void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *runs[RUNS] = { 0 }, *entry, *next, *sorted = NULL;
	unsigned int i;

	for (entry = head->next; entry != head; entry = next) {
		next = entry->next;
		entry->next = NULL;
		run_add(priv, cmp, runs, entry);
	}
	for (i = 0; i < RUNS; i++)
		if (runs[i])
			sorted = sorted ? merge(priv, cmp, runs[i], sorted) :
					  runs[i];
	INIT_LIST_HEAD(head);
	for (; sorted; sorted = next) {
		next = sorted->next;
		list_add_tail(sorted, head);
	}
}
