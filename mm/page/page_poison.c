// SPDX-License-Identifier: MIT
/*
 * A pattern in every page while it is free, looked at when the page is handed
 * out: who wrote to it in between had no right to.
 *
 *   pagealloc: memory corruption
 *   pagealloc: pfn 0x1234, offset 0x10 to 0x13: 4 bytes are not 0xaa
 *   ffff888001234010: de ad be ef                                      ....
 *   (the stack that asked for the page, and the page's state)
 *
 * A single bit that differs is named so, since memory that fails does that
 * and software rarely. From the first byte that differs to the last at most
 * DUMP_MAX are shown. The page is good otherwise and is handed out.
 *
 * Locks: none; nobody else has the page.
 */
#include "page_debug.h"

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/string.h>

#define ROW		16u	/* bytes a line */
#define DUMP_MAX	256u	/* bytes shown: 16 lines */

void page_poison_fill(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		memset_page(page + i, 0, PAGE_POISON, PAGE_SIZE);
}

/* The last byte of the page that differs; there is one. */
static u8 *last_wrong(u8 *start)
{
	u8 *p = start + PAGE_SIZE - 1;

	while (*p == PAGE_POISON)
		p--;
	return p;
}

static void row_dump(const u8 *p, unsigned int n)
{
	char hex[3 * ROW + 1], text[ROW + 1];
	unsigned int i;

	for (i = 0; i < n; i++) {
		scnprintf(hex + 3 * i, 4, "%02x ", p[i]);
		text[i] = isprint(p[i]) ? (char)p[i] : '.';
	}
	text[n] = '\0';
	pr_err("%px: %-48s %s\n", p, hex, text);
}

static void bytes_dump(const u8 *first, const u8 *last)
{
	const u8 *end = min(last + 1, first + DUMP_MAX), *p;

	for (p = first; p < end; p += ROW)
		row_dump(p, min((unsigned int)(end - p), ROW));
	if (end <= last)
		pr_err("... and %u more bytes\n",
		       (unsigned int)(last + 1 - end));
}

static bool single_bit(const u8 *first, const u8 *last)
{
	u8 wrong = *first ^ PAGE_POISON;

	return first == last && !(wrong & (wrong - 1));
}

static void poison_report(struct page *page, u8 *start, u8 *first, u8 *last)
{
	atomic_long_inc(&page_alloc_state()->nr_poison_bad);
	if (!page_report_allowed("pagealloc"))
		return;
	pr_err("pagealloc: %s\n", single_bit(first, last) ?
	       "single bit error" : "memory corruption");
	pr_err("pagealloc: pfn %#lx, offset %#x to %#x: %u byte%s not 0x%02x\n",
	       page_to_pfn(page), (unsigned int)(first - start),
	       (unsigned int)(last - start), (unsigned int)(last - first + 1),
	       first == last ? " is" : "s are", PAGE_POISON);
	bytes_dump(first, last);
	dump_stack();
	dump_page(page, "pagealloc: corrupted page details");
	page_debug_report(page);
}

void page_poison_verify(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		u8 *start, *first;

		start = kmap_local_page(page + i);
		first = memchr_inv(start, PAGE_POISON, PAGE_SIZE);
		if (unlikely(first))
			poison_report(page + i, start, first,
				      last_wrong(start));
		kunmap_local(start);
	}
}
