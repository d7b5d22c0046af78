// SPDX-License-Identifier: MIT
/*
 * The kernel's page tables for mappings that come and go.
 *
 * Terms. A table is a page of entries; a leaf is an entry that maps memory.
 * Three levels of tables lie below the root, those of PTEs, PMDs and PUDs:
 *
 *   root ── PUD table ── PMD table ──┬── PTE table ── leaves of PAGE_SIZE
 *           (kept)                   └── leaves of PMD_SIZE
 *
 * A table of PTEs or PMDs counts its entries. It comes with the first, made
 * outside the lock, and is put on the list kvirt.empty with the last. Before
 * addresses are used again all CPUs flush (vm_area.c); that is when the tables
 * that are still empty are taken out, if there are many or somebody asks for
 * it, and freed after the flush, since till then a CPU may walk them. One that
 * got an entry meanwhile stays. Tables of PUDs stay for good, for other roots
 * may point to them; those of the first NR_FIRST entries of the root, which is
 * as far as addresses mostly go, are made at start-up.
 *
 *   made ──► in use ⇄ empty ──► detached ── flush ──► freed
 *
 * With two or three levels there are no tables of PUDs, and those of PMDs (the
 * root itself, with two) have other mappings of the kernel as well: they are
 * the port's, there before the first mapping, not counted and kept.
 *
 * A CPU may remember that an entry points to a detached table, and find the
 * address not present though its entry has come in a new one. It faults, and
 * vmalloc_fault_spurious() has it look again.
 *
 * Invariants
 *  I1: the frame of a table of PTEs or PMDs that is made here has in `index` how many of its
 *      entries are not empty, in `private` the first address that it
 *      translates, with its level in the low bits.
 *  I2: those with none, and no others, are on kvirt.empty, nr_empty of them.
 *  I3: kvirt.nr_tables is how many tables of all levels were made here.
 *  I4: leaves lie in tables of PTEs, and of PMDs where kvirt.huge; a leaf of
 *      PMD_SIZE maps a multiple of that.
 *
 * Locks. kvirt.tables_lock, with interrupts off, over every entry and count;
 * it is given up after each table. The lock is a leaf.
 *
 * Failure. Without memory for a table what was mapped by the call goes again.
 */
#include "tables.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <octavo/kvirt_types.h>
#include <octavo/page_list.h>
#include <octavo/plant.h>
#include <octavo/port.h>
#include <asm/pgtable.h>

enum { LEVEL_PTE = 1, LEVEL_PMD = 2, LEVEL_PUD = 3 };

/* Whether tables of PMDs are made here, or are the port's. */
#define OWN_PMD_TABLES	(CONFIG_PGTABLE_LEVELS > 3)

#define NR_FIRST	2	/* the smallest space may lie across two */
#define NR_SPARE	3	/* a call may lack one of each level */
#define DETACH_MAX	32	/* tables taken out under one hold of the lock */

/* Tables made before they are needed. */
struct spare {
	struct page *page[NR_SPARE];
	unsigned int nr;
	bool blocked;		/* an empty table is where a leaf is to be */
};

static struct page *table_of(const void *entry)
{
	return virt_to_page((void *)((unsigned long)entry & PAGE_MASK));
}

static int table_level(const struct page *table)
{
	return (int)(table->private & ~PAGE_MASK);
}

/* ---- counts ----------------------------------------------------------- */

static void empty_add(struct kvirt_state *k, struct page *table)
{
	page_list_add(&k->empty, table, page_to_pfn(table));
	WRITE_ONCE(k->nr_empty, k->nr_empty + 1);
}

static void empty_del(struct kvirt_state *k, struct page *table)
{
	page_list_del(&k->empty, table);
	WRITE_ONCE(k->nr_empty, k->nr_empty - 1);
}

static void table_get(struct kvirt_state *k, struct page *table,
		      unsigned int n)
{
	if (!table->index)
		empty_del(k, table);
	table->index += n;
	VM_BUG_ON(table->index > PTRS_PER_PTE);
}

static void table_put(struct kvirt_state *k, struct page *table,
		      unsigned int n)
{
	VM_BUG_ON(table->index < n);
	table->index -= n;
	if (!table->index && !PLANT(kvirt_table_kept))
		empty_add(k, table);
}

/* The same of the table that @pmd is in, if it counts. */
static void pmds_get(struct kvirt_state *k, const pmd_t *pmd, unsigned int n)
{
	if (OWN_PMD_TABLES)
		table_get(k, table_of(pmd), n);
}

static void pmds_put(struct kvirt_state *k, const pmd_t *pmd, unsigned int n)
{
	if (OWN_PMD_TABLES)
		table_put(k, table_of(pmd), n);
}

/* ---- tables that come ------------------------------------------------- */

static int spare_fill(struct spare *s, unsigned int nr, gfp_t gfp)
{
	while (s->nr < nr) {
		struct page *page = alloc_page(gfp | __GFP_ZERO);

		if (!page)
			return -ENOMEM;
		s->page[s->nr++] = page;
	}
	return 0;
}

static void spare_free(struct spare *s)
{
	while (s->nr)
		__free_page(s->page[--s->nr]);
}

/* Bits of an entry for a new table of @level, empty for now; 0: no spare. */
static u64 table_new(struct kvirt_state *k, struct spare *s, int level,
		     unsigned long base)
{
	struct page *page;

	if (!s->nr)
		return 0;
	page = s->page[--s->nr];
	page->index = 0;
	page->private = base | (unsigned long)level;
	if (level != LEVEL_PUD)
		empty_add(k, page);
	k->nr_tables++;
	return PFN_PHYS(page_to_pfn(page)) | _KERNPG_TABLE;
}

static p4d_t *p4d_at(const struct kvirt_state *k, unsigned long addr)
{
	return p4d_offset(pgd_offset_pgd(k->root, addr), addr);
}

/* The entry of @addr in its table of PMDs; NULL: no such table, no spare. */
static pmd_t *pmd_get(struct kvirt_state *k, unsigned long addr,
		      struct spare *s)
{
	p4d_t *p4d = p4d_at(k, addr);
	pud_t *pud;
	u64 table;

	if (unlikely(p4d_none(*p4d))) {
		table = table_new(k, s, LEVEL_PUD, addr & PGDIR_MASK);
		if (!table)
			return NULL;
		set_p4d(p4d, __p4d(table));
	}
	pud = pud_offset(p4d, addr);
	if (unlikely(pud_none(*pud))) {
		BUG_ON(!OWN_PMD_TABLES);
		table = table_new(k, s, LEVEL_PMD, addr & PUD_MASK);
		if (!table)
			return NULL;
		set_pud(pud, __pud(table));
	}
	return pmd_offset(pud, addr);
}

static pte_t *pte_get(struct kvirt_state *k, unsigned long addr,
		      struct spare *s)
{
	pmd_t *pmd = pmd_get(k, addr, s);
	u64 table;

	if (unlikely(!pmd))
		return NULL;
	if (unlikely(pmd_none(*pmd))) {
		table = table_new(k, s, LEVEL_PTE, addr & PMD_MASK);
		if (!table)
			return NULL;
		pmds_get(k, pmd, 1);
		set_pmd(pmd, __pmd(table));
	}
	BUG_ON(pmd_leaf(*pmd));
	return pte_offset_kernel(pmd, addr);
}

int kvirt_tables_setup(struct kvirt_state *k)
{
	unsigned long addr = k->start;
	struct spare spare = { .nr = 0 };
	unsigned int i;

	for (i = 0; OWN_PMD_TABLES && i < NR_FIRST && addr < k->end; i++) {
		if (spare_fill(&spare, 1, GFP_KERNEL))
			return -ENOMEM;
		set_p4d(p4d_at(k, addr),
			__p4d(table_new(k, &spare, LEVEL_PUD,
					addr & PGDIR_MASK)));
		addr = (addr & PGDIR_MASK) + PGDIR_SIZE;
	}
	return 0;
}

/* ---- mapping ---------------------------------------------------------- */

/* What is to be mapped: pages[], or frames from pfn on. */
struct source {
	struct page **pages;	/* NULL: adjacent frames */
	unsigned long pfn;	/* the next, without pages */
	pgprot_t prot;
	unsigned int shift;	/* of the largest leaf */
};

static unsigned long source_next(struct source *from, unsigned int shift)
{
	unsigned long pfn = from->pfn;

	if (from->pages)
		return page_to_pfn(*from->pages++);
	from->pfn += 1UL << (shift - PAGE_SHIFT);
	return pfn;
}

/* Fills @n entries from @pte on, which are empty. */
static void ptes_fill(pte_t *pte, unsigned int n, struct source *from)
{
	pte_t *end = pte + n;

	if (from->pages) {
		struct page **pages = from->pages;

		for (; pte < end; pte++) {
			VM_BUG_ON(!pte_none(*pte));
			set_pte(pte, pfn_pte(page_to_pfn(*pages++),
					     from->prot));
		}
		from->pages = pages;
		return;
	}
	for (; pte < end; pte++) {
		VM_BUG_ON(!pte_none(*pte));
		set_pte(pte, pfn_pte(from->pfn++, from->prot));
	}
}

/* Whether the next of [addr, end) can be a leaf of PMD_SIZE. */
static bool leaf_is_huge(const struct source *from, unsigned long addr,
			 unsigned long end)
{
	if (from->shift < PMD_SHIFT || !IS_ALIGNED(addr, PMD_SIZE) ||
	    end - addr < PMD_SIZE)
		return false;
	return from->pages ||
	       IS_ALIGNED(from->pfn, 1UL << (PMD_SHIFT - PAGE_SHIFT));
}

/* Leaves of PMD_SIZE in one table; where they end. 0: no table, no spare. */
static unsigned long map_huge(struct kvirt_state *k, unsigned long addr,
			      unsigned long end, struct source *from,
			      struct spare *s)
{
	pmd_t *pmd = pmd_get(k, addr, s), *first = pmd;

	if (unlikely(!pmd))
		return 0;
	end = min(end, (addr & PUD_MASK) + PUD_SIZE);
	do {
		if (unlikely(!pmd_none(*pmd))) {
			BUG_ON(pmd_leaf(*pmd) ||
			       table_of(pte_offset_kernel(pmd, addr))->index);
			s->blocked = true;
			break;
		}
		set_pmd(pmd++, pfn_pmd(source_next(from, PMD_SHIFT),
				       from->prot));
		addr += PMD_SIZE;
	} while (addr < end && leaf_is_huge(from, addr, end));
	if (likely(pmd > first))
		pmds_get(k, first, (unsigned int)(pmd - first));
	return pmd > first ? addr : 0;
}

/* As map_huge(), leaves of PAGE_SIZE. */
static unsigned long map_small(struct kvirt_state *k, unsigned long addr,
			       unsigned long end, struct source *from,
			       struct spare *s)
{
	pte_t *pte = pte_get(k, addr, s);
	unsigned int n;

	if (unlikely(!pte))
		return 0;
	end = min(end, (addr & PMD_MASK) + PMD_SIZE);
	n = (unsigned int)((end - addr) >> PAGE_SHIFT);
	ptes_fill(pte, n, from);
	table_get(k, table_of(pte), n);
	return end;
}

static int map(struct kvirt_state *k, unsigned long start, unsigned long end,
	       struct source *from, gfp_t gfp)
{
	struct spare spare = { .nr = 0 };
	unsigned long addr = start, next, flags;
	int err = 0;

	VM_BUG_ON(start < k->start || end > k->end || start >= end);
	VM_BUG_ON(!IS_ALIGNED(start | end, PAGE_SIZE));
	while (addr < end) {
		spin_lock_irqsave(&k->tables_lock, flags);
		next = leaf_is_huge(from, addr, end) ?
		       map_huge(k, addr, end, from, &spare) :
		       map_small(k, addr, end, from, &spare);
		spin_unlock_irqrestore(&k->tables_lock, flags);
		if (likely(next)) {
			addr = next;
			continue;
		}
		if (unlikely(spare.blocked)) {
			kvirt_tables_flush(k);
			spare.blocked = false;
			continue;
		}
		err = spare_fill(&spare, NR_SPARE, gfp);
		if (err)
			break;
	}
	if (unlikely(spare.nr))
		spare_free(&spare);
	if (unlikely(err) && addr > start)
		kvirt_unmap(k, start, addr);
	return err;
}

/* The entry of @addr in the table of PMDs that is there; NULL. */
static __always_inline pmd_t *pmd_find(const struct kvirt_state *k,
				       unsigned long addr)
{
	p4d_t *p4d = p4d_at(k, addr);
	pud_t *pud;

	if (unlikely(p4d_none(*p4d)))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (unlikely(pud_none(*pud)))
		return NULL;
	return pmd_offset(pud, addr);
}

/* The same for its table of PTEs. */
static __always_inline pte_t *pte_find(const struct kvirt_state *k,
				       unsigned long addr)
{
	pmd_t *pmd = pmd_find(k, addr);

	if (unlikely(!pmd || pmd_none(*pmd)))
		return NULL;
	BUG_ON(pmd_leaf(*pmd));
	return pte_offset_kernel(pmd, addr);
}

/* All in one table that is there: most are. False: it takes more than that. */
static bool map_one_table(struct kvirt_state *k, unsigned long start,
			  unsigned long end, struct page **pages, u64 prot)
{
	unsigned int n = (unsigned int)((end - start) >> PAGE_SHIFT), i;
	unsigned long flags;
	pte_t *pte;

	spin_lock_irqsave(&k->tables_lock, flags);
	pte = pte_find(k, start);
	if (likely(pte)) {
		for (i = 0; i < n; i++) {
			VM_BUG_ON(!pte_none(pte[i]));
			set_pte(pte + i, __pte(PFN_PHYS(page_to_pfn(pages[i])) |
					       prot));
		}
		table_get(k, table_of(pte), n);
	}
	spin_unlock_irqrestore(&k->tables_lock, flags);
	return pte;
}

int kvirt_map_pages(struct kvirt_state *k, unsigned long start,
		    unsigned long end, struct page **pages,
		    unsigned int shift, pgprot_t prot, gfp_t gfp)
{
	u64 bits = port_kvirt_prot(pgprot_val(prot));
	struct source from;

	if (likely(shift == PAGE_SHIFT && !((start ^ (end - 1)) & PMD_MASK)) &&
	    likely(map_one_table(k, start, end, pages, bits)))
		return 0;
	from = (struct source){
		.pages = pages, .prot = __pgprot(bits), .shift = shift,
	};
	return map(k, start, end, &from, gfp);
}

int kvirt_map_phys(struct kvirt_state *k, unsigned long start,
		   unsigned long end, phys_addr_t phys, unsigned int shift,
		   pgprot_t prot, gfp_t gfp)
{
	struct source from = {
		.pfn = PHYS_PFN(phys),
		.prot = __pgprot(port_kvirt_prot(pgprot_val(prot))),
		.shift = k->huge ? shift : PAGE_SHIFT,
	};

	return map(k, start, end, &from, gfp);
}

/* ---- unmapping -------------------------------------------------------- */

/* Empties @n entries; how many were not empty. */
static unsigned int ptes_clear(pte_t *pte, unsigned int n)
{
	unsigned int nr = 0;
	pte_t *end = pte + n;

	/* By fours while none of them is. */
	for (; end - pte >= 4 && !pte_none(pte[0]) && !pte_none(pte[1]) &&
	     !pte_none(pte[2]) && !pte_none(pte[3]); pte += 4) {
		pte_clear(pte);
		pte_clear(pte + 1);
		pte_clear(pte + 2);
		pte_clear(pte + 3);
		nr += 4;
	}
	for (; pte < end; pte++) {
		if (likely(!pte_none(*pte))) {
			pte_clear(pte);
			nr++;
		}
	}
	return nr;
}

/* Empties what one entry of a table of PMDs translates; where that ends. */
static unsigned long unmap_piece(struct kvirt_state *k, unsigned long addr,
				 unsigned long end)
{
	p4d_t *p4d = p4d_at(k, addr);
	unsigned long next = (addr & PMD_MASK) + PMD_SIZE;
	unsigned int nr;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	if (p4d_none(*p4d))
		return (addr & PGDIR_MASK) + PGDIR_SIZE;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud))
		return (addr & PUD_MASK) + PUD_SIZE;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd))
		return next;
	if (pmd_leaf(*pmd)) {
		/* Nobody owns a part of a leaf. */
		BUG_ON(!IS_ALIGNED(addr, PMD_SIZE) || end < next);
		pmd_clear(pmd);
		pmds_put(k, pmd, 1);
		return next;
	}
	pte = pte_offset_kernel(pmd, addr);
	nr = ptes_clear(pte, (unsigned int)((min(end, next) - addr) >>
					    PAGE_SHIFT));
	if (nr)
		table_put(k, table_of(pte), nr);
	return next;
}

/* All in one table: most are. False: it is not one, or there is none. */
static bool unmap_one_table(struct kvirt_state *k, unsigned long start,
			    unsigned long end)
{
	unsigned long flags;
	unsigned int nr;
	pmd_t *pmd;
	pte_t *pte;

	spin_lock_irqsave(&k->tables_lock, flags);
	pmd = pmd_find(k, start);
	if (likely(pmd && !pmd_none(*pmd) && !pmd_leaf(*pmd))) {
		pte = pte_offset_kernel(pmd, start);
		nr = ptes_clear(pte, (unsigned int)((end - start) >>
						    PAGE_SHIFT));
		if (likely(nr))
			table_put(k, table_of(pte), nr);
	} else {
		pmd = NULL;
	}
	spin_unlock_irqrestore(&k->tables_lock, flags);
	return pmd;
}

void kvirt_unmap(struct kvirt_state *k, unsigned long start,
		 unsigned long end)
{
	unsigned long addr, flags;

	if (PLANT(kvirt_entry_left) && end - start > PAGE_SIZE)
		end -= PAGE_SIZE;
	if (likely(!((start ^ (end - 1)) & PMD_MASK)) &&
	    likely(unmap_one_table(k, start, end)))
		return;
	for (addr = start; addr < end; ) {
		spin_lock_irqsave(&k->tables_lock, flags);
		addr = unmap_piece(k, addr, end);
		spin_unlock_irqrestore(&k->tables_lock, flags);
	}
}

/* ---- tables that go --------------------------------------------------- */

/* Takes the empty @table out of the one above it. */
static void table_unlink(struct kvirt_state *k, struct page *table)
{
	unsigned long base = (unsigned long)table->private & PAGE_MASK;
	pud_t *pud = pud_offset(p4d_at(k, base), base);
	pmd_t *pmd;

	empty_del(k, table);
	k->nr_tables--;
	if (table_level(table) == LEVEL_PMD) {
		BUG_ON(pud_pfn(*pud) != page_to_pfn(table));
		pud_clear(pud);
		return;
	}
	pmd = pmd_offset(pud, base);
	BUG_ON(pmd_pfn(*pmd) != page_to_pfn(table));
	pmd_clear(pmd);
	pmds_put(k, pmd, 1);
}

void kvirt_tables_detach(struct kvirt_state *k, struct page_list *detached)
{
	struct page *table;
	unsigned long flags;
	int n;

	page_list_init(detached);
	do {
		spin_lock_irqsave(&k->tables_lock, flags);
		for (n = 0; n < DETACH_MAX; n++) {
			table = page_list_first(&k->empty);
			if (!table)
				break;
			table_unlink(k, table);
			page_list_add(detached, table, page_to_pfn(table));
		}
		spin_unlock_irqrestore(&k->tables_lock, flags);
	} while (n == DETACH_MAX);
}

void kvirt_tables_free(struct page_list *detached)
{
	struct page *table;

	while ((table = page_list_first(detached))) {
		page_list_del(detached, table);
		table->private = 0;
		__free_page(table);
		if (PLANT(kvirt_table_twice))
			__free_page(table);
	}
}

void kvirt_tables_flush(struct kvirt_state *k)
{
	struct page_list detached;

	kvirt_tables_detach(k, &detached);
	if (page_list_empty(&detached))
		return;
	port_flush_tlb_all();
	kvirt_tables_free(&detached);
}

/* ---- looking ---------------------------------------------------------- */

/* How far entries behind the one of @run, a small leaf, go on as it does. */
static void ptes_read(const pte_t *pte, struct kvirt_run *run)
{
	const pte_t *end = pte + PTRS_PER_PTE -
			   ((unsigned long)pte & ~PAGE_MASK) / sizeof(*pte);
	u64 next = pte_val(*pte);

	for (pte++; pte < end; pte++) {
		next += PAGE_SIZE;
		if (pte_val(*pte) != next)
			break;
		run->size += PAGE_SIZE;
	}
}

/* What one entry, or a run of small leaves, says of @addr; the lock is held. */
static void leaf_read(const struct kvirt_state *k, unsigned long addr,
		      struct kvirt_run *leaf)
{
	p4d_t *p4d = p4d_at(k, addr);
	unsigned long end = (addr & PGDIR_MASK) + PGDIR_SIZE;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	*leaf = (struct kvirt_run){ .start = addr };
	if (p4d_none(*p4d))
		goto hole;
	pud = pud_offset(p4d, addr);
	end = (addr & PUD_MASK) + PUD_SIZE;
	if (pud_none(*pud))
		goto hole;
	pmd = pmd_offset(pud, addr);
	end = (addr & PMD_MASK) + PMD_SIZE;
	if (pmd_none(*pmd))
		goto hole;
	if (pmd_leaf(*pmd)) {
		leaf->huge = true;
		leaf->phys = PFN_PHYS(pmd_pfn(*pmd)) | (addr & ~PMD_MASK);
		leaf->prot = pmd_val(*pmd) & ~PTE_PFN_MASK & ~_PAGE_PSE;
		if (pmd_val(*pmd) & _PAGE_PAT_LARGE)
			leaf->prot |= _PAGE_PAT;
		goto hole;
	}
	end = (addr & PAGE_MASK) + PAGE_SIZE;
	pte = pte_offset_kernel(pmd, addr);
	if (!pte_none(*pte)) {
		leaf->phys = PFN_PHYS(pte_pfn(*pte)) | (addr & ~PAGE_MASK);
		leaf->prot = pgprot_val(pte_pgprot(*pte));
		leaf->size = end - addr;
		ptes_read(pte, leaf);
		return;
	}
hole:
	leaf->size = end - addr;
}

static bool run_goes_on(const struct kvirt_run *run,
			const struct kvirt_run *leaf)
{
	return leaf->prot == run->prot &&
	       (!run->prot || leaf->phys == run->phys + run->size);
}

/* The lock is held: at most what one table of PTEs translates at a time. */
static void run_read(const struct kvirt_state *k, unsigned long addr,
		     unsigned long end, struct kvirt_run *run)
{
	struct kvirt_run leaf;

	leaf_read(k, addr, run);
	while (run->size < end - addr && run->size < PMD_SIZE) {
		leaf_read(k, addr + run->size, &leaf);
		if (!run_goes_on(run, &leaf))
			break;
		run->size += leaf.size;
	}
	run->size = min(run->size, end - addr);
}

bool kvirt_run(struct kvirt_state *k, unsigned long addr, unsigned long end,
	       struct kvirt_run *run)
{
	struct kvirt_run more;
	unsigned long flags;

	VM_BUG_ON(addr < k->start || end > k->end || addr >= end);
	spin_lock_irqsave(&k->tables_lock, flags);
	run_read(k, addr, end, run);
	spin_unlock_irqrestore(&k->tables_lock, flags);
	while (run->size < end - addr) {
		spin_lock_irqsave(&k->tables_lock, flags);
		run_read(k, addr + run->size, end, &more);
		spin_unlock_irqrestore(&k->tables_lock, flags);
		if (!run_goes_on(run, &more))
			break;
		run->size += more.size;
	}
	return run->prot != 0;
}

bool kvirt_try_run(struct kvirt_state *k, unsigned long addr,
		   struct kvirt_run *run)
{
	unsigned long flags;

	local_irq_save(flags);
	if (!spin_trylock(&k->tables_lock)) {
		local_irq_restore(flags);
		return false;
	}
	leaf_read(k, addr, run);
	spin_unlock(&k->tables_lock);
	local_irq_restore(flags);
	return true;
}

/* ---- the check -------------------------------------------------------- */

struct census {
	struct kvirt_state *k;
	unsigned long tables;
	unsigned long empty;	/* of them, of those that count */
	bool ok;
};

static void broken(struct census *c, int invariant, unsigned long addr)
{
	pr_err("kvirt: tables: I%d does not hold at %#lx\n", invariant, addr);
	c->ok = false;
}

static void census_table(struct census *c, const struct page *table,
			 unsigned int used, int level, unsigned long base)
{
	c->tables++;
	c->empty += !used;
	if (table->index != used || table->private != (base | (u64)level))
		broken(c, 1, base);
}

static void census_ptes(struct census *c, pmd_t *pmd, unsigned long base)
{
	pte_t *pte = pte_offset_kernel(pmd, base);
	unsigned int i, used = 0;

	for (i = 0; i < PTRS_PER_PTE; i++)
		used += !pte_none(pte[i]);
	census_table(c, table_of(pte), used, LEVEL_PTE, base);
}

static void census_pmds(struct census *c, pud_t *pud, unsigned long base)
{
	pmd_t *pmd = pmd_offset(pud, base);
	unsigned int i, used = 0;

	for (i = 0; i < PTRS_PER_PMD; i++) {
		unsigned long addr = base + i * PMD_SIZE;

		if (addr < c->k->start || addr >= c->k->end ||
		    pmd_none(pmd[i]))
			continue;
		used++;
		if (!pmd_leaf(pmd[i]))
			census_ptes(c, pmd + i, addr);
		else if (!c->k->huge ||
			 pmd_pfn(pmd[i]) % (PMD_SIZE / PAGE_SIZE))
			broken(c, 4, addr);
	}
	if (OWN_PMD_TABLES)
		census_table(c, table_of(pmd), used, LEVEL_PMD, base);
}

static void census_puds(struct census *c, p4d_t *p4d, unsigned long base)
{
	pud_t *pud = pud_offset(p4d, base);
	unsigned int i;

	c->tables += OWN_PMD_TABLES;
	for (i = 0; i < PTRS_PER_PUD; i++)
		if (!pud_none(pud[i]))
			census_pmds(c, pud + i, base + i * PUD_SIZE);
}

bool kvirt_tables_check(struct kvirt_state *k)
{
	struct census c = { .k = k, .ok = true };
	unsigned long addr, flags, listed = 0;
	struct page *table;

	spin_lock_irqsave(&k->tables_lock, flags);
	for (addr = k->start & PGDIR_MASK; addr && addr < k->end;
	     addr += PGDIR_SIZE)
		if (!p4d_none(*p4d_at(k, addr)))
			census_puds(&c, p4d_at(k, addr), addr);
	page_list_for_each(table, &k->empty) {
		listed++;
		if (table->index)
			broken(&c, 2, (unsigned long)table->private);
	}
	if (listed != c.empty || listed != k->nr_empty)
		broken(&c, 2, k->start);
	if (c.tables != k->nr_tables)
		broken(&c, 3, k->start);
	spin_unlock_irqrestore(&k->tables_lock, flags);
	return c.ok;
}
