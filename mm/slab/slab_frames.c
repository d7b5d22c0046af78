// SPDX-License-Identifier: MIT
/*
 * What each frame's memory is used as: a number, its kind, in chunks.
 *
 *   root: one address for 32 MiB      chunk: two bytes a frame, 16 KiB
 *   +----+----+----+----+----+        +---+---+---+---+-- -+---+
 *   |  * |  * |    |  * |    | ...    | 0 | 7 | 7 | 1 | .. | 0 |
 *   +--|-+--|-+--|-+----+--|-+        +---+---+---+---+-- -+---+
 *      ▼    ▼    └────┬────┘
 *    chunk chunk    no_frames, all of whose frames are FRAME_NONE
 *
 * The root holds where the chunk would start if it went back to frame 0, so
 * that a reader indexes it by the frame as it is. He never asks whether there
 * is a chunk. Those of a machine's first
 * FRAMES_AT_ONCE of memory are made at start, so that its use of memory does
 * not depend on where an object happens to lie; those of the rest are made
 * when the first object comes to lie in them, as writing 2 GiB of zeros would
 * take most of the start of a machine of 4 TiB. Once made, a chunk stays.
 *
 * Invariants
 *   I1  frames[i] is of no_frames or of a chunk that nobody else has
 *   I2  no_frames is FRAME_NONE throughout
 *   I3  a frame whose kind is not FRAME_NONE is in a chunk of its own
 *
 * Locks: none. An entry of the root changes once, by a compare-and-exchange;
 * a frame's kind is written by who has the frame.
 */
#include "internal.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>

#define FRAME_CHUNK_BYTES	(FRAME_CHUNK * sizeof(u16))
/* Chunks made at start: 64 GiB of memory, so 32 MiB or 0.05% of it. */
#define FRAMES_AT_ONCE		((64ULL << 30) / (FRAME_CHUNK << PAGE_SHIFT))
/* A block of pages is in one chunk. */
static_assert(MAX_ORDER_NR_PAGES <= FRAME_CHUNK, "a chunk holds any block");

/* How hard to look for a chunk's pages is all that a request says of them. */
#define FRAME_GFP	(__GFP_RECLAIM | __GFP_IO | __GFP_FS | __GFP_HIGH | \
			 __GFP_NOWARN | __GFP_NORETRY | __GFP_RETRY_MAYFAIL | \
			 __GFP_NOFAIL | __GFP_MEMALLOC | __GFP_NOMEMALLOC)

/* Whether any frame from @pfn on is memory, as far as a chunk goes. */
static bool __init chunk_has_memory(unsigned long pfn)
{
	unsigned long end = min(pfn + FRAME_CHUNK, max_pfn);

	for (; pfn < end; pfn += pageblock_nr_pages)
		if (pfn_valid(pfn))
			return true;
	return false;
}

void __init slab_frames_init(void)
{
	struct slab_state *s = slab_state();
	unsigned long chunks = DIV_ROUND_UP(max_pfn, FRAME_CHUNK), i, made = 0;

	s->frames = slab_init_pages(chunks * sizeof(*s->frames));
	s->no_frames = slab_init_pages(FRAME_CHUNK_BYTES);
	for (i = 0; i < chunks; i++) {
		s->frames[i] = frame_chunk_entry(s->no_frames,
						 i << FRAME_CHUNK_SHIFT);
		if (made == FRAMES_AT_ONCE ||
		    !chunk_has_memory(i * FRAME_CHUNK))
			continue;
		s->frames[i] = frame_chunk_entry(slab_init_pages(FRAME_CHUNK_BYTES),
						 i << FRAME_CHUNK_SHIFT);
		made++;
	}
	s->nr_frames = max_pfn;
}

/* The root's entry for the chunk of @pfn. */
static u16 *frame_entry(unsigned long pfn)
{
	/* Pairs with the release in frame_prepare(). */
	return port_load(&slab_state()->frames[pfn >> FRAME_CHUNK_SHIFT],
			 __ATOMIC_ACQUIRE);
}

/* The same where there is no chunk. */
static u16 *frame_no_entry(unsigned long pfn)
{
	return frame_chunk_entry(slab_state()->no_frames, pfn);
}

int frame_prepare(unsigned long pfn, gfp_t gfp)
{
	struct slab_state *s = slab_state();
	u16 *none = frame_no_entry(pfn), *chunk;

	if (likely(frame_entry(pfn) != none))
		return 0;
	chunk = alloc_pages_exact_nid(page_to_nid(pfn_to_page(pfn)),
				      FRAME_CHUNK_BYTES,
				      (gfp & FRAME_GFP) | __GFP_ZERO);
	if (!chunk)
		return -ENOMEM;
	port_point();
	/* Zeros before the address: pairs with the loads of all readers. */
	if (!__atomic_compare_exchange_n(&s->frames[pfn >> FRAME_CHUNK_SHIFT],
					 &none,
					 frame_chunk_entry(chunk, pfn),
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		free_pages_exact(chunk, FRAME_CHUNK_BYTES);
	return 0;
}

void frame_set_kind(unsigned long pfn, unsigned int kind)
{
	u16 *entry = frame_entry(pfn);

	BUG_ON(entry == frame_no_entry(pfn));
	port_store(&entry[pfn], (u16)kind, __ATOMIC_RELAXED);
}

unsigned int frame_kind(const void *addr)
{
	unsigned long pfn = direct_offset(addr) >> PAGE_SHIFT;

	if (pfn >= slab_state()->nr_frames)
		return FRAME_NONE;
	return port_load(&frame_entry(pfn)[pfn], __ATOMIC_RELAXED);
}
