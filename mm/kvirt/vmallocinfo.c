// SPDX-License-Identifier: MIT
/*
 * Areas for readers: /proc/vmallocinfo in Linux's format, and the check of
 * everything that vmalloc.c says is invariant.
 *
 * Areas come and go while they are listed; those that are listed stay until
 * the mutex is given back.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>

/* Calls @fn for each published area, by address; areas_mutex is held. */
static void for_each_area(struct kvirt_state *k,
			  void (*fn)(struct vm_struct *vm,
				     const struct va_area *area, void *ctx),
			  void *ctx)
{
	unsigned long addr = k->start;
	struct va_area area;

	while (va_next(k->space, addr, &area)) {
		struct vm_struct *vm = vm_of_owner(area.owner);

		/* Pairs with the release in vm_area_publish(). */
		if (!(smp_load_acquire(&vm->flags) & VM_UNINITIALIZED))
			fn(vm, &area, ctx);
		addr = area.start + area.size;
	}
}

/* ---- /proc/vmallocinfo ------------------------------------------------ */

static void show_nodes(struct seq_file *m, const struct vm_struct *vm)
{
	unsigned int i, n = vm->nr_pages >> vm->page_order;
	unsigned long count[MAX_NUMNODES] = { 0 };
	int nid;

	for (i = 0; i < n; i++)
		count[page_to_nid(vm->pages[i])] += 1UL << vm->page_order;
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		if (count[nid])
			seq_printf(m, " N%d=%lu", nid, count[nid]);
}

static void show_area(struct vm_struct *vm, const struct va_area *area,
		      void *ctx)
{
	static const struct {
		unsigned long flag;
		const char *text;
	} kinds[] = {
		{ VM_IOREMAP, " ioremap" }, { VM_ALLOC, " vmalloc" },
		{ VM_MAP, " vmap" }, { VM_USERMAP, " user" },
		{ VM_DMA_COHERENT, " dma-coherent" },
	};
	struct seq_file *m = ctx;
	unsigned int i;

	seq_printf(m, "0x%p-0x%p %7lu", (void *)area->start,
		   (void *)(area->start + area->size), area->size);
	if (vm->flags & VM_RAM) {
		seq_puts(m, " vm_map_ram\n");
		return;
	}
	if (vm->caller)
		seq_printf(m, " %pS", vm->caller);
	if (vm->nr_pages)
		seq_printf(m, " pages=%u", vm->nr_pages);
	if (vm->phys_addr)
		seq_printf(m, " phys=0x%016llx", (u64)vm->phys_addr);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (vm->flags & kinds[i].flag)
			seq_puts(m, kinds[i].text);
	if (is_vmalloc_addr(vm->pages))
		seq_puts(m, " vpages");
	if (vm->pages)
		show_nodes(m, vm);
	seq_putc(m, '\n');
}

/* Freed addresses that wait for a purge; the mutex keeps their structs. */
static void show_retired(struct seq_file *m)
{
	const struct llist_node *node;
	const struct vm_struct *vm;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		node = smp_load_acquire(&per_cpu_ptr(&vm_retired, cpu)->first);
		for (; node; node = node->next) {
			vm = llist_entry(node, struct vm_struct, retired);
			seq_printf(m, "0x%p-0x%p %7lu unpurged vm_area\n",
				   vm->addr, (char *)vm->addr + vm->size,
				   vm->size);
		}
	}
}

int vmallocinfo_show(struct seq_file *m)
{
	struct kvirt_state *k = kvirt_state();

	if (!k->space)
		return 0;
	might_sleep();
	mutex_lock(&k->areas_mutex);
	for_each_area(k, show_area, m);
	show_retired(m);
	mutex_unlock(&k->areas_mutex);
	return 0;
}

/* ---- the check -------------------------------------------------------- */

struct audit {
	struct kvirt_state *k;
	unsigned long pages;	/* of vmalloc() */
	bool ok;
};

static void broken(struct audit *a, int invariant, unsigned long addr)
{
	pr_err("kvirt: V%d does not hold for the area at %#lx\n", invariant,
	       addr);
	a->ok = false;
}

/* pages[], block by block, and nothing behind them. */
static void audit_pages(struct audit *a, const struct vm_struct *vm)
{
	unsigned long block = PAGE_SIZE << vm->page_order;
	unsigned long addr = (unsigned long)vm->addr;
	unsigned int i, n = vm->nr_pages >> vm->page_order;
	struct kvirt_run run;

	if ((unsigned long)vm->nr_pages << PAGE_SHIFT != get_vm_area_size(vm))
		broken(a, 2, addr);
	for (i = 0; i < n; i++, addr += block)
		if (!kvirt_run(a->k, addr, addr + block, &run) ||
		    run.size != block ||
		    run.phys != page_to_phys(vm->pages[i]))
			broken(a, 2, addr);
	if (!(vm->flags & VM_NO_GUARD) &&
	    kvirt_run(a->k, addr, addr + PAGE_SIZE, &run))
		broken(a, 2, addr);
}

static void audit_area(struct vm_struct *vm, const struct va_area *area,
		       void *ctx)
{
	struct audit *a = ctx;

	if ((unsigned long)vm->addr != area->start || vm->size != area->size)
		broken(a, 1, area->start);
	if (!(vm->flags & VM_ALLOC))
		return;
	a->pages += vm->nr_pages;
	audit_pages(a, vm);
}

bool vmalloc_check(void)
{
	struct audit a = { .k = kvirt_state(), .ok = true };

	if (!a.k->space)
		return true;
	mutex_lock(&a.k->areas_mutex);
	for_each_area(a.k, audit_area, &a);
	a.ok &= va_space_check(a.k->space);
	a.ok &= kvirt_tables_check(a.k);
	if (a.pages != vmalloc_nr_pages())
		broken(&a, 3, a.k->start);
	mutex_unlock(&a.k->areas_mutex);
	return a.ok;
}
