// SPDX-License-Identifier: MIT
/* What the options of page debugging find, and what they say of bad values. */
#include "death.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/port.h>

/* Writes @n bytes of @value behind the back of who guards free pages. */
static void scribble(struct page *page, unsigned int offset, int value,
		     size_t n)
{
	u8 *p = page_address(page);

	port_unpoison(p, PAGE_SIZE);
	memset(p + offset, value, n);
}

/* Frees a page, writes to it, and takes pages until it comes back. */
static noinline void written_while_free(unsigned int offset, int value,
				       size_t n)
{
	struct page *page = alloc_page(GFP_DMA), *again;

	__free_page(page);
	scribble(page, offset, value, n);
	do {
		again = alloc_page(GFP_DMA);
	} while (again != page);
}

static void poison_overwritten(void)
{
	written_while_free(0x18, 'X', 3);
}
DEATH_TEST_WITH(poison_overwritten, SURVIVES, "page_poison=1",
		"pagealloc: memory corruption",
		"pagealloc: pfn 0x*, offset 0x18 to 0x1a: 3 bytes are not 0xaa",
		"????????????????: 58 58 58 * XXX",
		"page dumped because: pagealloc: corrupted page details",
		"page_owner is off: *");

static void poison_bit_flipped(void)
{
	written_while_free(PAGE_SIZE - 1, 0xab, 1);
}
DEATH_TEST_WITH(poison_bit_flipped, SURVIVES, "page_poison=1",
		"pagealloc: single bit error",
		"pagealloc: pfn 0x*, offset 0xfff to 0xfff: 1 byte is not 0xaa");

static void poison_byte_overwritten(void)
{
	written_while_free(0, 0, 1);
}
DEATH_TEST_WITH(poison_byte_overwritten, SURVIVES, "page_poison=on",
		"pagealloc: memory corruption",
		"pagealloc: pfn 0x*, offset 0x0 to 0x0: 1 byte is not 0xaa");

static void poison_page_overwritten(void)
{
	written_while_free(0, 0, PAGE_SIZE);
}
DEATH_TEST_WITH(poison_page_overwritten, SURVIVES,
		"page_poison=1 page_owner=on",
		"pagealloc: pfn 0x*, offset 0x0 to 0xfff: 4096 bytes are not 0xaa",
		"... and 3840 more bytes",
		"page_owner tracks the page as freed",
		" written_while_free+0x*/0x*");

/* Also what was free from the start on, and never allocated. */
static void poison_from_the_start(void)
{
	struct page *page = alloc_page(GFP_DMA), *other = page + 1;

	BUG_ON(page_ref_count(other));
	scribble(other, 0, 0, 8);
	while (alloc_page(GFP_DMA) != other)
		;
}
DEATH_TEST_WITH(poison_from_the_start, SURVIVES, "page_poison=1",
		"pagealloc: pfn 0x*, offset 0x0 to 0x7: 8 bytes are not 0xaa");

static void free_list_broken(void)
{
	struct zone *zone = page_zone(alloc_page(GFP_KERNEL));
	int i;

	zone->free_area[0].nr_free++;
	for (i = 0; i < 3000; i++)
		__free_page(alloc_page(GFP_KERNEL));
}
DEATH_TEST_WITH(free_list_broken, DIES, "debug=check",
		"kernel BUG at *page_debug.c:*! !buddy_zone_check(zone)");

static void fault_reported(void)
{
	fail_page_write("min-order", 0);
	fail_page_write("ignore-gfp-wait", 0);
	BUG_ON(alloc_page(GFP_KERNEL));
	BUG_ON(!alloc_page(GFP_KERNEL));
}
DEATH_TEST_WITH(fault_reported, SURVIVES, "fail_page_alloc=1,100,0,1",
		"FAULT_INJECTION: forcing a failure.",
		"name fail_page_alloc, interval 1, probability 100, space 0, times 0",
		"Call Trace:", " fault_reported+0x*/0x*");

static void nothing(void)
{
}

#define BAD_VALUE(id, option, line)					\
	DEATH_CASE(id, nothing, SURVIVES, option, line)
BAD_VALUE(bad_owner, "page_owner=maybe",
	  "page_owner=maybe is neither on nor off: ignored");
BAD_VALUE(bad_owner_empty, "page_owner",
	  "page_owner is neither on nor off: ignored");
BAD_VALUE(bad_poison, "page_poison=2",
	  "page_poison=2 is neither on nor off: ignored");
BAD_VALUE(bad_init_on_alloc, "init_on_alloc=onward",
	  "init_on_alloc=onward is neither on nor off: ignored");
BAD_VALUE(bad_init_on_free, "init_on_free=",
	  "init_on_free= is neither on nor off: ignored");
BAD_VALUE(bad_debug, "debug=chek", "debug=chek takes no value: ignored");
#define FORMAT "is not <interval>,<probability>,<space>,<times>: ignored"
BAD_VALUE(bad_fail_empty, "fail_page_alloc", "fail_page_alloc " FORMAT);
BAD_VALUE(bad_fail_three, "fail_page_alloc=1,2,3",
	  "fail_page_alloc=1,2,3 " FORMAT);
BAD_VALUE(bad_fail_five, "fail_page_alloc=1,2,3,4,5",
	  "fail_page_alloc=1,2,3,4,5 " FORMAT);
BAD_VALUE(bad_fail_word, "fail_page_alloc=1,two,3,4",
	  "fail_page_alloc=1,two,3,4 " FORMAT);
BAD_VALUE(bad_fail_long,
	  "fail_page_alloc=1,2,3,00000000000000000000000000000000000000000004",
	  "fail_page_alloc=1,2,3,0*4 " FORMAT);
BAD_VALUE(bad_fail_interval, "fail_page_alloc=-1,2,3,4",
	  "fail_page_alloc=-1,2,3,4 has an interval below 0: ignored");
BAD_VALUE(bad_fail_probability, "fail_page_alloc=1,101,3,4",
	  "fail_page_alloc=1,101,3,4 has a probability that is not 0 to 100: ignored");
BAD_VALUE(bad_fail_space, "fail_page_alloc=1,2,-3,4",
	  "fail_page_alloc=1,2,-3,4 has a space below 0: ignored");
BAD_VALUE(bad_fail_times, "fail_page_alloc=1,2,3,-2",
	  "fail_page_alloc=1,2,3,-2 has times below -1: ignored");
