// SPDX-License-Identifier: MIT
/*
 * What options have done to each page that is allocated or freed.
 *
 *   page_owner=on      who allocated it, who freed it last (page_owner.c)
 *   page_poison=1      a pattern while it is free (page_poison.c)
 *   init_on_alloc=1    zeroes when it is handed out
 *   init_on_free=1     zeroes when it is freed
 *   debug=check        every CHECK_EVERY frees the free lists of the zone are
 *                      walked as a whole; a fault stops the machine
 *
 * An option sets its bit of page_alloc.debug, and any bit PAGE_SLOW_DEBUG, so
 * that no page takes the fast path past these hooks. The bits are constant
 * after mem_init(): what is free then, and what becomes free, has gone through
 * __page_debug_start() or __page_debug_free().
 *
 * Poison needs the contents of free pages for itself, so it wins over
 * init_on_alloc and init_on_free, as in Linux.
 *
 * Locks: none but those of what is called.
 */
#include "page_debug.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* Walking a zone's lists takes longer than some hundred frees do. */
#define CHECK_EVERY	1024

static int __init debug_option(const char *name, const char *val,
			       unsigned int bit)
{
	static const char *const on[] = { "1", "on", "y", "yes" };
	static const char *const off[] = { "0", "off", "n", "no" };
	unsigned int *debug = &page_alloc_state()->debug;
	unsigned int i;

	for (i = 0; val && i < ARRAY_SIZE(on); i++) {
		if (!strcmp(val, on[i])) {
			*debug |= bit;
			return 0;
		}
		if (!strcmp(val, off[i])) {
			*debug &= ~bit;
			return 0;
		}
	}
	return option_malformed(name, val, "is neither on nor off");
}

static int __init option_page_owner(char *val)
{
	return debug_option("page_owner", val, PAGE_DEBUG_OWNER);
}
early_param("page_owner", option_page_owner);

static int __init option_page_poison(char *val)
{
	return debug_option("page_poison", val, PAGE_DEBUG_POISON);
}
early_param("page_poison", option_page_poison);

static int __init option_init_on_alloc(char *val)
{
	return debug_option("init_on_alloc", val, PAGE_DEBUG_INIT_ALLOC);
}
early_param("init_on_alloc", option_init_on_alloc);

static int __init option_init_on_free(char *val)
{
	return debug_option("init_on_free", val, PAGE_DEBUG_INIT_FREE);
}
early_param("init_on_free", option_init_on_free);

/* Without this value it is the log's. */
static int __init option_debug(char *val)
{
	if (val && !strcmp(val, "check"))
		page_alloc_state()->debug |= PAGE_DEBUG_CHECK;
	return 0;
}
early_param("debug", option_debug);

static void __init report_auto_init(unsigned int debug)
{
	const unsigned int init = PAGE_DEBUG_INIT_ALLOC | PAGE_DEBUG_INIT_FREE;

	if (!(debug & init))
		return;
	pr_info("mem auto-init: stack:off, heap alloc:%s, heap free:%s\n",
		debug & PAGE_DEBUG_INIT_ALLOC ? "on" : "off",
		debug & PAGE_DEBUG_INIT_FREE ? "on" : "off");
	if (debug & PAGE_DEBUG_INIT_FREE)
		pr_info("mem auto-init: clearing system memory may take some time...\n");
}

void __init page_debug_setup(void)
{
	const unsigned int init = PAGE_DEBUG_INIT_ALLOC | PAGE_DEBUG_INIT_FREE;
	unsigned int *debug = &page_alloc_state()->debug;

	if (*debug & PAGE_DEBUG_POISON && *debug & init) {
		pr_info("mem auto-init: page_poison is on, will take precedence over init_on_alloc and init_on_free\n");
		*debug &= ~init;
	}
	page_fail_setup();
	report_auto_init(*debug);
	if (*debug & PAGE_DEBUG_OWNER && !page_owner_setup())
		*debug &= ~PAGE_DEBUG_OWNER;
	page_slow_set(PAGE_SLOW_DEBUG, *debug);
}

static void pages_clear(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		clear_highpage(page + i);
}

/* Once in a while: walking a zone costs as much as a thousand frees. */
static void zone_check_sometimes(struct zone *zone)
{
	struct page_alloc_state *pa = page_alloc_state();

	if (atomic_long_inc_return(&pa->nr_checked) % CHECK_EVERY)
		return;
	BUG_ON(!buddy_zone_check(zone));
}

void __page_debug_alloc(struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned int debug = page_alloc_state()->debug;

	if (debug & PAGE_DEBUG_POISON)
		page_poison_verify(page, order);
	/* Who asks for zeroes gets them anyway. */
	if (debug & PAGE_DEBUG_INIT_ALLOC && !(gfp & __GFP_ZERO))
		pages_clear(page, order);
	if (debug & PAGE_DEBUG_OWNER)
		page_owner_alloc(page, order, gfp);
}

void __page_debug_free(struct page *page, unsigned int order)
{
	unsigned int debug = page_alloc_state()->debug;

	if (debug & PAGE_DEBUG_OWNER)
		page_owner_free(page, order);
	/* What was never prepared for anyone may not be touched yet. */
	pages_unpoison(page, order);
	if (debug & PAGE_DEBUG_INIT_FREE)
		pages_clear(page, order);
	if (debug & PAGE_DEBUG_POISON)
		page_poison_fill(page, order);
	if (debug & PAGE_DEBUG_CHECK)
		zone_check_sometimes(page_zone(page));
}

void __page_debug_split(struct page *page, unsigned int order)
{
	if (page_alloc_state()->debug & PAGE_DEBUG_OWNER)
		page_owner_split(page, order);
}

void __page_debug_start(struct page *page, unsigned int order)
{
	unsigned int debug = page_alloc_state()->debug;

	if (debug & PAGE_DEBUG_INIT_FREE)
		pages_clear(page, order);
	if (debug & PAGE_DEBUG_POISON)
		page_poison_fill(page, order);
}

void page_debug_report(const struct page *page)
{
	if (page_alloc_state()->debug & PAGE_DEBUG_OWNER)
		page_owner_dump(page);
	else
		pr_alert("page_owner is off: start with page_owner=on to see who allocated and who freed the page\n");
}
