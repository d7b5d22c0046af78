/* SPDX-License-Identifier: MIT */
/* What the per-CPU allocator keeps; theory in mm/page/percpu.c. */
#ifndef _OCTAVO_PERCPU_TYPES_H
#define _OCTAVO_PERCPU_TYPES_H

#include <linux/math.h>
#include <linux/spinlock_types.h>
#include <linux/threads.h>
#include <linux/types.h>
#include <asm/page.h>

#define PERCPU_GRANULE		8U	/* bytes that a bit stands for */
/* One CPU's share of a chunk: the largest object and alignment. */
#define PERCPU_UNIT_ORDER	3U	/* pages */
#define PERCPU_UNIT_SIZE	32768U	/* bytes */
/* What static variables leave of the first units at least, bytes: as much as
 * Linux keeps for first users. */
#define PERCPU_DYNAMIC_RESERVE	(20U << 10)
/* From one CPU's addresses to the next's. */
#define PERCPU_STRIDE		PORT_PERCPU_STRIDE
#define PERCPU_SLOTS		(PERCPU_STRIDE / PERCPU_UNIT_SIZE)
#define PERCPU_GRANULES		(PERCPU_UNIT_SIZE / PERCPU_GRANULE)
#define PERCPU_BLOCK		64U	/* granules: the bits of a word */
#define PERCPU_SLOT_WORDS	DIV_ROUND_UP(PERCPU_SLOTS, 64U)
#define PERCPU_BLOCKS		(PERCPU_GRANULES / PERCPU_BLOCK)
/* Lengths of free runs by powers of two: of a block, of a chunk. */
#define PERCPU_BLOCK_CLASSES	7
#define PERCPU_CHUNK_CLASSES	13
/* Sizes in granules that quick lists keep, 256 bytes: most objects of which
 * each CPU has one are counters and small structs. */
#define PERCPU_QUICK		32U
#define PERCPU_QUICK_DEPTH	4U	/* areas of each size at most */

/* Areas of one size that were freed last. l: percpu_state.lock */
struct percpu_quick {
	u32 at[PERCPU_QUICK_DEPTH];	/* l: granules from slot 0 on; the last
					 * is the next to go */
	u32 nr;				/* l */
};

/* Fills a page. c: constant  l: percpu_state.lock */
struct percpu_chunk {
	u64 free[PERCPU_BLOCKS];	/* l: granules that nobody has */
	u64 start[PERCPU_BLOCKS];	/* l: first granules of objects */
	u64 kept[PERCPU_BLOCKS];	/* l: and of areas in quick lists, where
					 * start is set as well */
	u8 longest[PERCPU_BLOCKS];	/* l: longest free run in the block */
	u64 fits[PERCPU_BLOCK_CLASSES];	/* l: blocks by longest's log2 */
	u16 nr_objects;			/* l: that users have */
	u16 slot;			/* c: which part of each stride */
	u16 first;			/* c: granules of static variables */
	u16 nr_free;			/* l: granules */
	u16 bound;			/* l: no free run is longer, granules */
	u32 pfn[NR_CPUS];		/* c: where each CPU's unit begins */
};

/* b: booting CPU, constant later  l: lock */
struct percpu_state {
	unsigned long base;		/* b: address of CPU 0's slot 0; 0: not
					 * yet */
	unsigned int nr_boot;		/* b: slots backed at start-up */
	bool ready;			/* b: objects can be had */
	spinlock_t lock;		/* of all maps; interrupts off */
	struct percpu_chunk *chunk[PERCPU_SLOTS];	/* l: by slot, or NULL */
	u64 busy[PERCPU_SLOT_WORDS];	/* l: slots with a chunk, or one that
					 * comes or goes */
	u64 class[PERCPU_CHUNK_CLASSES][PERCPU_SLOT_WORDS]; /* l: slots by
					 * their chunk's bound's log2 */
	u8 class_words[PERCPU_CHUNK_CLASSES]; /* l: words of class[] that are
					 * not 0 */
	u16 classes;			/* l: classes with slots */
	struct percpu_quick quick[PERCPU_QUICK]; /* l: by granules less 1 */
	unsigned int quick_most;	/* l: granules that quick lists take: 0
					 * while each call is to be traced */
	unsigned int nr_chunks;		/* l, read without */
	unsigned int nr_empty;		/* l, read without: that could go */
	unsigned long nr_objects;	/* l: not freed yet */
	unsigned long nr_granules;	/* l: that these have on one CPU */
	unsigned long nr_allocs;	/* l: calls that went well */
	unsigned long nr_created;	/* l: chunks since start-up */
	unsigned long nr_destroyed;	/* l: chunks since start-up */
	unsigned long nr_failed;	/* l: requests */
	unsigned long nr_bad;		/* l: wrong frees */
};

#endif
