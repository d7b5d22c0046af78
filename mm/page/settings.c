// SPDX-License-Identifier: MIT
/*
 * The settings under /proc/sys/vm that are the page allocator's. Names,
 * formats and ranges are Linux 6.12's.
 *
 *   min_free_kbytes          what the low zones keep between them, in KiB,
 *                            from 0; what a user sets is not raised later
 *   watermark_scale_factor   distance of the marks, in 1/10000 of a zone, from
 *                            1 to 3000
 *   watermark_boost_factor   how far marks rise when types mix, in 1/10000 of
 *                            the high mark, from 0
 *   lowmem_reserve_ratio     a number for each kind of zone: it keeps one page
 *                            in so many of the zones above it, 0: none. Fewer
 *                            numbers change the first ones
 *   percpu_pagelist_high_fraction  each CPU keeps at most one page in so many
 *                            of a zone, from 8; 0: by the low mark
 *   dirty_ratio, dirty_background_ratio    in percent of dirtyable memory
 *   dirty_bytes, dirty_background_bytes    the same in bytes, from two pages
 *                            and from one byte; setting one of a pair sets the
 *                            other to 0
 *   highmem_is_dirtyable     whether high memory counts for these; on ports
 *                            that have such memory
 *   numa_zonelist_order      "Node", which is all that can be set
 *   numa_stat                1: NUMA events are counted, anew from when it is
 *                            set; 0: they are not, and read as 0
 *   zone_reclaim_mode, min_unmapped_ratio, min_slab_ratio    node_reclaim.c;
 *                            the ratios in percent of a node
 *   overcommit_memory, overcommit_ratio, overcommit_kbytes,
 *   admin_reserve_kbytes, user_reserve_kbytes    commit.c
 *   compact_memory           1 is written to compact all nodes; not read
 *   compaction_proactiveness    from 0 to 100: how much is compacted before
 *                            anybody asks, for the stage that does so
 *   drop_caches              2 or 3 is written to have caches of objects
 *                            freed; 1: nothing, as no pages of files are here;
 *                            4: the same, and without a line in the log; not
 *                            read
 *   extfrag_threshold        from 0 to 1000: a large block is compacted for
 *                            only where fragmentation_index() is above
 *
 * A value takes effect at once: what follows from it is worked out before the
 * call returns.
 *
 * Locks: page_alloc.settings_lock around changes and what follows from them.
 * Values are read without it.
 *
 * Differs from Linux: numbers too many and text behind a number are refused,
 * where Linux takes what it has understood so far; a refusal gives its reason.
 */
#include "internal.h"
#include "pcp.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <octavo/vm_settings.h>

/* One number from @min to @max, at @offset of struct page_alloc_state. */
struct number_setting {
	const char *name;
	size_t offset;
	size_t bytes;		/* of its type: int or long; 0: it is not kept,
				 * but something is done when it is written */
	long min, max;
	/* What follows from a new value; NULL: nothing. Settings lock held. */
	void (*apply)(struct page_alloc_state *pa);
	/* The same without the lock, in task context; @was: the former value,
	 * or 0. For what waits for other CPUs, or sleeps. */
	void (*settle)(long was, long now);
};

static void apply_min_free(struct page_alloc_state *pa)
{
	pa->user_min_free_kbytes = pa->min_free_kbytes;
	zones_update_wmarks();
}

static void apply_scale(struct page_alloc_state *pa)
{
	zones_update_wmarks();
}

static void apply_high_fraction(struct page_alloc_state *pa)
{
	zones_update_pagesets();
}

static void settle_high_fraction(long was, long now)
{
	pcp_reshape();
}

static void apply_reclaim_limits(struct page_alloc_state *pa)
{
	nodes_update_reclaim_limits();
}

static void settle_numa_stat(long was, long now)
{
	if (now && !was)
		pcp_numa_stat_restart();
}

static void apply_overcommit_ratio(struct page_alloc_state *pa)
{
	pa->overcommit_kbytes = 0;
}

static void apply_overcommit_kbytes(struct page_alloc_state *pa)
{
	pa->overcommit_ratio = 0;
}

static void settle_compact_memory(long was, long now)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	struct pglist_data *pgdat;

	if (!up || !up->compact_node)
		return;
	for_each_online_pgdat(pgdat)
		up->compact_node(pgdat);
}

/* As vm.drop_caches says it. */
#define DROP_SLAB_CACHES	2
#define DROP_QUIETLY		4

static void settle_drop_caches(long was, long now)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	if (now & DROP_SLAB_CACHES) {
		if (up && up->drop_slab)
			up->drop_slab();
		count_vm_event(DROP_SLAB);
	}
	if (!(now & DROP_QUIETLY))
		pr_info("%s (%d): drop_caches: %ld\n", current->comm,
			current->pid, now);
}

static void apply_dirty_ratio(struct page_alloc_state *pa)
{
	pa->dirty_bytes = 0;
}

static void apply_dirty_bytes(struct page_alloc_state *pa)
{
	pa->dirty_ratio = 0;
}

static void apply_background_ratio(struct page_alloc_state *pa)
{
	pa->dirty_background_bytes = 0;
}

static void apply_background_bytes(struct page_alloc_state *pa)
{
	pa->dirty_background_ratio = 0;
}

#define NUMBER_SETTLE(field, min, max, apply, settle)			\
	{ #field, offsetof(struct page_alloc_state, field),		\
	  sizeof(((struct page_alloc_state *)0)->field), min, max,	\
	  apply, settle }
#define NUMBER(field, min, max, apply)					\
	NUMBER_SETTLE(field, min, max, apply, NULL)
#define ACTION(name, min, max, settle)					\
	{ #name, 0, 0, min, max, NULL, settle }

static const struct number_setting numbers[] = {
	NUMBER(admin_reserve_kbytes, 0, LONG_MAX, NULL),
	ACTION(compact_memory, 1, 1, settle_compact_memory),
	NUMBER(compaction_proactiveness, 0, 100, NULL),
	NUMBER(dirty_background_bytes, 1, LONG_MAX, apply_background_bytes),
	NUMBER(dirty_background_ratio, 0, 100, apply_background_ratio),
	NUMBER(dirty_bytes, 2 * PAGE_SIZE, LONG_MAX, apply_dirty_bytes),
	NUMBER(dirty_ratio, 0, 100, apply_dirty_ratio),
	ACTION(drop_caches, 1, 4, settle_drop_caches),
	NUMBER(extfrag_threshold, 0, 1000, NULL),
	NUMBER(highmem_is_dirtyable, 0, 1, NULL),
	NUMBER(min_free_kbytes, 0, INT_MAX, apply_min_free),
	NUMBER(min_slab_ratio, 0, 100, apply_reclaim_limits),
	NUMBER(min_unmapped_ratio, 0, 100, apply_reclaim_limits),
	NUMBER_SETTLE(numa_stat, 0, 1, NULL, settle_numa_stat),
	NUMBER(overcommit_kbytes, 0, LONG_MAX, apply_overcommit_kbytes),
	NUMBER(overcommit_memory, 0, 2, NULL),
	NUMBER(overcommit_ratio, 0, INT_MAX, apply_overcommit_ratio),
	NUMBER_SETTLE(percpu_pagelist_high_fraction, 0, INT_MAX,
		      apply_high_fraction, settle_high_fraction),
	NUMBER(user_reserve_kbytes, 0, LONG_MAX, NULL),
	NUMBER(watermark_boost_factor, 0, INT_MAX, NULL),
	NUMBER(watermark_scale_factor, 1, 3000, apply_scale),
	NUMBER(zone_reclaim_mode, 0, INT_MAX, NULL),
};

#define HIGHMEM_SETTING	"highmem_is_dirtyable"

const char *vm_setting_name(unsigned int i)
{
	/* In the order of names; what not every port has comes last. */
	static const char *const names[] = {
		"admin_reserve_kbytes", "compact_memory",
		"compaction_proactiveness", "dirty_background_bytes",
		"dirty_background_ratio", "dirty_bytes", "dirty_ratio",
		"drop_caches", "extfrag_threshold", "lowmem_reserve_ratio", "min_free_kbytes",
		"min_slab_ratio", "min_unmapped_ratio", "numa_stat",
		"numa_zonelist_order", "overcommit_kbytes",
		"overcommit_memory", "overcommit_ratio",
		"percpu_pagelist_high_fraction", "user_reserve_kbytes",
		"watermark_boost_factor", "watermark_scale_factor",
		"zone_reclaim_mode", HIGHMEM_SETTING,
	};

	if (i < ARRAY_SIZE(names) - 1 || zone_type_known(ZONE_HIGHMEM))
		return i < ARRAY_SIZE(names) ? names[i] : NULL;
	return NULL;
}

static const struct number_setting *number_find(const char *name)
{
	const struct number_setting *s;

	if (!zone_type_known(ZONE_HIGHMEM) && !strcmp(name, HIGHMEM_SETTING))
		return NULL;
	for (s = numbers; s < numbers + ARRAY_SIZE(numbers); s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

static long number_read(const struct number_setting *s)
{
	const char *at = (const char *)page_alloc_state() + s->offset;

	return s->bytes == sizeof(int) ? READ_ONCE(*(const int *)at) :
					 READ_ONCE(*(const long *)at);
}

static void number_write(const struct number_setting *s, long value)
{
	char *at = (char *)page_alloc_state() + s->offset;

	if (s->bytes == sizeof(int))
		WRITE_ONCE(*(int *)at, (int)value);
	else
		WRITE_ONCE(*(long *)at, value);
}

/* ---- reading ----------------------------------------------------------- */

/* Kinds of zone that this port's machines have no zones of are left out. */
static void ratios_show(struct seq_file *m)
{
	const struct page_alloc_state *pa = page_alloc_state();
	const char *gap = "";
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		if (!zone_type_known(i))
			continue;
		seq_printf(m, "%s%d", gap,
			   READ_ONCE(pa->lowmem_reserve_ratio[i]));
		gap = "\t";
	}
	seq_putc(m, '\n');
}

int vm_setting_show(const char *name, struct seq_file *m)
{
	const struct number_setting *s = number_find(name);

	if (s && !s->bytes)
		return -EACCES;
	if (s)
		seq_printf(m, "%ld\n", number_read(s));
	else if (!strcmp(name, "lowmem_reserve_ratio"))
		ratios_show(m);
	else if (!strcmp(name, "numa_zonelist_order"))
		seq_puts(m, "Node\n");
	else
		return -ENOENT;
	return 0;
}

/* ---- writing ----------------------------------------------------------- */

/* Where the reason for a refusal goes. */
struct refusal {
	const char *name;	/* of the setting */
	char *why;
	size_t size;		/* of why, bytes */
};

static int __printf(2, 3) refuse(const struct refusal *r, const char *fmt, ...)
{
	va_list args;
	int n;

	n = scnprintf(r->why, r->size, "vm.%s: ", r->name);
	va_start(args, fmt);
	vscnprintf(r->why + n, r->size - (size_t)n, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* How many characters of @s are its first word. */
static int word_length(const char *s)
{
	int n = 0;

	while (s[n] && !isspace(s[n]))
		n++;
	return n;
}

/* The number that the word at *@s is; moves *@s past it. */
static int number_parse(const char **s, long *value, const struct refusal *r)
{
	int n = word_length(*s);
	bool negative = **s == '-';
	const char *digits = *s + negative;
	unsigned long long magnitude;
	char *end;

	if (!n)
		return refuse(r, "no number");
	if (!isdigit(*digits))
		return refuse(r, "'%.*s' is no number", min(n, 40), *s);
	magnitude = simple_strtoull(digits, &end, 0);
	if (end != *s + n)
		return refuse(r, "'%.*s' is no number", min(n, 40), *s);
	if (magnitude > LONG_MAX)
		return refuse(r, "%.*s is too large", min(n, 40), *s);
	*value = negative ? -(long)magnitude : (long)magnitude;
	*s = skip_spaces(end);
	return 0;
}

static int number_check(const struct number_setting *s, long value,
			const struct refusal *r)
{
	if (s->apply == apply_high_fraction && value > 0 &&
	    value < PAGELIST_HIGH_FRACTION)
		return refuse(r, "%ld is neither 0 nor at least %d", value,
			      PAGELIST_HIGH_FRACTION);
	if (value >= s->min && value <= s->max)
		return 0;
	if (s->min == s->max)
		return refuse(r, "%ld is not %ld", value, s->min);
	return refuse(r, "%ld is not from %ld to %ld", value, s->min, s->max);
}

static int number_store(const struct number_setting *s, const char *text,
			const struct refusal *r)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long flags;
	long value = 0, was = 0;
	int err;

	err = number_parse(&text, &value, r);
	if (err)
		return err;
	if (*text)
		return refuse(r, "one number, not '%.40s' besides", text);
	err = number_check(s, value, r);
	if (err)
		return err;
	spin_lock_irqsave(&pa->settings_lock, flags);
	if (s->bytes) {
		was = number_read(s);
		number_write(s, value);
	}
	if (s->apply)
		s->apply(pa);
	spin_unlock_irqrestore(&pa->settings_lock, flags);
	if (s->settle)
		s->settle(was, value);
	return 0;
}

static int ratios_store(const char *text, const struct refusal *r)
{
	struct page_alloc_state *pa = page_alloc_state();
	int ratios[MAX_NR_ZONES];
	unsigned long flags;
	int i, err;

	memcpy(ratios, pa->lowmem_reserve_ratio, sizeof(ratios));
	for (i = 0; i < MAX_NR_ZONES && (*text || !i); i++) {
		long value = 0;

		if (!zone_type_known(i))
			continue;
		err = number_parse(&text, &value, r);
		if (err)
			return err;
		if (value > INT_MAX)
			return refuse(r, "%ld is too large", value);
		ratios[i] = (int)max(value, 0L);
	}
	if (*text)
		return refuse(r, "more numbers than kinds of zone: '%.40s'",
			      text);
	spin_lock_irqsave(&pa->settings_lock, flags);
	memcpy(pa->lowmem_reserve_ratio, ratios, sizeof(ratios));
	zones_update_reserves();
	spin_unlock_irqrestore(&pa->settings_lock, flags);
	return 0;
}

/* Orders other than by node are gone, so that only its names are taken. */
static int zonelist_order_store(const char *text, const struct refusal *r)
{
	if (strchr("dDnN", *text) && *text)
		return 0;
	return refuse(r, "'%.40s' is not supported, only Node is", text);
}

int vm_setting_store(const char *name, const char *text, char *why,
		     size_t size)
{
	const struct number_setting *s = number_find(name);
	const struct refusal r = { .name = name, .why = why, .size = size };

	text = skip_spaces(text);
	if (s)
		return number_store(s, text, &r);
	if (!strcmp(name, "lowmem_reserve_ratio"))
		return ratios_store(text, &r);
	if (!strcmp(name, "numa_zonelist_order"))
		return zonelist_order_store(text, &r);
	refuse(&r, "no such setting");
	return -ENOENT;
}
