// SPDX-License-Identifier: MIT
/*
 * Stacks, each kept once.
 *
 * Whoever remembers two stacks for each page cannot keep them there: a stack
 * is 16 words, and most pages come from few places. So a stack is kept in
 * a pool, found again by its hash, and named by where in the pool it is.
 *
 *   buckets   [ h0 | h1 | .. ]          the newest record of each bucket
 *                |
 *   pool      |--v record |  record  | .. used >        < words |
 *               next ─► an older record of the same bucket
 *
 * Pool and buckets are cut from memory given at start-up, since the depot is
 * asked in the middle of allocating and freeing pages. Nothing is ever taken
 * out. When the pool is full, new stacks are not kept, which is counted and
 * said once.
 *
 * Looking takes no lock: a record is whole before its bucket names it, and
 * never changes then. Adding takes the lock and looks again.
 *
 * Invariants:
 *   I1  a record's hash is that of its entries, and its bucket's
 *   I2  a record's next lies before it, and records end by `used`
 *   I3  no two records hold the same stack
 *   I4  nr_stacks is the number of records
 *
 * Differs from Linux: fixed memory, and no counts of users.
 */
#include <linux/stackdepot.h>

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include <octavo/machine.h>

/* c: constant once its bucket names it */
struct stack_record {
	u32 hash;		/* c: of the entries */
	u32 next;		/* c: handle of an older one; 0: none */
	u32 nr;			/* c: entries */
	int count;		/* a: what stack_depot_count() added up */
	unsigned long entries[]; /* c: return addresses, innermost first */
};

/* A record of 16 frames is 144 bytes: a bucket for each two of those. */
#define BYTES_PER_BUCKET	256

static struct stack_depot *this_depot(void)
{
	return &this_machine()->stack_depot;
}

static u32 record_words(unsigned int nr)
{
	return (u32)DIV_ROUND_UP(sizeof(struct stack_record) +
				 nr * sizeof(unsigned long), sizeof(u64));
}

static struct stack_record *record_at(const struct stack_depot *d, u32 handle)
{
	return (struct stack_record *)&d->pool[handle];
}

/* Multiplied by the golden ratio of 2^64, so that all bits reach the top. */
static u32 stack_hash(const unsigned long *entries, unsigned int nr)
{
	u64 h = nr;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		h = (h ^ entries[i]) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 32;
	}
	return (u32)h;
}

void stack_depot_setup(void *mem, size_t size)
{
	struct stack_depot *d = this_depot();
	u32 nr = 1;

	BUG_ON(size < STACK_DEPOT_MIN || d->buckets);
	while (nr * 2 <= size / BYTES_PER_BUCKET)
		nr *= 2;
	d->nr_buckets = nr;
	d->pool = (u64 *)((u32 *)mem + nr);
	/* Handles are 32 bits of words: 32 GiB, more than anyone gives. */
	d->words = (u32)((size - nr * sizeof(u32)) / sizeof(u64));
	d->used = 1;		/* 0 names no stack */
	d->buckets = mem;
}

/* The record of this stack in the bucket that begins at @handle; 0: none. */
static u32 bucket_find(const struct stack_depot *d, u32 handle, u32 hash,
		       const unsigned long *entries, unsigned int nr)
{
	while (handle) {
		const struct stack_record *r = record_at(d, handle);

		if (r->hash == hash && r->nr == nr &&
		    !memcmp(r->entries, entries, nr * sizeof(*entries)))
			return handle;
		handle = r->next;
	}
	return 0;
}

/* A new record in @bucket; 0 when the pool has no room. Under the lock. */
static u32 bucket_add(struct stack_depot *d, u32 *bucket, u32 hash,
		      const unsigned long *entries, unsigned int nr)
{
	u32 words = record_words(nr), handle = d->used;
	struct stack_record *r;

	if (words > d->words - d->used)
		return 0;
	r = record_at(d, handle);
	r->hash = hash;
	r->nr = nr;
	r->next = *bucket;
	memcpy(r->entries, entries, nr * sizeof(*entries));
	atomic_long_inc(&d->nr_stacks);
	/* Pairs with the acquire in depot_end(). */
	__atomic_store_n(&d->used, handle + words, __ATOMIC_RELEASE);
	/* Pairs with the acquire of who looks without the lock. */
	__atomic_store_n(bucket, handle, __ATOMIC_RELEASE);
	return handle;
}

depot_stack_handle_t stack_depot_save(const unsigned long *entries,
				      unsigned int nr_entries,
				      gfp_t alloc_flags)
{
	struct stack_depot *d = this_depot();
	u32 hash, *bucket, handle;
	unsigned long flags;

	(void)alloc_flags;
	if (!nr_entries || !d->buckets)
		return 0;
	hash = stack_hash(entries, nr_entries);
	bucket = &d->buckets[hash & (d->nr_buckets - 1)];
	/* Pairs with bucket_add()'s release. */
	handle = bucket_find(d, __atomic_load_n(bucket, __ATOMIC_ACQUIRE),
			     hash, entries, nr_entries);
	if (likely(handle))
		return handle;
	spin_lock_irqsave(&d->lock, flags);
	handle = bucket_find(d, *bucket, hash, entries, nr_entries);
	if (!handle)
		handle = bucket_add(d, bucket, hash, entries, nr_entries);
	spin_unlock_irqrestore(&d->lock, flags);
	if (unlikely(!handle) && atomic_long_inc_return(&d->nr_lost) == 1)
		pr_warn("Stack depot reached limit capacity: %ld stacks in %u bytes; further ones are not kept\n",
			atomic_long_read(&d->nr_stacks),
			(unsigned int)(d->words * sizeof(u64)));
	return handle;
}

unsigned int stack_depot_fetch(depot_stack_handle_t handle,
			       const unsigned long **entries)
{
	const struct stack_depot *d = this_depot();
	const struct stack_record *r;

	*entries = NULL;
	if (!handle || !d->pool)
		return 0;
	if (WARN(handle >= __atomic_load_n(&d->used, __ATOMIC_ACQUIRE), "stack depot: %#x is no handle\n",
		 handle))
		return 0;
	r = record_at(d, handle);
	*entries = r->entries;
	return r->nr;
}

void stack_depot_print(depot_stack_handle_t handle)
{
	const unsigned long *entries;
	unsigned int nr = stack_depot_fetch(handle, &entries);

	stack_trace_print(entries, nr, 0);
}

void stack_depot_show(struct seq_file *m, depot_stack_handle_t handle)
{
	const unsigned long *entries;
	unsigned int nr = stack_depot_fetch(handle, &entries), i;

	for (i = 0; i < nr; i++)
		seq_printf(m, " %pB\n", (void *)entries[i]);
}

void stack_depot_count(depot_stack_handle_t handle, long delta)
{
	if (handle)
		/* Relaxed: a sum that orders nothing. */
		__atomic_fetch_add(&record_at(this_depot(), handle)->count,
				   (int)delta, __ATOMIC_RELAXED);
}

static long record_count(const struct stack_record *r)
{
	return __atomic_load_n(&r->count, __ATOMIC_RELAXED);
}

/* The end of the records that are whole. */
static u32 depot_end(const struct stack_depot *d)
{
	return __atomic_load_n(&d->used, __ATOMIC_ACQUIRE);
}

/* Records lie one after another: the one behind @handle, or `used`. */
static u32 record_next(const struct stack_depot *d, u32 handle)
{
	return handle + record_words(record_at(d, handle)->nr);
}

depot_stack_handle_t stack_depot_next_counted(long *count,
					      depot_stack_handle_t after)
{
	const struct stack_depot *d = this_depot();
	u32 used = depot_end(d), best = 0, h;
	long best_count = 0;

	for (h = 1; h < used; h = record_next(d, h)) {
		long n = record_count(record_at(d, h));

		if (n > *count || (n == *count && h <= after))
			continue;
		if (n > best_count) {
			best = h;
			best_count = n;
		}
	}
	*count = best_count;
	return best;
}

long stack_depot_counted(void)
{
	const struct stack_depot *d = this_depot();
	u32 used = depot_end(d), h;
	long sum = 0;

	for (h = 1; h < used; h = record_next(d, h))
		sum += record_count(record_at(d, h));
	return sum;
}

/* One bucket's records; adds how many there are to @count. */
static const char *bucket_check(const struct stack_depot *d, u32 index,
				long *count)
{
	u32 handle, next;

	for (handle = d->buckets[index]; handle; handle = next, ++*count) {
		const struct stack_record *r = record_at(d, handle);

		next = r->next;
		if (r->hash != stack_hash(r->entries, r->nr) ||
		    (r->hash & (d->nr_buckets - 1)) != index)
			return "I1: a record's hash is not that of its entries";
		if (next >= handle ||
		    handle + record_words(r->nr) > d->used)
			return "I2: a record does not lie where it must";
		if (bucket_find(d, next, r->hash, r->entries, r->nr))
			return "I3: a stack is kept twice";
	}
	return NULL;
}

const char *stack_depot_check(void)
{
	const struct stack_depot *d = this_depot();
	const char *fault = NULL;
	long count = 0;
	u32 i;

	for (i = 0; i < d->nr_buckets && !fault; i++)
		fault = bucket_check(d, i, &count);
	if (fault)
		return fault;
	return count == atomic_long_read(&d->nr_stacks) ? NULL :
	       "I4: nr_stacks is not the number of records";
}
