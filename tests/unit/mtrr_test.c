// SPDX-License-Identifier: MIT
/* MTRRs: precedence, PAT, trimming, /proc/mtrr, registers as text. */
#include <kunit/test.h>

#include <linux/seq_file.h>
#include <linux/string.h>

#include <asm/e820/api.h>
#include <asm/mtrr.h>
#include <octavo/this_machine.h>

#include "log_capture.h"

#define UC	MTRR_TYPE_UNCACHABLE
#define WC	MTRR_TYPE_WRCOMB
#define WT	MTRR_TYPE_WRTHROUGH
#define WP	MTRR_TYPE_WRPROT
#define WB	MTRR_TYPE_WRBACK
#define MIB	(1ULL << 20)
#define GIB	(1ULL << 30)

static struct mtrr_state state;
static struct e820_table table;
static struct mtrr_state saved_state;
static struct log_capture log;

struct text {
	size_t n;
	char s[512];
};

static void text_emit(void *ctx, const char *s, size_t n)
{
	struct text *t = ctx;

	n = min(n, sizeof(t->s) - 1 - t->n);
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

static int mtrr_test_init(struct kunit *test)
{
	saved_state = this_fw()->mtrr;
	memset(&state, 0, sizeof(state));
	memset(&table, 0, sizeof(table));
	state.phys_bits = 40;
	state.enabled = true;
	return 0;
}

static void mtrr_test_exit(struct kunit *test)
{
	this_fw()->mtrr = saved_state;
}

/* Adds a variable range of @size, a power of two, as firmware would. */
static void var_range(u64 base, u64 size, u8 type)
{
	u32 i = state.nr_var;

	mtrr_state_set(&state, MSR_MTRRphysBase(i), base | type);
	mtrr_state_set(&state, MSR_MTRRphysMask(i),
		       ((1ULL << 40) - size) | 1 << 11);
}

static void mtrr_precedence_test(struct kunit *test)
{
	bool uniform;

	state.def_type = WB;
	var_range(0xc0000000, GIB, UC);
	var_range(0x80000000, GIB, WT);
	var_range(0x90000000, 256 * MIB, WB);
	var_range(0xa0000000, 256 * MIB, WC);
	var_range(0xd0000000, 256 * MIB, WB);
	KUNIT_EXPECT_NULL(test, mtrr_state_check(&state));
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x1000), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x80000000), WT);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x90000000), WT);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xa0000000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xd0000000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 4 * GIB), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_lookup(&state, MIB, 2 * GIB,
						&uniform), WB);
	KUNIT_EXPECT_TRUE(test, uniform);
	KUNIT_EXPECT_EQ(test, mtrr_state_lookup(&state, 0x80000000,
						0xa0000000, &uniform), WT);
	KUNIT_EXPECT_TRUE(test, uniform);
	KUNIT_EXPECT_EQ(test, mtrr_state_lookup(&state, GIB, 0xa0000000,
						&uniform), WT);
	KUNIT_EXPECT_FALSE(test, uniform);
	KUNIT_EXPECT_EQ(test, mtrr_state_lookup(&state, GIB, 4 * GIB,
						&uniform), UC);
	KUNIT_EXPECT_FALSE(test, uniform);
}

static void mtrr_fixed_test(struct kunit *test)
{
	bool uniform;

	mtrr_state_set(&state, MSR_MTRRcap, 8 | 1 << 8);
	mtrr_state_set(&state, MSR_MTRRdefType, 1 << 11 | 1 << 10 | WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_set(&state, MSR_MTRRfix64K_00000,
					     0x0606060606060606), 0);
	KUNIT_EXPECT_EQ(test, mtrr_state_set(&state, MSR_MTRRfix16K_80000,
					     0x0606060606060606), 0);
	KUNIT_EXPECT_EQ(test, mtrr_state_set(&state, MSR_MTRRfix4K_C0000 + 1,
					     0x0500000000000000), 0);
	KUNIT_EXPECT_EQ(test, mtrr_state_set(&state, MSR_MTRRfix4K_C0000,
					     0x0200000000000000), -EINVAL);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x9ffff), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xa0000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xcefff), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xcf000), WP);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xd0000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x100000), WB);
	mtrr_state_lookup(&state, 0, 0xa0000, &uniform);
	KUNIT_EXPECT_TRUE(test, uniform);
	mtrr_state_lookup(&state, 0, 0xa0001, &uniform);
	KUNIT_EXPECT_FALSE(test, uniform);
	state.fixed_enabled = false;
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xa0000), WB);
	state.enabled = false;
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xa0000),
			MTRR_TYPE_INVALID);
}

/* The rows and columns of the manual's table, one by one. */
static void mtrr_pat_test(struct kunit *test)
{
	static const u8 mtrr[] = { UC, WC, WT, WP, WB };
	static const u8 pat[] = { UC, PAT_TYPE_UC_MINUS, WC, WT, WP, WB };
	static const u8 want[5][6] = {
		{ UC, UC, WC, UC, UC, UC },
		{ UC, WC, WC, UC, UC, WC },
		{ UC, UC, WC, WT, WP, WT },
		{ UC, WC, WC, WT, WP, WP },
		{ UC, UC, WC, WT, WP, WB },
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(mtrr); i++)
		for (j = 0; j < ARRAY_SIZE(pat); j++)
			KUNIT_EXPECT_EQ(test, mtrr_pat_combine(mtrr[i], pat[j]),
					want[i][j]);
	KUNIT_EXPECT_EQ(test, mtrr_pat_combine(2, WB), MTRR_TYPE_INVALID);
	KUNIT_EXPECT_EQ(test, mtrr_pat_combine(MTRR_TYPE_INVALID, WB),
			MTRR_TYPE_INVALID);
	KUNIT_EXPECT_EQ(test, mtrr_pat_combine(WB, 2), MTRR_TYPE_INVALID);
}

/* The BIOS covers 4 GiB of 4.5: what is above the hole is partly uncached. */
static void mtrr_trim_test(struct kunit *test)
{
	state.def_type = UC;
	var_range(0, 4 * GIB, WB);
	var_range(0xc0000000, GIB, UC);
	var_range(4 * GIB, GIB, WB);
	e820_table_add(&table, 0, 0x9f000, E820_TYPE_RAM);
	e820_table_add(&table, MIB, 3 * GIB - MIB, E820_TYPE_RAM);
	e820_table_add(&table, 4 * GIB, 3 * GIB / 2, E820_TYPE_RAM);
	KUNIT_EXPECT_EQ(test, mtrr_state_trim(&state, &table), GIB / 2);
	e820_table_sanitize(&table);
	KUNIT_EXPECT_NULL(test, e820_table_check(&table));
	KUNIT_EXPECT_EQ(test, e820_table_end_pfn(&table, U64_MAX),
			5 * GIB >> 12);
	KUNIT_EXPECT_TRUE(test, e820_table_mapped_all(&table, 5 * GIB,
						      11 * GIB / 2,
						      E820_TYPE_RESERVED));
	KUNIT_EXPECT_EQ(test, mtrr_state_trim(&state, &table), 0ULL);
}

static void mtrr_proc_show_test(struct kunit *test)
{
	static struct text text;
	struct seq_file m = { .emit = text_emit, .ctx = &text };

	state.def_type = WB;
	var_range(0xc0000000, GIB, UC);
	var_range(0xf0000, 0x10000, WC);
	state.var[2].base = WB;
	state.nr_var = 8;
	this_fw()->mtrr = state;
	text.n = 0;
	KUNIT_EXPECT_EQ(test, mtrr_proc_show(&m), 0);
	KUNIT_EXPECT_STREQ(test, text.s,
		"reg00: base=0x0c0000000 ( 3072MB), size= 1024MB, count=1: uncachable\n"
		"reg01: base=0x0000f0000 (    0MB), size=   64KB, count=1: write-combining\n");
}

static void mtrr_holes_test(struct kunit *test)
{
	state.def_type = WB;
	var_range(0xc0000000, GIB, UC);
	var_range(0x40000000, GIB, UC);
	state.var[1].mask &= ~(1ULL << 36);
	log_capture_start(&log);
	mtrr_state_fix(&state);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "mtrr: variable range 1 has a mask of 0x000000efc0000800, which has holes: switched off"));
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x40000000), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xc0000000), UC);
}

struct bad_lines {
	unsigned int nr, line[4];
};

static void note_line(void *ctx, unsigned int line, const char *text,
		      size_t n, const char *reason)
{
	struct bad_lines *b = ctx;

	if (b->nr < ARRAY_SIZE(b->line))
		b->line[b->nr] = line;
	b->nr++;
}

static void mtrr_parse_test(struct kunit *test)
{
	static const char text[] =
		"# a PC with 4 GiB\n"
		"phys_bits 40\n"
		"0xfe 0x508\n"
		"\n"
		"0x200: 0xc0000000\n"
		"201 ffc0000800\n"
		"0x2ff 0xc06\n"
		"0x250 0x0606060606060606\n"
		"0x259\n"
		"0x300 7\n"
		"0x2ff 0xc03\n"
		"0x202 0x0 0x1";
	struct bad_lines bad = { .nr = 0 };
	u64 value;

	memset(&state, 0, sizeof(state));
	KUNIT_EXPECT_EQ(test, mtrr_parse(&state, text, sizeof(text) - 1,
					 note_line, &bad), 4U);
	KUNIT_ASSERT_EQ(test, bad.nr, 4U);
	KUNIT_EXPECT_EQ(test, bad.line[0], 9U);
	KUNIT_EXPECT_EQ(test, bad.line[3], 12U);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xfee00000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xb0000000), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0x1000), WB);
	KUNIT_EXPECT_EQ(test, mtrr_state_type(&state, 0xa0000), UC);
	KUNIT_EXPECT_EQ(test, mtrr_state_get(&state, MSR_MTRRdefType, &value),
			0);
	KUNIT_EXPECT_EQ(test, value, 0xc06ULL);
	KUNIT_EXPECT_EQ(test, mtrr_state_get(&state, MSR_MTRRfix64K_00000,
					     &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0x0606060606060606ULL);
	KUNIT_EXPECT_EQ(test, mtrr_state_get(&state, 0x10, &value), -ENOENT);
	KUNIT_EXPECT_NULL(test, mtrr_state_check(&state));
}

static struct kunit_case mtrr_cases[] = {
	KUNIT_CASE(mtrr_precedence_test),
	KUNIT_CASE(mtrr_fixed_test),
	KUNIT_CASE(mtrr_pat_test),
	KUNIT_CASE(mtrr_trim_test),
	KUNIT_CASE(mtrr_proc_show_test),
	KUNIT_CASE(mtrr_holes_test),
	KUNIT_CASE(mtrr_parse_test),
	{ }
};

static struct kunit_suite mtrr_suite = {
	.name = "mtrr",
	.init = mtrr_test_init,
	.exit = mtrr_test_exit,
	.test_cases = mtrr_cases,
};
kunit_test_suite(mtrr_suite);
