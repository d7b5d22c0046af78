/* SPDX-License-Identifier: MIT */
/*
 * A machine's memory in a process.
 *
 *   memfd     |......RAM, sparse: a page costs nothing until touched......|
 *              ^ mapped whole                ^ pieces mapped a second time
 *   process   |map: struct pages, PROT_NONE|gap|ram: the direct map       |
 *
 * One reservation of address space holds both, so that a machine costs three
 * calls of mmap() besides its aliases and is given back by one munmap().
 *
 * I1. ram and map are aligned to ALIGNMENT; the gap between them is never
 *     accessible, so a run past either end faults.
 * I2. Nothing else in the process maps inside [base, base + size).
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_os.h"

/*
 * The largest block of the buddy system, 2^10 pages of 4 KiB: addresses of
 * blocks are aligned as their frame numbers are.
 */
#define ALIGNMENT	((uint64_t)4 << 20)

struct host_arena {
	int fd;			/* memfd that is the RAM */
	char *base;		/* the whole reservation */
	uint64_t size;		/* bytes of it */
	char *map;		/* where aliases go */
	uint64_t map_size;	/* bytes */
	char *ram;		/* offset 0 of the memfd */
	uint64_t ram_size;	/* bytes */
	uint64_t file_size;	/* bytes of the memfd, at least ram_size */
};

static uint64_t align_up(uint64_t x)
{
	return (x + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static int arena_open(struct host_arena *a)
{
	a->fd = memfd_create("octavo-ram", MFD_CLOEXEC);
	if (a->fd < 0)
		return -errno;
	if (ftruncate(a->fd, (off_t)a->file_size) < 0)
		return -errno;
	return 0;
}

static int arena_map(struct host_arena *a)
{
	uint64_t map_space = align_up(a->map_size) + ALIGNMENT;
	void *p;

	a->size = ALIGNMENT + map_space + align_up(a->ram_size);
	p = mmap(NULL, a->size, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	a->base = p;
	a->map = (char *)align_up((uint64_t)(uintptr_t)p);
	a->ram = a->map + map_space;
	p = mmap(a->ram, a->ram_size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd, 0);
	return p == MAP_FAILED ? -errno : 0;
}

struct host_arena *host_arena_create(uint64_t ram_size, uint64_t map_size,
				     uint64_t file_size, int *err)
{
	struct host_arena *a = calloc(1, sizeof(*a));

	*err = -ENOMEM;
	if (!a)
		return NULL;
	a->fd = -1;
	a->ram_size = ram_size;
	a->map_size = map_size;
	a->file_size = file_size;
	*err = arena_open(a);
	if (!*err)
		*err = arena_map(a);
	if (!*err)
		return a;
	host_arena_destroy(a);
	return NULL;
}

void host_arena_destroy(struct host_arena *a)
{
	if (!a)
		return;
	if (a->base) {
		host_unpoison(a->map, a->map_size);
		if (a->ram)
			host_unpoison(a->ram, a->ram_size);
		munmap(a->base, a->size);
	}
	if (a->fd >= 0)
		close(a->fd);
	free(a);
}

void *host_arena_ram(const struct host_arena *a)
{
	return a->ram;
}

void *host_arena_map(const struct host_arena *a)
{
	return a->map;
}

int host_arena_alias(struct host_arena *a, void *va, uint64_t phys,
		     uint64_t size)
{
	uint64_t at = (uint64_t)((char *)va - a->map);

	if ((char *)va < a->map || at > a->map_size ||
	    size > a->map_size - at || phys > a->ram_size ||
	    size > a->ram_size - phys)
		return -EINVAL;
	if (mmap(va, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd,
		 (off_t)phys) == MAP_FAILED)
		return -errno;
	return 0;
}

/* Addresses alone are nothing for a core file, which would be as large. */
static void no_dump(void *p, uint64_t size)
{
	madvise(p, size, MADV_DONTDUMP);
}

void *host_space_reserve(uint64_t size, uint64_t align)
{
	char *p = mmap(NULL, size + align, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t before, after;

	if (p == MAP_FAILED)
		return NULL;
	before = -(uint64_t)(uintptr_t)p & (align - 1);
	after = align - before;
	if (before)
		munmap(p, before);
	if (after)
		munmap(p + before + size, after);
	no_dump(p + before, size);
	return p + before;
}

void host_space_release(void *space, uint64_t size)
{
	munmap(space, size);
}

int host_space_show(const struct host_arena *a, void *va, uint64_t phys,
		    uint64_t size, bool writable)
{
	if (phys > a->file_size || size > a->file_size - phys)
		return -EINVAL;
	if (mmap(va, size, PROT_READ | (writable ? PROT_WRITE : 0),
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd,
		 (off_t)phys) == MAP_FAILED)
		return -errno;
	return 0;
}

int host_space_hide(void *va, uint64_t size)
{
	if (mmap(va, size, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		 0) != MAP_FAILED) {
		/* As what lies beside it, or the two would not become one. */
		no_dump(va, size);
		return 0;
	}
	/* No mapping is left to be had; this takes none. */
	return mprotect(va, size, PROT_NONE) ? -errno : 0;
}

uint64_t host_arena_resident(const struct host_arena *a)
{
	struct stat st;

	if (fstat(a->fd, &st) < 0)
		return 0;
	return (uint64_t)st.st_blocks * 512; /* st_blocks' unit by POSIX */
}

void *host_pages_alloc(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void host_pages_free(void *p, size_t size)
{
	host_unpoison(p, size);
	munmap(p, size);
}

void *host_alloc(size_t size)
{
	return calloc(1, size);
}

void host_free(void *p)
{
	free(p);
}
