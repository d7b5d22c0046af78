/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LIST_SORT_H
#define _LINUX_LIST_SORT_H

#include <linux/list.h>

typedef int (*list_cmp_func_t)(void *priv, const struct list_head *a,
			       const struct list_head *b);
/*
 * Orders @head so that cmp(@priv, a, b) of neighbours is at most 0; equal
 * entries stay in their order. Without memory; about n * log2(n) comparisons.
 */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp);

#endif
