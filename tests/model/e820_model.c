// SPDX-License-Identifier: MIT
/*
 * The memory map against an oracle: an array with the type of each cell of a
 * small range of addresses, 0 for none. A seeded stream of additions, updates
 * and removals goes to both; after each step the table is sanitized,
 * e820_table_check() must hold, and every cell and every question about random
 * ranges must have the same answer. Now and then the table is written as text
 * and read back.
 *
 * A cell is no round number of bytes, so nothing may be rounded to pages, and
 * the range of addresses lies at the bottom, across 4 GiB or at the very top
 * of the address space.
 */
#include "e820_model.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include <asm/e820/api.h>
#include <asm/page.h>
#include <kunit/random.h>

#define CELLS		200
#define CELL		5003ULL		/* bytes; prime */
#define TEXT_STEPS	64		/* between two readings of text */

struct model {
	struct random rnd;
	u64 base;			/* of cell 0, bytes */
	enum e820_type cell[CELLS];
	struct e820_table table, copy;
	char text[CELLS * 64];
};

/* Too large for a kernel's stack; nothing of it outlives a run. */
static struct model the_model;

static const enum e820_type types[] = {
	E820_TYPE_RAM, E820_TYPE_RESERVED, E820_TYPE_ACPI, E820_TYPE_NVS,
	E820_TYPE_UNUSABLE, E820_TYPE_PMEM, E820_TYPE_PRAM,
	E820_TYPE_RESERVED_KERN, E820_TYPE_SOFT_RESERVED,
};

static u32 pick(struct model *m, u32 n)
{
	return random_below(&m->rnd, n);
}

static enum e820_type pick_type(struct model *m)
{
	return types[pick(m, ARRAY_SIZE(types))];
}

static u64 cell_addr(const struct model *m, u32 cell)
{
	return m->base + cell * CELL;
}

/* A random range of cells; half of them are short. */
static void pick_range(struct model *m, u32 *first, u32 *nr)
{
	*first = pick(m, CELLS);
	*nr = 1 + pick(m, CELLS - *first);
	if (pick(m, 2))
		*nr = min(*nr, 1 + pick(m, 8));
}

/* --- steps: the same edit on both --- */

/* Several at once, so that sanitizing sees more than two that overlap. */
static void step_add(struct model *m)
{
	u32 first, nr, i, n = 1 + pick(m, 5);
	enum e820_type type;

	while (n--) {
		pick_range(m, &first, &nr);
		type = pick_type(m);
		e820_table_add(&m->table, cell_addr(m, first), nr * CELL,
			       type);
		for (i = first; i < first + nr; i++)
			m->cell[i] = max(m->cell[i], type);
	}
}

static const char *step_update(struct model *m)
{
	enum e820_type old = pick_type(m), new = pick_type(m);
	u64 want = 0, got;
	u32 first, nr, i;

	if (old == new)
		return NULL;
	pick_range(m, &first, &nr);
	for (i = first; i < first + nr; i++) {
		if (m->cell[i] != old)
			continue;
		m->cell[i] = new;
		want += CELL;
	}
	got = e820_table_update(&m->table, cell_addr(m, first), nr * CELL, old,
				new);
	return got == want ? NULL : "bytes updated";
}

static const char *step_remove(struct model *m)
{
	enum e820_type old = pick_type(m);
	bool check = pick(m, 2);
	u64 want = 0, got, size;
	u32 first, nr, i;

	pick_range(m, &first, &nr);
	size = nr * CELL;
	/* As mem= does: all from there on. */
	if (!pick(m, 8)) {
		nr = CELLS - first;
		size = U64_MAX - cell_addr(m, first);
		size += !pick(m, 2) && cell_addr(m, first);
		if (m->base + CELLS * CELL == 0 &&
		    size == U64_MAX - cell_addr(m, first))
			size++;
	}
	for (i = first; i < first + nr; i++) {
		if (!m->cell[i] || (check && m->cell[i] != old))
			continue;
		m->cell[i] = 0;
		want += CELL;
	}
	got = e820_table_remove(&m->table, cell_addr(m, first), size, old,
				check);
	return got == want ? NULL : "bytes removed";
}

/* --- comparisons --- */

/* The type of each cell, by walking entries, of which none may be outside. */
static const char *compare_cells(const struct model *m,
				 const struct e820_table *t)
{
	u32 cell = 0, i, nr;

	for (i = 0; i < t->nr_entries; i++) {
		const struct e820_entry *e = &t->entries[i];

		for (; cell < CELLS && cell_addr(m, cell) != e->addr; cell++)
			if (m->cell[cell])
				return "a range is missing";
		if (cell == CELLS || e->size % CELL)
			return "an entry has odd ends";
		for (nr = (u32)(e->size / CELL); nr; nr--, cell++)
			if (cell == CELLS || m->cell[cell] != e->type)
				return "an entry has a wrong type";
	}
	for (; cell < CELLS; cell++)
		if (m->cell[cell])
			return "the last range is missing";
	return NULL;
}

static const char *compare_questions(struct model *m)
{
	enum e820_type type = pick(m, 4) ? pick_type(m) : 0;
	bool any = false, all = true;
	u32 first, nr, i;
	u64 start, end;

	pick_range(m, &first, &nr);
	for (i = first; i < first + nr; i++) {
		bool is = type ? m->cell[i] == type : m->cell[i] != 0;

		any |= is;
		all &= is;
	}
	start = cell_addr(m, first);
	end = start + nr * CELL;
	/* Ends are exclusive: 2^64 cannot be asked for. */
	if (!end)
		return NULL;
	if (e820_table_mapped_any(&m->table, start, end, type) != any)
		return "mapped_any";
	if (e820_table_mapped_all(&m->table, start, end, type) != all)
		return "mapped_all";
	return NULL;
}

static const char *compare_end(struct model *m)
{
	u64 ram = 0, end = 0, last, limit;
	u32 i;

	for (i = 0; i < CELLS; i++) {
		if (m->cell[i] != E820_TYPE_RAM)
			continue;
		ram += CELL;
		/* The limit asked for below leaves out the last byte. */
		last = min(cell_addr(m, i) + CELL - 1, U64_MAX - 1);
		end = max(end, last / PAGE_SIZE +
			       (last % PAGE_SIZE == PAGE_SIZE - 1));
	}
	if (e820_table_bytes(&m->table, E820_TYPE_RAM) != ram)
		return "bytes of RAM";
	if (e820_table_end_pfn(&m->table, U64_MAX) != end)
		return "end of RAM";
	limit = ALIGN_DOWN(cell_addr(m, pick(m, CELLS)), PAGE_SIZE);
	if (e820_table_end_pfn(&m->table, limit) > limit / PAGE_SIZE)
		return "end of RAM below a limit";
	return NULL;
}

/* Writes the table as a list, reads it back. */
static const char *compare_text(struct model *m)
{
	char name[E820_TYPE_NAME_MAX];
	size_t n = 0;
	u32 i;

	for (i = 0; i < m->table.nr_entries; i++) {
		const struct e820_entry *e = &m->table.entries[i];

		/* The kernel's own type has the name of RAM. */
		if (e->type == E820_TYPE_RESERVED_KERN)
			return NULL;
		n += scnprintf(m->text + n, sizeof(m->text) - n,
			       "[mem 0x%016llx-0x%016llx] %s\n", e->addr,
			       e->addr + e->size - 1,
			       e820_type_name(e->type, name));
	}
	memset(&m->copy, 0, sizeof(m->copy));
	if (e820_parse_dmesg(&m->copy, m->text, n, NULL, NULL))
		return "text is refused";
	return compare_cells(m, &m->copy) ? "text says another map" : NULL;
}

static const char *model_step(struct model *m, u64 step)
{
	const char *fault = NULL;

	switch (pick(m, 3)) {
	case 0:
		step_add(m);
		break;
	case 1:
		fault = step_update(m);
		break;
	case 2:
		fault = step_remove(m);
		break;
	}
	if (e820_table_sanitize(&m->table) && !fault)
		fault = "ranges are lost";
	fault = fault ?: e820_table_check(&m->table);
	fault = fault ?: compare_cells(m, &m->table);
	fault = fault ?: compare_questions(m);
	fault = fault ?: compare_end(m);
	if (!fault && step % TEXT_STEPS == 0)
		fault = compare_text(m);
	return fault;
}

int e820_model_run(u64 seed, u64 steps)
{
	static const u64 bases[] = { 0, (4ULL << 30) - CELLS / 2 * CELL,
				     -(CELLS * CELL) };
	struct model *m = &the_model;
	const char *fault;
	u64 step;

	memset(m, 0, sizeof(*m));
	random_seed(&m->rnd, seed);
	m->base = bases[pick(m, ARRAY_SIZE(bases))];
	for (step = 1; step <= steps; step++) {
		fault = model_step(m, step);
		if (!fault)
			continue;
		pr_err("e820 model: seed %llu, step %llu: %s\n", seed, step,
		       fault);
		return (int)min(step, (u64)INT_MAX);
	}
	return 0;
}
