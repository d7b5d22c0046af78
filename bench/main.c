/* SPDX-License-Identifier: MIT */
/*
 * pages list: cases and back-ends, as JSON.
 * pages run BACKEND CASE [nr=N] [seed=N] [frames=N]: measures, on request,
 * with N operations a sample, this seed and so much memory.
 *
 * `run` reads a number of samples from each line of its input and answers
 * with a line of so many figures: nanoseconds per operation. A case of
 * fragmentation or of memory answers once, without being asked, with two. At the end of its input it says
 * "done N bad N leaked N": operations, failed ones, and frames that are
 * still in use, -1 if the back-end cannot tell. So one caller (hosted.py)
 * can measure many processes in turn, and noise hits all alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const struct bench_backend *const backends[] = {
	&bench_octavo, &bench_limit, &bench_limit_struct, &bench_lifo,
	&bench_limit_objects, &bench_malloc, &bench_limit_addresses,
	&bench_address_tree,
};

#define NR_BACKENDS	(sizeof(backends) / sizeof(backends[0]))

static bool can(const struct bench_backend *b, const struct bench_case *c)
{
	if (c->flags & BENCH_FRAG && !b->whole)
		return false;
	if (c->flags & BENCH_MEMORY && !b->memory)
		return false;
	for (int i = 0; i < BENCH_STEPS && c->before[i]; i++)
		if (c->before[i] < NR_BACKEND_LOOPS && !b->loops[c->before[i]])
			return false;
	return b->loops[c->timed];
}

static int list(void)
{
	printf("{\"backends\": [");
	for (size_t i = 0; i < NR_BACKENDS; i++)
		printf("%s{\"name\": \"%s\", \"system\": %s}", i ? ", " : "",
		       backends[i]->name,
		       backends[i]->system ? "true" : "false");
	printf("],\n \"cases\": [");
	for (size_t i = 0; i < bench_nr_cases; i++) {
		const struct bench_case *c = &bench_cases[i];
		const char *sep = "";

		printf("%s\n  {\"name\": \"%s\", \"threads\": %u, "
		       "\"nr\": %zu, \"places\": %zu, \"object\": %s, "
		       "\"once\": %s, \"backends\": [", i ? "," : "", c->name,
		       c->threads, c->nr, c->places,
		       c->timed >= LOOP_OBJECT_PAIR &&
		       c->timed <= LOOP_OBJECT_DRAIN ? "true" : "false",
		       c->flags & BENCH_FRAG ? "\"frag\"" :
		       c->flags & BENCH_MEMORY ? "\"memory\"" : "null");
		for (size_t k = 0; k < NR_BACKENDS; k++) {
			if (!can(backends[k], c))
				continue;
			printf("%s\"%s\"", sep, backends[k]->name);
			sep = ", ";
		}
		printf("]}");
	}
	printf("]}\n");
	return 0;
}

static void totals_print(const struct bench_backend *b,
			 const struct bench_totals *t)
{
	long leaked = -1;

	if (b->leaked && !b->enter(0)) {
		leaked = b->leaked();
		b->leave();
	}
	printf("done %llu bad %llu leaked %ld\n", (unsigned long long)t->done,
	       (unsigned long long)t->bad, leaked);
}

static int measure_frag(const struct bench_backend *b,
			const struct bench_case *c, uint64_t seed)
{
	struct bench_totals totals;
	struct bench_frag frag;
	int err = bench_frag_run(c, b, seed, &frag, &totals);

	if (err) {
		fprintf(stderr, "pages: %s on %s: %s\n", c->name, b->name,
			strerror(err));
		return 1;
	}
	printf("%.4f %.4f\n", frag.listed, frag.drained);
	totals_print(b, &totals);
	return 0;
}

static int measure(const struct bench_backend *b, const struct bench_case *c,
		   size_t nr, uint64_t seed)
{
	struct bench_run *r = bench_run_create(c, b, nr, seed);
	struct bench_totals totals;
	char line[32];

	if (!r)
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		for (long n = atol(line); n > 0; n--)
			printf("%.4f%c", bench_run_sample(r),
			       n > 1 ? ' ' : '\n');
		fflush(stdout);
	}
	bench_run_destroy(r, &totals);
	totals_print(b, &totals);
	return 0;
}

static int measure_memory(const struct bench_backend *b,
			  const struct bench_case *c, size_t nr, uint64_t seed)
{
	struct bench_totals totals;
	struct bench_memory memory;
	int err = bench_memory_run(c, b, nr, seed, &memory, &totals);

	if (err) {
		fprintf(stderr, "pages: %s on %s: %s\n", c->name, b->name,
			strerror(err));
		return 1;
	}
	printf("%.4f %.4f\n", memory.growth, memory.left);
	totals_print(b, &totals);
	return 0;
}

static const struct bench_backend *find_backend(const char *name)
{
	for (size_t i = 0; i < NR_BACKENDS; i++)
		if (!strcmp(backends[i]->name, name))
			return backends[i];
	fprintf(stderr, "pages: no back-end '%s'; `pages list` has them\n",
		name);
	return NULL;
}

static const struct bench_case *find_case(const char *name)
{
	for (size_t i = 0; i < bench_nr_cases; i++)
		if (!strcmp(bench_cases[i].name, name))
			return &bench_cases[i];
	fprintf(stderr, "pages: no case '%s'; `pages list` has them\n", name);
	return NULL;
}

/* "key=NUMBER"; false when it is not that. */
static bool number_arg(const char *arg, const char *key, uint64_t *value)
{
	size_t n = strlen(key);
	char *end;

	if (strncmp(arg, key, n))
		return false;
	*value = strtoull(arg + n, &end, 10);
	return end != arg + n && !*end;
}

static int run(int argc, char **argv)
{
	const struct bench_backend *b = find_backend(argv[0]);
	const struct bench_case *c = b ? find_case(argv[1]) : NULL;
	uint64_t nr = 0, seed = 1, frames;
	int err;

	if (!b || !c)
		return 2;
	frames = c->flags & BENCH_FRAG ? BENCH_FRAG_FRAMES : BENCH_FRAMES;
	for (int i = 2; i < argc; i++)
		if (!number_arg(argv[i], "nr=", &nr) &&
		    !number_arg(argv[i], "seed=", &seed) &&
		    !number_arg(argv[i], "frames=", &frames)) {
			fprintf(stderr, "pages: '%s' is not nr=N, seed=N or "
				"frames=N\n", argv[i]);
			return 2;
		}
	if (!can(b, c)) {
		fprintf(stderr, "pages: %s cannot do case %s\n", b->name,
			c->name);
		return 2;
	}
	err = b->start((size_t)frames, c->threads);
	if (err) {
		fprintf(stderr, "pages: %s does not start: %s\n", b->name,
			strerror(err));
		return 1;
	}
	if (c->flags & BENCH_FRAG)
		err = measure_frag(b, c, seed);
	else if (c->flags & BENCH_MEMORY)
		err = measure_memory(b, c, (size_t)nr, seed);
	else
		err = measure(b, c, (size_t)nr, seed);
	b->end();
	return err;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc >= 4 && !strcmp(argv[1], "run"))
		return run(argc - 2, argv + 2);
	fprintf(stderr, "usage: pages list\n"
		"       pages run BACKEND CASE [nr=N] [seed=N] [frames=N]\n");
	return 2;
}
