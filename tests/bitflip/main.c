// SPDX-License-Identifier: MIT
/*
 * The bit-flip campaign (flip.c): every bit of every structure of the page
 * allocator flipped, one at a time, and a table of what became of them.
 *
 *	bitflip [--pages N] [--steps N] [--seed N] [--every N] [--bit N]
 *
 * --every N takes a bit in N only, which one of them the seed says; of what
 * memory is found by, one in 64 N. --bit N
 * flips this one and says what happened; it is what a failure names.
 *
 * Flips are made in a child, which says in shared memory how far it is. When
 * it dies, or has computed for too long on one flip, the parent notes that
 * and goes on with the next flip in a new child.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flip.h"

/* A run takes a tenth of a millisecond, under ASan one or two. */
#define SECONDS_PER_FLIP	1
#define SHOWN			12	/* failures that are named */
/* A flip in a base takes a machine of its own: one in so many is flipped. */
#define BASES_EVERY		64

struct progress {
	uint64_t at;		/* the flip under way */
	uint64_t counts[FLIP_REGIONS][NR_FLIP_OUTCOMES];
	uint64_t failed[SHOWN];
	uint8_t why[SHOWN];
	unsigned int nr_failed;
};

static struct progress *progress;
static uint64_t every = 1, only = UINT64_MAX;
static struct flip_options o = {
	.pages = 96, .cpus = 2, .keep = 6, .steps = 150, .seed = 1,
};

static const char *const outcomes[] = {
	"harmless", "reported", "check", "leaked", "stopped", "twice,seen",
	"TWICE", "CRASHED", "ENDLESS",
};

static void note(uint64_t bit, enum flip_outcome what)
{
	unsigned int nr, r, n = progress->nr_failed;
	size_t offset;

	r = flip_where(bit, &offset, &nr);
	/* A pointer to nowhere: the processor says so, and which. */
	if (what == FLIP_CRASHED && flip_region_bases(r))
		what = FLIP_STOPPED;
	progress->counts[r][what]++;
	if (what < FLIP_TWICE)
		return;
	if (n < SHOWN) {
		progress->failed[n] = bit;
		progress->why[n] = (uint8_t)what;
	}
	progress->nr_failed++;
}

/* Computing time for one flip; a signal ends the process when it is over. */
static void watchdog(void)
{
	const struct itimerval t = { .it_value.tv_sec = SECONDS_PER_FLIP };

	setitimer(ITIMER_VIRTUAL, &t, NULL);
}

static bool in_bases(uint64_t bit)
{
	unsigned int nr;
	size_t offset;

	return flip_region_bases(flip_where(bit, &offset, &nr));
}

static void next(void)
{
	progress->at += in_bases(progress->at) ? every * BASES_EVERY : every;
}

/* A machine of its own, as it may be written to anywhere, and die noisily. */
static void child_of_base(void)
{
	if (!freopen("/dev/null", "w", stderr) || flip_setup(&o))
		_exit(2);
}

static void child(void)
{
	uint64_t n = flip_bits();

	for (; progress->at < n; next()) {
		enum flip_outcome what;

		if (in_bases(progress->at))
			child_of_base();
		watchdog();
		what = flip_run(progress->at);
		note(progress->at, what);
		/* A machine that has stopped is of no use any more. */
		if (what == FLIP_STOPPED || in_bases(progress->at)) {
			next();
			_exit(1);
		}
	}
	_exit(0);
}

static void campaign(void)
{
	uint64_t n = flip_bits();

	while (progress->at < n) {
		pid_t pid = fork();
		int status;

		if (!pid)
			child();
		if (pid < 0 || waitpid(pid, &status, 0) < 0) {
			perror("fork");
			exit(2);
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
			continue;
		note(progress->at, WIFSIGNALED(status) &&
		     WTERMSIG(status) == SIGVTALRM ? FLIP_ENDLESS :
						     FLIP_CRASHED);
		next();
	}
}

static void table_row(const char *name, const uint64_t *counts)
{
	uint64_t bits = 0;

	for (int i = 0; i < NR_FLIP_OUTCOMES; i++)
		bits += counts[i];
	printf("# %-24s %8llu", name, (unsigned long long)bits);
	for (int i = 0; i < NR_FLIP_OUTCOMES; i++)
		printf(" %10llu", (unsigned long long)counts[i]);
	printf("\n");
}

/* Adds up the regions of that name; returns the first of them. */
static unsigned int table_sum(const char *name, uint64_t *counts)
{
	unsigned int first = flip_regions();

	for (unsigned int r = flip_regions(); r-- > 0; ) {
		if (strcmp(flip_region_name(r), name))
			continue;
		first = r;
		for (int i = 0; i < NR_FLIP_OUTCOMES; i++)
			counts[i] += progress->counts[r][i];
	}
	return first;
}

static void table(void)
{
	uint64_t sum[NR_FLIP_OUTCOMES] = { 0 };

	printf("# %-24s %8s", "flipped in", "bits");
	for (int i = 0; i < NR_FLIP_OUTCOMES; i++)
		printf(" %10s", outcomes[i]);
	printf("\n");
	for (unsigned int r = 0; r < flip_regions(); r++) {
		const char *name = flip_region_name(r);
		uint64_t of_name[NR_FLIP_OUTCOMES] = { 0 };
		unsigned int n = table_sum(name, of_name);

		for (int i = 0; i < NR_FLIP_OUTCOMES; i++)
			sum[i] += progress->counts[r][i];
		/* A structure of many parts has one row, at the first. */
		if (n == r)
			table_row(name, of_name);
	}
	table_row("all", sum);
}

static void failures(const char *argv0)
{
	for (unsigned int i = 0; i < progress->nr_failed && i < SHOWN; i++) {
		unsigned int nr, r;
		size_t offset;

		r = flip_where(progress->failed[i], &offset, &nr);
		printf("# %s: %s + %#zx bit %u\n# replay: %s --pages %u --steps %u --seed %llu --bit %llu\n",
		       outcomes[progress->why[i]], flip_region_name(r), offset,
		       nr, argv0, o.pages, o.steps, (unsigned long long)o.seed,
		       (unsigned long long)progress->failed[i]);
	}
}

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	printf("# log: %.*s", (int)n, s);
}

static int one(void)
{
	unsigned int nr, r;
	enum flip_outcome what;
	size_t offset;

	r = flip_where(only, &offset, &nr);
	printf("# %s + %#zx bit %u\n", flip_region_name(r), offset, nr);
	fflush(stdout);
	what = flip_run(only);
	flip_log(to_stdout, NULL);
	printf("# %s\n", outcomes[what]);
	return what >= FLIP_TWICE;
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

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "pages", required_argument, NULL, 'p' },
		{ "steps", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ "every", required_argument, NULL, 'e' },
		{ "bit", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	int c, i;
	uint64_t v;

	while ((c = getopt_long(argc, argv, "", options, &i)) != -1) {
		if (c == '?')
			exit(2);
		number(argv[0], options[i].name, &v);
		if (c == 'p')
			o.pages = (unsigned int)v;
		else if (c == 'n')
			o.steps = (unsigned int)v;
		else if (c == 's')
			o.seed = v;
		else if (c == 'e')
			every = v ? v : 1;
		else
			only = v;
	}
}

int main(int argc, char **argv)
{
	int err;

	parse(argc, argv);
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	err = flip_setup(&o);
	if (err) {
		flip_log(to_stdout, NULL);
		printf("# the machine is not sound before any flip: %d\n", err);
		return 1;
	}
	if (only < flip_bits())
		return one();
	printf("TAP version 13\n1..1\n");
	fflush(stdout);
	progress->at = o.seed % every;
	campaign();
	table();
	failures(argv[0]);
	printf("%s 1 bit flips: %llu bits in %u pages' metadata, one in %llu flipped\n",
	       progress->nr_failed ? "not ok" : "ok",
	       (unsigned long long)flip_bits(), o.pages,
	       (unsigned long long)every);
	return progress->nr_failed != 0;
}
