/* SPDX-License-Identifier: MIT */
/*
 * liboctavo-malloc.so as programs see it: every call, each bad input, errno,
 * alignment, threads that come and go, fork(), the limit, memory that goes
 * back, exhaustion. Writes TAP.
 *
 *   unit              all cases
 *   unit NAME         one of them
 *   unit --death NAME misuse that ends the program (malloc_test.py looks)
 *
 * Cases that need another environment run this program again.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void free_sized(void *p, size_t size);
void free_aligned_sized(void *p, size_t align, size_t size);

static const char *self;
static int failed_checks;

#define CHECK(cond) do {						\
	if (!(cond)) {							\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
		failed_checks++;					\
	}								\
} while (0)

/* The compiler may not guess what a call does, or leave it out. */
static void *opaque(void *p)
{
	__asm__ volatile("" : "+r"(p));
	return p;
}

/* ---- blocks that know what is in them --------------------------------- */

struct block {
	unsigned char *p;
	size_t size;
	unsigned char fill;
};

static uint64_t rnd(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Most are small, some are large, few are huge. */
static size_t random_size(uint64_t *seed)
{
	uint64_t r = rnd(seed) % 1000;

	if (r < 700)
		return rnd(seed) % 256;
	if (r < 950)
		return rnd(seed) % 8192;
	if (r < 998)
		return rnd(seed) % (200 << 10);
	return rnd(seed) % (3 << 20);
}

/* Bytes at both ends and some in between. */
static void block_fill(struct block *b)
{
	size_t i;

	for (i = 0; i < b->size; i += b->size > 512 ? 251 : 1)
		b->p[i] = b->fill;
	if (b->size)
		b->p[b->size - 1] = b->fill;
}

static bool block_intact(const struct block *b, size_t size)
{
	size_t i;

	for (i = 0; i < size; i += b->size > 512 ? 251 : 1)
		if (b->p[i] != b->fill)
			return false;
	return true;
}

static bool is_aligned(const void *p, size_t align)
{
	return ((uintptr_t)p & (align - 1)) == 0;
}

/* ---- one call at a time ----------------------------------------------- */

static void test_sizes(void)
{
	size_t size;

	for (size = 0; size < 70000; size += size < 1100 ? 1 : 97) {
		unsigned char *p = opaque(malloc(size));

		CHECK(p);
		CHECK(is_aligned(p, size > 8 ? 16 : 8));
		CHECK(malloc_usable_size(p) >= size);
		/* Rounding loses a fifth and a page at most. */
		CHECK(size < 64 || malloc_usable_size(p) <= size + size / 5 + 4096);
		memset(p, 0xa5, malloc_usable_size(p));
		free(p);
	}
	for (size = 1 << 16; size < (size_t)64 << 20; size += size / 3) {
		unsigned char *p = opaque(malloc(size));

		CHECK(p && is_aligned(p, 16));
		p[0] = p[size - 1] = 1;
		CHECK(malloc_usable_size(p) >= size);
		free(p);
	}
	CHECK(malloc_usable_size(NULL) == 0);
}

static void test_zero(void)
{
	void *a = opaque(malloc(0)), *b = opaque(malloc(0));

	CHECK(a && b && a != b);
	free(a);
	free(b);
	free(opaque(NULL));
	a = opaque(realloc(NULL, 0));
	CHECK(a);
	CHECK(!opaque(realloc(a, 0)));
	a = opaque(calloc(0, 0));
	CHECK(a);
	free(a);
}

static void test_calloc(void)
{
	static const size_t sizes[] = { 1, 24, 300, 5000, 40000, 300000,
					1 << 20, 5 << 20 };
	size_t i, k, round;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			unsigned char *p = opaque(calloc(1, sizes[i]));
			bool zero = true;

			CHECK(p);
			for (k = 0; k < sizes[i]; k++)
				zero &= !p[k];
			CHECK(zero);
			memset(p, 0xff, sizes[i]);
			free(p);
		}
	}
}

static void expect_enomem(void *p)
{
	CHECK(!p);
	CHECK(errno == ENOMEM);
	errno = 0;
}

static void test_too_large(void)
{
	volatile size_t max = SIZE_MAX, half = SIZE_MAX / 2 + 2;
	void *p = opaque(malloc(100));

	errno = 0;
	expect_enomem(opaque(malloc(max)));
	expect_enomem(opaque(malloc(half)));
	expect_enomem(opaque(calloc(half, 2)));
	expect_enomem(opaque(calloc(1, half)));
	expect_enomem(opaque(realloc(p, max)));
	expect_enomem(opaque(reallocarray(p, half, 2)));
	expect_enomem(opaque(reallocarray(p, half, 1)));
	expect_enomem(opaque(aligned_alloc(64, max - 3)));
	expect_enomem(opaque(memalign(4096, max - 3)));
	expect_enomem(opaque(valloc(max)));
	expect_enomem(opaque(pvalloc(max - 4096)));
	expect_enomem(opaque(malloc((size_t)1 << 46)));
	free(p);
}

static void test_realloc(void)
{
	static const size_t sizes[] = { 1, 8, 9, 16, 17, 64, 65, 500, 1025,
		4096, 9000, 32768, 32769, 100000, 900000, 1048576, 1048577,
		3000000, 10000000, 2000000, 700000, 300, 20 };
	struct block b = { .fill = 0x5a };
	size_t i, was = 0;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		b.p = opaque(realloc(b.p, sizes[i]));
		CHECK(b.p);
		b.size = was < sizes[i] ? was : sizes[i];
		CHECK(block_intact(&b, b.size));
		b.size = was = sizes[i];
		memset(b.p, b.fill, b.size);
	}
	b.p = opaque(reallocarray(b.p, 10, 30));
	CHECK(b.p && b.p[19] == 0x5a);
	free(b.p);
}

static void test_align(void)
{
	size_t align, size;
	void *p = NULL;

	for (align = 8; align <= (size_t)64 << 20; align *= 2) {
		for (size = 1; size <= 3 << 20; size = size * 5 + 3) {
			CHECK(!posix_memalign(&p, align, size));
			CHECK(is_aligned(p, align));
			CHECK(malloc_usable_size(p) >= size);
			memset(p, 1, size);
			free(opaque(p));
			p = opaque(aligned_alloc(align, size));
			CHECK(p && is_aligned(p, align));
			p = opaque(realloc(p, size + 100));
			free_aligned_sized(p, align, size);
			p = opaque(memalign(align, size));
			CHECK(p && is_aligned(p, align));
			free(p);
		}
	}
	p = opaque(valloc(5));
	CHECK(p && is_aligned(p, 4096));
	free_sized(p, 5);
	p = opaque(pvalloc(5000));
	CHECK(p && is_aligned(p, 4096) && malloc_usable_size(p) >= 8192);
	free(p);
	p = opaque(memalign(48, 10));
	CHECK(p && is_aligned(p, 64));
	free(p);
}

static void test_bad_align(void)
{
	static const size_t bad[] = { 0, 1, 2, 4, 3, 24, 48, 100 };
	volatile size_t max = SIZE_MAX;
	void *untouched = &failed_checks, *p = untouched;
	size_t i;

	errno = 0;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK(posix_memalign(&p, bad[i], 10) == EINVAL);
		CHECK(p == untouched && errno == 0);
	}
	CHECK(posix_memalign(&p, 64, max) == ENOMEM && p == untouched);
	errno = 0;
	CHECK(!opaque(aligned_alloc(bad[4], 48)) && errno == EINVAL);
	errno = 0;
	CHECK(!opaque(aligned_alloc(bad[0], 48)) && errno == EINVAL);
	errno = 0;
	CHECK(!opaque(memalign(max, 48)) && errno == EINVAL);
}

static void test_errno_kept(void)
{
	void *p[6];
	size_t i;

	for (i = 0; i < 6; i++)
		p[i] = opaque(malloc((size_t)100 << (4 * i)));
	errno = 4711;
	for (i = 0; i < 6; i++)
		free(p[i]);
	CHECK(errno == 4711);
	p[0] = opaque(malloc(77));
	CHECK(errno == 4711);
	free(p[0]);
}

static void test_extensions(void)
{
	struct mallinfo2 info;
	void *p = opaque(malloc(3 << 20));
	int ok = mallopt(M_MMAP_THRESHOLD, 1 << 20);

	CHECK(ok == 1);
	info = mallinfo2();
	CHECK(info.arena > 0 && info.hblkhd >= 3 << 20);
	CHECK(info.uordblks > 0 && info.uordblks <= info.arena);
	free(p);
	malloc_trim(0);
}

/* ---- random calls against what is known of each block ------------------ */

#define MODEL_BLOCKS	3000

static void model_step(struct block *b, uint64_t *seed)
{
	size_t size = random_size(seed), kept;
	unsigned int what = rnd(seed) % 8;

	if (b->p)
		CHECK(block_intact(b, b->size));
	if (b->p && what < 2) {
		kept = b->size < size ? b->size : size;
		b->p = opaque(realloc(b->p, size ? size : 1));
		CHECK(b->p && block_intact(b, kept));
		b->size = size ? size : 1;
	} else {
		free(b->p);
		if (what == 2 || what == 3)
			b->p = opaque(calloc(1, size));
		else if (what == 4)
			b->p = opaque(aligned_alloc((size_t)16 << rnd(seed) % 9,
						    size));
		else
			b->p = opaque(malloc(size));
		CHECK(b->p);
		b->size = size;
	}
	b->fill = (unsigned char)rnd(seed);
	block_fill(b);
}

static void model_run(uint64_t seed, unsigned int steps)
{
	struct block *blocks = calloc(MODEL_BLOCKS, sizeof(*blocks));
	unsigned int i;

	for (i = 0; i < steps && !failed_checks; i++)
		model_step(&blocks[rnd(&seed) % MODEL_BLOCKS], &seed);
	if (failed_checks)
		printf("# step %u\n", i);
	for (i = 0; i < MODEL_BLOCKS; i++)
		free(blocks[i].p);
	free(blocks);
}

static void test_model(void)
{
	model_run(1, 200000);
}

/* ---- threads ----------------------------------------------------------- */

/* Blocks that one thread made and another will free. */
static _Atomic(unsigned char *) mailbox[256];

static void *short_thread(void *arg)
{
	uint64_t seed = (uintptr_t)arg;
	unsigned int i;

	for (i = 0; i < 300; i++) {
		size_t size = 16 + rnd(&seed) % 500;
		unsigned char *p = malloc(size), *other;

		memset(p, (int)size & 0xff, size);
		*(size_t *)p = size;
		other = atomic_exchange(&mailbox[rnd(&seed) % 256], p);
		if (other) {
			size = *(size_t *)other;
			if (other[size - 1] != (size & 0xff) && size > 16)
				abort();
		}
		free(other);
	}
	return NULL;
}

static void mailbox_empty(void)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		free(atomic_exchange(&mailbox[i], NULL));
}

static void test_threads_1000(void)
{
	pthread_t threads[50];
	unsigned int round, i;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < 50; i++)
			CHECK(!pthread_create(&threads[i], NULL, short_thread,
					      (void *)(uintptr_t)(round * 50 + i)));
		for (i = 0; i < 50; i++)
			pthread_join(threads[i], NULL);
	}
	mailbox_empty();
}

static pthread_barrier_t all_here;

static void *waiting_thread(void *arg)
{
	void *p = malloc(1000), *q;

	pthread_barrier_wait(&all_here);
	short_thread(arg);
	q = malloc(2000);
	pthread_barrier_wait(&all_here);
	free(p);
	free(q);
	return NULL;
}

/* More than the core has CPUs for, all with something. */
static void test_threads_at_once(void)
{
	enum { NR = 600 };
	static pthread_t threads[NR];
	pthread_attr_t attr;
	uintptr_t i;

	pthread_barrier_init(&all_here, NULL, NR);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	for (i = 0; i < NR; i++)
		if (pthread_create(&threads[i], &attr, waiting_thread,
				   (void *)i)) {
			CHECK(!"600 threads");
			exit(1);
		}
	for (i = 0; i < NR; i++)
		pthread_join(threads[i], NULL);
	mailbox_empty();
}

/* Programs make threads with the smallest stacks that the C library lets. */
static void test_small_stack(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	CHECK(!pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN));
	CHECK(!pthread_create(&thread, &attr, short_thread, (void *)5));
	pthread_join(thread, NULL);
	mailbox_empty();
}

/* What dead threads had must come back: the process does not grow. */
static size_t pages_in_use(void)
{
	return mallinfo2().arena;
}

static void *greedy_thread(void *arg)
{
	void *p[200];
	size_t i, size;

	(void)arg;
	for (size = 16; size <= 8192; size *= 2) {
		for (i = 0; i < 200; i++)
			p[i] = malloc(size);
		for (i = 0; i < 200; i++)
			free(p[i]);
	}
	return NULL;
}

static void test_thread_exit(void)
{
	pthread_t thread;
	size_t after_10 = 0;
	int i;

	for (i = 0; i < 200; i++) {
		pthread_create(&thread, NULL, greedy_thread, NULL);
		pthread_join(thread, NULL);
		if (i == 9)
			after_10 = pages_in_use();
	}
	CHECK(pages_in_use() <= after_10 + (4 << 20));
}

static pthread_key_t late_key;
static atomic_int late_calls;

static void late_destructor(void *value)
{
	free(value);
	free(malloc(123));
	if (++late_calls % 6)
		pthread_setspecific(late_key, malloc(50));
}

static void *late_thread(void *arg)
{
	(void)arg;
	pthread_setspecific(late_key, malloc(50));
	return NULL;
}

/* Destructors of others allocate after ours has run, again and again. */
static void test_late_destructor(void)
{
	pthread_t threads[8];
	int i;

	pthread_key_create(&late_key, late_destructor);
	for (i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, late_thread, NULL);
	for (i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	CHECK(late_calls >= 8);
	pthread_key_delete(late_key);
}

/* ---- fork() ------------------------------------------------------------ */

static atomic_bool hammer_stop;

static void *hammer(void *arg)
{
	uint64_t seed = (uintptr_t)arg;
	struct block blocks[64] = { 0 };
	unsigned int i;

	while (!hammer_stop) {
		struct block *b = &blocks[rnd(&seed) % 64];

		free(b->p);
		b->size = random_size(&seed);
		b->p = malloc(b->size);
		b->fill = 7;
		block_fill(b);
	}
	for (i = 0; i < 64; i++)
		free(blocks[i].p);
	return NULL;
}

/* A child's work: heap, threads, and a child of its own. */
static void child_work(void)
{
	pthread_t thread;

	alarm(60);
	model_run((uint64_t)getpid(), 300);
	if (pthread_create(&thread, NULL, short_thread, (void *)3))
		_exit(1);
	pthread_join(thread, NULL);
	malloc_trim(0);
	_exit(failed_checks != 0);
}

static void test_fork(void)
{
	pthread_t threads[4];
	uintptr_t i;
	int status;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, hammer, (void *)(i + 1));
	for (i = 0; i < 40; i++) {
		pid_t pid;

		free(malloc(100000 + i));
		pid = fork();
		if (!pid)
			child_work();
		CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	}
	hammer_stop = true;
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

/* Parent and child have a heap each. */
static void test_fork_private(void)
{
	char *p = malloc(100), *huge = malloc(5 << 20);
	int status;
	pid_t pid;

	strcpy(p, "parent");
	strcpy(huge, "parent");
	pid = fork();
	if (!pid) {
		strcpy(p, "child");
		strcpy(huge, "child");
		free(p);
		free(huge);
		free(malloc(100));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(!strcmp(p, "parent") && !strcmp(huge, "parent"));
	free(p);
	free(huge);
}

/* ---- limits, and memory that goes back --------------------------------- */

/* Runs this program's case @name with @variable set; its exit status. */
static int run_self(const char *variable, const char *value, const char *name,
		    size_t address_limit)
{
	struct rlimit limit = { address_limit, address_limit };
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (variable)
			setenv(variable, value, 1);
		if (address_limit)
			setrlimit(RLIMIT_AS, &limit);
		execl(self, self, "--inner", name, (char *)NULL);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + status;
}

/* Takes blocks of @size until there are none; frees them; how many bytes. */
static size_t take_all(size_t size, size_t most)
{
	void **first = NULL, **p;
	size_t n = 0;

	while (n < most && (p = opaque(malloc(size)))) {
		*p = first;
		first = (void **)p;
		n += size;
	}
	if (n < most)
		CHECK(errno == ENOMEM);
	while (first) {
		p = *first;
		free(first);
		first = p;
	}
	return n;
}

static void inner_limit(void)
{
	static const size_t sizes[] = { 4 << 20, 100000, 24000, 700, 32, 9000,
					4 << 20, 64 };
	size_t i, n;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		n = take_all(sizes[i], (size_t)1 << 30);
		CHECK(n <= (size_t)64 << 20);
		/* What was freed before is to be had in other sizes. */
		CHECK(n >= (size_t)40 << 20);
	}
}

static void test_limit(void)
{
	CHECK(run_self("OCTAVO_MALLOC_LIMIT", "64M", "limit", 0) == 0);
}

static void inner_exhaust(void)
{
	size_t n = take_all(1 << 16, (size_t)1 << 34);

	CHECK(n < (size_t)1 << 31);
	CHECK(n > (size_t)50 << 20);
	n = take_all(64, (size_t)1 << 34);
	CHECK(n < (size_t)1 << 31);
	CHECK(n > (size_t)50 << 20);
	free(malloc(100));
}

static void test_exhaust(void)
{
	CHECK(run_self(NULL, NULL, "exhaust", (size_t)512 << 20) == 0);
}

static size_t resident(void)
{
	unsigned long size, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (fscanf(f, "%lu %lu", &size, &pages) != 2)
		abort();
	fclose(f);
	return pages * 4096;
}

/* Makes and frees some 100 MiB of small blocks; what it had at most. */
static size_t heap_up_and_down(void)
{
	enum { NR = 200000 };
	void **p = malloc(NR * sizeof(*p));
	uint64_t seed = 5;
	size_t peak;
	int i;

	for (i = 0; i < NR; i++) {
		size_t size = 16 + rnd(&seed) % 1000;

		p[i] = malloc(size);
		memset(p[i], 1, size);
	}
	peak = resident();
	for (i = 0; i < NR; i++)
		free(p[i]);
	free(p);
	return peak;
}

/* Nobody calls, and memory goes back all the same. */
static void test_give_back(void)
{
	size_t peak = heap_up_and_down();
	int turns = 0;

	while (resident() > peak / 4 && ++turns < 1000)
		usleep(20000);
	CHECK(resident() <= peak / 4);
}

static void inner_trim(void)
{
	size_t peak = heap_up_and_down();

	CHECK(resident() > peak / 2);
	CHECK(malloc_trim(0) == 1);
	CHECK(resident() <= peak / 4);
}

static void test_trim(void)
{
	CHECK(run_self("OCTAVO_MALLOC_DECAY", "0", "trim", 0) == 0);
}

/* In a child too, where the helper has to be made anew. */
static void test_give_back_forked(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		alarm(100);
		test_give_back();
		_exit(failed_checks != 0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
}

/* ---- misuse ------------------------------------------------------------ */

static void death_double(void)
{
	char *p = opaque(malloc(100));

	free(p);
	free(opaque(p));
}

/* Not seen at once, but when both pointers come home. */
static void death_double_late(void)
{
	char *p = opaque(malloc(100)), *q = opaque(malloc(100));

	free(p);
	free(q);
	free(opaque(p));
	malloc_trim(0);
}

static void death_double_large(void)
{
	char *p = opaque(malloc(100000));

	free(p);
	free(opaque(p));
}

static void death_double_huge(void)
{
	char *p = opaque(malloc(10 << 20));

	free(p);
	free(opaque(p));
}

static void death_interior(void)
{
	free((char *)opaque(malloc(100)) + 16);
}

static void death_interior_large(void)
{
	free((char *)opaque(malloc(100000)) + 8192);
}

static void death_interior_huge(void)
{
	free((char *)opaque(malloc(10 << 20)) + 4096);
}

static void death_foreign(void)
{
	free(opaque(&failed_checks));
}

static void death_stack(void)
{
	int on_stack;

	free(opaque(&on_stack));
}

static void death_never(void)
{
	/* Of the heap, but nobody's yet. */
	free((char *)opaque(malloc(100000)) + (12 << 20));
}

static void death_realloc(void)
{
	char *p = opaque(malloc(100));

	CHECK(!opaque(realloc(p + 16, 200)));
	exit(3);
}

static void death_usable(void)
{
	malloc_usable_size(opaque(&failed_checks));
}

/* ---- the runner -------------------------------------------------------- */

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(name)	{ #name, test_##name }
#define INNER(name)	{ #name, inner_##name }
#define DEATH(name)	{ #name, death_##name }

static const struct test tests[] = {
	TEST(sizes), TEST(zero), TEST(calloc), TEST(too_large), TEST(realloc),
	TEST(align), TEST(bad_align), TEST(errno_kept), TEST(extensions),
	TEST(model), TEST(threads_1000), TEST(threads_at_once),
	TEST(small_stack), TEST(thread_exit), TEST(late_destructor), TEST(fork),
	TEST(fork_private), TEST(limit), TEST(exhaust), TEST(give_back),
	TEST(trim), TEST(give_back_forked), { NULL, NULL },
};
static const struct test inners[] = {
	INNER(limit), INNER(exhaust), INNER(trim), { NULL, NULL },
};
static const struct test deaths[] = {
	DEATH(double), DEATH(double_late), DEATH(double_large),
	DEATH(double_huge), DEATH(interior), DEATH(interior_large),
	DEATH(interior_huge), DEATH(foreign), DEATH(stack), DEATH(never),
	DEATH(realloc), DEATH(usable), { NULL, NULL },
};

static int run_named(const struct test *t, const char *name)
{
	for (; t->name; t++)
		if (!strcmp(t->name, name)) {
			t->run();
			return failed_checks != 0;
		}
	fprintf(stderr, "unit: no case '%s'\n", name);
	return 2;
}

static int run_all(const char *only)
{
	const struct test *t;
	int n = 0, bad = 0;

	for (t = tests; t->name; t++) {
		if (only && strcmp(only, t->name))
			continue;
		failed_checks = 0;
		t->run();
		printf("%s %d - malloc.%s\n", failed_checks ? "not ok" : "ok",
		       ++n, t->name);
		fflush(stdout);
		bad += failed_checks != 0;
	}
	printf("1..%d\n", n);
	return bad != 0;
}

int main(int argc, char **argv)
{
	static char path[4096];

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return 99;
	self = path;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "--inner"))
		return run_named(inners, argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--death"))
		return run_named(deaths, argv[2]);
	return run_all(argc > 1 ? argv[1] : NULL);
}
