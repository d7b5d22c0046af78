// SPDX-License-Identifier: MIT
/*
 * The per-CPU allocator against an oracle: for each granule of each slot, the
 * number of the object that has it. After each step
 *
 *   - the object that was allocated is aligned, lies on granules that nobody
 *     had, in a chunk that there is, and is zero on every CPU
 *   - one that is freed still holds what was written when it was allocated
 *   - a request fails only when the oracle finds no room in any chunk and no
 *     page was to be had
 *   - a new chunk was made only when the oracle finds no room in the others
 *   - the sums agree, and every so often percpu_check() finds the invariants
 *     to hold, and the maps say of every granule what the oracle says
 *
 * The stream runs in phases that grow, hold and shrink the number of objects,
 * with sizes and alignments from a few bytes to a unit. Now and then pages
 * fail, callers may not sleep, and what is no object is freed.
 */
#include "percpu_model.h"

#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <kunit/random.h>
#include <octavo/fail_page.h>

#include "../../mm/page/percpu.h"

#define OBJECTS		1200	/* at once */
#define SLOTS		40	/* as much as the machine's memory allows */
#define CHECK_EVERY	128	/* steps between looks at everything */
#define PHASE		4096	/* steps */

struct object {
	char __percpu *p;		/* NULL: none */
	u32 granules;
	u32 bytes;
	u8 mark;			/* what its ends hold, with the CPU */
};

static struct {
	struct random rnd;
	struct object object[OBJECTS];
	u16 owner[SLOTS][PERCPU_GRANULES];	/* object + 1; 0: nobody */
	unsigned int nr;			/* objects */
	unsigned long granules;			/* of them */
	const char *wrong;			/* what differs */
} pm;

static bool pm_expect(bool ok, const char *what)
{
	if (!ok && !pm.wrong)
		pm.wrong = what;
	return ok;
}
#define PM_EXPECT(ok)	pm_expect(ok, #ok)

static unsigned long pm_offset(const void __percpu *p)
{
	return (unsigned long)p - (unsigned long)__per_cpu_start;
}

/* Has chunk @slot room, as the oracle sees it? */
static bool pm_room(unsigned int slot, unsigned int n, unsigned int align)
{
	unsigned int first = percpu_state()->chunk[slot]->first;
	unsigned int at, run = 0;

	for (at = PERCPU_GRANULES; at-- > first;) {
		run = pm.owner[slot][at] ? 0 : run + 1;
		if (run >= n && IS_ALIGNED(at, align))
			return true;
	}
	return false;
}

static bool pm_room_anywhere(unsigned int n, unsigned int align)
{
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++)
		if (percpu_state()->chunk[slot] && pm_room(slot, n, align))
			return true;
	return false;
}

/* Sizes of all magnitudes, small ones more often. Bytes. */
static u32 pm_size(void)
{
	u32 max = 16U << random_below(&pm.rnd, 8);

	if (!random_below(&pm.rnd, 64))
		max = PERCPU_UNIT_SIZE;
	return 1 + random_below(&pm.rnd, max);
}

static u32 pm_align(void)
{
	if (random_below(&pm.rnd, 4))
		return 8;
	return 1U << random_below(&pm.rnd,
				  random_below(&pm.rnd, 16) ? 8 : 16);
}

/* Enters a new object; the memory is its own, and zero. */
static void pm_enter(unsigned int i, u32 align)
{
	struct object *o = &pm.object[i];
	unsigned long offset = pm_offset(o->p);
	unsigned int slot = (unsigned int)(offset / PERCPU_UNIT_SIZE), cpu;
	unsigned int at = offset % PERCPU_UNIT_SIZE / PERCPU_GRANULE, g;

	if (!PM_EXPECT(slot < SLOTS && percpu_state()->chunk[slot]) ||
	    !PM_EXPECT(at + o->granules <= PERCPU_GRANULES) ||
	    !PM_EXPECT(at >= percpu_state()->chunk[slot]->first))
		return;
	for (g = at; g < at + o->granules; g++) {
		PM_EXPECT(!pm.owner[slot][g]);
		pm.owner[slot][g] = (u16)(i + 1);
	}
	pm.nr++;
	pm.granules += o->granules;
	for_each_possible_cpu(cpu) {
		char *copy = per_cpu_ptr(o->p, cpu);
		u32 b;

		PM_EXPECT(IS_ALIGNED((unsigned long)copy, align));
		for (b = 0; b < o->bytes; b++)
			PM_EXPECT(!copy[b]);
		memset(copy, o->mark + (int)cpu, o->bytes);
	}
}

static void pm_alloc(unsigned int i)
{
	struct object *o = &pm.object[i];
	u32 bytes = pm_size(), align = pm_align();
	u32 n = DIV_ROUND_UP(bytes, PERCPU_GRANULE);
	bool room = pm_room_anywhere(n, max(align / PERCPU_GRANULE, 1U));
	bool fault = !random_below(&pm.rnd, 16);
	gfp_t gfp = random_below(&pm.rnd, 4) ? GFP_KERNEL : GFP_NOWAIT;
	unsigned long created = percpu_state()->nr_created;

	if (fault)
		page_alloc_fail_nth(1 + random_below(&pm.rnd, 5));
	*o = (struct object){
		.p = __alloc_percpu_gfp(bytes, align, gfp | __GFP_NOWARN |
					__GFP_NORETRY),
		.granules = n, .bytes = bytes,
		.mark = (u8)random_next(&pm.rnd),
	};
	page_alloc_fail_nth(0);
	if (room)
		PM_EXPECT(o->p && percpu_state()->nr_created == created);
	else
		PM_EXPECT(percpu_state()->nr_created == created + !!o->p);
	if (o->p)
		pm_enter(i, align);
}

static void pm_forget(struct object *o)
{
	unsigned long offset = pm_offset(o->p);
	unsigned int slot = (unsigned int)(offset / PERCPU_UNIT_SIZE);
	unsigned int at = offset % PERCPU_UNIT_SIZE / PERCPU_GRANULE;

	memset(&pm.owner[slot][at], 0, o->granules * sizeof(u16));
	pm.nr--;
	pm.granules -= o->granules;
	o->p = NULL;
}

static void pm_free(struct object *o)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const u8 *copy = per_cpu_ptr((u8 *)o->p, cpu);
		u8 mark = (u8)(o->mark + cpu);

		PM_EXPECT(copy[0] == mark && copy[o->bytes / 2] == mark &&
			  copy[o->bytes - 1] == mark);
	}
	free_percpu(o->p);
	pm_forget(o);
}

/* A pointer that is none; nothing changes but the number of these. */
static void pm_wrong_free(struct object *o)
{
	unsigned long bad = percpu_state()->nr_bad;

	if (!o->p || o->granules < 2)
		return;
	free_percpu(o->p + PERCPU_GRANULE *
		    (1 + random_below(&pm.rnd, o->granules - 1)));
	PM_EXPECT(percpu_state()->nr_bad == bad + 1);
}

/* How many objects a phase of the stream wants. */
static unsigned int pm_wanted(u64 step)
{
	static const unsigned int wanted[] = {
		60, OBJECTS, OBJECTS / 2, 0, 300, 10,
	};

	return wanted[step / PHASE % ARRAY_SIZE(wanted)];
}

static void pm_step(u64 step)
{
	unsigned int i = random_below(&pm.rnd, OBJECTS), tries = 0;
	bool grow = pm.nr < pm_wanted(step) || !pm.nr;

	if (!random_below(&pm.rnd, 8))
		grow = !grow;
	if (!random_below(&pm.rnd, 512))
		pm_wrong_free(&pm.object[i]);
	while (tries++ < OBJECTS && !pm.object[i].p == !grow)
		i = (i + 1) % OBJECTS;
	if (pm.object[i].p)
		pm_free(&pm.object[i]);
	else
		pm_alloc(i);
	if (!random_below(&pm.rnd, 4096))
		percpu_shrink();
}

/* Granules of the area that starts at @g and is kept; 0: none does. */
static unsigned int pm_kept(const struct percpu_chunk *chunk, unsigned int g)
{
	return chunk_bit(chunk->kept, g) ? chunk_object_size(chunk, g) : 0;
}

/* The maps say of each granule what the oracle says; kept is free, too. */
static void pm_compare_slot(unsigned int slot)
{
	const struct percpu_chunk *chunk = percpu_state()->chunk[slot];
	unsigned int g, kept = 0;

	for (g = 0; g < PERCPU_GRANULES; g++) {
		u16 owner = pm.owner[slot][g];

		if (!chunk || g < chunk->first) {
			PM_EXPECT(!owner);
			continue;
		}
		kept += pm_kept(chunk, g);
		if (kept) {
			kept--;
			PM_EXPECT(!owner && !chunk_bit(chunk->free, g));
			continue;
		}
		PM_EXPECT(chunk_bit(chunk->free, g) == !owner);
		PM_EXPECT(chunk_bit(chunk->start, g) ==
			  (owner && (!g || pm.owner[slot][g - 1] != owner)));
	}
}

static void pm_compare(u64 step)
{
	unsigned int slot;

	PM_EXPECT(percpu_state()->nr_objects == pm.nr);
	PM_EXPECT(percpu_state()->nr_granules == pm.granules);
	if (step % CHECK_EVERY)
		return;
	percpu_check();
	for (slot = 0; slot < SLOTS; slot++)
		pm_compare_slot(slot);
}

/* What the core has of its own when the run begins: one owner after another. */
static void pm_note_core(unsigned int slot)
{
	const struct percpu_chunk *chunk = percpu_state()->chunk[slot];
	u16 owner = OBJECTS + 1;
	unsigned int g, n;

	if (!chunk)
		return;
	for (g = chunk->first; g < PERCPU_GRANULES; g++) {
		if (!chunk_bit(chunk->start, g) || chunk_bit(chunk->kept, g))
			continue;
		for (n = chunk_object_size(chunk, g); n; n--)
			pm.owner[slot][g + n - 1] = owner;
		owner++;
	}
}

int percpu_model_run(u64 seed, u64 steps)
{
	unsigned int slot;
	unsigned int i;
	u64 step;

	memset(&pm, 0, sizeof(pm));
	random_seed(&pm.rnd, seed);
	pm.nr = percpu_state()->nr_objects;
	pm.granules = percpu_state()->nr_granules;
	for (slot = 0; slot < SLOTS; slot++)
		pm_note_core(slot);
	for (step = 1; step <= steps && !pm.wrong; step++) {
		pm_step(step);
		pm_compare(step);
	}
	for (i = 0; i < OBJECTS && !pm.wrong; i++)
		if (pm.object[i].p)
			pm_free(&pm.object[i]);
	pm_compare(0);
	percpu_shrink();
	PM_EXPECT(percpu_state()->nr_chunks == percpu_state()->nr_boot);
	if (!pm.wrong)
		return 0;
	pr_err("percpu model: not so: %s\n", pm.wrong);
	return (int)min(step, steps);
}
