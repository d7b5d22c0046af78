// SPDX-License-Identifier: MIT
/*
 * Drives a fuzz target without libFuzzer: a short run that is the same every
 * time, for the suite.
 *
 *	fuzz-NAME [--seed S] [--runs N] FILE|DIR...
 *
 * Each file of the corpus is run as it is; then N inputs are made by changing
 * files of the corpus: bits flipped, bytes replaced by numbers that parsers
 * trip over, pieces cut out, doubled or taken from another file. An input
 * that crashes is left in fuzz-NAME.last.
 */
#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

#define INPUT_LIMIT	65536	/* bytes: longer than any firmware table here */
#define MAX_CORPUS	1024	/* files */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *data;
	size_t size;
};

static struct input corpus[MAX_CORPUS];
static unsigned int nr_corpus;
static uint64_t state = 1;
static char last_path[256];

/* xorshift64*, Vigna 2016: state is never 0. */
static uint64_t random_next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

static size_t below(size_t n)
{
	return n ? (size_t)(random_next() >> 16) % n : 0;
}

static void die(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

static void load_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct input *in = &corpus[nr_corpus];

	if (!f)
		die(path, "cannot be read");
	if (nr_corpus == MAX_CORPUS)
		die(path, "corpus has too many files");
	in->data = malloc(INPUT_LIMIT);
	if (!in->data)
		die(path, "no memory");
	in->size = fread(in->data, 1, INPUT_LIMIT, f);
	fclose(f);
	nr_corpus++;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void load(const char *path)
{
	struct dirent **names;
	struct stat st;
	char name[4096];
	int n;

	if (stat(path, &st))
		die(path, "not there");
	if (!S_ISDIR(st.st_mode)) {
		load_file(path);
		return;
	}
	n = scandir(path, &names, NULL, by_name);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(name, sizeof(name), "%s/%s", path,
				 names[i]->d_name);
			load(name);
		}
		free(names[i]);
	}
	free(names);
}

/* What is running, for who dies of it. */
static struct input current;

static void keep_current(void)
{
	int fd = open(last_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	ssize_t n = fd < 0 ? -1 : write(fd, current.data, current.size);

	(void)!write(STDERR_FILENO, "the input is in ", 16);
	(void)!write(STDERR_FILENO, last_path, strlen(last_path));
	(void)!write(STDERR_FILENO, n < 0 ? " (not written)\n" : "\n",
		     n < 0 ? 15 : 1);
	if (fd >= 0)
		close(fd);
}

static void on_signal(int sig)
{
	keep_current();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run(const uint8_t *data, size_t size)
{
	/* Exactly as large as the input, so that ASan sees a step beyond. */
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		die("input", "no memory");
	memcpy(copy, data, size);
	current = (struct input){ copy, size };
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static size_t cut_piece(uint8_t *buf, size_t size)
{
	size_t at = below(size), n = below(size - at) + 1;

	memmove(buf + at, buf + at + n, size - at - n);
	return size - n;
}

static size_t insert_piece(uint8_t *buf, size_t size)
{
	const struct input *from = &corpus[below(nr_corpus)];
	size_t at = below(size + 1), src = below(from->size);
	size_t n = below(from->size - src) + 1;

	if (!from->size || size + n > INPUT_LIMIT)
		return size;
	memmove(buf + at + n, buf + at, size - at);
	memcpy(buf + at, from->data + src, n);
	return size + n;
}

static size_t change(uint8_t *buf, size_t size)
{
	static const uint64_t numbers[] = {
		0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
		0x80000000, 0xffffffff, 0x7fffffffffffffff,
		0x8000000000000000, 0xffffffffffffffff,
	};
	uint64_t value = numbers[below(sizeof(numbers) / sizeof(*numbers))];
	size_t width = (size_t)1 << below(4), at = below(size);

	switch (below(6)) {
	case 0:
		return size ? cut_piece(buf, size) : size;
	case 1:
		return insert_piece(buf, size);
	case 2:
		if (size >= width)
			memcpy(buf + below(size - width + 1), &value, width);
		return size;
	case 3:
		if (size)
			buf[at] = (uint8_t)random_next();
		return size;
	case 4:
		if (size)	/* a digit or sign, for texts */
			buf[at] = (uint8_t)"0123456789abcdefx-@!$:,=%KMGTP \n[]"
				[below(34)];
		return size;
	default:
		if (size)
			buf[at] ^= (uint8_t)(1U << below(8));
		return size;
	}
}

static void mutate_and_run(uint64_t runs)
{
	uint8_t *buf = malloc(INPUT_LIMIT);

	if (!buf)
		die("input", "no memory");
	while (runs--) {
		const struct input *in = &corpus[below(nr_corpus)];
		size_t size = in->size, changes = below(8) + 1;

		memcpy(buf, in->data, size);
		while (changes--)
			size = change(buf, size);
		run(buf, size);
	}
	free(buf);
}

static uint64_t number(const char *what)
{
	char *end;
	uint64_t n = strtoull(optarg, &end, 0);

	if (*end || end == optarg)
		die(what, "takes a number");
	return n;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "runs", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *name = strrchr(argv[0], '/');
	uint64_t runs = 10000;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			state = number("--seed") | 1;
		else if (c == 'n')
			runs = number("--runs");
		else
			return 2;
	}
	snprintf(last_path, sizeof(last_path), "%s.last",
		 name ? name + 1 : argv[0]);
	for (int i = optind; i < argc; i++)
		load(argv[i]);
	if (!nr_corpus)
		die(argv[0], "needs a corpus: FILE|DIR...");
	LLVMFuzzerInitialize(&argc, &argv);
	/* A report of the sanitizer's, a trap of the target's, a panic. */
	__sanitizer_set_death_callback(keep_current);
	signal(SIGILL, on_signal);
	signal(SIGABRT, on_signal);
	for (unsigned int i = 0; i < nr_corpus; i++)
		run(corpus[i].data, corpus[i].size);
	mutate_and_run(runs);
	printf("TAP version 13\n1..1\nok 1 %s: %u files, %llu changed inputs\n",
	       name ? name + 1 : argv[0], nr_corpus, (unsigned long long)runs);
	for (unsigned int i = 0; i < nr_corpus; i++)
		free(corpus[i].data);
	return 0;
}
