// SPDX-License-Identifier: MIT
/*
 * The page allocator on simulated CPUs (docs/simulation.md). Writes TAP.
 *
 *	sim --policy random|pct|mixed [--seed S] [--schedules N]
 *	sim --policy pairs [--pair CALL,CALL [--plan PLAN]] [--preemptions N]
 *	    [--part I/N]
 *	sim --large --policy random|pct|mixed [--seed S] [--schedules N]
 *	sim --toys
 *	sim --plants [--schedules N]
 *	sim --find --plant NAME [--schedules N]
 *	sim --list
 *
 * --large takes a machine whose zones keep pageblocks for HIGHATOMIC requests,
 * with calls that have them given back.
 *
 * --plant NAME puts that bug in before a policy runs. --seconds N goes on with
 * new seeds for that long. A failure prints what was found, the last that
 * happened before and the command that has it again; the exit status is 1.
 * --plants expects each planted bug to be found, each in a process of its own
 * (--find), since a bug may do anything.
 */
#include <dlfcn.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

#define CHUNK		10000	/* schedules of one test point */
#define PLANT_SECONDS	60	/* a plant's process may take */

struct args {
	const char *argv0, *policy, *pair, *plan;
	uint64_t seed, schedules, seconds;
	unsigned int preemptions, plant, part, parts;
	bool toys, plants, find, large;
};

static unsigned int points, failures;

static void point(bool ok, const char *text)
{
	points++;
	failures += !ok;
	printf("%s %u - %s\n", ok ? "ok" : "not ok", points, text);
	fflush(stdout);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- what is known of a failure --------------------------------------- */

/* Names of functions and lines, innermost first, when addr2line is there. */
static void print_place(unsigned long place)
{
	char command[256], line[256], function[256];
	Dl_info info;
	FILE *f;

	if (!dladdr((void *)place, &info))
		return;
	snprintf(command, sizeof(command),
		 "addr2line -sifp -e /proc/%d/exe %#lx 2>/dev/null",
		 (int)getpid(), place - 1 - (unsigned long)info.dli_fbase);
	f = popen(command, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " (inlined by) %255[^\n]", function) == 1 ||
		    sscanf(line, " %255[^\n]", function) == 1)
			printf("#                  %s\n", function);
	if (f)
		pclose(f);
}

static void print_line(void *ctx, const char *text, unsigned long place)
{
	(void)ctx;
	printf("# %s\n", text);
	if (place)
		print_place(place);
}

static void print_failure(const struct args *a, const struct sim_tally *t)
{
	char why[512];

	simtest_report(print_line, NULL);
	printf("# found after %llu schedules: %s\n",
	       (unsigned long long)t->runs, simtest_why(why, sizeof(why)));
	printf("# replay: %s %s%s%s\n", a->argv0, t->replay,
	       a->plant ? " --plant " : "",
	       a->plant ? simtest_plant_name(a->plant) : "");
}

static void tally_print(const struct sim_tally *t, uint64_t ms)
{
	printf("# %llu schedules, %llu steps, %llu switches, %llu interrupts, %llu late stores; %llu schedules a second\n",
	       (unsigned long long)t->runs, (unsigned long long)t->steps,
	       (unsigned long long)t->switches,
	       (unsigned long long)t->interrupts,
	       (unsigned long long)t->delayed,
	       (unsigned long long)(t->runs * 1000 / (ms + 1)));
}

/* ---- the ways to run -------------------------------------------------- */

static void run_seeds(const struct args *a)
{
	uint64_t start = now_ms(), done = 0, seed = a->seed;
	struct sim_tally t = { 0 };
	char text[128];

	while (!t.failed && (a->seconds ? now_ms() < start + a->seconds * 1000
					: done < a->schedules)) {
		uint64_t n = a->schedules - done;

		if (n > CHUNK || a->seconds)
			n = CHUNK;
		if (!simtest_seeds(a->policy, seed, n, &t)) {
			fprintf(stderr, "%s: no policy '%s'\n", a->argv0,
				a->policy);
			exit(2);
		}
		if (t.failed)
			print_failure(a, &t);
		snprintf(text, sizeof(text), "%s seeds %llu to %llu",
			 a->policy, (unsigned long long)seed,
			 (unsigned long long)(seed + n - 1));
		point(!t.failed, text);
		seed += n;
		done += n;
	}
	if (a->large) {
		printf("# %llu pageblocks kept for HIGHATOMIC requests, %llu given back\n",
		       (unsigned long long)t.reserved,
		       (unsigned long long)t.released);
		point(done < CHUNK || (t.reserved && t.released),
		      "HIGHATOMIC pageblocks were kept and given back");
	}
	tally_print(&t, now_ms() - start);
}

static void run_pair(const struct args *a, unsigned int i,
		     struct sim_tally *sum)
{
	struct sim_tally t = { 0 };
	char name[64], text[128];

	simtest_pair_name(i, name, sizeof(name));
	if (!simtest_pair(i, a->preemptions, a->plan, &t)) {
		fprintf(stderr, "%s: '%s' is no plan, or --preemptions %u is more than 3\n",
			a->argv0, a->plan ? a->plan : "", a->preemptions);
		exit(2);
	}
	if (t.failed)
		print_failure(a, &t);
	snprintf(text, sizeof(text), "%s: %llu schedules", name,
		 (unsigned long long)t.runs);
	point(!t.failed, text);
	sum->runs += t.runs;
	sum->steps += t.steps;
	sum->switches += t.switches;
	sum->interrupts += t.interrupts;
	sum->delayed += t.delayed;
	sum->failed |= t.failed;
}

static void run_pairs(const struct args *a)
{
	unsigned int n = simtest_nr_pairs(), i;
	struct sim_tally sum = { 0 };
	uint64_t start = now_ms();
	int one = a->pair ? simtest_pair_lookup(a->pair) : -1;

	if (a->pair && one < 0) {
		fprintf(stderr, "%s: '%s' is no pair of calls; --list has them\n",
			a->argv0, a->pair);
		exit(2);
	}
	for (i = 0; i < n && !(a->plant && sum.failed); i++)
		if (one < 0 ? i % a->parts == a->part : i == (unsigned int)one)
			run_pair(a, i, &sum);
	tally_print(&sum, now_ms() - start);
}

static void run_toys(void)
{
	for (unsigned int i = 0; i < simtest_nr_toys(); i++) {
		char found[256], text[320];
		bool ok;
		const char *name = simtest_toy(i, &ok, found, sizeof(found));

		snprintf(text, sizeof(text), "%s: %s", name, found);
		point(ok, text);
	}
}

/* ---- planted bugs ----------------------------------------------------- */

/*
 * Looks for the planted bug, by seeds and then by pairs; writes a line and
 * ends with 0 when it was found.
 */
static int find_plant(const struct args *a)
{
	const char *how = "seeded schedules";
	struct sim_tally t = { 0 };
	char why[256];

	alarm(PLANT_SECONDS);
	simtest_seeds("mixed", a->seed, a->schedules, &t);
	if (!t.failed && !a->large) {
		how = "schedules, at last of pairs";
		for (unsigned int n = 0; n < simtest_nr_pairs(); n++)
			if (simtest_pair(n, 1, NULL, &t) && t.failed)
				break;
	}
	if (!t.failed)
		return 1;
	printf("%llu %s: %s (%s)\n", (unsigned long long)t.runs, how,
	       simtest_why(why, sizeof(why)), t.replay);
	return 0;
}

static void run_plant(const struct args *a, unsigned int i)
{
	bool large = !strncmp(simtest_plant_name(i), "highatomic", 10);
	char command[512], found[512] = "", text[768];
	int status;
	FILE *f;

	snprintf(command, sizeof(command),
		 "exec '%s' --find%s --plant %s --seed %llu --schedules %llu",
		 a->argv0, large ? " --large" : "", simtest_plant_name(i),
		 (unsigned long long)a->seed,
		 (unsigned long long)a->schedules);
	f = popen(command, "r");
	if (!f || !fgets(found, sizeof(found), f))
		snprintf(found, sizeof(found), "not found");
	found[strcspn(found, "\n")] = '\0';
	status = f ? pclose(f) : -1;
	if (WIFSIGNALED(status))
		snprintf(found, sizeof(found), "%s",
			 strsignal(WTERMSIG(status)));
	snprintf(text, sizeof(text), "%s: %s: %s", simtest_plant_name(i),
		 simtest_plant_text(i), found);
	point(!status, text);
}

/* ---- arguments -------------------------------------------------------- */

static void list(void)
{
	char name[64];

	for (unsigned int i = 0; i < simtest_nr_pairs(); i++) {
		simtest_pair_name(i, name, sizeof(name));
		printf("pair %s\n", name);
	}
	for (unsigned int i = 1; i <= simtest_nr_plants(); i++)
		printf("plant %s: %s\n", simtest_plant_name(i),
		       simtest_plant_text(i));
}

static uint64_t number(const struct args *a, const char *what)
{
	char *end;
	uint64_t value = strtoull(optarg, &end, 0);

	if (!*end && end != optarg)
		return value;
	fprintf(stderr, "%s: --%s takes a number, not '%s'\n", a->argv0, what,
		optarg);
	exit(2);
}

static unsigned int plant_lookup(const struct args *a)
{
	for (unsigned int i = 1; i <= simtest_nr_plants(); i++)
		if (!strcmp(simtest_plant_name(i), optarg))
			return i;
	fprintf(stderr, "%s: no bug '%s' is planted; --list has them\n",
		a->argv0, optarg);
	exit(2);
}

static void part_parse(struct args *a)
{
	if (sscanf(optarg, "%u/%u", &a->part, &a->parts) == 2 &&
	    a->part < a->parts)
		return;
	fprintf(stderr, "%s: --part takes I/N with I below N, not '%s'\n",
		a->argv0, optarg);
	exit(2);
}

static void parse(int argc, char **argv, struct args *a)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 's' },
		{ "schedules", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 't' },
		{ "pair", required_argument, NULL, 'c' },
		{ "plan", required_argument, NULL, 'P' },
		{ "preemptions", required_argument, NULL, 'd' },
		{ "part", required_argument, NULL, 'i' },
		{ "plant", required_argument, NULL, 'b' },
		{ "large", no_argument, NULL, 'L' },
		{ "toys", no_argument, NULL, 'y' },
		{ "plants", no_argument, NULL, 'B' },
		{ "find", no_argument, NULL, 'f' },
		{ "list", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': a->policy = optarg; break;
		case 's': a->seed = number(a, "seed"); break;
		case 'n': a->schedules = number(a, "schedules"); break;
		case 't': a->seconds = number(a, "seconds"); break;
		case 'c': a->pair = optarg; break;
		case 'P': a->plan = optarg; break;
		case 'd':
			a->preemptions = (unsigned int)number(a, "preemptions");
			break;
		case 'i': part_parse(a); break;
		case 'b': a->plant = plant_lookup(a); break;
		case 'L': a->large = true; break;
		case 'y': a->toys = true; break;
		case 'B': a->plants = true; break;
		case 'f': a->find = true; break;
		case 'l': list(); exit(0);
		default: exit(2);
		}
	}
}

/* A planted bug, or a real one, may lead anywhere: it is a finding. */
static void crashed(int signal_number)
{
	simtest_crashed();
	signal(signal_number, SIG_DFL);
}

static void catch_crashes(void)
{
	static char stack[1 << 16];
	stack_t on = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_handler = crashed,
				 .sa_flags = SA_ONSTACK | SA_NODEFER };

	sigaltstack(&on, NULL);
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
}

int main(int argc, char **argv)
{
	struct args a = {
		.argv0 = argv[0], .policy = "mixed", .seed = 1,
		.schedules = 10000, .preemptions = 2, .parts = 1,
	};
	int err;

	parse(argc, argv, &a);
	err = simtest_start(a.large);
	if (err) {
		fprintf(stderr, "%s: no machine: error %d\n", a.argv0, err);
		return 2;
	}
	catch_crashes();
	simtest_plant(a.plant);
	if (a.find)
		return find_plant(&a);
	printf("TAP version 13\n");
	if (a.toys) {
		run_toys();
	} else if (a.plants) {
		for (unsigned int i = 1; i <= simtest_nr_plants(); i++)
			run_plant(&a, i);
	} else {
		if (!strcmp(a.policy, "pairs"))
			run_pairs(&a);
		else
			run_seeds(&a);
	}
	printf("1..%u\n", points);
	return failures ? 1 : 0;
}
