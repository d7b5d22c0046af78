// SPDX-License-Identifier: MIT
/*
 * A breadth-first search over memory.
 *
 * Terms. The image is all regions' bytes, one after another. A state is kept
 * as its difference (exclusive or) from the first image at the bytes that
 * vary: those that were seen to differ in any state so far, in the order in
 * which they were found. So a state costs a hundred bytes or two instead of
 * thousands, and states that were kept before a byte was found to vary need
 * no change: what their record lacks is no difference.
 *
 *   image      |....a.......|..b..|...........c..|
 *   varying    a c b                      (offsets, as found)
 *   record     parent  op  length  {a, c, b}
 *   table      hash ─► state ─► record
 *
 * Invariants:
 *   I1  two states are the same when their records are, the shorter one
 *       continued with zeroes; the hash adds nothing for a zero
 *   I2  memory outside the varying bytes is the first image's, but for the
 *       ignored bytes
 *
 * No locks: one thread.
 */
#include "search.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include "../../arch/host/os/include/host_os.h"

#define SEARCH_REGIONS	48
#define SEARCH_BYTES	65536	/* of the image */
#define SEARCH_VARYING	2048	/* bytes; a multiple of 8 */

struct search_record {
	u32 parent;		/* state */
	u32 depth;		/* operations from state 0 */
	u16 op;			/* that led here from the parent */
	u16 len;		/* of diff; a multiple of 8 */
	u32 unused;
	u8 diff[];		/* from the first image, by varying[] */
};

struct search_part {
	const char *name;
	u8 *at;
	size_t size;		/* bytes; a multiple of 8 */
	size_t start;		/* in the image */
};

struct search {
	struct search_part parts[SEARCH_REGIONS];
	unsigned int nr_parts;
	size_t size;			/* bytes of the image */

	u64 first[SEARCH_BYTES / 8];	/* image of state 0 */
	u64 image[SEARCH_BYTES / 8];	/* image of the current state */
	u64 care[SEARCH_BYTES / 8];	/* bytes that tell states apart */
	u64 fixed[SEARCH_BYTES / 8];	/* of those, not found to vary yet */
	u32 varying[SEARCH_VARYING];	/* offsets in the image */
	unsigned int nr_varying;

	u8 *heap;			/* records */
	size_t heap_size, heap_used;	/* bytes */
	u32 *records;			/* state -> place in heap, in units of 8 */
	u32 *table;			/* state + 1 by hash; 0: none */
	u32 table_mask;
	unsigned int max_states, nr_states;
	unsigned int next;		/* first state not explored */
	u32 current;			/* state */
	u32 last;			/* state that search_add() found */
	u64 diff[SEARCH_VARYING / 8];	/* what memory holds, gathered */
};

struct search *search_create(unsigned int max_states, size_t bytes)
{
	struct search *s = host_pages_alloc(sizeof(*s));
	u32 slots = 1;

	while (slots < max_states + max_states / 2)
		slots *= 2;
	if (!s)
		return NULL;
	s->max_states = max_states;
	s->table_mask = slots - 1;
	s->heap_size = bytes;
	s->heap = host_pages_alloc(bytes);
	s->records = host_pages_alloc(max_states * sizeof(*s->records));
	s->table = host_pages_alloc(slots * sizeof(*s->table));
	if (s->heap && s->records && s->table)
		return s;
	search_destroy(s);
	return NULL;
}

void search_destroy(struct search *s)
{
	size_t slots = (size_t)s->table_mask + 1;

	if (s->heap)
		host_pages_free(s->heap, s->heap_size);
	if (s->records)
		host_pages_free(s->records,
				s->max_states * sizeof(*s->records));
	if (s->table)
		host_pages_free(s->table, slots * sizeof(*s->table));
	host_pages_free(s, sizeof(*s));
}

void search_region(struct search *s, const char *name, void *at, size_t size)
{
	BUG_ON(s->nr_parts == SEARCH_REGIONS);
	BUG_ON(((unsigned long)at | size) % 8 || s->nr_states);
	BUG_ON(s->size + size > SEARCH_BYTES);
	s->parts[s->nr_parts++] = (struct search_part){ name, at, size,
							s->size };
	memset((u8 *)s->care + s->size, 0xff, size);
	s->size += size;
}

void search_ignore(struct search *s, const void *at, size_t size)
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++) {
		const struct search_part *p = &s->parts[i];
		size_t from = (size_t)((const u8 *)at - p->at);

		if ((const u8 *)at < p->at || from + size > p->size)
			continue;
		memset((u8 *)s->care + p->start + from, 0, size);
		return;
	}
	panic("search: %px is in no region", at);
}

static const struct search_record *record_of(const struct search *s, u32 state)
{
	return (const struct search_record *)
		(s->heap + (size_t)s->records[state] * 8);
}

void search_restore(struct search *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++)
		memcpy(s->parts[i].at, (u8 *)s->image + s->parts[i].start,
		       s->parts[i].size);
}

/* The first word of the part at which (memory ^ image) & mask is not 0. */
static long part_differs(const struct search_part *p, const u64 *image,
			 const u64 *mask)
{
	const u64 *at = (const u64 *)p->at;
	size_t n = p->size / 8, i, j;

	for (i = 0; i + 8 <= n; i += 8) {
		u64 any = 0;

		for (j = i; j < i + 8; j++)
			any |= (at[j] ^ image[j]) & mask[j];
		if (any)
			break;
	}
	for (; i < n; i++)
		if ((at[i] ^ image[i]) & mask[i])
			return (long)i;
	return -1;
}

const char *search_changed(struct search *s, size_t *offset)
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++) {
		const struct search_part *p = &s->parts[i];
		size_t word = p->start / 8;
		long at = part_differs(p, s->image + word, s->care + word);

		if (at >= 0) {
			*offset = (size_t)at * 8;
			return p->name;
		}
	}
	return NULL;
}

/* One more byte that varies. */
static void varying_add(struct search *s, size_t offset)
{
	if (s->nr_varying == SEARCH_VARYING)
		panic("search: more than %d bytes vary", SEARCH_VARYING);
	((u8 *)s->fixed)[offset] = 0;
	s->varying[s->nr_varying++] = (u32)offset;
}

static void varying_find(struct search *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++) {
		const struct search_part *p = &s->parts[i];
		size_t word = p->start / 8, b;
		long at;

		while ((at = part_differs(p, s->first + word,
					  s->fixed + word)) >= 0) {
			size_t from = (size_t)at * 8;

			for (b = from; b < from + 8; b++)
				if (((p->at[b] ^ ((u8 *)s->first)[p->start + b])
				     & ((u8 *)s->fixed)[p->start + b]))
					varying_add(s, p->start + b);
		}
	}
}


/* Fills s->diff from memory; its length in bytes. */
static unsigned int diff_gather(struct search *s)
{
	u8 *diff = (u8 *)s->diff;
	const struct search_part *p = s->parts;
	unsigned int i, len;

	for (i = 0; i < s->nr_varying; i++) {
		size_t offset = s->varying[i];

		if (offset < p->start || offset >= p->start + p->size)
			for (p = s->parts; offset >= p->start + p->size; p++)
				;
		diff[i] = p->at[offset - p->start] ^ ((u8 *)s->first)[offset];
	}
	for (len = i; len % 8; len++)
		diff[len] = 0;
	while (len && !s->diff[len / 8 - 1])
		len -= 8;
	return len;
}

static u64 diff_hash(const u64 *diff, unsigned int len)
{
	u64 h = 0, odd = 0x9e3779b97f4a7c15ULL;
	unsigned int i;

	for (i = 0; i < len / 8; i++) {
		u64 x = diff[i] * odd;

		h += (x ^ x >> 29) * 0xbf58476d1ce4e5b9ULL;
		odd += 0x632be59bd9b4e01aULL;
	}
	return h ^ h >> 32;
}

/* Where @diff is in the table, or the free slot that it belongs in. */
static u32 *table_find(struct search *s, const u64 *diff, unsigned int len)
{
	u32 slot = (u32)diff_hash(diff, len) & s->table_mask;

	for (; s->table[slot]; slot = (slot + 1) & s->table_mask) {
		const struct search_record *r =
			record_of(s, s->table[slot] - 1);

		if (r->len == len && !memcmp(r->diff, diff, len))
			break;
	}
	return &s->table[slot];
}

int search_add(struct search *s, unsigned int op)
{
	struct search_record *r;
	unsigned int len;
	u32 *slot;

	varying_find(s);
	len = diff_gather(s);
	slot = table_find(s, s->diff, len);
	s->last = *slot - 1;
	if (*slot)
		return 0;
	if (s->nr_states == s->max_states ||
	    s->heap_used + sizeof(*r) + len > s->heap_size)
		return -1;
	r = (struct search_record *)(s->heap + s->heap_used);
	*r = (struct search_record){
		.parent = s->current, .op = (u16)op, .len = (u16)len,
		.depth = s->nr_states ? record_of(s, s->current)->depth + 1 : 0,
	};
	memcpy(r->diff, s->diff, len);
	s->records[s->nr_states++] = (u32)(s->heap_used / 8);
	s->heap_used += sizeof(*r) + len;
	*slot = s->nr_states;
	s->last = *slot - 1;
	return 1;
}

void search_start(struct search *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++)
		memcpy((u8 *)s->first + s->parts[i].start, s->parts[i].at,
		       s->parts[i].size);
	memcpy(s->image, s->first, s->size);
	memcpy(s->fixed, s->care, s->size);
	search_add(s, 0);
}

static void current_set(struct search *s, u32 state)
{
	const struct search_record *r = record_of(s, state);
	unsigned int i;

	s->current = state;
	for (i = 0; i < s->nr_varying; i++) {
		u32 at = s->varying[i];

		((u8 *)s->image)[at] = ((u8 *)s->first)[at] ^
				       (i < r->len ? r->diff[i] : 0);
	}
	search_restore(s);
}

bool search_next(struct search *s)
{
	if (s->next == s->nr_states)
		return false;
	current_set(s, s->next++);
	return true;
}

void search_enter(struct search *s)
{
	current_set(s, s->last);
}

unsigned int search_path(const struct search *s, unsigned int *ops,
			 unsigned int max)
{
	unsigned int n = record_of(s, s->current)->depth, i = n;
	u32 state = s->current;

	while (i-- > 0) {
		const struct search_record *r = record_of(s, state);

		if (i < max)
			ops[i] = r->op;
		state = r->parent;
	}
	return min(n, max);
}

void search_figures(const struct search *s, struct search_figures *f)
{
	*f = (struct search_figures){
		.states = s->nr_states, .explored = s->next,
		.depth = record_of(s, s->current)->depth,
		.varying = s->nr_varying, .state_bytes = s->size,
	};
}

void search_varying(const struct search *s,
		    void (*emit)(const char *name, size_t offset))
{
	unsigned int i;

	for (i = 0; i < s->nr_parts; i++) {
		const struct search_part *p = &s->parts[i];
		size_t word = p->start / 8, end = word + p->size / 8;

		for (; word < end; word++)
			if (s->care[word] != s->fixed[word])
				emit(p->name, word * 8 - p->start);
	}
}
