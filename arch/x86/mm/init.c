// SPDX-License-Identifier: MIT
/*
 * The direct map, and the kernel's own page tables.
 *
 * Until here the CPU runs on the tables of head_64.S or head_32.S:
 * EARLY_MAP_SIZE at PAGE_OFFSET, present or not, and the image, all writable.
 * init_mem_mapping() makes the real ones, in this order:
 *
 *   1. image      each part with its rights (image_parts), and the ISA range,
 *                 [0, 1 MiB), whose uses are finer than a large page
 *   2. fixmap     its last tables, so that entries come and go without memory
 *   3. CR3        from here on only what is mapped can be touched
 *   4. the rest   from the top down, a step at a time:
 *
 *        end of 1.               step 3      step 2  step 1    end of RAM
 *           |<--------------------|<----------|<------|<--------->|
 *
 * Where the image lies, and what else differs between 64 and 32 bits, stands
 * in init_64.c and init_32.c.
 *
 * A page table can be filled only where the direct map holds it. The first
 * ones come from pgt_buf, in the image; then each step gives its tables to
 * the next: memblock is asked for memory in [min_pfn_mapped, max_pfn_mapped)
 * only. The first step, one large page, needs few; each step maps up to 64 or
 * 128 times as much, which is less than the tables in it can describe. Bottom-up, for
 * machines whose upper memory may be unplugged, goes from the image's end.
 *
 * Rights: no page is both writable and executable. Everything is NX but the
 * image's text; text and rodata are read-only in the direct map too.
 *
 * Invariants
 *  I1: pfn_mapped holds exactly the frames of memblock's memory that are
 *      mapped at PAGE_OFFSET.
 *  I2: all table pages are in pgt_buf or in pfn_mapped.
 *
 * Failure: without memory for a table the machine stops with a line.
 *
 * Differs from Linux: the new tables replace the early ones at step 3, not
 * when all is mapped, and NOMAP memory is not mapped.
 */
#include <asm/mapping.h>

#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/fixmap.h>
#include <asm/mem_range.h>
#include <asm/memtype.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/sections.h>
#include <asm/tlb.h>

#include "init.h"

/*
 * Tables before memblock can give any: the root, those between it and the last
 * ones, and last ones: for the image, one for each PMD_SIZE and one more as it
 * begins anywhere, for the fixmap, for the ISA range and for the first step.
 */
#define PGT_BUF_PAGES		(1 + UPPER_TABLES + IMAGE_MAX / PMD_SIZE + 1 + \
				 FIXMAP_TABLES + 1 + 1)

static u8 pgt_buf[PGT_BUF_PAGES][PAGE_SIZE] __aligned(PAGE_SIZE);

#define CPUID_1_EDX_PSE		(1U << 3)
#define CPUID_1_EDX_PGE		(1U << 13)
#define CPUID_EXT_EDX_NX	(1U << 20)
#define CPUID_EXT_EDX_GBPAGES	(1U << 26)

static struct x86_mapping *map(void)
{
	return &this_arch()->port.map;
}

const struct pgtable *kernel_pgtable(void)
{
	return &map()->kernel;
}

static int __init option_nogbpages(char *val)
{
	map()->nogbpages = true;
	return val ? -EINVAL : 0;
}
early_param("nogbpages", option_nogbpages);

static int __init option_gbpages(char *val)
{
	map()->nogbpages = false;
	return val ? -EINVAL : 0;
}
early_param("gbpages", option_gbpages);

static int __init option_nopse(char *val)
{
	map()->nopse = true;
	return val ? -EINVAL : 0;
}
early_param("nopse", option_nopse);

static int __init option_noexec(char *val)
{
	if (!val || (strcmp(val, "on") && strcmp(val, "off")))
		return -EINVAL;
	map()->noexec_off = !strcmp(val, "off");
	return 0;
}
early_param("noexec", option_noexec);

static void __init probe_page_size_mask(void)
{
	u32 basic = cpuid(1).edx, ext = cpuid_or_zero(0x80000001, 0).edx;
	struct x86_mapping *m = map();

	m->page_size_mask = 1U << PG_LEVEL_4K;
	if ((basic & CPUID_1_EDX_PSE) && !m->nopse) {
		m->page_size_mask |= 1U << PG_LEVEL_2M;
		/* With two levels there are none without. */
		write_cr4(read_cr4() | X86_CR4_PSE);
	}
	if (KERNEL_PGTABLE.level[PG_LEVEL_1G].leaf &&
	    (ext & CPUID_EXT_EDX_GBPAGES) && !m->nogbpages && !m->nopse) {
		m->page_size_mask |= 1U << PG_LEVEL_1G;
		pr_info("Using GB pages for direct mapping\n");
	}
	m->pge = basic & CPUID_1_EDX_PGE;
	if (m->pge)
		write_cr4(read_cr4() | X86_CR4_PGE);
}

/* The head code has turned NX on where the CPU has it. */
static void __init probe_nx(void)
{
	struct x86_mapping *m = map();

	if (!KERNEL_PGTABLE.nx) {
		pr_notice("Notice: NX (Execute Disable) protection cannot be enabled: non-PAE kernel!\n");
		return;
	}
	m->nx = (cpuid_or_zero(0x80000001, 0).edx & CPUID_EXT_EDX_NX) &&
		(rdmsrq(MSR_EFER) & EFER_NX) && !m->noexec_off;
	pr_info("NX (Execute Disable) protection: %s\n", m->nx ? "active" :
		m->noexec_off ? "disabled by kernel command line option" :
		"missing in CPU!");
}

pgprotval_t kernel_prot(pgprot_t prot)
{
	pgprotval_t v = pgprot_val(prot);

	if (!map()->nx)
		v &= ~_PAGE_NX;
	if (!map()->pge)
		v &= ~_PAGE_GLOBAL;
	return v;
}

/* From memory that is mapped, cleared. */
static phys_addr_t __init table_from_memblock(void)
{
	struct x86_mapping *m = map();
	phys_addr_t pa;

	if (m->min_pfn_mapped >= m->max_pfn_mapped)
		return 0;
	pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE,
				       PFN_PHYS(m->min_pfn_mapped),
				       PFN_PHYS(m->max_pfn_mapped));
	if (pa)
		clear_page(__va(pa));
	return pa;
}

/* During start-up; afterwards all tables that are ever needed are there. */
static phys_addr_t __init table_alloc(void *ctx)
{
	phys_addr_t pa = table_from_memblock();

	if (pa)
		return pa;
	if (map()->pgt_buf_used == PGT_BUF_PAGES)
		panic("no memory for page tables: %lu pages of pgt_buf used, [mem %#018llx-%#018llx] full",
		      (unsigned long)PGT_BUF_PAGES,
		      (u64)PFN_PHYS(map()->min_pfn_mapped),
		      (u64)PFN_PHYS(map()->max_pfn_mapped) - 1);
	return __pa_symbol(pgt_buf[map()->pgt_buf_used++]);
}

static bool is_image(phys_addr_t phys)
{
	return phys >= __pa_symbol(_text) && phys < __pa_symbol(_end);
}

/* pgt_buf is reached through the image, mapped before anything else. */
static void *table_at(void *ctx, phys_addr_t phys)
{
	if (is_image(phys))
		return (void *)(__START_KERNEL_map + (unsigned long)phys);
	if (!pfn_range_is_mapped(PHYS_PFN(phys), PHYS_PFN(phys) + 1))
		return NULL;
	return __va(phys);
}

/* After start-up: a page of the page allocator; pgtable_lock is held. */
static phys_addr_t table_alloc_page(void *ctx)
{
	struct page *page = alloc_page(GFP_ATOMIC | __GFP_ZERO);

	return page ? PFN_PHYS(page_to_pfn(page)) : PGTABLE_NO_TABLE;
}

static const struct pgtable_ops boot_ops __initconst = {
	table_alloc, table_at,
};
static const struct pgtable_ops kernel_ops = { table_alloc_page, table_at };

void kernel_pgtable_leave(unsigned long start, unsigned long end)
{
	unsigned long flags;

	spin_lock_irqsave(&map()->pgtable_lock, flags);
	pgtable_leave(&map()->kernel, start, end);
	spin_unlock_irqrestore(&map()->pgtable_lock, flags);
}

void kernel_pgtable_leave_boot(void)
{
	map()->kernel.ops = &kernel_ops;
}

void __init kernel_map(unsigned long va, phys_addr_t phys, u64 size, int level,
		       pgprot_t prot)
{
	int err = pgtable_map(&map()->kernel, va, phys, size, level,
			      kernel_prot(prot));

	if (err)
		panic("cannot map [mem %#018llx-%#018llx] at %#lx: error %d",
		      (u64)phys, (u64)(phys + size - 1), va, err);
}

static void __init add_pfn_range_mapped(unsigned long start, unsigned long end)
{
	struct x86_mapping *m = map();

	if (pfn_range_set_add(&m->pfn_mapped, start, end))
		panic("RAM is in more than %d pieces", MAX_PFN_MAPPED);
	m->max_pfn_mapped = max(m->max_pfn_mapped, end);
}

bool pfn_range_is_mapped(unsigned long start_pfn, unsigned long end_pfn)
{
	return pfn_range_set_covers(&map()->pfn_mapped, start_pfn, end_pfn);
}

/*
 * Maps [start, end), leaves of the size that its mask allows at most;
 * returns the address behind the last byte mapped.
 */
static phys_addr_t __init kernel_physical_mapping_init(const struct map_range *mr)
{
	int level = PG_LEVEL_4K;

	if (mr->page_size_mask & (1U << PG_LEVEL_2M))
		level = PG_LEVEL_2M;
	if (mr->page_size_mask & (1U << PG_LEVEL_1G))
		level = PG_LEVEL_1G;
	kernel_map((unsigned long)__va(mr->start), mr->start,
		   mr->end - mr->start, level, PAGE_KERNEL);
	return mr->end;
}

bool memtype_direct_map_has(u64 start, u64 end)
{
	const struct pfn_range_set *set = &map()->pfn_mapped;
	int i;

	for (i = 0; i < set->nr; i++)
		if (PFN_PHYS((u64)set->range[i].start) < end &&
		    PFN_PHYS((u64)set->range[i].end) > start)
			return true;
	return false;
}

/* Maps RAM [start, end) at PAGE_OFFSET. */
static void __init init_memory_mapping(phys_addr_t start, phys_addr_t end)
{
	struct map_range mr[NR_RANGE_MR];
	int i, nr;

	printk(KERN_DEBUG "init_memory_mapping: [mem %#018llx-%#018llx]\n",
	       (u64)start, (u64)end - 1);
	nr = split_mem_range(mr, start, end, map()->page_size_mask);
	for (i = 0; i < nr; i++) {
		printk(KERN_DEBUG " [mem %#018llx-%#018llx] page %s\n",
		       (u64)mr[i].start, (u64)mr[i].end - 1,
		       page_size_string(&mr[i]));
		kernel_physical_mapping_init(&mr[i]);
	}
	add_pfn_range_mapped(PHYS_PFN(start), PHYS_PFN(end));
}

u64 __init init_range_memory_mapping(phys_addr_t r_start, phys_addr_t r_end)
{
	phys_addr_t start, end;
	u64 i, mapped = 0;

	for_each_mem_range(i, &start, &end) {
		start = max(PFN_PHYS(PFN_UP(start)), r_start);
		end = min(PFN_PHYS(PFN_DOWN(end)), r_end);
		if (start >= end)
			continue;
		init_memory_mapping(start, end);
		mapped += end - start;
	}
	return mapped;
}

/* Tables describe as many times their size as they have entries, and the step
 * after a step maps an eighth of that. */
static u64 __init get_new_step_size(u64 step_size)
{
	if (step_size > 1ULL << (MAX_PHYSMEM_BITS - 6))
		return step_size;
	return step_size << (PMD_SHIFT - PAGE_SHIFT - 3);
}

/* The end of the highest large page that is RAM and free. */
static phys_addr_t __init top_block_end(phys_addr_t map_start,
					phys_addr_t map_end)
{
	phys_addr_t addr = memblock_phys_alloc_range(PMD_SIZE, PMD_SIZE,
						     map_start, map_end);

	if (!addr)
		return max(map_start, map_end & ~((phys_addr_t)PMD_SIZE - 1));
	memblock_phys_free(addr, PMD_SIZE);
	return addr + PMD_SIZE;
}

static void __init memory_map_top_down(phys_addr_t map_start,
				       phys_addr_t map_end)
{
	phys_addr_t real_end = top_block_end(map_start, map_end);
	phys_addr_t start, last_start = real_end;
	u64 step_size = PMD_SIZE, mapped = 0;

	map()->max_pfn_mapped = 0;
	map()->min_pfn_mapped = PHYS_PFN(real_end);
	while (last_start > map_start) {
		start = map_start;
		if (last_start > step_size)
			start = max((last_start - 1) & ~(step_size - 1),
				    map_start);
		mapped += init_range_memory_mapping(start, last_start);
		last_start = start;
		map()->min_pfn_mapped = PHYS_PFN(last_start);
		if (mapped >= step_size)
			step_size = get_new_step_size(step_size);
	}
	if (real_end < map_end)
		init_range_memory_mapping(real_end, map_end);
}

static void __init memory_map_bottom_up(phys_addr_t map_start,
					phys_addr_t map_end)
{
	phys_addr_t next, start = map_start;
	u64 step_size = PMD_SIZE, mapped = 0;

	map()->min_pfn_mapped = PHYS_PFN(start);
	while (start < map_end) {
		next = map_end;
		if (step_size && map_end - start > step_size)
			next = min((start + step_size) & ~(step_size - 1),
				   map_end);
		mapped += init_range_memory_mapping(start, next);
		start = next;
		if (mapped >= step_size)
			step_size = get_new_step_size(step_size);
	}
}

const struct image_part image_parts[NR_IMAGE_PARTS] __initconst = {
	{ _text, _etext, __KERNEL_COMMON },
	{ __start_rodata, __end_rodata, __KERNEL_COMMON | _PAGE_NX },
	{ _sdata, _edata, __PAGE_KERNEL },
	{ __init_begin, __init_data_begin, __KERNEL_COMMON },
	{ __init_data_begin, __init_end, __PAGE_KERNEL },
	{ __bss_start, _end, __PAGE_KERNEL },
};

static void __init load_kernel_tables(void)
{
	write_cr3(map()->kernel.root);
	flush_tlb_local_all();
	map()->loaded = true;
	map()->fixmap_ready = true;
}

void __init init_mem_mapping(void)
{
	struct x86_mapping *m = map();
	phys_addr_t first, end, image_end;

	mapping_prepare();
	end = PFN_PHYS(min(PFN_DOWN(memblock_end_of_DRAM()), max_low_pfn));
	m->pfn_mapped.range = m->mapped;
	m->pfn_mapped.max = MAX_PFN_MAPPED;
	probe_page_size_mask();
	probe_nx();
	cpu_protection_init();
	if (pgtable_setup(&m->kernel, &KERNEL_PGTABLE, &boot_ops, NULL))
		panic("no memory for page tables");
	BUG_ON((unsigned long)(_end - _text) > IMAGE_MAX);
	/* Till there is more mapped than the ISA range, tables are pgt_buf's. */
	m->min_pfn_mapped = ULONG_MAX;
	fixmap_tables_init();
	reserve_real_mode();
	first = map_image(end);
	load_kernel_tables();
	image_end = clamp(ALIGN(__pa_symbol(_end), PMD_SIZE), first, end);
	if (memblock_bottom_up()) {
		memory_map_bottom_up(image_end, end);
		memory_map_bottom_up(first, image_end);
	} else if (first < end) {
		memory_map_top_down(first, end);
	}
	memblock_set_current_limit(PFN_PHYS(m->max_pfn_mapped));
	m->min_pfn_mapped = 0;
	protect_image_alias();
	pfn_range_set_check(&m->pfn_mapped);
	early_memtest(0, PFN_PHYS(max_pfn));
}
