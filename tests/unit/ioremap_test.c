// SPDX-License-Identifier: MIT
/*
 * Mappings of devices: what each call maps and with which cache, what is
 * refused, and that nothing stays. At DEV a process has a device's memory; a
 * PC of QEMU's has nothing there, and reads ones.
 */
#include <kunit/test.h>

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/memtype.h>
#include <asm/mtrr.h>
#include <octavo/fail_page.h>
#include <octavo/failslab.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "../../mm/kvirt/tables.h"
#include "../../mm/kvirt/va.h"
#include "by_width.h"
#include "log_capture.h"
#include "threads.h"

#define DEV	0xd0000000ULL
#define PG	PAGE_SIZE
#define MODE(type)	((int)_PAGE_CACHE_MODE_##type)

static struct log_capture log;
static unsigned long users_before, areas_before;

static unsigned long nr_areas(void)
{
	struct va_stats stats;

	va_get_stats(this_machine()->kvirt.space, &stats);
	return stats.nr_areas;
}

static int ioremap_init(struct kunit *test)
{
	if (!this_machine()->kvirt.space)
		kunit_skip(test, "no kernel mappings");
	users_before = memtype_state()->users;
	areas_before = nr_areas();
	return 0;
}

static void ioremap_exit(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, memtype_check());
	KUNIT_EXPECT_EQ(test, memtype_state()->users, users_before);
	KUNIT_EXPECT_EQ(test, nr_areas(), areas_before);
}

/* How @addr is cached; -1: it is not mapped. */
static int mode_at(const void __iomem *addr)
{
	unsigned long at = (unsigned long)addr & PAGE_MASK;
	struct kvirt_run run;

	if (!kvirt_run(&this_machine()->kvirt, at, at + PG, &run))
		return -1;
	return (int)pgprot2cachemode(__pgprot(run.prot), pat_enabled());
}

/* What a type becomes on this machine for who is alone. */
static int mode_of(enum page_cache_mode type)
{
	if (type == _PAGE_CACHE_MODE_WC && !pat_enabled())
		type = _PAGE_CACHE_MODE_UC_MINUS;
	if (type == _PAGE_CACHE_MODE_WB && pat_enabled() &&
	    memtype_effective(DEV, DEV + PG, type) != MTRR_TYPE_WRBACK)
		type = _PAGE_CACHE_MODE_UC_MINUS;
	return (int)type;
}

static void __iomem *map_prot_wt(resource_size_t phys, unsigned long size)
{
	return ioremap_prot(phys, size,
			    cachemode2protval(_PAGE_CACHE_MODE_WT,
					      pat_enabled()));
}

static const struct {
	void __iomem *(*map)(resource_size_t phys, unsigned long size);
	enum page_cache_mode type;
} calls[] = {
	{ ioremap, _PAGE_CACHE_MODE_UC_MINUS },
	{ ioremap_uc, _PAGE_CACHE_MODE_UC },
	{ ioremap_wc, _PAGE_CACHE_MODE_WC },
	{ ioremap_wt, _PAGE_CACHE_MODE_WT },
	{ ioremap_cache, _PAGE_CACHE_MODE_WB },
	{ map_prot_wt, _PAGE_CACHE_MODE_WT },
};

static void ioremap_types(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		void __iomem *p = calls[i].map(DEV + 0x2f4, 0x1000);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, (unsigned long)p & ~PAGE_MASK, 0x2f4UL);
		KUNIT_EXPECT_EQ(test, mode_at(p), mode_of(calls[i].type));
		KUNIT_EXPECT_EQ(test, mode_at(p + PG), mode_of(calls[i].type));
		/* Two pages, and a guard. */
		KUNIT_EXPECT_EQ(test, mode_at(p + 2 * PG), -1);
		KUNIT_EXPECT_EQ(test, vmalloc_to_pfn((void *)p),
				(unsigned long)PHYS_PFN(DEV));
		KUNIT_EXPECT_EQ(test, vmalloc_to_pfn((void *)(p + PG)),
				(unsigned long)PHYS_PFN(DEV) + 1);
		(void)readl(p);
		iounmap(p);
		KUNIT_EXPECT_EQ(test, mode_at(p), -1);
		KUNIT_EXPECT_NULL(test, memtype_check());
	}
	KUNIT_EXPECT_NULL(test, ioremap_np(DEV, PG));
}

/* What is written through one mapping is read through another. */
static void ioremap_same_memory(struct kunit *test)
{
	u32 __iomem *a = ioremap(DEV, 4 * PG);
	u32 __iomem *b = ioremap(DEV + 3 * PG + 16, 16);
	u8 text[16] = "device's memory";

	KUNIT_ASSERT_TRUE(test, a && b);
	writel(0x5a5a1234, b);
	if (readl(b) == 0x5a5a1234) {
		KUNIT_EXPECT_EQ(test, readl(a + 3 * PG / 4 + 4), 0x5a5a1234U);
		memcpy_toio(a + 3 * PG / 4 + 4, text, sizeof(text));
		memset(text, 0, sizeof(text));
		memcpy_fromio(text, b, sizeof(text));
		KUNIT_EXPECT_STREQ(test, (char *)text, "device's memory");
		memset_io(a, 0, 4 * PG);
		KUNIT_EXPECT_EQ(test, ioread32(b), 0U);
	}
	iounmap(b);
	iounmap(a);
}

/* Large leaves or small: every page is the right one. */
static void ioremap_large(struct kunit *test)
{
	unsigned long size = (4UL << 20) + 3 * PG, at;
	void __iomem *p = ioremap_wc(DEV - PG, size);

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (at = 0; at < size; at += PG)
		if (vmalloc_to_pfn((void *)(p + at)) !=
		    PHYS_PFN(DEV - PG + at))
			break;
	KUNIT_EXPECT_EQ(test, at, size);
	KUNIT_EXPECT_EQ(test, mode_at(p + size - PG),
			mode_of(_PAGE_CACHE_MODE_WC));
	iounmap(p);
	p = ioremap_wc(DEV, 4UL << 20);
	KUNIT_ASSERT_NOT_NULL(test, p);
	for (at = 0; at < 4UL << 20; at += PG)
		if (vmalloc_to_pfn((void *)(p + at)) != PHYS_PFN(DEV + at) ||
		    mode_at(p + at) != mode_of(_PAGE_CACHE_MODE_WC))
			break;
	KUNIT_EXPECT_EQ(test, at, 4UL << 20);
	iounmap(p);
}

/* No large leaf has two MTRR types. */
static void ioremap_under_mtrrs(struct kunit *test)
{
	struct mtrr_state *m = &this_fw()->mtrr, saved = *m;
	struct kvirt_state *k = &this_machine()->kvirt;
	struct kvirt_run run;
	unsigned long at, half;

	memset(m, 0, sizeof(*m));
	m->enabled = true;
	m->def_type = MTRR_TYPE_UNCACHABLE;
	m->phys_bits = 48;
	m->nr_var = 1;
	/* Write-back for the second MiB. */
	m->var[0].base = (DEV + (1 << 20)) | MTRR_TYPE_WRBACK;
	m->var[0].mask = (~0xfffffULL & ((1ULL << 48) - 1)) | 1 << 11;
	at = (unsigned long)ioremap_wc(DEV, 2UL << PMD_SHIFT);
	KUNIT_EXPECT_TRUE(test, at);
	*m = saved;
	if (!at)
		return;
	half = 1UL << PMD_SHIFT;
	KUNIT_EXPECT_TRUE(test, kvirt_run(k, at, at + half, &run));
	KUNIT_EXPECT_FALSE(test, run.huge);
	KUNIT_EXPECT_TRUE(test, kvirt_run(k, at + half, at + 2 * half, &run));
	KUNIT_EXPECT_EQ(test, run.huge, k->huge);
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn((void *)(at + half / 2)),
			(unsigned long)PHYS_PFN(DEV) + half / 2 / PG);
	iounmap((void __iomem *)at);
}

/* Who comes later lives with what is there, or is refused. */
static void ioremap_shares(struct kunit *test)
{
	void __iomem *wc, *uc, *wt;

	if (!pat_enabled())
		kunit_skip(test, "no PAT");
	wc = ioremap_wc(DEV, 4 * PG);
	uc = ioremap(DEV + PG, PG);
	KUNIT_ASSERT_TRUE(test, wc && uc);
	KUNIT_EXPECT_EQ(test, mode_at(uc), MODE(WC));
	log_capture_start(&log);
	wt = ioremap_wt(DEV + 2 * PG, 8 * PG);
	log_capture_end(&log);
	KUNIT_EXPECT_NULL(test, wt);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"conflicting memory types d0002000-d000a000 write-through<->write-combining, which d0000000-d0004000 has\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"ioremap error for 0xd0002000-0xd000a000, requested write-through\n"));
	iounmap(wc);
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV), MODE(UC_MINUS));
	iounmap(uc);
	/* Nobody is left, and so any type can be had. */
	wt = ioremap_wt(DEV + 2 * PG, 8 * PG);
	KUNIT_EXPECT_EQ(test, mode_at(wt), MODE(WT));
	iounmap(wt);
}

/* The first megabyte's devices have the MTRRs. */
static void ioremap_isa(struct kunit *test)
{
	void __iomem *a = ioremap(0xa0000, 0x20000);
	void __iomem *b = ioremap_wc(0xb8000, 0x1000);

	KUNIT_ASSERT_TRUE(test, a && b);
	if (pat_enabled()) {
		KUNIT_EXPECT_EQ(test, mode_at(a), MODE(WB));
		KUNIT_EXPECT_EQ(test, mode_at(b), MODE(WB));
	}
	iounmap(b);
	iounmap(a);
}

static void ioremap_refuses_ranges(struct kunit *test)
{
	u64 limit = 1ULL << memtype_state()->phys_bits;

	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, ioremap(DEV, 0));
	KUNIT_EXPECT_NULL(test, ioremap(~0ULL - 16, 64));
	KUNIT_EXPECT_NULL(test, ioremap(limit, 64));
	KUNIT_EXPECT_NULL(test, ioremap(limit - 32, 64));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"ioremap: size 0 at physical address d0000000\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"ioremap: invalid physical address ffffffffffffffef, size 0x40\n"));
}

static void ioremap_refuses_ram(struct kunit *test)
{
	unsigned long page = get_zeroed_page(GFP_KERNEL);
	phys_addr_t phys = __pa(page), last = phys + 99;
	char line[80];

	KUNIT_ASSERT_TRUE(test, page);
	scnprintf(line, sizeof(line), "ioremap on RAM at %pa - %pa\n", &phys,
		  &last);
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, ioremap(phys, 100));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, line));
	log_capture_start(&log);
	/* The ISA hole begins with pages that are none, and ends so. */
	KUNIT_EXPECT_NULL(test, ioremap_cache(0xff000, 0x2000));
	KUNIT_EXPECT_NULL(test, ioremap_wc(0x9e000, 0x3000));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"ioremap on RAM at 0x00000000000ff000 - 0x0000000000100fff\n"));
	free_page(page);
}

static void list_emit(void *ctx, const char *s, size_t n)
{
	struct log_capture *c = ctx;

	n = min(n, sizeof(c->text) - 1 - c->len);
	memcpy(c->text + c->len, s, n);
	c->len += n;
	c->text[c->len] = '\0';
}

static void ioremap_shown(struct kunit *test)
{
	struct seq_file m = { .emit = list_emit, .ctx = &log };
	void __iomem *p = ioremap(DEV + 0x1008, 8);

	KUNIT_ASSERT_NOT_NULL(test, p);
	log.len = 0;
	vmallocinfo_show(&m);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "phys=0x00000000d0001000 ioremap"));
	iounmap(p);
}

static void iounmap_of_nothing(struct kunit *test)
{
	void __iomem *p = ioremap(DEV, 3 * PG);
	char *v = vmalloc(PG);

	KUNIT_ASSERT_TRUE(test, p && v);
	log_capture_start(&log);
	iounmap(NULL);
	iounmap(p + PG);
	iounmap((void __iomem *)v);
	iounmap(p + PG - 1);	/* the first page is good */
	iounmap(p);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		POINTER_TEXT_IN("iounmap: bad address ", "00000000", ": nothing is mapped there\n")));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		": 4096 bytes inside the mapping of 0x00000000d0000000\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		": it is none of ioremap()'s\n"));
	vfree(v);
}

static void memremap_ram(struct kunit *test)
{
	unsigned long page = get_zeroed_page(GFP_KERNEL);
	void *p;

	KUNIT_ASSERT_TRUE(test, page);
	p = memremap(__pa(page) + 5, 100, MEMREMAP_WB);
	KUNIT_EXPECT_EQ(test, (unsigned long)p, page + 5);
	memunmap(p);
	p = memremap(__pa(page), 100, MEMREMAP_WB | MEMREMAP_WT);
	KUNIT_EXPECT_EQ(test, (unsigned long)p, page);
	KUNIT_EXPECT_NULL(test, memremap(__pa(page), 100, 0));
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, memremap(__pa(page), 100, MEMREMAP_WC));
	KUNIT_EXPECT_NULL(test, memremap(0xff000, 0x2000, MEMREMAP_WB));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "memremap attempted on ram 0x"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"memremap attempted on mixed range 0x00000000000ff000 size: 0x2000\n"));
	free_page(page);
}

static void memremap_device(struct kunit *test)
{
	void *p = memremap(DEV + 8, 100, MEMREMAP_WT | MEMREMAP_WC);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, mode_at((void __iomem *)p),
			mode_of(_PAGE_CACHE_MODE_WT));
	memunmap(p);
	p = memremap(DEV + 8, 100, MEMREMAP_WC);
	KUNIT_EXPECT_EQ(test, mode_at((void __iomem *)p),
			mode_of(_PAGE_CACHE_MODE_WC));
	memunmap(p);
	p = memremap(DEV + 8, 100, MEMREMAP_WB);
	KUNIT_EXPECT_EQ(test, mode_at((void __iomem *)p),
			mode_of(_PAGE_CACHE_MODE_WB));
	memunmap(p);
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, memremap(DEV, 0, MEMREMAP_WB));
	log_capture_end(&log);
}

/* Each request for memory inside fails once; nothing is left of it. */
static void ioremap_fault_points(struct kunit *test)
{
	/* Large and odd, so that tables of both levels are needed. */
	unsigned long size = (4UL << 20) + PG;
	unsigned int kind, points = 0;
	void __iomem *p;
	long nth;

	log_capture_start(&log);
	for (kind = 0; kind < 2; kind++) {
		for (nth = 1, p = NULL; !p && nth < 64; nth++) {
			vm_unmap_aliases();
			if (kind)
				failslab_fail_nth(nth);
			else
				page_alloc_fail_nth(nth);
			p = ioremap(DEV - PG, size);
			failslab_fail_nth(0);
			page_alloc_fail_nth(0);
			if (p)
				break;
			points++;
			KUNIT_EXPECT_EQ(test, memtype_state()->users,
					users_before);
			KUNIT_EXPECT_EQ(test, nr_areas(), areas_before);
			KUNIT_EXPECT_NULL(test, memtype_check());
		}
		KUNIT_EXPECT_NOT_NULL(test, p);
		if (p)
			iounmap(p);
	}
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, vmalloc_check());
	KUNIT_EXPECT_GT(test, points, 0U);
}

#define ROUNDS	40

struct mapper {
	unsigned int seed;
	unsigned int wrong;
};

/* Maps and unmaps pieces of the same window; all types may be refused. */
static void mapper(void *arg)
{
	struct mapper *m = arg;
	unsigned int i, x = m->seed;

	for (i = 0; i < ROUNDS; i++) {
		phys_addr_t phys;
		void __iomem *p;

		x = x * 1664525 + 1013904223;
		phys = DEV + (x >> 28) * PG;
		p = calls[(x >> 16) % 5].map(phys, (1 + ((x >> 8) & 3)) * PG);
		if (!p)
			continue;
		m->wrong += vmalloc_to_pfn((void *)p) != PHYS_PFN(phys);
		m->wrong += mode_at(p) != (int)memtype_lookup(phys) &&
			    pat_enabled();
		(void)readl(p);
		iounmap(p);
	}
}

static void ioremap_threads(struct kunit *test)
{
	struct test_thread thread[3];
	struct mapper m[3];
	unsigned int i;

	log_capture_start(&log);
	for (i = 0; i < 3; i++) {
		m[i] = (struct mapper){ i * 77 + 1, 0 };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&thread[i], mapper,
							  &m[i], test_cpu(i)));
	}
	for (i = 0; i < 3; i++)
		test_thread_join(&thread[i]);
	log_capture_end(&log);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, m[i].wrong, 0U);
}

static struct kunit_case ioremap_cases[] = {
	KUNIT_CASE(ioremap_types),
	KUNIT_CASE(ioremap_same_memory),
	KUNIT_CASE(ioremap_large),
	KUNIT_CASE(ioremap_under_mtrrs),
	KUNIT_CASE(ioremap_shares),
	KUNIT_CASE(ioremap_isa),
	KUNIT_CASE(ioremap_refuses_ranges),
	KUNIT_CASE(ioremap_refuses_ram),
	KUNIT_CASE(ioremap_shown),
	KUNIT_CASE(iounmap_of_nothing),
	KUNIT_CASE(memremap_ram),
	KUNIT_CASE(memremap_device),
	KUNIT_CASE(ioremap_fault_points),
	KUNIT_CASE(ioremap_threads),
	{ }
};

static struct kunit_suite ioremap_suite = {
	.name = "ioremap",
	.init = ioremap_init,
	.exit = ioremap_exit,
	.test_cases = ioremap_cases,
};
kunit_test_suite(ioremap_suite);
