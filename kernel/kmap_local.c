// SPDX-License-Identifier: MIT
/*
 * kmap_local_page() and the scheduler.
 *
 * Each CPU has KM_MAX_IDX pages of addresses, its slots, used as a stack by
 * whoever runs there: a thread, and the interrupts on top of it.
 *
 *      base - PAGE_SIZE   base                          end
 *        | never mapped  | page | page |  free  ...      |
 *          ^ top when                 ^ kmap_local_top
 *            nothing is mapped
 *
 * What a thread has mapped is what it finds there, so no thread may find
 * another's: who gives its CPU away with pages mapped has their entries kept
 * in task_struct.kmap and cleared, and they are put back before it goes on. The
 * addresses stay the same, as does the CPU: kmap.nr pins the thread to it.
 *
 * To map is to move the top and then to write the entry. The first is one
 * instruction, so that the thread does not get to another CPU in between; from
 * it on the top differs from base, and the thread is pinned. An interrupt, or
 * another thread, in between the two finds an empty slot, uses those above it,
 * and leaves it empty.
 *
 * Invariants, when the CPU changes hands:
 *  I1. Slots above the top are not mapped, and this CPU remembers none of them.
 *  I2. Of a thread that runs, kmap.nr is 0; of one that does not, nothing is
 *      mapped.
 *
 * Locks: none. Interrupts are off while threads change.
 *
 * Differs from Linux: there the depth is the thread's and each entry is kept
 * twice, so that mapping costs more and switching less.
 */
#include <linux/kmap_local.h>

#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>
#include <asm/highmem.h>
#include <asm/pgtable.h>

DEFINE_PER_CPU(unsigned long, kmap_local_top);
DEFINE_PER_CPU(unsigned long, kmap_local_end);

void __init kmap_init(void)
{
	unsigned int cpu;

	port_kmap_setup();
	for_each_possible_cpu(cpu) {
		unsigned long base = port_kmap_local_base(cpu);

		per_cpu(kmap_local_top, cpu) = base - PAGE_SIZE;
		per_cpu(kmap_local_end, cpu) = base + KM_MAX_IDX * PAGE_SIZE;
	}
}

void __kmap_local_sched_out(struct task_struct *p)
{
	unsigned long top = this_cpu_read(kmap_local_top), addr;
	unsigned int nr = 0;

	for (addr = kmap_local_start(); addr <= top; addr += PAGE_SIZE) {
		pte_t pte = port_kmap_local_pte(addr);

		p->kmap.saved[nr++] = pte_val(pte);
		if (!pte_none(pte))
			port_kmap_local_clear(addr);
	}
	p->kmap.nr = nr;
	this_cpu_write(kmap_local_top, kmap_local_start() - PAGE_SIZE);
}

void __kmap_local_sched_in(struct task_struct *p)
{
	unsigned long addr = kmap_local_start();
	unsigned int i;

	VM_BUG_ON(kmap_local_used());
	for (i = 0; i < p->kmap.nr; i++, addr += PAGE_SIZE)
		if (p->kmap.saved[i])
			port_kmap_local_set(addr, __pte(p->kmap.saved[i]));
	this_cpu_write(kmap_local_top, addr - PAGE_SIZE);
	p->kmap.nr = 0;
}

void __kmap_local_exit(struct task_struct *p)
{
	unsigned int i, mapped = 0;
	unsigned long flags;

	local_irq_save(flags);
	__kmap_local_sched_out(p);
	for (i = 0; i < p->kmap.nr; i++)
		mapped += p->kmap.saved[i] != 0;
	p->kmap.nr = 0;
	local_irq_restore(flags);
	if (mapped)
		pr_err("BUG: thread %.16s (pid %d) ends with %u page%s of kmap_local_page() mapped\n",
		       p->comm, p->pid, mapped, mapped == 1 ? "" : "s");
}
