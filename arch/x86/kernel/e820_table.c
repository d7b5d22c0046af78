// SPDX-License-Identifier: MIT
/*
 * A firmware memory map as a value: what can be done with any table.
 *
 * Terms: an entry is a typed range; a boundary is an address where some entry
 * starts or ends; a table is sanitized when it states the type of each byte
 * once and in order.
 *
 *	raw        |--- 1 ------------------|
 *	                 |--- 3 ---|   |--- 1 -----|
 *	sanitized  |- 1 -|--- 3 ---|----- 1 -------|
 *
 * Sanitizing walks the boundaries upwards. Between two neighbouring ones the
 * set of entries is the same for each byte, and the highest type of the set
 * holds: firmware that says RAM and reserved of the same byte must not have it
 * handed out. Quadratic in the entries, which are few.
 *
 * After e820_table_sanitize():
 * I1  nr_entries <= E820_MAX_ENTRIES
 * I2  no entry has size 0 or passes 2^64
 * I3  entries ascend and do not overlap
 * I4  two that touch differ in type, but for persistent and soft reserved
 *     memory, where each firmware range stays a device of its own
 *
 * Ends are kept as last bytes inside, because an entry may end at 2^64.
 *
 * Failure: a table that is full drops the range and counts it; the dropped
 * range is then a hole, which nobody touches.
 */
#include <asm/e820/api.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/page.h>

static const struct {
	enum e820_type type;
	const char *name;
} e820_names[] = {
	{ E820_TYPE_RAM, "usable" },
	{ E820_TYPE_RESERVED_KERN, "usable" },
	{ E820_TYPE_RESERVED, "reserved" },
	{ E820_TYPE_SOFT_RESERVED, "soft reserved" },
	{ E820_TYPE_ACPI, "ACPI data" },
	{ E820_TYPE_NVS, "ACPI NVS" },
	{ E820_TYPE_UNUSABLE, "unusable" },
	{ E820_TYPE_PMEM, "persistent (type 7)" },
	{ E820_TYPE_PRAM, "persistent (type 12)" },
};

const char *e820_type_name(enum e820_type type, char buf[E820_TYPE_NAME_MAX])
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(e820_names); i++)
		if (e820_names[i].type == type)
			return e820_names[i].name;
	snprintf(buf, E820_TYPE_NAME_MAX, "type %u", (unsigned int)type);
	return buf;
}

bool e820_type_known(enum e820_type type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(e820_names); i++)
		if (e820_names[i].type == type)
			return true;
	return false;
}

enum e820_type e820_type_of_name(const char *s, size_t n)
{
	u64 number = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(e820_names); i++)
		if (strlen(e820_names[i].name) == n &&
		    !memcmp(e820_names[i].name, s, n))
			return e820_names[i].type;
	if (n < 6 || n > 15 || memcmp(s, "type ", 5))
		return 0;
	for (i = 5; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		number = number * 10 + (u64)(s[i] - '0');
	}
	return number <= U32_MAX ? (enum e820_type)number : 0;
}

static u64 e820_last(const struct e820_entry *e)
{
	return e->addr + e->size - 1;
}

/* The last byte of [start, start + size), cut at 2^64. @size is not 0. */
static u64 e820_range_last(u64 start, u64 size)
{
	return size - 1 > U64_MAX - start ? U64_MAX : start + size - 1;
}

static bool e820_nomerge(enum e820_type type)
{
	return type == E820_TYPE_PRAM || type == E820_TYPE_SOFT_RESERVED;
}

/* Adds [start, last]. A size of 2^64 is cut by one byte: it has no number. */
static int e820_table_append(struct e820_table *t, u64 start, u64 last,
			     enum e820_type type)
{
	struct e820_entry *e;

	if (t->nr_entries >= E820_MAX_ENTRIES) {
		t->nr_lost++;
		return -ENOSPC;
	}
	if (start == 0 && last == U64_MAX)
		last--;
	e = &t->entries[t->nr_entries++];
	e->addr = start;
	e->size = last - start + 1;
	e->type = type;
	return 0;
}

int e820_table_add(struct e820_table *t, u64 start, u64 size,
		   enum e820_type type)
{
	if (!size)
		return -EINVAL;
	return e820_table_append(t, start, e820_range_last(start, size), type);
}

static void e820_table_drop(struct e820_table *t, u32 i)
{
	t->nr_entries--;
	memmove(&t->entries[i], &t->entries[i + 1],
		(t->nr_entries - i) * sizeof(t->entries[0]));
}

/*
 * Takes [start, last] out of entry @i, which it overlaps: the entry keeps
 * what is below, a new one what is above. Returns whether @i has gone.
 */
static bool e820_table_cut(struct e820_table *t, u32 i, u64 start, u64 last)
{
	struct e820_entry *e = &t->entries[i];
	u64 e_last = e820_last(e);

	if (e_last > last && e->addr < start)
		e820_table_append(t, last + 1, e_last, e->type);
	if (e->addr < start) {
		e->size = start - e->addr;
		return false;
	}
	if (e_last > last) {
		e->size = e_last - last;
		e->addr = last + 1;
		return false;
	}
	e820_table_drop(t, i);
	return true;
}

u64 e820_table_update(struct e820_table *t, u64 start, u64 size,
		      enum e820_type old, enum e820_type new)
{
	u64 last, from, to, changed = 0;
	u32 i = 0, nr = t->nr_entries;

	BUG_ON(old == new);
	if (!size)
		return 0;
	last = e820_range_last(start, size);
	while (i < nr) {
		struct e820_entry *e = &t->entries[i];

		from = max(start, e->addr);
		to = min(last, e820_last(e));
		if (e->type != old || from > to) {
			i++;
			continue;
		}
		changed += to - from + 1;
		if (from == e->addr && to == e820_last(e)) {
			e->type = new;
			i++;
			continue;
		}
		e820_table_append(t, from, to, new);
		e820_table_cut(t, i++, from, to);
	}
	return changed;
}

u64 e820_table_remove(struct e820_table *t, u64 start, u64 size,
		      enum e820_type old, bool check_type)
{
	u64 last, from, to, removed = 0;
	u32 i = 0;

	if (!size)
		return 0;
	last = e820_range_last(start, size);
	while (i < t->nr_entries) {
		struct e820_entry *e = &t->entries[i];

		from = max(start, e->addr);
		to = min(last, e820_last(e));
		if ((check_type && e->type != old) || from > to) {
			i++;
			continue;
		}
		removed += to - from + 1;
		if (!e820_table_cut(t, i, from, to))
			i++;
	}
	return removed;
}

/* The highest type at @addr, 0 for a hole, and how far it is the same set. */
static enum e820_type e820_type_at(const struct e820_table *t, u64 addr,
				   u64 *last)
{
	enum e820_type type = 0;
	const struct e820_entry *e;

	*last = U64_MAX;
	for (e = t->entries; e < t->entries + t->nr_entries; e++) {
		if (e->addr > addr) {
			*last = min(*last, e->addr - 1);
		} else if (e820_last(e) >= addr) {
			*last = min(*last, e820_last(e));
			type = max(type, e->type);
		}
	}
	return type;
}

static void e820_table_emit(struct e820_table *t, u64 start, u64 last,
			    enum e820_type type)
{
	struct e820_entry *prev = t->entries + t->nr_entries - 1;
	char name[E820_TYPE_NAME_MAX];

	if (t->nr_entries && prev->type == type && !e820_nomerge(type) &&
	    e820_last(prev) + 1 == start) {
		/* As in e820_table_append(): 2^64 is not a size. */
		prev->size = last - prev->addr;
		prev->size += prev->size != U64_MAX;
		return;
	}
	if (e820_table_append(t, start, last, type))
		pr_err("e820: too many entries, [mem 0x%016llx-0x%016llx] %s left out\n",
		       start, last, e820_type_name(type, name));
}

u32 e820_table_sanitize(struct e820_table *t)
{
	struct e820_table out = { .nr_lost = 0 };
	enum e820_type type;
	u64 addr = 0, last;

	do {
		type = e820_type_at(t, addr, &last);
		if (type)
			e820_table_emit(&out, addr, last, type);
		addr = last + 1;
	} while (last != U64_MAX);
	t->nr_entries = out.nr_entries;
	t->nr_lost += out.nr_lost;
	memcpy(t->entries, out.entries, out.nr_entries * sizeof(out.entries[0]));
	return out.nr_lost;
}

/* The first entry before @i that overlaps it, NULL when there is none. */
static const struct e820_entry *
e820_table_overlap(const struct e820_table *t, u32 i)
{
	const struct e820_entry *e = &t->entries[i];
	u32 j;

	for (j = 0; j < i; j++)
		if (t->entries[j].addr <= e820_last(e) &&
		    e820_last(&t->entries[j]) >= e->addr)
			return &t->entries[j];
	return NULL;
}

void e820_table_report(const struct e820_table *t)
{
	char name[E820_TYPE_NAME_MAX], other_name[E820_TYPE_NAME_MAX];
	const struct e820_entry *e, *other;
	u32 i;

	for (i = 1; i < t->nr_entries; i++) {
		e = &t->entries[i];
		other = e820_table_overlap(t, i);
		if (other)
			pr_warn("e820: entry %u [mem 0x%016llx-0x%016llx] %s overlaps [mem 0x%016llx-0x%016llx] %s: the higher type holds\n",
				i, e->addr, e820_last(e),
				e820_type_name(e->type, name),
				other->addr, e820_last(other),
				e820_type_name(other->type, other_name));
		else if (e->addr < t->entries[i - 1].addr)
			pr_warn("e820: entry %u [mem 0x%016llx-0x%016llx] %s is out of order: sorted\n",
				i, e->addr, e820_last(e),
				e820_type_name(e->type, name));
	}
}

void e820_table_print(const struct e820_table *t, const char *who)
{
	const struct e820_entry *e;
	char name[E820_TYPE_NAME_MAX];

	for (e = t->entries; e < t->entries + t->nr_entries; e++)
		pr_info("%s: [mem 0x%016llx-0x%016llx] %s\n", who, e->addr,
			e820_last(e), e820_type_name(e->type, name));
}

bool e820_table_mapped_any(const struct e820_table *t, u64 start, u64 end,
			   enum e820_type type)
{
	const struct e820_entry *e;

	for (e = t->entries; e < t->entries + t->nr_entries; e++)
		if ((!type || e->type == type) && start < end &&
		    e->addr < end && e820_last(e) >= start)
			return true;
	return false;
}

bool e820_table_mapped_all(const struct e820_table *t, u64 start, u64 end,
			   enum e820_type type)
{
	u64 at = start;
	u32 i = 0;

	while (at < end && i < t->nr_entries) {
		const struct e820_entry *e = &t->entries[i++];

		if ((type && e->type != type) || e->addr > at ||
		    e820_last(e) < at)
			continue;
		at = e820_last(e) + 1;
		if (!at)
			return true;
		/* A raw table need not ascend: look at all again. */
		i = 0;
	}
	return at >= end;
}

u64 e820_table_end_pfn(const struct e820_table *t, u64 limit)
{
	const struct e820_entry *e;
	u64 end_pfn = 0, last;

	for (e = t->entries; e < t->entries + t->nr_entries; e++) {
		if (e->type != E820_TYPE_RAM || e->addr >= limit)
			continue;
		last = min(e820_last(e), limit - 1);
		/* A last page that is not whole does not count. */
		end_pfn = max(end_pfn, (last >> PAGE_SHIFT) +
				       IS_ALIGNED(last + 1, PAGE_SIZE));
	}
	return end_pfn;
}

u64 e820_table_bytes(const struct e820_table *t, enum e820_type type)
{
	const struct e820_entry *e;
	u64 sum = 0;

	for (e = t->entries; e < t->entries + t->nr_entries; e++)
		if (e->type == type)
			sum += e->size;
	return sum;
}

const char *e820_table_check(const struct e820_table *t)
{
	const struct e820_entry *e, *next;
	u32 i;

	if (t->nr_entries > E820_MAX_ENTRIES)
		return "I1: more entries than there is room for";
	for (i = 0; i < t->nr_entries; i++) {
		e = &t->entries[i];
		if (!e->size || e820_last(e) < e->addr)
			return "I2: an entry is empty or passes 2^64";
		if (i + 1 == t->nr_entries)
			break;
		next = e + 1;
		if (next->addr <= e820_last(e))
			return "I3: entries overlap or descend";
		if (next->addr == e820_last(e) + 1 && e->type == next->type &&
		    !e820_nomerge(e->type))
			return "I4: neighbours of one type are not merged";
	}
	return NULL;
}
