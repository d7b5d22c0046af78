// SPDX-License-Identifier: MIT
/*
 * asm-generic/pgtable-nop*.h: a walk written for five levels, over tables
 * that have two. The types are those of a 32-bit CPU without PAE.
 */
#include <kunit/test.h>

typedef u32 pgdval_t;
typedef struct { pgdval_t pgd; } pgd_t;

#define pgd_val(x)	((x).pgd)
#define __pgd(x)	((pgd_t) { (pgdval_t)(x) })
#define PGDIR_SHIFT	22
#define PTRS_PER_PGD	1024
#undef PMD_SHIFT
#undef PUD_SHIFT

#include <asm-generic/pgtable-nopmd.h>

static void folded_levels_pass_through(struct kunit *test)
{
	pgd_t entry = __pgd(0x1067), *pgd = &entry;
	p4d_t *p4d = p4d_offset(pgd, 0xc0000000UL);
	pud_t *pud = pud_offset(p4d, 0xc0000000UL);
	pmd_t *pmd = pmd_offset(pud, 0xc0000000UL);

	KUNIT_EXPECT_EQ(test, pmd_val(*pmd), 0x1067U);
	KUNIT_EXPECT_EQ(test, pud_val(*pud), 0x1067U);
	KUNIT_EXPECT_EQ(test, p4d_val(*p4d), 0x1067U);
	/* Stored through the lowest name, seen through the highest. */
	*pmd = __pmd(0x2067);
	KUNIT_EXPECT_EQ(test, pgd_val(entry), 0x2067U);
	*pud = __pud(0x3067);
	KUNIT_EXPECT_EQ(test, pgd_val(entry), 0x3067U);
	*p4d = __p4d(0x4067);
	KUNIT_EXPECT_EQ(test, pgd_val(entry), 0x4067U);
}

/* Only the level that is there may say that something is missing. */
static void folded_levels_are_always_there(struct kunit *test)
{
	pgd_t pgd = __pgd(0);
	p4d_t p4d = __p4d(0);
	pud_t pud = __pud(0);

	KUNIT_EXPECT_TRUE(test, pgd_present(pgd) && p4d_present(p4d) &&
			  pud_present(pud));
	KUNIT_EXPECT_FALSE(test, pgd_none(pgd) || p4d_none(p4d) ||
			   pud_none(pud));
	KUNIT_EXPECT_FALSE(test, pgd_bad(pgd) || p4d_bad(p4d) || pud_bad(pud));
	KUNIT_EXPECT_FALSE(test, pgd_leaf(pgd) || p4d_leaf(p4d) ||
			   pud_leaf(pud));
	/* Clearing a folded entry must not clear the one it stands for. */
	pgd = __pgd(0x1067);
	pgd_clear(&pgd);
	p4d_clear((p4d_t *)&pgd);
	pud_clear((pud_t *)&pgd);
	KUNIT_EXPECT_EQ(test, pgd_val(pgd), 0x1067U);
}

static void folded_levels_have_one_entry(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTRS_PER_P4D * PTRS_PER_PUD * PTRS_PER_PMD, 1);
	KUNIT_EXPECT_EQ(test, P4D_SHIFT, PGDIR_SHIFT);
	KUNIT_EXPECT_EQ(test, PMD_SHIFT, PGDIR_SHIFT);
	KUNIT_EXPECT_EQ(test, sizeof(pmd_t), sizeof(pgd_t));
}

static struct kunit_case pgtable_fold_cases[] = {
	KUNIT_CASE(folded_levels_pass_through),
	KUNIT_CASE(folded_levels_are_always_there),
	KUNIT_CASE(folded_levels_have_one_entry),
	{}
};

static struct kunit_suite pgtable_fold_suite = {
	.name = "pgtable_fold",
	.test_cases = pgtable_fold_cases,
};
kunit_test_suite(pgtable_fold_suite);
