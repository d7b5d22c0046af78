// SPDX-License-Identifier: MIT
/*
 * The command line's word on the memory map, in the order in which it stands
 * there:
 *
 *	mem=nn[KMG]			RAM ends there
 *	memmap=exactmap			forget the firmware's map
 *	memmap=nn[KMG]			the same as mem=
 *	memmap=nn[KMG]@ss[KMG]		add RAM
 *	memmap=nn[KMG]#ss[KMG]		... ACPI tables
 *	memmap=nn[KMG]$ss[KMG]		... reserved
 *	memmap=nn[KMG]!ss[KMG]		... persistent memory
 *	memmap=nn[KMG]%ss[KMG]-old+new	turn type old into new; without old,
 *					whatever it was; without new, remove
 *
 * memmap= takes several, separated by commas. The map is sanitized and
 * printed once all are read (e820__finish_early_params()).
 *
 * Failure: a piece that does not parse changes nothing; a line names it and
 * the reason, those after it count.
 */
#include <asm/e820/api.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <octavo/this_machine.h>

/* One piece of memmap=, taken apart. */
struct memmap_piece {
	u64 size;		/* bytes */
	u64 start;		/* bytes */
	char kind;		/* '@', '#', '$', '!', '%', or '\0': limit */
	enum e820_type old;	/* %: 0 for any */
	enum e820_type new;	/* %: 0 for none */
};

/*
 * A number with an optional suffix, which must be there; moves *@p. U64_MAX
 * stands for what does not fit.
 */
static bool memmap_number(const char **p, u64 *value)
{
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	*value = memparse(*p, &end);
	*p = end;
	return true;
}

static bool memmap_type(const char **p, enum e820_type *type)
{
	u64 value;
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	value = simple_strtoull(*p, &end, 0);
	*p = end;
	*type = (enum e820_type)value;
	return value && value <= U32_MAX;
}

/* NULL, or why @s is no piece. */
static const char *memmap_parse(const char *s, struct memmap_piece *m)
{
	memset(m, 0, sizeof(*m));
	if (!memmap_number(&s, &m->size))
		return "does not start with a size";
	if (!m->size)
		return "has size 0";
	if (m->size == U64_MAX)
		return "has a size of more than 64 bits";
	if (!*s)
		return NULL;
	if (!strchr("@#$!%", *s))
		return "has something else than one of @ # $ ! % after the size";
	m->kind = *s++;
	if (!memmap_number(&s, &m->start))
		return "has no start address";
	if (m->start == U64_MAX)
		return "has a start address of more than 64 bits";
	if (m->size - 1 > U64_MAX - m->start)
		return "passes the end of the address space";
	if (m->kind == '%' && *s == '-' && (s++, !memmap_type(&s, &m->old)))
		return "has no memory type after -";
	if (m->kind == '%' && *s == '+' && (s++, !memmap_type(&s, &m->new)))
		return "has no memory type after +";
	return *s ? "has more text after its end" : NULL;
}

static int memmap_add(u64 start, u64 size, enum e820_type type)
{
	struct e820_table *t = &this_fw()->e820;

	/* What the user says holds, whatever type was there. */
	e820_table_remove(t, start, size, 0, false);
	e820__range_add(start, size, type);
	return 0;
}

static void memmap_limit(u64 size)
{
	this_fw()->e820_options.mem_limit = size;
	e820__range_remove(size, U64_MAX - size, E820_TYPE_RAM, true);
}

static void memmap_convert(const struct memmap_piece *m)
{
	if (m->old == m->new && m->old)
		return;
	if (m->old && m->new)
		e820__range_update(m->start, m->size, m->old, m->new);
	else if (m->new)
		memmap_add(m->start, m->size, m->new);
	else
		e820__range_remove(m->start, m->size, m->old, m->old != 0);
}

static void memmap_apply(const struct memmap_piece *m)
{
	switch (m->kind) {
	case '@':
		e820__range_add(m->start, m->size, E820_TYPE_RAM);
		break;
	case '#':
		e820__range_add(m->start, m->size, E820_TYPE_ACPI);
		break;
	case '$':
		e820__range_add(m->start, m->size, E820_TYPE_RESERVED);
		break;
	case '!':
		e820__range_add(m->start, m->size, E820_TYPE_PRAM);
		break;
	case '%':
		memmap_convert(m);
		break;
	default:
		memmap_limit(m->size);
	}
	e820_table_sanitize(&this_fw()->e820);
}

static int parse_memmap_one(const char *s)
{
	struct memmap_piece m;
	const char *reason;

	if (!strcmp(s, "exactmap")) {
		this_fw()->e820.nr_entries = 0;
		this_fw()->e820_options.userdef = true;
		return 0;
	}
	reason = memmap_parse(s, &m);
	if (reason)
		return option_malformed("memmap", s, reason);
	memmap_apply(&m);
	this_fw()->e820_options.userdef = true;
	return 0;
}

int e820__parse_memmap_opt(char *val)
{
	char piece[64];
	size_t n;
	int err = 0;

	if (!val || !*val)
		return option_malformed("memmap", val, "has no value");
	for (; *val; val += n + (val[n] == ',')) {
		n = strcspn(val, ",");
		if (n >= sizeof(piece)) {
			pr_warn("memmap= has a piece of %zu characters: ignored\n",
				n);
			err = -EBADMSG;
			continue;
		}
		memcpy(piece, val, n);
		piece[n] = '\0';
		err = parse_memmap_one(piece) ?: err;
	}
	return err;
}

int e820__parse_mem_opt(char *val)
{
	const char *p = val;
	u64 size;

	if (val && !strcmp(val, "nopentium")) {
		pr_warn("mem=nopentium ignored! (only supported on x86_32)\n");
		return -EBADMSG;
	}
	if (!val || !memmap_number(&p, &size) || *p || !size)
		return option_malformed("mem", val, "is no size");
	if (size == U64_MAX)
		return option_malformed("mem", val, "has more than 64 bits");
	memmap_limit(size);
	e820_table_sanitize(&this_fw()->e820);
	this_fw()->e820_options.userdef = true;
	return 0;
}

early_param("memmap", e820__parse_memmap_opt);
early_param("mem", e820__parse_mem_opt);
