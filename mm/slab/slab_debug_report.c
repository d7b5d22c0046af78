// SPDX-License-Identifier: MIT
/*
 * Reports of guarded caches, in the form that Linux documents:
 *
 *   =====...
 *   BUG kmalloc-64 (Not tainted): Right Redzone overwritten
 *   -----...
 *
 *   0x...-0x... @offset=72. First byte 0x0 instead of 0xcc
 *   Allocated in f+0x10/0x20 age=3 cpu=0 pid=1
 *    (stack)
 *   Freed in ...
 *   Slab 0x... objects=32 used=1 fp=0x0 flags=0x...
 *   Object 0x... @offset=64 fp=0x0
 *
 *   Redzone  ffff...: cc cc cc cc ...
 *   Object   ffff...: 61 62 63 ...
 *   Redzone, Padding
 *   CPU: 0 PID: 1 Comm: init
 *   Call Trace: ...
 *   FIX kmalloc-64: Restoring Right Redzone 0x...-0x...=0xcc
 *
 * fp is 0x0: the free index is not in the objects. An object is shown up to
 * DUMP_MAX bytes. Any context but NMI; takes no lock.
 */
#include "slab_debug.h"

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>

#define ROW		16u	/* bytes a line */
#define DUMP_MAX	512u	/* bytes of an object shown */

static void row_dump(const char *name, const u8 *p, unsigned int n)
{
	char hex[3 * ROW + 1], text[ROW + 1];
	unsigned int i;

	for (i = 0; i < n; i++) {
		scnprintf(hex + 3 * i, 4, "%02x ", p[i]);
		text[i] = isprint(p[i]) ? (char)p[i] : '.';
	}
	text[n] = '\0';
	pr_err("%-8s %px: %-48s %s\n", name, p, hex, text);
}

static void section_dump(const char *name, const u8 *p, size_t n)
{
	const u8 *end = p + min(n, (size_t)DUMP_MAX);

	for (; p < end; p += ROW)
		row_dump(name, p, min((unsigned int)(end - p), ROW));
}

static unsigned long slab_offset(const void *p)
{
	const char *start = lowmem_page_address(object_slab(p));

	return (unsigned long)((const char *)p - start);
}

/* Frees of what is not an object have made the machine's memory doubtful. */
static const char *taint(void)
{
	return atomic_long_inc_return(&slab_state()->nr_bad) > 1 ?
	       "Tainted: G    B" : "Not tainted";
}

static void report_head(const struct kmem_cache *cache, const char *what)
{
	pr_err("=============================================================================\n");
	pr_err("BUG %s (%s): %s\n", cache->name, taint(), what);
	pr_err("-----------------------------------------------------------------------------\n");
	pr_err("\n");
}

static void slab_print(const struct kmem_cache *cache, const void *object)
{
	const struct page *slab = object_slab(object);

	pr_err("Slab 0x%px objects=%u used=%u fp=0x0 flags=%#x\n", slab,
	       cache->num, slab_in_use(slab), page_flags_read(slab));
}

static void object_dump(const struct kmem_cache *cache, const void *object)
{
	unsigned int size = cache->object_size, pad = cache->inuse;
	const u8 *p = object;

	pr_err("Object 0x%px @offset=%lu fp=0x0\n", p, slab_offset(p));
	pr_err("\n");
	section_dump("Redzone", p - cache->left, cache->left);
	section_dump("Object", p, size);
	section_dump("Redzone", p + size, cache->inuse - size);
	if (cache->track)
		pad = cache->track + NR_TRACKS * sizeof(struct slab_track);
	if (cache->orig)
		pad = cache->orig + sizeof(u64);
	section_dump("Padding", p + pad, cache->size - cache->left - pad);
}

static void report_tail(const struct kmem_cache *cache, const void *object)
{
	const struct task_struct *task = current;

	if (object) {
		slab_tracks_print(cache, object);
		slab_print(cache, object);
		object_dump(cache, object);
	}
	pr_err("CPU: %d PID: %d Comm: %s\n", raw_smp_processor_id(),
	       task ? task->pid : 0, task ? task->comm : "swapper");
	dump_stack();
}

void slab_object_report(struct kmem_cache *cache, const void *object,
			const char *what)
{
	report_head(cache, what);
	report_tail(cache, object);
}

void slab_area_report(struct kmem_cache *cache, const void *object,
		      const struct slab_area *area, const u8 *first,
		      const u8 *last)
{
	char what[40];

	scnprintf(what, sizeof(what), "%s overwritten", area->what);
	report_head(cache, what);
	pr_err("0x%px-0x%px @offset=%lu. First byte 0x%x instead of 0x%x\n",
	       first, last, slab_offset(first), *first, area->value);
	report_tail(cache, object);
	pr_err("FIX %s: Restoring %s 0x%px-0x%px=0x%x\n", cache->name,
	       area->what, first, last, area->value);
}

void slab_fix_object(const struct kmem_cache *cache, const void *object,
		     const char *what)
{
	pr_err("FIX %s: Object at 0x%px not %s\n", cache->name, object, what);
}
