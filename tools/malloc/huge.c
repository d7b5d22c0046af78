// SPDX-License-Identifier: MIT
/*
 * Blocks that are mappings of their own: given back as soon as they are freed,
 * and moved by the system, not copied, when they grow.
 *
 * Their addresses and sizes are in a hash table with linear probing, which is
 * a mapping too and doubles at half full. So a free of an address that is none
 * is seen without a look at the memory there.
 *
 *   I1  nr entries have an address; at least half of the places have none
 *   I2  from an entry's own place (hash) on to where it is, none is empty
 *
 * Locks: table.lock; the system is called outside.
 */
#include "malloc.h"

#define FIRST_PLACES	256UL

struct huge_block {
	char *addr;	/* NULL: the place is empty */
	size_t size;	/* bytes, whole pages */
};

/* l: lock */
static struct {
	u32 lock;			/* os_lock() */
	struct huge_block *place;	/* l: nr_places of them, or NULL */
	size_t nr_places;		/* l: a power of two */
	size_t nr;			/* l: that are not empty */
} table;

static size_t own_place(const void *addr)
{
	/* Fibonacci hashing of the page's number. */
	return ((unsigned long)addr >> PAGE_SHIFT) * 0x9e3779b97f4a7c15UL >>
	       32 & (table.nr_places - 1);
}

/* Where @addr is or would go. */
static struct huge_block *table_find(const void *addr)
{
	size_t i = own_place(addr);

	while (table.place[i].addr && table.place[i].addr != addr)
		i = (i + 1) & (table.nr_places - 1);
	return &table.place[i];
}

static bool table_grow(void)
{
	struct huge_block *was = table.place, *b;
	size_t nr = table.nr_places, size = nr * sizeof(*was);
	size_t twice = nr ? 2 * nr : FIRST_PLACES;
	void *now = os_map(PAGE_ALIGN(twice * sizeof(*was)));

	if (!now)
		return false;
	table.place = now;
	table.nr_places = twice;
	for (b = was; b < was + nr; b++)
		if (b->addr)
			*table_find(b->addr) = *b;
	if (was)
		os_unmap(was, PAGE_ALIGN(size));
	return true;
}

static bool table_add(char *addr, size_t size)
{
	bool ok;

	os_lock(&table.lock);
	ok = 2 * (table.nr + 1) <= table.nr_places || table_grow();
	if (ok) {
		*table_find(addr) = (struct huge_block){ addr, size };
		table.nr++;
	}
	os_unlock(&table.lock);
	return ok;
}

/* Empties a place, and moves up what I2 wants there. */
static void place_empty(struct huge_block *b)
{
	size_t mask = table.nr_places - 1;
	size_t hole = (size_t)(b - table.place), i = hole;

	for (;;) {
		i = (i + 1) & mask;
		if (!table.place[i].addr)
			break;
		/* Is the hole between its own place and where it is? */
		if (((i - own_place(table.place[i].addr)) & mask) <
		    ((i - hole) & mask))
			continue;
		table.place[hole] = table.place[i];
		hole = i;
	}
	table.place[hole].addr = NULL;
	table.nr--;
}

/* Removes @addr; its size, or 0 when it is no block's. */
static size_t table_remove(const void *addr)
{
	struct huge_block *b;
	size_t size = 0;

	os_lock(&table.lock);
	if (table.nr) {
		b = table_find(addr);
		if (b->addr) {
			size = b->size;
			place_empty(b);
		}
	}
	os_unlock(&table.lock);
	return size;
}

size_t huge_size(const void *p)
{
	struct huge_block *b;
	size_t size = 0;

	os_lock(&table.lock);
	if (table.nr) {
		b = table_find(p);
		size = b->addr ? b->size : 0;
	}
	os_unlock(&table.lock);
	return size;
}

/* A mapping at a multiple of @align. */
static char *map_aligned(size_t size, size_t align)
{
	char *p, *start;

	if (align <= PAGE_SIZE)
		return os_map(size);
	p = os_map(size + align);
	if (!p)
		return NULL;
	start = (char *)ALIGN((unsigned long)p, align);
	if (start > p)
		os_unmap(p, (size_t)(start - p));
	if (p + align > start)
		os_unmap(start + size, (size_t)(p + align - start));
	return start;
}

void *huge_alloc(size_t size, size_t align)
{
	char *p;

	size = PAGE_ALIGN(size);
	if (!giveback_add_huge(size))
		return NULL;
	p = map_aligned(size, align);
	if (p && table_add(p, size))
		return p;
	if (p)
		os_unmap(p, size);
	giveback_sub_huge(size);
	return NULL;
}

bool huge_free(void *p)
{
	size_t size = table_remove(p);

	if (!size)
		return false;
	os_unmap(p, size);
	giveback_sub_huge(size);
	return true;
}

void *huge_realloc(void *p, size_t size)
{
	size_t was = table_remove(p);
	char *now;

	size = PAGE_ALIGN(size);
	if (size > was && !giveback_add_huge(size - was))
		goto keep;
	now = size == was ? p : os_remap(p, was, size);
	if (!now) {
		if (size > was)
			giveback_sub_huge(size - was);
		goto keep;
	}
	if (size < was)
		giveback_sub_huge(was - size);
	/* There is room: one was just removed. */
	BUG_ON(!table_add(now, size));
	return now;
keep:
	BUG_ON(!table_add(p, was));
	return NULL;
}

void huge_stop(void)
{
	os_lock(&table.lock);
}

void huge_go(void)
{
	os_unlock(&table.lock);
}
