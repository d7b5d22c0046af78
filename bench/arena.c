/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <sys/mman.h>
#include <unistd.h>

/* A multiple of 2 MiB, and what is mapped begins on one. */
#define BLOCK	((size_t)2 << 20)

void *bench_arena(size_t size)
{
	size_t whole = (size + BLOCK - 1) / BLOCK * BLOCK;
	int fd = memfd_create("bench", MFD_CLOEXEC);
	char *room, *p;

	if (fd < 0 || ftruncate(fd, (off_t)whole))
		return NULL;
	room = mmap(NULL, whole + BLOCK, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return NULL;
	room += -(size_t)room % BLOCK;
	p = mmap(room, whole, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}
