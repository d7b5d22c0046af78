// SPDX-License-Identifier: MIT
/*
 * Statistics, and what malloc.h and glibc's extensions ask about a heap. All
 * figures are read without stopping anybody: they fit together when nobody
 * allocates meanwhile.
 *
 *   in use    objects out of their slabs, less those in depots; what threads
 *             keep for themselves counts as in use
 *   slabs     pages that objects are cut from
 *   pages     the machine's pages in use: slabs, large blocks, the core's own
 */
#include "malloc.h"

#include <linux/string.h>

/* As <malloc.h> has them. */
struct mallinfo {
	int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks,
	    fordblks, keepcost;
};
struct mallinfo2 {
	size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks,
	       uordblks, fordblks, keepcost;
};

struct mallinfo mallinfo(void);
struct mallinfo2 mallinfo2(void);
void malloc_stats(void);
int malloc_trim(size_t pad);
int mallopt(int param, int value);

/* Text that is gathered, so that one write() tells it. */
struct text {
	size_t n;
	char s[16384];	/* 120 bytes for each of some 40 classes, and more */
};

static void __printf(2, 3) put(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->n += (size_t)vscnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, args);
	va_end(args);
}

struct totals {
	size_t used, slabs, pages;	/* bytes; see above */
	size_t given_back, huge, huge_peak;
	uint64_t resident, peak;
};

static void class_put(struct text *t, bool json, bool first,
		      const struct slab_usage *u, unsigned int size)
{
	unsigned long used = u->out - u->depot;

	if (json)
		put(t, "%s{\"size\":%u,\"slabs\":%lu,\"objects\":%lu,\"in_use\":%lu,\"depot\":%lu}",
		    first ? "" : ",", size, u->slabs, u->objects, used,
		    u->depot);
	else
		put(t, "%10u %10lu %10lu %10lu %10lu %12lu\n", size, u->slabs,
		    u->objects, used, u->depot, u->bytes);
}

/* Sums over the classes; a line for each that was ever used into @t. */
static void classes_read(struct totals *sum, struct text *t, bool json)
{
	struct kmem_cache *cache;
	struct slab_usage u;
	unsigned int i, size;
	bool first = true;

	for (i = 0; (cache = front_cache(i)); i++) {
		slab_usage_read(cache, &u);
		size = kmem_cache_size(cache);
		sum->used += (u.out - u.depot) * size;
		sum->slabs += u.bytes;
		if (!t || !u.slabs)
			continue;
		class_put(t, json, first, &u, size);
		first = false;
	}
}

static void totals_read(struct totals *sum, struct text *t, bool json)
{
	*sum = (struct totals){ 0 };
	malloc_core_enter();
	classes_read(sum, t, json);
	sum->pages = giveback_pages_used();
	malloc_core_leave();
	sum->given_back = giveback.nr_given_back;
	sum->huge = __atomic_load_n(&giveback.huge, __ATOMIC_RELAXED);
	sum->huge_peak = giveback.huge_peak;
}

static void text_write(struct text *t, const struct totals *s)
{
	put(t, "pages in use %zu, of slabs %zu; mappings %zu, at most %zu; given back %zu in %llu passes\n",
	    s->pages, s->slabs, s->huge, s->huge_peak, s->given_back,
	    giveback.nr_passes);
	put(t, "limit %zu, requests refused %llu; resident %lu, at most %lu\n",
	    giveback.limit, giveback.nr_refused, s->resident, s->peak);
}

static void json_write(struct text *t, const struct totals *s)
{
	put(t, "],\"pages\":%zu,\"slabs\":%zu,\"mappings\":%zu,\"mappings_peak\":%zu,",
	    s->pages, s->slabs, s->huge, s->huge_peak);
	put(t, "\"given_back\":%zu,\"passes\":%llu,\"limit\":%zu,\"refused\":%llu,\"resident\":%lu,\"resident_peak\":%lu}}\n",
	    s->given_back, giveback.nr_passes, giveback.limit,
	    giveback.nr_refused, s->resident, s->peak);
}

void stats_write(int fd, bool json)
{
	struct totals sum;
	struct text t;

	if (!malloc_start())
		return;
	t.n = 0;
	if (json)
		put(&t, "{\"octavo_malloc\":{\"pid\":%u,\"classes\":[",
		    os_pid());
	else
		put(&t, "liboctavo-malloc: statistics of process %u, bytes\n%10s %10s %10s %10s %10s %12s\n",
		    os_pid(), "size", "slabs", "objects", "in use", "depot",
		    "bytes");
	totals_read(&sum, &t, json);
	os_resident(&sum.resident, &sum.peak);
	if (json)
		json_write(&t, &sum);
	else
		text_write(&t, &sum);
	os_write(fd, t.s, t.n);
}

/* ---- glibc's extensions ----------------------------------------------- */

EXPORT struct mallinfo2 mallinfo2(void)
{
	struct mallinfo2 info = { 0 };
	struct totals sum;

	if (!malloc_start())
		return info;
	totals_read(&sum, NULL, false);
	info.arena = sum.pages;
	info.hblkhd = sum.huge;
	info.uordblks = sum.used + (sum.pages - min(sum.pages, sum.slabs));
	info.fordblks = sum.pages - min(sum.pages, info.uordblks);
	return info;
}

EXPORT struct mallinfo mallinfo(void)
{
	struct mallinfo2 i = mallinfo2();

	return (struct mallinfo){
		.arena = (int)i.arena, .hblkhd = (int)i.hblkhd,
		.uordblks = (int)i.uordblks, .fordblks = (int)i.fordblks,
	};
}

EXPORT void malloc_stats(void)
{
	stats_write(OS_STDERR, false);
}

EXPORT int malloc_trim(size_t pad)
{
	return malloc_start() && giveback_all();
}

/* Nothing that it sets means anything here; programs may ask all the same. */
EXPORT int mallopt(int param, int value)
{
	return 1;
}
