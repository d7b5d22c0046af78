// SPDX-License-Identifier: MIT
/*
 * Runs the page soak (page_soak.c) and writes TAP.
 *
 *	soak [--calls N] [--seconds N] [--threads N] [--seed N] [--memory MIB]
 *
 * One machine after another, each with the next seed, until so many calls are
 * made or so many seconds are over. With one thread a seed says all; with more
 * it says what each thread asks for, but not who comes first.
 */
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <octavo/octavo.h>

#include "../host/harness.h"
#include "page_soak.h"

/* Calls of a machine's threads together, before the next machine. */
#define ROUND_CALLS	(64 * SOAK_STRETCH)

static struct soak_args {
	uint64_t calls, seconds, threads, seed, memory;
} args = { .calls = ROUND_CALLS, .threads = 1, .seed = 1, .memory = 256 };

struct worker {
	pthread_t id;
	struct octavo_machine *machine;
	unsigned int thread;
	uint64_t calls;
};

static void *work(void *arg)
{
	struct worker *w = arg;

	/* The first thread made the machine, and is its CPU 0. */
	if (w->thread && octavo_bind(w->machine, w->thread))
		abort();
	page_soak_run(w->thread, w->calls);
	if (w->thread)
		octavo_unbind();
	return NULL;
}

static void work_all(uint64_t calls)
{
	struct worker w[SOAK_THREADS];

	for (unsigned int i = 0; i < args.threads; i++)
		w[i] = (struct worker){ .machine = octavo_bound(), .thread = i,
					.calls = calls / args.threads };
	for (unsigned int i = 1; i < args.threads; i++)
		if (pthread_create(&w[i].id, NULL, work, &w[i]))
			abort();
	work(&w[0]);
	for (unsigned int i = 1; i < args.threads; i++)
		pthread_join(w[i].id, NULL);
}

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	printf("# log: %.*s", (int)n, s);
}

/* One machine; false when something was wrong. */
static bool run_round(const char *argv0, uint64_t seed, uint64_t calls,
		      struct soak_figures *sum)
{
	struct soak_figures f;

	if (harness_machine(args.memory << 20, true) ||
	    page_soak_start((unsigned int)args.threads, seed)) {
		printf("# no machine\n");
		return false;
	}
	work_all(calls);
	page_soak_end(&f);
	sum->calls += f.calls;
	sum->refused += f.refused;
	sum->remote += f.remote;
	sum->checks += f.checks;
	if (f.why) {
		harness_log(to_stdout, NULL);
		printf("# seed %llu: not so: %s (frame %#lx)\n"
		       "# replay: %s --threads %llu --seed %llu --calls %llu --memory %llu\n",
		       (unsigned long long)seed, f.why, f.pfn, argv0,
		       (unsigned long long)args.threads,
		       (unsigned long long)seed, (unsigned long long)calls,
		       (unsigned long long)args.memory);
	}
	harness_machine_end();
	return !f.why;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void number(const char *argv0, const char *what, uint64_t *value,
		   uint64_t lo, uint64_t hi)
{
	char *end;

	*value = strtoull(optarg, &end, 0);
	if (!*end && end != optarg && *value >= lo && *value <= hi)
		return;
	fprintf(stderr, "%s: --%s takes a number from %llu to %llu, not '%s'\n",
		argv0, what, (unsigned long long)lo, (unsigned long long)hi,
		optarg);
	exit(2);
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "calls", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "seed", required_argument, NULL, 'r' },
		{ "memory", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			number(*argv, "calls", &args.calls, 1, UINT64_MAX);
		else if (c == 's')
			number(*argv, "seconds", &args.seconds, 1, 1u << 30);
		else if (c == 't')
			number(*argv, "threads", &args.threads, 1,
			       SOAK_THREADS);
		else if (c == 'r')
			number(*argv, "seed", &args.seed, 0, UINT64_MAX);
		else if (c == 'm')
			number(*argv, "memory", &args.memory, 32, 1u << 20);
		else
			exit(2);
	}
}

/* So many calls, or, when seconds were asked for, as many as they allow. */
static uint64_t round_calls(uint64_t made, double end)
{
	if (args.seconds)
		return now() < end ? 2 * SOAK_STRETCH : 0;
	if (made >= args.calls)
		return 0;
	return args.calls - made < ROUND_CALLS ? args.calls - made :
						 ROUND_CALLS;
}

int main(int argc, char **argv)
{
	struct soak_figures sum = { 0 };
	double start = now();
	uint64_t seed, n;
	bool good = true;

	parse(argc, argv);
	printf("TAP version 13\n1..1\n");
	for (seed = args.seed; good; seed++) {
		n = round_calls(sum.calls, start + (double)args.seconds);
		if (!n)
			break;
		good = run_round(argv[0], seed, n, &sum);
	}
	printf("# %llu refused, %llu freed by another CPU, %llu checks of everything, %.1f s, %.1f M calls/s\n",
	       (unsigned long long)sum.refused, (unsigned long long)sum.remote,
	       (unsigned long long)sum.checks, now() - start,
	       (double)sum.calls / (now() - start) / 1e6);
	printf("%s 1 soak: %llu seeds from %llu, %llu threads: %llu calls\n",
	       good ? "ok" : "not ok", (unsigned long long)(seed - args.seed),
	       (unsigned long long)args.seed, (unsigned long long)args.threads,
	       (unsigned long long)sum.calls);
	return !good;
}
