// SPDX-License-Identifier: MIT
/*
 * Memory maps that people have as text.
 *
 *  dmesg         [    0.000000] BIOS-e820: [mem 0x00000000-0x0009fbff] usable
 *  old dmesg     BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
 *  a plain list  0x0-0x9fbff usable
 *  /proc/iomem   00001000-0009fbff : System RAM
 *
 * A text that has "BIOS-e820:" anywhere is a log: the other lines are
 * something else's and do not count. Without it every line must be a range. In
 * /proc/iomem the outermost lines are the map; what is indented uses part of
 * it, and devices between are no memory.
 *
 * Failure: each line that does not parse is told to the caller with its
 * number and the reason; the others are used. Text is never read past its
 * length, and needs no NUL.
 */
#include <asm/e820/api.h>

#include <linux/kernel.h>
#include <linux/string.h>

/* What is left of a text or of a line: [p, end). */
struct cursor {
	const char *p, *end;
};

struct map_parser {
	struct e820_table *table;
	e820_report_fn report;
	void *ctx;		/* report's */
	struct cursor line;	/* the whole current one */
	unsigned int number;	/* of it, from 1 */
	unsigned int nr_bad;
};

static const char map_label[] = "BIOS-e820:";

static bool cursor_literal(struct cursor *c, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, text, n))
		return false;
	c->p += n;
	return true;
}

static void cursor_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

static void cursor_trim(struct cursor *c)
{
	while (c->p < c->end && (c->end[-1] == ' ' || c->end[-1] == '\t' ||
				 c->end[-1] == '\r'))
		c->end--;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 'a' ^ 'A';
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Hex digits with or without 0x, at most 64 bits. */
static bool cursor_hex(struct cursor *c, u64 *value)
{
	const char *first;

	if (!cursor_literal(c, "0x"))
		cursor_literal(c, "0X");
	*value = 0;
	for (first = c->p; c->p < c->end && hex_digit(*c->p) >= 0; c->p++) {
		if (*value >> 60)
			return false;
		*value = *value << 4 | (u64)hex_digit(*c->p);
	}
	return c->p > first;
}

/* Moves to the next line of @text; false at its end. */
static bool map_next_line(struct map_parser *mp, struct cursor *text)
{
	if (text->p == text->end)
		return false;
	mp->line.p = text->p;
	while (text->p < text->end && *text->p != '\n')
		text->p++;
	mp->line.end = text->p;
	if (text->p < text->end)
		text->p++;
	cursor_trim(&mp->line);
	mp->number++;
	return true;
}

static void map_bad(struct map_parser *mp, const char *reason)
{
	mp->nr_bad++;
	if (mp->report)
		mp->report(mp->ctx, mp->number, mp->line.p,
			   (size_t)(mp->line.end - mp->line.p), reason);
}

static void map_add(struct map_parser *mp, u64 start, u64 last,
		    enum e820_type type)
{
	if (last < start)
		map_bad(mp, "range ends before it starts");
	else if (start == 0 && last == U64_MAX)
		map_bad(mp, "range is the whole address space");
	else if (e820_table_add(mp->table, start, last - start + 1, type))
		map_bad(mp, "table is full");
}

/* "[mem A-B]", "A-B" or the old "A - B", whose end is exclusive. */
static const char *map_range(struct cursor *c, u64 *start, u64 *last)
{
	bool bracket = cursor_literal(c, "[mem ");
	bool exclusive = false;

	if (!cursor_hex(c, start))
		return "no start address";
	if (cursor_literal(c, " - "))
		exclusive = true;
	else if (!cursor_literal(c, "-"))
		return "no - after the start address";
	if (!cursor_hex(c, last))
		return "no end address";
	if (bracket && !cursor_literal(c, "]"))
		return "no ] after the end address";
	if (exclusive && *last <= *start)
		return "range ends before it starts";
	*last -= exclusive;
	return NULL;
}

/* A range and its type, "usable" or "(usable)". */
static void map_entry(struct map_parser *mp, struct cursor c)
{
	enum e820_type type;
	const char *reason;
	u64 start, last;

	cursor_blanks(&c);
	reason = map_range(&c, &start, &last);
	if (reason) {
		map_bad(mp, reason);
		return;
	}
	cursor_blanks(&c);
	if (c.end - c.p > 2 && c.p[0] == '(' && c.end[-1] == ')') {
		c.p++;
		c.end--;
	}
	type = e820_type_of_name(c.p, (size_t)(c.end - c.p));
	if (!type)
		map_bad(mp, c.p == c.end ? "no type" : "unknown type");
	else
		map_add(mp, start, last, type);
}

/* Moves @c behind the label when the line has it. */
static bool map_find_label(struct cursor *c)
{
	for (; c->end - c->p >= (long)sizeof(map_label) - 1; c->p++)
		if (cursor_literal(c, map_label))
			return true;
	return false;
}

unsigned int e820_read_dmesg(struct e820_table *t, const char *text, size_t len,
			     e820_report_fn report, void *ctx)
{
	struct map_parser mp = { .table = t, .report = report, .ctx = ctx };
	struct cursor all = { text, text + len }, c = all;
	bool is_log = map_find_label(&c);

	while (map_next_line(&mp, &all)) {
		c = mp.line;
		if (is_log) {
			if (map_find_label(&c))
				map_entry(&mp, c);
			continue;
		}
		cursor_blanks(&c);
		if (c.p < c.end && *c.p != '#')
			map_entry(&mp, c);
	}
	return mp.nr_bad;
}

unsigned int e820_parse_dmesg(struct e820_table *t, const char *text,
			      size_t len, e820_report_fn report, void *ctx)
{
	unsigned int nr_bad = e820_read_dmesg(t, text, len, report, ctx);

	e820_table_sanitize(t);
	return nr_bad;
}

/* Device ranges are 0; they are no memory. */
static enum e820_type iomem_type(const struct cursor *c)
{
	static const struct {
		const char *name;
		enum e820_type type;
	} names[] = {
		{ "System RAM", E820_TYPE_RAM },
		{ "Reserved", E820_TYPE_RESERVED },
		{ "reserved", E820_TYPE_RESERVED },
		{ "ACPI Tables", E820_TYPE_ACPI },
		{ "ACPI Non-volatile Storage", E820_TYPE_NVS },
		{ "Unusable memory", E820_TYPE_UNUSABLE },
		{ "Persistent Memory", E820_TYPE_PMEM },
		{ "Persistent Memory (legacy)", E820_TYPE_PRAM },
		{ "Soft Reserved", E820_TYPE_SOFT_RESERVED },
	};
	size_t i, n = (size_t)(c->end - c->p);

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i].name) == n && !memcmp(names[i].name, c->p, n))
			return names[i].type;
	return 0;
}

static void iomem_entry(struct map_parser *mp)
{
	struct cursor c = mp->line;
	enum e820_type type;
	const char *reason;
	u64 start, last;

	reason = map_range(&c, &start, &last);
	if (!reason && !cursor_literal(&c, " : "))
		reason = "no \" : \" after the range";
	if (reason) {
		map_bad(mp, reason);
		return;
	}
	type = iomem_type(&c);
	if (!type)
		return;
	if (!start && !last)
		map_bad(mp, "addresses are hidden: read the file as root");
	else
		map_add(mp, start, last, type);
}

/* One line; *@memory: what the outermost line above is of. */
static void iomem_device(struct cursor c, bool *memory, iomem_device_fn fn,
			 void *ctx)
{
	bool outermost = c.p < c.end && *c.p != ' ' && *c.p != '\t';
	bool sound;
	u64 start, last;

	cursor_blanks(&c);
	sound = !map_range(&c, &start, &last) && cursor_literal(&c, " : ");
	if (outermost)
		*memory = !sound || iomem_type(&c);
	if (sound && !*memory && start <= last && last)
		fn(ctx, start, last, c.p, (size_t)(c.end - c.p));
}

void iomem_devices(const char *text, size_t len, iomem_device_fn fn, void *ctx)
{
	struct cursor all = { text, text + len };
	struct map_parser mp = { .table = NULL };
	bool memory = true;

	while (map_next_line(&mp, &all))
		iomem_device(mp.line, &memory, fn, ctx);
}

unsigned int iomem_read(struct e820_table *t, const char *text, size_t len,
			e820_report_fn report, void *ctx)
{
	struct map_parser mp = { .table = t, .report = report, .ctx = ctx };
	struct cursor all = { text, text + len };

	while (map_next_line(&mp, &all)) {
		if (mp.line.p == mp.line.end || *mp.line.p == ' ' ||
		    *mp.line.p == '\t' || *mp.line.p == '#')
			continue;
		iomem_entry(&mp);
	}
	return mp.nr_bad;
}

unsigned int iomem_parse(struct e820_table *t, const char *text, size_t len,
			 e820_report_fn report, void *ctx)
{
	unsigned int nr_bad = iomem_read(t, text, len, report, ctx);

	e820_table_sanitize(t);
	return nr_bad;
}
