// SPDX-License-Identifier: MIT
/*
 * What simulated CPUs remember of page tables: everything, until they are
 * told to forget it. A processor's TLB mostly forgets in time, and so hides
 * that a flush is missing; this one does not.
 *
 *   touch ─► remembered? ── yes ─► that frame; the tables must still say so
 *                └── no ─► what the tables say, remembered:
 *                            address ─► frame                   (leaves)
 *                            2 MiB of addresses ─► table of PTEs (walks)
 *
 * A CPU that remembers a table may walk it at any time, so a table goes back
 * to the page allocator only after a flush. A flush of a range makes a CPU
 * forget that range's leaves and all tables, as x86's does. It comes to one CPU
 * after another, and others run in between.
 *
 * Only who has a mapped address touches it. So what a CPU remembers of
 * addresses that are nobody's does no harm till they are handed out again;
 * the test asks for it then (sim_tlb_holds()).
 */
#include "internal.h"

#include <linux/bug.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/pgtable.h>
#include <octavo/port.h>

#define NR_LEAVES	1024	/* more than a CPU touches in a run */
#define NR_WALKS	128	/* as many as the addresses have */
#define LEVEL_PTE	1UL	/* in page->private (mm/kvirt/tables.c, I1) */

struct remembered {
	unsigned long at;	/* the first address */
	unsigned long pfn;	/* the frame, or the table's */
	bool strict;		/* which stays in use until a flush */
};

struct tlb {
	struct remembered leaf[NR_LEAVES], walk[NR_WALKS];
	unsigned int nr_leaves, nr_walks;
};

static struct tlb tlbs[SIM_CPUS];

void sim_tlb_reset(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		tlbs[cpu].nr_leaves = tlbs[cpu].nr_walks = 0;
}

static struct remembered *find(struct remembered *r, unsigned int nr,
			       unsigned long at)
{
	for (; nr; nr--, r++)
		if (r->at == at)
			return r;
	return NULL;
}

/* ---- tables ----------------------------------------------------------- */

/* What is remembered to be a table of PTEs must not be anything else. */
static void walks_check(void)
{
	const struct tlb *t;
	unsigned int i;

	for (t = tlbs; t < tlbs + SIM_CPUS; t++) {
		for (i = 0; i < t->nr_walks; i++) {
			const struct remembered *w = &t->walk[i];

			if (pfn_to_page(w->pfn)->private ==
			    (w->at | LEVEL_PTE))
				continue;
			sim_note("CPU %ld may walk frame %#lx:",
				 (long)(t - tlbs), (long)w->pfn);
			sim_stop("a table was freed before the flush");
		}
	}
}

/* Nor may a frame be free that has to wait for a flush. */
static void frames_check(void)
{
	const struct tlb *t;
	unsigned int i;

	for (t = tlbs; t < tlbs + SIM_CPUS; t++) {
		for (i = 0; i < t->nr_leaves; i++) {
			const struct remembered *l = &t->leaf[i];

			if (!l->strict ||
			    page_count(pfn_to_page(l->pfn)))
				continue;
			sim_note("CPU %ld may use frame %#lx:",
				 (long)(t - tlbs), (long)l->pfn);
			sim_stop("a page was freed before the flush");
		}
	}
}

/* Between two points: nothing of the tables changes meanwhile. */
static void walk_remember(struct tlb *t, unsigned long addr)
{
	p4d_t *p4d = p4d_offset(pgd_offset_pgd(this_machine()->kvirt.root,
					       addr), addr);
	struct remembered *w = find(t->walk, t->nr_walks, addr & PMD_MASK);
	pud_t *pud;
	pmd_t *pmd;

	if (p4d_none(*p4d))
		return;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud))
		return;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd) || pmd_leaf(*pmd))
		return;
	if (!w) {
		BUG_ON(t->nr_walks == NR_WALKS);
		w = &t->walk[t->nr_walks++];
	}
	*w = (struct remembered){ addr & PMD_MASK, pmd_pfn(*pmd), false };
}

/* ---- touching --------------------------------------------------------- */

unsigned long sim_tlb_touch(unsigned long addr, bool strict)
{
	struct tlb *t = &tlbs[sim_cpu()];
	unsigned long at = addr & PAGE_MASK;
	unsigned long pfn = vmalloc_to_pfn((void *)at);
	struct remembered *leaf = find(t->leaf, t->nr_leaves, at);

	walks_check();
	if (leaf) {
		if (leaf->pfn == pfn)
			return pfn;
		sim_note("frame %#lx, the tables say %#lx:", (long)leaf->pfn,
			 (long)pfn);
		sim_stop("a CPU uses a translation that is no more");
	}
	if (!pfn)
		sim_stop("a mapped address is not in the tables");
	BUG_ON(t->nr_leaves == NR_LEAVES);
	t->leaf[t->nr_leaves++] = (struct remembered){ at, pfn, strict };
	walk_remember(t, at);
	return pfn;
}

bool sim_tlb_holds(unsigned long start, unsigned long end)
{
	const struct tlb *t;
	unsigned int i;

	for (t = tlbs; t < tlbs + SIM_CPUS; t++) {
		for (i = 0; i < t->nr_leaves; i++) {
			if (t->leaf[i].at < start || t->leaf[i].at >= end)
				continue;
			sim_note("CPU %ld remembers %#lx:", (long)(t - tlbs),
				 (long)t->leaf[i].at);
			return true;
		}
	}
	return false;
}

/* ---- flushing --------------------------------------------------------- */

static void forget(struct tlb *t, unsigned long start, unsigned long end)
{
	unsigned int i = 0;

	while (i < t->nr_leaves) {
		if (t->leaf[i].at >= start && t->leaf[i].at < end)
			t->leaf[i] = t->leaf[--t->nr_leaves];
		else
			i++;
	}
	t->nr_walks = 0;
}

void port_flush_tlb_range(unsigned long start, unsigned long end)
{
	struct tlb *t;

	if (sim_now) {
		walks_check();
		frames_check();
	}
	for (t = tlbs; t < tlbs + SIM_CPUS; t++) {
		if (!t->nr_leaves && !t->nr_walks)
			continue;
		sim_yield();
		forget(t, start, end);
	}
}

void port_flush_tlb_all(void)
{
	port_flush_tlb_range(0, ~0UL);
}
