/* SPDX-License-Identifier: MIT */
/*
 * The loops of malloc_bench.c, for whichever ALLOC(size) and FREE(p, size) the
 * includer names; NAME(x) makes x's name for it. Each returns the operations
 * it made: a pair of calls is one.
 */

static unsigned long NAME(pair)(const struct bench_case *c, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++) {
		void *p = ALLOC(c->size);

		touch(p);
		FREE(p, c->size);
	}
	return n;
}

/* c->nr blocks, freed first in first out, last in first out, or at random. */
static unsigned long NAME(batch)(const struct bench_case *c, unsigned long n)
{
	unsigned long done, i;

	for (done = 0; done < n; done += c->nr) {
		for (i = 0; i < c->nr; i++) {
			places[i].p = ALLOC(c->size);
			touch(places[i].p);
		}
		for (i = 0; i < c->nr; i++)
			FREE(places[order[i]].p, c->size);
	}
	return done;
}

/* Of c->nr live blocks of mixed sizes one is replaced by another. */
static unsigned long NAME(mixed)(const struct bench_case *c, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < c->nr; i++) {
		places[i].size = next_size();
		places[i].p = ALLOC(places[i].size);
		touch(places[i].p);
	}
	clock_start();
	for (i = 0; i < n; i++) {
		struct place *at = &places[next_random() % c->nr];

		FREE(at->p, at->size);
		at->size = next_size();
		at->p = ALLOC(at->size);
		touch(at->p);
	}
	clock_stop();
	for (i = 0; i < c->nr; i++)
		FREE(places[i].p, places[i].size);
	return n;
}

/* One thread allocates what the other frees, a run of c->nr at a time. */
static void *NAME(remote_free)(void *arg)
{
	const struct bench_case *c = arg;
	struct place *run;
	unsigned long i;

	while ((run = run_take())) {
		for (i = 0; i < c->nr; i++)
			FREE(run[i].p, run[i].size);
		run_return();
	}
	return NULL;
}

static unsigned long NAME(remote)(const struct bench_case *c, unsigned long n)
{
	unsigned long done, i;
	pthread_t thread;

	runs_start();
	if (pthread_create(&thread, NULL, NAME(remote_free), (void *)c))
		exit(1);
	clock_start();
	for (done = 0; done < n; done += c->nr) {
		struct place *run = run_empty();

		for (i = 0; i < c->nr; i++) {
			run[i].size = c->size ? c->size : next_size();
			run[i].p = ALLOC(run[i].size);
			touch(run[i].p);
		}
		run_give(run);
	}
	run_give(NULL);
	pthread_join(thread, NULL);
	clock_stop();
	return done;
}
