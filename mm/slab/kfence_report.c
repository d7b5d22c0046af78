// SPDX-License-Identifier: MIT
/*
 * KFENCE's reports and files, in Linux's form:
 *
 *   ==================================================================
 *   BUG: KFENCE: out-of-bounds read in f+0x10/0x20
 *
 *   Out-of-bounds read at 0x... (1B left of kfence-#72):
 *    f+0x10/0x20
 *    ...
 *
 *   kfence-#72: 0x...-0x..., size=32, cache=kmalloc-32
 *
 *   allocated by task 1 on cpu 0 at 32.919330s:
 *    ...
 *
 *   freed by task 1 on cpu 0 at 32.919330s:
 *    ...
 *
 *   CPU: 0 PID: 1 Comm: init
 *   ==================================================================
 */
#include "kfence.h"

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#define LINE								\
	"=================================================================="
#define CORRUPTION_SHOWN	16	/* bytes, as in Linux */

static const char *access_name(const struct kfence_event *e)
{
	return e->is_write ? "write" : "read";
}

static unsigned int meta_index(const struct kfence_meta *meta)
{
	return (unsigned int)(meta - kfence_state()->objects);
}

static void head_print(const struct kfence_event *e)
{
	void *where = e->nr ? (void *)e->stack[0] : NULL;

	pr_err(LINE "\n");
	switch (e->error) {
	case KFENCE_OOB:
		pr_err("BUG: KFENCE: out-of-bounds %s in %pS\n",
		       access_name(e), where);
		break;
	case KFENCE_UAF:
		pr_err("BUG: KFENCE: use-after-free %s in %pS\n",
		       access_name(e), where);
		break;
	case KFENCE_CORRUPTION:
		pr_err("BUG: KFENCE: memory corruption in %pS\n", where);
		break;
	default:
		pr_err("BUG: KFENCE: invalid free in %pS\n", where);
	}
	pr_err("\n");
}

/* " 0xac . . ": bytes that differ, from the first on. */
static void corruption_print(const struct kfence_event *e,
			     const struct kfence_meta *meta)
{
	unsigned long end = meta->page + PAGE_SIZE, p;
	char bytes[CORRUPTION_SHOWN * 5 + 1];
	int n = 0;

	if (e->addr < meta->addr)
		end = meta->addr;
	end = min(end, e->addr + CORRUPTION_SHOWN);
	for (p = e->addr; p < end; p++) {
		u8 byte = *(const u8 *)p;

		if (byte == kfence_canary(p))
			n += scnprintf(bytes + n, sizeof(bytes) - n, " .");
		else
			n += scnprintf(bytes + n, sizeof(bytes) - n, " 0x%02x",
				       byte);
	}
	pr_err("Corrupted memory at 0x%px [%s ] (in kfence-#%u):\n",
	       (void *)e->addr, bytes, meta_index(meta));
}

static void out_of_bounds_print(const struct kfence_event *e,
				const struct kfence_meta *meta)
{
	unsigned long end;

	if (!meta) {
		pr_err("Out-of-bounds %s at 0x%px (no object is near):\n",
		       access_name(e), (void *)e->addr);
		return;
	}
	end = meta->addr + meta->size;
	pr_err("Out-of-bounds %s at 0x%px (%luB %s of kfence-#%u):\n",
	       access_name(e), (void *)e->addr,
	       e->addr < meta->addr ? meta->addr - e->addr : e->addr - end,
	       e->addr < meta->addr ? "left" : "right", meta_index(meta));
}

static void what_print(const struct kfence_event *e,
		       const struct kfence_meta *meta)
{
	switch (e->error) {
	case KFENCE_OOB:
		out_of_bounds_print(e, meta);
		break;
	case KFENCE_UAF:
		pr_err("Use-after-free %s at 0x%px (in kfence-#%u):\n",
		       access_name(e), (void *)e->addr, meta_index(meta));
		break;
	case KFENCE_CORRUPTION:
		corruption_print(e, meta);
		break;
	default:
		if (meta)
			pr_err("Invalid free of 0x%px (in kfence-#%u):\n",
			       (void *)e->addr, meta_index(meta));
		else
			pr_err("Invalid free of 0x%px (in a guard page):\n",
			       (void *)e->addr);
	}
}

static void track_print(const char *what, const struct kfence_track *t)
{
	pr_err("%s by task %d on cpu %u at %llu.%06llus:\n", what, t->pid,
	       t->cpu, t->when / 1000000000, t->when / 1000 % 1000000);
	if (t->handle)
		stack_depot_print(t->handle);
	else
		pr_err("(no stack)\n");
	pr_err("\n");
}

static void object_print(const struct kfence_meta *meta)
{
	if (meta->state == KFENCE_UNUSED) {
		pr_err("kfence-#%u unused\n", meta_index(meta));
		return;
	}
	pr_err("kfence-#%u: 0x%px-0x%px, size=%zu, cache=%s\n",
	       meta_index(meta), (void *)meta->addr,
	       (void *)(meta->addr + meta->size - 1), meta->size, meta->name);
	pr_err("\n");
	track_print("allocated", &meta->alloc);
	if (meta->state == KFENCE_FREED)
		track_print("freed", &meta->free);
}

void kfence_report(const struct kfence_event *e,
		   const struct kfence_meta *meta)
{
	const struct task_struct *task = current;

	kfence_state()->nr_bugs++;
	atomic_long_inc(&slab_state()->nr_bad);
	head_print(e);
	what_print(e, meta);
	stack_trace_print(e->stack, e->nr, 0);
	pr_err("\n");
	if (meta)
		object_print(meta);
	pr_err("CPU: %d PID: %d Comm: %s\n", raw_smp_processor_id(),
	       task ? task->pid : 0, task ? task->comm : "swapper");
	pr_err(LINE "\n");
}

/* ---- files ------------------------------------------------------------ */

int kfence_stats_show(struct seq_file *m)
{
	const struct kfence_state *k = kfence_state();

	seq_printf(m, "enabled: %d\n", k->enabled);
	seq_printf(m, "currently allocated: %lu\n",
		   k->nr_state[KFENCE_ALLOCATED]);
	seq_printf(m, "total allocations: %lu\n", k->nr_allocs);
	seq_printf(m, "total frees: %lu\n", k->nr_frees);
	seq_printf(m, "total bugs: %lu\n", k->nr_bugs);
	seq_printf(m, "skipped allocations (capacity): %lu\n", k->nr_skipped);
	return 0;
}

/* The record as it was at one moment. */
static struct kfence_meta meta_copy(unsigned int i)
{
	struct kfence_state *k = kfence_state();
	struct kfence_meta meta;
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	meta = k->objects[i];
	spin_unlock_irqrestore(&k->lock, flags);
	return meta;
}

static void track_show(struct seq_file *m, const char *what,
		       const struct kfence_track *t)
{
	seq_printf(m, "\n%s by task %d on cpu %u at %llu.%06llus:\n", what,
		   t->pid, t->cpu, t->when / 1000000000,
		   t->when / 1000 % 1000000);
	stack_depot_show(m, t->handle);
}

int kfence_objects_show(struct seq_file *m)
{
	const struct kfence_state *k = kfence_state();
	unsigned int i;

	for (i = 0; k->pool_size && i < k->nr_objects; i++) {
		struct kfence_meta meta = meta_copy(i);

		if (meta.state == KFENCE_UNUSED) {
			seq_printf(m, "kfence-#%u unused\n", i);
		} else {
			seq_printf(m, "kfence-#%u: 0x%px-0x%px, size=%zu, cache=%s\n",
				   i, (void *)meta.addr,
				   (void *)(meta.addr + meta.size - 1),
				   meta.size, meta.name);
			track_show(m, "allocated", &meta.alloc);
			if (meta.state == KFENCE_FREED)
				track_show(m, "freed", &meta.free);
		}
		seq_puts(m, "---------------------------------\n");
	}
	return 0;
}
