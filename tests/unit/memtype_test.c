// SPDX-License-Identifier: MIT
/*
 * The registry of cache types: what each request gets, what is refused, and
 * that nothing stays. The long random walk is tests/model/memtype_model.c.
 */
#include <kunit/test.h>

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <asm/memtype.h>
#include <asm/mtrr.h>
#include <octavo/failslab.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "log_capture.h"

#define WB	_PAGE_CACHE_MODE_WB
#define WC	_PAGE_CACHE_MODE_WC
#define UCM	_PAGE_CACHE_MODE_UC_MINUS
#define UC	_PAGE_CACHE_MODE_UC
#define WT	_PAGE_CACHE_MODE_WT
#define WP	_PAGE_CACHE_MODE_WP

/* No port has anything there. */
#define DEV	0xf00000000000ULL
#define PG	4096ULL

static struct log_capture log;
static struct mtrr_state saved_mtrr;
static struct memtype_state saved_state;

static int memtype_test_init(struct kunit *test)
{
	saved_mtrr = this_fw()->mtrr;
	saved_state = *memtype_state();
	memtype_state()->pat = true;
	memset(&this_fw()->mtrr, 0, sizeof(this_fw()->mtrr));
	return 0;
}

static void memtype_test_exit(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, memtype_check());
	KUNIT_EXPECT_EQ(test, memtype_state()->users, saved_state.users);
	KUNIT_EXPECT_EQ(test, memtype_state()->nr, saved_state.nr);
	memtype_state()->pat = saved_state.pat;
	this_fw()->mtrr = saved_mtrr;
}

/* What a request gets; -errno. */
static int reserve(u64 start, u64 end, enum page_cache_mode type)
{
	enum page_cache_mode got = _PAGE_CACHE_MODE_NUM;
	int err = memtype_reserve(start, end, type, &got);

	return err ?: (int)got;
}

static void memtype_alone(struct kunit *test)
{
	enum page_cache_mode type;

	for (type = WB; type < _PAGE_CACHE_MODE_NUM; type++) {
		KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + PG, type), (int)type);
		KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV + PG - 1),
				(int)type);
		KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV + PG), (int)UCM);
		KUNIT_EXPECT_NULL(test, memtype_check());
		KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + PG), 0);
	}
	/* Bytes are pages. */
	KUNIT_EXPECT_EQ(test, reserve(DEV + 8, DEV + PG + 1, WC), (int)WC);
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV + 2 * PG - 1), (int)WC);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + 2 * PG), 0);
}

/* Who comes later gets what is there; users are counted. */
static void memtype_shared(struct kunit *test)
{
	unsigned long nr = memtype_state()->nr;
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + 4 * PG, WC), (int)WC);
	KUNIT_EXPECT_EQ(test, memtype_state()->nr, nr + 1);
	KUNIT_EXPECT_EQ(test, reserve(DEV + PG, DEV + 8 * PG, UCM), (int)WC);
	KUNIT_EXPECT_EQ(test, reserve(DEV + PG, DEV + 2 * PG, WT), (int)WC);
	KUNIT_EXPECT_EQ(test, memtype_state()->nr, nr + 3);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV), (int)WC);
		KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + 4 * PG), 0);
	}
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV), (int)UCM);
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV + PG), (int)WC);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + PG, DEV + 2 * PG), 0);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + PG, DEV + 8 * PG), 0);
}

static void memtype_no_memory(struct kunit *test)
{
	failslab_fail_nth(1);
	if (!failslab_fail_left())
		kunit_skip(test, "no faults in this build");
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + PG, WC), -ENOMEM);
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(DEV), (int)UCM);
	failslab_fail_nth(0);
}

static void memtype_conflict(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + 2 * PG, WC), (int)WC);
	KUNIT_EXPECT_EQ(test, reserve(DEV + 4 * PG, DEV + 6 * PG, UC),
			(int)UC);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + 8 * PG, WB), -EBUSY);
	KUNIT_EXPECT_EQ(test, memtype_reserve(DEV, DEV + PG, UC, NULL),
			-EBUSY);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"conflicting memory types f00000000000-f00000008000 write-combining<->uncached, which f00000004000-f00000006000 has\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"conflicting memory types f00000000000-f00000001000 uncached<->write-combining, which f00000000000-f00000002000 has\n"));
	KUNIT_EXPECT_EQ(test, memtype_reserve(DEV, DEV + PG, WC, NULL), 0);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + PG), 0);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + 2 * PG), 0);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + 4 * PG, DEV + 6 * PG), 0);
}

static void memtype_bad_free(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + 2 * PG, WC), (int)WC);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + PG), -EINVAL);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + PG, DEV + 2 * PG), -EINVAL);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + 2 * PG), 0);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + 2 * PG), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"freeing invalid memtype [mem 0xf00000000000-0xf00000000fff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"freeing invalid memtype [mem 0xf00000001000-0xf00000001fff]\n"));
}

static const struct resource *some_ram(void)
{
	const struct resource *r;

	for (r = iomem_resource.child; r; r = r->sibling)
		if (r->flags & IORESOURCE_SYSTEM_RAM &&
		    resource_size(r) >= 4 * PG)
			return r;
	return NULL;
}

static void memtype_of_ram(struct kunit *test)
{
	const struct resource *ram = some_ram();
	u64 start, end;

	if (!ram)
		kunit_skip(test, "this machine was not set up");
	start = ALIGN(ram->start, PG);
	end = (ram->end + 1) & ~(PG - 1);
	KUNIT_EXPECT_EQ(test, reserve(start, start + PG, WB), (int)WB);
	KUNIT_EXPECT_EQ(test, memtype_free(start, start + PG), 0);
	KUNIT_EXPECT_EQ(test, (int)memtype_lookup(start), (int)WB);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, reserve(start, start + PG, WC), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"req write-combining: it is RAM, which the direct map has as write-back\n"));
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, reserve(end - PG, DEV, WB), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"req write-back: part of it is RAM, which the direct map has as write-back\n"));
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memtype_kernel_map_sync(start, PG, UCM),
			-EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"got uncached-minus: the direct map shows some of it\n"));
	KUNIT_EXPECT_EQ(test, memtype_kernel_map_sync(start, PG, WB), 0);
	KUNIT_EXPECT_EQ(test, memtype_kernel_map_sync(DEV, PG, UC), 0);
}

/* The fixed MTRRs' business: whatever is asked for, WB and not noted. */
static void memtype_isa(struct kunit *test)
{
	unsigned long users = memtype_state()->users;

	KUNIT_EXPECT_EQ(test, reserve(0xa0000, 0xc0000, UCM), (int)WB);
	KUNIT_EXPECT_EQ(test, reserve(0xa0000, 0xa1000, WC), (int)WB);
	KUNIT_EXPECT_EQ(test, memtype_state()->users, users);
	KUNIT_EXPECT_EQ(test, memtype_free(0xa0000, 0xa1000), 0);
}

/* MTRRs with one range of UC, and WB elsewhere. */
static void mtrrs(u64 base, u64 size)
{
	struct mtrr_state *m = &this_fw()->mtrr;

	m->enabled = true;
	m->def_type = MTRR_TYPE_WRBACK;
	m->phys_bits = 48;
	m->nr_var = 1;
	m->var[0].base = base | MTRR_TYPE_UNCACHABLE;
	m->var[0].mask = ((~(size - 1)) & ((1ULL << 48) - 1)) | 1 << 11;
}

static void memtype_under_mtrrs(struct kunit *test)
{
	mtrrs(DEV, 1 << 20);
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + PG, WB), (int)UCM);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + PG), 0);
	KUNIT_EXPECT_EQ(test, reserve(DEV + (1 << 20) - PG,
				      DEV + (1 << 20) + PG, WB), (int)UCM);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + (1 << 20) - PG,
					   DEV + (1 << 20) + PG), 0);
	KUNIT_EXPECT_EQ(test, reserve(DEV + (1 << 20), DEV + (2 << 20), WB),
			(int)WB);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV + (1 << 20), DEV + (2 << 20)),
			0);
	KUNIT_EXPECT_EQ(test, memtype_effective(DEV, DEV + PG, WC),
			MTRR_TYPE_WRCOMB);
	KUNIT_EXPECT_EQ(test, memtype_effective(DEV, DEV + PG, WT),
			MTRR_TYPE_UNCACHABLE);
	KUNIT_EXPECT_EQ(test, memtype_effective(DEV - PG, DEV, UCM),
			MTRR_TYPE_UNCACHABLE);
	KUNIT_EXPECT_EQ(test, memtype_effective(DEV - PG, DEV, WT),
			MTRR_TYPE_WRTHROUGH);
}

static void memtype_without_pat(struct kunit *test)
{
	unsigned long users = memtype_state()->users;

	memtype_state()->pat = false;
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + PG, WC), (int)UCM);
	KUNIT_EXPECT_EQ(test, reserve(DEV, DEV + PG, WB), (int)WB);
	KUNIT_EXPECT_EQ(test, memtype_state()->users, users);
	KUNIT_EXPECT_EQ(test, memtype_free(DEV, DEV + PG), 0);
}

/* Rows: wanted, columns: got; as the enum orders them. */
static void memtype_compatible(struct kunit *test)
{
	static const char *const allowed[_PAGE_CACHE_MODE_NUM] = {
		/* got:  WB WC UC- UC WT WP */
		[WB]  = "111111",
		[WC]  = "011111",
		[UCM] = "011111",
		[UC]  = "001100",
		[WT]  = "001111",
		[WP]  = "111111",
	};
	enum page_cache_mode req, got;

	for (req = 0; req < _PAGE_CACHE_MODE_NUM; req++)
		for (got = 0; got < _PAGE_CACHE_MODE_NUM; got++)
			KUNIT_EXPECT_EQ(test, memtype_allows(req, got),
					allowed[req][got] == '1');
}

static void memtype_io(struct kunit *test)
{
	enum page_cache_mode type = WT;

	KUNIT_EXPECT_EQ(test, arch_io_reserve_memtype_wc(DEV, 4 * PG), 0);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memtype_reserve_io(DEV + PG, DEV + 6 * PG,
						 &type), -EBUSY);
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, (int)type, (int)WT);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"conflicting memory types f00000001000-f00000006000 write-through<->write-combining, which f00000000000-f00000004000 has\n"));
	type = UCM;
	KUNIT_EXPECT_EQ(test, memtype_reserve_io(DEV, DEV + PG, &type), 0);
	KUNIT_EXPECT_EQ(test, (int)type, (int)WC);
	memtype_free_io(DEV, DEV + PG);
	arch_io_free_memtype_wc(DEV, 4 * PG);
}

static void list_emit(void *ctx, const char *s, size_t n)
{
	struct log_capture *c = ctx;

	n = min(n, sizeof(c->text) - 1 - c->len);
	memcpy(c->text + c->len, s, n);
	c->len += n;
	c->text[c->len] = '\0';
}

static void memtype_list(struct kunit *test)
{
	struct seq_file m = { .emit = list_emit, .ctx = &log };
	static const char lines[] =
		"PAT: [mem 0x0000f00000000000-0x0000f00000001000] write-combining\n"
		"PAT: [mem 0x0000f00000000000-0x0000f00000001000] write-combining\n"
		"PAT: [mem 0x0000f00000002000-0x0000f00000003000] uncached-minus\n";

	reserve(DEV, DEV + PG, WC);
	reserve(DEV, DEV + PG, WC);
	reserve(DEV + 2 * PG, DEV + 3 * PG, UCM);
	log.len = 0;
	KUNIT_EXPECT_EQ(test, pat_memtype_list_show(&m), 0);
	KUNIT_EXPECT_EQ(test, strncmp(log.text, "PAT memtype list:\n", 18), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(log.text, lines));
	memtype_free(DEV, DEV + PG);
	memtype_free(DEV, DEV + PG);
	memtype_free(DEV + 2 * PG, DEV + 3 * PG);
}

/* A structure that lies is found out. */
static void memtype_check_sees(struct kunit *test)
{
	struct memtype_state *s = memtype_state();
	struct memtype *m;

	reserve(DEV, DEV + 2 * PG, WC);
	reserve(DEV + PG, DEV + 3 * PG, WC);
	KUNIT_EXPECT_NULL(test, memtype_check());
	m = memtype_find(s, DEV, DEV + 2 * PG);
	KUNIT_ASSERT_NOT_NULL(test, m);
	m->users = 0;
	KUNIT_EXPECT_NOT_NULL(test, memtype_check());
	m->users = 1;
	m->type = UC;
	KUNIT_EXPECT_STREQ(test, memtype_check(),
			   "I3: ranges of two types overlap");
	m->type = WC;
	m->subtree_max_end ^= PG;
	KUNIT_EXPECT_NOT_NULL(test, memtype_check());
	m->subtree_max_end ^= PG;
	s->users++;
	KUNIT_EXPECT_STREQ(test, memtype_check(),
			   "I4: the sums are not those of the nodes");
	s->users--;
	KUNIT_EXPECT_NULL(test, memtype_check());
	memtype_free(DEV, DEV + 2 * PG);
	memtype_free(DEV + PG, DEV + 3 * PG);
}

static struct kunit_case memtype_cases[] = {
	KUNIT_CASE(memtype_alone),
	KUNIT_CASE(memtype_shared),
	KUNIT_CASE(memtype_no_memory),
	KUNIT_CASE(memtype_conflict),
	KUNIT_CASE(memtype_bad_free),
	KUNIT_CASE(memtype_of_ram),
	KUNIT_CASE(memtype_isa),
	KUNIT_CASE(memtype_under_mtrrs),
	KUNIT_CASE(memtype_without_pat),
	KUNIT_CASE(memtype_compatible),
	KUNIT_CASE(memtype_io),
	KUNIT_CASE(memtype_list),
	KUNIT_CASE(memtype_check_sees),
	{ }
};

static struct kunit_suite memtype_suite = {
	.name = "memtype",
	.init = memtype_test_init,
	.exit = memtype_test_exit,
	.test_cases = memtype_cases,
};
kunit_test_suite(memtype_suite);
