// SPDX-License-Identifier: MIT
/*
 * Who owns each frame, too simple to be wrong: an array, changed at once when
 * a call returns pages and before a call gives them away. Between two points
 * nobody else runs, so it needs no lock.
 *
 * What is checked as it happens: a page that is handed out is nobody's, is
 * aligned and has one reference; what its owner wrote into it is still there
 * when he gives it back. After the run: the invariants of the free lists and
 * of the per-CPU lists; every frame is free, in a list or owned; with all
 * given back, free blocks have merged as far as they had before.
 *
 * A page's first word holds what was last written there, by whomever: the
 * array of expected words is not put back between runs, as pages' contents
 * are not.
 */
#include "sim_test.h"

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/random.h>

struct oracle oracle;

static u64 written[TEST_FRAMES];	/* a frame's first word */
static u64 stamps;			/* ever written */

static void __noreturn wrong(const char *why, unsigned long pfn, long owner)
{
	sim_note("frame %#lx, whose owner is %ld (0: free):", (long)pfn,
		 owner);
	sim_stop(why);
}

static void frames_own(unsigned long pfn, unsigned long nr, u8 owner)
{
	unsigned long i;

	for (i = pfn; i < pfn + nr; i++) {
		if (i >= TEST_FRAMES)
			wrong("a frame outside memory was handed out", i, 0);
		if (oracle.owner[i] != OWNER_FREE)
			wrong("a page that is somebody's was handed out", i,
			      oracle.owner[i]);
		oracle.owner[i] = owner;
		written[i] = ++stamps;
		*(u64 *)page_address(pfn_to_page(i)) = stamps;
	}
	oracle.nr_owned += nr;
}

static void frames_disown(const struct slot *slot, u8 owner)
{
	unsigned long i;

	for (i = slot->pfn; i < slot->pfn + slot->nr; i++) {
		if (oracle.owner[i] != owner)
			wrong("a slot's page is another's", i,
			      oracle.owner[i]);
		if (*(u64 *)page_address(pfn_to_page(i)) != written[i])
			wrong("an owned page was written to", i, owner);
		oracle.owner[i] = OWNER_FREE;
	}
	oracle.nr_owned -= slot->nr;
}

static bool slot_fill(enum slot_kind kind, unsigned long pfn,
		      unsigned int order, unsigned long nr)
{
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++) {
		if (oracle.slots[i].kind != SLOT_EMPTY)
			continue;
		oracle.slots[i] = (struct slot){ kind, (u32)pfn, order,
						 (u32)nr };
		frames_own(pfn, nr, (u8)(i + 1));
		return true;
	}
	return false;
}

bool oracle_take(struct page *page, unsigned int order, enum slot_kind kind)
{
	struct slot slot = { kind, (u32)page_to_pfn(page), order,
			     1U << order };

	sim_note("got frame %#lx, order %ld", slot.pfn, order);
	if (slot.pfn & (slot.nr - 1))
		wrong("a block that is not aligned was handed out", slot.pfn,
		      0);
	/* Somebody who looked it up by its place may have one, too. */
	if (page_count(page) < 1)
		wrong("a page without a reference was handed out", slot.pfn,
		      0);
	if (slot_fill(kind, slot.pfn, order, slot.nr))
		return true;
	slot_free(&slot);
	return false;
}

bool oracle_take_range(unsigned long pfn, unsigned long nr)
{
	struct slot slot = { SLOT_CONTIG, (u32)pfn, 0, (u32)nr };

	sim_note("got frames %#lx, %ld of them", (long)pfn, (long)nr);
	if (slot_fill(SLOT_CONTIG, pfn, 0, nr))
		return true;
	slot_free(&slot);
	return false;
}

bool oracle_give_slot(unsigned int i, struct slot *slot)
{
	*slot = oracle.slots[i];
	if (slot->kind == SLOT_EMPTY)
		return false;
	frames_disown(slot, (u8)(i + 1));
	oracle.slots[i].kind = SLOT_EMPTY;
	return true;
}

bool oracle_give(u64 *rng, struct slot *slot)
{
	unsigned int at = (unsigned int)random_below(rng, NR_SLOTS), n;

	for (n = 0; n < NR_SLOTS; n++)
		if (oracle_give_slot((at + n) % NR_SLOTS, slot))
			return true;
	return false;
}

void slot_free(const struct slot *slot)
{
	struct page *page = pfn_to_page((unsigned long)slot->pfn);

	sim_note("frees frame %#lx, order %ld", slot->pfn, slot->order);
	if (slot->kind == SLOT_BLOCK)
		__free_pages(page, slot->order);
	else if (slot->kind == SLOT_FOLIO)
		folio_put((struct folio *)page);
	else
		free_contig_range(slot->pfn, slot->nr);
}

void oracle_hold(unsigned long pfn, unsigned long nr)
{
	frames_own(pfn, nr, OWNER_HELD);
}

void oracle_start(void)
{
	memset(&oracle, 0, sizeof(oracle));
	oracle.nr_total = (u32)global_zone_page_state(NR_FREE_PAGES);
}

static void free_all(void)
{
	struct slot slot;
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++)
		if (oracle_give_slot(i, &slot))
			slot_free(&slot);
}

const char *oracle_check(enum start_state state, bool thorough)
{
	const struct page_alloc_state *pa = &this_machine()->page_alloc;

	if (atomic_long_read(&pa->nr_bad))
		return "a page was found in a bad state";
	if (!buddy_check())
		return "the free lists are not sound";
	if (!pcp_check())
		return "a CPU's lists are not sound";
	drain_all_pages(NULL);
	if (global_zone_page_state(NR_FREE_PAGES) + oracle.nr_owned !=
	    oracle.nr_total)
		return "pages were lost or won";
	if (!thorough)
		return NULL;
	if (state == START_SHORT) {
		const char *why = reserves_check();

		if (why)
			return why;
	}
	free_all();
	drain_all_pages(NULL);
	if (atomic_long_read(&pa->nr_bad))
		return "a page was found in a bad state at the end";
	if (!buddy_check())
		return "the free lists are not sound at the end";
	if (global_zone_page_state(NR_FREE_PAGES) + oracle.nr_owned !=
	    oracle.nr_total)
		return "pages were lost or won at the end";
	if (machine_count_blocks() > machine_blocks(state))
		return "free blocks have not merged as before";
	return NULL;
}
