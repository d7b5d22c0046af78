// SPDX-License-Identifier: MIT
/*
 * Wrong frees: what is wrong, and the one line that says so.
 *
 *   BUG: Bad object free in process init: double free of 00007f... (cache skb)
 *   BUG: Bad object free in process init: not the start of an object: 00007f... (cache ...)
 *   BUG: Bad object free in process init: an object of another cache: 00007f... (cache ...)
 *   BUG: Bad object free in process init: no object's memory: 00007f...
 *   BUG: Bad object free in process init: not in the direct map: 00007f...
 *
 * The object stays what it was: in use if somebody has it, once in an array
 * or in its slab if it is free.
 *
 * Any context but NMI. The slab of a report may change under it when the
 * object is nobody's; it is read, not followed.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/sched.h>

void slab_report(const struct kmem_cache *cache, const char *what,
		 const void *object)
{
	const struct task_struct *task = current;
	const char *process = task ? task->comm : "swapper";

	atomic_long_inc(&slab_state()->nr_bad);
	if (cache)
		pr_alert("BUG: Bad object free in process %s: %s %px (cache %s)\n",
			 process, what, object, cache->name);
	else
		pr_alert("BUG: Bad object free in process %s: %s %px\n",
			 process, what, object);
	dump_stack();
}
