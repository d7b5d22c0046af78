/* SPDX-License-Identifier: MIT */
/*
 * Machines as a program has them, through <octavo/octavo.h> alone: what is
 * wrong with the options is said in one line, machines live side by side on
 * several threads, and a destroyed one leaves nothing behind. Writes TAP.
 */
#include <errno.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <octavo/octavo.h>

#include "machine_fill.h"

#define MIB		((uint64_t)1 << 20)
#define ROUNDS		1000	/* machines made and ended, one by one */
#define THREADS		4
#define THREAD_ROUNDS	25

static unsigned int points, failed;

static void check(bool ok, const char *what)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++points, what);
	failed += !ok;
}

/* ---- errors ---------------------------------------------------------- */

struct bad {
	const char *what;
	struct octavo_options options;
	int code;
	const char *text;
};

#define TEXT(s)		{ s, sizeof(s) - 1, "map.txt" }

static const struct octavo_range odd_hole = { 4096, 100 };
static const uint8_t zero_distances[4];
static const uint8_t not_a_table[] = "APICxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

static const struct bad bad[] = {
	{ "memory is not whole pages", { .memory = 4097 }, -EINVAL,
	  "memory of 4097 bytes is not a multiple of the page size, 4096" },
	{ "too much memory", { .memory = (uint64_t)16 << 40 }, -E2BIG,
	  "memory of 17592186044416 bytes would end above 16 TiB" },
	{ "too many nodes", { .nodes = 65 }, -EINVAL, "65 nodes: at most 64" },
	{ "too many CPUs", { .cpus = 513 }, -EINVAL, "513 CPUs: at most 512" },
	{ "nodes without a page", { .memory = 4096 * 16, .nodes = 64 },
	  -EINVAL, "64 nodes: a node has less than a page of the 65536 bytes" },
	{ "a hole of part of a page", { .holes = &odd_hole, .nr_holes = 1 },
	  -EINVAL,
	  "hole 0 at 0x1000: 100 bytes are not whole pages of 4096" },
	{ "distances without nodes", { .distances = zero_distances }, -EINVAL,
	  "distances are given without a number of nodes" },
	{ "distances of zero", { .nodes = 2, .distances = zero_distances },
	  -EINVAL,
	  "distance from node 0 to 0 is 0: must be 10 to itself, more to others" },
	{ "a map and a size",
	  { .memory = MIB, .map = TEXT("0x0-0xfff usable\n") }, -EINVAL,
	  "a map and a size or holes of memory are given: one of them, please" },
	{ "a bad line of a map", { .map = TEXT("\n0x0-0xffg usable\n") },
	  -EINVAL, "map.txt:2: \"0x0-0xffg usable\": *" },
	{ "a text without a map", { .map = TEXT("# nothing\n") }, -ENODATA,
	  "map.txt: no memory map in it" },
	{ "a map without RAM", { .map = TEXT("0x0-0xfffff reserved\n") },
	  -ENOMEM, "no usable RAM in the map" },
	{ "RAM above 16 TiB",
	  { .map = TEXT("0x100000000000-0x1000ffffffff usable\n") }, -E2BIG,
	  "RAM from 0x100000000000 on: above 16 TiB, more than a struct page can name" },
	{ "a MADT for an SRAT",
	  { .srat = { not_a_table, sizeof(not_a_table), "t.bin" } }, -EINVAL,
	  "t.bin: starts with \"APIC\", not with \"SRAT\"" },
	{ "CPUs twice",
	  { .cpus = 2, .madt = { not_a_table, sizeof(not_a_table), "t" } },
	  -EINVAL,
	  "a number of CPUs and a MADT are given: one of them, please" },
};

/* The whole text, or its start when that ends with a star. */
static bool same(const char *text, const char *expected)
{
	size_t n = strlen(expected);

	if (n && expected[n - 1] == '*')
		return !strncmp(text, expected, n - 1) && text[n - 1];
	return !strcmp(text, expected);
}

static void test_errors(void)
{
	struct octavo_error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct octavo_machine *m =
			octavo_machine_create(&bad[i].options, &err);
		bool ok = !m && err.code == bad[i].code &&
			  same(err.text, bad[i].text);

		check(ok, bad[i].what);
		if (!ok)
			printf("# got %d \"%s\"\n# expected %d \"%s\"\n",
			       m ? 0 : err.code, m ? "" : err.text,
			       bad[i].code, bad[i].text);
		octavo_machine_destroy(m);
	}
}

/* ---- nothing is left behind ------------------------------------------ */

static unsigned int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

/* Mappings of the process that are a machine's. */
static unsigned int count_arenas(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, "octavo-ram") != NULL;
	if (f)
		fclose(f);
	return n;
}

static unsigned int count_threads(void)
{
	DIR *d = opendir("/proc/self/task");
	unsigned int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void test_leaks(void)
{
	struct octavo_options o = { .memory = 64 * MIB, .nodes = 2, .cpus = 4 };
	unsigned int fds = count_fds(), threads = count_threads();
	unsigned int made = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct octavo_machine *m = octavo_machine_create(&o, NULL);

		made += m != NULL;
		octavo_machine_destroy(m);
	}
	check(made == ROUNDS, "1000 machines, one after another");
	check(count_fds() == fds, "no descriptor is left of them");
	check(count_arenas() == 0, "no mapping is left of them");
	check(count_threads() == threads, "no thread is left of them");
}

/* ---- side by side ---------------------------------------------------- */

static void count_bytes(void *ctx, const char *s, size_t n)
{
	(void)s;
	*(size_t *)ctx += n;
}

static void *live(void *arg)
{
	uint64_t number = (uint64_t)(uintptr_t)arg;
	struct octavo_options o = {
		.memory = (32 + 16 * number) * MIB, .cpus = 2,
		.nodes = (unsigned int)(number % 2 + 1), .seed = number + 1,
	};
	struct octavo_info info;
	uintptr_t good = 0;

	for (int i = 0; i < THREAD_ROUNDS; i++) {
		struct octavo_machine *m = octavo_machine_create(&o, NULL);
		size_t bytes = 0;

		if (!m)
			break;
		octavo_info(m, &info);
		good += !octavo_bind(m, 1) &&
			!octavo_cat(m, "buddyinfo", count_bytes, &bytes) &&
			bytes && info.nr_nodes == o.nodes &&
			info.nr_cpus == 2 && info.ram < o.memory &&
			info.ram > o.memory - 2 * MIB;
		octavo_unbind();
		octavo_machine_destroy(m);
	}
	return (void *)good;
}

static void test_side_by_side(void)
{
	pthread_t threads[THREADS];
	bool ok = true;
	void *good;

	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, live, (void *)i))
			exit(2);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &good);
		ok &= (uintptr_t)good == THREAD_ROUNDS;
	}
	check(ok, "machines of different kinds on 4 threads at once");
}

/* ---- threads and CPUs ------------------------------------------------ */

struct binder {
	struct octavo_machine *m;
	unsigned int cpu;
	unsigned long *counter;		/* of the CPU: only its holder writes */
	pthread_t thread;
};

static void *bind_often(void *arg)
{
	struct binder *b = arg;

	for (int i = 0; i < 200; i++) {
		if (octavo_bind(b->m, b->cpu))
			return NULL;
		(*b->counter)++;
		octavo_unbind();
	}
	return b;
}

static void test_bind(void)
{
	struct octavo_options o = { .memory = 64 * MIB, .cpus = 2 };
	struct octavo_machine *m = octavo_machine_create(&o, NULL);
	unsigned long counters[2] = { 0 };
	struct binder b[THREADS];
	bool ok = true;
	void *done;

	if (!m) {
		check(false, "a machine to bind to");
		return;
	}
	check(octavo_bind(m, 2) == -EINVAL, "no CPU 2 of two");
	check(octavo_bound() == NULL, "not bound after that");
	check(octavo_bind(m, 1) == 0 && octavo_bound() == m, "bound to CPU 1");
	check(octavo_bind(m, 0) == -EBUSY, "one CPU at a time");
	octavo_unbind();
	for (unsigned int i = 0; i < THREADS; i++) {
		b[i] = (struct binder){ m, i % 2, &counters[i % 2], 0 };
		if (pthread_create(&b[i].thread, NULL, bind_often, &b[i]))
			exit(2);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(b[i].thread, &done);
		ok &= done != NULL;
	}
	check(ok, "4 threads take turns on 2 CPUs");
	check(counters[0] == 400 && counters[1] == 400,
	      "one holder at a time, each sees what the last wrote");
	octavo_machine_destroy(m);
}

/* ---- CPUs that go and come ------------------------------------------- */

static unsigned int online(struct octavo_machine *m)
{
	struct octavo_info info;

	octavo_info(m, &info);
	return info.nr_cpus;
}

static void test_cpus(void)
{
	struct octavo_options o = { .memory = 64 * MIB, .cpus = 3 };
	struct octavo_machine *m = octavo_machine_create(&o, NULL), *other;
	struct octavo_error err;

	if (!m) {
		check(false, "a machine whose CPUs go");
		return;
	}
	check(octavo_cpu_offline(m, 1) == 0 && online(m) == 2, "CPU 1 goes");
	check(octavo_cpu_offline(m, 1) == -EALREADY, "once only");
	check(octavo_bind(m, 1) == -EINVAL, "nobody is bound to it then");
	check(octavo_cpu_offline(m, 0) == -EPERM, "CPU 0 stays");
	check(octavo_cpu_offline(m, 3) == -EINVAL, "there is no CPU 3");
	check(octavo_cpu_online(m, 3) == -EINVAL, "nor does it come");
	check(octavo_cpu_online(m, 1) == 0 && online(m) == 3, "it comes back");
	check(octavo_cpu_online(m, 1) == -EALREADY, "once only, too");
	check(octavo_bind(m, 2) == 0, "CPU 2 has a thread");
	check(octavo_cpu_offline(m, 2) == -EBUSY && online(m) == 3,
	      "and does not go while it has");
	check(octavo_cpu_offline(m, 1) == 0, "another one does");
	octavo_unbind();
	check(octavo_write(m, "/sys/devices/system/cpu/cpu2/online", "0",
			   &err) == 0 && online(m) == 1,
	      "CPU 2 goes by its file");
	other = octavo_machine_create(&o, NULL);
	check(other && octavo_bind(other, 0) == 0 &&
	      octavo_cpu_online(m, 1) == -EBUSY,
	      "not by who is bound elsewhere");
	octavo_machine_destroy(other);
	octavo_machine_destroy(m);
}

/* ---- what caches keep ------------------------------------------------- */

/* Objects that CPUs keep, and slabs that nobody has an object of. */
static uint64_t caches_keep(struct octavo_machine *m)
{
	static struct octavo_cache_info caches[512];
	unsigned int n = octavo_caches(m, caches, 512);
	uint64_t kept = 0;

	for (unsigned int i = 0; i < n && i < 512; i++)
		kept += caches[i].cached + caches[i].empty_slabs;
	return kept;
}

static void test_reap(void)
{
	struct octavo_options o = { .memory = 64 * MIB, .cpus = 2 };
	struct octavo_machine *m = octavo_machine_create(&o, NULL), *other;
	uint64_t kept, pages;

	if (!m || octavo_bind(m, 1)) {
		check(false, "a machine to be used");
		octavo_machine_destroy(m);
		return;
	}
	machine_fill();
	octavo_unbind();
	kept = caches_keep(m);
	/* What was used since the last call may be wanted again. */
	pages = octavo_reap(m);
	pages += octavo_reap(m);
	check(kept > 0 && pages > 0 && caches_keep(m) < kept,
	      "octavo_reap() gives back what caches keep");
	kept = caches_keep(m);
	check(octavo_reap(m) == 0 && caches_keep(m) == kept,
	      "and nothing when nothing was used");
	check(octavo_bind(m, 1) == 0 && octavo_reap(m) == 0 &&
	      octavo_bound() == m, "also by who is bound to the machine");
	octavo_unbind();
	other = octavo_machine_create(&o, NULL);
	check(other && octavo_bind(other, 0) == 0 && octavo_reap(m) == 0 &&
	      octavo_bound() == other, "not by who is bound to another");
	octavo_machine_destroy(other);
	octavo_machine_destroy(m);
}

/* ---- inputs that make it repeatable ---------------------------------- */

struct text {
	char bytes[65536];
	size_t n;
};

static void append(void *ctx, const char *s, size_t n)
{
	struct text *t = ctx;

	if (n > sizeof(t->bytes) - t->n)
		n = sizeof(t->bytes) - t->n;
	memcpy(t->bytes + t->n, s, n);
	t->n += n;
}

/* The line that tells where the process put the arena aside. */
static void test_repeatable(void)
{
	static struct text logs[2];
	struct octavo_options o = {
		.memory = 64 * MIB, .cpus = 2, .nodes = 2, .seed = 7,
		.clock_step_ns = 1000, .cmdline = "quiet",
	};

	for (int i = 0; i < 2; i++) {
		struct octavo_machine *m = octavo_machine_create(&o, NULL);
		char *line, *end;

		if (!m)
			break;
		octavo_log(m, append, &logs[i]);
		octavo_machine_destroy(m);
		line = memmem(logs[i].bytes, logs[i].n, "direct map:", 11);
		end = line ? memchr(line, '\n', 200) : NULL;
		if (end)
			memset(line, ' ', (size_t)(end - line));
	}
	check(logs[0].n && logs[0].n == logs[1].n &&
	      !memcmp(logs[0].bytes, logs[1].bytes, logs[0].n),
	      "the same seed and clock give the same log");
}

int main(void)
{
	test_errors();
	test_bind();
	test_cpus();
	test_reap();
	test_repeatable();
	test_side_by_side();
	test_leaks();
	printf("1..%u\n", points);
	return failed != 0;
}
