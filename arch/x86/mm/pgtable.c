// SPDX-License-Identifier: MIT
/*
 * Page tables as data: one walker for 2, 3 and 4 levels.
 *
 * Terms. A table is a page of entries. An entry is empty, points to a table
 * of the level below, or is a leaf that maps memory. A format says how many
 * levels there are, which bits of an address index each, and how an entry is
 * laid out; so nothing below names a CPU:
 *
 *   format    level 3    level 2    level 1    level 0    entry
 *   4level    PGD 39:47  PUD 30:38  PMD 21:29  PTE 12:20  8 bytes, NX
 *   pae                  PGD 30:31  PMD 21:29  PTE 12:20  8 bytes, NX
 *   2level                          PGD 22:31  PTE 12:21  4 bytes
 *
 * Protections are given and taken as the bits of a 4K leaf. Larger leaves
 * keep the high PAT bit elsewhere, because its place says "leaf" there.
 *
 * Invariants (pgtable_check), of all but what is left to somebody else:
 *  I1: nr_tables counts the tables below the root, nr_leaves the leaves.
 *  I2: an entry that is present either points to a table that table_at()
 *      reaches, or is a leaf of a level that may have leaves.
 *  I3: a leaf's address is a multiple of its size.
 *
 * Changes. A table is filled before the entry that points to it is written,
 * so that a CPU that walks meanwhile sees the old translation or the new one,
 * which differ in no more than what the caller asked for. Tables are not
 * given back: kernel tables never shrink.
 *
 * Lock order: none; the caller keeps writers apart (x86_mapping.pgtable_lock)
 * and flushes TLBs.
 *
 * Differs from Linux, where each level has functions of its own, folded by
 * macros: asm/pgtable.h has those for code that handles single entries.
 */
#include <asm/pgtable_walk.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/entry_write.h>
#include <asm/page.h>

/* Bits of an entry; asm/pgtable_types.h's, for entries of any size. */
#define P	0x001ULL	/* present */
#define RW	0x002ULL
#define US	0x004ULL	/* user */
#define A	0x020ULL	/* accessed */
#define D	0x040ULL	/* dirty */
#define PSE	0x080ULL	/* above level 0: leaf */
#define PAT_4K	0x080ULL
#define PAT_BIG	0x1000ULL

#define TABLE_FLAGS	(P | RW | A | D)
/* A PAE top entry has these two alone; RW and A are reserved there. */
#define PAE_TOP_FLAGS	P

#define MAX_NX		(1ULL << 63)

const struct pgtable_format pgtable_4level = {
	.name = "4-level", .levels = 4, .entry_size = 8, .va_bits = 48,
	.frame_mask = 0x000ffffffffff000ULL, .nx = MAX_NX,
	.level = {
		{ "PTE", 12, 9, true, 0 },
		{ "PMD", 21, 9, true, TABLE_FLAGS },
		{ "PUD", 30, 9, true, TABLE_FLAGS },
		{ "PGD", 39, 9, false, TABLE_FLAGS },
	},
};

const struct pgtable_format pgtable_pae = {
	.name = "PAE", .levels = 3, .entry_size = 8, .va_bits = 32,
	.frame_mask = 0x000ffffffffff000ULL, .nx = MAX_NX,
	.level = {
		{ "PTE", 12, 9, true, 0 },
		{ "PMD", 21, 9, true, TABLE_FLAGS },
		{ "PGD", 30, 2, false, PAE_TOP_FLAGS },
	},
};

const struct pgtable_format pgtable_2level = {
	.name = "2-level", .levels = 2, .entry_size = 4, .va_bits = 32,
	.frame_mask = 0xfffff000ULL, .nx = 0,
	.level = {
		{ "PTE", 12, 10, true, 0 },
		{ "PGD", 22, 10, true, TABLE_FLAGS },
	},
};

static u64 level_size(const struct pgtable_format *f, int level)
{
	return 1ULL << f->level[level].shift;
}

static unsigned int level_entries(const struct pgtable_format *f, int level)
{
	return 1U << f->level[level].bits;
}

static unsigned int level_index(const struct pgtable_format *f, int level,
				u64 va)
{
	return (unsigned int)(va >> f->level[level].shift) &
	       (level_entries(f, level) - 1);
}

/* Copies the highest translated bit into those above, if there are any. */
static u64 canonical(const struct pgtable_format *f, u64 va)
{
	int unused = 64 - f->va_bits;

	if (f->va_bits == 32)
		return (u32)va;
	return (u64)((s64)(va << unused) >> unused);
}

static u64 entry_read(const struct pgtable_format *f, const void *table,
		      unsigned int i)
{
	if (f->entry_size == 4)
		return READ_ONCE(((const u32 *)table)[i]);
	return READ_ONCE(((const u64 *)table)[i]);
}

static void entry_write(const struct pgtable_format *f, void *table,
			unsigned int i, u64 v)
{
	u64 *e = (u64 *)table + i;

	if (f->entry_size == 4)
		WRITE_ONCE(((u32 *)table)[i], (u32)v);
	else if (!v)
		entry_goes(e);
	else if (READ_ONCE(*e) & P)
		entry_changes(e, v);
	else
		entry_comes(e, v);
}

static bool entry_is_table(int level, u64 entry)
{
	return (entry & P) && level > 0 && !(entry & PSE);
}

static u64 table_phys(const struct pgtable_format *f, u64 entry)
{
	return entry & f->frame_mask;
}

u64 pgtable_encode(const struct pgtable_format *f, int level, phys_addr_t phys,
		   u64 prot)
{
	BUG_ON(!f->level[level].leaf);
	BUG_ON(phys & (level_size(f, level) - 1));
	BUG_ON(phys & ~f->frame_mask);
	BUG_ON(prot & f->frame_mask);
	prot &= ~(MAX_NX & ~f->nx);
	if (level == 0)
		return phys | prot;
	return phys | prot | PSE | (prot & PAT_4K ? PAT_BIG : 0);
}

u64 pgtable_entry_prot(const struct pgtable_format *f, int level, u64 entry)
{
	u64 prot = entry & ~f->frame_mask;

	if (level == 0)
		return prot;
	return (prot & ~PSE) | (entry & PAT_BIG ? PAT_4K : 0);
}

phys_addr_t pgtable_entry_phys(const struct pgtable_format *f, int level,
			       u64 entry)
{
	return entry & f->frame_mask & ~(level_size(f, level) - 1);
}

int pgtable_setup(struct pgtable *pt, const struct pgtable_format *format,
		  const struct pgtable_ops *ops, void *ctx)
{
	memset(pt, 0, sizeof(*pt));
	pt->format = format;
	pt->ops = ops;
	pt->ctx = ctx;
	pt->root = ops->alloc(ctx);
	return pt->root == PGTABLE_NO_TABLE ? -ENOMEM : 0;
}

static void *table_at(const struct pgtable *pt, phys_addr_t phys)
{
	void *table = pt->ops->table_at(pt->ctx, phys);

	BUG_ON(!table);
	return table;
}

/* Where the entry of an address stands. */
struct slot {
	void *table;
	unsigned int index;
	int level;
	u64 entry;
};

static void slot_set(const struct pgtable *pt, struct slot *s, u64 entry)
{
	entry_write(pt->format, s->table, s->index, entry);
	s->entry = entry;
}

static struct slot slot_in(const struct pgtable *pt, phys_addr_t table,
			   int level, u64 va)
{
	struct slot s = {
		.table = table_at(pt, table),
		.index = level_index(pt->format, level, va),
		.level = level,
	};

	s.entry = entry_read(pt->format, s.table, s.index);
	return s;
}

/* Down to the entry that is no table, or to @level. */
static struct slot slot_find(const struct pgtable *pt, u64 va, int level)
{
	struct slot s = slot_in(pt, pt->root, pt->format->levels - 1, va);

	while (s.level > level && entry_is_table(s.level, s.entry))
		s = slot_in(pt, table_phys(pt->format, s.entry), s.level - 1,
			    va);
	return s;
}

/* Puts an empty table under @s. */
static int slot_grow(struct pgtable *pt, struct slot *s)
{
	phys_addr_t table = pt->ops->alloc(pt->ctx);

	if (table == PGTABLE_NO_TABLE)
		return -ENOMEM;
	BUG_ON(table & ~pt->format->frame_mask);
	pt->nr_tables++;
	slot_set(pt, s, table | pt->format->level[s->level].table_flags);
	return 0;
}

/* Replaces the leaf at @s by a table of leaves that map the same. */
static int slot_split(struct pgtable *pt, struct slot *s)
{
	const struct pgtable_format *f = pt->format;
	phys_addr_t phys = pgtable_entry_phys(f, s->level, s->entry);
	u64 prot = pgtable_entry_prot(f, s->level, s->entry);
	int below = s->level - 1;
	unsigned int i, n = level_entries(f, below);
	phys_addr_t table = pt->ops->alloc(pt->ctx);
	void *entries;

	if (table == PGTABLE_NO_TABLE)
		return -ENOMEM;
	entries = table_at(pt, table);
	for (i = 0; i < n; i++)
		entry_write(f, entries, i,
			    pgtable_encode(f, below,
					   phys + i * level_size(f, below),
					   prot));
	pt->nr_tables++;
	pt->nr_leaves[s->level]--;
	pt->nr_leaves[below] += n;
	/* User leaves need the table to let users through. */
	slot_set(pt, s, table | f->level[s->level].table_flags | (prot & US));
	return 0;
}

/* The entry of @va at @level, with the tables that lead to it. */
static int slot_reach_level(struct pgtable *pt, u64 va, int level,
			    struct slot *s)
{
	int err;

	*s = slot_find(pt, va, level);
	while (s->level > level) {
		if (s->entry & P)
			return -EEXIST;
		err = slot_grow(pt, s);
		if (err)
			return err;
		*s = slot_find(pt, va, level);
	}
	return 0;
}

int pgtable_reach(struct pgtable *pt, u64 va, int level)
{
	struct slot s;

	return slot_reach_level(pt, va, level, &s);
}

static int pgtable_map_one(struct pgtable *pt, u64 va, phys_addr_t phys,
			   int level, u64 prot)
{
	const struct pgtable_format *f = pt->format;
	struct slot s;
	int err = slot_reach_level(pt, va, level, &s);

	if (err)
		return err;
	if (s.entry & P)
		return -EEXIST;
	slot_set(pt, &s, pgtable_encode(f, level, phys, prot));
	pt->nr_leaves[level]++;
	return 0;
}

int pgtable_map(struct pgtable *pt, u64 va, phys_addr_t phys, u64 size,
		int level, u64 prot)
{
	const struct pgtable_format *f = pt->format;
	u64 step, done;
	int err;

	if (level < 0 || level >= f->levels || !f->level[level].leaf)
		return -EINVAL;
	step = level_size(f, level);
	if ((va | phys | size) & (step - 1))
		return -EINVAL;
	for (done = 0; done < size; done += step) {
		err = pgtable_map_one(pt, va + done, phys + done, level, prot);
		if (err)
			return err;
	}
	return 0;
}

/* How far the entry at @s reaches from @va on. */
static u64 slot_reach(const struct pgtable *pt, const struct slot *s, u64 va)
{
	u64 size = level_size(pt->format, s->level);

	return size - (va & (size - 1));
}

/*
 * The entry that decides on @va, split until it lies in [va, va + left).
 * A hole is returned as it is.
 */
static int slot_carve(struct pgtable *pt, u64 va, u64 left, struct slot *s)
{
	int err;

	for (;;) {
		u64 size;

		*s = slot_find(pt, va, 0);
		size = level_size(pt->format, s->level);
		if (!(s->entry & P) || (!(va & (size - 1)) && size <= left))
			return 0;
		err = slot_split(pt, s);
		if (err)
			return err;
	}
}

int pgtable_protect(struct pgtable *pt, u64 va, u64 size, u64 set, u64 clear)
{
	const struct pgtable_format *f = pt->format;
	u64 done, prot;
	struct slot s;
	int err;

	if (!IS_ALIGNED(va | size, PAGE_SIZE))
		return -EINVAL;
	for (done = 0; done < size; done += level_size(f, s.level)) {
		err = slot_carve(pt, va + done, size - done, &s);
		if (err)
			return err;
		if (!(s.entry & P))
			return -ENOENT;
		prot = pgtable_entry_prot(f, s.level, s.entry);
		prot = (prot & ~clear) | set;
		slot_set(pt, &s,
			 pgtable_encode(f, s.level,
					pgtable_entry_phys(f, s.level, s.entry),
					prot));
	}
	return 0;
}

int pgtable_unmap(struct pgtable *pt, u64 va, u64 size)
{
	u64 done;
	struct slot s;
	int err;

	if (!IS_ALIGNED(va | size, PAGE_SIZE))
		return -EINVAL;
	for (done = 0; done < size; done += slot_reach(pt, &s, va + done)) {
		err = slot_carve(pt, va + done, size - done, &s);
		if (err)
			return err;
		if (!(s.entry & P))
			continue;
		pt->nr_leaves[s.level]--;
		slot_set(pt, &s, 0);
	}
	return 0;
}

/* What the levels passed so far allow. */
struct rights {
	u64 allow;		/* RW, US: cleared by any level without */
	u64 nx;			/* set by any level with */
};

static struct rights rights_pass(const struct pgtable_format *f, int level,
				 struct rights r, u64 entry)
{
	/* The top of PAE has no such bits: it allows all. */
	if (f->level[level].table_flags == PAE_TOP_FLAGS)
		return r;
	r.allow &= entry;
	r.nx |= entry & f->nx;
	return r;
}

static struct pgtable_leaf leaf_of(const struct pgtable_format *f, int level,
				   u64 va, u64 entry, struct rights r)
{
	u64 prot = pgtable_entry_prot(f, level, entry);

	return (struct pgtable_leaf) {
		.va = va,
		.size = level_size(f, level),
		.phys = pgtable_entry_phys(f, level, entry),
		.level = level,
		.prot = (prot & ~(RW | US)) | (r.allow & (RW | US)) | r.nx,
	};
}

bool pgtable_lookup(const struct pgtable *pt, u64 va, struct pgtable_leaf *leaf)
{
	const struct pgtable_format *f = pt->format;
	struct rights r = { .allow = RW | US, .nx = 0 };
	struct slot s;

	if (canonical(f, va) != va)
		return false;
	s = slot_in(pt, pt->root, f->levels - 1, va);
	for (;;) {
		if (!(s.entry & P))
			return false;
		r = rights_pass(f, s.level, r, s.entry);
		if (!entry_is_table(s.level, s.entry))
			break;
		s = slot_in(pt, table_phys(f, s.entry), s.level - 1, va);
	}
	*leaf = leaf_of(f, s.level, va & ~(level_size(f, s.level) - 1),
			s.entry, r);
	return true;
}

struct walk {
	const struct pgtable *pt;
	u64 first, last;	/* addresses, both included */
	pgtable_leaf_fn fn;
	void *ctx;
};

/* @base: the address that the table's first entry translates. */
static int walk_table(const struct walk *w, phys_addr_t table, int level,
		      u64 base, struct rights above)
{
	const struct pgtable_format *f = w->pt->format;
	const void *entries = table_at(w->pt, table);
	u64 size = level_size(f, level);
	unsigned int i;
	int ret = 0;

	for (i = 0; i < level_entries(f, level) && !ret; i++) {
		u64 va = canonical(f, base + i * size);
		u64 entry = entry_read(f, entries, i);
		struct rights r = rights_pass(f, level, above, entry);
		struct pgtable_leaf leaf;

		if (!(entry & P) || va + (size - 1) < w->first || va > w->last)
			continue;
		if (entry_is_table(level, entry)) {
			ret = walk_table(w, table_phys(f, entry), level - 1,
					 va, r);
			continue;
		}
		leaf = leaf_of(f, level, va, entry, r);
		ret = w->fn(w->ctx, &leaf);
	}
	return ret;
}

int pgtable_walk(const struct pgtable *pt, u64 first, u64 last,
		 pgtable_leaf_fn fn, void *ctx)
{
	struct walk w = { pt, first, last, fn, ctx };
	struct rights all = { .allow = RW | US, .nx = 0 };

	return walk_table(&w, pt->root, pt->format->levels - 1, 0, all);
}

struct wx {
	pgtable_leaf_fn report;
	void *ctx;
	u64 nx;
	unsigned long pages;
};

static int wx_leaf(void *ctx, const struct pgtable_leaf *leaf)
{
	struct wx *wx = ctx;

	if (!(leaf->prot & RW) || (leaf->prot & wx->nx))
		return 0;
	wx->pages += (unsigned long)(leaf->size >> PAGE_SHIFT);
	return wx->report(wx->ctx, leaf);
}

unsigned long pgtable_check_wx(const struct pgtable *pt, u64 first, u64 last,
			       pgtable_leaf_fn report, void *ctx)
{
	struct wx wx = { report, ctx, pt->format->nx, 0 };

	pgtable_walk(pt, first, last, wx_leaf, &wx);
	return wx.pages;
}

int pgtable_dump(const struct pgtable *pt, u64 va, char *buf, size_t size)
{
	const struct pgtable_format *f = pt->format;
	phys_addr_t table = pt->root;
	int level, n = 0;

	if (size)
		buf[0] = '\0';
	for (level = f->levels - 1; level >= 0; level--) {
		const void *entries = pt->ops->table_at(pt->ctx, table);
		u64 entry;

		if (!entries)
			return n + scnprintf(buf + n, size - n, "%sBAD",
					     n ? " " : "");
		entry = entry_read(f, entries, level_index(f, level, va));
		n += scnprintf(buf + n, size - n, "%s%s %llx", n ? " " : "",
			       f->level[level].name, entry);
		/* Linux readers expect the folded level to be named. */
		if (f->levels == 4 && level == 3)
			n += scnprintf(buf + n, size - n, " P4D %llx", entry);
		if (!entry_is_table(level, entry))
			break;
		table = table_phys(f, entry);
	}
	return n;
}

struct census {
	unsigned long tables;
	unsigned long leaves[PGTABLE_MAX_LEVELS];
};

/* Is all of [va, va + size) somebody else's? */
static bool is_left(const struct pgtable *pt, u64 va, u64 size)
{
	int i;

	for (i = 0; i < pt->nr_left; i++)
		if (va >= pt->left[i].start && va < pt->left[i].end &&
		    size <= pt->left[i].end - va)
			return true;
	return false;
}

static void census_leaf(const struct pgtable_format *f, int level, u64 entry,
			struct census *c)
{
	u64 low = level_size(f, level) - 1;

	BUG_ON(!f->level[level].leaf);
	/* Below a large frame only the PAT bit may be set. */
	BUG_ON(entry & f->frame_mask & low & ~PAT_BIG);
	c->leaves[level]++;
}

/* @base: the address that the table's first entry translates. */
static void census_table(const struct pgtable *pt, phys_addr_t table,
			 int level, u64 base, struct census *c)
{
	const struct pgtable_format *f = pt->format;
	const void *entries = table_at(pt, table);
	u64 size = level_size(f, level);
	unsigned int i;

	for (i = 0; i < level_entries(f, level); i++) {
		u64 entry = entry_read(f, entries, i);
		u64 va = canonical(f, base + i * size);

		if (!(entry & P) || is_left(pt, va, size))
			continue;
		if (entry_is_table(level, entry)) {
			c->tables++;
			census_table(pt, table_phys(f, entry), level - 1, va,
				     c);
		} else {
			census_leaf(f, level, entry, c);
		}
	}
}

static struct census census_take(const struct pgtable *pt)
{
	struct census c = { 0 };

	census_table(pt, pt->root, pt->format->levels - 1, 0, &c);
	return c;
}

void pgtable_check(const struct pgtable *pt)
{
	struct census c = census_take(pt);
	int level;

	BUG_ON(c.tables != pt->nr_tables);
	for (level = 0; level < PGTABLE_MAX_LEVELS; level++)
		BUG_ON(c.leaves[level] != pt->nr_leaves[level]);
}

void pgtable_leave(struct pgtable *pt, u64 start, u64 end)
{
	struct census c;

	BUG_ON(start >= end || !IS_ALIGNED(start | end, PAGE_SIZE));
	BUG_ON(pt->nr_left == PGTABLE_MAX_LEFT);
	pt->left[pt->nr_left++] = (struct pgtable_range){ start, end };
	c = census_take(pt);
	pt->nr_tables = c.tables;
	memcpy(pt->nr_leaves, c.leaves, sizeof(pt->nr_leaves));
}
