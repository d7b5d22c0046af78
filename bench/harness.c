/* SPDX-License-Identifier: MIT */
/*
 * Threads and time. Each thread of a case is a POSIX thread that stays for
 * all samples, so that its caches and per-CPU lists do too:
 *
 *	main       posts each thread's `go`, sleeps until the last is back
 *	thread t   for each loop of the case: barrier, loop; the timed one
 *	           between two readings of the clock
 *
 * The barrier spins, then yields: threads that sleep would leave it one
 * after another. Between samples all sleep, and other processes measure.
 *
 * A machine has other work. One thread is timed by the processor time that it
 * had, which is the time of day when nothing else runs. With two the time of
 * day counts, waiting for each other included; a sample is made again in
 * which they did not run side by side for half of the time, or in which one
 * did not have its processor for nine tenths of it.
 */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SPINS		2000	/* of a waiting thread, before it yields */
#define TRIES		10	/* for a sample whose threads overlap */

struct bench_thread {
	struct bench_run *run;
	unsigned int number;
	struct bench_work work;
	uint64_t start, end;		/* of the timed loop, ns */
	uint64_t cpu;			/* processor time in it, ns */
	size_t timed;			/* operations in it */
	int err;			/* of enter() */
	sem_t go;			/* a sample is asked for */
	pthread_t id;
};

struct bench_run {
	const struct bench_case *c;
	const struct bench_backend *b;
	struct bench_thread threads[BENCH_THREADS];
	sem_t back;			/* a thread has finished its sample */
	atomic_uint waiting;		/* at the barrier */
	atomic_uint turn;		/* barriers passed */
	atomic_bool end;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void relax(unsigned int *spins)
{
	if (++*spins > SPINS)
		sched_yield();
	else
		__builtin_ia32_pause();
}

static void barrier(struct bench_run *r)
{
	unsigned int turn = atomic_load(&r->turn), spins = 0;

	if (atomic_fetch_add(&r->waiting, 1) + 1 == r->c->threads) {
		atomic_store(&r->waiting, 0);
		atomic_fetch_add(&r->turn, 1);
		return;
	}
	while (atomic_load(&r->turn) == turn)
		relax(&spins);
}

void bench_shuffle(struct bench_work *w)
{
	for (size_t i = w->nr_held; i > 1; i--) {
		size_t at = bench_below(&w->random, i);
		uintptr_t block = w->held[i - 1];

		w->held[i - 1] = w->held[at];
		w->held[at] = block;
	}
}

/* What thread 0 and thread 1 hold changes hands. */
static void swap_held(struct bench_run *r)
{
	struct bench_work *a = &r->threads[0].work, *b = &r->threads[1].work;
	uintptr_t *held = a->held;
	size_t nr = a->nr_held;

	a->held = b->held;
	a->nr_held = b->nr_held;
	b->held = held;
	b->nr_held = nr;
}

static void step(struct bench_thread *t, enum bench_loop what)
{
	struct bench_run *r = t->run;

	barrier(r);
	if (what == STEP_SHUFFLE)
		bench_shuffle(&t->work);
	else if (what != STEP_SWAP)
		r->b->loops[what](&t->work);
	else if (t->number == 0)
		swap_held(r);
}

static void timed_step(struct bench_thread *t)
{
	uint64_t done = t->work.done, cpu;

	barrier(t->run);
	cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	t->start = clock_ns(CLOCK_MONOTONIC);
	if (!(t->run->c->flags & BENCH_FIRST) || t->number == 0)
		t->run->b->loops[t->run->c->timed](&t->work);
	t->end = clock_ns(CLOCK_MONOTONIC);
	t->cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	t->timed = (size_t)(t->work.done - done);
}

static void sample(struct bench_thread *t)
{
	const struct bench_case *c = t->run->c;

	for (int i = 0; i < BENCH_STEPS && c->before[i]; i++)
		step(t, c->before[i]);
	timed_step(t);
	for (int i = 0; i < 2 && c->after[i]; i++)
		step(t, c->after[i]);
}

static bool is_object_loop(enum bench_loop loop)
{
	return loop >= LOOP_OBJECT_PAIR && loop <= LOOP_OBJECT_DRAIN;
}

/* Places are what is held, whatever the number of operations. */
static bool keeps_places(enum bench_loop loop)
{
	return loop == LOOP_MIXED || loop >= LOOP_OBJECT_PAIR;
}

static enum bench_loop drain_of(enum bench_loop loop)
{
	if (is_object_loop(loop))
		return LOOP_OBJECT_DRAIN;
	return loop > LOOP_OBJECT_DRAIN ? LOOP_ADDRESS_DRAIN : LOOP_DRAIN;
}

static void *thread_main(void *arg)
{
	struct bench_thread *t = arg;
	struct bench_run *r = t->run;

	t->err = r->b->enter(t->number);
	sem_post(&r->back);
	while (!t->err) {
		sem_wait(&t->go);
		if (atomic_load(&r->end))
			break;
		sample(t);
		sem_post(&r->back);
	}
	if (t->err)
		return NULL;
	if (t->work.nr_held)
		r->b->loops[drain_of(r->c->timed)](&t->work);
	r->b->leave();
	return NULL;
}

/* Waits until all threads are back. */
static void wait_back(struct bench_run *r)
{
	for (unsigned int i = 0; i < r->c->threads; i++)
		sem_wait(&r->back);
}

static void go(struct bench_run *r)
{
	for (unsigned int i = 0; i < r->c->threads; i++)
		sem_post(&r->threads[i].go);
}

/* ---- set up ---------------------------------------------------------- */

/* Each thread on the n-th processor that the process may use. */
static void pin(struct bench_thread *t)
{
	unsigned int n = t->number;
	cpu_set_t may, one;

	if (sched_getaffinity(0, sizeof(may), &may) ||
	    (unsigned int)CPU_COUNT(&may) < t->run->c->threads)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &may) || n--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		pthread_setaffinity_np(t->id, sizeof(one), &one);
		return;
	}
}

static void thread_meet(struct bench_work *w)
{
	barrier(((struct bench_thread *)((char *)w -
		 offsetof(struct bench_thread, work)))->run);
}

/* Places in the order in which a batch is freed. */
static void turns_fill(struct bench_work *w, enum bench_turns turns)
{
	for (uint32_t i = 0; i < w->places; i++) {
		uint32_t at = i;

		w->turns[i] = i;
		if (turns == TURNS_LIFO)
			w->turns[i] = (uint32_t)w->places - 1 - i;
		if (turns != TURNS_RANDOM)
			continue;
		at = (uint32_t)bench_below(&w->random, (uint64_t)i + 1);
		w->turns[i] = w->turns[at];
		w->turns[at] = i;
	}
}

static int thread_alloc(struct bench_thread *t)
{
	const struct bench_case *c = t->run->c;
	struct bench_work *w = &t->work;

	w->held = calloc(w->places + 1, sizeof(*w->held));
	if (c->timed == LOOP_MIXED)
		w->orders = calloc(w->places + 1, 1);
	if (c->timed == LOOP_OBJECT_BATCH)
		w->turns = calloc(w->places + 1, sizeof(*w->turns));
	if (!w->held || (c->timed == LOOP_MIXED && !w->orders) ||
	    (c->timed == LOOP_OBJECT_BATCH && !w->turns))
		return ENOMEM;
	if (w->turns)
		turns_fill(w, c->turns);
	return 0;
}

static int thread_create(struct bench_run *r, unsigned int number, size_t nr,
			 uint64_t seed)
{
	struct bench_thread *t = &r->threads[number];
	const struct bench_case *c = r->c;
	size_t places = c->places;

	if (nr && places && !keeps_places(c->timed))
		places = nr;
	*t = (struct bench_thread){
		.run = r, .number = number,
		.work = { .order = c->order, .size = c->size,
			  .flags = c->flags, .nr = nr ? nr : c->nr,
			  .places = places, .meet = thread_meet,
			  .peer = &r->threads[!number].work,
			  .random = seed * 2 + number + 1 },
	};
	if (thread_alloc(t))
		return ENOMEM;
	sem_init(&t->go, 0, 0);
	if (pthread_create(&t->id, NULL, thread_main, t))
		return EAGAIN;
	pin(t);
	return 0;
}

struct bench_run *bench_run_create(const struct bench_case *c,
				   const struct bench_backend *b, size_t nr,
				   uint64_t seed)
{
	struct bench_run *r = calloc(1, sizeof(*r));
	int err = r ? 0 : ENOMEM;

	if (!err) {
		r->c = c;
		r->b = b;
		sem_init(&r->back, 0, 0);
	}
	for (unsigned int t = 0; !err && t < c->threads; t++)
		err = thread_create(r, t, nr, seed);
	if (!err) {
		wait_back(r);
		for (unsigned int t = 0; !err && t < c->threads; t++)
			err = r->threads[t].err;
	}
	if (!err)
		return r;
	fprintf(stderr, "bench: %s on %s: %s\n", c->name, b->name,
		strerror(err));
	return NULL;
}

/* Whether the threads ran side by side for at least half of the time. */
static bool overlapped(const struct bench_run *r)
{
	const struct bench_thread *a = &r->threads[0], *b = &r->threads[1];
	uint64_t first, last, both, all;

	first = a->start < b->start ? a->start : b->start;
	last = a->end > b->end ? a->end : b->end;
	all = last - first;
	both = (a->end - a->start) + (b->end - b->start);
	/* Both are the sum of two stretches: less the gap or the overlap. */
	return both > all && (both - all) * 2 >= all;
}

static bool had_processor(const struct bench_thread *t)
{
	return t->cpu * 10 >= (t->end - t->start) * 9;
}

/* Two timed threads, by the time of day. */
static double sample_two(struct bench_run *r)
{
	const struct bench_thread *a = &r->threads[0], *b = &r->threads[1];

	for (int tries = 0; tries < TRIES; tries++) {
		go(r);
		wait_back(r);
		if (overlapped(r) && had_processor(a) && had_processor(b))
			break;
	}
	return ((double)(a->end - a->start) / (double)a->timed +
		(double)(b->end - b->start) / (double)b->timed) / 2;
}

double bench_run_sample(struct bench_run *r)
{
	const struct bench_thread *t = &r->threads[0];

	if (r->c->threads == 2 && !(r->c->flags & BENCH_FIRST))
		return sample_two(r);
	go(r);
	wait_back(r);
	return (double)t->cpu / (double)t->timed;
}

void bench_run_destroy(struct bench_run *r, struct bench_totals *totals)
{
	*totals = (struct bench_totals){ 0, 0 };
	atomic_store(&r->end, true);
	go(r);
	for (unsigned int i = 0; i < r->c->threads; i++) {
		struct bench_thread *t = &r->threads[i];

		pthread_join(t->id, NULL);
		totals->done += t->work.done;
		totals->bad += t->work.bad;
		free(t->work.held);
		free(t->work.orders);
		free(t->work.turns);
	}
	free(r);
}
