// SPDX-License-Identifier: MIT
/*
 * The registry of cache types against an oracle: a plain list of who has
 * reserved what, read through at each request. After each step
 *
 *   - the request got the type, or the error, that the list says
 *   - memtype_check() finds the invariants to hold
 *   - a page taken at random has the type that the list says, and so have,
 *     every so often, all pages
 *   - nodes and users are as many as the list's ranges and entries
 *
 * The stream runs in phases that want few and many users, of ranges from a
 * page to half of the window, often ones that are there already; now and then
 * what nobody has is freed, and memory for a node is not to be had.
 */
#include "memtype_model.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <asm/memtype.h>
#include <kunit/random.h>
#include <octavo/failslab.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#define WINDOW		0xe0000000ULL	/* no RAM there */
#define PAGES		192		/* of the window */
#define USERS		64		/* at once */
#define PHASE		2048		/* steps */
#define LOOK_EVERY	64		/* steps between looks at all pages */

/* Pages of the window, end exclusive. */
struct user {
	u32 start, end;
	enum page_cache_mode type;	/* that he got */
};

static struct {
	struct random rnd;
	struct user user[USERS];
	unsigned int nr;
	const char *wrong;
} mm;

static bool mm_expect(bool ok, const char *what)
{
	if (!ok && !mm.wrong)
		mm.wrong = what;
	return ok;
}
#define MM_EXPECT(ok)	mm_expect(ok, #ok)

static u64 mm_addr(u32 page)
{
	return WINDOW + (u64)page * PAGE_SIZE;
}

/* The type that all have whom [start, end) overlaps; NUM: nobody; -EBUSY. */
static int mm_type(u32 start, u32 end)
{
	int type = _PAGE_CACHE_MODE_NUM;
	unsigned int i;

	for (i = 0; i < mm.nr; i++) {
		const struct user *u = &mm.user[i];

		if (u->start >= end || u->end <= start)
			continue;
		if (type != _PAGE_CACHE_MODE_NUM && type != (int)u->type)
			return -EBUSY;
		type = (int)u->type;
	}
	return type;
}

static void mm_range(u32 *start, u32 *end)
{
	const struct user *like;
	u32 size;

	if (mm.nr && !random_below(&mm.rnd, 3)) {
		like = &mm.user[random_below(&mm.rnd, mm.nr)];
		*start = like->start;
		*end = like->end;
		return;
	}
	size = 1 + random_below(&mm.rnd, 1U << random_below(&mm.rnd, 7));
	*start = random_below(&mm.rnd, PAGES - size);
	*end = *start + size;
}

/* What a request with or without a choice of type should come to. */
static int mm_wanted(u32 start, u32 end, enum page_cache_mode type, bool fixed)
{
	int there = mm_type(start, end);

	if (there < 0)
		return there;
	if (there == _PAGE_CACHE_MODE_NUM)
		return (int)type;
	return fixed && there != (int)type ? -EBUSY : there;
}

static void mm_reserve(void)
{
	enum page_cache_mode type, got;
	bool fixed = !random_below(&mm.rnd, 4);
	bool fault = !random_below(&mm.rnd, 32);
	u32 start, end;
	int wanted, err;

	mm_range(&start, &end);
	type = got = (enum page_cache_mode)random_below(&mm.rnd,
							_PAGE_CACHE_MODE_NUM);
	wanted = mm_wanted(start, end, type, fixed);
	/* Some builds have no such faults. */
	failslab_fail_nth(fault);
	if (failslab_fail_left())
		wanted = -ENOMEM;
	err = memtype_reserve(mm_addr(start), mm_addr(end), type,
			      fixed ? NULL : &got);
	failslab_fail_nth(0);
	if (!MM_EXPECT((err ?: (int)got) == wanted) || err)
		return;
	mm.user[mm.nr++] = (struct user){ start, end, got };
}

static void mm_free(unsigned int i)
{
	struct user u = mm.user[i];

	MM_EXPECT(!memtype_free(mm_addr(u.start), mm_addr(u.end)));
	mm.user[i] = mm.user[--mm.nr];
}

static unsigned int mm_count(u32 start, u32 end)
{
	unsigned int i, n = 0;

	for (i = 0; i < mm.nr; i++)
		n += mm.user[i].start == start && mm.user[i].end == end;
	return n;
}

static void mm_wrong_free(void)
{
	u32 start, end;

	mm_range(&start, &end);
	if (!mm_count(start, end))
		MM_EXPECT(memtype_free(mm_addr(start), mm_addr(end)) ==
			  -EINVAL);
}

static void mm_step(u64 step)
{
	static const unsigned int wanted[] = { 4, USERS, USERS / 2, 1, 20 };
	bool grow = mm.nr < wanted[step / PHASE % ARRAY_SIZE(wanted)];

	if (!random_below(&mm.rnd, 8))
		grow = !grow;
	if (!random_below(&mm.rnd, 32))
		mm_wrong_free();
	else if (mm.nr && (!grow || mm.nr == USERS))
		mm_free(random_below(&mm.rnd, mm.nr));
	else
		mm_reserve();
}

static void mm_look(u32 page)
{
	int type = mm_type(page, page + 1);

	if (type == _PAGE_CACHE_MODE_NUM)
		type = _PAGE_CACHE_MODE_UC_MINUS;
	MM_EXPECT((int)memtype_lookup(mm_addr(page)) == type);
}

/* Ranges, each once however many have it. */
static unsigned int mm_ranges(void)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < mm.nr; i++) {
		for (j = 0; j < i; j++)
			if (mm.user[j].start == mm.user[i].start &&
			    mm.user[j].end == mm.user[i].end)
				break;
		n += j == i;
	}
	return n;
}

static void mm_compare(u64 step)
{
	u32 page;

	if (!mm.wrong)
		mm.wrong = memtype_check();
	MM_EXPECT(memtype_state()->users == mm.nr);
	mm_look(random_below(&mm.rnd, PAGES));
	if (step % LOOK_EVERY)
		return;
	MM_EXPECT(memtype_state()->nr == mm_ranges());
	for (page = 0; page < PAGES; page++)
		mm_look(page);
}

int memtype_model_run(u64 seed, u64 steps)
{
	int level = console_loglevel_get();
	u64 step;

	memset(&mm, 0, sizeof(mm));
	random_seed(&mm.rnd, seed);
	console_loglevel_set(0);
	for (step = 1; step <= steps && !mm.wrong; step++) {
		mm_step(step);
		mm_compare(step);
	}
	while (mm.nr && !mm.wrong)
		mm_free(mm.nr - 1);
	mm_compare(0);
	console_loglevel_set(level);
	if (!mm.wrong)
		return 0;
	pr_err("memtype model: not so: %s\n", mm.wrong);
	return (int)min(step, steps);
}
