/* SPDX-License-Identifier: MIT */
/*
 * malloc() and free() in loops, with whatever library is preloaded; or, for
 * comparison, an array of pointers for each thread and size class behind two
 * calls, which knows the size of what it frees: the limit.
 *
 *   malloc_bench list                      the cases, a line each
 *   malloc_bench CASE malloc|limit         ns per pair of calls, one figure
 *                                          for each line that it reads
 *   malloc_bench growth|left               bytes: peak over live, or left
 *                                          after a second, over the peak, in %
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "malloc_limit.h"

#define MAX_LIVE	100000UL
#define RUNS		8
#define REMOTE_RUN	1000UL

struct bench_case {
	const char *name;
	size_t size;			/* bytes; 0: mixed */
	unsigned long nr;		/* blocks at a time */
	unsigned long operations;	/* of a sample */
	int loop;			/* LOOP_* */
	int how;			/* of a batch: ORDER_* */
};

enum { LOOP_PAIR, LOOP_BATCH, LOOP_MIXED, LOOP_REMOTE };
enum { ORDER_FIFO, ORDER_LIFO, ORDER_RANDOM };

struct place {
	void *p;
	size_t size;
};

static struct place places[MAX_LIVE];
static unsigned int order[MAX_LIVE];

static void touch(void *p)
{
	*(volatile char *)p = 1;
}

/* ---- chance ------------------------------------------------------------ */

static uint64_t seed = 1;

static unsigned int next_random(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)(seed >> 33);
}

/* Four in five are up to 256 bytes, one in a hundred is above 1024: 250 bytes
 * on average. */
static size_t next_size(void)
{
	unsigned int r = next_random(), what = r & 1023;

	r >>= 10;
	if (what < 820)
		return 8 + r % 249;
	if (what < 1014)
		return 257 + r % 768;
	return 1025 + r % 7168;
}

/* ---- time -------------------------------------------------------------- */

static uint64_t started, elapsed;

static uint64_t now(void)
{
	struct timespec t;

	/* All threads: what others do on the computer does not count. */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void clock_start(void)
{
	started = now();
}

static void clock_stop(void)
{
	elapsed = now() - started;
}

/* ---- runs of blocks from one thread to another ------------------------- */

static struct place runs[RUNS][REMOTE_RUN];
static unsigned long runs_given, runs_freed;	/* under runs_lock */
static bool runs_end;				/* likewise */
static pthread_mutex_t runs_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t runs_changed = PTHREAD_COND_INITIALIZER;

static void runs_start(void)
{
	runs_given = runs_freed = 0;
	runs_end = false;
}

static struct place *run_empty(void)
{
	pthread_mutex_lock(&runs_lock);
	while (runs_given - runs_freed == RUNS)
		pthread_cond_wait(&runs_changed, &runs_lock);
	pthread_mutex_unlock(&runs_lock);
	return runs[runs_given % RUNS];
}

/* NULL: that was all. */
static void run_give(struct place *run)
{
	pthread_mutex_lock(&runs_lock);
	if (run)
		runs_given++;
	else
		runs_end = true;
	pthread_cond_signal(&runs_changed);
	pthread_mutex_unlock(&runs_lock);
}

static struct place *run_take(void)
{
	struct place *run = NULL;

	pthread_mutex_lock(&runs_lock);
	while (runs_freed == runs_given && !runs_end)
		pthread_cond_wait(&runs_changed, &runs_lock);
	if (runs_freed != runs_given)
		run = runs[runs_freed % RUNS];
	pthread_mutex_unlock(&runs_lock);
	return run;
}

static void run_return(void)
{
	pthread_mutex_lock(&runs_lock);
	runs_freed++;
	pthread_cond_signal(&runs_changed);
	pthread_mutex_unlock(&runs_lock);
}

/* ---- the loops, twice -------------------------------------------------- */

#define NAME(x)		malloc_##x
#define ALLOC(size)	malloc(size)
#define FREE(p, size)	free(p)
#include "malloc_loops.h"
#undef NAME
#undef ALLOC
#undef FREE
#define NAME(x)		limit_##x
#define ALLOC(size)	limit_alloc(size)
#define FREE(p, size)	limit_free(p, size)
#include "malloc_loops.h"

static unsigned long (*const loops[][2])(const struct bench_case *c,
					 unsigned long n) = {
	[LOOP_PAIR] = { malloc_pair, limit_pair },
	[LOOP_BATCH] = { malloc_batch, limit_batch },
	[LOOP_MIXED] = { malloc_mixed, limit_mixed },
	[LOOP_REMOTE] = { malloc_remote, limit_remote },
};

#define PAIR(size)							\
	{ "malloc-pair." #size, size, 1, 2000000, LOOP_PAIR, 0 }
#define BATCH(nr, how, order)						\
	{ "malloc-batch." #nr "." #how, 64, nr, 1000000, LOOP_BATCH, order }

static const struct bench_case cases[] = {
	PAIR(8), PAIR(64), PAIR(256), PAIR(1024), PAIR(4096), PAIR(8192),
	BATCH(1000, fifo, ORDER_FIFO), BATCH(1000, lifo, ORDER_LIFO),
	BATCH(1000, random, ORDER_RANDOM), BATCH(10000, fifo, ORDER_FIFO),
	BATCH(10000, lifo, ORDER_LIFO), BATCH(10000, random, ORDER_RANDOM),
	{ "malloc-mixed.10000", 0, 10000, 1000000, LOOP_MIXED, 0 },
	{ "malloc-mixed.100000", 0, 100000, 1000000, LOOP_MIXED, 0 },
	{ "malloc-remote.64", 64, REMOTE_RUN, 1000000, LOOP_REMOTE, 0 },
	{ "malloc-remote.mixed", 0, REMOTE_RUN, 1000000, LOOP_REMOTE, 0 },
};

static void order_make(const struct bench_case *c)
{
	unsigned int i, k, was;

	for (i = 0; i < c->nr; i++)
		order[i] = c->how == ORDER_LIFO ? (unsigned int)c->nr - 1 - i :
			   i;
	for (i = (unsigned int)c->nr - 1; c->how == ORDER_RANDOM && i > 0; i--) {
		k = next_random() % (i + 1);
		was = order[i];
		order[i] = order[k];
		order[k] = was;
	}
}

static double sample(const struct bench_case *c, bool limit)
{
	unsigned long done;

	elapsed = 0;
	started = now();
	done = loops[c->loop][limit](c, c->operations);
	if (!elapsed)
		clock_stop();
	return (double)elapsed / (double)done;
}

static int run_case(const struct bench_case *c, bool limit)
{
	char line[16];

	order_make(c);
	while (fgets(line, sizeof(line), stdin)) {
		printf("%.3f\n", sample(c, limit));
		fflush(stdout);
	}
	return 0;
}

/* ---- memory ------------------------------------------------------------ */

static size_t resident(void)
{
	unsigned long size, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%lu %lu", &size, &pages) != 2)
		exit(1);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* As many live blocks as mixed.100000, all of them written to. */
static size_t heap_make(void)
{
	size_t live = 0, i;

	for (i = 0; i < MAX_LIVE; i++) {
		places[i].size = next_size();
		places[i].p = malloc(places[i].size);
		memset(places[i].p, 1, places[i].size);
		live += places[i].size;
	}
	return live;
}

static void heap_turn_over(size_t *live)
{
	unsigned long n;

	for (n = 0; n < 10 * MAX_LIVE; n++) {
		struct place *at = &places[next_random() % MAX_LIVE];

		*live -= at->size;
		free(at->p);
		at->size = next_size();
		*live += at->size;
		at->p = malloc(at->size);
		memset(at->p, 1, at->size);
	}
}

static int run_memory(bool left)
{
	size_t before, peak, live, i;

	memset(places, 0, sizeof(places));
	before = resident();
	live = heap_make();
	heap_turn_over(&live);
	peak = resident() - before;
	if (!left) {
		printf("%.4f\n", (double)peak / (double)live);
		return 0;
	}
	for (i = 0; i < MAX_LIVE; i++)
		free(places[i].p);
	sleep(1);
	printf("%.4f\n", 100.0 * ((double)resident() - (double)before) /
			 (double)peak);
	return 0;
}

int main(int argc, char **argv)
{
	const struct bench_case *c, *end = cases + sizeof(cases) / sizeof(*cases);

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (c = cases; c < end; c++)
			puts(c->name);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "growth"))
		return run_memory(false);
	if (argc == 2 && !strcmp(argv[1], "left"))
		return run_memory(true);
	for (c = cases; argc == 3 && c < end; c++)
		if (!strcmp(c->name, argv[1]))
			return run_case(c, !strcmp(argv[2], "limit"));
	fprintf(stderr, "usage: malloc_bench list | CASE malloc|limit | growth | left\n");
	return 2;
}
