/* SPDX-License-Identifier: MIT */
/*
 * memset BYTES THREADS: how long it takes to fill so many bytes of memory
 * that is made as a machine's arena is, touched for the first time, by so
 * many threads at once. Prints nanoseconds of wall time.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct part {
	char *start;
	size_t size;
	pthread_t thread;
};

static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long long)t.tv_sec * 1000000000ULL +
	       (unsigned long long)t.tv_nsec;
}

static void *fill(void *arg)
{
	struct part *p = arg;

	memset(p->start, 0x5a, p->size);
	return NULL;
}

int main(int argc, char **argv)
{
	size_t size = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	size_t n = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct part parts[64];
	unsigned long long start;
	char *p;
	int fd = memfd_create("bench", MFD_CLOEXEC);

	if (!size || !n || n > 64 || fd < 0 || ftruncate(fd, (off_t)size))
		return 2;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (p == MAP_FAILED)
		return 1;
	start = now_ns();
	for (size_t i = 0; i < n; i++) {
		parts[i].start = p + size / n * i;
		parts[i].size = size / n;
		if (pthread_create(&parts[i].thread, NULL, fill, &parts[i]))
			return 1;
	}
	for (size_t i = 0; i < n; i++)
		pthread_join(parts[i].thread, NULL);
	printf("%llu\n", now_ns() - start);
	return 0;
}
