// SPDX-License-Identifier: MIT
/*
 * Who allocated and who freed the objects of a cache with SLAB_STORE_USER,
 * and the lists that are made of it:
 *
 *   /sys/kernel/slab/<cache>/alloc_calls, free_calls
 *        3 f+0x10/0x20 age=1/20/41 pid=1-7 cpus=0,2 nodes=0
 *   /sys/kernel/debug/slab/<cache>/alloc_traces, free_traces
 *        the same with each caller's stack below it
 *
 * Calls from one place, by one stack where stacks are shown, are one line;
 * most frequent first. Places are gathered in a table that is made for it,
 * larger until all fit, with the node's lock held over one slab at a time.
 *
 * Locks: kmem_cache_node.lock.
 */
#include "slab_debug.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#define STACK_DEPTH	16	/* frames kept, as in Linux */

noinline depot_stack_handle_t slab_stack_save(unsigned long caller)
{
	unsigned long entries[STACK_DEPTH + 8];
	unsigned int nr = stack_trace_save(entries, ARRAY_SIZE(entries), 0), i;

	/* The allocator's own frames are of no interest. */
	for (i = 0; i < nr; i++)
		if (entries[i] == caller)
			break;
	if (i == nr)
		i = 0;
	return stack_depot_save(entries + i, min(nr - i, STACK_DEPTH + 0U), 0);
}

void slab_track_set(struct kmem_cache *cache, void *object,
		    enum slab_track_item item, unsigned long caller)
{
	const struct task_struct *task = current;

	*object_track(cache, object, item) = (struct slab_track){
		.addr = caller, .when = jiffies,
		.handle = slab_stack_save(caller),
		.pid = task ? task->pid : 0,
		.cpu = (u16)raw_smp_processor_id(),
	};
}

void slab_track_clear(struct kmem_cache *cache, void *object)
{
	memset(object_track(cache, object, TRACK_ALLOC), 0,
	       NR_TRACKS * sizeof(struct slab_track));
}

static void track_print(const char *what, const struct slab_track *t)
{
	if (!t->addr)
		return;
	pr_err("%s in %pS age=%lu cpu=%u pid=%d\n", what, (void *)t->addr,
	       jiffies - t->when, t->cpu, t->pid);
	if (t->handle)
		stack_depot_print(t->handle);
	else
		pr_err("object allocation/free stack trace missing\n");
}

void slab_tracks_print(const struct kmem_cache *cache, const void *object)
{
	if (!cache->track)
		return;
	track_print("Allocated", object_track(cache, object, TRACK_ALLOC));
	track_print("Freed", object_track(cache, object, TRACK_FREE));
}

/* ---- lists ------------------------------------------------------------ */

/* One place that called. */
struct location {
	unsigned long addr;
	depot_stack_handle_t handle;	/* 0: stacks are not told apart */
	unsigned long count;		/* objects */
	unsigned long min_age, max_age, sum_age;	/* jiffies */
	int min_pid, max_pid;
	struct cpumask cpus;
	nodemask_t nodes;
};

struct locations {
	struct location *at;
	unsigned int nr, max;
	bool full;		/* some had no room */
	bool stacks;		/* told apart by stacks */
	unsigned long now;	/* jiffies */
};

static struct location *location_of(struct locations *l,
				    const struct slab_track *t)
{
	depot_stack_handle_t handle = l->stacks ? t->handle : 0;
	struct location *at;
	unsigned int i;

	for (i = 0; i < l->nr; i++)
		if (l->at[i].addr == t->addr && l->at[i].handle == handle)
			return &l->at[i];
	if (l->nr == l->max) {
		l->full = true;
		return NULL;
	}
	at = &l->at[l->nr++];
	memset(at, 0, sizeof(*at));
	at->addr = t->addr;
	at->handle = handle;
	at->min_age = ULONG_MAX;
	at->min_pid = INT_MAX;
	return at;
}

static void location_add(struct locations *l, const struct slab_track *t,
			 int nid)
{
	struct location *at = t->addr ? location_of(l, t) : NULL;
	unsigned long age = l->now - t->when;

	if (!at)
		return;
	at->count++;
	at->min_age = min(at->min_age, age);
	at->max_age = max(at->max_age, age);
	at->sum_age += age;
	at->min_pid = min(at->min_pid, t->pid);
	at->max_pid = max(at->max_pid, t->pid);
	cpumask_set_cpu(t->cpu, &at->cpus);
	node_set(nid, at->nodes);
}

static void slab_locations(struct kmem_cache *cache, struct page *slab,
			   enum slab_track_item item, struct locations *l)
{
	char *first = slab_objects(cache, slab);
	unsigned int i;

	for (i = 0; i < cache->num; i++) {
		bool free = *slab_index_word(cache, slab, i) >> (i % 64) & 1;
		void *object = first + (size_t)i * cache->size;
		struct slab_track t;

		if (free)
			continue;
		if (PORT_CHECKS_MEMORY)
			port_unpoison(object_track(cache, object, item),
				      sizeof(t));
		t = *object_track(cache, object, item);
		if (PORT_CHECKS_MEMORY)
			port_poison(object_track(cache, object, item),
				    sizeof(t));
		location_add(l, &t, page_to_nid(slab));
	}
}

static void cache_locations(struct kmem_cache *cache,
			    enum slab_track_item item, struct locations *l)
{
	struct kmem_cache_node *n;
	unsigned long flags;
	struct page *slab;

	l->nr = 0;
	l->full = false;
	l->now = jiffies;
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		page_list_for_each(slab, &n->partial)
			slab_locations(cache, slab, item, l);
		page_list_for_each(slab, &n->full)
			slab_locations(cache, slab, item, l);
		spin_unlock_irqrestore(&n->lock, flags);
	}
}

static int more_frequent(const void *a, const void *b)
{
	const struct location *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static void numbers_show(struct seq_file *m, const char *name,
			 const unsigned long *bits, unsigned int nr)
{
	char sep = '=';
	unsigned int i;

	seq_printf(m, " %s", name);
	for (i = 0; i < nr; i++)
		if (bits[i / BITS_PER_LONG] >> (i % BITS_PER_LONG) & 1) {
			seq_printf(m, "%c%u", sep, i);
			sep = ',';
		}
}

static void location_show(struct seq_file *m, const struct locations *l,
			  const struct location *at)
{
	seq_printf(m, "%7lu %pS age=", at->count, (void *)at->addr);
	if (at->min_age == at->max_age)
		seq_printf(m, "%lu", at->min_age);
	else
		seq_printf(m, "%lu/%lu/%lu", at->min_age,
			   at->sum_age / at->count, at->max_age);
	if (at->min_pid == at->max_pid)
		seq_printf(m, " pid=%d", at->min_pid);
	else
		seq_printf(m, " pid=%d-%d", at->min_pid, at->max_pid);
	numbers_show(m, "cpus", at->cpus.bits, this_machine()->nr_cpus);
	numbers_show(m, "nodes", at->nodes.bits,
		     (unsigned int)this_machine()->nr_nodes);
	seq_putc(m, '\n');
	if (l->stacks && at->handle) {
		stack_depot_show(m, at->handle);
		seq_putc(m, '\n');
	}
}

int slab_calls_show(struct kmem_cache *cache, bool frees, bool stacks,
		    struct seq_file *m)
{
	struct locations l = { .stacks = stacks };
	unsigned int order, i;

	if (!cache->track)
		return -ENOSYS;
	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		l.at = (void *)__get_free_pages(GFP_KERNEL | __GFP_NOWARN,
						order);
		if (!l.at)
			return -ENOMEM;
		l.max = (unsigned int)((PAGE_SIZE << order) / sizeof(*l.at));
		cache_locations(cache, frees ? TRACK_FREE : TRACK_ALLOC, &l);
		if (!l.full)
			break;
		free_pages((unsigned long)l.at, order);
	}
	if (order > MAX_PAGE_ORDER)
		return -ENOMEM;
	sort(l.at, l.nr, sizeof(*l.at), more_frequent, NULL);
	for (i = 0; i < l.nr; i++)
		location_show(m, &l, &l.at[i]);
	if (!l.nr)
		seq_puts(m, "No data\n");
	free_pages((unsigned long)l.at, order);
	return 0;
}
