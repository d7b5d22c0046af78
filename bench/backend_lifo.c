/* SPDX-License-Identifier: MIT */
/*
 * A buddy allocator of Linux's shape, for comparison: LIFO free lists linked
 * through struct pages under one lock, and per-CPU lists of single frames to
 * order 3 in front of them. No migratetypes, watermarks or checks: what it
 * takes more than the limit is what the shape costs.
 *
 *	node 0 ..        heads of lists, rings through next and prev
 *	node FIRST + pfn struct page of a frame
 *
 * The first page of a free block in the buddy has its order + 1 in `state`;
 * all other pages have 0. Frames on a per-CPU list count as in use.
 * Locks: `lock` for the buddy's lists; each thread's lists have a lock that
 * nobody else takes, as Linux's have for those who drain from afar.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "loops.h"

#define PCP_ORDERS	4
#define PCP_BATCH	63u		/* frames moved at once, as in Linux */
#define PCP_HIGH	(6 * PCP_BATCH)	/* frames that a list may hold */
#define MAX_ORDER	10u
/* Heads: of the buddy's orders, then of each thread's. */
#define PCP_HEAD(t, o)	(MAX_ORDER + 1 + (t) * PCP_ORDERS + (o))
#define FIRST		PCP_HEAD(BENCH_THREADS, 0)

struct lifo_page {
	uint32_t state;			/* of a free block: order + 1 */
	uint32_t refcount;
	uint32_t next, prev;		/* nodes */
	uint64_t other[2];
};

_Static_assert(sizeof(struct lifo_page) == 32, "as large as a struct page");

struct lifo_cpu {
	uint32_t lock;
	unsigned int nr[PCP_ORDERS];	/* blocks */
} __attribute__((__aligned__(64)));

static size_t lifo_frames;
static char *lifo_ram;
static struct lifo_page *nodes;
static uint32_t lifo_lock;
static size_t nr_free;			/* frames in the buddy's lists */
static struct lifo_cpu lifo_cpus[BENCH_THREADS];
static __thread unsigned int lifo_cpu;

static inline void lock_take(uint32_t *lock)
{
	/* Pairs with the release in lock_drop(). */
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
}

static inline void lock_drop(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static inline void ring_add(uint32_t head, uint32_t node)
{
	uint32_t next = nodes[head].next;

	nodes[node].next = next;
	nodes[node].prev = head;
	nodes[next].prev = node;
	nodes[head].next = node;
}

static inline void ring_del(uint32_t node)
{
	nodes[nodes[node].prev].next = nodes[node].next;
	nodes[nodes[node].next].prev = nodes[node].prev;
}

/* ---- the buddy, under lifo_lock -------------------------------------- */

static void block_add(size_t pfn, unsigned int order)
{
	nodes[FIRST + pfn].state = order + 1;
	ring_add(order, (uint32_t)(FIRST + pfn));
}

static void block_free(size_t pfn, unsigned int order)
{
	nr_free += (size_t)1 << order;
	while (order < MAX_ORDER) {
		size_t buddy = pfn ^ ((size_t)1 << order);

		if (buddy >= lifo_frames ||
		    nodes[FIRST + buddy].state != order + 1)
			break;
		nodes[FIRST + buddy].state = 0;
		ring_del((uint32_t)(FIRST + buddy));
		pfn &= buddy;
		order++;
	}
	block_add(pfn, order);
}

/* The node of a block, or 0. */
static uint32_t block_take(unsigned int order)
{
	unsigned int from = order;
	uint32_t node;

	while (from <= MAX_ORDER && nodes[from].next == from)
		from++;
	if (from > MAX_ORDER)
		return 0;
	node = nodes[from].next;
	ring_del(node);
	nodes[node].state = 0;
	while (from > order) {
		from--;
		block_add(node - FIRST + ((size_t)1 << from), from);
	}
	nr_free -= (size_t)1 << order;
	return node;
}

/* ---- per-CPU lists, under the thread's lock -------------------------- */

static void __attribute__((__noinline__))
pcp_refill(struct lifo_cpu *cpu, uint32_t head, unsigned int order)
{
	unsigned int batch = PCP_BATCH >> order;

	lock_take(&lifo_lock);
	while (batch--) {
		uint32_t node = block_take(order);

		if (!node)
			break;
		/* At the tail: used in the order they came. */
		ring_add(nodes[head].prev, node);
		cpu->nr[order]++;
	}
	lock_drop(&lifo_lock);
}

/* Gives @nr blocks back, those first that were not used for longest. */
static void __attribute__((__noinline__))
pcp_drain(struct lifo_cpu *cpu, uint32_t head, unsigned int order,
	  unsigned int nr)
{
	lock_take(&lifo_lock);
	while (nr-- && cpu->nr[order]) {
		uint32_t node = nodes[head].prev;

		ring_del(node);
		cpu->nr[order]--;
		block_free(node - FIRST, order);
	}
	lock_drop(&lifo_lock);
}

static inline uint32_t pcp_take(unsigned int order)
{
	struct lifo_cpu *cpu = &lifo_cpus[lifo_cpu];
	uint32_t head = PCP_HEAD(lifo_cpu, order), node;

	lock_take(&cpu->lock);
	if (!cpu->nr[order])
		pcp_refill(cpu, head, order);
	node = nodes[head].next;
	if (node != head) {
		ring_del(node);
		cpu->nr[order]--;
	}
	lock_drop(&cpu->lock);
	return node == head ? 0 : node;
}

static inline void pcp_give(uint32_t node, unsigned int order)
{
	struct lifo_cpu *cpu = &lifo_cpus[lifo_cpu];
	uint32_t head = PCP_HEAD(lifo_cpu, order);

	lock_take(&cpu->lock);
	ring_add(head, node);
	if (++cpu->nr[order] > PCP_HIGH >> order)
		pcp_drain(cpu, head, order, PCP_BATCH >> order);
	lock_drop(&cpu->lock);
}

/* ---- what the loops call: a block is its node ------------------------ */

bench_inline void *lifo_address(uintptr_t block)
{
	return lifo_ram + (block - FIRST) * BENCH_PAGE;
}

static uint32_t lifo_take(unsigned int order)
{
	uint32_t node;

	if (order < PCP_ORDERS)
		return pcp_take(order);
	lock_take(&lifo_lock);
	node = block_take(order);
	lock_drop(&lifo_lock);
	return node;
}

static uintptr_t __attribute__((__noinline__))
lifo_alloc(unsigned int order, unsigned int flags)
{
	uint32_t node = lifo_take(order);

	if (!node || nodes[node].refcount)
		return 0;
	nodes[node].refcount = 1;
	if (flags & BENCH_ZERO)
		memset(lifo_address(node), 0, (size_t)BENCH_PAGE << order);
	return node;
}

static void __attribute__((__noinline__))
lifo_free(uintptr_t block, unsigned int order)
{
	/* A reference count is dropped by an atomic, as others may hold one. */
	if (__atomic_sub_fetch(&nodes[block].refcount, 1, __ATOMIC_ACQ_REL))
		return;
	if (order < PCP_ORDERS) {
		pcp_give((uint32_t)block, order);
		return;
	}
	lock_take(&lifo_lock);
	block_free(block - FIRST, order);
	lock_drop(&lifo_lock);
}

BENCH_LOOPS(lifo)
BENCH_FRAG_LOOPS(lifo)

static int lifo_start(size_t frames, unsigned int threads)
{
	(void)threads;
	lifo_frames = frames;
	lifo_ram = bench_arena(frames * BENCH_PAGE);
	nodes = bench_arena((FIRST + frames) * sizeof(*nodes));
	if (!lifo_ram || !nodes)
		return ENOMEM;
	for (uint32_t head = 0; head < FIRST; head++)
		nodes[head].next = nodes[head].prev = head;
	/* The lowest block is handed out first, as after a start of Linux. */
	for (size_t pfn = frames; pfn; pfn -= (size_t)1 << MAX_ORDER)
		block_free(pfn - ((size_t)1 << MAX_ORDER), MAX_ORDER);
	return 0;
}

static int lifo_enter(unsigned int thread)
{
	lifo_cpu = thread;
	return 0;
}

static void lifo_nothing(void)
{
}

static void lifo_drain_all(void)
{
	for (unsigned int t = 0; t < BENCH_THREADS; t++)
		for (unsigned int o = 0; o < PCP_ORDERS; o++)
			pcp_drain(&lifo_cpus[t], PCP_HEAD(t, o), o,
				  lifo_cpus[t].nr[o]);
}

static void lifo_whole(struct bench_whole *whole, bool drain)
{
	if (drain)
		lifo_drain_all();
	*whole = (struct bench_whole){ .free = nr_free };
	for (uint32_t order = BENCH_ORDERS - 1; order <= MAX_ORDER; order++)
		for (uint32_t n = nodes[order].next; n != order;
		     n = nodes[n].next)
			whole->in_blocks += (size_t)1 << order;
}

static long lifo_leaked(void)
{
	lifo_drain_all();
	return (long)lifo_frames - (long)nr_free;
}

const struct bench_backend bench_lifo = {
	.name = "lifo",
	.start = lifo_start,
	.enter = lifo_enter,
	.leave = lifo_nothing,
	.leaked = lifo_leaked,
	.whole = lifo_whole,
	.end = lifo_nothing,
	.loops = { BENCH_LOOP_TABLE(lifo), BENCH_FRAG_TABLE(lifo) },
};
