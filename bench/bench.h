/* SPDX-License-Identifier: MIT */
/*
 * Cases and back-ends: what the harness in bench/ is made of.
 *
 * A *case* says what is done: a name, the loops of a sample, and parameters.
 * A *back-end* says who does it: one allocator, with the loops compiled for
 * it, so that the limit of a few instructions is not hidden behind a call
 * through a pointer. loops.h holds the loops; cases.c and main.c the tables.
 *
 *	main.c, harness.c, cases.c      libc: commands, threads, time
 *	backend_octavo.c                the core's headers, no libc
 *	backend_*.c                     libc: the peers and the limit
 *
 * Both halves see this header: <stdint.h> types alone.
 *
 * Cases of pages hand out blocks of 4096 << order bytes, cases of objects any
 * number of bytes; object_loops.h holds the loops of the latter.
 *
 * A *sample* is one timed stretch of about a millisecond. Threads wait for
 * each other before each loop of it; only the timed loop counts:
 *
 *	case free-random:   FILL   SHUFFLE   [DRAIN]
 *	case remote:        FILL   SWAP      [DRAIN]
 *
 * One process measures one back-end, so that allocators do not meet.
 */
#ifndef OCTAVO_BENCH_H
#define OCTAVO_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_THREADS	2		/* at most, in a case */
#define BENCH_PAGE	4096u
#define BENCH_ORDERS	10		/* 0 to 9: up to 2 MiB */

/* Loops of back-ends; a NULL in the table: it cannot do that. */
enum bench_loop {
	LOOP_NONE,
	LOOP_PAIR,		/* allocate one, free it */
	LOOP_FILL,		/* allocate nr, one by one */
	LOOP_DRAIN,		/* free all that is held, in its order */
	LOOP_ARRAY,		/* allocate 16 at once, free them one by one */
	LOOP_MIXED,		/* a random place: free what is there, or fill
				 * it with a block of random order */
	LOOP_REPLACE,		/* free a random block, allocate one */
	LOOP_CHURN,		/* orders 0 to 9 at random, live at a mark */
	LOOP_OBJECT_PAIR,	/* of objects: allocate one, free it */
	LOOP_OBJECT_BATCH,	/* fill all places, free in the given order */
	LOOP_OBJECT_REPLACE,	/* free a random one, allocate another */
	LOOP_OBJECT_REMOTE,	/* fill all places, free the other thread's */
	LOOP_OBJECT_DRAIN,	/* free all that is held, in its order */
	LOOP_ADDRESS_PAIR,	/* of kernel addresses: all places are held;
				 * take a range more, release it */
	LOOP_ADDRESS_REPLACE,	/* release a random one, take another */
	LOOP_ADDRESS_DRAIN,	/* release all that is held */
	NR_BACKEND_LOOPS,
	/* The harness does these itself. */
	STEP_SHUFFLE = NR_BACKEND_LOOPS,	/* what is held, at random */
	STEP_SWAP,		/* with the other thread: what is held */
	STEP_THIN,		/* to half: what is held, at random */
};

/* What is handed out must read as zero. */
#define BENCH_ZERO	0x1u
/* The caller writes a word into each page. */
#define BENCH_TOUCH	0x2u
/* Only the first thread does the timed loop; the others prepare. */
#define BENCH_FIRST	0x4u
/* Not a time is measured but how whole free memory is. */
#define BENCH_FRAG	0x8u
/* Pages that can be moved, as a process's are. */
#define BENCH_MOVABLE	0x10u

/* Objects of a cache of their own, where there is such a thing. */
#define BENCH_CACHE	0x20u
/* Not a time is measured but how much memory objects take. */
#define BENCH_MEMORY	0x40u

/* In what order LOOP_OBJECT_BATCH frees. */
enum bench_turns { TURNS_FIFO, TURNS_LIFO, TURNS_RANDOM };

#define BENCH_STEPS	5

struct bench_case {
	const char *name;
	enum bench_loop before[BENCH_STEPS];	/* untimed, up to LOOP_NONE */
	enum bench_loop timed;
	enum bench_loop after[2];		/* untimed */
	unsigned int threads;
	unsigned int order;
	unsigned int size;			/* bytes of an object; 0: mixed */
	unsigned int flags;			/* BENCH_* */
	size_t nr;		/* operations of a thread in a sample */
	size_t places;		/* what a thread holds at most */
	unsigned int turnover;	/* BENCH_FRAG: times the live set */
	enum bench_turns turns;
};

extern const struct bench_case bench_cases[];
extern const size_t bench_nr_cases;

/* One thread's part of a sample. */
struct bench_work {
	unsigned int order;
	unsigned int size;	/* of objects, bytes; 0: bench_size() */
	unsigned int flags;
	size_t nr;		/* operations to do */
	size_t nr_held;		/* of held[] that are in use, from the first */
	size_t places;		/* of held[] */
	uintptr_t *held;	/* blocks; 0: none (LOOP_MIXED, LOOP_CHURN) */
	uint8_t *orders;	/* of held[], for loops that mix them */
	uint32_t *turns;	/* LOOP_OBJECT_BATCH: the places in the order
				 * in which they are freed */
	struct bench_work *peer;	/* the other thread's; NULL: none */
	/* Waits for the other thread; of the harness. */
	void (*meet)(struct bench_work *w);
	uint64_t random;	/* state of bench_random() */
	uint64_t done;		/* operations ever done */
	uint64_t bad;		/* allocations that failed, wrong references */
	size_t live;		/* frames that LOOP_CHURN holds, bytes that
				 * LOOP_OBJECT_REPLACE does (BENCH_MEMORY) */
	size_t mark;		/* and is to hold */
};

/* How whole free memory is, in frames. */
struct bench_whole {
	size_t free;		/* all that are free */
	size_t in_blocks;	/* those in free blocks of 2 MiB or more */
};

typedef void (*bench_loop_fn)(struct bench_work *w);

struct bench_backend {
	const char *name;
	bool system;		/* whatever malloc the process has */
	/*
	 * Makes @frames frames of memory ready, for @threads threads. Returns
	 * 0, or an errno number after a line on stderr.
	 */
	int (*start)(size_t frames, unsigned int threads);
	/* The calling thread is number @thread from here to leave(). */
	int (*enter)(unsigned int thread);
	void (*leave)(void);
	/* Frames in use beyond those after start(), all threads gone. */
	long (*leaked)(void);
	/* @drain: give per-CPU lists back first. NULL: it cannot tell. */
	void (*whole)(struct bench_whole *whole, bool drain);
	/* Bytes that objects may be in, in all. NULL: it cannot tell. */
	size_t (*memory)(void);
	void (*end)(void);
	bench_loop_fn loops[NR_BACKEND_LOOPS];
};

extern const struct bench_backend bench_octavo, bench_limit,
	bench_limit_struct, bench_lifo, bench_limit_objects, bench_malloc,
	bench_limit_addresses, bench_address_tree;

/* A fair coin with many sides: xorshift64*, never 0 as a state. */
static inline uint64_t bench_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

/* 0 to @n - 1, @n below 2^32, without a division. */
static inline uint64_t bench_below(uint64_t *state, uint64_t n)
{
	return (bench_random(state) >> 32) * n >> 32;
}

/*
 * The size of an object where sizes are mixed: as likely to be between 8 and
 * 16 bytes as between 512 and 1024; 217 on average.
 */
#define BENCH_SIZE_SHIFTS	7u
#define BENCH_SIZE_MAX		1024u

static inline size_t bench_size(uint64_t *state)
{
	uint64_t base = 8ULL << bench_below(state, BENCH_SIZE_SHIFTS);

	return base + 1 + bench_below(state, base);
}

#endif
