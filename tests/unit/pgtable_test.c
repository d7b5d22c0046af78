// SPDX-License-Identifier: MIT
/*
 * arch/x86/mm/pgtable.c over a pool of plain pages: every format, every size
 * of leaf, splits, holes, lack of memory, the W^X checker, the dump; and a
 * random walk beside an oracle that knows one entry per base page.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pfn.h>
#include <asm/entry_write.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/pgtable_walk.h>

#define POOL_PAGES	96

/* Fake physical memory for tables: page i lies at (i + 1) pages. */
struct pool {
	int used;
	int limit;
	u8 page[POOL_PAGES][PAGE_SIZE];
};

static struct pool pool __aligned(4096);

static phys_addr_t pool_alloc(void *ctx)
{
	struct pool *p = ctx;

	if (p->used == p->limit)
		return PGTABLE_NO_TABLE;
	memset(p->page[p->used], 0, PAGE_SIZE);
	return (phys_addr_t)++p->used << PAGE_SHIFT;
}

static void *pool_table_at(void *ctx, phys_addr_t phys)
{
	struct pool *p = ctx;
	u64 i = (phys >> PAGE_SHIFT) - 1;

	return i < POOL_PAGES ? p->page[i] : NULL;
}

static const struct pgtable_ops pool_ops = { pool_alloc, pool_table_at };

static const struct pgtable_format *const formats[] = {
	&pgtable_4level, &pgtable_pae, &pgtable_2level,
};

static struct pgtable pt_fresh(struct kunit *test,
			       const struct pgtable_format *f, int limit)
{
	struct pgtable pt;

	pool.used = 0;
	pool.limit = limit;
	KUNIT_ASSERT_EQ(test, pgtable_setup(&pt, f, &pool_ops, &pool), 0);
	return pt;
}

static u64 leaf_size(const struct pgtable_format *f, int level)
{
	return 1ULL << f->level[level].shift;
}

/* A kernel address, the upper part of what the format translates. */
static u64 base_of(const struct pgtable_format *f)
{
	return f->va_bits == 32 ? 0xc0000000ULL : 0xffff888000000000ULL;
}

#define RWX_BITS	(_PAGE_RW | _PAGE_USER | ((u64)1 << 63))
#define KERNEL_RW	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)

static void pgtable_maps_each_size(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct pgtable_format *f = formats[i];

		for (int level = 0; level < f->levels; level++) {
			struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
			u64 size = leaf_size(f, level), va = base_of(f);
			u64 prot = KERNEL_RW | f->nx | _PAGE_PCD;
			struct pgtable_leaf leaf;

			if (!f->level[level].leaf)
				continue;
			KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, size,
							  size, level, prot), 0);
			KUNIT_EXPECT_EQ(test, pt.nr_leaves[level], 1UL);
			KUNIT_EXPECT_EQ(test, pt.nr_tables,
					(unsigned long)(f->levels - 1 - level));
			KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt,
						va + size - 1, &leaf));
			KUNIT_EXPECT_EQ(test, leaf.va, va);
			KUNIT_EXPECT_EQ(test, leaf.size, size);
			KUNIT_EXPECT_EQ(test, leaf.phys, size);
			KUNIT_EXPECT_EQ(test, leaf.level, level);
			KUNIT_EXPECT_EQ(test, leaf.prot, prot);
			KUNIT_EXPECT_FALSE(test, pgtable_lookup(&pt, va - 1,
								&leaf));
			pgtable_check(&pt);
		}
	}
}

static void pgtable_refuses_bad_ranges(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
	u64 va = base_of(f), big = leaf_size(f, 1);
	struct pgtable_leaf leaf;

	/* Unaligned, and levels that have no leaf. */
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va + 1, 0, PAGE_SIZE, 0,
					  KERNEL_RW), -EINVAL);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, PAGE_SIZE, big, 1,
					  KERNEL_RW), -EINVAL);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, 0, 1ULL << 39, 3,
					  KERNEL_RW), -EINVAL);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, 0, PAGE_SIZE, 4,
					  KERNEL_RW), -EINVAL);
	KUNIT_EXPECT_EQ(test, pgtable_protect(&pt, va + 8, PAGE_SIZE, 0, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pgtable_unmap(&pt, va, 100), -EINVAL);
	/* Over what is mapped: same size, smaller, larger. */
	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, big, big, 1, KERNEL_RW), 0);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, big, big, 1, KERNEL_RW),
			-EEXIST);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, big, PAGE_SIZE, 0,
					  KERNEL_RW), -EEXIST);
	KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, 0, leaf_size(f, 2), 2,
					  KERNEL_RW), -EEXIST);
	/* A hole has no protection to change; a lookup finds nothing. */
	KUNIT_EXPECT_EQ(test, pgtable_protect(&pt, va + big, PAGE_SIZE, 0, 0),
			-ENOENT);
	KUNIT_EXPECT_FALSE(test, pgtable_lookup(&pt, va + big, &leaf));
	/* Not canonical. */
	KUNIT_EXPECT_FALSE(test, pgtable_lookup(&pt, 1ULL << 47, &leaf));
	pgtable_check(&pt);
}

/* Each table that a map and a split need, refused in turn. */
static void pgtable_lacks_memory(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	u64 va = base_of(f), big = leaf_size(f, 2);
	struct pgtable pt;
	int limit;

	pool.used = pool.limit = 0;
	KUNIT_EXPECT_EQ(test, pgtable_setup(&pt, f, &pool_ops, &pool), -ENOMEM);
	for (limit = 1; limit < 4; limit++) {
		pt = pt_fresh(test, f, limit);
		KUNIT_EXPECT_EQ(test, pgtable_map(&pt, va, 0, PAGE_SIZE, 0,
						  KERNEL_RW), -ENOMEM);
		pgtable_check(&pt);
	}
	for (limit = 2; limit < 4; limit++) {
		pt = pt_fresh(test, f, limit);
		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0, big, 2,
						  KERNEL_RW), 0);
		KUNIT_EXPECT_EQ(test, pgtable_protect(&pt, va + PAGE_SIZE,
				PAGE_SIZE, 0, _PAGE_RW), -ENOMEM);
		KUNIT_EXPECT_EQ(test, pgtable_unmap(&pt, va + PAGE_SIZE,
						    PAGE_SIZE), -ENOMEM);
		pgtable_check(&pt);
	}
}

static void pgtable_splits(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
	u64 va = base_of(f), big = leaf_size(f, 2), phys = 5 * big;
	struct pgtable_leaf leaf;

	/* _PAGE_PAT must find its way to bit 12 and back. */
	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, phys, big, 2,
					  KERNEL_RW | _PAGE_PAT), 0);
	KUNIT_ASSERT_EQ(test, pgtable_protect(&pt, va + 3 * PAGE_SIZE,
					      PAGE_SIZE, 0, _PAGE_RW), 0);
	KUNIT_EXPECT_EQ(test, pt.nr_leaves[2], 0UL);
	KUNIT_EXPECT_EQ(test, pt.nr_leaves[1], 511UL);
	KUNIT_EXPECT_EQ(test, pt.nr_leaves[0], 512UL);
	for (u64 off = 0; off < 8 * PAGE_SIZE; off += PAGE_SIZE) {
		KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va + off, &leaf));
		KUNIT_EXPECT_EQ(test, leaf.phys, phys + off);
		KUNIT_EXPECT_EQ(test, !!(leaf.prot & _PAGE_RW),
				off != 3 * PAGE_SIZE);
		KUNIT_EXPECT_TRUE(test, leaf.prot & _PAGE_PAT);
	}
	KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va + big - 1, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.level, 1);
	KUNIT_EXPECT_EQ(test, leaf.phys, phys + big - leaf.size);
	KUNIT_EXPECT_TRUE(test, leaf.prot & _PAGE_PAT);
	pgtable_check(&pt);
}

static int count_leaf(void *ctx, const struct pgtable_leaf *leaf)
{
	u64 *sum = ctx;

	sum[0]++;
	sum[1] += leaf->size;
	return 0;
}

static int stop_at_first(void *ctx, const struct pgtable_leaf *leaf)
{
	return 7;
}

/* Tables without a leaf; and what is somebody else's is not counted. */
static void pgtable_leaves_ranges(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct pgtable_format *f = formats[i];
		struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
		u64 va = base_of(f), big = leaf_size(f, 1);
		unsigned long up = f->levels - 2UL;
		u64 seen[2] = { 0 };

		KUNIT_ASSERT_EQ(test, pgtable_reach(&pt, va, 0), 0);
		KUNIT_EXPECT_EQ(test, pt.nr_tables, up + 1);
		KUNIT_ASSERT_EQ(test, pgtable_reach(&pt, va + 1, 0), 0);
		KUNIT_EXPECT_EQ(test, pt.nr_tables, up + 1);
		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0, 4 * PAGE_SIZE, 0,
						  KERNEL_RW), 0);
		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va + big, 0, big, 1,
						  KERNEL_RW), 0);
		KUNIT_EXPECT_EQ(test, pgtable_reach(&pt, va + big, 0), -EEXIST);
		pgtable_check(&pt);

		/* Two pages of one table; then a table, whole. */
		pgtable_leave(&pt, va + PAGE_SIZE, va + 3 * PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, pt.nr_leaves[0], 2UL);
		KUNIT_EXPECT_EQ(test, pt.nr_tables, up + 1);
		pgtable_leave(&pt, va, va + big);
		KUNIT_EXPECT_EQ(test, pt.nr_leaves[0], 0UL);
		KUNIT_EXPECT_EQ(test, pt.nr_leaves[1], 1UL);
		KUNIT_EXPECT_EQ(test, pt.nr_tables, up);
		pgtable_check(&pt);
		/* They are still there. */
		pgtable_walk(&pt, 0, ~0ULL, count_leaf, seen);
		KUNIT_EXPECT_EQ(test, seen[0], 5ULL);
	}
}

/* A frame above 4 GiB keeps all bits of its address. */
static void pgtable_frames_are_not_cut(struct kunit *test)
{
	static const u64 frames[] = {
		0xfffff000ULL, 0x100000000ULL, 0x3ffe00000ULL, 0xfffe00000ULL,
	};

	for (int i = 0; i < ARRAY_SIZE(frames); i++) {
		struct pgtable pt = pt_fresh(test, &pgtable_pae, POOL_PAGES);
		u64 prot = KERNEL_RW | pgtable_pae.nx, va = 0xf8000000ULL;
		struct pgtable_leaf leaf;

		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, frames[i],
						  PAGE_SIZE, 0, prot), 0);
		KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va, &leaf));
		KUNIT_EXPECT_EQ(test, leaf.phys, frames[i]);
		KUNIT_ASSERT_EQ(test, pgtable_protect(&pt, va, PAGE_SIZE, 0,
						      _PAGE_RW), 0);
		KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va, &leaf));
		KUNIT_EXPECT_EQ(test, leaf.phys, frames[i]);
		KUNIT_EXPECT_EQ(test, leaf.prot, prot & ~(u64)_PAGE_RW);
		if (MAX_PHYSMEM_BITS > 32) {
			pte_t pte = pfn_pte(PFN_DOWN(frames[i]), PAGE_KERNEL);

			KUNIT_EXPECT_EQ(test, (u64)PFN_PHYS(pte_pfn(pte)),
					frames[i]);
		}
		/* A large one, then split. */
		if (frames[i] & (leaf_size(&pgtable_pae, 1) - 1))
			continue;
		va += leaf_size(&pgtable_pae, 1);
		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, frames[i],
						  leaf_size(&pgtable_pae, 1),
						  1, prot), 0);
		KUNIT_ASSERT_EQ(test, pgtable_unmap(&pt, va, PAGE_SIZE), 0);
		KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va + PAGE_SIZE,
						       &leaf));
		KUNIT_EXPECT_EQ(test, leaf.phys, frames[i] + PAGE_SIZE);
		pgtable_check(&pt);
	}
}

static void pgtable_entries_of_two_words(struct kunit *test)
{
	u64 e = 0;

	entry_comes(&e, 0x8000000f12345067ULL);
	KUNIT_EXPECT_EQ(test, e, 0x8000000f12345067ULL);
	entry_changes(&e, 0x0000000187654061ULL);
	KUNIT_EXPECT_EQ(test, e, 0x0000000187654061ULL);
	entry_goes(&e);
	KUNIT_EXPECT_EQ(test, e, 0ULL);
	entry_changes(&e, 0x8000000000001001ULL);
	KUNIT_EXPECT_EQ(test, e, 0x8000000000001001ULL);
}

static void pgtable_walks_in_bounds(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
	u64 va = base_of(f), sum[2] = { 0, 0 };

	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0, 8 * PAGE_SIZE, 0,
					  KERNEL_RW), 0);
	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, 0x400000, 0, PAGE_SIZE, 0,
					  KERNEL_RW | _PAGE_USER), 0);
	pgtable_walk(&pt, 0, ~0ULL, count_leaf, sum);
	KUNIT_EXPECT_EQ(test, sum[0], 9ULL);
	sum[0] = sum[1] = 0;
	/* The last byte of page 1 to the first of page 3. */
	pgtable_walk(&pt, va + 2 * PAGE_SIZE - 1, va + 3 * PAGE_SIZE,
		     count_leaf, sum);
	KUNIT_EXPECT_EQ(test, sum[0], 3ULL);
	KUNIT_EXPECT_EQ(test, sum[1], 3ULL * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pgtable_walk(&pt, 0, ~0ULL, stop_at_first,
					   NULL), 7);
}

static void pgtable_wx_is_found(struct kunit *test)
{
	for (int i = 0; i < 2; i++) {
		const struct pgtable_format *f = formats[i];
		struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
		u64 va = base_of(f), sum[2] = { 0, 0 };
		u64 big = leaf_size(f, 1);

		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0, big, 1,
						  KERNEL_RW | f->nx), 0);
		KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va + big, 0, big, 1,
					KERNEL_RW & ~_PAGE_RW), 0);
		KUNIT_EXPECT_EQ(test, pgtable_check_wx(&pt, 0, ~0ULL,
						       count_leaf, sum), 0UL);
		/* Written and executed: one large leaf, one small. */
		KUNIT_ASSERT_EQ(test, pgtable_protect(&pt, va + PAGE_SIZE,
				PAGE_SIZE, 0, f->nx), 0);
		KUNIT_ASSERT_EQ(test, pgtable_protect(&pt, va + big, big,
						      _PAGE_RW, 0), 0);
		KUNIT_EXPECT_EQ(test, pgtable_check_wx(&pt, 0, ~0ULL,
				count_leaf, sum), 1 + big / PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, sum[0], 2ULL);
		/* Not asked for. */
		KUNIT_EXPECT_EQ(test, pgtable_check_wx(&pt, 0, va - 1,
						       count_leaf, sum), 0UL);
	}
}

/* A right that any level withholds is withheld. */
static void pgtable_rights_combine(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
	u64 va = base_of(f);
	u64 *top = pool_table_at(&pool, pt.root);
	struct pgtable_leaf leaf;
	u64 sum[2] = { 0, 0 };

	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0, PAGE_SIZE, 0,
					  KERNEL_RW | _PAGE_USER), 0);
	KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.prot & RWX_BITS, (u64)_PAGE_RW);
	KUNIT_EXPECT_EQ(test, pgtable_check_wx(&pt, 0, ~0ULL, count_leaf,
					       sum), 1UL);
	top[273] |= f->nx;
	KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.prot & RWX_BITS, _PAGE_RW | f->nx);
	KUNIT_EXPECT_EQ(test, pgtable_check_wx(&pt, 0, ~0ULL, count_leaf,
					       sum), 0UL);
	top[273] &= ~(u64)_PAGE_RW;
	KUNIT_ASSERT_TRUE(test, pgtable_lookup(&pt, va, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.prot & RWX_BITS, f->nx);
}

static void pgtable_dump_shows_the_way(struct kunit *test)
{
	const struct pgtable_format *f = &pgtable_4level;
	struct pgtable pt = pt_fresh(test, f, POOL_PAGES);
	u64 va = base_of(f), *top;
	char buf[128];

	pgtable_dump(&pt, va, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "PGD 0 P4D 0");
	KUNIT_ASSERT_EQ(test, pgtable_map(&pt, va, 0x5000, PAGE_SIZE, 0,
					  0x163 | f->nx), 0);
	pgtable_dump(&pt, va, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "PGD 2063 P4D 2063 PUD 3063 PMD 4063 PTE 8000000000005163");
	pgtable_dump(&pt, va + PAGE_SIZE, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "PGD 2063 P4D 2063 PUD 3063 PMD 4063 PTE 0");
	/* A torn tree is shown as far as it can be reached. */
	top = pool_table_at(&pool, pt.root);
	top[273] = 0x7fffff000063ULL;
	pgtable_dump(&pt, va, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "PGD 7fffff000063 P4D 7fffff000063 BAD");
	/* Cut, never overrun. */
	pgtable_dump(&pt, va, buf, 8);
	KUNIT_EXPECT_EQ(test, strlen(buf), (size_t)7);
}

/* The oracle: what each base page of a window maps to; 0 is nothing. */
#define WINDOW_PAGES	2048

static struct { u64 phys, prot; } oracle[WINDOW_PAGES];

static u64 random_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void oracle_compare(struct kunit *test, const struct pgtable *pt,
			   u64 va, int page)
{
	struct pgtable_leaf leaf;
	u64 at = va + (u64)page * PAGE_SIZE;
	bool mapped = pgtable_lookup(pt, at, &leaf);

	KUNIT_ASSERT_EQ(test, mapped, oracle[page].prot != 0);
	if (!mapped)
		return;
	KUNIT_ASSERT_EQ(test, leaf.phys + (at - leaf.va), oracle[page].phys);
	KUNIT_ASSERT_EQ(test, leaf.prot, oracle[page].prot);
}

static bool oracle_range_is(int page, int n, bool mapped)
{
	while (n-- > 0)
		if ((oracle[page++].prot != 0) != mapped)
			return false;
	return true;
}

static void oracle_step(struct kunit *test, struct pgtable *pt, u64 va,
			u64 *rng)
{
	int pages = (int)(leaf_size(pt->format, 1) / PAGE_SIZE);
	bool big = random_next(rng) % 4 == 0;
	int n = big ? pages : 1 + (int)(random_next(rng) % 16);
	int page = big ? (int)(random_next(rng) % (WINDOW_PAGES / pages)) * pages
		       : (int)(random_next(rng) % (WINDOW_PAGES - n + 1));
	u64 at = va + (u64)page * PAGE_SIZE, size = (u64)n * PAGE_SIZE;
	u64 phys = (random_next(rng) % 64) * leaf_size(pt->format, 1);
	int err, i;

	switch (random_next(rng) % 3) {
	case 0:
		if (!oracle_range_is(page, n, false))
			return;
		err = pgtable_map(pt, at, phys, size, big, KERNEL_RW);
		/* An emptied table still stands where a large leaf would. */
		if (big && err == -EEXIST)
			return;
		KUNIT_ASSERT_EQ(test, err, 0);
		for (i = 0; i < n; i++) {
			oracle[page + i].phys = phys + (u64)i * PAGE_SIZE;
			oracle[page + i].prot = KERNEL_RW;
		}
		return;
	case 1:
		if (!oracle_range_is(page, n, true))
			return;
		KUNIT_ASSERT_EQ(test, pgtable_protect(pt, at, size, _PAGE_PCD,
						      _PAGE_RW), 0);
		for (i = 0; i < n; i++)
			oracle[page + i].prot = (KERNEL_RW & ~_PAGE_RW) |
						_PAGE_PCD;
		return;
	case 2:
		KUNIT_ASSERT_EQ(test, pgtable_unmap(pt, at, size), 0);
		for (i = 0; i < n; i++)
			oracle[page + i].prot = 0;
		return;
	}
}

static void pgtable_agrees_with_oracle(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(formats); i++) {
		struct pgtable pt = pt_fresh(test, formats[i], POOL_PAGES);
		u64 va = base_of(formats[i]), rng = test->seed * 2 + 1;

		memset(oracle, 0, sizeof(oracle));
		for (int step = 0; step < 4000; step++) {
			oracle_step(test, &pt, va, &rng);
			oracle_compare(test, &pt, va,
				       (int)(random_next(&rng) % WINDOW_PAGES));
			if (step % 512 == 0)
				pgtable_check(&pt);
		}
		for (int page = 0; page < WINDOW_PAGES; page++)
			oracle_compare(test, &pt, va, page);
		pgtable_check(&pt);
	}
}

/* The typed accessors and the table-driven ones read the same bits. */
static void pgtable_typed_entries(struct kunit *test)
{
	pte_t pte = pfn_pte(0x1234, PAGE_KERNEL);
	pmd_t pmd = pfn_pmd(0x1400, __pgprot(__PAGE_KERNEL | _PAGE_PAT));

	KUNIT_EXPECT_EQ(test, pte_pfn(pte), 0x1234UL);
	KUNIT_EXPECT_EQ(test, pgprot_val(pte_pgprot(pte)),
			pgprot_val(PAGE_KERNEL));
	KUNIT_EXPECT_TRUE(test, pte_present(pte) && pte_write(pte) &&
			  pte_dirty(pte) && pte_young(pte));
	/* Without PAE no bit forbids it. */
	KUNIT_EXPECT_EQ(test, !pte_exec(pte), _PAGE_NX != 0);
	KUNIT_EXPECT_FALSE(test, pte_write(pte_wrprotect(pte)));
	KUNIT_EXPECT_TRUE(test, pte_write(pte_mkwrite_novma(pte_wrprotect(pte))));
	KUNIT_EXPECT_FALSE(test, pte_dirty(pte_mkclean(pte)));
	KUNIT_EXPECT_TRUE(test, pte_dirty(pte_mkdirty(pte_mkclean(pte))));
	KUNIT_EXPECT_FALSE(test, pte_young(pte_mkold(pte)));
	KUNIT_EXPECT_TRUE(test, pte_young(pte_mkyoung(pte_mkold(pte))));
	KUNIT_EXPECT_TRUE(test, pte_exec(pte_mkexec(pte)));
	KUNIT_EXPECT_TRUE(test, pte_special(pte_mkspecial(pte)));
	KUNIT_EXPECT_TRUE(test, pte_same(pte_modify(pte, PAGE_KERNEL_RO),
			pte_mkdirty(pfn_pte(0x1234, PAGE_KERNEL_RO))));
	pte_clear(&pte);
	KUNIT_EXPECT_TRUE(test, pte_none(pte));

	KUNIT_EXPECT_TRUE(test, pmd_leaf(pmd) && pmd_present(pmd));
	KUNIT_EXPECT_TRUE(test, pmd_bad(pmd));
	KUNIT_EXPECT_EQ(test, pmd_pfn(pmd), 0x1400UL);
	KUNIT_EXPECT_EQ(test, (u64)pmd_val(pmd),
			pgtable_encode(formats[4 - CONFIG_PGTABLE_LEVELS], 1,
				       0x1400000, __PAGE_KERNEL | _PAGE_PAT));
	KUNIT_EXPECT_FALSE(test, pmd_bad(__pmd(0x1000 | _KERNPG_TABLE)));
	pmd_clear(&pmd);
	KUNIT_EXPECT_TRUE(test, pmd_none(pmd));
	/* The folded level says yes to all; the one below decides. */
	KUNIT_EXPECT_TRUE(test, pgd_present(__pgd(0)) && !pgd_none(__pgd(0)) &&
			  !pgd_bad(__pgd(0)) && !pgd_leaf(__pgd(0)));
	KUNIT_EXPECT_TRUE(test, pmd_none(__pmd(0)) && !pmd_present(__pmd(0)));
}

static void pgtable_cache_modes(struct kunit *test)
{
	for (int pat = 0; pat < 2; pat++)
		for (int mode = 0; mode < _PAGE_CACHE_MODE_NUM; mode++) {
			pgprotval_t bits = cachemode2protval(
				(enum page_cache_mode)mode, pat);
			enum page_cache_mode back =
				pgprot2cachemode(__pgprot(bits), pat);

			KUNIT_EXPECT_EQ(test, bits & ~_PAGE_CACHE_MASK,
					(pgprotval_t)0);
			if (pat)
				KUNIT_EXPECT_EQ(test, (int)back, mode);
			else
				KUNIT_EXPECT_FALSE(test, bits & _PAGE_PAT);
		}
	/* What a CPU without PAT cannot do is not cached laxer. */
	KUNIT_EXPECT_EQ(test, cachemode2protval(_PAGE_CACHE_MODE_WC, false),
			(pgprotval_t)_PAGE_PCD);
	KUNIT_EXPECT_EQ(test, pat_msr_value(), 0x0407050600070106ULL);
}

static struct kunit_case pgtable_cases[] = {
	KUNIT_CASE(pgtable_maps_each_size),
	KUNIT_CASE(pgtable_refuses_bad_ranges),
	KUNIT_CASE(pgtable_lacks_memory),
	KUNIT_CASE(pgtable_splits),
	KUNIT_CASE(pgtable_leaves_ranges),
	KUNIT_CASE(pgtable_frames_are_not_cut),
	KUNIT_CASE(pgtable_entries_of_two_words),
	KUNIT_CASE(pgtable_walks_in_bounds),
	KUNIT_CASE(pgtable_wx_is_found),
	KUNIT_CASE(pgtable_rights_combine),
	KUNIT_CASE(pgtable_dump_shows_the_way),
	KUNIT_CASE(pgtable_agrees_with_oracle),
	KUNIT_CASE(pgtable_typed_entries),
	KUNIT_CASE(pgtable_cache_modes),
	{}
};

static struct kunit_suite pgtable_suite = {
	.name = "pgtable",
	.test_cases = pgtable_cases,
};
kunit_test_suite(pgtable_suite);
