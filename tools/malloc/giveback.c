// SPDX-License-Identifier: MIT
/*
 * Memory that goes back to the system, and the limit.
 *
 *   object ── thread's array ── depot ── slab ── free pages ── system
 *              (the thread's)     |       |          |
 *                                 └ reap ─┘     stale, idle, none
 *
 * The helper is a thread that there is only while there is something to give
 * back: it is started when much has been freed, and ends when it has found
 * nothing to do. A pass of it, each `decay` ms:
 *
 *   depots   arrays that nobody asked for since the last pass go to their
 *            slabs, and slabs without objects to the page allocator
 *   pages    of free frames, those that were used since the last pass are
 *            stale and become idle; those that were idle then go to the system
 *
 * So memory stays for at least one pass, at most two. A frame that is used in
 * between has another kind, and is stale again when it is freed.
 *
 * The limit counts the machine's pages in use, what depots and free slabs hold
 * among them, and mappings. Who would exceed it first gives up what is cached.
 *
 * Locks: giveback.busy: of a pass; a CPU of the machine inside.
 */
#include "malloc.h"

#include <linux/mmzone.h>
#include <linux/vmstat.h>
#include <octavo/free_runs.h>
#include <octavo/machine.h>

/* How often giveback_note() looks closer: after so many bytes. */
#define NOTE_BYTES	(1UL << 20)
/* Less than this is not worth a thread. */
#define WORTH_BYTES	(6UL << 20)
/* A heap that had less than this is not worth a slower free(). */
#define SHRINK_BYTES	(16UL << 20)
/* Passes without anything to do after which the helper ends. */
#define IDLE_PASSES	3

struct giveback_state giveback = { .decay = 200 };

static u32 helper_word;		/* os_sleep(): never written, so it times out */

size_t giveback_pages_used(void)
{
	unsigned long free = global_zone_page_state(NR_FREE_PAGES);
	unsigned long all = totalram_pages();

	return all > free ? (all - free) << PAGE_SHIFT : 0;
}

/* ---- passes ----------------------------------------------------------- */

struct pass {
	bool all;		/* stale frames too */
	u64 given;		/* bytes */
	u64 waiting;		/* bytes that became idle */
};

static void frames_give(struct pass *pass, unsigned long pfn,
			unsigned long end)
{
	unsigned long i;

	os_give_back(__va(PFN_PHYS(pfn)), (end - pfn) << PAGE_SHIFT);
	for (i = pfn; i < end; i++)
		malloc_frames[i] = FRAME_NONE;
	pass->given += (end - pfn) << PAGE_SHIFT;
}

/* A run of free frames; the zone's lock is held. */
static void run_visit(void *ctx, unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr, start;
	struct pass *pass = ctx;

	for (; pfn < end; pfn++) {
		start = pfn;
		while (pfn < end && (malloc_frames[pfn] == FRAME_IDLE ||
				     (pass->all &&
				      malloc_frames[pfn] != FRAME_NONE)))
			pfn++;
		if (pfn > start)
			frames_give(pass, start, pfn);
		if (pfn < end && malloc_frames[pfn] != FRAME_NONE) {
			malloc_frames[pfn] = FRAME_IDLE;
			pass->waiting += PAGE_SIZE;
		}
	}
}

/* True: something was done or is waiting for the next one. With a CPU. */
static bool pass_run(struct pass *pass)
{
	struct kmem_cache *cache;
	unsigned long reaped = 0;
	unsigned int i;

	for (i = 0; (cache = front_cache(i)); i++) {
		if (pass->all)
			kmem_cache_reap_all(cache);
		else
			reaped += kmem_cache_reap(cache);
	}
	drain_all_pages(NULL);
	zone_for_each_free_run(&NODE_DATA(0)->node_zones[ZONE_NORMAL],
			       run_visit, pass);
	giveback.nr_given_back += pass->given;
	giveback.peak = giveback_pages_used();
	return reaped || pass->given || pass->waiting;
}

static bool pass_make(bool all)
{
	struct pass pass = { .all = all };
	bool some;

	os_lock(&giveback.busy);
	malloc_core_enter();
	some = pass_run(&pass);
	malloc_core_leave();
	giveback.nr_passes++;
	os_unlock(&giveback.busy);
	return all ? pass.given > 0 : some;
}

bool giveback_all(void)
{
	front_drain();
	return pass_make(true);
}

/* ---- the helper ------------------------------------------------------- */

static void helper_main(void)
{
	unsigned int idle = 0;

	while (idle < IDLE_PASSES) {
		os_sleep(&helper_word, 0, giveback.decay);
		idle = pass_make(false) ? 0 : idle + 1;
	}
	/* Release: who starts the next one sees what this one did. */
	__atomic_store_n(&giveback.helper, 0, __ATOMIC_RELEASE);
}

static void helper_start(void)
{
	u32 none = 0;

	if (!giveback.decay ||
	    !__atomic_compare_exchange_n(&giveback.helper, &none, 1, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	if (!os_thread_start(helper_main))
		__atomic_store_n(&giveback.helper, 0, __ATOMIC_RELEASE);
}

void giveback_forked(void)
{
	giveback.helper = 0;
	giveback.busy = 0;
}

/* Bytes of objects in depots. */
static size_t depot_bytes(void)
{
	struct kmem_cache *cache;
	struct slab_usage u;
	size_t bytes = 0;
	unsigned int i;

	for (i = 0; (cache = front_cache(i)); i++) {
		slab_usage_read(cache, &u);
		bytes += u.depot * kmem_cache_size(cache);
	}
	return bytes;
}

/* A MiB has been given since the last time: how much lies around? */
static void look_closer(void)
{
	size_t used, peak, idle;

	malloc_core_enter();
	used = giveback_pages_used();
	idle = depot_bytes();
	malloc_core_leave();
	peak = max(used, giveback.peak);
	giveback.peak = peak;
	__atomic_store_n(&giveback.shrinks, peak >= SHRINK_BYTES &&
			 used - min(used, idle) < peak / 2, __ATOMIC_RELAXED);
	idle += peak - used;
	if (idle >= max(WORTH_BYTES, peak / 4) &&
	    !__atomic_load_n(&giveback.helper, __ATOMIC_RELAXED))
		helper_start();
}

void giveback_note(size_t bytes)
{
	/* Relaxed: a few more or less do not matter. */
	if (!bytes || __atomic_add_fetch(&giveback.given, bytes,
					 __ATOMIC_RELAXED) < NOTE_BYTES)
		return;
	__atomic_store_n(&giveback.given, 0, __ATOMIC_RELAXED);
	look_closer();
}

/* ---- the limit -------------------------------------------------------- */

static size_t counted(void)
{
	return giveback_pages_used() +
	       __atomic_load_n(&giveback.huge, __ATOMIC_RELAXED);
}

static bool fits(size_t bytes)
{
	size_t used = counted();

	return used <= giveback.limit && bytes <= giveback.limit - used;
}

bool giveback_allow(size_t bytes)
{
	struct kmem_cache *cache;
	unsigned int i;

	/* It grows. */
	if (unlikely(giveback_shrinks()))
		__atomic_store_n(&giveback.shrinks, false, __ATOMIC_RELAXED);
	if (likely(!giveback.limit) || fits(bytes))
		return true;
	for (i = 0; (cache = front_cache(i)); i++)
		kmem_cache_reap_all(cache);
	drain_all_pages(NULL);
	if (fits(bytes))
		return true;
	__atomic_add_fetch(&giveback.nr_refused, 1, __ATOMIC_RELAXED);
	return false;
}

bool giveback_add_huge(size_t bytes)
{
	size_t now, peak;
	bool ok;

	if (giveback.limit) {
		malloc_core_enter();
		ok = giveback_allow(bytes);
		malloc_core_leave();
		if (!ok)
			return false;
	}
	now = __atomic_add_fetch(&giveback.huge, bytes, __ATOMIC_RELAXED);
	peak = __atomic_load_n(&giveback.huge_peak, __ATOMIC_RELAXED);
	if (now > peak)
		__atomic_store_n(&giveback.huge_peak, now, __ATOMIC_RELAXED);
	return true;
}

void giveback_sub_huge(size_t bytes)
{
	__atomic_sub_fetch(&giveback.huge, bytes, __ATOMIC_RELAXED);
}
