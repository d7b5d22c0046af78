// SPDX-License-Identifier: MIT
/*
 * Runs one model test: a seeded stream of operations on the core and on a
 * naive oracle, compared after every step. MODEL is its name, from the build.
 *
 *	model-NAME [--seed S] [--steps N] [--rounds R] [--options '...']
 *
 * Rounds take seeds S, S + 1, ..., each on a fresh machine, so that a stream
 * starts from many states; options is their command line, of machines that are
 * started. Prints how many steps it took, or the seed, the step and the command
 * that replays the failure.
 */
#include "model_main.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/harness.h"

#define STR1(x)		#x
#define STR(x)		STR1(x)

struct model_args {
	uint64_t seed, steps, rounds;
	const char *options;	/* NULL: none */
};

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
}

static void number(const char *argv0, const char *what, uint64_t *value)
{
	char *end;

	*value = strtoull(optarg, &end, 0);
	if (!*end && end != optarg)
		return;
	fprintf(stderr, "%s: --%s takes a number, not '%s'\n", argv0, what,
		optarg);
	exit(2);
}

static void parse(int argc, char **argv, struct model_args *args)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "steps", required_argument, NULL, 'n' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "options", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			number(argv[0], "seed", &args->seed);
		else if (c == 'n')
			number(argv[0], "steps", &args->steps);
		else if (c == 'r')
			number(argv[0], "rounds", &args->rounds);
		else if (c == 'o')
			args->options = optarg;
		else
			exit(2);
	}
}

/* One round; 0 when model and core agree to the end. */
static int run_round(const char *argv0, const char *options, uint64_t seed,
		     uint64_t steps)
{
	int step = options ? harness_machine_with(MODEL_MEMORY, options) :
		   harness_machine(MODEL_MEMORY, MODEL_BOOTED);

	if (step) {
		printf("# no machine: error %d\n", step);
		return 1;
	}
	step = MODEL_RUN(seed, steps);
	if (step) {
		harness_log(to_stdout, NULL);
		printf("# " STR(MODEL) ": seed %llu: differs from the oracle after step %d\n"
		       "# replay: %s --seed %llu --steps %d%s%s\n",
		       (unsigned long long)seed, step, argv0,
		       (unsigned long long)seed, step,
		       options ? " --options " : "", options ? options : "");
	}
	harness_machine_end();
	return step != 0;
}

int main(int argc, char **argv)
{
	struct model_args args = { .seed = 1, .steps = 100000, .rounds = 1 };
	int failed = 0;

	parse(argc, argv, &args);
	printf("TAP version 13\n1..%llu\n", (unsigned long long)args.rounds);
	for (uint64_t r = 0; r < args.rounds; r++) {
		int bad = run_round(argv[0], args.options, args.seed + r,
				    args.steps);

		printf("%s %llu " STR(MODEL) " seed %llu: %llu steps\n",
		       bad ? "not ok" : "ok", (unsigned long long)r + 1,
		       (unsigned long long)(args.seed + r),
		       (unsigned long long)args.steps);
		fflush(stdout);
		failed |= bad;
	}
	return failed;
}
