/* SPDX-License-Identifier: MIT */
/*
 * Whatever malloc the process has: glibc's, or the one that LD_PRELOAD names.
 *
 * Objects are malloc()ed and free()d; their memory is what the process has
 * resident.
 *
 * Pages come through aligned_alloc(). It promises the same as a page allocator does:
 * 4096 << order bytes, aligned to their size. They are compared in the time
 * until the block is there; who wants it zeroed (BENCH_ZERO) zeroes it with
 * memset, and pays for page faults if the allocator gave memory back to the
 * system in between, as with BENCH_TOUCH.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object_loops.h"

bench_inline void *malloc_address(uintptr_t block)
{
	return (void *)block;
}

bench_inline uintptr_t malloc_alloc(unsigned int order, unsigned int flags)
{
	size_t size = (size_t)BENCH_PAGE << order;
	void *p = aligned_alloc(size, size);

	if (p && flags & BENCH_ZERO)
		memset(p, 0, size);
	return (uintptr_t)p;
}

bench_inline void malloc_free(uintptr_t block, unsigned int order)
{
	(void)order;
	free(malloc_address(block));
}

BENCH_LOOPS(malloc)

bench_inline void *malloc_new(size_t size)
{
	return malloc(size);
}

bench_inline void malloc_delete(void *object)
{
	free(object);
}

BENCH_OBJECT_LOOPS(malloc)

/* Without stdio, which would allocate. */
static size_t malloc_memory(void)
{
	char text[128] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	const char *resident = strchr(text, ' ');

	if (fd >= 0)
		close(fd);
	return got > 0 && resident ? strtoull(resident, NULL, 10) *
				     (size_t)sysconf(_SC_PAGESIZE) : 0;
}

static int malloc_start(size_t frames, unsigned int threads)
{
	(void)frames;
	(void)threads;
	return 0;
}

static int malloc_enter(unsigned int thread)
{
	(void)thread;
	return 0;
}

static void malloc_nothing(void)
{
}

const struct bench_backend bench_malloc = {
	.name = "malloc",
	.system = true,
	.start = malloc_start,
	.enter = malloc_enter,
	.leave = malloc_nothing,
	.end = malloc_nothing,
	.memory = malloc_memory,
	.loops = { BENCH_LOOP_TABLE(malloc), BENCH_OBJECT_TABLE(malloc) },
};
