// SPDX-License-Identifier: MIT
/*
 * The page allocator for a very long time, as fast as it goes, against an
 * array that says for each frame which slot it belongs to.
 *
 * Threads are CPUs of one machine. A slot holds a block or nothing. A call
 * empties or fills a slot at random, whoever filled it, so that about half of
 * the frees are of another CPU's pages:
 *
 *   slots   |pfn, order|  0  |pfn, order| ...      taken out by an exchange
 *   owners  |  1  |  1  |  0  |  3  |  3  | ...    slot + 1, of each frame
 *
 * Whoever gets a block finds its frames without owner, or a page was handed
 * out twice; whoever empties a slot finds its name on all frames of it.
 *
 * The stream goes through phases: small blocks, all orders, and memory so full
 * that requests are refused. After each stretch of calls the threads meet, and
 * one of them looks at everything: frames that are owned and frames that are
 * free are all frames there are, and x_check(). After some of the stretches
 * all is given back first, and must merge to the blocks there were at first.
 */
#include "page_soak.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/random.h>

#include <asm/processor.h>

#include "../../arch/host/os/include/host_os.h"

#define SOAK_SLOTS	16384U	/* a power of two */
#define SOAK_ZONES	16
#define SOAK_BULK	32	/* pages */
/* A phase is a quarter of a stretch. */
#define PHASE_CALLS	(SOAK_STRETCH / 4)
/* One stretch in so many ends with all memory free. */
#define EMPTY_EVERY	4

/* a: atomic, t: its thread's, m: changed where all threads meet */
struct soak_thread {
	u64 rng;			/* t */
	u64 calls, refused, remote;	/* t */
} ____cacheline_aligned;

struct soak {
	unsigned int threads;
	unsigned long frames;
	u32 *owner;			/* who holds the frame's slot */
	u64 slots[SOAK_SLOTS];		/* a: pfn << 8 | cpu << 4 | order + 1 */
	unsigned int met, turn;		/* a: threads at the meeting; which */
	unsigned long free_before;	/* pages, at the start */
	unsigned long blocks[SOAK_ZONES][NR_PAGE_ORDERS]; /* at the start */
	u64 checks, stretches;		/* m */
	const char *why;		/* a: the first thing that was wrong */
	unsigned long pfn;		/* where */
	struct soak_thread t[SOAK_THREADS];
};

static struct soak *soak;

static void wrong(const char *why, unsigned long pfn)
{
	const char *none = NULL;

	if (__atomic_compare_exchange_n(&soak->why, &none, why, false,
					__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		soak->pfn = pfn;
}

static bool all_well(void)
{
	return !__atomic_load_n(&soak->why, __ATOMIC_RELAXED);
}

/* ---- calls ------------------------------------------------------------- */

static u64 slot_value(unsigned long pfn, unsigned int cpu, unsigned int order)
{
	return (u64)pfn << 8 | cpu << 4 | (order + 1);
}

static void own(unsigned int slot, unsigned long pfn, unsigned int order)
{
	u32 *owner = soak->owner + pfn;
	unsigned long i;

	if (unlikely(pfn + (1UL << order) > soak->frames ||
		     pfn & ((1UL << order) - 1))) {
		wrong("a block that is not memory or not aligned", pfn);
		return;
	}
	for (i = 0; i < 1UL << order; i++) {
		if (unlikely(owner[i]))
			wrong("a frame was handed out twice", pfn + i);
		owner[i] = slot + 1;
	}
}

static void disown(unsigned int slot, unsigned long pfn, unsigned int order)
{
	u32 *owner = soak->owner + pfn;
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		if (unlikely(owner[i] != slot + 1))
			wrong("a frame is not its owner's any more", pfn + i);
		owner[i] = 0;
	}
}

static void slot_empty(struct soak_thread *t, unsigned int cpu,
		       unsigned int slot, u64 value)
{
	unsigned long pfn = value >> 8;
	unsigned int order = (unsigned int)(value & 15) - 1;

	t->remote += (value >> 4 & 15) != cpu;
	t->calls++;
	disown(slot, pfn, order);
	__free_pages(pfn_to_page(pfn), order);
}

static void slot_fill(struct soak_thread *t, unsigned int cpu,
		      unsigned int slot, struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	u64 old;

	t->calls++;
	own(slot, pfn, order);
	/* Releases what own() wrote to whoever takes it out. */
	old = __atomic_exchange_n(&soak->slots[slot],
				  slot_value(pfn, cpu, order),
				  __ATOMIC_ACQ_REL);
	if (unlikely(old))
		slot_empty(t, cpu, slot, old);
}

/* Mostly single pages; in the second phase all orders. */
static unsigned int random_order(u64 n, unsigned int phase)
{
	/* Sixteenths: 12 single pages, 3 of orders 1 to 3, 1 of more. */
	static const u8 small[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				      1, 2, 3, 4 };

	if (unlikely(phase == 1 && !(n & 31)))
		return (unsigned int)(n >> 5 & 0xffff) % NR_PAGE_ORDERS;
	return small[n & 15];
}

static gfp_t random_gfp(u64 n)
{
	static const gfp_t types[4] = {
		0, __GFP_MOVABLE, __GFP_MOVABLE, __GFP_RECLAIMABLE,
	};
	static const gfp_t hows[4] = {
		GFP_NOWAIT, GFP_ATOMIC, GFP_NOWAIT | __GFP_MEMALLOC,
		GFP_NOWAIT | __GFP_THISNODE,
	};

	return types[n & 3] | hows[n >> 2 & 3] | __GFP_NOWARN;
}

static void bulk(struct soak_thread *t, unsigned int cpu, u64 n)
{
	struct page *pages[SOAK_BULK] = { NULL };
	unsigned long want = 1 + (n & (SOAK_BULK - 1)), got, i;

	got = alloc_pages_bulk_noprof(random_gfp(n >> 8), numa_mem_id(), NULL,
				      want, pages);
	t->refused += got < want;
	for (i = 0; i < got; i++)
		slot_fill(t, cpu, (unsigned int)random_next(&t->rng) &
			  (SOAK_SLOTS - 1), pages[i], 0);
}

static void call(struct soak_thread *t, unsigned int cpu, unsigned int phase)
{
	u64 n = random_next(&t->rng);
	unsigned int slot = (unsigned int)n & (SOAK_SLOTS - 1);
	unsigned int order;
	struct page *page;
	u64 value;

	n >>= 14;
	if (unlikely(!(n & 255))) {
		bulk(t, cpu, n >> 8);
		return;
	}
	n >>= 8;
	/* In the third phase most of what is there stays. */
	if (phase == 2 && n & 3 &&
	    __atomic_load_n(&soak->slots[slot], __ATOMIC_RELAXED))
		return;
	value = __atomic_exchange_n(&soak->slots[slot], 0, __ATOMIC_ACQ_REL);
	if (value) {
		slot_empty(t, cpu, slot, value);
		return;
	}
	order = random_order(n >> 2, phase);
	page = alloc_pages(random_gfp(n >> 24), order);
	if (likely(page)) {
		slot_fill(t, cpu, slot, page, order);
	} else {
		t->calls++;
		t->refused++;
	}
}

/* ---- where all threads meet -------------------------------------------- */

/* Returns in all threads when each is here; what they did before is seen. */
static void meet(void)
{
	unsigned int turn = __atomic_load_n(&soak->turn, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&soak->met, 1, __ATOMIC_ACQ_REL) ==
	    soak->threads) {
		__atomic_store_n(&soak->met, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&soak->turn, turn + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&soak->turn, __ATOMIC_ACQUIRE) == turn) {
		cpu_relax();
		cond_resched();
	}
}

static void empty_all(void)
{
	unsigned int slot;

	for (slot = 0; slot < SOAK_SLOTS; slot++) {
		u64 value = soak->slots[slot];

		soak->slots[slot] = 0;
		if (value)
			slot_empty(&soak->t[0], 0, slot, value);
	}
}

static void blocks_count(unsigned long blocks[][NR_PAGE_ORDERS])
{
	unsigned int n = 0, order;
	struct zone *zone;

	for_each_populated_zone(zone) {
		BUG_ON(n == SOAK_ZONES);
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			blocks[n][order] = zone->free_area[order].nr_free;
		n++;
	}
}

static void check_blocks(void)
{
	unsigned long now[SOAK_ZONES][NR_PAGE_ORDERS] = { 0 };

	blocks_count(now);
	if (memcmp(now, soak->blocks, sizeof(now)))
		wrong("all is free and not merged as it was", 0);
}

/* One thread; the others wait. */
static void check_all(bool empty)
{
	unsigned long owned = 0, pfn;

	if (empty)
		empty_all();
	drain_all_pages(NULL);
	for (pfn = 0; pfn < soak->frames; pfn++)
		owned += soak->owner[pfn] != 0;
	if (global_zone_page_state(NR_FREE_PAGES) + owned !=
	    soak->free_before)
		wrong("free and owned frames are not all frames", owned);
	if (atomic_long_read(&this_machine()->page_alloc.nr_bad))
		wrong("a right free was reported as wrong", 0);
	if (!buddy_check())
		wrong("the check of all structures failed", 0);
	if (empty)
		check_blocks();
	soak->checks++;
}

bool page_soak_run(unsigned int thread, uint64_t calls)
{
	struct soak_thread *t = &soak->t[thread];
	u64 left = calls;

	while (left && all_well()) {
		u64 n = min(left, SOAK_STRETCH), i;

		for (i = 0; i < n && all_well(); i++) {
			call(t, thread, (unsigned int)(i / PHASE_CALLS));
			if (!(i & 1023))
				cond_resched();
		}
		left -= n;
		meet();
		if (!thread && all_well())
			check_all(++soak->stretches % EMPTY_EVERY == 0);
		meet();
	}
	return all_well();
}

int page_soak_start(unsigned int threads, uint64_t seed)
{
	unsigned int i;

	soak = host_pages_alloc(sizeof(*soak));
	if (!soak)
		return -ENOMEM;
	soak->frames = max_pfn;
	soak->owner = host_pages_alloc(max_pfn * sizeof(*soak->owner));
	if (!soak->owner)
		return -ENOMEM;
	soak->threads = threads;
	for (i = 0; i < threads; i++)
		soak->t[i].rng = seed * SOAK_THREADS + i;
	drain_all_pages(NULL);
	soak->free_before = global_zone_page_state(NR_FREE_PAGES);
	blocks_count(soak->blocks);
	return 0;
}

void page_soak_end(struct soak_figures *f)
{
	unsigned int i;

	if (all_well())
		check_all(true);
	*f = (struct soak_figures){ .checks = soak->checks, .why = soak->why,
				    .pfn = soak->pfn };
	for (i = 0; i < soak->threads; i++) {
		f->calls += soak->t[i].calls;
		f->refused += soak->t[i].refused;
		f->remote += soak->t[i].remote;
	}
	host_pages_free(soak->owner, soak->frames * sizeof(*soak->owner));
	host_pages_free(soak, sizeof(*soak));
	soak = NULL;
}
